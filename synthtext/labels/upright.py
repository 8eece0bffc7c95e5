"""Images as all readers see them alike: their size in upright pixels, and files without EXIF data.

Some readers turn a photograph as its EXIF data says, others do not. Labels here are those of the upright picture.
"""

from __future__ import annotations

import io
import struct
import warnings
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError

from synthtext.labels.headers import read_header
from synthtext.labels.picture import Picture

_ORIENTATION = 0x0112
_QUALITY = 95
_HEAD_BYTES = 1 << 16
_SIDEWAYS = (5, 6, 7, 8)


@dataclass(frozen=True, slots=True)
class Look:
    """What an image file says without being decoded.

    Attributes:
        size_wh: of the upright picture.
        stored_wh: as its pixels are stored.
        exif: it carries EXIF data.
        turned: the EXIF data says that the stored pixels are not upright.
        suffix: of such files, with the point.
        whole: it ends as such a file must, where that can be told.
    """

    size_wh: tuple[int, int]
    stored_wh: tuple[int, int]
    exif: bool
    turned: bool
    suffix: str
    whole: bool = True


def look_at(data: bytes) -> Look | None:
    """Return what an image file says about itself; None when it is no image."""
    header = read_header(data)
    if header is not None and not header.exif:
        return Look(header.size_wh, header.size_wh, False, False, f".{header.suffix}", header.whole)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Pillow.open(io.BytesIO(data))
            orientation = image.getexif().get(_ORIENTATION, 1)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, struct.error, Pillow.DecompressionBombError):
        if header is None:
            return None
        return Look(header.size_wh, header.size_wh, header.exif, False, f".{header.suffix}", header.whole)
    width, height = image.size
    upright = (height, width) if orientation in _SIDEWAYS else (width, height)
    exif = header.exif if header is not None else orientation != 1
    kind = {"jpeg": "jpg", "tiff": "tif"}.get(name := (image.format or "png").lower(), name)
    whole = header is None or header.whole
    return Look(upright, (width, height), exif, orientation not in (0, 1), f".{kind}", whole)


def look_at_picture(picture: Picture) -> Look | None:
    """Return what a picture's file says about itself, reading no more of it than needed; None when there is none."""
    if isinstance(picture.image, bytes):
        return look_at(picture.image)
    return look_at_file(picture.image)


def look_at_file(path: str) -> Look | None:
    """Return what an image file says about itself; None when it is not there, or no image."""
    try:
        with open(path, "rb", buffering=0) as file:
            head = file.read(_HEAD_BYTES)
            look = look_at(head)
            if look is None and len(head) == _HEAD_BYTES:
                look = look_at(head + file.read())
            return look
    except OSError:
        return None


def stripped(data: bytes) -> bytes:
    """Return an image file without EXIF data, its pixels upright.

    A JPEG whose pixels are upright already keeps every other byte; all else is encoded anew.

    Raises:
        ValueError: it cannot be decoded.
    """
    look = look_at(data)
    if look is None:
        raise ValueError("neither a JPEG nor another known image")
    if not look.exif:
        return data
    if look.suffix == ".jpg" and not look.turned:
        return without_exif(data)
    try:
        with Pillow.open(io.BytesIO(data)) as source:
            pixels = np.asarray(ImageOps.exif_transpose(source).convert("RGB"))
    except (OSError, ValueError, SyntaxError) as error:
        raise ValueError(f"cannot be decoded ({error})") from error
    suffix = ".jpg" if look.suffix == ".jpg" else ".png"
    done, buffer = cv2.imencode(suffix, pixels[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    if not done:
        raise ValueError("cannot be encoded")
    return buffer.tobytes()


def without_exif(data: bytes) -> bytes:
    """Return a JPEG without its segments of EXIF data, its pixels as they are.

    Raises:
        ValueError: it is no JPEG.
    """
    if not data.startswith(b"\xff\xd8"):
        raise ValueError("is no JPEG, and its label is about the pixels as they are stored")
    kept = [data[:2]]
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        length = 2 + struct.unpack_from(">H", data, at + 2)[0]
        if not (data[at + 1] == 0xE1 and data[at + 4 : at + 8] == b"Exif"):
            kept.append(data[at : at + length])
        at += length
    kept.append(data[at:])
    return b"".join(kept)
