"""A picture for people to look at: whole, small, or one region straightened. `annotate.media` reads its file.

Files are found only through the store, never through a name that a request brings. What is made from them lies in
`thumbs/` of the workspace and may be deleted at any time.
"""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image as PilImage
from PIL import ImageOps, UnidentifiedImageError

from annotate.errors import NotFound, ServiceError
from annotate.media import MAX_PIXELS, file_at, file_of, keep, read_image
from annotate.reasons import Reason
from annotate.records import Direction, Picture, Points
from annotate.store import images
from annotate.workflow.context import Context
from annotate.workspace import Workspace
from synthtext.errors import UserError
from synthtext.geometry import Image
from synthtext.labels.rectify import quad_crop, strip_crop

# Browsers keep a decoded picture in memory: 4 bytes a pixel.
MAX_VIEW_SIDE = 6000
# What is larger is decoded alone, and not kept.
_LARGE_PX = 50_000_000
THUMB_SIDES = (160, 320, 640)
_SHOWN_AS_THEY_ARE = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_SCALED_AS_THEY_ARE = ("RGB", "L", "CMYK")
_ORIENTATION = 0x0112
_KEPT = 4


@dataclass(frozen=True, slots=True)
class Media:
    """What can be sent as it is: a file, or what the disk had no room for."""

    content_type: str
    path: Path | None = None
    data: bytes = b""


def original(context: Context, image_id: str) -> tuple[Picture, Path]:
    """Return a picture and its file.

    Raises:
        NotFound: no such picture is in the pool, or its file is gone.
    """
    with context.db.reading() as session:
        picture = images.get(session, image_id)
    path = file_of(context.workspace, picture)
    if not path.is_file():
        raise NotFound(Reason("file.gone", name=picture.name))
    return picture, path


def is_gone(context: Context, image_id: str) -> bool:
    """Whether the file of a picture of the pool is no longer there.

    Raises:
        NotFound: no such picture is in the pool.
    """
    with context.db.reading() as session:
        path, copied = images.place(session, image_id)
    return not file_at(context.workspace, path, copied).is_file()


def view(context: Context, image_id: str) -> Media:
    """Return a picture upright, for the canvas: the file itself, or one that a browser can show.

    Raises:
        NotFound: no such picture is in the pool, or its file is gone.
        ServiceError: the file cannot be read.
    """
    picture, path = original(context, image_id)
    _check_size(picture)
    try:
        with PilImage.open(path) as opened:
            # Of a PNG without EXIF data, Pillow decodes all before it says so.
            turned = (opened.format != "PNG" or "exif" in opened.info) and opened.getexif().get(_ORIENTATION, 1) != 1
            plain = not turned and opened.mode in ("RGB", "L")
            if plain and opened.format in _SHOWN_AS_THEY_ARE and max(opened.size) <= MAX_VIEW_SIDE:
                return Media(_SHOWN_AS_THEY_ARE[opened.format], path)
    except (OSError, UnidentifiedImageError, PilImage.DecompressionBombError) as error:
        raise ServiceError(Reason("file.broken", name=picture.name, why=str(error))) from error
    return _reduced(context, image_id, MAX_VIEW_SIDE, "view", 92)


def thumb(context: Context, image_id: str, side: int) -> Media:
    """Return a picture at most `side` pixels wide and high (the next of `THUMB_SIDES`).

    Raises:
        NotFound: no such picture is in the pool, or its file is gone.
        ServiceError: the file cannot be read.
    """
    chosen = next((one for one in THUMB_SIDES if one >= side), THUMB_SIDES[-1])
    return _reduced(context, image_id, chosen, str(chosen), 82)


class Decoded:
    """The last few pictures that were decoded: regions of one picture are looked at together."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pictures: OrderedDict[tuple[Path, int, int], Image] = OrderedDict()

    def get(self, workspace: Workspace, picture: Picture, path: Path) -> Image:
        """Return the upright pixels of a picture whose file is there.

        Raises:
            UserError: it is too large.
            NotFound: the file is no longer what it was.
        """
        stat = path.stat()
        key = (path, stat.st_mtime_ns, stat.st_size)
        with self._lock:  # one at a time: decoding is what costs memory
            if key not in self._pictures:
                _check_size(picture)
                if _is_large(picture):
                    self._pictures.clear()
                self._pictures[key] = read_image(workspace, picture)
                while len(self._pictures) > _KEPT or (len(self._pictures) > 1 and self._holds_large()):
                    self._pictures.popitem(last=False)
            self._pictures.move_to_end(key)
            return self._pictures[key]

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep nothing, and decode nothing, while something large is decoded elsewhere."""
        with self._lock:
            self._pictures.clear()
            yield

    def _holds_large(self) -> bool:
        return any(one.shape[0] * one.shape[1] > _LARGE_PX for one in self._pictures.values())


