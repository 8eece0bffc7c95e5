"""Which shards a run makes: all of them, or the share that `--shards 0-99/500` names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from synthtext.engine.plan import Plan
from synthtext.errors import UserError

Ranges = tuple[tuple[int, int], ...]

_HOW = "write first-last/all, counted from 0, for example 0-99/500"


@dataclass(frozen=True, slots=True)
class Share:
    """Pieces `first` to `last` of a dataset that is cut into `pieces` of nearly equal size."""

    first: int
    last: int
    pieces: int

    def shards(self, plan: Plan) -> range:
        """Return the shards of these pieces; the shares of all pieces hold every shard once.

        Raises:
            UserError: there are fewer shards than pieces.
        """
        if self.pieces > plan.shards:
            raise UserError(
                f"--shards: {self.pieces} pieces of {plan.count:,} samples in {plan.shards:,} shards of "
                f"{plan.shard_size:,} would leave some empty; use at most {plan.shards} pieces"
            )
        return range(self.first * plan.shards // self.pieces, (self.last + 1) * plan.shards // self.pieces)


def parse_share(text: str) -> Share:
    """Return the share that `0-99/500`, or `7/500` for a single piece, says.

    Raises:
        UserError: it is not one.
    """
    found = re.fullmatch(r"([0-9]{1,9})(?:-([0-9]{1,9}))?/([0-9]{1,9})", text.strip())
    if not found:
        raise UserError(f"--shards: {text!r} is not a share of the shards; {_HOW}")
    first, last, pieces = int(found[1]), int(found[2] or found[1]), int(found[3])
    if last < first:
        raise UserError(f"--shards: {text!r} ends before it begins; {_HOW}")
    if last >= pieces:
        raise UserError(f"--shards: {text!r} goes beyond the last of {pieces} pieces, which is {pieces - 1}; {_HOW}")
    return Share(first, last, pieces)


def ranges_of(shards: Iterable[int]) -> Ranges:
    """Return numbers as half-open ranges, ascending and with gaps between them."""
    result: list[list[int]] = []
    for shard in sorted(set(shards)):
        if result and result[-1][1] == shard:
            result[-1][1] = shard + 1
        else:
            result.append([shard, shard + 1])
    return tuple((start, stop) for start, stop in result)


def union(one: Ranges, other: Ranges) -> Ranges:
    """Return the numbers that are in either; never counted one by one, for there may be very many."""
    result: list[tuple[int, int]] = []
    for start, stop in sorted((*one, *other)):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(stop, result[-1][1]))
        else:
            result.append((start, stop))
    return tuple(result)


def members(ranges: Ranges) -> Iterator[int]:
    """Yield the numbers in ranges, ascending."""
    for start, stop in ranges:
        yield from range(start, stop)


def holds(ranges: Ranges, number: int) -> bool:
    """Return whether a number is in ranges."""
    return any(start <= number < stop for start, stop in ranges)


def sample_count(ranges: Ranges, plan: Plan) -> int:
    """Return how many samples these shards hold."""
    return sum(min(stop * plan.shard_size, plan.count) - start * plan.shard_size for start, stop in ranges)


def ranges_text(ranges: Ranges, most: int = 6) -> str:
    """Return numbers as a person says them: `0-4, 7, 9-12`."""
    words = [str(start) if stop == start + 1 else f"{start}-{stop - 1}" for start, stop in ranges[:most]]
    return ", ".join(words) + (", ..." if len(ranges) > most else "")
