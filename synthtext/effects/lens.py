"""Lens: what glass does to a picture beside being out of focus."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Annotated

import cv2
import numpy as np

from synthtext.effects.base import EffectSpec
from synthtext.effects.pixels import ONE, gained
from synthtext.geometry import Image
from synthtext.spec import Range, Within

_GRID = 16


class Chromatic(EffectSpec):
    """Lateral chromatic aberration: red and blue are imaged at other sizes than green.

    Attributes:
        shift_px: how far red and blue stray from green.
        angle_deg: direction in which it does.
        radial: 0 for a cut out of a larger picture, where all strays one way; 1 for a whole one, where it grows from
            the middle.
    """

    shift_px: Annotated[Range, Within(0, 12)] = Range(0.4, 1.6)
    angle_deg: Annotated[Range, Within(0, 360)] = Range(0, 360)
    radial: Annotated[Range, Within(0, 1)] = Range(0, 0.4)


def chromatic(image: Image, *, shift_px: float, angle_deg: float, radial: float) -> Image:
    """Return the image with coloured fringes; of a gray image, with the edges that a mono sensor gets."""
    height, width = image.shape[:2]
    turn = math.radians(angle_deg)
    red, green, blue = cv2.split(image) if image.ndim == 3 else (image, image, image)
    moved = []
    for plane, sign in ((red, 1.0), (blue, -1.0)):
        growth = sign * shift_px * radial / (0.5 * math.hypot(width, height))
        matrix = np.array([[1.0 + growth, 0.0, 0.0], [0.0, 1.0 + growth, 0.0]])
        matrix[0, 2] = sign * shift_px * (1.0 - radial) * math.cos(turn) - growth * (width - 1) / 2.0
        matrix[1, 2] = sign * shift_px * (1.0 - radial) * math.sin(turn) - growth * (height - 1) / 2.0
        moved.append(
            cv2.warpAffine(plane, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        )
    if image.ndim == 3:
        return cv2.merge((moved[0], green, moved[1]))  # type: ignore[return-value]
    outer = cv2.addWeighted(moved[0], 0.72, moved[1], 0.28, 0.0)
    return cv2.addWeighted(outer, 0.413, green, 0.587, 0.0)  # type: ignore[return-value]


class Vignette(EffectSpec):
    """Corners that get less light.

    Attributes:
        strength: share of the light that the farthest corner lacks.
        x, y: of the bright middle, as shares of the sides.
    """

    strength: Annotated[Range, Within(0, 1)] = Range(0.2, 0.6)
    x: Annotated[Range, Within(-1, 2)] = Range(0.2, 0.8)
    y: Annotated[Range, Within(-1, 2)] = Range(0, 1)


def vignette(image: Image, *, strength: float, x: float, y: float) -> Image:
    """Return the image darkened towards its corners, by the fourth power of the cosine as lenses do."""
    height, width = image.shape[:2]
    small = _falloff(round(strength * 32), round(x * _GRID), round(y * _GRID))
    return gained(image, cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR))  # type: ignore[arg-type]


@lru_cache(maxsize=512)
def _falloff(strength: int, x: int, y: int) -> Image:
    unit = (np.arange(_GRID) + 0.5) / _GRID
    square = ((unit - x / _GRID) ** 2)[None, :] + ((unit - y / _GRID) ** 2)[:, None]
    square /= square.max()
    # cos^4 of the angle is 1 / (1 + tan^2)^2; the corner's tangent follows from what it has to lack.
    corner = (1.0 - min(0.97, strength / 32.0)) ** -0.5 - 1.0
    made: Image = np.rint(ONE / (1.0 + corner * square) ** 2).astype(np.uint8)
    return made
