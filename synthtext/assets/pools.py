"""Ready texts and patterns as sources: what has a length of its own, chosen to come near the wanted one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate

from synthtext.assets.corpus import WordList
from synthtext.assets.patterns import Pattern
from synthtext.assets.wording import Wording, is_wide
from synthtext.rng import Draws, Streams

# How much less a text is wanted for each character that it is shorter than asked for.
_NEARNESS = 0.55
_LABELLED = 0.6
_TRIALS = 32
_TRIES = 4
_SLACK = 3

Cleaner = Callable[[str], str]


class Pool:
    """Ready texts (names, slogans, the user's own table), those of about the wanted length first.

    Args:
        texts: at least one.
        max_length: that is ever asked for.
        labels: field names that may stand before a text when there is room.
    """

    def __init__(self, texts: WordList, max_length: int, labels: Sequence[str] = ()) -> None:
        self._texts = texts
        self._labels = labels
        self._steps: list[tuple[list[int], list[float]]] = []
        #: how well each length can be met, for choosing between pools
        self.supply: list[float] = []
        for wanted in range(max_length + 1):
            near = {
                length: weight**0.5 * _NEARNESS ** (wanted - length)
                for length, weight in texts.lengths.items()
                if length <= wanted
            }
            self._steps.append((list(near), list(accumulate(near.values()))))
            self.supply.append(max((_NEARNESS ** (wanted - length) for length in near), default=0.0))

    def fit(self, draws: Draws, length: int) -> str:
        """Return a text, "" if all are longer."""
        lengths, weights = self._steps[length]
        if not lengths:
            return ""
        text = self._texts.draw(draws, lengths[draws.weighted(weights)])
        return with_label(draws, text, self._labels, length)


class PatternPool:
    """One pattern, drawn again until it fits.

    Args:
        clean: returns the text with what the charset lacks replaced, or "" if it cannot be written.
        max_length: that is ever asked for.
    """

    def __init__(self, pattern: Pattern, clean: Cleaner, labels: Sequence[str], max_length: int) -> None:
        self._make = pattern.make
        self._clean = clean
        self._labels = labels
        # Its lengths are measured, once, on draws of no sample's.
        trials = [clean(pattern.make(Streams(0, at, child=1).column("write"))) for at in range(_TRIALS)]
        sizes = [len(text) for text in trials if text]
        self.supply = [
            sum(_NEARNESS ** max(0, wanted - size - _SLACK) for size in sizes if size <= wanted) / _TRIALS
            for wanted in range(max_length + 1)
        ]

    def fit(self, draws: Draws, length: int) -> str:
        """Return a text, "" if none came out short enough in a few tries."""
        for _ in range(_TRIES):
            text = self._clean(self._make(draws))
            if text and len(text) <= length:
                return with_label(draws, text, self._labels, length)
        return ""


class Choice:
    """Several sources as one; each is drawn by its weight and by how well it meets the wanted length."""

    def __init__(self, sources: Sequence[tuple[Pool | PatternPool, float]], max_length: int) -> None:
        self._fits: list[list[Callable[[Draws, int], str]]] = []
        self._weights: list[list[float]] = []
        for length in range(max_length + 1):
            usable = [(source.fit, weight * source.supply[length]) for source, weight in sources]
            usable = [(fit, weight) for fit, weight in usable if weight > 0]
            self._fits.append([fit for fit, _ in usable])
            self._weights.append(list(accumulate(weight for _, weight in usable)))

    def __bool__(self) -> bool:
        return any(self._fits)

    def fit(self, draws: Draws, length: int) -> str:
        """Return a text, "" if there is none so short."""
        weights = self._weights[length]
        return self._fits[length][draws.weighted(weights)](draws, length) if weights else ""


class Languages:
    """One wording for each language, drawn by weight."""

    def __init__(self, wordings: Mapping[str, tuple[Wording, float]]) -> None:
        self._fits = [wording.fit for wording, _ in wordings.values()]
        self._weights = list(accumulate(weight for _, weight in wordings.values()))

    def fit(self, draws: Draws, length: int) -> str:
        """Return a text in one of the languages."""
        if len(self._fits) == 1:
            return self._fits[0](draws, length)
        return self._fits[draws.weighted(self._weights)](draws, length)


def with_label(draws: Draws, text: str, labels: Sequence[str], length: int) -> str:
    """Return the text, where there is room perhaps with a field name before it."""
    if labels and len(text) + 3 <= length and draws.unit() < _LABELLED:
        label = labels[int(draws.unit() * len(labels))]
        if len(label) + len(text) <= length:
            if is_wide(label[-1]) or label[-1] in ": " or is_wide(text[0]):
                return label + text
            if len(label) + len(text) < length:
                return f"{label} {text}"
    return text
