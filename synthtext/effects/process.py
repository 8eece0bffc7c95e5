"""Process: what software does to a picture after it was taken."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated

import cv2
import numpy as np

from synthtext.effects.base import EffectSpec
from synthtext.effects.pixels import like
from synthtext.geometry import Image
from synthtext.spec import Range, Within

_BAYER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.uint8)


class Sharpen(EffectSpec):
    """Sharpening that went too far: halos along edges.

    Attributes:
        amount: of what is taken from the neighbours.
        radius_px: of the halo.
    """

    amount: Annotated[Range, Within(0, 10)] = Range(0.7, 3)
    radius_px: Annotated[Range, Within(0.3, 10)] = Range(0.7, 2)


def sharpen(image: Image, *, amount: float, radius_px: float) -> Image:
    """Return the image after an unsharp mask."""
    size = 2 * round(2.0 * radius_px) + 1
    soft = cv2.GaussianBlur(image, (max(3, size), max(3, size)), radius_px)
    return cv2.addWeighted(image, 1.0 + amount, soft, -amount, 0.0)  # type: ignore[return-value]


class Posterise(EffectSpec):
    """A picture of few colours, such as a GIF: bands, or dots where it was dithered.

    Attributes:
        levels: of each channel.
        dither: how much of a level the pattern adds; 0 for bands.
    """

    levels: Annotated[Range, Within(2, 64)] = Range(3, 10)
    dither: Annotated[Range, Within(0, 1)] = Range(0, 1)


def posterise(image: Image, *, levels: float, dither: float) -> Image:
    """Return the image in a few levels of each channel, dithered by Bayer's matrix."""
    height, width = image.shape[:2]
    steps = max(1, round(levels) - 1)
    if dither > 0.05:
        pattern = np.tile(_BAYER, (-(-height // 4), -(-width // 4)))[:height, :width]
        span = dither * 255.0 / steps
        image = cv2.addWeighted(image, 1.0, like(pattern, image), span / 16.0, -span * 7.5 / 16.0)  # type: ignore[assignment]
    return cv2.LUT(image, _stairs(steps))  # type: ignore[return-value]


@lru_cache(maxsize=64)
def _stairs(steps: int) -> Image:
    table: Image = np.rint(np.rint(np.arange(256) * (steps / 255.0)) * (255.0 / steps)).astype(np.uint8)
    return table
