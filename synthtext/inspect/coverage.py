"""How often each character of a dictionary occurs in the labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_RAREST = 20
_STRANGERS = 50


@dataclass(frozen=True, slots=True)
class Coverage:
    """How the labels of a dataset cover its dictionary.

    Attributes:
        chars: characters in the dictionary; the space, which no dictionary lists, is not counted.
        seen: of them, how many occur.
        missing: those that do not, in the dictionary's order.
        least: how often the rarest one occurs, 0 when any is missing.
        median: how often the middle one occurs.
        rarest: the rarest that do occur with how often, rarest first.
        wanted: how often each was to occur at least, None when the configuration does not say.
        short: how many occur less often than wanted, missing ones included.
        strangers: characters of labels that the dictionary lacks, with how often, most frequent first.
    """

    chars: int
    seen: int
    missing: tuple[str, ...]
    least: int
    median: int
    rarest: tuple[tuple[str, int], ...]
    wanted: int | None
    short: int
    strangers: tuple[tuple[str, int], ...]


class CharCounter:
    """Counts the characters of labels, also the entries of a dictionary that are several code points long."""

    def __init__(self, dictionary: Iterable[str]) -> None:
        self._dictionary = tuple(dict.fromkeys(char for char in dictionary if char and char != " "))
        self._long = tuple(char for char in self._dictionary if len(char) > 1)
        self._counts: Counter[str] = Counter()

    def add(self, text: str) -> None:
        """Count one label."""
        self._counts.update(text)
        for char in self._long:
            if char in text:
                self._counts[char] += text.count(char)

    def coverage(self, wanted: int | None) -> Coverage | None:
        """Return the coverage so far; None without a dictionary.

        Args:
            wanted: how often each character is to occur at least, None when nobody says.
        """
        if not self._dictionary:
            return None
        counts = self._counts
        known = frozenset(self._dictionary).union(*self._long) | {" "}
        ranked = sorted(((counts[char], place, char) for place, char in enumerate(self._dictionary)))
        return Coverage(
            chars=len(self._dictionary),
            seen=sum(1 for number, _, _ in ranked if number),
            missing=tuple(char for char in self._dictionary if not counts[char]),
            least=ranked[0][0],
            median=ranked[len(ranked) // 2][0],
            rarest=tuple((char, number) for number, _, char in ranked if number)[:_RAREST],
            wanted=wanted,
            short=sum(1 for number, _, _ in ranked if number < (wanted or 0)),
            strangers=_most({char: number for char, number in counts.items() if char not in known})[:_STRANGERS],
        )


def _most(counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
