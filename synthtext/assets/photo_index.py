"""Which photographs a folder or a list holds: a compact, memory-mapped list of paths.

A folder of a million files is walked once and written down as one blob of path bytes plus offsets; every
worker then maps the same file instead of holding a million Python strings. Whether a file can be decoded is
not known here (see `photo_files`).
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import tempfile
import time
import weakref
from collections.abc import Callable, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthtext.assets.photo_list import is_foreign_picture, is_photo_name, read_photo_list
from synthtext.errors import AssetError
from synthtext.paths import cache_dir

_MAGIC = b"synthtext photo index 2\n"
_MAPPED_FROM = 5000  # fewer paths are listed anew by every worker: cheaper than a file that could be stale
_MOST_NAMED = 100
_FOREIGN = "is of a kind that is not read; convert it to JPEG, PNG or WebP"
_SETTLE_NS = 2_000_000_000  # a folder changed this shortly before the walk may change again within one clock tick


class PhotoIndex:
    """The photographs below one folder in the order of their path bytes, or those of a list in its order.

    Pickles to the file that it is mapped from, or to its paths when they are few; the copy holds the same.

    Attributes:
        root: the folder, or the list.
        others: how many files were left out because their names are not those of images.
        left_out: how many photographs were left out because they hold text.
        problems: subfolder -> why it could not be listed, and picture -> why it is of a kind that is not read.
        digest: of all relative paths.
    """

    def __init__(self, root: str, blob: Any, offsets: NDArray[np.uint64], header: dict[str, Any], file: Path | None):
        self.root = root
        self.others: int = header["others"]
        self.left_out: int = header.get("left_out", 0)
        self.problems: dict[str, str] = header["problems"]
        self.digest: str = header["digest"]
        self.file = file
        self._base: str = header.get("base", root)
        self._blob = blob
        self._offsets = offsets

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def path(self, number: int) -> str:
        """Return the whole path of one photograph."""
        return os.path.join(self._base, os.fsdecode(self._name(number)))

    def only(self, numbers: Sequence[int]) -> PhotoIndex:
        """Return the index of these photographs alone, ascending; the others count as left out.

        That of many lies in a temporary file, which lives as long as this process.
        """
        names = [self._name(number) for number in numbers]
        header = self._header() | {"left_out": self.left_out + len(self) - len(names), "digest": _digest(names)}
        return _index(self.root, names, header, None)

    def at(self, root: str) -> PhotoIndex:
        """Return the index of the same photographs below another folder, held in memory."""
        header = self._header() | {"base": root if self._base == self.root else self._base}
        return PhotoIndex(root, bytes(self._blob), np.array(self._offsets), header, None)

    def _name(self, number: int) -> bytes:
        return bytes(self._blob[int(self._offsets[number]) : int(self._offsets[number + 1])])

    def _header(self) -> dict[str, Any]:
        found = {"others": self.others, "left_out": self.left_out, "problems": self.problems, "digest": self.digest}
        return found | {"base": self._base}

    def __reduce__(self) -> tuple[Callable[..., PhotoIndex], tuple[Any, ...]]:
        if self.file is None:
            return PhotoIndex, (self.root, bytes(self._blob), self._offsets, self._header(), None)
        return _reopen, (self.root, self.file, self.digest)


def index_photos(place: str, use_cache: bool = True) -> PhotoIndex:
    """Return the index of a folder, or of a list of photographs.

    A folder counts with everything below it, links followed, hidden names left out. A list is a text file with a
    path a line, absolute or seen from the folder of the list.

    What is big is indexed into the cache and found there again until one of its subfolders, or the list, changes;
    without the cache into a temporary file that lives as long as this process.

    Raises:
        AssetError: neither a folder nor a list of photographs, or it cannot be read.
    """
    root = os.path.abspath(os.path.expanduser(place))
    is_list = os.path.isfile(root)
    if not is_list and not os.path.isdir(root):
        raise AssetError(f"backgrounds: {place} is neither a folder nor a list of photographs; check the path")
    cached = _cache_file(root) if use_cache else None
    if cached is not None:
        found = _load(root, cached)
        if found is not None and _fresh(found[1]):
            return found[0]
    names, header = _read(root) if is_list else _walk(root)
    return _index(root, names, header, cached)


def _index(root: str, names: list[bytes], header: dict[str, Any], cached: Path | None) -> PhotoIndex:
    if len(names) < _MAPPED_FROM:
        blob, offsets = _packed(names)
        return PhotoIndex(root, blob, offsets, header, None)
    return _written(root, names, header, cached)


def _reopen(root: str, file: Path, digest: str) -> PhotoIndex:
    """Return the very index that was pickled: another one would make other samples."""
    found = _load(root, file)
    index = found[0] if found is not None else index_photos(root, use_cache=False)
    if index.digest != digest:
        raise AssetError(
            f"backgrounds: {root} has changed since the run began, or its list {file} is gone; run the same again"
        )
    return index


def _walk(root: str) -> tuple[list[bytes], dict[str, Any]]:
    """Return the sorted relative paths below a folder, and the index's header."""
    started = time.time_ns()
    names: list[bytes] = []
    mtimes: dict[str, int] = {}
    problems: dict[str, str] = {}
    visited: set[tuple[int, int]] = set()
    others = foreign = 0
    waiting = [b""]
    while waiting:
        below = waiting.pop()
        path = os.path.join(os.fsencode(root), below)
        folders: list[bytes] = []
        try:
            status = os.stat(path)
            if (status.st_dev, status.st_ino) in visited:
                continue
            visited.add((status.st_dev, status.st_ino))
            with os.scandir(path) as entries:
                for entry in entries:
                    name = entry.name
                    if name.startswith(b"."):
                        continue
                    if entry.is_dir():
                        folders.append(below + name + b"/")
                    elif is_photo_name(name):
                        names.append(below + name)
                    else:
                        others += 1
                        if is_foreign_picture(name) and foreign < _MOST_NAMED:
                            foreign += 1
                            problems[os.fsdecode(os.path.join(path, name))] = _FOREIGN
        except OSError as error:
            if not below:
                raise AssetError(f"backgrounds: {root} cannot be listed ({error.strerror})") from error
            problems[os.fsdecode(path)] = f"cannot be listed ({error.strerror})"
            continue
        mtimes[os.fsdecode(below)] = status.st_mtime_ns
        waiting.extend(sorted(folders, reverse=True))
    names.sort()
    header = {"others": others, "problems": problems, "digest": _digest(names), "mtimes": mtimes, "built": started}
    return names, header


