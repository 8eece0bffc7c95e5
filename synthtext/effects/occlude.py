"""Occlude: thin things that cross the text."""

from __future__ import annotations

from typing import Annotated

import cv2
import numpy as np

from synthtext.effects.base import EffectSpec
from synthtext.geometry import Image
from synthtext.spec import Range, Within

_SUBPIXEL_BITS = 4


class Lines(EffectSpec):
    """A scratch, a wire or a pen stroke across the picture.

    Attributes:
        start, end: where it enters and leaves, as shares of the height (of the width in tall pictures).
        thickness_frac: as a share of the shorter side.
        value: gray level of the line.
        hue: shifts the gray towards a colour.
    """

    start: Annotated[Range, Within(-0.5, 1.5)] = Range(0.05, 0.95)
    end: Annotated[Range, Within(-0.5, 1.5)] = Range(0.05, 0.95)
    thickness_frac: Annotated[Range, Within(0, 0.2)] = Range(0.012, 0.04)
    value: Annotated[Range, Within(0, 255)] = Range(0, 255)
    hue: Annotated[Range, Within(-1, 1)] = Range(-1, 1)


def cross(
    image: Image, *, start: float, end: float, thickness_frac: float, value: float, hue: float
) -> tuple[Image, Image]:
    """Return the image with one straight line from edge to edge, and what the line covers."""
    height, width = image.shape[:2]
    unit = 1 << _SUBPIXEL_BITS
    if width >= height:
        ends = ((0, round(start * height * unit)), (width * unit, round(end * height * unit)))
    else:
        ends = ((round(start * width * unit), 0), (round(end * width * unit), height * unit))
    color = (value, max(0.0, value - 60.0 * abs(hue)), max(0.0, value - 80.0 * max(0.0, hue)))
    thickness = max(1, round(thickness_frac * min(height, width)))
    drawn = image.copy()
    cv2.line(drawn, *ends, color[: 3 if image.ndim == 3 else 1], thickness, cv2.LINE_AA, _SUBPIXEL_BITS)
    cover = np.zeros((height, width), np.uint8)
    cv2.line(cover, *ends, 255, thickness, cv2.LINE_AA, _SUBPIXEL_BITS)
    return drawn, cover
