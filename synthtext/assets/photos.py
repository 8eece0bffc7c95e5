"""A changing pool of decoded photographs, and cutting windows out of them.

Which photographs the samples of a block share follows from numbers alone, never from what happens to be
decoded.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from synthtext.assets.photo_files import PhotoLimit, Unreadable, decode_photo
from synthtext.assets.photo_index import PhotoIndex
from synthtext.bilinear import resized
from synthtext.errors import AssetError
from synthtext.geometry import Image

MAX_MAGNIFICATION = 1.5

_MAX_SHRINK = 1.6  # linear interpolation aliases beyond; a half-size copy is used instead
_LEAST_SIDE_PX = 48
_LEVELS = 4
_BLOCKS_KEPT = 8
_NAMED = 1000


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Photo:
    """One decoded photograph with its half-size copies, full size first, (H, W, 3) uint8 RGB each.

    Attributes:
        path: of its file; empty for what was never one.
    """

    name: str
    levels: tuple[Image, ...]
    path: str = ""

    @property
    def nbytes(self) -> int:
        """Bytes of all copies."""
        return sum(level.nbytes for level in self.levels)

    def window(self, size_wh: tuple[int, int], scale: float, at: tuple[float, float]) -> Image:
        """Return a new (H, W, 3) image cut out of the photograph.

        Args:
            size_wh: of the result.
            scale: result pixels a photo pixel. Raised as far as `MAX_MAGNIFICATION` where the photograph
                would not cover the result; what is still missing then is filled with its mirror image.
            at: where the window lies between the left or upper end, 0, and the other, 1.
        """
        width, height = size_wh
        full_h, full_w = self.levels[0].shape[:2]
        scale = max(scale, min(MAX_MAGNIFICATION, max(width / full_w, height / full_h)))
        level = self.levels[0]
        for half in self.levels[1:]:
            if scale * _MAX_SHRINK >= half.shape[1] * 2 / full_w:
                break
            level = half
        level_h, level_w = level.shape[:2]
        scale *= full_w / level_w
        cut_w, cut_h = max(1, round(width / scale)), max(1, round(height / scale))
        if cut_w > level_w or cut_h > level_h:
            return _mirrored(level, size_wh, scale, at)
        left, top = int(at[0] * (level_w - cut_w + 1)), int(at[1] * (level_h - cut_h + 1))
        cut = level[top : top + cut_h, left : left + cut_w]
        if cut_w == width and cut_h == height:
            return cut.copy()
        return resized(cut, size_wh)


def _mirrored(level: Image, size_wh: tuple[int, int], scale: float, at: tuple[float, float]) -> Image:
    """Return a window that is larger than the photograph, the rest filled with its mirror image."""
    width, height = size_wh
    level_h, level_w = level.shape[:2]
    cut_w, cut_h = min(level_w, max(1, round(width / scale))), min(level_h, max(1, round(height / scale)))
    left, top = int(at[0] * (level_w - cut_w + 1)), int(at[1] * (level_h - cut_h + 1))
    kept_wh = min(width, max(1, round(cut_w * scale))), min(height, max(1, round(cut_h * scale)))
    kept = resized(level[top : top + cut_h, left : left + cut_w], kept_wh)
    before_x, before_y = int(at[0] * (width - kept_wh[0] + 1)), int(at[1] * (height - kept_wh[1] + 1))
    after_x, after_y = width - kept_wh[0] - before_x, height - kept_wh[1] - before_y
    return cv2.copyMakeBorder(kept, before_y, after_y, before_x, after_x, cv2.BORDER_REFLECT)  # type: ignore[return-value]


class PhotoPool:
    """The photographs of one or more folders, a bounded number of them decoded at a time.

    All photographs stand in one endless seeded order, in which each comes once before any comes twice.
    Block b of samples shares the `size` photographs from position b * size on; one that cannot be decoded
    is replaced by the next of the order that can.

    Attributes:
        unreadable: path -> reason, of what has been tried so far.

    Args:
        indices: of the folders.
        seed: of the dataset.
        size: photographs a block of samples shares.
        span: samples in a block.
        max_px: longest side of a decoded photograph.
        pool_bytes: photographs are reduced further where `size` of them would not fit into this together: decoding
            again and again would cost more than the detail is worth.
        cache_bytes: of decoded photographs kept, `pool_bytes` if None; changes the time it takes, never the result.
    """

    def __init__(
        self,
        indices: Sequence[PhotoIndex],
        seed: int,
        *,
        size: int,
        span: int,
        max_px: int,
        pool_bytes: int,
        cache_bytes: int | None = None,
    ) -> None:
        self.unreadable: dict[str, str] = {}
        self._indices = [index for index in indices if len(index)]
        self._ends = np.cumsum([len(index) for index in self._indices]).tolist()
        self._count: int = self._ends[-1] if self._ends else 0
        self._size = min(size, self._count)
        self._span = span
        self._seed = seed
        self._bad: set[int] = set()
        self._limit = PhotoLimit(max_px, int(pool_bytes * 0.75 / 3 / max(1, self._size)))
        self._cache_bytes = pool_bytes if cache_bytes is None else cache_bytes
        self._held_bytes = 0
        self._held: OrderedDict[int, Photo] = OrderedDict()
        self._members: OrderedDict[int, list[int]] = OrderedDict()
        for index in self._indices:
            self.unreadable.update(index.problems)

    def __len__(self) -> int:
        return self._count

    def check(self) -> None:
        """Decode one photograph.

        Raises:
            AssetError: not a single one can be.
        """
        self._photo_at(0)

    def photo(self, index: int, unit: float) -> Photo:
        """Return the photograph for sample `index`; `unit` in [0, 1) picks it from the block's pool."""
        block = index // self._span
        slot = int(unit * self._size)
        start = block * self._size if self._count > self._size else 0
        members = self._members.get(block)
        if members is None:
            members = self._members[block] = [self._number(start + n) for n in range(self._size)]
            if len(self._members) > _BLOCKS_KEPT:
                self._members.popitem(last=False)
        held = self._held.get(members[slot])
        if held is None:
            return self._photo_at(start + slot)
        self._held.move_to_end(members[slot])
        return held

    def _photo_at(self, position: int) -> Photo:
        """Return the first photograph that can be decoded from a position of the order on."""
        for step in range(self._count):
            number = self._number(position + step)
            if number in self._bad:
                continue
            photo = self._held.get(number) or self._decode(number)
            if photo is not None:
                self._held.move_to_end(number)
                return photo
        folders = ", ".join(index.root for index in self._indices)
        path, reason = next(iter(self.unreadable.items()))
        raise AssetError(
            f"backgrounds: none of the {self._count:,} image files in {folders} can be read (such as {path}: {reason})"
        )

    def _number(self, position: int) -> int:
        """Return which photograph stands at a position of the endless order."""
        if self._count <= self._size:
            return position % self._count
        epoch, place = divmod(position, self._count)
        return _shuffled(place, self._count, _round_keys(self._seed, epoch))

    def _path(self, number: int) -> str:
        folder = bisect_right(self._ends, number)
        return self._indices[folder].path(number - (self._ends[folder - 1] if folder else 0))

    def _name(self, number: int) -> str:
        """Return what statistics call a photograph: its file, or its folder where that holds many."""
        index = self._indices[bisect_right(self._ends, number)]
        if len(index) > _NAMED:
            return os.path.basename(index.root)
        return os.path.splitext(os.path.basename(self._path(number)))[0]

    def _decode(self, number: int) -> Photo | None:
        path = self._path(number)
        try:
            image = decode_photo(path, self._limit).image
        except Unreadable as error:
            self._bad.add(number)
            self.unreadable[path] = str(error)
            return None
        levels = [image]
        while len(levels) < _LEVELS and min(levels[-1].shape[:2]) >= 2 * _LEAST_SIDE_PX:
            height, width = levels[-1].shape[:2]
            half = cv2.resize(levels[-1], (width // 2, height // 2), interpolation=cv2.INTER_AREA)
            levels.append(half)  # type: ignore[arg-type]
        photo = Photo(self._name(number), tuple(levels), path)
        self._held[number] = photo
        self._held_bytes += photo.nbytes
        while self._held_bytes > self._cache_bytes and len(self._held) > 1:
            self._held_bytes -= self._held.popitem(last=False)[1].nbytes
        return photo


@lru_cache(maxsize=8)
def _round_keys(seed: int, epoch: int) -> tuple[int, ...]:
    # The spawn key keeps these apart from every other use of the seed.
    state = np.random.SeedSequence(seed, spawn_key=(0x70686F74, epoch)).generate_state(4, np.uint64)
    return tuple(int(word) for word in state)


def _shuffled(place: int, count: int, keys: tuple[int, ...]) -> int:
    """Return where a seeded permutation of range(count) puts `place`, without making the permutation.

    A Feistel network over the next power of four, walked until it lands inside (Black and Rogaway, CT-RSA
    2002).
    """
    half = max(1, ((count - 1).bit_length() + 1) // 2)
    mask = (1 << half) - 1
    while True:
        left, right = place >> half, place & mask
        for key in keys:
            mixed = (right + key & 0xFFFFFFFFFFFFFFFF) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
            mixed = (mixed ^ mixed >> 29) * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
            left, right = right, left ^ (mixed >> 33 & mask)
        place = left << half | right
        if place < count:
            return place
