"""What Unicode says of the scripts: which one a character belongs to, which texts need more than a glyph a char.

A text is *plain* when every code point is a char by itself and stands after the one before it, from left to right:
most texts are, and take the short ways. All others are cut into graphemes and runs of one script and direction.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import regex
from fontTools import unicodedata as properties

from synthtext.bidi import BRACKETS

_GRAPHEME = regex.compile(r"\X")
_PICTURE = regex.compile(r"\p{Emoji_Presentation}")

_PLAIN_BLOCKS = (
    range(0x20, 0x300),  # Latin
    range(0x370, 0x530),  # Greek, Cyrillic
    range(0x1E00, 0x2000),  # Latin of Vietnamese, Greek of old
    range(0x2010, 0x2028),
    range(0x2030, 0x2700),
    range(0x3000, 0xA000),  # kana, ideographs
    range(0xAC00, 0xD7A4),  # Hangul syllables
    range(0xFF01, 0xFF9E),  # full-width forms
    range(0xFFE0, 0xFFE7),
)


def _plain_stretches() -> Iterator[tuple[int, int]]:
    """Yield the first and last code points of stretches without marks, joiners and controls."""
    for block in _PLAIN_BLOCKS:
        begin = block.start
        for code in (*block, block.stop):
            if code == block.stop or unicodedata.category(chr(code))[0] in "MC":
                if code > begin:
                    yield begin, code - 1
                begin = code + 1


# An expression, not a set: fifty thousand strings would take seven megabytes of every worker.
_PLAIN = re.compile("[" + "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in _plain_stretches()) + "]*")

#: scripts whose letters touch: nothing may come between them, and none may leave the line
JOINED = frozenset({"Arab", "Syrc", "Mong", "Nkoo", "Adlm", "Deva", "Beng", "Guru"})
#: scripts written from right to left
RIGHT_TO_LEFT = frozenset({"Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm"})

_ANY = frozenset({"Zyyy", "Zinh", "Zzzz"})
_NAMES = {
    "Latn": "Latin",
    "Hans": "Chinese (simplified)",
    "Hant": "Chinese (traditional)",
    "Jpan": "Japanese",
    "Kore": "Korean",
}
# A charset counts as one of these when it has that many of their own letters.
_KANA, _HANGUL, _LETTERS = 40, 100, 5
_HAN_SHARE = 0.9
# Everyday characters that only one of the two ways of writing Chinese has.
_HANS = "这们为个来时说国会对发学过后种产动长问关门马书车东无业义实现听讲话头专乐买卖万与丰难"
_HANT = "這們為個來時說國會對發學過後種產動長問關門馬書車東無業義實現聽講話頭專樂買賣萬與豐難"


_WITHOUT_TONOS = str.maketrans("ΆΈΉΊΌΎΏ", "ΑΕΗΙΟΥΩ")


def is_plain(text: str) -> bool:
    """Whether every code point of a text is a char by itself, written from left to right."""
    return text.isascii() or _PLAIN.fullmatch(text) is not None


def graphemes(text: str) -> list[str]:
    """Return the grapheme clusters of a text (UAX #29, with the conjuncts of Indic scripts): its chars."""
    found: list[str] = _GRAPHEME.findall(text)
    return found


@lru_cache(maxsize=65536)
def script_of(char: str) -> str:
    """Return the ISO 15924 tag of a character's script; `Zyyy` for what all share, `Zinh` for marks of any."""
    tag: str = properties.script(char)
    return tag


@lru_cache(maxsize=4096)
def joins_left(char: str) -> bool:
    """Whether a character only continues the grapheme before it, such as a vowel sign."""
    return len(graphemes(f"\u0e01{char}")) == 1


def is_picture(char: str) -> bool:
    """Whether a character is an emoji that is shown in colours unless a text says otherwise."""
    return _PICTURE.fullmatch(char) is not None


def scripts_of(text: str) -> list[str]:
    """Return for each character the script of the run that it belongs to.

    Characters of no script of their own take that of the text before them, at the beginning of the text after; a
    closing bracket takes that of the one which it closes (UAX #24, section 5.1).
    """
    found = [script_of(char) for char in text]
    known = next((script for script in found if script not in _ANY), "Zyyy")
    opened: list[tuple[str, str]] = []
    for at, (char, script) in enumerate(zip(text, found, strict=True)):
        if script not in _ANY:
            known = script
            continue
        found[at] = known
        if char in BRACKETS:
            opened.append((BRACKETS[char], known))
        elif opened and any(char == close for close, _ in opened):
            while opened[-1][0] != char:
                opened.pop()
            found[at] = known = opened.pop()[1]
    return found


def script_name(tag: str) -> str:
    """Return the English name of a script."""
    name: str = _NAMES.get(tag) or properties.script_name(tag, default=tag).replace("_", " ")
    return name


def capitals(upper: str) -> str:
    """Return text in capitals as signs have it: Greek loses its accents there, nothing else changes."""
    return upper if upper.isascii() else upper.translate(_WITHOUT_TONOS)


def main_chars(chars: frozenset[str]) -> frozenset[str]:
    """Return the characters of a charset that are of a script other than Latin."""
    return frozenset(char for char in chars if script_of(char) not in _ANY and script_of(char) != "Latn")


@lru_cache(maxsize=64)
def wanted_scripts(chars: frozenset[str]) -> frozenset[str]:
    """Return the scripts that a charset is for; of the ways to write ideographs those whose own letters it has."""
    counts: dict[str, int] = {}
    for char in chars:
        script = script_of(char)
        counts[script] = counts.get(script, 0) + 1
    found = {script for script, count in counts.items() if count >= _LETTERS and script not in _ANY}
    han = "Hani" in found
    found -= {"Hani", "Hira", "Kana", "Hang", "Bopo"}
    if counts.get("Hira", 0) >= _KANA:
        found.add("Jpan")
    if counts.get("Hang", 0) >= _HANGUL:
        found.add("Kore")
    if han:
        others = bool(found & {"Jpan", "Kore"})
        for tag, probe in (("Hans", _HANS), ("Hant", _HANT)):
            # The large sets of Japanese and Korean hold the traditional forms too.
            if sum(char in chars for char in probe) >= _HAN_SHARE * len(probe) and not (others and tag == "Hant"):
                found.add(tag)
        if not others and not found & {"Hans", "Hant"}:
            found.add("Hans")
    return frozenset(found)
