"""Air: what drifts or falls between the text and the camera."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Annotated

import cv2
import numpy as np
from numpy.random import Generator, Philox

from synthtext.effects.banks import clouds, cut
from synthtext.effects.base import EffectSpec
from synthtext.effects.pixels import laid, looked_up, short_side
from synthtext.geometry import Image
from synthtext.spec import Range, Within

_UNIT = np.linspace(0.0, 1.0, 256)
_RAIN_SIDE = 512
_TILT_STEP_DEG = 6.0


class Veil(EffectSpec):
    """Fog, steam or a dirty pane: a pale veil, thicker here and thinner there.

    Attributes:
        density: share of the light that is the veil's own.
        patches: 0 for an even veil, 1 for one with holes.
        size_frac: of the swaths, as a share of the shorter side.
        value: its brightness.
        at_x, at_y: where the pattern is cut; leave them at [0, 1].
    """

    density: Annotated[Range, Within(0, 0.95)] = Range(0.2, 0.6)
    patches: Annotated[Range, Within(0, 1)] = Range(0, 0.9)
    size_frac: Annotated[Range, Within(0.1, 10)] = Range(0.8, 3)
    value: Annotated[Range, Within(0, 255)] = Range(170, 240)
    at_x: Annotated[Range, Within(0, 1)] = Range(0, 1)
    at_y: Annotated[Range, Within(0, 1)] = Range(0, 1)


def veil(
    image: Image, *, density: float, patches: float, size_frac: float, value: float, at_x: float, at_y: float
) -> Image:
    """Return the image behind a veil."""
    pattern = cut(clouds(2), image.shape[:2], at_x, at_y, size_frac * short_side(image) / 64.0)
    alpha = cv2.LUT(pattern, np.rint(255.0 * density * (1.0 - patches * _UNIT)).astype(np.uint8))
    level = round(value)
    return laid(image, alpha, (level, level, level))  # type: ignore[arg-type]


class Rain(EffectSpec):
    """Streaks of rain.

    Attributes:
        amount: share of the streaks that are there, of a cloudburst's.
        tilt_deg: of the streaks from the vertical.
        strength: how bright they are.
        at_x, at_y: where the pattern is cut; leave them at [0, 1].
    """

    amount: Annotated[Range, Within(0, 1)] = Range(0.2, 0.9)
    tilt_deg: Annotated[Range, Within(-36, 36)] = Range(-24, 24)
    strength: Annotated[Range, Within(0, 1)] = Range(0.25, 0.7)
    at_x: Annotated[Range, Within(0, 1)] = Range(0, 1)
    at_y: Annotated[Range, Within(0, 1)] = Range(0, 1)


def rain(image: Image, *, amount: float, tilt_deg: float, strength: float, at_x: float, at_y: float) -> Image:
    """Return the image behind falling drops, each smeared by the exposure."""
    bank = _streaks(round(tilt_deg / _TILT_STEP_DEG))
    pattern = cut(bank, image.shape[:2], at_x, at_y, max(0.6, short_side(image) / 96.0) if image.size < 10**6 else 2.0)
    # A streak's level is its rank: with a lower threshold more of them show.
    table = np.clip((_UNIT - (1.0 - amount)) * 3.0, 0.0, 1.0) * strength * 255.0
    alpha = looked_up(pattern, table, pattern)
    return laid(image, alpha, (226, 230, 236))


@lru_cache(maxsize=16)
def _streaks(tilt: int) -> Image:
    numbers = Generator(Philox(key=88_001))
    side = _RAIN_SIDE
    bank = np.zeros((2 * side, 2 * side), np.uint8)
    slope = math.tan(math.radians(tilt * _TILT_STEP_DEG))
    for x, y, length, level in numbers.random((700, 4)):
        drop = 14.0 + 46.0 * length
        layer_x, layer_y = x * side, y * side
        for right in (0, side):
            for down in (0, side):
                start = (round((layer_x + right) * 16), round((layer_y + down) * 16))
                end = (round((layer_x + right + slope * drop) * 16), round((layer_y + down + drop) * 16))
                cv2.line(bank, start, end, 40 + 215 * level, 1, cv2.LINE_AA, 4)
    # Drawn on two sides each way, the bank's middle holds what left it at the edges.
    folded = np.maximum.reduce([bank[:side, :side], bank[side:, :side], bank[:side, side:], bank[side:, side:]])
    return np.tile(folded, (2, 2))
