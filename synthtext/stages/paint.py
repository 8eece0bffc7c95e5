"""Paint: choose the colours of the ink against the surface it will lie on, never below a legible contrast."""

from __future__ import annotations

import math
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from synthtext.color import difference, lab, lab_of
from synthtext.errors import Rejected
from synthtext.geometry import Image
from synthtext.rng import Draws
from synthtext.spec import Range, Spec, Within
from synthtext.values import Color, Ink, Shadow

_Tone = Literal["dark", "light", "vivid", "any"]

_Stretches = list[list[float]]

_CANDIDATES = 6
_BLACK: Color = (12, 12, 14)
_WHITE: Color = (248, 248, 246)
_LEAST_STROKE_CONTRAST = 30.0
_PROBE_ROWS, _PROBE_COLUMNS = 4, 14


def _usual_tones() -> dict[_Tone, float]:
    return {"dark": 0.36, "light": 0.3, "vivid": 0.24, "any": 0.1}


class InkSpec(Spec):
    """Colours and lettering styles. Fractions are of the crop's height (its width for columns).

    Attributes:
        contrast: the CIE Lab difference (delta E 1976) from the surface that a sample asks for; drawn, so that
            a dataset holds faint text as well as bold.
        floor: below this no text is ever drawn, whatever the range says.
        lightness: the least difference in lightness (L, 0 to 100) alone.
        tones: weights of dark, light, vivid and any colours.
        opacity_chance, opacity: text that lets the surface through.
        bold_chance, bold_em: faces made bolder, each side.
        stroke_chance, stroke_frac: an outline in a second colour.
        shadow_chance, shadow_frac, shadow_blur_frac, shadow_opacity: a drop shadow.
    """

    contrast: Annotated[Range, Within(0, 150)] = Range(22.0, 62.0)
    floor: Annotated[float, Field(ge=5, le=100)] = 20.0
    lightness: Annotated[float, Field(ge=0, le=80)] = 12.0
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

    @model_validator(mode="after")
    def _some_tone(self) -> InkSpec:
        if not any(self.tones.values()):
            raise ValueError("tones: every weight is 0; raise at least one")
        return self


def paint(draws: Draws, spec: InkSpec, surface: Image, thick_px: int) -> Ink:
    """Return colours for a line on this surface.

    Args:
        surface: (H, W, 3) uint8 RGB, where the line will lie.
        thick_px: the crop's size across the line.

    Raises:
        Rejected: no colour reaches the floor of contrast here.
    """
    u = draws.units(12)
    wanted = max(spec.floor, spec.contrast.at(u[0]))
    opacity = spec.opacity.at(u[2]) if u[1] < spec.opacity_chance else 1.0
    fill, contrast = _fill(draws, spec, _probe(surface), wanted, opacity)
    stroke: Color | None = None
    stroke_px = 0
    if u[3] < spec.stroke_chance and opacity == 1.0:
        color, apart = _stroke_color(draws, fill)
        if apart >= _LEAST_STROKE_CONTRAST:  # an outline like the fill would only clog the counters
            stroke, stroke_px = color, max(1, round(spec.stroke_frac.at(u[4]) * thick_px))
            contrast = max(contrast, apart if stroke_px > 1 else 0.6 * apart)
    if contrast < spec.floor:
        raise Rejected("low contrast")
    shadow = _shadow(spec, u[6:12], thick_px) if u[5] < spec.shadow_chance else None
    return Ink(fill, opacity, stroke, stroke_px, shadow, contrast)


def _shadow(spec: InkSpec, u: list[float], thick_px: int) -> Shadow:
    reach = spec.shadow_frac.at(u[0]) * thick_px
    blur, opacity = spec.shadow_blur_frac.at(u[1]) * thick_px, spec.shadow_opacity.at(u[2])
    return Shadow(round((2.0 * u[3] - 1.0) * reach), max(1, round((0.3 + 0.7 * u[4]) * reach)), blur, opacity)


def _fill(draws: Draws, spec: InkSpec, surface: _Stretches, wanted: float, opacity: float) -> tuple[Color, float]:
    """Return the first colour drawn that reaches the contrast wanted, else the best of them all."""
    numbers = draws.units(4 * _CANDIDATES)
    best, best_contrast = _BLACK, -1.0
    for at in range(0, 4 * _CANDIDATES, 4):
        tone, a, b, c = numbers[at : at + 4]
        color = _color(_tone(spec.tones, tone), a, b, c)
        contrast = _contrast(color, surface, spec.lightness) * opacity
        if contrast >= wanted:
            return color, contrast
        if contrast > best_contrast:
            best, best_contrast = color, contrast
    for color in (_BLACK, _WHITE):
        contrast = _contrast(color, surface, spec.lightness) * opacity
        if contrast > best_contrast:
            best, best_contrast = color, contrast
    return best, best_contrast


def _contrast(color: Color, surface: _Stretches, lightness_floor: float) -> float:
    """Return the difference of a colour from the surface, delta E 1976, on the stretch of the line where it is least.

    Zero where the lightness alone differs too little: hue without lightness is lost on a reader, and in a gray copy.
    """
    lightness, green_red, blue_yellow = lab_of(color)
    least = 1e9
    for there, red_there, yellow_there in surface:
        lighter, redder, yellower = there - lightness, red_there - green_red, yellow_there - blue_yellow
        if -lightness_floor < lighter < lightness_floor:
            return 0.0
        square = lighter * lighter + redder * redder + yellower * yellower
        if square < least:
            least = square
    return math.sqrt(least)


def _probe(surface: Image) -> _Stretches:
    """Return the mean CIE Lab colours of some stretches along the surface, from pixels spread evenly over them."""
    lying = surface if surface.shape[1] >= surface.shape[0] else surface.transpose(1, 0, 2)
    height, width = lying.shape[:2]
    rows, columns = max(1, height // _PROBE_ROWS), max(1, width // _PROBE_COLUMNS)
    picked = lab(np.ascontiguousarray(lying[rows // 2 :: rows, columns // 2 :: columns]))
    return (np.add.reduce(picked, 0) * np.float32(1.0 / len(picked))).tolist()  # type: ignore[no-any-return]


def _tone(tones: dict[_Tone, float], unit: float) -> _Tone:
    at = unit * sum(tones.values())
    for name, weight in tones.items():
        at -= weight
        if at < 0:
            return name
    return next(iter(tones))


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
    low, falling, rising = (
        top * (1.0 - saturation),
        top * (1.0 - saturation * rest),
        top * (1.0 - saturation * (1.0 - rest)),
    )
    red, green, blue = (
        (top, rising, low),
        (falling, top, low),
        (low, top, rising),
        (low, falling, top),
        (rising, low, top),
        (top, low, falling),
    )[third % 6]
    return int(red), int(green), int(blue)


def _stroke_color(draws: Draws, fill: Color) -> tuple[Color, float]:
    """Return an outline colour that stands off the fill, and by how much."""
    tone, a, b, c = draws.units(4)
    bright = 0.299 * fill[0] + 0.587 * fill[1] + 0.114 * fill[2] > 128
    names: tuple[_Tone, _Tone] = ("dark", "light") if bright else ("light", "dark")
    color = _color("vivid" if tone < 0.2 else names[0], a, b, c)
    return color, difference(fill, color)
