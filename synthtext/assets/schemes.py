"""Where a sample's colours come from, decided before its surface is made: so that text and surface can go together.

A *scheme* is a pair of a table (white on road-sign blue), the palette of the surface itself, or a mere tone that is
read against whatever surface there is. The surface takes its colour from it, paint the colour of the text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Literal, NamedTuple, get_args

from synthtext.assets.pairs import Lab, Pair, PairTable, read_pairs
from synthtext.assets.palettes import Paint
from synthtext.color import rgb_of
from synthtext.errors import AssetError
from synthtext.rng import Draws
from synthtext.spec import Range, Weighted
from synthtext.values import Color

# Lab is the cube root of light, sRGB about its 2.2nd root.
_GAIN = 3.0 / 2.2

Source = Literal["tone", "pair", "palette"]


class Scheme(NamedTuple):
    """Where the colours of one sample come from.

    Attributes:
        pair: the pair of the table that was drawn.
        surface: the colour that the surface is to have; None for any.
        text: the colour of the pair's text.
        numbers: seven of [0, 1) with which paint chooses from the surface's palette; empty for the other sources.
        gain: of the light on a surface made by rule and on its text, as a factor of RGB values; a pair's colours have
            it already.
    """

    source: Source
    pair: Pair | None = None
    surface: Color | None = None
    text: Color | None = None
    numbers: Sequence[float] = ()
    gain: float = 1.0

    def lit(self, color: Paint) -> Paint:
        """Return a colour as it looks in this light."""
        gain = self.gain
        return color if gain == 1.0 else (color[0] * gain, color[1] * gain, color[2] * gain)


TONE = Scheme("tone")


class Schemes:
    """What schemes are drawn from.

    Args:
        source: weight of each source.
        table: of pairs, or None where none are asked for.
        situations: weight of each situation of the table; empty for the table's own weights.
        light: the light that surfaces made by rule and their text stand in: 1 for colours as they are.
        least: the contrast (delta E 1976, lightness alone) that a pair must have; others are left out.
        kinds: of surfaces.

    Raises:
        AssetError: no such situation, or no pair is left.
    """

    def __init__(
        self,
        source: Mapping[Source, float],
        table: PairTable | None,
        situations: Mapping[str, float],
        light: Range,
        least: tuple[float, float],
        kinds: Sequence[str],
    ) -> None:
        self.table = table
        self._by_situation: dict[tuple[str, ...], tuple[list[Pair], list[float]]] = {}
        pairs = _wanted(table, situations, least) if table is not None else []
        self._light = light
        self._tone = light.low == 1.0 and not any(
            source.get(name, 0) > 0 for name in get_args(Source) if name != "tone"
        )
        self._by_kind: dict[str, tuple[Weighted[Source], list[Pair], list[float]]] = {}
        for kind in kinds:
            fitting = [pair for pair in pairs if any(place.split("-", 1)[0] == kind for place in pair.on)]
            weights = {name: weight for name, weight in source.items() if name != "pair" or fitting}
            if not any(weights.values()):  # a kind that no pair fits, and nothing but pairs is asked for
                weights = {"tone": 1.0}
            cumulative = list(accumulate(pair.weight for pair in fitting))
            self._by_kind[kind] = Weighted(weights), fitting, cumulative

    @property
    def origins(self) -> frozenset[str]:
        """Names by which a sample says where its colours come from: sources, and situations of the table."""
        return frozenset(get_args(Source)).union(self.table.situations() if self.table is not None else ())

    def draw(self, draws: Draws, kind: str) -> Scheme:
        """Return the scheme of a sample whose surface is of this kind; takes eight numbers, or none for mere tones."""
        if self._tone:
            return TONE
        sources, pairs, cumulative = self._by_kind[kind]
        u = draws.units(8)
        shares = sources.cumulative
        at = u[0] * shares[-1]
        number = bisect_right(shares, at)
        source = sources.items[number]
        light = 1.0
        if kind != "photo":  # the light of a photograph is in it
            before = shares[number - 1] if number else 0.0
            light = self._light.at((at - before) / (shares[number] - before))
        if source == "palette":
            return Scheme("palette", numbers=u[1:], gain=light**_GAIN)
        if source == "tone":
            return Scheme("tone", gain=light**_GAIN) if light != 1.0 else TONE
        pair = pairs[min(bisect_right(cumulative, u[1] * cumulative[-1]), len(pairs) - 1)]
        return _of_pair(pair, u, light)

    def of(self, draws: Draws, situations: tuple[str, ...]) -> Scheme:
        """Return a pair of one of these situations, mere tones where there is none; takes eight numbers."""
        u = draws.units(8)
        known = self._by_situation.get(situations)
        if known is None:
            every = self.table.pairs if self.table is not None else ()
            chosen = [pair for pair in every if pair.situation in situations and pair.weight > 0]
            known = self._by_situation[situations] = chosen, list(accumulate(pair.weight for pair in chosen))
        pairs, cumulative = known
        if not pairs:
            return TONE
        return _of_pair(pairs[min(bisect_right(cumulative, u[1] * cumulative[-1]), len(pairs) - 1)], u, 1.0)


def _of_pair(pair: Pair, u: Sequence[float], light: float) -> Scheme:
    surface = None if pair.surface is None else _near(pair.surface, pair.surface_vary, light, u[2], u[3], u[4])
    return Scheme("pair", pair, surface, _near(pair.text, pair.text_vary, light, u[5], u[6], u[7]))


def open_schemes(
    source: Mapping[Source, float],
    table: str,
    situations: Mapping[str, float],
    light: Range,
    least: tuple[float, float],
    textures: Mapping[str, Sequence[str]],
) -> Schemes:
    """Return what a configuration draws its colours from.

    Args:
        table: `shipped` or the path of a table of pairs; read only where pairs are asked for.
        textures: kind of surface -> names of its textures.

    Raises:
        AssetError: the table is wrong, or leaves no pair.
    """
    places = frozenset(textures).union(*textures.values())
    pairs = read_pairs(table, places) if source.get("pair", 0) > 0 else None
    return Schemes(source, pairs, situations, light, least, list(textures))


def _wanted(table: PairTable, situations: Mapping[str, float], least: tuple[float, float]) -> list[Pair]:
    """Return the pairs that can be drawn, their weights those of the situations."""
    totals: dict[str, float] = dict.fromkeys(table.situations(), 0.0)
    for name in situations:
        if name not in totals:
            raise AssetError(f"ink.situations: no situation {name!r} in {table.name}; it has {', '.join(totals)}")
    legible = [
        pair for pair in table.pairs if pair.weight > 0 and all(map(float.__ge__, pair.contrast(), map(float, least)))
    ]
    for pair in legible:
        totals[pair.situation] += pair.weight
    if situations:
        legible = [
            pair.weighing(pair.weight * situations[pair.situation] / totals[pair.situation])
            for pair in legible
            if situations.get(pair.situation, 0) > 0
        ]
    if not legible:
        raise AssetError(
            f"{table.name}: no pair is left; lower ink.floor or ink.lightness, or name more of ink.situations"
        )
    return legible


def _near(color: Lab, vary: float, light: float, lighter: float, redder: float, yellower: float) -> Color:
    """Return a colour that strays from another, by `vary` in lightness and half of it in a and b, in some light."""
    lightness, a, b = color
    return rgb_of(
        light * (lightness + 16.0 + vary * (2.0 * lighter - 1.0)) - 16.0,
        light * (a + vary * (redder - 0.5)),
        light * (b + vary * (yellower - 0.5)),
    )
