"""Which part a picture goes to: drawn from its group's name and the seed, close to the ratio at any moment."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from math import gcd

from synthtext.labels.picture import Picture

PARTS = ("train", "val", "test")
# Crops are called after the page that they were cut from.
_CUT = re.compile(r"(?:_crop_\d+|_\d{3})$")
_LEAST_BLOCK = 10
_MOST_KNOWN = 100_000


class Splitter:
    """Gives parts to pictures, one after another, without knowing what is to come.

    A new group goes where a draw from the places that are still open says. There are as many places as the ratio
    asks for in a block of pictures, so that every block of equally large groups has the ratio exactly; a group that
    takes more than its place leaves fewer to its part later on. Of groups beyond the first 100,000 the name alone
    decides, near enough with so many, so that memory stays what it is.

    Args:
        ratio: of train, val and test.
        seed: another one gives another split.
        group: gives the name that pictures of one group share.
    """

    def __init__(self, ratio: tuple[int, ...], seed: int, group: Callable[[Picture], str]) -> None:
        shared = gcd(*ratio) or 1
        whole = [part // shared for part in ratio]
        times = -(-_LEAST_BLOCK // sum(whole))
        self._block = [part * times for part in whole]
        self._seed = seed
        self._group = group
        self._open = [0] * len(whole)
        self._known: dict[str, int] = {}

    def part(self, picture: Picture) -> str:
        """Return the part of a picture."""
        group = self._group(picture)
        place = self._known.get(group)
        if place is None and len(self._known) >= _MOST_KNOWN:
            return PARTS[_place(self._block, f"{self._seed} {group}")]
        if place is None:
            place = self._draw(group)
            self._known[group] = place
        self._open[place] -= 1
        return PARTS[place]

    def _draw(self, group: str) -> int:
        while max(self._open) <= 0:
            self._open = [count + more for count, more in zip(self._open, self._block, strict=True)]
        return _place([count if count > 0 else 0 for count in self._open], f"{self._seed} {group}")


def default_group(picture: Picture) -> str:
    """Return the clip or page that a picture belongs to, where its file says so; else the picture itself."""
    if picture.extra:
        for key in ("group", "clip"):
            told = picture.extra.get(key)
            if isinstance(told, (str, int)):
                return f"{key} {told}"
    stem = picture.path.rpartition(".")[0]
    return _CUT.sub("", stem) if picture.kind == "crops" else f"{picture.part}/{picture.path}"


def group_by(pattern: re.Pattern[str]) -> Callable[[Picture], str]:
    """Return the function that names groups after what a pattern finds in a picture's path."""

    def group(picture: Picture) -> str:
        found = pattern.search(picture.path)
        if found is None:
            return default_group(picture)
        return f"by {found[1] if pattern.groups else found[0]}"

    return group


def _place(counts: list[int], name: str) -> int:
    """Return a place drawn from a name, with chances in the ratio of the counts."""
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    at = int.from_bytes(digest, "big") % sum(counts)
    place = 0
    while at >= counts[place]:
        at -= counts[place]
        place += 1
    return place
