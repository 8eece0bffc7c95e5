"""The files of pictures: where they lie, reading their pixels, thumbnails.

A picture is stored as its own file where that file can be read and shown as it is; else (turned by EXIF, CMYK, 16 bits,
transparent, TIFF, ...) ingest keeps an upright copy in the workspace. So every stored file gives the upright pixels to
whoever opens it, with or without an eye for EXIF.
"""

from __future__ import annotations

import io
import os
import uuid
from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from annotate.errors import NotFound, ServiceError
from annotate.reasons import Reason
from annotate.records import Picture
from annotate.workspace import Workspace
from synthtext.geometry import Image as Pixels

THUMB_PX = 256
# Of a picture; Pillow opens no more. 20,000 x 20,000 are 400 million.
MAX_PIXELS = 178_956_970
_THUMB_QUALITY = 82


def file_of(workspace: Workspace, picture: Picture) -> Path:
    """Return where a picture's file lies, also of one that was taken out of the pool; it may be gone."""
    return file_at(workspace, picture.path, picture.copied)


def file_at(workspace: Workspace, where: str, copied: bool) -> Path:
    """As `file_of`, for who knows these two of a picture alone."""
    if not copied:
        return Path(where)
    path = workspace.inside(where)
    kept = workspace.trash / where
    return kept if not path.is_file() and kept.is_file() else path


def read_image(workspace: Workspace, picture: Picture) -> Pixels:
    """Return the upright pixels of a picture.

    Returns:
        (H, W, 3) uint8, RGB.

    Raises:
        NotFound: its file is gone or no longer what it was; the message names it.
    """
    path = file_of(workspace, picture)
    try:
        data = np.fromfile(path, np.uint8)
    except OSError as error:
        raise NotFound(Reason("file.unread", path=str(path), name=picture.name, why=str(error.strerror))) from error
    # In RGB at once: a copy of a large picture takes as much memory again.
    image = cv2.imdecode(data, cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION) if len(data) else None
    if image is None or image.shape[:2] != (picture.height, picture.width):
        raise NotFound(Reason("file.changed", path=str(path), name=picture.name))
    return np.ascontiguousarray(image)


def thumb_path(workspace: Workspace, image_id: str) -> Path:
    """Return where the thumbnail of a picture lies, or would."""
    return workspace.thumbs / image_id[:2] / f"{image_id}.jpg"


def thumb(workspace: Workspace, picture: Picture) -> Path:
    """Return the thumbnail's file, which is made if it is not there.

    Raises:
        NotFound: the picture's own file is gone.
    """
    path = thumb_path(workspace, picture.id)
    if not path.is_file():
        keep(path, thumb_bytes(Image.fromarray(read_image(workspace, picture))))
    return path


def thumb_bytes(image: Image.Image) -> bytes:
    """Return a thumbnail as a JPEG file; the longer side has THUMB_PX pixels at most."""
    small = image
    if (
        max(image.size) > THUMB_PX
    ):  # `thumbnail` would do it in place, and a copy of the whole takes longer than the rest
        small = image.resize(scaled_wh(image.size, THUMB_PX), Image.Resampling.BILINEAR, reducing_gap=2.0)
    stream = io.BytesIO()
    small.convert("RGB").save(stream, "JPEG", quality=_THUMB_QUALITY)
    return stream.getvalue()


def scaled_wh(size_wh: tuple[int, int], longer: int) -> tuple[int, int]:
    """Return the size that a picture has when its longer side is as long as this."""
    factor = longer / max(size_wh)
    width, height = (max(1, round(side * factor)) for side in size_wh)
    return width, height


def media_name(image_id: str, suffix: str) -> str:
    """Return the path, in the workspace, of a picture that is copied in; `suffix` with its dot."""
    return f"media/{image_id[:2]}/{image_id}{suffix}"


def keep(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, also when two processes write it at once.

    Raises:
        ServiceError: the disk is full, or the folder cannot be written.
    """
    spare = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        spare.write_bytes(data)
        os.replace(spare, path)
    except OSError as error:
        with suppress(OSError):
            spare.unlink(missing_ok=True)
        raise ServiceError(Reason("file.unwritten", path=str(path), why=str(error.strerror))) from error
