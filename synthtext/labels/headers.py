"""What an image file says about itself, read without decoding its pixels: 5 us instead of 100."""

from __future__ import annotations

import struct
from dataclasses import dataclass

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_END = b"IEND\xaeB`\x82"
_JPEG_END = b"\xff\xd9"
# Start-of-frame markers; C4, C8 and CC in their midst are something else.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN = 0xDA
_EXIF = 0xE1


@dataclass(frozen=True, slots=True)
class Header:
    """Of one JPEG or PNG file.

    Attributes:
        suffix: `jpg` or `png`.
        size_wh: width and height in pixels.
        exif: it carries EXIF data, which some readers apply and others do not.
        whole: it ends as such a file must.
    """

    suffix: str
    size_wh: tuple[int, int]
    exif: bool
    whole: bool


def read_header(data: bytes) -> Header | None:
    """Return the header of an image file; None when it is neither JPEG nor PNG, or broken."""
    try:
        if data.startswith(_PNG):
            return _png(data)
        if data.startswith(b"\xff\xd8"):
            return _jpeg(data)
    except (struct.error, IndexError):
        pass
    return None


def _png(data: bytes) -> Header:
    width, height = struct.unpack_from(">II", data, 16)
    return Header("png", (width, height), b"eXIf" in data, data.endswith(_PNG_END))


def _jpeg(data: bytes) -> Header | None:
    exif = False
    at = 2
    while True:
        while data[at] == 0xFF and data[at + 1] == 0xFF:  # fill bytes are allowed before a marker
            at += 1
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return Header("jpg", (width, height), exif, data.rstrip(b"\0").endswith(_JPEG_END))
        if marker == _SCAN:
            return None
        if marker == _EXIF and data[at + 4 : at + 8] == b"Exif":
            exif = True
        at += 2 + struct.unpack_from(">H", data, at + 2)[0]
