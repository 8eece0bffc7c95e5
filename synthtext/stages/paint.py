"""Paint: choose the colours of the ink against the surface it will lie on, never below a legible contrast."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from operator import itemgetter
from typing import Annotated, Literal

from pydantic import Field, model_validator

from synthtext.accents import accent, at_distance
from synthtext.assets.backgrounds import Surface
from synthtext.assets.pairs import LEAST_OUTLINE_CONTRAST, SHIPPED
from synthtext.assets.schemes import TONE, Scheme, Source
from synthtext.color import difference, lab_of
from synthtext.contrast import Rules, Stretch, even, probe
from synthtext.contrast import contrast as contrast_on
from synthtext.errors import Rejected
from synthtext.rng import Draws
from synthtext.spec import Range, Spec, Weighted, Within
from synthtext.values import Color, Ink, Shadow

_Tone = Literal["dark", "light", "vivid", "any"]

_CANDIDATES = 3
_OUTLINE_NEED = 3.0
_LEAST_OUTLINE_FRAC = 0.04  # of text that cannot be read without one
_BLACK: Color = (12, 12, 14)
_WHITE: Color = (248, 248, 246)


def _usual_tones() -> dict[_Tone, float]:
    return {"dark": 0.36, "light": 0.3, "vivid": 0.24, "any": 0.1}


class InkSpec(Spec):
    """Colours and lettering styles. Fractions are of the crop's height (its width for columns).

    Attributes:
        contrast: the CIE Lab difference (delta E 1976) from the surface that a sample asks for; drawn, so that
            a dataset holds faint text as well as bold.
        floor: below this no text is ever drawn, whatever the range says.
        lightness: the least difference in lightness (L, 0 to 100) alone.
        vivid_lightness: the same for two strong colours of different hues, which flicker.
        busy: how much more contrast a restless photograph asks for, times the deviation of its lightness.
        source: weights of where colours come from: a `tone` that can be read on the surface, a `pair` of text and
            surface, or the `palette` of the surface.
        pairs: the table of pairs: `shipped` or a file.
        situations: weights of the table's situations; empty for the table's own.
        light: the light on surfaces made by rule and on their text, as a factor of CIE Lab: 1 for colours as they are.
        tones: weights of dark, light, vivid and any colours.
        opacity_chance, opacity: text that lets the surface through.
        bold_chance, bold_em: faces made bolder, each side.
        stroke_chance, stroke_frac: an outline in a second colour.
        shadow_chance, shadow_frac, shadow_blur_frac, shadow_opacity: a drop shadow.
    """

    contrast: Annotated[Range, Within(0, 150)] = Range(22.0, 62.0)
    floor: Annotated[float, Field(ge=5, le=100)] = 20.0
    lightness: Annotated[float, Field(ge=0, le=80)] = 12.0
    vivid_lightness: Annotated[float, Field(ge=0, le=80)] = 0.0
    busy: Annotated[float, Field(ge=0, le=4)] = 0.0
    source: dict[Source, Annotated[float, Field(ge=0)]] = Field(default={"tone": 1.0})
    pairs: str = SHIPPED
    situations: dict[str, Annotated[float, Field(ge=0)]] = Field(default={})
    light: Annotated[Range, Within(0.3, 1)] = Range(1.0, 1.0)
    tones: dict[_Tone, Annotated[float, Field(ge=0)]] = Field(default_factory=_usual_tones)
    opacity_chance: Annotated[float, Field(ge=0, le=1)] = 0.12
    opacity: Annotated[Range, Within(0.2, 1)] = Range(0.62, 0.95)
    bold_chance: Annotated[float, Field(ge=0, le=1)] = 0.1
    bold_em: Annotated[Range, Within(0, 0.08)] = Range(0.012, 0.03)
    stroke_chance: Annotated[float, Field(ge=0, le=1)] = 0.13
    stroke_frac: Annotated[Range, Within(0, 0.2)] = Range(0.02, 0.05)
    shadow_chance: Annotated[float, Field(ge=0, le=1)] = 0.13
    shadow_frac: Annotated[Range, Within(-0.3, 0.3)] = Range(0.015, 0.06)
    shadow_blur_frac: Annotated[Range, Within(0, 0.2)] = Range(0.0, 0.03)
    shadow_opacity: Annotated[Range, Within(0, 1)] = Range(0.3, 0.8)

    @cached_property
    def rules(self) -> Rules:
        """What makes text illegible."""
        return Rules(self.lightness, self.vivid_lightness, self.busy)

    @cached_property
    def tone(self) -> Weighted[_Tone]:
        """The tones, ready to be drawn from."""
        return Weighted(self.tones)

    @model_validator(mode="after")
    def _some_tone(self) -> InkSpec:
        if not any(self.tones.values()):
            raise ValueError("tones: every weight is 0; raise at least one")
        if not any(self.source.values()):
            raise ValueError("source: every weight is 0; raise at least one")
        return self


def paint(draws: Draws, spec: InkSpec, ground: Surface, thick_px: int, scheme: Scheme = TONE) -> Ink:
    """Return colours for a line on this surface.

    Args:
        ground: where the line will lie.
        thick_px: the crop's size across the line.
        scheme: where the colours come from.

    Raises:
        Rejected: no colour reaches the floor of contrast here.
    """
    u = draws.units(12)
    wanted = max(spec.floor, spec.contrast.at(u[0]))
    opacity = spec.opacity.at(u[2]) if u[1] < spec.opacity_chance else 1.0
    rules = spec.rules
    surface = _stretches(ground, spec.busy)
    pair = scheme.pair
    if pair is not None and (pair.outline is not None or not pair.styled):
        opacity = 1.0
    chosen = _scheme_fill(scheme, ground, surface, rules, wanted / opacity, spec.floor / opacity)
    if chosen is not None:
        fill, contrast = chosen[0], chosen[1] * opacity
        origin = pair.situation if pair is not None else scheme.source
    else:
        fill, contrast = _fill(draws, spec, surface, wanted, opacity, scheme.gain)
        pair, origin = None, ""
    if contrast < spec.floor:  # a last resort: ink that covers, and an outline round it
        contrast, opacity = contrast / opacity, 1.0
    stroke: Color | None = None
    stroke_px = 0
    styled = pair is None or pair.styled
    frac = spec.stroke_frac.at(u[4])
    if pair is not None and pair.outline is not None:
        color, apart, frac = pair.outline, difference(fill, pair.outline), max(frac, _LEAST_OUTLINE_FRAC)
    elif styled and opacity == 1.0 and u[3] < _outline_chance(spec, contrast, spec.floor if pair else wanted):
        color, apart = _stroke_color(draws, fill)
    else:
        apart = 0.0
    if apart >= LEAST_OUTLINE_CONTRAST:  # an outline like the fill would only clog the counters
        stroke, stroke_px = color, max(1, round(frac * thick_px))
        contrast = max(contrast, apart if stroke_px > 1 else 0.6 * apart)
    if contrast < spec.floor:
        raise Rejected("low contrast")
    shadow = _shadow(spec, u[6:12], thick_px) if styled and u[5] < spec.shadow_chance else None
    return Ink(fill, opacity, stroke, stroke_px, shadow, contrast, origin)


def _outline_chance(spec: InkSpec, contrast: float, wanted: float) -> float:
    """Return how likely an outline is: likelier where colour alone does not do, certain where it cannot be read."""
    if contrast >= wanted or not spec.stroke_chance:
        return spec.stroke_chance
    return _OUTLINE_NEED * spec.stroke_chance if contrast >= spec.floor else 1.0


def _stretches(ground: Surface, busy: float) -> list[Stretch]:
    if ground.kind == "plain":
        red, green, blue = ground.image[0, 0].tolist()
        return even((red, green, blue))
    return probe(ground.image, busy) if ground.whole is not None else probe(ground.image, 0.0, uniform=True)


def _scheme_fill(
    scheme: Scheme, ground: Surface, surface: list[Stretch], rules: Rules, wanted: float, floor: float
) -> tuple[Color, float] | None:
    """Return the colour that a scheme gives the text, and its contrast; None where any tone is as good."""
    if scheme.numbers:
        return accent(scheme.numbers, ground.whole, surface, rules, wanted)
    pair, text = scheme.pair, scheme.text
    if pair is None or text is None:
        return None
    found = contrast_on(text, surface, rules)
    # Pairs have the contrast that they have in the street; photographs are no surface to lay any colour on.
    if found >= (floor if pair.surface is not None else wanted) or pair.outline is not None:
        return text, found
    _, a, b = lab_of(text)
    return at_distance(a, b, surface, rules, floor, 0.0) if pair.surface is not None else None


def _shadow(spec: InkSpec, u: list[float], thick_px: int) -> Shadow:
    reach = spec.shadow_frac.at(u[0]) * thick_px
    blur, opacity = spec.shadow_blur_frac.at(u[1]) * thick_px, spec.shadow_opacity.at(u[2])
    return Shadow(round((2.0 * u[3] - 1.0) * reach), max(1, round((0.3 + 0.7 * u[4]) * reach)), blur, opacity)


def _fill(
    draws: Draws, spec: InkSpec, surface: list[Stretch], wanted: float, opacity: float, gain: float
) -> tuple[Color, float]:
    """Return the first colour drawn that reaches the contrast wanted, then one of the last hue that does.

    Where there is none, because the surface is dark here and light there, black or white, whichever is better.
    """
    numbers = draws.units(4 * _CANDIDATES)
    tones, cumulative, rules = spec.tone.items, spec.tone.cumulative, spec.rules
    color, needed = _BLACK, wanted / opacity
    for at in range(0, 4 * _CANDIDATES, 4):
        tone, a, b, c = numbers[at : at + 4]
        color = _color(tones[bisect_right(cumulative, tone * cumulative[-1])], a, b, c)
        if gain != 1.0:
            color = int(color[0] * gain), int(color[1] * gain), int(color[2] * gain)
        contrast = contrast_on(color, surface, rules, needed)
        if contrast >= needed:
            return color, contrast * opacity
    _, red, yellow = lab_of(color)
    found = at_distance(red, yellow, surface, rules, needed, numbers[1])
    if found is not None:
        return found[0], found[1] * opacity
    return max(((color, contrast_on(color, surface, rules) * opacity) for color in (_BLACK, _WHITE)), key=itemgetter(1))


def _color(tone: _Tone, a: float, b: float, c: float) -> Color:
    if tone == "any":
        return int(255 * a), int(255 * b), int(255 * c)
    if tone == "vivid":
        return _from_hsv(a, 0.65 + 0.35 * b, 0.45 + 0.55 * c)
    # Ink and paint are seldom quite neutral: a little of some hue.
    value = 0.32 * c * c if tone == "dark" else 1.0 - 0.2 * c * c
    return _from_hsv(a, 0.35 * b * b if tone == "light" else 0.8 * b * b, value)


def _from_hsv(hue: float, saturation: float, value: float) -> Color:
    sector = hue * 6.0
    third = int(sector)
    rest = sector - third
    top = 255.0 * value
    high, low = int(top), int(top * (1.0 - saturation))
    between = int(top * (1.0 - saturation * (rest if third % 2 else 1.0 - rest)))
    if third < 2:
        return (between, high, low) if third else (high, between, low)
    if third < 4:
        return (low, between, high) if third == 3 else (low, high, between)
    return (high, low, between) if third == 5 else (between, low, high)


def _stroke_color(draws: Draws, fill: Color) -> tuple[Color, float]:
    """Return an outline colour that stands off the fill, and by how much."""
    tone, a, b, c = draws.units(4)
    bright = 0.299 * fill[0] + 0.587 * fill[1] + 0.114 * fill[2] > 128
    names: tuple[_Tone, _Tone] = ("dark", "light") if bright else ("light", "dark")
    color = _color("vivid" if tone < 0.2 else names[0], a, b, c)
    return color, difference(fill, color)
