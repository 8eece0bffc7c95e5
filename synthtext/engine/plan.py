"""Which shard holds which samples, and which part each sample belongs to.

Raising the count changes nothing before the old end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synthtext.errors import UserError
from synthtext.rng import split_parts
from synthtext.writers.base import PARTS

MAX_SHARD_SIZE = 10_000  # a shard's images lie in one folder
_MAX_RATIO_SUM = 1_000


@dataclass(frozen=True, slots=True)
class Plan:
    """The layout of a dataset.

    Attributes:
        seed: of the dataset.
        count: samples 0..count-1 are to be made.
        shard_size: shard k holds the indices [k * shard_size, (k + 1) * shard_size) below `count`.
        split: how many of each block of sum(split) samples go to train, val and test.

    Raises:
        UserError: one of these makes no sense.
    """

    seed: int
    count: int
    shard_size: int
    split: tuple[int, ...]

    def __post_init__(self) -> None:
        if self.seed < 0:
            raise UserError(f"--seed: {self.seed} is negative; use 0 or more")
        if self.count < 1:
            raise UserError(f"--count: {self.count} samples is none at all; use 1 or more")
        if not 1 <= self.shard_size <= MAX_SHARD_SIZE:
            raise UserError(f"engine.shard_size: {self.shard_size} is outside 1..{MAX_SHARD_SIZE}")
        if not 1 <= len(self.split) <= len(PARTS) or min(self.split) < 0 or not 1 <= sum(self.split) <= _MAX_RATIO_SUM:
            shown = ":".join(map(str, self.split))
            raise UserError(f"--split: '{shown}' is not a ratio of train:val:test; write for example 6:2:2 or 1:0:0")

    @property
    def shards(self) -> int:
        """How many shards there are."""
        return -(-self.count // self.shard_size)

    def indices(self, shard: int) -> range:
        """Return the samples of a shard."""
        start = shard * self.shard_size
        return range(start, min(start + self.shard_size, self.count))

    def parts(self, shard: int) -> NDArray[np.uint8]:
        """Return the part of each sample of a shard: 0 for train, 1 for val, 2 for test."""
        indices = self.indices(shard)
        return split_parts(self.seed, indices.start, indices.stop, self.split)

    def shard_of(self, index: int) -> int:
        """Return the shard that holds a sample."""
        return index // self.shard_size


def parse_split(text: str) -> tuple[int, ...]:
    """Return the ratio that `6:2:2` says; parts left out at the end are 0.

    Raises:
        UserError: it is not one.
    """
    fields = text.split(":")
    if len(fields) > len(PARTS) or not all(field.isascii() and field.isdigit() for field in fields):
        raise UserError(f"--split: '{text}' is not a ratio of train:val:test; write for example 6:2:2 or 1:0:0")
    return tuple(int(field) for field in fields)
