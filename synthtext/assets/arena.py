"""Glyph masks shared between worker processes through one memory-mapped file.

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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from synthtext.geometry import Image
from synthtext.native import native
from synthtext.paths import cache_dir
from synthtext.values import Font

_HEADER = struct.Struct("<QIhhHHI")  # key, checksum, left, top, height, width, spare
_SLOTS = 1 << 19
_PROBES = 8
_CLAIM = 1 << 20
_GOLDEN = 0x9E3779B97F4A7C15
_MASK64 = (1 << 64) - 1
_PREFIX = "synthtext-glyphs-"


def create_arena(size_bytes: int = 66 << 20) -> Path | None:
    """Make an empty arena and return its folder, which the caller removes with `remove_arena`; None without room."""
    roots = [Path("/dev/shm"), cache_dir(), Path(tempfile.gettempdir())]
    for root in roots:
        if root.is_dir() and os.access(root, os.W_OK) and shutil.disk_usage(root).free > 2 * size_bytes:
            _remove_orphans(root)
            folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=root))
            with (folder / "arena").open("wb") as handle:
                handle.truncate(8 * _SLOTS + size_bytes)
            return folder
    return None


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
        self._table = np.frombuffer(self._map, np.uint64, _SLOTS)
        self._bytes = np.frombuffer(self._map, np.uint8)
        self._at = self._end = 0
        self._full = False
        self.crowded = False

    def get(self, key: int) -> tuple[Image, int, int] | None:
        """Return (mask, left, top) of a key < 2**63, or None when it is not there."""
        slot = self._slot(key)
        for probe in range(_PROBES):
            offset = int(self._table[(slot + probe) % _SLOTS])
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
            at = (slot + probe) % _SLOTS
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
        if self._at + size > self._end and (claimed := self.claim()) is not None:
            self._at, self._end = claimed
        if self._at + size > self._end:
            return None
        offset = self._at
        self._at += size
        return offset

    def claim(self) -> tuple[int, int] | None:
        """Claim the next free stretch of the memory, its start and end, for this process alone; None when all are gone.

        It is never given back or reused.
        """
        if self._full:
            return None
        total = self._bytes.size - 8 * _SLOTS
        taken = len(os.listdir(self._folder)) - 1
        for number in range(taken, total // _CLAIM):
            try:
                os.close(os.open(self._folder / f"{number:05d}", os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            except FileExistsError:
                continue
            except OSError:
                break  # the arena was removed or the disk is full: go on without it
            self.crowded = number >= total // _CLAIM // 2
            start = 8 * _SLOTS + number * _CLAIM
            return start, start + _CLAIM
        self._full = True
        return None


class PackedMasks:
    """Masks in a third of their pixels' room, and lines made of them, with the native module.

    Args:
        arena: whose memory is shared, or None for memory of this process alone.
        limit_bytes: of memory of its own.
        numbers: of all faces; part of the keys.
    """

    def __init__(self, arena: Arena | None, limit_bytes: int, numbers: dict[Font, int]) -> None:
        assert native is not None
        self._arena = arena
        self._limit = limit_bytes
        memory = arena.memory if arena is not None else mmap.mmap(-1, 8 * _SLOTS + limit_bytes)
        self._masks = native.Glyphs(memory, _SLOTS, numbers, np.zeros, np.uint8)
        self._left = limit_bytes
        self.get: Callable[[int], tuple[Image, int, int] | None] = self._masks.get
        self.raster: Callable[..., Any] = self._masks.raster

    @property
    def crowded(self) -> bool:
        """At least half of the room is taken."""
        return self._arena.crowded if self._arena is not None else self._left < self._limit // 2

    def put(self, key: int, mask: Image, left: int, top: int) -> None:
        """Store a mask if there is room."""
        needed = self._masks.put(key, mask, left, top)
        if needed > 0 and (claimed := self._claim()) is not None:
            self._masks.room(*claimed)
            self._masks.put(key, mask, left, top)

    def _claim(self) -> tuple[int, int] | None:
        if self._arena is not None:
            return self._arena.claim()
        if self._left < _CLAIM:
            return None
        start = 8 * _SLOTS + self._limit - self._left
        self._left -= _CLAIM
        return start, start + _CLAIM
