"""Colours that belong together: which text stands on which surface on signs, paper, cloth and screens.

A table is text in columns, its first line their names. Its words are explained in `docs/guides/colours.md`.
Which pair a sample gets is decided in `schemes`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import NoReturn

from synthtext.assets.textfiles import read_bytes
from synthtext.color import difference, lab_of
from synthtext.errors import AssetError
from synthtext.values import Color

SHIPPED = "shipped"
LEAST_OUTLINE_CONTRAST = 30.0

_SHIPPED_FILE = Path(__file__).with_name("color_pairs.txt")
_COLUMNS = ("situation", "weight", "text", "surface", "on")
_OPTIONAL = {"vary": "4/8", "outline": "-"}
_ANY, _NONE = "-", "none"
_LARGEST_VARY = 40.0

Lab = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Pair:
    """Text of one colour on a surface of one colour.

    Attributes:
        weight: relative to all other pairs.
        text, surface: CIE Lab; no surface for text on a photograph, which has its own colours.
        on: kinds of surfaces, and names of textures, that it fits.
        text_vary, surface_vary: how far lightness strays from these colours; hue strays half as far.
        outline: colour of the outline that such text always has.
        styled: whether it may get the outlines, shadows and translucent ink of the configuration.
    """

    situation: str
    weight: float
    text: Lab
    surface: Lab | None
    on: tuple[str, ...]
    text_vary: float
    surface_vary: float
    outline: Color | None
    styled: bool

    def contrast(self) -> tuple[float, float]:
        """Return the difference of text and surface: delta E 1976, and lightness alone."""
        if self.surface is None:
            return 100.0, 100.0
        lighter, redder, yellower = (t - s for t, s in zip(self.text, self.surface, strict=True))
        return (lighter * lighter + redder * redder + yellower * yellower) ** 0.5, abs(lighter)

    def weighing(self, weight: float) -> Pair:
        """Return this pair with another weight."""
        return replace(self, weight=weight)


@dataclass(frozen=True, slots=True, eq=False)
class PairTable:
    """All pairs of a table; a row with several colours stands for each combination of them."""

    name: str
    pairs: tuple[Pair, ...]
    digest: str

    def situations(self) -> list[str]:
        """Return the situations in the table's order."""
        return list(dict.fromkeys(pair.situation for pair in self.pairs))


def read_pairs(table: str, places: frozenset[str]) -> PairTable:
    """Return the pairs of a table.

    Args:
        table: `shipped`, or the path of a file.
        places: kinds of surfaces and names of textures that the column `on` may hold.

    Raises:
        AssetError: the file cannot be read or a line of it makes no sense.
    """
    path = _SHIPPED_FILE if table == SHIPPED else Path(table).expanduser()
    data = read_bytes(path)
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise AssetError(f"{path}: not UTF-8 text; save the file as UTF-8") from None
    rows = [(number, line.split()) for number, line in enumerate(lines, 1) if line.strip()]
    rows = [(number, cells) for number, cells in rows if not cells[0].startswith("#")]
    if len(rows) < 2:
        raise AssetError(f"{path}: holds no pair; the first line names the columns ({' '.join(_COLUMNS)}), then rows")
    names = _header(path, *rows[0])
    pairs: list[Pair] = []
    for number, cells in rows[1:]:
        pairs += _Row(path, number, names, cells).pairs(places)
    if not any(pair.weight > 0 for pair in pairs):
        raise AssetError(f"{path}: every weight is 0; raise at least one")
    return PairTable(str(path), tuple(pairs), blake2b(data, digest_size=16).hexdigest())


def _header(path: Path, number: int, names: list[str]) -> list[str]:
    known = (*_COLUMNS, *_OPTIONAL)
    for name in names:
        if name not in known:
            raise AssetError(f"{path}:{number}: no such column: {name!r}; known are {', '.join(known)}")
    missing = [name for name in _COLUMNS if name not in names]
    if missing:
        raise AssetError(
            f"{path}:{number}: the column {missing[0]!r} is missing; add it to the first line and each row"
        )
    if len(set(names)) < len(names):
        raise AssetError(f"{path}:{number}: a column is there twice; remove one")
    return names


class _Row:
    """One line of a table, and where it stands, for errors."""

    def __init__(self, path: Path, number: int, names: list[str], cells: list[str]) -> None:
        self._where = f"{path}:{number}"
        if len(cells) != len(names):
            raise AssetError(
                f"{self._where}: {len(cells)} cells, but the first line names {len(names)} columns; write - for nothing"
            )
        self._cells = _OPTIONAL | dict(zip(names, cells, strict=True))

    def pairs(self, places: frozenset[str]) -> list[Pair]:
        """Return a pair for each combination of the row's colours."""
        on = tuple(self._cells["on"].split(","))
        for place in on:
            if place not in places:
                self._fail("on", f"{place!r} is no kind of surface; known are {', '.join(sorted(places))}")
        texts = self._colors("text")
        bare = self._cells["surface"] == _ANY
        if bare != (on == ("photo",)):
            self._fail(
                "surface", "a colour for surfaces made by rule, - with `on` photo alone, which has colours of its own"
            )
        surfaces: list[Color] | list[None] = [None] if bare else self._colors("surface")
        text_vary, surface_vary = self._vary()
        word = self._cells["outline"]
        outlines: list[Color] | list[None] = [None] if word in (_ANY, _NONE) else self._colors("outline")
        weight = self._weight() / (len(texts) * len(surfaces) * len(outlines))
        for text in texts:
            for outline in outlines:
                if outline is not None and difference(text, outline) < LEAST_OUTLINE_CONTRAST:
                    self._fail("outline", f"differs by less than {LEAST_OUTLINE_CONTRAST:g} (delta E) from the text")
        return [
            Pair(
                self._cells["situation"],
                weight,
                lab_of(text),
                None if surface is None else lab_of(surface),
                on,
                text_vary,
                surface_vary,
                outline,
                word != _NONE,
            )
            for text in texts
            for surface in surfaces
            for outline in outlines
        ]

    def _colors(self, column: str) -> list[Color]:
        colors: list[Color] = []
        for word in self._cells[column].split(","):
            if not re.fullmatch("#[0-9a-fA-F]{6}", word):
                self._fail(column, f"{word!r} is no colour; write #rrggbb, several with commas between them")
            colors.append((int(word[1:3], 16), int(word[3:5], 16), int(word[5:7], 16)))
        return colors

    def _weight(self) -> float:
        weight = _number(self._cells["weight"])
        if weight is None:
            self._fail("weight", f"{self._cells['weight']!r} is no number of at least 0")
        return weight

    def _vary(self) -> tuple[float, float]:
        numbers = [_number(word) for word in self._cells["vary"].split("/")]
        text, surface = numbers if len(numbers) == 2 else (None, None)
        if text is None or surface is None or max(text, surface) > _LARGEST_VARY:
            self._fail("vary", f"{self._cells['vary']!r}: write TEXT/SURFACE, each 0 to {_LARGEST_VARY:g}, such as 4/8")
        return text, surface

    def _fail(self, column: str, reason: str) -> NoReturn:
        raise AssetError(f"{self._where}: {column}: {reason}")


def _number(word: str) -> float | None:
    return float(word) if re.fullmatch(r"\d+(\.\d*)?|\.\d+", word) else None
