"""Light: uneven lighting, exposure and contrast, colour casts."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Annotated

import cv2
import numpy as np

from synthtext.effects.base import EffectSpec
from synthtext.geometry import Image
from synthtext.spec import Range, Within

_ANGLE_STEP_DEG = 7.5
_BENDS = 8


class Shade(EffectSpec):
    """Light that falls off across the picture.

    Attributes:
        dark, bright: gain at the two ends.
        angle_deg: direction of the fall.
    """

    dark: Annotated[Range, Within(0.2, 1.5)] = Range(0.6, 0.95)
    bright: Annotated[Range, Within(0.5, 1.8)] = Range(0.95, 1.15)
    angle_deg: Annotated[Range, Within(0, 360)] = Range(0, 360)
    bend: Annotated[Range, Within(0, 1)] = Range(0, 1)


def shade(image: Image, *, dark: float, bright: float, angle_deg: float, bend: float) -> Image:
    """Return the image under a gain that runs from `dark` to `bright` along an angle.

    Args:
        bend: 0 for a straight ramp, 1 for a pool of light in the middle of the ramp.
    """
    ramp = _ramp(round(angle_deg / _ANGLE_STEP_DEG), round(bend * _BENDS))
    small = cv2.convertScaleAbs(ramp, alpha=(bright - dark) * 128.0 / 255.0, beta=dark * 128.0)
    gain = cv2.resize(small, (image.shape[1], image.shape[0]), interpolation=cv2.INTER_LINEAR)
    if image.ndim == 3:
        gain = cv2.cvtColor(gain, cv2.COLOR_GRAY2RGB)
    return cv2.multiply(image, gain, scale=1.0 / 128.0)  # type: ignore[return-value]


@lru_cache(maxsize=1024)
def _ramp(angle: int, bend: int) -> Image:
    """Return a small ramp from 0 to 255 along an angle (in steps), more or less folded into a ridge."""
    across = math.cos(math.radians(angle * _ANGLE_STEP_DEG))
    down = math.sin(math.radians(angle * _ANGLE_STEP_DEG))
    unit = np.linspace(-1.0, 1.0, 8)
    ramp = (unit[None, :] * across + unit[:, None] * down) * (0.5 / (abs(across) + abs(down))) + 0.5
    share = bend / _BENDS
    ramp = (1.0 - share) * ramp + share * (1.0 - np.abs(2.0 * ramp - 1.0))
    return np.rint(ramp * 255.0).astype(np.uint8)


class Exposure(EffectSpec):
    """Brightness and contrast of the camera.

    Attributes:
        gain: contrast about middle gray.
        bias: brightness added, gray levels.
    """

    gain: Annotated[Range, Within(0.1, 4)] = Range(0.7, 1.25)
    bias: Annotated[Range, Within(-200, 200)] = Range(-30, 30)


def expose(image: Image, *, gain: float, bias: float) -> Image:
    """Return the image with its contrast about middle gray multiplied and its brightness shifted, saturating."""
    return cv2.addWeighted(image, gain, image, 0.0, 128.0 * (1.0 - gain) + bias)  # type: ignore[return-value]


class Tint(EffectSpec):
    """A colour cast: the gain of each channel.

    Attributes:
        red, green, blue: gains.
    """

    red: Annotated[Range, Within(0.3, 2)] = Range(0.85, 1.12)
    green: Annotated[Range, Within(0.3, 2)] = Range(0.9, 1.08)
    blue: Annotated[Range, Within(0.3, 2)] = Range(0.82, 1.12)


def tint(image: Image, *, red: float, green: float, blue: float) -> Image:
    """Return the image with each channel multiplied; gray gets the gain that gray things would get."""
    if image.ndim == 2:
        return cv2.convertScaleAbs(image, alpha=0.299 * red + 0.587 * green + 0.114 * blue)  # type: ignore[return-value]
    return cv2.transform(image, np.diag(np.array([red, green, blue], np.float32)))  # type: ignore[return-value]
