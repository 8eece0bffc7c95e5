"""Pixels: the arithmetic in bytes that effects share. All work on (H, W, 3) and on (H, W) images."""

from __future__ import annotations

import colorsys
import math

import cv2
import numpy as np
from numpy.typing import NDArray

from synthtext.geometry import Floats, Image
from synthtext.values import Color

ONE = 128


def luma(image: Image) -> Image:
    """Return the brightness, (H, W) uint8."""
    return image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)  # type: ignore[return-value]


def like(gray: Image, image: Image) -> Image:
    """Return an (H, W) picture with as many channels as the image has."""
    return gray if image.ndim == 2 else cv2.cvtColor(gray, cv2.COLOR_GRAY2RGB)  # type: ignore[return-value]


def short_side(image: Image) -> int:
    """Return the length of the shorter side, pixels."""
    return int(min(image.shape[:2]))


def across(size_hw: tuple[int, int], angle_deg: float, x: float, y: float) -> Floats:
    """Return (H, W) float32: how far each pixel lies, along an angle, from a point given as shares of the sides."""
    height, width = size_hw
    turn = math.radians(angle_deg)
    along_x = (np.arange(width, dtype=np.float32) + np.float32(0.5 - x * width)) * np.float32(math.cos(turn))
    along_y = (np.arange(height, dtype=np.float32) + np.float32(0.5 - y * height)) * np.float32(math.sin(turn))
    made: Floats = np.add.outer(along_y, along_x)
    return made


def to_bytes(values: NDArray[np.float32], scale: float, shift: float) -> Image:
    """Return `values * scale + shift`, rounded and saturated."""
    return cv2.addWeighted(values, scale, values, 0.0, shift, dtype=cv2.CV_8U)  # type: ignore[return-value]


def looked_up(levels: Image, table: NDArray[np.float64], image: Image) -> Image:
    """Return a picture with as many channels as the image has: the table's entry for each of (H, W) levels.

    Args:
        table: (256,) or (256, 3), saturated; of three columns a gray image gets the mean.
    """
    entries = np.clip(np.rint(table), 0, 255).astype(np.uint8)
    if image.ndim == 2:
        if entries.ndim == 2:
            entries = np.rint(np.clip(table, 0, 255).mean(axis=1)).astype(np.uint8)
        return cv2.LUT(levels, entries)  # type: ignore[return-value]
    if entries.ndim == 1:
        return cv2.cvtColor(cv2.LUT(levels, entries), cv2.COLOR_GRAY2RGB)  # type: ignore[return-value]
    return cv2.LUT(cv2.cvtColor(levels, cv2.COLOR_GRAY2RGB), entries[None])  # type: ignore[return-value]


def gained(image: Image, gain: Image, one: int = ONE) -> Image:
    """Return the image multiplied by a picture of gains, in which `one` stands for 1."""
    return cv2.multiply(image, like(gain, image) if gain.ndim < image.ndim else gain, scale=1.0 / one)  # type: ignore[return-value]


def laid(image: Image, alpha: Image, color: Color | Image) -> Image:
    """Return the image with a colour, or another picture, laid over it.

    Args:
        alpha: (H, W) uint8, 255 where the image is hidden.
    """
    wide = like(alpha, image)
    kept = cv2.multiply(image, cv2.bitwise_not(wide), scale=1.0 / 255.0)
    if isinstance(color, tuple):
        values = color if image.ndim == 3 else (round(0.299 * color[0] + 0.587 * color[1] + 0.114 * color[2]),)
        planes = [cv2.convertScaleAbs(alpha, alpha=value / 255.0) for value in values]
        return cv2.add(kept, cv2.merge(planes) if image.ndim == 3 else planes[0])  # type: ignore[return-value]
    return cv2.add(kept, cv2.multiply(color, wide, scale=1.0 / 255.0))  # type: ignore[return-value]


def color_of(hue: float, saturation: float, value: float) -> Color:
    """Return RGB of a hue (in turns), a saturation and a value in [0, 1]."""
    red, green, blue = colorsys.hsv_to_rgb(hue % 1.0, saturation, value)
    return round(255 * red), round(255 * green), round(255 * blue)


def parting_levels(gray: Image, level: float = 0.0) -> Image:
    """Return for each pixel of (H, W) brightness the level that parts ink from ground.

    Otsu's threshold, found after the brightness round about was taken away as copying machines do: ground that is
    brighter at one end than at the other stays ground.

    Args:
        level: moves the threshold by so many standard deviations.
    """
    height, width = gray.shape
    small = cv2.resize(gray, (max(4, width // 4), max(4, height // 4)), interpolation=cv2.INTER_AREA)
    size = max(3, min(small.shape) | 1)
    around = cv2.blur(small, (size, size), borderType=cv2.BORDER_REPLICATE)
    fine = cv2.resize(around, (width, height), interpolation=cv2.INTER_LINEAR)
    level_field = cv2.addWeighted(gray, 1.0, fine, -1.0, 128.0)
    _, bright = cv2.threshold(level_field, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    # Otsu's threshold lies at the edge of a class; half-way between the classes has room on both sides.
    split = 0.5 * (cv2.mean(level_field, bright)[0] + cv2.mean(level_field, cv2.bitwise_not(bright))[0])
    spread = float(cv2.meanStdDev(level_field)[1][0, 0])
    return cv2.addWeighted(fine, 1.0, fine, 0.0, split - 128.0 + level * spread)  # type: ignore[return-value]
