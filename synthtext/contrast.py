"""How well a colour can be read on a surface: CIE Lab differences on every stretch of a line, in plain Python."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from synthtext.color import lab_of
from synthtext.geometry import Image
from synthtext.native import native
from synthtext.values import Color

_ACROSS = 12
"""Pixels that are looked at on each stretch, in a row across the line."""
_LEAST, _MOST, _DENSITY = 3, 24, 1.3
"""Stretches: the fewest, the most, and how many for each square as wide as the line is thick."""
# OpenCV codes L as 0..255 and shifts a and b by 128.
_L_UNIT, _AB_UNIT = 100.0 / 255.0 / _ACROSS, 1.0 / _ACROSS
_VIVID = 30.0 * 30.0
"""Square of the chroma from which a colour is strong enough to flicker beside another strong one."""
_OTHER_HUE = 0.64
"""Cosine of the angle (50 degrees) from which two hues are different ones."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What makes text illegible.

    Attributes:
        lightness: less difference in lightness (L, 0 to 100) than this is no contrast at all: hue without lightness
            is lost on a reader, and in a gray copy.
        vivid_lightness: the same for two strong colours of different hues, which flicker (red on blue).
        busy: how much of the contrast a restless surface takes, times the deviation of its lightness.
    """

    lightness: float
    vivid_lightness: float = 0.0
    busy: float = 0.0


Stretch = tuple[float, float, float, float]
"""L, a, b of a stretch of a surface, and the contrast that its restlessness takes."""


def probe(surface: Image, busy: float, uniform: bool = False) -> list[Stretch]:
    """Return some stretches along the surface, about one for each character of a line, from pixels spread over them.

    Args:
        surface: (H, W, 3) uint8 RGB.
        busy: as in `Rules`.
        uniform: the surface is much the same all along; half as many stretches will do.
    """
    height, width = surface.shape[:2]
    lying = width >= height
    count = min(
        _MOST, _LEAST + int((0.5 * _DENSITY if uniform else _DENSITY) * (width / height if lying else height / width))
    )
    size_wh = (count, _ACROSS) if lying else (_ACROSS, count)
    picked = cv2.cvtColor(cv2.resize(surface, size_wh, interpolation=cv2.INTER_NEAREST_EXACT), cv2.COLOR_RGB2Lab)
    if native is not None:
        return native.stretches(picked, lying, busy, _ACROSS)
    return plain_stretches(picked, lying, busy)


def plain_stretches(picked: MatLike, lying: bool, busy: float) -> list[Stretch]:
    """Return the stretches of some pixels in CIE Lab, as OpenCV codes it, in Python."""
    sums: list[list[int]] = _summed(picked, lying, cv2.REDUCE_SUM).tolist()
    if not busy:
        return [
            (light * _L_UNIT, red * _AB_UNIT - 128.0, yellow * _AB_UNIT - 128.0, 0.0) for light, red, yellow in sums
        ]
    stretches = []
    squares: list[int] = _summed(picked, lying, cv2.REDUCE_SUM2)[:, 0].tolist()
    for (light, red, yellow), square in zip(sums, squares, strict=True):
        spread = square * _ACROSS - light * light  # of whole numbers: never below 0
        lost = busy * _L_UNIT * math.sqrt(spread)
        stretches.append((light * _L_UNIT, red * _AB_UNIT - 128.0, yellow * _AB_UNIT - 128.0, lost))
    return stretches


def even(color: Color) -> list[Stretch]:
    """Return the one stretch of a surface of one colour."""
    return [(*lab_of(color), 0.0)]


def _summed(picked: MatLike, lying: bool, how: int) -> NDArray[np.int32]:
    """Return (N, 3) sums over each of a line's stretches."""
    return cv2.reduce(picked, 0 if lying else 1, how, dtype=cv2.CV_32S).reshape(-1, 3)  # type: ignore[return-value]


def contrast(color: Color, surface: list[Stretch], rules: Rules, wanted: float = 0.0) -> float:
    """Return the difference of a colour from the surface, delta E 1976, on the stretch where it is least.

    Less what a restless surface takes, and never below 0. Zero where a rule says that it cannot be read.

    Args:
        wanted: less than this is of no use; what is returned then is only known to be less.
    """
    if native is not None:
        return native.contrast(lab_of(color), surface, rules.lightness, rules.vivid_lightness, wanted)
    return plain_contrast(color, surface, rules, wanted)


def plain_contrast(color: Color, surface: list[Stretch], rules: Rules, wanted: float = 0.0) -> float:
    """As `contrast`, in Python."""
    lightness, a, b = lab_of(color)
    limit = rules.lightness
    vivid = a * a + b * b > _VIVID
    reach = max(limit, rules.vivid_lightness) if vivid else limit
    least = 1e9
    for there, red, yellow, lost in surface:
        lighter, redder, yellower = there - lightness, red - a, yellow - b
        if -reach < lighter < reach and (-limit < lighter < limit or _flickers(a, b, red, yellow)):
            return 0.0
        found = math.sqrt(lighter * lighter + redder * redder + yellower * yellower) - lost
        if found < least:
            if found < wanted:
                return max(0.0, found)
            least = found
    return max(0.0, least)


def _flickers(a: float, b: float, red: float, yellow: float) -> bool:
    """Return whether a surface is as strong a colour as the text, which is one, and of another hue."""
    chroma = red * red + yellow * yellow
    return chroma > _VIVID and a * red + b * yellow < _OTHER_HUE * math.sqrt(chroma * (a * a + b * b))
