"""What photographs and their regions are like beyond outlines: distant views, sky, and how sharp they are."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from synthtext.geometry import Floats, Image

# A region that takes so much of the upper edge, and is so smooth, may be sky.
_LEAST_TOP = 0.15
_LEAST_CALM = 0.3
_BLUE = 124.0
_BRIGHTER = 4.0
_STRAIGHT = 0.5
_LEAST_YELLOW = 134.0
# Sky behind near things does not reach so far down; walls do.
_DEEP, _LEAST_DEEP = 0.75, 0.04
# Straight edges of walls, doors and windows: so long, not level (horizons and clouds are), so much of them in all.
_LONG, _LEVEL = 0.07, 0.06
_LEAST_BUILT = 2.4
# Of them, upright ones: petals, cups, brush strokes and shores have straight edges too, but none that stand.
_STANDING, _UPRIGHT, _LEAST_UPRIGHT = 0.04, 0.12, 1.1
_BLOCKS, _LEAST_SPREAD, _LEAST_CALM_WALL = 8, 14.0, 0.35
_PROBE_SIGMA = 1.0
# Pixels and differences between them are a blur themselves.
_OPERATOR_VARIANCE = 0.55
_SOFTEST_PX = 6.0


def is_distant(lines: Floats, lab: Image, calm: Floats) -> bool:
    """Return whether a photograph most likely shows nothing to write on: a landscape, a skyline, a flower, a dish.

    Near things that are built show long straight edges, of which many are upright. Walls without any are even and calm
    all over; views are not even, and grass, gravel or leaves are not calm.

    Args:
        lines: (N, 4) straight edges: x, y of their middles and their run (dx, dy), in widths of the photograph.
        lab: (h, w, 3) uint8 CIE Lab as OpenCV has it.
        calm: (h, w) how even each pixel's surroundings are.
    """
    length = np.hypot(lines[:, 2], lines[:, 3])
    built = (length > _LONG) & (np.abs(lines[:, 3]) > _LEVEL * np.abs(lines[:, 2]))
    standing = (length > _STANDING) & (np.abs(lines[:, 2]) < _UPRIGHT * np.abs(lines[:, 3]))
    if float(length[built].sum()) >= _LEAST_BUILT and float(length[standing].sum()) >= _LEAST_UPRIGHT:
        return False
    blocks = cv2.resize(lab[..., 0], (_BLOCKS, _BLOCKS), interpolation=cv2.INTER_AREA)
    return bool(np.std(blocks) >= _LEAST_SPREAD or calm.mean() < _LEAST_CALM_WALL)


def is_sky(mask: NDArray[np.uint8], calm: Floats, lab: Image, lines_inside: float, distant: bool) -> bool:
    """Return whether a region is most likely sky: smooth, at the upper edge, and blue or brighter than what is below.

    Args:
        distant: the photograph is a distant view; otherwise what is yellowish up there, or reaches far down, is a wall.
        mask: (h, w) uint8, 1 in the region.
        calm: (h, w) how even each pixel's surroundings are.
        lab: (h, w, 3) uint8 CIE Lab as OpenCV has it.
        lines_inside: length of straight edges that run inside the region, in widths of the photograph.
    """
    if mask[: max(1, len(mask) // 60)].mean() < _LEAST_TOP:
        return False
    if not distant and mask[round(_DEEP * len(mask)) :].mean() > _LEAST_DEEP:
        return False
    inside = mask > 0
    if float(calm[inside].mean()) < _LEAST_CALM or lines_inside > _STRAIGHT:
        return False
    lightness, _, blue = lab[inside].mean(axis=0).tolist()
    if not distant and blue > _LEAST_YELLOW:
        return False
    rest = lab[~inside]
    below = float(rest[:, 0].mean()) if len(rest) else lightness
    return bool(blue < _BLUE or lightness > below + _BRIGHTER)


def softness_px(photo: Image) -> float:
    """Return the standard deviation, in pixels, of the blur that the photograph's sharpest edges show.

    Blurring once more takes the more of an edge's slope the sharper it was: an edge of a blur s loses the factor
    s / sqrt(s^2 + p^2) to a blur p (re-blurring, Zhuo and Sim, Pattern Recognition 2011).
    """
    gray = cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY).astype(np.float32)
    again = np.asarray(cv2.GaussianBlur(gray, (0, 0), _PROBE_SIGMA), np.float32)
    sharp, dull = _slopes(gray), _slopes(again)
    strong = sharp >= max(16.0, float(np.quantile(sharp, 0.985)))
    if not strong.any():
        return 0.0
    # The sharper tenth of the strong edges: what is out of focus says nothing of what is in focus.
    ratio = float(np.quantile(sharp[strong] / np.maximum(dull[strong], 1e-3), 0.75))
    if ratio <= 1.0:
        return _SOFTEST_PX
    variance = _PROBE_SIGMA**2 / (ratio * ratio - 1.0) - _OPERATOR_VARIANCE
    return float(min(_SOFTEST_PX, np.sqrt(max(0.0, variance))))


def _slopes(gray: Floats) -> Floats:
    across, down = cv2.Sobel(gray, cv2.CV_32F, 1, 0), cv2.Sobel(gray, cv2.CV_32F, 0, 1)
    return np.asarray(cv2.magnitude(across, down), np.float32)
