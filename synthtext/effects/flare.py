"""Flare: more light than paper or sensor can bear."""

from __future__ import annotations

from typing import Annotated

import cv2
import numpy as np

from synthtext.effects.base import EffectSpec
from synthtext.effects.pixels import across, like, short_side
from synthtext.geometry import Image
from synthtext.spec import Range, Within

_COARSE = 4
# Below the first the text is as clear as before, above the second nothing is left of it: gray levels of veil.
_CLEAR, _BLIND = 90.0, 235.0


class Glare(EffectSpec):
    """A lamp or the sun mirrored in a glossy surface: a hot spot or a streak. It covers what it bleaches.

    Attributes:
        x, y: of its middle, as shares of the sides.
        radius_frac: as a share of the shorter side.
        stretch: 1 for a round spot, more for a streak.
        angle_deg: of the streak.
        strength: light of its middle; at 1 it is white whatever lies there.
    """

    x: Annotated[Range, Within(-1, 2)] = Range(-0.1, 1.1)
    y: Annotated[Range, Within(-1, 2)] = Range(-0.2, 1.2)
    radius_frac: Annotated[Range, Within(0.02, 4)] = Range(0.15, 0.7)
    stretch: Annotated[Range, Within(1, 20)] = Range(1, 5)
    angle_deg: Annotated[Range, Within(0, 180)] = Range(0, 180)
    strength: Annotated[Range, Within(0, 2)] = Range(0.3, 1.0)


def glare(
    image: Image, *, x: float, y: float, radius_frac: float, stretch: float, angle_deg: float, strength: float
) -> tuple[Image, Image]:
    """Return the image with light added round a spot, and how much of the contrast is lost to it."""
    height, width = image.shape[:2]
    # A spot is smooth, so a coarse picture of it does.
    coarse_hw = max(4, height // _COARSE), max(4, width // _COARSE)
    radius = max(0.5, radius_frac * short_side(image) * coarse_hw[0] / height)
    along = across(coarse_hw, angle_deg, x, y) * np.float32(1.0 / (radius * stretch))
    aside = across(coarse_hw, angle_deg + 90.0, x, y) * np.float32(1.0 / radius)
    square = along * along + aside * aside
    spot = np.exp(-0.7 * square) + 0.22 * np.exp(-0.12 * square)
    veil = np.minimum(spot * np.float32(255.0 * strength / 1.1), 255.0).astype(np.uint8)
    veil = cv2.resize(veil, (width, height), interpolation=cv2.INTER_CUBIC)  # type: ignore[assignment]
    lost = cv2.addWeighted(veil, 255.0 / (_BLIND - _CLEAR), veil, 0.0, -_CLEAR * 255.0 / (_BLIND - _CLEAR))
    return cv2.add(image, like(veil, image)), lost  # type: ignore[return-value]


class Bloom(EffectSpec):
    """Over-exposure: highlights clip, and their light spills over the edges of what is dark.

    Attributes:
        gain: of the exposure.
        spill: share of the clipped light that lands next to it.
        radius_frac: how far it spills, as a share of the shorter side.
    """

    gain: Annotated[Range, Within(1, 6)] = Range(1.2, 2.1)
    spill: Annotated[Range, Within(0, 2)] = Range(0.2, 0.7)
    radius_frac: Annotated[Range, Within(0.01, 0.5)] = Range(0.04, 0.14)


def bloom(image: Image, *, gain: float, spill: float, radius_frac: float) -> Image:
    """Return the image exposed too long."""
    height, width = image.shape[:2]
    half_wh = max(4, width // 2), max(4, height // 2)
    bright = cv2.resize(image, half_wh, interpolation=cv2.INTER_AREA)
    # Only what a sensor's well cannot hold spills out of it.
    excess = cv2.addWeighted(bright, gain, bright, 0.0, -190.0)
    glow = cv2.GaussianBlur(excess, (0, 0), max(0.5, radius_frac * min(half_wh)))
    spread = cv2.resize(glow, (width, height), interpolation=cv2.INTER_LINEAR)
    return cv2.addWeighted(image, gain, spread, spill, 0.0)  # type: ignore[return-value]
