"""Focus: blur of the lens and of motion, and detail lost by scaling down and up."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Annotated

import cv2
import numpy as np
from numpy.typing import NDArray

from synthtext.bilinear import resized
from synthtext.effects.base import EffectSpec
from synthtext.geometry import Image
from synthtext.spec import Range, Within


class Blur(EffectSpec):
    """Defocus.

    Attributes:
        sigma_frac: of the Gaussian, as a share of the picture's shorter side.
    """

    sigma_frac: Annotated[Range, Within(0, 0.2)] = Range(0.006, 0.026)


def blur(image: Image, *, sigma_frac: float) -> Image:
    """Return the image blurred by a Gaussian."""
    sigma = sigma_frac * min(image.shape[:2])
    if sigma < 0.2:
        return image
    size = 2 * math.ceil(1.8 * sigma) + 1
    return cv2.GaussianBlur(image, (size, size), sigma)  # type: ignore[return-value]


class MotionBlur(EffectSpec):
    """Camera or subject moving during the exposure.

    Attributes:
        length_frac: of the streak, as a share of the picture's shorter side.
        angle_deg: of the streak.
    """

    length_frac: Annotated[Range, Within(0, 0.5)] = Range(0.04, 0.14)
    angle_deg: Annotated[Range, Within(0, 180)] = Range(0, 180)


def motion_blur(image: Image, *, length_frac: float, angle_deg: float) -> Image:
    """Return the image smeared along a straight line."""
    length = length_frac * min(image.shape[:2])
    if length < 1.2:
        return image
    return cv2.filter2D(image, -1, _streak(round(length * 2) / 2, round(angle_deg / 7.5) * 7.5))  # type: ignore[return-value]


@lru_cache(maxsize=1024)
def _streak(length: float, angle_deg: float) -> NDArray[np.float32]:
    reach = math.ceil(length / 2)
    size = 2 * reach + 1
    kernel = np.zeros((size, size), np.float32)
    dx, dy = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    for step in np.linspace(-length / 2, length / 2, 8 * size):
        x, y = reach + step * dx, reach + step * dy
        left, top = math.floor(x), math.floor(y)
        for column, row in ((left, top), (left + 1, top), (left, top + 1), (left + 1, top + 1)):
            if 0 <= column < size and 0 <= row < size:
                kernel[row, column] += (1 - abs(x - column)) * (1 - abs(y - row))
    kernel /= kernel.sum()
    return kernel


class Resample(EffectSpec):
    """A picture that was once smaller.

    Attributes:
        scale: its former size.
    """

    scale: Annotated[Range, Within(0.1, 1)] = Range(0.4, 0.85)


def resample(image: Image, *, scale: float) -> Image:
    """Return the image scaled down and up again."""
    height, width = image.shape[:2]
    small = (max(4, round(width * scale)), max(4, round(height * scale)))
    # Area averaging at odd ratios is six times as slow as halving first and interpolating the rest.
    if scale < 0.6 and not (height % 2 or width % 2):
        image = cv2.resize(image, (width // 2, height // 2), interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    return resized(resized(image, small), (width, height))
