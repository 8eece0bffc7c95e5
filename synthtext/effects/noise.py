"""Noise of the sensor, cut out of banks that are made once: drawing it afresh costs twenty times as much."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated

import cv2
import numpy as np
from numpy.random import Generator, Philox

from synthtext.effects.base import EffectSpec
from synthtext.geometry import Image
from synthtext.spec import Range, Within

_BANK_PIXELS = 700_000
_FINE = 4096.0
_BANK_SIGMA = 32.0


class Noise(EffectSpec):
    """Sensor noise.

    Attributes:
        sigma: standard deviation, gray levels.
        color: 0 for noise of brightness alone, 1 for noise of each channel by itself; above 0.5 counts as 1.
        at_x, at_y: where the bank is cut, coarsely and finely; leave them at [0, 1].
    """

    sigma: Annotated[Range, Within(0, 100)] = Range(2.0, 14.0)
    color: Annotated[Range, Within(0, 1)] = Range(0, 1)
    at_x: Annotated[Range, Within(0, 1)] = Range(0, 1)
    at_y: Annotated[Range, Within(0, 1)] = Range(0, 1)


def add_noise(image: Image, *, sigma: float, color: float, at_x: float, at_y: float) -> Image:
    """Return the image with Gaussian noise added, saturating."""
    bank = _bank(image.ndim == 3, color > 0.5)
    pixel = image.shape[2] if image.ndim == 3 else 1
    if image.size > bank.size // 2:
        bank = _tiled(image.ndim == 3, color > 0.5, 2 * image.size // bank.size + 1)
    # Every value is independent of its neighbours, so a stretch of the flat bank serves for any shape; and a stretch
    # is read from memory in one go, which a window is not.
    start = int((at_x + at_y / _FINE) % 1.0 * ((bank.size - image.size) // pixel + 1)) * pixel
    strength = sigma / _BANK_SIGMA
    cut = bank[start : start + image.size].reshape(image.shape)
    return cv2.addWeighted(image, 1.0, cut, strength, -128.0 * strength)  # type: ignore[return-value]


@lru_cache(maxsize=4)
def _tiled(channels: bool, color: bool, times: int) -> Image:
    """Return the bank several times over, for pages."""
    return np.tile(_bank(channels, color), times)


@lru_cache(maxsize=4)
def _bank(channels: bool, color: bool) -> Image:
    """Return (n,) uint8 noise of mean 128; `color` decides whether the three values of a pixel differ."""
    rng = Generator(Philox(key=20_241_127))
    count = _BANK_PIXELS * 3 if channels and color else _BANK_PIXELS
    values = rng.standard_normal(count, np.float32) * np.float32(_BANK_SIGMA) + np.float32(128.0)
    gray = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    return np.repeat(gray, 3) if channels and not color else gray
