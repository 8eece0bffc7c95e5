"""How hard a crop is to read, measured from its pixels alone.

The pixels are split in two, ink and ground, along the colour axis on which they differ most. From that come
contrast, sharpness and clutter; noise and size are looked at apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from synthtext.color import lab
from synthtext.geometry import Floats, Image

# (easy, hard): at or beyond the first a measure adds nothing to the difficulty, at or beyond the second its
# whole weight.
_CONTRAST = (50.0, 10.0)
_SHARPNESS = (0.95, 0.2)
_CLUTTER = (0.15, 0.4)
_NOISE = (0.03, 0.30)
_SIDE_PX = (32.0, 10.0)
_WEIGHTS = (0.75, 0.75, 0.5, 0.45, 0.45)


@dataclass(frozen=True, slots=True)
class Measure:
    """What one crop looks like.

    Attributes:
        contrast: CIE Lab difference (delta E 1976) between the mean colours of ink and ground.
        sharpness: slope of the steepest edges as a share of that contrast; 1 for a step within one pixel.
        clutter: share of the variance that the split into ink and ground does not explain; 0.36 for one hump.
        noise: standard deviation of pixel noise, in units of L (0..100).
        difficulty: 0 easy .. 1 hard, see `difficulty`.
    """

    contrast: float
    sharpness: float
    clutter: float
    noise: float
    difficulty: float


def measure(image: Image) -> Measure:
    """Return the measures of a crop, (H, W, 3) uint8 RGB."""
    colors = lab(image)
    axis, share = _main_axis(colors)
    ink = _ink(axis)
    contrast, clutter = _apart(colors, ink), 1.0 - share * _explained(axis, ink)
    slope = _steepest(axis)
    sharpness = min(1.0, 2.0 * slope / contrast) if contrast > 0 else 0.0
    noise = _noise(colors[..., 0])
    hard = difficulty(contrast, sharpness, clutter, noise, min(image.shape[:2]))
    return Measure(contrast, sharpness, clutter, noise, hard)


def difficulty(contrast: float, sharpness: float, clutter: float, noise: float, side_px: float) -> float:
    """Return how hard a crop is, 0..1: one minus the product of what each flaw leaves.

    difficulty = 1 - (1 - 0.75 c) (1 - 0.75 s) (1 - 0.5 b) (1 - 0.45 n) (1 - 0.45 h), where each letter runs
    linearly from 0 (harmless) to 1 (as bad as it gets): c for contrast from delta E 50 down to 10, s for
    sharpness from 0.95 down to 0.2, b for clutter from 0.15 up to 0.4, n for noise from 3 % to 30 % of
    the contrast, h for the shorter side from 32 px down to 10 px. One bad flaw is therefore enough to make
    a crop hard.
    """
    noisy = noise / contrast if contrast > 0 else 1.0
    values = (contrast, sharpness, clutter, noisy, side_px)
    left = 1.0
    for value, (easy, hard), weight in zip(
        values, (_CONTRAST, _SHARPNESS, _CLUTTER, _NOISE, _SIDE_PX), _WEIGHTS, strict=True
    ):
        left *= 1.0 - weight * min(1.0, max(0.0, (value - easy) / (hard - easy)))
    return 1.0 - left


def _main_axis(colors: Floats) -> tuple[Floats, float]:
    """Return each pixel's place (H, W) on the axis of greatest variance, and its share of all variance."""
    pixels = colors.reshape(-1, 3).astype(np.float64)
    centred = pixels - pixels.mean(axis=0)
    values, vectors = np.linalg.eigh(centred.T @ centred)
    total = float(values.sum())
    along = (centred @ vectors[:, -1]).reshape(colors.shape[:2]).astype(np.float32)
    return along, float(values[-1]) / total if total > 0 else 0.0


def _ink(axis: Floats) -> NDArray[np.bool_]:
    """Return which pixels lie on the upper side of Otsu's threshold."""
    low, high = float(axis.min()), float(axis.max())
    if high <= low:
        return np.zeros(axis.shape, bool)
    steps = ((axis - low) * (255.0 / (high - low))).astype(np.uint8)
    _, split = cv2.threshold(steps, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    return np.asarray(split > 0)


def _apart(colors: Floats, ink: NDArray[np.bool_]) -> float:
    if not ink.any() or ink.all():
        return 0.0
    return float(np.linalg.norm(colors[ink].mean(axis=0) - colors[~ink].mean(axis=0)))


def _explained(axis: Floats, ink: NDArray[np.bool_]) -> float:
    """Return the share of the axis's variance that lies between the two classes."""
    total = float(axis.var())
    if total <= 0 or not ink.any() or ink.all():
        return 0.0
    share = float(ink.mean())
    between = share * (1.0 - share) * float(axis[ink].mean() - axis[~ink].mean()) ** 2
    return between / total


def _steepest(axis: Floats) -> float:
    """Return the mean slope of the steepest twentieth of the pixels, a pixel's difference."""
    if min(axis.shape) < 3:
        return 0.0
    across = (axis[1:-1, 2:] - axis[1:-1, :-2]) * np.float32(0.5)
    down = (axis[2:, 1:-1] - axis[:-2, 1:-1]) * np.float32(0.5)
    slopes = np.sort(np.hypot(across, down), axis=None)
    return float(slopes[-max(1, slopes.size // 20) :].mean())


def _noise(lightness: Floats) -> float:
    """Return the noise from the median of the finest diagonal wavelet band (Donoho and Johnstone, 1994)."""
    height, width = lightness.shape[0] // 2 * 2, lightness.shape[1] // 2 * 2
    if not height or not width:
        return 0.0
    even, odd = lightness[:height:2, :width], lightness[1:height:2, :width]
    diagonal = (even[:, ::2] - even[:, 1::2] - odd[:, ::2] + odd[:, 1::2]) * np.float32(0.5)
    return float(np.median(np.abs(diagonal))) / 0.6745
