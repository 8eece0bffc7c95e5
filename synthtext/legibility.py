"""How well what is painted stands off what lies round it, measured on the finished picture."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from synthtext.color import lab
from synthtext.geometry import Floats, Image
from synthtext.layers import embolden

# The picture is looked at in cells; ink that all but vanishes in one of them is not legible.
_ROWS, _CELL_PX = 3, 40
_LEAST_SHARE = 0.03
_SHOWN = 110  # of a mask: thin lines are never quite full
_AROUND = np.ones((9, 9), np.uint8)
# OpenCV codes L as 0..255.
_UNIT = np.array([100 / 255, 1, 1])


def shown_contrast(image: Image, shown: Image) -> float:
    """Return the CIE Lab difference (delta E 1976) between ink and its surroundings in the cell where it is least.

    Args:
        image: (H, W, 3) uint8 RGB, with the ink on it.
        shown: (H, W) uint8, 255 where there is ink that makes the text readable.
    """
    if image.shape[0] > image.shape[1]:
        image, shown = image.transpose(1, 0, 2), np.ascontiguousarray(shown.T)
    step = 2 if image.shape[0] >= 40 else 1
    height, width = -(-image.shape[0] // step), -(-image.shape[1] // step)
    columns = max(1, image.shape[1] // _CELL_PX)
    cells = _cells(height, width, columns)
    ring = cv2.subtract(cv2.dilate(shown, _AROUND), embolden(shown, 1))
    colors: Image = cv2.cvtColor(image[::step, ::step].copy(), cv2.COLOR_RGB2Lab).reshape(-1, 3)  # type: ignore[assignment]
    on, share = _means(colors, shown[::step, ::step].ravel() > _SHOWN, cells, _ROWS * columns)
    off, free = _means(colors, ring[::step, ::step].ravel() > 140, cells, _ROWS * columns)
    least = min(_LEAST_SHARE * height * width / (_ROWS * columns), 0.5 * float(share.max()))
    seen = (share > least) & (free > 0.3 * least)
    if not seen.any():
        return 0.0
    apart = np.sqrt(np.square((on - off)[seen] * _UNIT).sum(axis=1))
    return float(apart.min())


def ground_labs(surface: Image, parts: int = 6) -> Floats:
    """Return (parts, 3) CIE Lab: the mean colours of stretches along the surface."""
    lying = surface if surface.shape[1] >= surface.shape[0] else np.ascontiguousarray(surface.transpose(1, 0, 2))
    means: Image = cv2.resize(lying, (parts, 1), interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    found: Floats = lab(means)[0]
    return found


def _means(
    colors: Image, chosen: NDArray[np.bool_], cells: NDArray[np.intp], count: int
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return the mean colour (count, 3) of the chosen pixels of each cell, and how many there are."""
    at = np.flatnonzero(chosen)
    where = cells[at]
    share = np.bincount(where, minlength=count)
    picked = colors[at]
    sums = [np.bincount(where, picked[:, channel], count) for channel in range(3)]
    return np.stack(sums, axis=1) / np.maximum(share, 1)[:, None], share


@lru_cache(maxsize=64)
def _cells(height: int, width: int, columns: int) -> NDArray[np.intp]:
    """Return the number of the cell of each pixel, in reading order."""
    rows = np.arange(height) * _ROWS // height
    return (rows[:, None] * columns + np.arange(width) * columns // width).ravel()
