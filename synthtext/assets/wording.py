"""Phrases of a wanted length, put together from words, signs and random characters.

Everything here has `fit(draws, length)`: a text of this length if the words allow it, never a longer one, and
"" when there is none. Tables of what may come next are made when it is opened; drawing only looks them up.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Protocol

from synthtext.assets.corpus import WordList, joining_words
from synthtext.rng import Draws
from synthtext.scripts import script_of

# Single ideographs in a phrase are mostly particles; two or three of them in a row read like noise.
_SINGLE = 0.04
_GLUE = {
    "": 8.0,
    "的": 1.2,
    "、": 0.6,
    "，": 0.5,
    "和": 0.3,
    "与": 0.15,
    "與": 0.15,
    "·": 0.1,
    "：": 0.15,
    "-": 0.05,
}
_COLUMN_GLUE = {"": 9.0, "的": 1.0, "、": 0.4, "·": 0.2, "之": 0.4}
_PAIRS = ("《》", "“”", "（）", "【】", "「」", "『』", "〈〉", "‘’", "()", "[]")
_QUOTED = 0.06
_ENDS = "。。！！？…：；"
_ENDS_EN = "...!!?:"
_JOINED = 0.4
_COMMA = 0.06
_CAPITAL = 0.4
_ENGLISH_ALONE = 2.0


class Wording(Protocol):
    """Whatever gives a text of a wanted length."""

    def fit(self, draws: Draws, length: int) -> str:
        """Return a text of at most `length` characters, of exactly so many where possible; "" if none."""


class Phrases(Wording, Protocol):
    """Phrases of one language."""

    def bare(self, draws: Draws, length: int) -> str:
        """Return what `fit` does, but with words at both ends: for a place where the next character is a mark."""


Steps = list[tuple[list[int], list[float]]]


class HanPhrases:
    """Phrases of a script without spaces: words side by side, at times with a particle or punctuation.

    Args:
        words: at least one.
        allowed: characters that may be written.
        max_length: of any phrase.
        punctuation: chance of a mark at the end.
        columns: for vertical text, with less punctuation inside.
        glue: what stands between words, with weights; none for that of Chinese.
        ends: marks for the end.
    """

    def __init__(
        self,
        words: WordList,
        allowed: frozenset[str],
        max_length: int,
        punctuation: float = 0.15,
        columns: bool = False,
        glue: Mapping[str, float] | None = None,
        ends: str = _ENDS,
    ) -> None:
        self._words = words
        self._steps = _steps(words, max_length, self._share)
        self._punctuation = punctuation
        wanted = glue or (_COLUMN_GLUE if columns else _GLUE)
        glue = {mark: weight for mark, weight in wanted.items() if allowed.issuperset(mark)}
        self._glue, self._glue_weights = list(glue), list(accumulate(glue.values()))
        self._ends = [mark for mark in ends if mark in allowed]
        self._pairs = [pair for pair in _PAIRS if allowed.issuperset(pair)]

    @staticmethod
    def _share(weight: float, length: int, left: int) -> float:
        return weight * (_SINGLE if (length == 1 and left > 1) or left - length == 1 else 1.0)

    def fit(self, draws: Draws, length: int) -> str:
        """Return a phrase."""
        dressing = draws.unit()
        if dressing < _QUOTED * 0.5 and length >= 5 and self._pairs:
            pair = draws.choice(self._pairs)
            return pair[0] + self.bare(draws, length - 2) + pair[1]
        if dressing > 1.0 - self._punctuation and length >= 4 and self._ends:
            return self.bare(draws, length - 1) + draws.choice(self._ends)
        return self.bare(draws, length)

    def bare(self, draws: Draws, length: int) -> str:
        """Return a phrase without a mark or quotes at its ends."""
        text, left = "", length
        while left:
            lengths, weights = self._steps[left]
            if not lengths:
                break
            size = lengths[draws.weighted(weights)] if len(lengths) > 1 else lengths[0]
            text += self._words.draw(draws, size)
            left -= size
            if left >= 3:
                glue = self._glue[draws.weighted(self._glue_weights)]
                if self._steps[left - len(glue)][0]:  # a few words of one length may leave room for none after it
                    text += glue
                    left -= len(glue)
        return text


class SpacedPhrases:
    """Phrases of words with spaces: at times joined by `of` or `&`, with sentence case and punctuation.

    Args:
        words: at least one.
        allowed: characters that may be written; without U+0020 a phrase is one word.
        max_length: of any phrase.
        punctuation: chance of a mark at the end.
        joining: words that stand between others; none for those of English.
        ends: marks for the end.
    """

    def __init__(
        self,
        words: WordList,
        allowed: frozenset[str],
        max_length: int,
        punctuation: float = 0.15,
        joining: Sequence[str] | None = None,
        ends: Sequence[str] = _ENDS_EN,
        comma: str = ",",
    ) -> None:
        self._words = words
        self._spaces = " " in allowed
        self._steps = _steps(words, max_length, self._share)
        self._allowed = allowed
        self._punctuation = punctuation
        self._ends = [mark for mark in ends if mark in allowed]
        known = joining_words(allowed) if joining is None else joining
        self._joining = [word for word in known if allowed.issuperset(word)]
        self._comma = comma if allowed.issuperset(comma) else ""

    def _share(self, weight: float, length: int, left: int) -> float:
        if left == length:
            return weight * _ENGLISH_ALONE
        rest = left - length - 1
        return weight * (rest >= 2) * (0.15 if rest == 2 else 1.0) if self._spaces else 0.0

    def fit(self, draws: Draws, length: int) -> str:
        """Return a phrase."""
        end = ""
        if length >= 5 and self._ends and draws.unit() < self._punctuation:
            end = draws.choice(self._ends)
            length -= 1
        return self._words_of(draws, length, bool(end)) + end

    def bare(self, draws: Draws, length: int) -> str:
        """Return a phrase without a mark at its end."""
        return self._words_of(draws, length, False)

    def _words_of(self, draws: Draws, length: int, capital: bool) -> str:
        text = self._plain(draws, length)
        if (capital or draws.unit() < _CAPITAL) and text and text[0].upper() in self._allowed:
            text = text[0].upper() + text[1:]
        return text

    def _plain(self, draws: Draws, left: int) -> str:
        steps = self._steps
        # Without spaces the longest word that fits; such a phrase may be shorter.
        while not self._spaces and left and not steps[left][0]:
            left -= 1
        parts: list[str] = []
        while left > 0:
            lengths, weights = steps[left]
            if not lengths:
                break
            size = lengths[draws.weighted(weights)] if len(lengths) > 1 else lengths[0]
            word = self._words.draw(draws, size)
            left -= size + 1
            if left >= 6:
                chance = draws.unit()
                if chance < _JOINED:
                    joint = draws.choice(self._joining) if self._joining else ""
                    if joint and left - len(joint) - 1 >= 3 and steps[left - len(joint) - 1][0]:
                        word = f"{word} {joint}"
                        left -= len(joint) + 1
                elif chance > 1.0 - _COMMA and self._comma and steps[left - len(self._comma)][0]:
                    word += self._comma
                    left -= len(self._comma)
            parts.append(word)
        return " ".join(parts)


class RandomStrings:
    """Strings of random characters: ideographs alone, codes of letters and digits, or everything.

    Args:
        chars: to draw from, without white space and combining marks.
        digits: share of digits in codes.
        spaces: a longer string may have a space inside.
    """

    def __init__(self, chars: Iterable[str], digits: float = 0.4, spaces: bool = True) -> None:
        groups: dict[str, list[str]] = {"wide": [], "letters": [], "digits": [], "signs": []}
        for char in chars:
            groups[_group(char)].append(char)
        # The digits of a script come from `native_digits`: a code is not written with two kinds of them.
        groups["digits"] = [char for char in groups["digits"] if char.isascii() or is_wide(char)] or groups["digits"]
        shares = {"wide": 0.0, "letters": 1.0 - digits, "digits": digits, "signs": 0.0}
        wide, code = _recipe(groups, {"wide": 1.0}), _recipe(groups, shares)
        anything = _recipe(groups, {"wide": 0.6, "letters": 0.2, "digits": 0.01 + 0.2 * digits, "signs": 0.15})
        if wide:
            found = [(wide, 0.6), (code, 0.2), (anything, 0.2)]
        else:
            found = [(_recipe(groups, {"letters": 1.0}), 0.4), (code, 0.35), (anything, 0.25)]
        self._recipes = [recipe for recipe, _ in found if recipe]
        self._shares = list(accumulate(share for recipe, share in found if recipe))
        self._spaces = spaces

    def fit(self, draws: Draws, length: int, anchors: str = "") -> str:
        """Return a string of exactly `length` characters, or as many as there are anchors, which it holds."""
        groups, shares = self._recipes[draws.weighted(self._shares)]
        count = length - len(anchors)
        if len(groups) == 1:
            group = groups[0]
            size = len(group)
            chars = [group[int(unit * size)] for unit in draws.units(count)] if count > 0 else []
        else:
            chars = [draws.choice(groups[draws.weighted(shares)]) for _ in range(count)]
        if self._spaces and len(chars) > 6 and draws.unit() < 0.12:
            chars[draws.integer(2, len(chars) - 3)] = " "
        for anchor in anchors:
            chars.insert(draws.integer(0, len(chars)), anchor)
        return "".join(chars)


def is_wide(char: str) -> bool:
    """Whether a character belongs to a script written without spaces: ideographs, kana, Hangul, marks."""
    return char >= "\u2e80"


def _steps(words: WordList, max_length: int, share: _Share) -> Steps:
    """For each number of characters left, the lengths the next word may have, with cumulative weights."""
    steps: Steps = []
    for left in range(max_length + 1):
        weights = {length: share(weight, length, left) for length, weight in words.lengths.items() if length <= left}
        kept = {length: weight for length, weight in weights.items() if weight > 0}
        steps.append((list(kept), list(accumulate(kept.values()))))
    return steps


class _Share(Protocol):
    def __call__(self, weight: float, length: int, left: int, /) -> float: ...


def _group(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Nd":
        return "digits"
    if category[0] == "L":
        return "wide" if is_wide(char) or script_of(char) not in ("Latn", "Zyyy") else "letters"
    return "signs"


def _recipe(
    groups: dict[str, list[str]], shares: dict[str, float]
) -> tuple[Sequence[Sequence[str]], list[float]] | None:
    kept = [(groups[name], share) for name, share in shares.items() if share > 0 and groups[name]]
    if not kept:
        return None
    return [group for group, _ in kept], list(accumulate(share for _, share in kept))
