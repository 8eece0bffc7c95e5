"""Accents: text colours that belong to what they lie on, found in a photograph or derived from a surface's hue."""

from __future__ import annotations

import math
from collections.abc import Sequence

from synthtext.color import lab_of, rgb_of
from synthtext.contrast import Rules, Stretch, contrast
from synthtext.geometry import Image
from synthtext.values import Color

_PLACES = 3
# Steps of the R2 sequence (Roberts 2018): any few places lie far from each other.
_STEP_X, _STEP_Y = 0.7548776662466927, 0.5698402909980532
_FOUND, _OPPOSITE, _NEAR = 0.5, 0.68, 0.84
_LIGHTEST, _DARKEST = 97.0, 5.0
_NEUTRAL = 6.0


def accent(
    numbers: Sequence[float], whole: Image | None, surface: list[Stretch], rules: Rules, wanted: float
) -> tuple[Color, float] | None:
    """Return a colour that goes with the surface and its contrast; None where none reaches the contrast wanted.

    Half of those on photographs are colours of the photograph, as found or, where no place of it is far enough from
    the surface, lighter or darker. The others are the opposite hue, a neighbouring hue, or the surface's own hue.

    Args:
        numbers: seven of [0, 1).
        whole: (H, W, 3) uint8 RGB, a small copy of the photograph; None on surfaces made by rule.
    """
    way, x, y, light, strong, turn, hue = numbers[:7]
    if whole is None:
        a, b = _mean_hue(surface)
        way = _FOUND + (1.0 - _FOUND) * way
    else:
        height, width = whole.shape[:2]
        a, b = _mean_hue(surface) if way >= _NEAR else lab_of(_pixel(whole, int(x * width), int(y * height)))[1:]
        if way < _FOUND:
            for step in range(_PLACES):
                column, row = (x + step * _STEP_X) % 1.0 * width, (y + step * _STEP_Y) % 1.0 * height
                color = _pixel(whole, int(column), int(row))
                found = contrast(color, surface, rules, wanted)
                if found >= wanted:
                    return color, found
            return at_distance(a, b, surface, rules, wanted, light)
    if way < _NEAR:
        a, b = _turned(a, b, math.pi if way < _OPPOSITE else (turn - 0.5) * 2.0, strong, hue)
    else:
        a, b = a * (0.5 + strong), b * (0.5 + strong)
    return at_distance(a, b, surface, rules, wanted, light)


def at_distance(
    a: float, b: float, surface: list[Stretch], rules: Rules, wanted: float, unit: float
) -> tuple[Color, float] | None:
    """Return a colour of this hue that is so much lighter or darker than all of a surface that it can be read.

    Args:
        a, b: of CIE Lab; made weaker where the colour would not exist.
        unit: of [0, 1), where the lightness lies among all that will do; most lie not far beyond what was wanted.
    """
    need = max(wanted, rules.lightness, rules.vivid_lightness)
    above = max([there + lost for there, _, _, lost in surface]) + need
    below = min([there - lost for there, _, _, lost in surface]) - need
    lighter, darker = max(0.0, _LIGHTEST - above), max(0.0, below - _DARKEST)
    room = lighter + darker
    if room <= 0.0:
        return None
    along = unit * room
    if along < lighter:
        lightness = above + along * along / lighter
    else:
        lightness = below - (along - lighter) * (along - lighter) / darker
    for strength in (1.0, 0.4):
        color = rgb_of(lightness, a * strength, b * strength)
        found = contrast(color, surface, rules, wanted)
        if found >= wanted:
            return color, found
    return None


def _mean_hue(surface: list[Stretch]) -> tuple[float, float]:
    share = 1.0 / len(surface)
    return sum([red for _, red, _, _ in surface]) * share, sum([yellow for _, _, yellow, _ in surface]) * share


def _turned(a: float, b: float, angle: float, strong: float, hue: float) -> tuple[float, float]:
    """Return a hue turned by an angle (radians) and made strong; a gray has no hue, so any will do."""
    chroma = math.hypot(a, b)
    at = math.atan2(b, a) + angle if chroma > _NEUTRAL else 2.0 * math.pi * hue
    chroma = max(15.0, chroma) + 45.0 * strong * strong
    return chroma * math.cos(at), chroma * math.sin(at)


def _pixel(image: Image, column: int, row: int) -> Color:
    red, green, blue = image[row, column].tolist()
    return red, green, blue
