"""The pictures and videos inside of zip and tar files, read one after the other.

Pictures are never unpacked to the disk; a video is, while it is looked at. Other archives and documents are told of.
"""

from __future__ import annotations

import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from annotate.ingest.examine import MAX_BYTES, Broken
from annotate.ingest.items import Item, Loaded, kind_of
from annotate.ingest.unpacking import Unpacked
from annotate.records import Fault

_UNOPENED = {"archive": "an archive", "pdf": "a document"}
# What opening or reading a damaged archive raises.
_ERRORS = (zipfile.BadZipFile, tarfile.TarError, OSError, EOFError, zlib.error, RuntimeError, NotImplementedError)


def members(item: Item, unpacked: Unpacked) -> Iterator[Loaded | Item | Fault]:
    """Yield the pictures and videos of an archive in its own order, and what is wrong with it.

    A member that says it is larger than a picture may be is not read; one that is larger than it says is cut off.
    """
    try:
        reader = _zip if zipfile.is_zipfile(item.path) else _tar
        yield from reader(item, unpacked)
    except _ERRORS as error:
        yield Fault(item.path, "broken", f"the archive cannot be read to its end: {error}")


def _zip(item: Item, unpacked: Unpacked) -> Iterator[Loaded | Item | Fault]:
    with zipfile.ZipFile(item.path) as archive:
        for info in archive.infolist():
            if info.is_dir() or not _wanted(info.filename):
                continue
            if info.flag_bits & 1:
                yield Fault(_where(item, info.filename), "broken", "it is encrypted")
                continue
            try:
                with archive.open(info) as stream:
                    yield _member(item, info.filename, info.file_size, stream, unpacked)
            except _ERRORS as error:  # one bad member; the directory still leads to the next
                yield Fault(_where(item, info.filename), "broken", f"cannot be unpacked: {error}")


def _tar(item: Item, unpacked: Unpacked) -> Iterator[Loaded | Item | Fault]:
    with tarfile.open(item.path) as archive:
        for info in archive:
            if info.isfile() and _wanted(info.name):
                stream = archive.extractfile(info)
                assert stream is not None, "a regular member has bytes"
                yield _member(item, info.name, info.size, stream, unpacked)


def _member(item: Item, name: str, size: int, stream: IO[bytes], unpacked: Unpacked) -> Loaded | Item | Fault:
    kind = kind_of(Path(name))
    if kind in _UNOPENED:
        return Fault(
            _where(item, name), "broken", f"{_UNOPENED[kind]} in an archive is not looked into; unpack it first"
        )
    if kind == "video":
        try:
            held = unpacked.put(stream, size, Path(name).suffix)
        except Broken as error:
            return Fault(_where(item, name), "broken", str(error))
        return Item(_where(item, name), _shown(name), item.source, held=str(held))
    if size > MAX_BYTES:
        return Fault(_where(item, name), "broken", f"refused: {size:,} bytes unpacked; {MAX_BYTES:,} may be")
    return Loaded(_where(item, name), _shown(name), item.source, stream.read(MAX_BYTES))


def _wanted(name: str) -> bool:
    path = PurePosixPath(name)
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in path.parts if part not in (".", ".."))
    return not hidden and kind_of(Path(path.name)) in ("picture", "video", *_UNOPENED)


def _where(item: Item, name: str) -> str:
    return f"{item.path}/{_shown(name)}"


def _shown(name: str) -> str:
    # Names come as bytes of whatever encoding; NUL and lone surrogates have no place in a database.
    return name.replace("\0", "").encode("utf-8", "replace").decode()
