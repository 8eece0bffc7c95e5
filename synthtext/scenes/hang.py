"""Laying a thing onto a picture: it casts a shadow, and takes on the light and the grain of the wall behind it.

All of it is whole numbers, so that the native module, which does it in one go, gives the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from synthtext.geometry import Image
from synthtext.native import native

_Ints = NDArray[np.int32]

# Shadows are soft: worked out from every fourth pixel of every fourth row.
_STEP, _SHADE_BITS = 4, 2
_SOFT, _DOWN, _RIGHT = 0.2, 0.5, 0.3
# The fall of light is told at so many places, each from a few points: means of all points take longer than the rest.
_PLACES, _POINTS, _LIGHT_BITS = 8, 4, 4
# So much of the fall is taken on, as far as the wall is all that the thing hides.
_DARK, _SHARE, _MOST_FALL = 20.0, 0.8, 32
# What stands off further is no grain but what the wall is made of: joints of bricks do not show through cloth.
_MOST_GRAIN = 4
_EVEN = 128


@dataclass(frozen=True, slots=True)
class Shadow:
    """How far a thing's shadow reaches, pixels, and how dark it is, 0..1."""

    reach: float
    depth: float

    @property
    def numbers(self) -> tuple[int, int, int, int]:
        """How far it is blurred, in steps; how far it lies below and to the right, pixels; 256 for black."""
        reach = self.reach
        return round(_SOFT * reach), round(_DOWN * reach), round(_RIGHT * reach), round(256 * self.depth)


_NO_SHADOW = (0, 0, 0, 0)


def hang(view: Image, stamp: Image, shadow: Shadow | None, fall: Image | None, on_wall: bool) -> None:
    """Lay a thing onto a part of a picture.

    Args:
        view: (h, w, 3) uint8 RGB, changed in place.
        stamp: (h, w, 4) uint8 RGBA, colours multiplied by their alpha.
        shadow: that it casts; None for none.
        fall: (8, 8) uint8 how light falls on the thing itself, 128 for as it is; None for evenly.
        on_wall: the light on the wall falls on the thing as well.
    """
    gray = np.asarray(cv2.cvtColor(view, cv2.COLOR_RGB2GRAY), np.uint8) if on_wall else None
    numbers = _NO_SHADOW if shadow is None else shadow.numbers
    if native is None or not native.hang(view, stamp, gray, fall, *numbers):
        plain_hang(view, stamp, gray, fall, numbers)


def plain_hang(
    view: Image, stamp: Image, gray: Image | None, fall: Image | None, shadow: tuple[int, int, int, int]
) -> None:
    """As `hang`, with NumPy and OpenCV.

    Args:
        gray: (h, w) uint8 the part of the picture, where it is a wall.
        shadow: `Shadow.numbers`; nothing but zeros for none.
    """
    keep = cv2.bitwise_not(cv2.extractChannel(stamp, 3))
    if shadow[3]:
        keep = cv2.multiply(keep, shade(stamp[..., 3], shadow), scale=1 / 255)
    shown = cv2.cvtColor(stamp, cv2.COLOR_RGBA2RGB)
    light = light_on((view.shape[1], view.shape[0]), gray, fall)
    if light is not None:
        cv2.multiply(shown, cv2.cvtColor(light, cv2.COLOR_GRAY2RGB), dst=shown, scale=1 / 128)
    cv2.multiply(view, cv2.cvtColor(keep, cv2.COLOR_GRAY2RGB), dst=view, scale=1 / 255)
    cv2.add(view, shown, dst=view)


