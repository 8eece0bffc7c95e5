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
_SHOWN, _RING = 110, 140  # of a mask: thin lines are never quite full
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
    cells = _starts(height, _ROWS), _starts(width, columns)
    ring: Image = cv2.subtract(cv2.dilate(shown, _AROUND), embolden(shown, 1))  # type: ignore[assignment]
    colors: Image = cv2.cvtColor(image[::step, ::step].copy(), cv2.COLOR_RGB2Lab)  # type: ignore[assignment]
    on, share = _means(colors, shown[::step, ::step], _SHOWN, cells)
    off, free = _means(colors, ring[::step, ::step], _RING, cells)
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
    colors: Image, mask: Image, above: int, cells: tuple[list[int], list[int]]
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Return the mean colours (rows, columns, 3) of the pixels of each cell where a mask is full enough, and how many.

    Args:
        cells: where each row and each column of them begins, and the last one ends.
    """
    chosen = cv2.threshold(mask, above, 1, cv2.THRESH_BINARY)[1]
    counted = cv2.merge([*cv2.split(cv2.copyTo(colors, chosen)), chosen])
    rows, columns = cells
    # Sums over all that lies above and to the left, of whole numbers: cells are differences of four of them.
    sums: NDArray[np.int32] = cv2.integral(counted)[rows].take(columns, axis=1)  # type: ignore[assignment]
    sums = sums[1:] - sums[:-1]
    sums = sums[:, 1:] - sums[:, :-1]
    share = sums[..., 3]
    return sums[..., :3] / np.maximum(share, 1)[..., None], share


@lru_cache(maxsize=256)
def _starts(length: int, parts: int) -> list[int]:
    """Return where each of some equal parts of a length begins, and the end."""
    return [-(-part * length // parts) for part in range(parts + 1)]
