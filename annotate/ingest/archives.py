"""The pictures inside of zip and tar files, read one after the other, never unpacked to the disk."""

from __future__ import annotations

import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from annotate.ingest.examine import MAX_BYTES
from annotate.ingest.items import Item, Loaded, kind_of
from annotate.records import Fault

# What opening or reading a damaged archive raises.
_ERRORS = (zipfile.BadZipFile, tarfile.TarError, OSError, EOFError, zlib.error, RuntimeError, NotImplementedError)


def members(item: Item) -> Iterator[Loaded | Fault]:
    """Yield the pictures of an archive in its own order, and what is wrong with it.

    A member that says it is larger than a picture may be is not read; one that is larger than it says is cut off.
    """
    try:
        reader = _zip if zipfile.is_zipfile(item.path) else _tar
        yield from reader(item)
    except _ERRORS as error:
        yield Fault(item.path, "broken", f"the archive cannot be read to its end: {error}")


def _zip(item: Item) -> Iterator[Loaded | Fault]:
    with zipfile.ZipFile(item.path) as archive:
        for info in archive.infolist():
            if info.is_dir() or not _wanted(info.filename):
                continue
            if info.flag_bits & 1:
                yield Fault(_where(item, info.filename), "broken", "it is encrypted")
                continue
            try:
                with archive.open(info) as stream:
                    yield _member(item, info.filename, info.file_size, stream)
            except _ERRORS as error:  # one bad member; the directory still leads to the next
                yield Fault(_where(item, info.filename), "broken", f"cannot be unpacked: {error}")


def _tar(item: Item) -> Iterator[Loaded | Fault]:
    with tarfile.open(item.path) as archive:
        for info in archive:
            if info.isfile() and _wanted(info.name):
                stream = archive.extractfile(info)
                assert stream is not None, "a regular member has bytes"
                yield _member(item, info.name, info.size, stream)


def _member(item: Item, name: str, size: int, stream: IO[bytes]) -> Loaded | Fault:
    if size > MAX_BYTES:
        return Fault(_where(item, name), "broken", f"refused: {size:,} bytes unpacked; {MAX_BYTES:,} may be")
    return Loaded(_where(item, name), _shown(name), item.source, stream.read(MAX_BYTES))


def _wanted(name: str) -> bool:
    path = PurePosixPath(name)
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in path.parts if part not in (".", ".."))
    return not hidden and kind_of(Path(path.name)) == "picture"


def _where(item: Item, name: str) -> str:
    return f"{item.path}/{_shown(name)}"


def _shown(name: str) -> str:
    # Names come as bytes of whatever encoding; NUL and lone surrogates have no place in a database.
    return name.replace("\0", "").encode("utf-8", "replace").decode()
