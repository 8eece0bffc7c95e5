"""Running text: sentences put together and broken into lines, as a page of print holds them."""

from __future__ import annotations

from synthtext.assets.wording import is_wide
from synthtext.rng import Draws
from synthtext.stages.write import Texts

# These never begin a line.
_TRAILING = frozenset("，。、；：？！…）》」』”’％,.;:?!)]}%،؛؟।·")
_WIDE_MARKS, _WIDE_STOPS = ("，", "，", "、", "；", "，"), ("。", "。", "。", "！", "？")
_MARKS, _STOPS = (",", ",", ";", ",", " -"), (".", ".", ".", "!", "?")
# Other scripts' marks within and after sentences, by the script's letters.
_OF_SCRIPT = (
    ("\u0600", "\u06ff", ("،", "،", "؛", "،", " -"), (".", ".", ".", "!", "؟")),
    ("\u0900", "\u097f", _MARKS, ("।", "।", "।", "!", "?")),
    ("\u0e00", "\u0e7f", ("", "", "", "", ""), ("", "", "", "", "")),  # a space ends a sentence
    ("\u0370", "\u03ff", (",", ",", "·", ",", " -"), (".", ".", ".", "!", ";")),
)
_TRIES = 40
_NARROW_EM = 0.54


def running(texts: Texts) -> bool:
    """Return whether a page can be filled with sentences, which takes a source of words or lines."""
    return any(name in texts.sources.by_name for name in ("lines", "words"))


def paragraph(draws: Draws, texts: Texts, chars: int, wide: bool) -> str:
    """Return about so many characters of sentences.

    Args:
        wide: in a script without spaces between words, where the configuration has one.
    """
    source = texts.sources.by_name.get("lines") or texts.sources.by_name["words"]
    pieces: list[str] = []
    length = since = 0
    while length < chars:
        for _ in range(_TRIES):
            clause = source.fit(draws, draws.integer(4, 12) if wide else draws.integer(18, 40)).strip()
            clause = clause.rstrip("".join(_TRAILING)).strip()
            # A quotation mark before Chinese is not wide.
            if clause and is_wide(clause[0]) == wide and (wide or not any(map(is_wide, clause))):
                break
        if not clause:
            break
        if not wide and not since:
            clause = clause[0].upper() + clause[1:]
        ends = since > 0 and draws.chance(0.45)
        marks, stops = (_WIDE_MARKS, _WIDE_STOPS) if wide else _marks_after(clause)
        mark = draws.choice(stops if ends or length + len(clause) >= chars else marks)
        mark = mark if mark.strip() in texts.allowed else ""
        pieces.append(clause + mark + ("" if wide else " "))
        length += len(pieces[-1])
        since = 0 if ends else since + 1
    return "".join(pieces).strip()


def _marks_after(clause: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the marks that stand after words of a script within and at the end of sentences."""
    for first, last, marks, stops in _OF_SCRIPT:
        if first <= clause[-1] <= last:
            return marks, stops
    return _MARKS, _STOPS


def broken(text: str, room_em: float, first_em: float) -> list[str]:
    """Return the lines of a text where no line holds more than fits.

    Args:
        room_em, first_em: width of a line, and of the first one; wide characters take an em, others about half of one.
    """
    lines: list[str] = []
    line, width = "", 0.0
    for word in _breakable(text):
        own = sum(1.0 if is_wide(char) else _NARROW_EM for char in word)
        if line.strip() and width + own > (room_em if lines else first_em) and word not in _TRAILING:
            lines.append(line.strip())
            line, width = "", 0.0
        line += word
        width += own
    return [*lines, line.strip()] if line.strip() else lines


def _breakable(text: str) -> list[str]:
    """Return the pieces of a text between which a line may end: wide characters, and words with their space."""
    pieces: list[str] = []
    for char in text:
        joins = pieces and not is_wide(char) and pieces[-1] and not is_wide(pieces[-1][-1]) and pieces[-1][-1] != " "
        if joins:
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces
