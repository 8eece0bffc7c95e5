"""Blend: lay shadow, outline and fill onto the surface through the line's mask, in bytes."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from synthtext.geometry import Image
from synthtext.values import Color, Ink, Shadow


def blend(surface: Image, mask: Image, ink: Ink) -> Image:
    """Return the surface with the ink on it; the surface's own memory is used.

    Args:
        surface: (H, W, 3) uint8 RGB, owned by the caller.
        mask: (H, W) uint8, 255 where the fill lies.
    """
    outline = embolden(mask, ink.stroke_px) if ink.stroke is not None else None
    if ink.shadow is not None:
        _lay(surface, _cast(mask if outline is None else outline, ink.shadow), (0, 0, 0))
    if outline is not None and ink.stroke is not None:
        _lay(surface, outline, ink.stroke)
    _lay(surface, mask if ink.opacity == 1.0 else _faded(mask, ink.opacity), ink.fill)
    return surface


def _faded(mask: Image, opacity: float) -> Image:
    return cv2.convertScaleAbs(mask, alpha=opacity)  # type: ignore[return-value]


def embolden(mask: Image, radius_px: int) -> Image:
    """Return a mask whose ink reaches `radius_px` pixels further on every side."""
    return cv2.dilate(mask, disc(radius_px))  # type: ignore[return-value]


@lru_cache(maxsize=32)
def disc(radius_px: int) -> Image:
    """Return a round structuring element of this radius."""
    size = 2 * radius_px + 1
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))  # type: ignore[return-value]


def _lay(surface: Image, mask: Image, color: Color) -> None:
    keep = cv2.bitwise_not(cv2.cvtColor(mask, cv2.COLOR_GRAY2RGB))
    cv2.multiply(surface, keep, dst=surface, scale=1.0 / 255.0)
    if any(color):
        # Three scaled planes are three times as fast as one multiplication by a colour.
        planes = [cv2.convertScaleAbs(mask, alpha=value / 255.0) for value in color]
        cv2.add(surface, cv2.merge(planes), dst=surface)


def _cast(mask: Image, shadow: Shadow) -> Image:
    height, width = mask.shape
    cast = np.zeros_like(mask)
    dx, dy = shadow.dx_px, shadow.dy_px
    if abs(dx) < width and abs(dy) < height:
        cast[max(0, dy) : height + min(0, dy), max(0, dx) : width + min(0, dx)] = mask[
            max(0, -dy) : height + min(0, -dy), max(0, -dx) : width + min(0, -dx)
        ]
    if shadow.blur_px >= 0.4:
        cv2.GaussianBlur(cast, (0, 0), shadow.blur_px, dst=cast)
    return _faded(cast, shadow.opacity)