_decoded = Decoded()


def crop(
    context: Context, image_id: str, points: Points, direction: Direction = "ltr", height: int | None = None
) -> bytes:
    """Return a region straightened, as JPEG: what a recogniser sees, but columns stay upright.

    Args:
        points: a quad, or a polygon with as many points along one side of the text as along the other.
        height: to scale it to; None leaves its size.

    Raises:
        NotFound: no such picture is in the pool, or its file is gone.
        UserError: the points are no outline.
    """
    picture, path = original(context, image_id)
    image = _decoded.get(context.workspace, picture, path)
    cut = straightened(image, points, direction == "ttb")
    if height is not None and cut.shape[0] != height:
        width = max(1, min(round(cut.shape[1] * height / cut.shape[0]), 4096))
        shrinks = height < cut.shape[0]
        cut = cv2.resize(cut, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)  # type: ignore[assignment]
    found, data = cv2.imencode(".jpg", np.ascontiguousarray(cut[..., ::-1]), [cv2.IMWRITE_JPEG_QUALITY, 90])
    if not found:
        raise ServiceError(Reason("crop.unwritten", name=picture.name))
    return data.tobytes()


def straightened(image: Image, points: Points, column: bool = False) -> Image:
    """Return the pixels of a region (h, w, 3), lying as its text is read.

    Raises:
        UserError: the points are no outline.
    """
    outline = np.array(points, np.float32)
    if outline.ndim != 2 or outline.shape[1] != 2 or len(outline) < 3 or not np.isfinite(outline).all():
        raise UserError(Reason("crop.outline"))
    if np.ptp(outline, axis=0).min() < 1 or np.ptp(outline, axis=0).max() > 40_000:
        raise UserError(Reason("crop.size"))
    outline = np.clip(outline, 0, [image.shape[1], image.shape[0]]).astype(np.float32)
    if len(outline) == 4:
        return quad_crop(image, outline)
    if len(outline) % 2 == 0:
        return strip_crop(image, outline, column)
    left, top = outline.min(axis=0)
    right, bottom = outline.max(axis=0)
    return quad_crop(image, np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32))


def _reduced(context: Context, image_id: str, side: int, kind: str, quality: int) -> Media:
    file = context.workspace.thumbs / kind / image_id[:2] / f"{image_id}.jpg"
    if file.is_file():
        return Media("image/jpeg", file)
    picture, path = original(context, image_id)
    _check_size(picture)
    with _decoded.alone() if _is_large(picture) else nullcontext():
        data = _small(context.workspace, picture, path, side, quality)
    try:
        keep(file, data)
    except ServiceError:  # it is only kept to be made once: with a full disk pictures are still shown
        return Media("image/jpeg", data=data)
    return Media("image/jpeg", file)


def _small(workspace: Workspace, picture: Picture, path: Path, side: int, quality: int) -> bytes:
    try:
        with PilImage.open(path) as opened:
            if _is_large(picture) and opened.format != "JPEG":  # of a JPEG no more is decoded than is wanted
                small = _shrunk(read_image(workspace, picture), side)
            else:
                opened.draft("RGB", (side, side))
                # Made small before anything else: each further step would copy all of it.
                small = opened if opened.mode in _SCALED_AS_THEY_ARE else opened.convert("RGB")
                small.thumbnail((side, side), PilImage.Resampling.BICUBIC, reducing_gap=2.0)
            upright = ImageOps.exif_transpose(small).convert("RGB")
        stream = io.BytesIO()
        upright.save(stream, "JPEG", quality=quality)
    except (OSError, UnidentifiedImageError, ValueError, PilImage.DecompressionBombError) as error:
        raise ServiceError(Reason("file.nosmall", name=picture.name, why=str(error))) from error
    return stream.getvalue()


def _shrunk(image: Image, side: int) -> PilImage.Image:
    # OpenCV's takes 3 bytes a pixel where Pillow's takes 4, and needs nothing beside.
    scale = side / max(image.shape[:2])
    size_wh = max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))
    return PilImage.fromarray(cv2.resize(image, size_wh, interpolation=cv2.INTER_AREA))


def _is_large(picture: Picture) -> bool:
    return picture.width * picture.height > _LARGE_PX


def _check_size(picture: Picture) -> None:
    if picture.width * picture.height > MAX_PIXELS:
        size = {"width": picture.width, "height": picture.height}
        raise UserError(Reason("file.toolarge", name=picture.name, **size, most=MAX_PIXELS))