def _read(root: str) -> tuple[list[bytes], dict[str, Any]]:
    """Return the paths in a list, and the index's header."""
    started = time.time_ns()
    mtime = os.stat(root).st_mtime_ns
    names = read_photo_list(Path(root))
    header = {"others": 0, "problems": {}, "digest": _digest(names), "mtimes": {"": mtime}, "built": started}
    return names, header | {"base": os.path.dirname(root)}


def _digest(names: list[bytes]) -> str:
    return hashlib.sha256(b"\0".join(names)).hexdigest()


def _packed(names: list[bytes]) -> tuple[bytes, NDArray[np.uint64]]:
    offsets = np.fromiter(accumulate(map(len, names), initial=0), np.uint64, len(names) + 1)
    return b"".join(names), offsets


def _cache_file(root: str) -> Path:
    key = hashlib.sha256(os.fsencode(root)).hexdigest()[:24]
    return cache_dir() / "photos" / f"{key}.index"


def _written(root: str, names: list[bytes], header: dict[str, Any], cached: Path | None) -> PhotoIndex:
    """Return the index mapped from a newly written file; from memory when no file can be written."""
    blob, offsets = _packed(names)
    try:
        file = _save(blob, offsets, header | {"root": root, "count": len(names)}, cached)
    except OSError:
        return PhotoIndex(root, blob, offsets, header, None)
    found = _load(root, file)
    index = found[0] if found is not None else PhotoIndex(root, blob, offsets, header, None)
    if cached is None:
        weakref.finalize(index, _remove, file, os.getpid())
    return index


def _save(blob: bytes, offsets: NDArray[np.uint64], header: dict[str, Any], cached: Path | None) -> Path:
    if cached is not None:
        cached.parent.mkdir(parents=True, exist_ok=True)
    head = json.dumps(header).encode("ascii")
    folder = cached.parent if cached is not None else None
    handle, name = tempfile.mkstemp(prefix="synthtext-photos-", suffix=".part", dir=folder)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(_MAGIC)
            out.write(len(head).to_bytes(8, "little"))
            out.write(head)
            out.write(bytes(-out.tell() % 8))
            out.write(offsets.astype("<u8").tobytes())
            out.write(blob)
            out.flush()
            os.fsync(out.fileno())
        if cached is not None:
            os.replace(name, cached)
    except OSError:
        os.unlink(name)
        raise
    return cached or Path(name)


def _load(root: str, file: Path) -> tuple[PhotoIndex, dict[str, Any]] | None:
    """Return the index that a file holds for this folder, and its header; None for any other file."""
    try:
        with file.open("rb") as source:
            mapped = mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError):
        return None
    at = len(_MAGIC) + 8
    size = int.from_bytes(mapped[len(_MAGIC) : at], "little")
    if mapped[: len(_MAGIC)] != _MAGIC or size > len(mapped):
        return None
    try:
        header = json.loads(mapped[at : at + size])
        count = header["count"]
        start = at + size + -(at + size) % 8
        offsets = np.frombuffer(mapped, "<u8", count + 1, start)
        blob_at = start + offsets.nbytes
        if header["root"] != root or blob_at + int(offsets[-1]) != len(mapped):
            return None
        return PhotoIndex(root, memoryview(mapped)[blob_at:], offsets, header, file), header
    except (KeyError, TypeError, ValueError):
        return None


def _fresh(header: dict[str, Any]) -> bool:
    """Return whether the folder and its subfolders are as they were when the index was built."""
    root, built = header["root"], header["built"]
    for below, mtime in header["mtimes"].items():
        try:
            now = os.stat(os.path.join(root, below) if below else root).st_mtime_ns
        except OSError:
            return False
        if now != mtime or now > built - _SETTLE_NS:
            return False
    return True


def _remove(file: Path, owner: int) -> None:
    if os.getpid() == owner:
        file.unlink(missing_ok=True)
