"""Glyph masks packed into memory, and lines made of them, with the native module: a third of the room of plain arrays.

One `PackedMasks` a process. Its memory is its own, or that of an arena: one that the run's other workers use too, or
the one in the cache folder, which also holds what earlier runs have rendered.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import freetype as ft
import numpy as np

from synthtext import __version__
from synthtext.assets.arena import SLOTS, Arena, kept_arena
from synthtext.geometry import Image
from synthtext.native import native
from synthtext.values import Font

# Raised when the layout of the memory becomes another.
_FORMAT = 3
_RENDERERS = ("glyphs.py", "colorglyphs.py")


@lru_cache(maxsize=1)
def _renderer() -> tuple[object, ...]:
    """What decides on the masks of a face: the code that makes them, read so that no change of it is forgotten."""
    code = blake2b(digest_size=8)
    for name in _RENDERERS:
        with suppress(OSError):  # a package without its sources
            code.update(Path(__file__).with_name(name).read_bytes())
    return _FORMAT, __version__, ft.version(), code.hexdigest()


def font_key(font: Font) -> int:
    """Return 64 bits that stand for a face as it is drawn by this code and this version of FreeType."""
    said = (*_renderer(), font.digest or font.path, font.face_index, font.axes)
    return int.from_bytes(blake2b(repr(said).encode(), digest_size=8).digest(), "little")


def open_packed(
    fonts: Iterable[Font], keys: dict[Font, int], arena: Path | None, use_cache: bool, limit_bytes: int
) -> PackedMasks | None:
    """Return the masks that are kept for these faces; None without the native module.

    Args:
        keys: of the faces.
        arena: folder of the memory that a run's workers share, where there is no cache folder to be used.
        limit_bytes: of memory of this process's own, where there is neither.
    """
    if native is None:
        return None
    folder = arena
    if use_cache and all(font.digest for font in fonts):
        names = blake2b(repr(sorted(keys.values())).encode(), digest_size=8).hexdigest()
        folder = kept_arena(names) or arena
    return PackedMasks(Arena(folder) if folder is not None else None, limit_bytes, keys)


class PackedMasks:
    """Masks by key.

    Args:
        arena: whose memory is shared, or None for memory of this process alone.
        limit_bytes: of memory of its own.
        keys: of all faces.

    Attributes:
        get: gives (mask, left, top) of a key, or None.
        put: keeps the mask of a key, with its left and top, if there is room.
        raster: gives a line's mask, the spots of its glyphs, its left and top edge and whether a face has own colours.
    """

    def __init__(self, arena: Arena | None, limit_bytes: int, keys: dict[Font, int]) -> None:
        assert native is not None
        memory = arena.memory if arena is not None else mmap.mmap(-1, 8 * SLOTS + limit_bytes)
        reserve = arena.reserve if arena is not None else _at_hand
        self._masks = native.Glyphs(memory, SLOTS, keys, np.zeros, np.uint8, reserve)
        self.get: Callable[[int], tuple[Image, int, int] | None] = self._masks.get
        self.put: Callable[[int, Image, int, int], None] = self._masks.put
        self.raster: Callable[..., Any] = self._masks.raster

    @property
    def crowded(self) -> bool:
        """At least half of the room is taken."""
        return bool(self._masks.crowded())


def _at_hand(start: int, size: int) -> bool:
    return True
