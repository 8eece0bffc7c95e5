"""Random strings for scripts whose signs sit on letters: graphemes that words have, never a sign by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from synthtext.assets.corpus import WordList
from synthtext.assets.wording import RandomStrings
from synthtext.rng import Draws
from synthtext.scripts import graphemes, is_plain, joins_left, main_chars

_SHARE = 0.65
_KEPT = 2500
_LEAST = 3


class ClusterStrings(RandomStrings):
    """Random strings of which most are made of whole graphemes.

    Args:
        chars: single characters, for the other strings.
        clusters: graphemes, at least one of a single code point.
    """

    def __init__(self, chars: Iterable[str], digits: float, spaces: bool, clusters: Sequence[str]) -> None:
        super().__init__(chars, digits, spaces)
        longest = max(map(len, clusters))
        # For each room the clusters that fit into it.
        self._fitting = [[cluster for cluster in clusters if len(cluster) <= room] for room in range(longest + 1)]

    def fit(self, draws: Draws, length: int, anchors: str = "") -> str:
        """Return a string of exactly `length` characters, or as many as there are anchors, which it holds."""
        if draws.unit() >= _SHARE:
            return super().fit(draws, length, anchors)
        pieces: list[str] = []
        room = length - len(anchors)
        while room > 0:
            piece = draws.choice(self._fitting[min(room, len(self._fitting) - 1)])
            pieces.append(piece)
            room -= len(piece)
        for anchor in anchors:
            pieces.insert(draws.integer(0, len(pieces)), anchor)
        return "".join(pieces)


def random_strings(
    chars: str, allowed: frozenset[str], digits: float, spaces: bool, lists: Sequence[WordList]
) -> RandomStrings:
    """Return random strings for a charset: of graphemes where its script has signs that sit on letters."""
    if any(not is_plain(char) and joins_left(char) for char in allowed):
        clusters = _clusters(lists, main_chars(allowed))
        if any(len(cluster) == 1 for cluster in clusters):
            return ClusterStrings(chars, digits, spaces, clusters)
    return RandomStrings(chars, digits, spaces)


def _clusters(lists: Sequence[WordList], main: frozenset[str]) -> list[str]:
    """The graphemes of a script in words, the commonest first."""
    counts: Counter[str] = Counter()
    for words in lists:
        for word, _ in words:
            if not main.isdisjoint(word):
                counts.update(cluster for cluster in graphemes(word) if main.issuperset(cluster))
    common = [cluster for cluster, count in counts.items() if count >= _LEAST]
    return sorted(common, key=lambda cluster: (-counts[cluster], cluster))[:_KEPT]
