"""Anchors: characters that a text has to hold, and the order in which they come round.

The sampler decides from (seed, index) alone, so that every character gets its share in any part of a run; the
index of words finds a text in which an anchor looks at home.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np

from synthtext.assets.corpus import WordList
from synthtext.assets.wording import RandomStrings, Wording, is_wide
from synthtext.rng import Draws, permutation
from synthtext.scripts import is_plain, joins_left

# Words kept for a character: few for each ideograph, many for each letter.
_WORDS_EACH = 12
_WORDS_EACH_ASCII = 256
_TRIES = 3
# Where a mark stands; `w` is a word, `0` a digit.
_HOMES = {
    "%": ("0%", "00%"),
    "％": ("0％", "00％"),
    "℃": ("0℃", "00℃"),
    "°": ("00°", "0°"),
    "×": ("0×0", "w×0"),
    "÷": ("0÷0",),
    "=": ("w=0", "0=0"),
    "＝": ("w＝0",),
    "+": ("w+w", "00+"),
    "＋": ("w＋w",),
    "$": ("$0", "$00"),
    "￥": ("￥0", "￥00"),
    "¥": ("¥0", "¥00"),
    "€": ("€0", "€00"),
    "£": ("£0", "£00"),
    "№": ("№0", "№00"),
    "#": ("#0", "#w"),
    "@": ("w@w", "@w"),
    ":": ("0:00", "w:w"),
    "/": ("0/0", "w/w"),
    "~": ("0~0",),
    "～": ("0～0", "w～"),
    ".": ("0.0", "w."),
    "_": ("w_w", "w_0"),
    "^": ("w^0", "^w^"),
    "©": ("©w",),
    "®": ("w®",),
    "™": ("w™",),
    "<": ("<w>", "0<0"),
    ">": ("<w>", "0>0"),
}
_BRACKETS = ("()", "[]", "{}", "（）", "《》", "〈〉", "【】", "「」", "『』", "“”", "‘’")
_AFTER = "，。、；：？！…,;?!'"
_BEFORE = "①②③④⑤⑥⑦⑧⑨⑩■□▲△◆◇○●★☆→←↑↓*"


class CharSampler:
    """Takes the characters of a charset in turn: once in every round, in a seeded order.

    Attributes:
        chars: those that are sampled: no white space, no combining marks.
    """

    def __init__(self, chars: Sequence[str]) -> None:
        self.chars = "".join(
            char
            for char in chars
            if unicodedata.category(char)[0] not in "MZC" and (is_plain(char) or not joins_left(char))
        )

    def take(self, seed: int, index: int, slots: int) -> str:
        """Return the characters of the slots `index * slots` and following."""
        count = len(self.chars)
        found: list[str] = []
        for slot in range(index * slots, (index + 1) * slots):
            order = permutation(seed, count, slot // count)
            found.append(self.chars[int(order[slot % count])])
        return "".join(found)


class AnchorWords:
    """Finds a word with a given character, or a form in which a mark or a digit is at home.

    Args:
        lists: words of all languages.
        allowed: characters that may be written.
    """

    def __init__(self, lists: Sequence[WordList], allowed: frozenset[str]) -> None:
        self._lists = lists
        self._allowed = allowed
        self._chars, self._starts, self._places = _index(lists)
        self._homes = {char: _homes(char, allowed) for char in allowed if not char.isalnum()}

    def piece(self, draws: Draws, char: str, room: int) -> str:
        """Return a text of at most `room` characters that holds `char`, which may be all of it."""
        if room > 1:
            text = self._digits(draws, char, room) if char.isdecimal() else self._word(draws, char, room)
            if not text and not char.isalnum():
                text = self._mark(draws, char, room)
            if char in text and len(text) <= room and self._allowed.issuperset(text):
                return text
        return char

    def _word(self, draws: Draws, char: str, room: int) -> str:
        for case in (str, str.lower, str.upper):
            found = self._look_up(draws, case(char), room)
            if found:
                return found if char in found else found.upper() if char.isupper() else found.lower()
        return ""

    def _look_up(self, draws: Draws, char: str, room: int) -> str:
        at = int(np.searchsorted(self._chars, ord(char))) if len(char) == 1 else len(self._chars)
        if at == len(self._chars) or self._chars[at] != ord(char):
            return ""
        start, stop = int(self._starts[at]), int(self._starts[at + 1])
        for _ in range(_TRIES):
            # The frequent words come first; the square of a number favours them.
            place = int(self._places[start + int(draws.unit() ** 2 * (stop - start))])
            length = place >> 32 & 0xFF
            if length <= room:
                joined, _ = self._lists[place >> 40].bucket(length)
                word = place & 0xFFFFFFFF
                return joined[word * length : (word + 1) * length]
        return ""

    def _digits(self, draws: Draws, char: str, room: int) -> str:
        count = draws.integer(0, min(3, room - 1))
        zero = chr(ord(char) - int(char))
        digits = [chr(ord(zero) + draws.integer(0, 9)) for _ in range(count)]
        digits.insert(draws.integer(0, count), char)
        return "".join(digits)

    def _mark(self, draws: Draws, char: str, room: int) -> str:
        homes = self._homes.get(char, ())
        if not homes:
            return ""
        home = draws.choice(homes)
        words = home.count("w")
        text = ""
        for part in home:
            if part == "0":
                text += str(draws.integer(1, 9))
            elif part == "w":
                text += self._any_word(draws, (room - len(home)) // words + 1)
            else:
                text += part
        return text

    def _any_word(self, draws: Draws, room: int) -> str:
        for words in self._lists:
            lengths = [length for length in (4, 3, 2, 1) if length <= room and length in words.lengths]
            if lengths:
                return words.draw(draws, lengths[draws.integer(0, len(lengths) - 1) // 2])
        return "1"


def join_pieces(draws: Draws, pieces: list[str], filler: Wording, length: int, spaces: bool, apart: bool) -> str:
    """Return the pieces in order with a filler before or after them, about `length` characters in all.

    Args:
        spaces: texts may have spaces.
        apart: the filler is a thing of its own (a name, a price), with a space between it and the pieces.
    """
    text = pieces[0]
    for piece in pieces[1:]:
        text = join(text, piece, spaces and len(text) < length)
    left = length - sum(map(len, pieces)) - (len(pieces) - 1)
    if left >= 2:
        fill = filler.fit(draws, left - 1).strip()
        if fill:
            left_text, right_text = (fill, text) if draws.unit() < 0.5 else (text, fill)
            if apart and spaces:
                return f"{left_text} {right_text}"
            return join(left_text, right_text, spaces)
    return text


def join(left: str, right: str, spaces: bool) -> str:
    """Return two texts as one, with a space between them where two words of a spaced script would meet."""
    apart = spaces and not is_wide(left[-1]) and not is_wide(right[0]) and left[-1].isalnum()
    return f"{left} {right}" if apart else left + right


def anchored_random(draws: Draws, strings: RandomStrings, anchors: str, length: int) -> str:
    """Return a random string of about `length` characters that holds all anchors."""
    return strings.fit(draws, max(length, len(anchors)), anchors)


def _index(lists: Sequence[WordList]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Code points in order, where the words of each begin, and these: list << 40 | length << 32 | number."""
    chars: list[np.ndarray] = [np.empty(0, np.uint32)]
    places: list[np.ndarray] = [np.empty(0, np.int64)]
    weights: list[np.ndarray] = [np.empty(0, np.float32)]
    for number, words in enumerate(lists):
        for length in words.lengths:
            if length > 0xFF:
                continue
            joined, cumulative = words.bucket(length)
            chars.append(np.frombuffer(joined.encode("utf-32-le"), np.uint32))
            ids = np.arange(len(cumulative), dtype=np.int64) | number << 40 | length << 32
            places.append(np.repeat(ids, length))
            weight = np.diff(np.frombuffer(cumulative, np.float64), prepend=0.0).astype(np.float32)
            weights.append(np.repeat(weight, length))
    code, place, weight = np.concatenate(chars), np.concatenate(places), np.concatenate(weights)
    order = np.lexsort((place, -weight, code))
    code, place = code[order], place[order]
    first = np.flatnonzero(np.diff(code, prepend=np.uint32(0xFFFFFFFF)))
    rank = np.arange(len(code)) - np.repeat(first, np.diff(first, append=len(code)))
    kept = rank < np.where(code < 128, _WORDS_EACH_ASCII, _WORDS_EACH)
    found, starts = np.unique(code[kept], return_index=True)
    return found, np.append(starts, kept.sum()), place[kept]


def _homes(char: str, allowed: frozenset[str]) -> tuple[str, ...]:
    homes = _HOMES.get(char, ())
    if not homes:
        pair = next((pair for pair in _BRACKETS if char in pair), "")
        if pair:
            homes = (f"{pair[0]}w{pair[1]}",)
        elif char in _AFTER:
            homes = (f"w{char}", f"w{char}w")
        elif char in _BEFORE:
            homes = (f"{char}w",)
        else:
            homes = (f"w{char}w", f"{char}w", f"w{char}")
    return tuple(home for home in homes if allowed.issuperset(set(home) - {"w"}))
