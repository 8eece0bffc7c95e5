"""What of a photograph nothing is put on: edges of things, glaring light, leaves, and the folds of curtains."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from synthtext.geometry import Floats, Image

# Edges are those of things where they are strong and run on; the grain of a wall does neither.
_EDGE_SIGMA, _WEAK, _STRONG, _LEAST_RUN = 1.3, 28, 70, 0.08
# Light that the camera could not take any more: windows, lamps, the sky. A white wall has some shade left.
_GLARE, _GLARE_SIDE = 252.0, 9
_NEAR_SIDE, _FOLD_SIDE = 15, 31
_WINDOW_GAP, _MOST_GLARE = 24, 0.5
# Leaves are green and never calm.
_LEAF_GREEN, _LEAF_YELLOW, _LEAF_CALM, _ROUGH_CALM = 124.0, 132.0, 0.8, 0.3
# Folds change from side to side and not from above to below.
_FOLD_RATIO, _LEAST_FOLD, _MOST_FOLD, _CURTAIN = 2.5, 0.9, 4.0, 0.42
# A wall of bricks has edges all over, and looks the same everywhere.
_WALL_EDGES, _WALL_BLOCKS, _WALL_SPREAD = 0.25, 4, 12.0
# Between windows and in corners there is no room for anything.
_LEAST_ROOM, _LEAST_PIECE = 0.045, 0.008
# Nothing hangs so low in a picture.
_FOOT, _LEAST_WALL = 0.7, 0.5


def usable(small: Image, lab: Image, calm: Floats) -> NDArray[np.uint8]:
    """Return (h, w), 1 where something can be written on or fixed to.

    Args:
        small: (h, w, 3) uint8 RGB, a small copy of the photograph.
        lab: the same in CIE Lab as OpenCV has it.
        calm: (h, w) how even each pixel's surroundings are.
    """
    gray = _gray(small)
    near = (_NEAR_SIDE, _NEAR_SIDE)
    color, even = cv2.blur(lab, near).astype(np.float32), np.asarray(cv2.blur(calm, near))
    leaves = (color[..., 1] < _LEAF_GREEN) & (color[..., 2] > _LEAF_YELLOW) & (even < _LEAF_CALM)
    folds = _folds(gray)
    if folds.mean() > _CURTAIN:
        return np.zeros(gray.shape, np.uint8)
    free = ~(_edges(gray) | _glare(small) | leaves | (even < _ROUGH_CALM) | folds)
    room = np.ones((round(_LEAST_ROOM * gray.shape[1]),) * 2, np.uint8)
    opened = cv2.morphologyEx(free.astype(np.uint8), cv2.MORPH_OPEN, room)
    _, pieces, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=4)
    large = stats[:, cv2.CC_STAT_AREA] >= _LEAST_PIECE * gray.size
    large[0] = False  # where nothing is free
    return np.asarray(large[pieces], np.uint8)


def one_wall(small: Image, lab: Image) -> bool:
    """Return whether a photograph shows one wall of bricks or tiles and nothing else."""
    edges = _edges(_gray(small))
    blocks = cv2.resize(lab[..., 0], (_WALL_BLOCKS, _WALL_BLOCKS), interpolation=cv2.INTER_AREA)
    return bool(edges.mean() > _WALL_EDGES and np.std(blocks) < _WALL_SPREAD)


def calmness(small: Image) -> Floats:
    """Return (h, w) how even each pixel's surroundings are, 0..1."""
    gray = _gray(small).astype(np.float32)
    detail = np.sqrt(np.maximum(cv2.blur(gray * gray, (13, 13)) - cv2.blur(gray, (13, 13)) ** 2, 0))
    return np.asarray(1.0 / (1.0 + (detail / 14.0) ** 2), np.float32)


def pieces(
    labels: NDArray[np.int32], free: NDArray[np.uint8], least_share: float, most: int
) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.uint8]]]:
    """Yield the pieces of segments that edges and things leave, each with its whole segment: (h, w), 1 where it is."""
    sizes = np.bincount(labels.ravel(), free.ravel())
    for label in np.argsort(-sizes, kind="stable")[:most]:
        if sizes[label] < least_share * labels.size:
            return
        whole = (labels == label).astype(np.uint8)
        _, parts, stats, _ = cv2.connectedComponentsWithStats(cv2.bitwise_and(whole, free), connectivity=4)
        for part in np.flatnonzero(stats[:, cv2.CC_STAT_AREA] >= least_share * labels.size):
            if part:  # 0 is what is left out
                yield whole, (parts == part).astype(np.uint8)


def without_foot(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a region without the foot of its wall, where the ground begins; the ground itself as it is."""
    rows = mask.sum(axis=1, dtype=np.int64)
    foot = round(_FOOT * len(mask))
    kept = mask.copy()
    if rows[:foot].sum() > _LEAST_WALL * rows.sum():
        kept[foot:] = 0
    return kept


def below_window(mask: NDArray[np.uint8], lab: Image) -> bool:
    """Return whether a region is what hangs or stands in a window: most of its upper edge borders on glaring light."""
    glare = cv2.blur(lab[..., 0], (_GLARE_SIDE, _GLARE_SIDE)) >= _GLARE
    columns = np.flatnonzero(mask.any(axis=0))
    tops = mask.argmax(axis=0)[columns]
    above = np.zeros(len(columns), np.bool_)
    for step in range(1, _WINDOW_GAP + 1):
        above |= glare[np.maximum(tops - step, 0), columns]
    return bool(above.mean() > _MOST_GLARE)


def _gray(small: Image) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8)


def _edges(gray: NDArray[np.uint8]) -> NDArray[np.bool_]:
    smooth = cv2.GaussianBlur(gray, (0, 0), _EDGE_SIGMA)
    edges = cv2.Canny(smooth, _WEAK, _STRONG, L2gradient=True)
    _, runs, stats, _ = cv2.connectedComponentsWithStats(edges, connectivity=8)
    long = stats[:, cv2.CC_STAT_WIDTH] + stats[:, cv2.CC_STAT_HEIGHT] >= _LEAST_RUN * max(gray.shape)
    long[0] = False  # what is no edge
    return np.asarray(cv2.dilate(long[runs].astype(np.uint8), np.ones((3, 3), np.uint8)), np.bool_)


def _glare(small: Image) -> NDArray[np.bool_]:
    full = cv2.blur(small.min(axis=2).astype(np.float32), (_GLARE_SIDE, _GLARE_SIDE)) >= _GLARE
    side = np.ones((_GLARE_SIDE, _GLARE_SIDE), np.uint8)
    return np.asarray(cv2.dilate(full.astype(np.uint8), side), np.bool_)


def _folds(gray: NDArray[np.uint8]) -> NDArray[np.bool_]:
    # Roots, because folds in the dark are as deep as those in the light.
    smooth = cv2.GaussianBlur(np.sqrt(gray, dtype=np.float32) * 16.0, (0, 0), 1.5)
    across, down = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, scale=0.125), cv2.Sobel(smooth, cv2.CV_32F, 0, 1, scale=0.125)
    # Cut off, so that folds count by their number: the edge of a door is none.
    side = (_FOLD_SIDE, _FOLD_SIDE)
    ripple, steps = (cv2.blur(np.minimum(np.abs(slope), _MOST_FOLD), side) for slope in (across, down))
    folds = ((ripple > _FOLD_RATIO * steps) & (ripple > _LEAST_FOLD)).astype(np.uint8)
    return np.asarray(cv2.morphologyEx(folds, cv2.MORPH_CLOSE, np.ones(side, np.uint8)), np.bool_)
