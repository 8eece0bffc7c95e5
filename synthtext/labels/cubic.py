"""A perspective warp with cubic interpolation in whole numbers: the bytes of OpenCV 4, whichever OpenCV is installed.

OpenCV 4's `warpPerspective` rounds places to 1/32 pixel and weights to 1/32768; OpenCV 5 counts in floats, and gives
other values by up to some levels. PaddleOCR requires an OpenCV 4, so its bytes are the ones that crops should have.
The kernel is Keys' (Cubic convolution interpolation, 1981) with a = -0.75; pixels beyond the edge repeat the edge.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from synthtext.geometry import Image
from synthtext.native import native

_STEPS = 32
_UNIT = 1 << 15
# Farther away no pixel of a picture lies; and a place in 1/32 pixel still is a whole number of 32 bits.
_FAR = float(1 << 30)


def cubic_warp(image: Image, matrix: NDArray[Any], size_wh: tuple[int, int]) -> Image:
    """Return an image warped, (h, w[, 3]) uint8.

    Args:
        image: (H, W[, 3]) uint8.
        matrix: (3, 3), from places of `image` to places of the result, in middles of pixels.
        size_wh: of the result.
    """
    back = cv2.invert(matrix)[1].astype(np.float64, copy=False)
    if native is not None and image.ndim == 3:
        made = np.empty((size_wh[1], size_wh[0], image.shape[2]), np.uint8)
        if native.warp(image, made, tuple(back.ravel().tolist()), weights()):
            return made
    return plain_warp(image, back, size_wh)


def plain_warp(image: Image, back: NDArray[np.float64], size_wh: tuple[int, int]) -> Image:
    """Return an image warped, (h, w[, 3]) uint8: what the native module does, slower.

    Args:
        image: (H, W[, 3]) uint8.
        back: (3, 3), from places of the result to places of `image`.
        size_wh: of the result.
    """
    width, height = size_wh
    x, y = np.arange(width, dtype=np.float64), np.arange(height, dtype=np.float64)[:, None]
    across, down, depth = (row[0] * x + (row[1] * y + row[2]) for row in back)
    with np.errstate(divide="ignore"):
        scale = np.where(depth != 0.0, _STEPS / depth, 0.0)
    right, low = (np.rint(np.clip(place * scale, -_FAR, _FAR)).astype(np.int32) for place in (across, down))
    taps = weights()[(low % _STEPS) * _STEPS + right % _STEPS].reshape(height, width, 4, 4).astype(np.int32)
    left, top = right // _STEPS - 1, low // _STEPS - 1
    pixels = image if image.ndim == 3 else image[..., None]
    total = np.full((height, width, pixels.shape[2]), _UNIT // 2, np.int32)
    for row in range(4):
        source_y = np.clip(top + row, 0, image.shape[0] - 1)
        for column in range(4):
            source_x = np.clip(left + column, 0, image.shape[1] - 1)
            total += taps[:, :, row, column, None] * pixels[source_y, source_x]
    made: Image = np.clip(total >> 15, 0, 255).astype(np.uint8)
    return made if image.ndim == 3 else np.ascontiguousarray(made[..., 0])


@cache
def weights() -> NDArray[np.int16]:
    """Return the weights (1024, 16) int16 of a pixel's 4 x 4 neighbours, for each place in 1/32 pixel.

    The row of a place is down * 32 + across. Each row's sum is 32768: what rounding takes or adds goes to the greatest
    or least of the four weights below and right of the middle.
    """
    one, a = np.float32(1), np.float32(-0.75)
    x = np.arange(_STEPS, dtype=np.float32) / np.float32(_STEPS)
    rest, far = one - x, x + one
    line = np.empty((_STEPS, 4), np.float32)
    line[:, 0] = ((a * far - 5 * a) * far + 8 * a) * far - 4 * a
    line[:, 1] = ((a + 2) * x - (a + 3)) * x * x + one
    line[:, 2] = ((a + 2) * rest - (a + 3)) * rest * rest + one
    line[:, 3] = one - line[:, 0] - line[:, 1] - line[:, 2]
    exact = line[:, None, :, None] * line[None, :, None, :] * np.float32(_UNIT)
    table = np.rint(exact).astype(np.int32).reshape(-1, 16)
    table = np.minimum(table, _UNIT - 1)
    middle = np.array([10, 11, 14, 15])
    over = table.sum(axis=1) - _UNIT
    spots = table[:, middle]
    chosen = middle[np.where(over < 0, spots.argmax(axis=1), spots.argmin(axis=1))]
    table[np.arange(len(table)), chosen] -= over
    return np.ascontiguousarray(table, np.int16)
