"""Random streams: every number depends on (seed, index, attempt, column) and on nothing else.

One counter-based block (Philox4x64, Salmon et al., SC 2011) is made for an attempt at a sample and cut into
named columns, one for each stage and effect. A stage that draws more or fewer numbers therefore never moves
the numbers of another. New columns are appended at the end of `_WIDTHS`; the order is part of the format of
a dataset (a change of it changes bytes).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.random import Philox, SeedSequence

from synthtext.native import native

_T = TypeVar("_T")

_WIDTHS: dict[str, int] = {
    "write": 64,
    "fonts": 16,
    "arrange": 32,
    "place": 20,
    "surface": 16,
    "paint": 42,
    "intrude": 8,
    "encode": 8,
    "bend": 16,
    "lettering": 48,
    "decorate": 16,
    "pairs": 8,
    "spare": 32,
}
# The gates of all effects stand behind the columns, then the numbers of the first group of slots, which holds the
# effects that presets use most; the other groups have blocks of their own.
_EFFECT_WIDTH = 8
_EFFECT_SLOTS = 96
_GROUP_SLOTS = 16

_SAMPLES, _PERMUTATIONS, _SPLITS = 0, 1, 2
_SCALE = 2.0**-53
_SHIFT = np.uint64(11)


def _offsets() -> tuple[dict[str, tuple[int, int]], int]:
    table: dict[str, tuple[int, int]] = {}
    at = 0
    for name, width in _WIDTHS.items():
        table[name] = (at, at + width)
        at += width
    return table, at


_COLUMNS, _GATES_AT = _offsets()
_NUMBERS_AT = _GATES_AT + _EFFECT_SLOTS
_BLOCK = _NUMBERS_AT + _GROUP_SLOTS * _EFFECT_WIDTH
_EFFECTS_COLUMN = 1 << 16


@lru_cache(maxsize=8)
def _key(seed: int) -> tuple[int, int]:
    first, second = SeedSequence(seed).generate_state(2, np.uint64).tolist()
    return first, second


class _Source:
    """One Philox generator that is set to any counter; far cheaper than making a new one."""

    def __init__(self, seed: int) -> None:
        self._bits = Philox(key=np.array(_key(seed), np.uint64))
        self._state = self._bits.state
        self._counter = self._state["state"]["counter"]

    def raw(self, counter: tuple[int, int, int, int], size: int) -> np.ndarray:
        """Return `size` uint64 that follow `counter` (low word first)."""
        self._counter[:] = counter
        self._state["buffer_pos"] = 4
        self._bits.state = self._state
        return self._bits.random_raw(size)

    def units(self, counter: tuple[int, int, int, int], size: int) -> np.ndarray:
        """Return `size` float64 in [0, 1)."""
        return (self.raw(counter, size) >> _SHIFT) * _SCALE


@lru_cache(maxsize=8)
def _source(seed: int) -> _Source:
    return _Source(seed)


class Draws:
    """The numbers of one column, taken one after another."""

    __slots__ = ("_at", "_column", "_end", "_refills", "_streams", "_values")

    def __init__(self, streams: Streams, column: int, values: list[float]) -> None:
        self._streams = streams
        self._column = column
        self._values = values
        self._at = 0
        self._end = len(values)
        self._refills = 0

    def unit(self) -> float:
        """Return the next number, in [0, 1)."""
        if self._at == self._end:
            self._refill()
        value = self._values[self._at]
        self._at += 1
        return value

    def chance(self, probability: float) -> bool:
        """Return whether an event of this probability happens. Always takes one number."""
        return self.unit() < probability

    def between(self, low: float, high: float) -> float:
        """Return a float in [low, high)."""
        return low + (high - low) * self.unit()

    def integer(self, low: int, high: int) -> int:
        """Return an int in [low, high], both ends included."""
        return low + int(self.unit() * (high - low + 1))

    def choice(self, items: Sequence[_T]) -> _T:
        """Return one of `items`, all equally likely."""
        return items[int(self.unit() * len(items))]

    def weighted(self, cumulative: Sequence[float]) -> int:
        """Return an index drawn by cumulative weights (the last one is the total)."""
        found = bisect_right(cumulative, self.unit() * cumulative[-1])
        return min(found, len(cumulative) - 1)

    def signed(self, limit: float) -> float:
        """Return a float in [-limit, limit)."""
        return limit * (2.0 * self.unit() - 1.0)

    def units(self, count: int) -> list[float]:
        """Return the next `count` numbers, each in [0, 1)."""
        start = self._at
        if start + count <= self._end:
            self._at = start + count
            return self._values[start : start + count]
        return [self.unit() for _ in range(count)]

    def _refill(self) -> None:
        self._refills += 1
        self._values = self._streams.overflow(self._column, self._refills)
        self._at, self._end = 0, len(self._values)


class Streams:
    """All the randomness of one attempt at one sample.

    Args:
        seed: of the dataset, any int >= 0.
        index: of the sample, 0 <= index < 2**63.
        attempt: 0 for the first try.
        child: 0 for the sample itself; scenes give each of their lines a child of its own.
    """

    __slots__ = ("_effects", "_high", "_index", "_numbers", "_source")

    def __init__(self, seed: int, index: int, attempt: int = 0, child: int = 0) -> None:
        self._source = _source(seed)
        self._index = index
        self._high = attempt | child << 16
        # An array: most of these numbers are never asked for, and a list makes an object of each.
        self._numbers = self._source.units((0, self._high, index, _SAMPLES), _BLOCK)
        self._effects: dict[int, np.ndarray] = {0: self._numbers[_NUMBERS_AT:]}

    def column(self, name: str) -> Draws:
        """Return the numbers of a stage, from their beginning."""
        start, end = _COLUMNS[name]
        return PlainDraws(self, start, self._numbers[start:end].tolist())

    def effect(self, slot: int) -> Draws:
        """Return the numbers of the effect that has this slot (its fixed place in the effects table).

        A group of slots is made when one of them is asked for: a sample uses a handful.
        """
        if not 0 <= slot < _EFFECT_SLOTS:
            raise ValueError(f"effect slot {slot} is outside 0..{_EFFECT_SLOTS - 1}")
        group, place = divmod(slot, _GROUP_SLOTS)
        numbers = self._effects.get(group)
        if numbers is None:
            counter = (0, self._high | (_EFFECTS_COLUMN + group) << 32, self._index, _SAMPLES)
            numbers = self._effects[group] = self._source.units(counter, _GROUP_SLOTS * _EFFECT_WIDTH)
        start = place * _EFFECT_WIDTH
        column = _EFFECTS_COLUMN + _EFFECT_SLOTS + slot
        return PlainDraws(self, column, numbers[start : start + _EFFECT_WIDTH].tolist())

    def effect_gates(self) -> list[float]:
        """Return a number for every slot: it decides whether the effect happens."""
        return self._numbers[_GATES_AT:_NUMBERS_AT].tolist()  # type: ignore[no-any-return]

    def overflow(self, column: int, refill: int) -> list[float]:
        """Return 64 more numbers for a column that has run out; disjoint from every block."""
        values = self._source.units((0, self._high | (column + 1) << 32, self._index, _SAMPLES | refill << 8), 64)
        return values.tolist()  # type: ignore[no-any-return]

    def beyond(self, column: int, refill: int) -> Draws:
        """Return the numbers of `overflow`, to be taken one after another."""
        return PlainDraws(self, column, self.overflow(column, refill))


PlainStreams, PlainDraws = Streams, Draws
"""The classes as they stand here, whether or not the native module has taken their place."""

if native is not None and not TYPE_CHECKING:
    native.set_layout(
        _COLUMNS, _key, _GATES_AT, _NUMBERS_AT, _EFFECT_WIDTH, _EFFECT_SLOTS, _GROUP_SLOTS, _EFFECTS_COLUMN
    )
    Streams, Draws = native.Streams, native.Draws


@lru_cache(maxsize=16)
def permutation(seed: int, size: int, epoch: int, purpose: int = 0) -> np.ndarray:
    """Return a permutation of range(size) as read-only int64; another for every epoch and purpose.

    Made by sorting counter-based numbers, so that it does not depend on NumPy's shuffling algorithm.
    """
    raw = _source(seed).raw((0, purpose, epoch, _PERMUTATIONS), size)
    order = np.argsort(raw, kind="stable")
    order.setflags(write=False)
    return order


def split_parts(seed: int, start: int, stop: int, ratio: tuple[int, ...]) -> np.ndarray:
    """Return the part (0 for train, 1 for val, 2 for test) of the samples start..stop-1, as uint8.

    Each block of sum(ratio) consecutive indices holds exactly `ratio` samples of the parts, in a seeded order;
    a sample's part therefore depends on nothing but (seed, index, ratio).
    """
    block = sum(ratio)
    pattern = np.repeat(np.arange(len(ratio), dtype=np.uint8), ratio)
    first, last = start // block, -(-stop // block)
    source = _source(seed)
    parts = np.empty((last - first) * block, np.uint8)
    for number in range(first, last):
        raw = source.raw((0, 0, number, _SPLITS), block)
        at = (number - first) * block
        parts[at : at + block] = pattern[np.argsort(raw, kind="stable")]
    return parts[start - first * block : stop - first * block]
