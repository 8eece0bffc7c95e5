"""Light: uneven lighting, exposure and contrast, colour casts."""

from __future__ import annotations

import math
from typing import Annotated

import cv2
import numpy as np

from synthtext.effects.base import EffectSpec
from synthtext.geometry import Image
from synthtext.spec import Range, Within


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
    across, down = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    x = _UNIT[None, :] * across
    y = _UNIT[:, None] * down
    ramp = (x + y) * (0.5 / (abs(across) + abs(down))) + 0.5
    ramp = (1.0 - bend) * ramp + bend * (1.0 - np.abs(2.0 * ramp - 1.0))
    small = np.clip((dark + (bright - dark) * ramp) * 128.0 + 0.5, 0, 255).astype(np.uint8)
    gain = cv2.resize(small, (image.shape[1], image.shape[0]), interpolation=cv2.INTER_LINEAR)
    if image.ndim == 3:
        gain = cv2.cvtColor(gain, cv2.COLOR_GRAY2RGB)
    return cv2.multiply(image, gain, scale=1.0 / 128.0)  # type: ignore[return-value]


_UNIT = np.linspace(-1.0, 1.0, 8)


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
    """Return the image with each channel multiplied; a gray image is returned as it is."""
    if image.ndim == 2:
        return image
    return cv2.transform(image, np.diag(np.array([red, green, blue], np.float32)))  # type: ignore[return-value]
