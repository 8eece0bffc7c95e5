"""Glyph masks shared between worker processes, and by runs that follow each other, through one memory-mapped file.

Lock-free: each process writes only into stretches of the file that it has claimed, and publishes an entry by one
aligned 8-byte store into an open-addressing table. A reader checks the entry's key and checksum before it trusts
it, so a half-visible entry (possible on machines with weak memory order) reads as absent and the glyph is rendered
again. Nothing that has been published is ever changed, so views stay valid for the life of a run.
"""

from __future__ import annotations

import mmap
import os
import shutil
import struct
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from synthtext.geometry import Image
from synthtext.paths import cache_dir

_HEADER = struct.Struct("<QIhhHHI")  # key, checksum, left, top, height, width, spare
SLOTS = 1 << 19
_PROBES = 8
_CLAIM = 1 << 20
_GOLDEN = 0x9E3779B97F4A7C15
_MASK64 = (1 << 64) - 1
_PREFIX = "synthtext-glyphs-"
_SIZE_BYTES = 66 << 20
_KEPT = 6
"""Arenas in the cache folder, one for each choice of faces; the ones that were used last."""


def create_arena(size_bytes: int = _SIZE_BYTES) -> Path | None:
    """Make an empty arena and return its folder, which the caller removes with `remove_arena`; None without room."""
    roots = [Path("/dev/shm"), cache_dir(), Path(tempfile.gettempdir())]
    for root in roots:
        if root.is_dir() and os.access(root, os.W_OK) and shutil.disk_usage(root).free > 2 * size_bytes:
            _remove_orphans(root)
            folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=root))
            _make_empty(folder, size_bytes)
            return folder
    return None


def kept_arena(digest: str) -> Path | None:
    """Return the folder of the arena that is kept in the cache folder under this name; None where there can be none.

    Made if it is not there: glyphs rendered by one run are there for the next.
    """
    folder = cache_dir() / "glyphs" / digest
    try:
        if not (folder / "arena").exists():
            folder.parent.mkdir(exist_ok=True)
            made = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
            try:
                _make_empty(made, _SIZE_BYTES)
                with suppress(OSError):  # another process was faster
                    made.rename(folder)
            finally:
                shutil.rmtree(made, ignore_errors=True)
            _remove_unused(folder.parent)
        if not os.access(folder / "arena", os.W_OK):
            return None
        os.utime(folder)
    except OSError:
        return None  # a cache that cannot be written only costs time
    return folder


def _make_empty(folder: Path, size_bytes: int) -> None:
    with (folder / "arena").open("wb") as handle:
        handle.truncate(8 * SLOTS + size_bytes)
        _reserve(handle.fileno(), 0, 8 * SLOTS)


def _reserve(file: int, start: int, size: int) -> None:
    """Have the disk keep room, where it can be asked: a process that writes to memory without any would be killed."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file, start, size)


def _remove_unused(root: Path) -> None:
    folders = sorted((path for path in root.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime)
    for folder in folders[:-_KEPT]:
        remove_arena(folder)


@contextmanager
def shared_arena() -> Iterator[Path | None]:
    """Hold an arena for the time of the block; None where there is no room for one."""
    folder = create_arena()
    try:
        yield folder
    finally:
        if folder is not None:
            remove_arena(folder)


def _remove_orphans(root: Path) -> None:
    """Remove the arenas of processes that were killed before they could."""
    for folder in root.glob(f"{_PREFIX}*"):
        owner = folder.name.removeprefix(_PREFIX).split("-")[0]
        if owner.isdigit() and not _alive(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def remove_arena(folder: Path) -> None:
    """Remove an arena; processes that still map it keep their view."""
    shutil.rmtree(folder, ignore_errors=True)


class Arena:
    """One process's view of the shared masks.

    Attributes:
        memory: the table, then the stretches that processes claim.
        crowded: at least half of the room is taken.

    Args:
        folder: from `create_arena`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with (folder / "arena").open("r+b") as handle:
            self.memory = self._map = mmap.mmap(handle.fileno(), 0)
        self._table = np.frombuffer(self._map, np.uint64, SLOTS)
        self._bytes = np.frombuffer(self._map, np.uint8)
        self._at = self._end = 0
        self._full = False
        self.crowded = False

    def get(self, key: int) -> tuple[Image, int, int] | None:
        """Return (mask, left, top) of a key < 2**63, or None when it is not there."""
        slot = self._slot(key)
        for probe in range(_PROBES):
            offset = int(self._table[(slot + probe) % SLOTS])
            if offset == 0:
                return None
            found = self._read(offset, key)
            if found is not None:
                return found
        return None

    def put(self, key: int, mask: Image, left: int, top: int) -> tuple[Image, int, int] | None:
        """Store a mask and return its shared copy, or None when the arena is full."""
        height, width = mask.shape
        offset = self._allocate(_HEADER.size + height * width)
        if offset is None:
            return None
        pixels = np.ascontiguousarray(mask)
        start = offset + _HEADER.size
        self._bytes[start : start + pixels.size] = pixels.ravel()
        checksum = zlib.crc32(pixels.data)
        _HEADER.pack_into(self._map, offset, key, checksum, left, top, height, width, 0)
        slot = self._slot(key)
        for probe in range(_PROBES):
            at = (slot + probe) % SLOTS
            if self._table[at] == 0:
                self._table[at] = offset
                return self._view(offset, height, width), left, top
        return None

    def _slot(self, key: int) -> int:
        return ((key * _GOLDEN) & _MASK64) >> 45

    def _read(self, offset: int, key: int) -> tuple[Image, int, int] | None:
        stored, checksum, left, top, height, width, _ = _HEADER.unpack_from(self._map, offset)
        if stored != key:
            return None
        mask = self._view(offset, height, width)
        return (mask, left, top) if zlib.crc32(mask.data) == checksum else None

    def _view(self, offset: int, height: int, width: int) -> Image:
        start = offset + _HEADER.size
        view = self._bytes[start : start + height * width].reshape(height, width)
        view.setflags(write=False)
        return view

    def _allocate(self, size: int) -> int | None:
        size = (size + 7) & ~7
        if self._at + size > self._end and (claimed := self._claim()) is not None:
            self._at, self._end = claimed
        if self._at + size > self._end:
            return None
        offset = self._at
        self._at += size
        return offset

    def reserve(self, start: int, size: int) -> bool:
        """Have the disk keep room for a stretch of the memory; return whether it does."""
        try:
            with (self._folder / "arena").open("r+b") as handle:
                _reserve(handle.fileno(), start, size)
        except OSError:
            return False
        return True

    def _claim(self) -> tuple[int, int] | None:
        """Claim the next free stretch of the memory, its start and end, for this process alone; None when all are gone.

        It is never given back or reused.
        """
        if self._full:
            return None
        total = self._bytes.size - 8 * SLOTS
        taken = len(os.listdir(self._folder)) - 1
        for number in range(taken, total // _CLAIM):
            try:
                os.close(os.open(self._folder / f"{number:05d}", os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            except FileExistsError:
                continue
            except OSError:
                break  # the arena was removed or the disk is full: go on without it
            start = 8 * SLOTS + number * _CLAIM
            if not self.reserve(start, _CLAIM):
                break
            self.crowded = number >= total // _CLAIM // 2
            return start, start + _CLAIM
        self._full = True
        return None
