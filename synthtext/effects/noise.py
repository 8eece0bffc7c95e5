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

_BANK_HW = (640, 2816)
_BANK_SIGMA = 32.0


class Noise(EffectSpec):
    """Sensor noise.

    Attributes:
        sigma: standard deviation, gray levels.
        color: 0 for noise of brightness alone, 1 for noise of each channel by itself; above 0.5 counts as 1.
        at_x, at_y: where the bank is cut, as shares of the free room; leave them at [0, 1].
    """

    sigma: Annotated[Range, Within(0, 100)] = Range(2.0, 14.0)
    color: Annotated[Range, Within(0, 1)] = Range(0, 1)
    at_x: Annotated[Range, Within(0, 1)] = Range(0, 1)
    at_y: Annotated[Range, Within(0, 1)] = Range(0, 1)


def add_noise(image: Image, *, sigma: float, color: float, at_x: float, at_y: float) -> Image:
    """Return the image with Gaussian noise added, saturating."""
    height, width = image.shape[:2]
    bank = _bank(image.ndim == 3, color > 0.5)
    if height > bank.shape[0] or width > bank.shape[1]:
        repeats = (-(-height // bank.shape[0]), -(-width // bank.shape[1]))
        bank = np.tile(bank, (*repeats, 1) if bank.ndim == 3 else repeats)
    y = int(at_y * (bank.shape[0] - height + 1 - 1e-9))
    x = int(at_x * (bank.shape[1] - width + 1 - 1e-9))
    strength = sigma / _BANK_SIGMA
    cut = bank[y : y + height, x : x + width]
    return cv2.addWeighted(image, 1.0, cut, strength, -128.0 * strength)  # type: ignore[return-value]


@lru_cache(maxsize=4)
def _bank(channels: bool, color: bool) -> Image:
    rng = Generator(Philox(key=20_241_127))
    if not channels:
        return _bytes(rng, _BANK_HW)
    if color:
        return _bytes(rng, (*_BANK_HW, 3))
    return cv2.cvtColor(_bytes(rng, _BANK_HW), cv2.COLOR_GRAY2RGB)  # type: ignore[return-value]


def _bytes(rng: Generator, shape: tuple[int, ...]) -> Image:
    values = rng.standard_normal(shape, np.float32) * np.float32(_BANK_SIGMA) + np.float32(128.0)
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)