def shade(alpha: Image, shadow: tuple[int, int, int, int]) -> Image:
    """Return (h, w) uint8 how much light, 255 for all, is left beside a thing, (h, w) uint8 255 where it is."""
    around, down, right, strength = shadow
    height, width = alpha.shape
    rows, columns = (np.minimum(np.arange(0, length, _STEP) + _STEP // 2, length - 1) for length in (height, width))
    side = 2 * around + 1
    sums = cv2.boxFilter(
        alpha[np.ix_(rows, columns)], cv2.CV_32S, (side, side), normalize=False, borderType=cv2.BORDER_CONSTANT
    )
    soft = (np.asarray(sums, np.int32) + side * side // 2) // (side * side)
    left = 255 - (soft * strength + 128 >> 8)
    at = [np.arange(length, dtype=np.int32) - _STEP // 2 for length in (height, width)]
    large = _between(left, at[0], at[1], _SHADE_BITS)
    moved = np.full((height, width), 255, np.uint8)
    moved[down:, right:] = large[: max(0, height - down), : max(0, width - right)]
    return moved


def light_on(size_wh: tuple[int, int], gray: Image | None, fall: Image | None) -> Image | None:
    """Return (h, w) uint8 the light on a thing, 128 for as it is; None for as it is everywhere.

    Args:
        gray: (h, w) uint8 the wall that it covers, whose light falls on it; None for none.
        fall: (8, 8) uint8 how light falls on the thing itself; None for evenly.
    """
    if gray is None and fall is None:
        return None
    coarse = np.full((_PLACES, _PLACES), _EVEN, np.int32) if gray is None else _fall_on(gray)
    if fall is not None:
        coarse = np.minimum(coarse * fall + _EVEN // 2 >> 7, 255)
    # In units of a place, from the middle of the first one on.
    unit = 1 << _LIGHT_BITS
    columns, rows = (
        (2 * np.arange(length, dtype=np.int32) + 1) * (_PLACES * unit) // (2 * length) - unit // 2 for length in size_wh
    )
    light = _between(coarse, rows, columns, _LIGHT_BITS)
    if gray is not None:
        light = np.clip(light + _grain(gray), 0, 255)
    return light.astype(np.uint8)


def _fall_on(gray: Image) -> _Ints:
    """Return (8, 8) how light falls on a wall, 128 for its mean."""
    count = _PLACES * _POINTS
    rows, columns = ((2 * np.arange(count) + 1) * length // (2 * count) for length in gray.shape)
    points = gray[np.ix_(rows, columns)].astype(np.int32)
    means = points.reshape(_PLACES, _POINTS, _PLACES, _POINTS).sum(axis=(1, 3)) + _POINTS * _POINTS // 2 >> 4
    padded = np.pad(means, 1, mode="edge")
    near = [padded[y : y + _PLACES, x : x + _PLACES] for y in range(3) for x in range(3)]
    smooth = (np.asarray(np.sum(near, axis=0), np.int32) + 4) // 9
    gain = 128.0 * _SHARE / (float(smooth.sum()) / (_PLACES * _PLACES) + _DARK)
    light: _Ints = np.rint((smooth + _DARK) * gain + 128.0 * (1.0 - _SHARE)).astype(np.int32)
    return np.clip(light, _EVEN - _MOST_FALL, _EVEN + _MOST_FALL)


def _grain(gray: Image) -> _Ints:
    """Return (h, w) by how much each pixel differs from its four neighbours."""
    padded = np.pad(gray.astype(np.int32), 1, mode="edge")
    around = padded[1:-1, :-2] + padded[1:-1, 2:] + padded[:-2, 1:-1] + padded[2:, 1:-1] + 2 >> 2
    return np.clip(gray - around, -_MOST_GRAIN, _MOST_GRAIN)


def _between(known: _Ints, rows: _Ints, columns: _Ints, bits: int) -> _Ints:
    """Return (h, w) what lies between known values at places, in units of 1 / 2^bits of their distance."""
    unit = 1 << bits
    for axis, at in ((1, columns), (0, rows)):
        at = np.clip(at, 0, unit * (known.shape[axis] - 1))
        share = at % unit if axis else (at % unit)[:, None]
        here, there = at // unit, np.minimum(at // unit + 1, known.shape[axis] - 1)
        known = known.take(here, axis) * (unit - share) + known.take(there, axis) * share
    return known + (unit * unit >> 1) >> 2 * bits
