"""Lists of photographs: text files with a path a line, which stand wherever a folder of photographs may stand."""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterable
from pathlib import Path

from synthtext.errors import AssetError

_SUFFIXES = frozenset(
    {b".jpg", b".jpeg", b".jpe", b".jfif", b".png", b".webp", b".bmp", b".tif", b".tiff", b".gif", b".ppm"}
)
_FOREIGN = frozenset({b".svg", b".svgz", b".jxl", b".heic", b".heif", b".avif", b".psd", b".dng", b".cr2", b".nef"})
_SHOWN = 80


def is_photo_name(name: bytes) -> bool:
    """Return whether a file is called like an image."""
    return name[name.rfind(b".") :].lower() in _SUFFIXES


def is_foreign_picture(name: bytes) -> bool:
    """Return whether a file is called like a picture of a kind that is not read."""
    return name[name.rfind(b".") :].lower() in _FOREIGN


def read_photo_list(file: Path) -> list[bytes]:
    """Return the paths that a list names, as they stand there: absolute, or seen from the folder of the list.

    Empty lines are passed over. Whether the photographs are there is found out when they are decoded.

    Raises:
        AssetError: the list cannot be read, or a line is not the name of an image.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise AssetError(f"backgrounds: {file} cannot be read ({error.strerror})") from None
    names = []
    for number, line in enumerate(data.removeprefix(codecs.BOM_UTF8).split(b"\n"), 1):
        name = line.strip(b"\r \t")
        if not name:
            continue
        if b"\0" in name or not is_photo_name(name):
            found = name[:_SHOWN].decode("utf-8", "backslashreplace")
            raise AssetError(
                f"backgrounds: {file}: line {number}: expected the path of an image (.jpg, .png, ...), "
                f"found {found!r}; name a folder, or a list with a path a line"
            )
        names.append(name)
    return names


def photo_list(paths: Iterable[str]) -> Iterable[bytes]:
    """Yield the lines of a list of these absolute paths; one that cannot stand in a list is left out."""
    for path in paths:
        line = os.fsencode(path)
        if line == line.strip(b"\r \t") and b"\n" not in line and is_photo_name(line):
            yield line + b"\n"
