"""Lettering that a photograph already holds, told by its strokes alone: no engine, a fraction of a second.

Letters are small dark or bright pieces of one height, one stroke and one shade that follow each other on a straight
line. What is named here is kept free of new text; a place that is named for nothing costs room and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from synthtext.geometry import Floats, Image

# Longer sides in which a photograph is looked at: small letters show in the first, large ones in the second.
_SIDES_PX = (960, 320)
_SURROUNDINGS_PX, _LEAST_CONTRAST = 41, 14
_LEAST_HEIGHT_PX, _MOST_HEIGHT = 6, 0.3
_LEAST_FILL, _MOST_FILL = 0.12, 0.92
_LEAST_EDGE = 36.0
_MOST_STROKE = 0.45
_MOST_PIECES = 6000
# Neighbours of a line: how far apart, how much off the line, how unlike, measured in heights of the larger one.
_GAP, _OFF, _SMALLER, _SHADE, _STROKE = 1.1, 0.4, 0.4, 34.0, 2.2
# How far to the left neighbours begin at most.
_REACH = 6.0
_LEAST_PIECES, _LEAST_LENGTH, _MOST_WANDER = 4, 2.6, 1.7
_GROWN, _ROUND, _MOST_OTHERS = 0.35, 0.6, 0.9
# A picture that seems to be lettering all over is of grass, sand or cloth.
_MOST_SHARE = 0.4


@dataclass(frozen=True, slots=True, eq=False)
class _Pieces:
    """Pieces that may be letters, one row each: x0, y0, x1, y1 in pixels, shade and width of stroke."""

    boxes: Floats
    shades: Floats
    strokes: Floats


def likely_text(photo: Image, size_hw: tuple[int, int]) -> NDArray[np.uint8]:
    """Return (h, w) uint8 of this size, 1 where a photograph, (H, W, 3) uint8 RGB, seems to hold lettering."""
    height, width = photo.shape[:2]
    mask = np.zeros(size_hw, np.uint8)
    gray = cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY)
    for side_px in _SIDES_PX:
        scale = min(1.0, side_px / max(width, height))
        size = (max(8, round(width * scale)), max(8, round(height * scale)))
        seen: Image = cv2.resize(gray, size, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
        to_mask = np.array([size_hw[1] / size[0], size_hw[0] / size[1]] * 2, np.float32)
        for inverted in (False, True):
            pieces = _pieces(cv2.bitwise_not(seen) if inverted else seen)  # type: ignore[arg-type]
            for turned in (False, True):
                for box in _lines(pieces, turned):
                    x0, y0, x1, y1 = (box * to_mask).tolist()
                    mask[max(0, int(y0)) : int(y1) + 1, max(0, int(x0)) : int(x1) + 1] = 1
    return mask if mask.mean() <= _MOST_SHARE else np.zeros_like(mask)


def _pieces(gray: Image) -> _Pieces:
    """Return the dark pieces of a gray picture that have the size, the sharp edges and the thin strokes of letters."""
    smooth = cv2.GaussianBlur(gray, (3, 3), 0)
    dark = cv2.adaptiveThreshold(
        smooth, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, _SURROUNDINGS_PX, _LEAST_CONTRAST
    )
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    wide, high, area = stats[:, 2], stats[:, 3], stats[:, 4]
    long = np.maximum(wide, high)
    fill = area / (wide * high)
    sized = (long >= _LEAST_HEIGHT_PX) & (long <= _MOST_HEIGHT * min(gray.shape)) & (area >= 8)
    sized &= (fill >= _LEAST_FILL) & ((fill <= _MOST_FILL) | (np.minimum(wide, high) < 0.4 * long))
    sized[0] = False
    slopes = cv2.morphologyEx(gray, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    rim = labels * cv2.subtract(dark, cv2.erode(dark, np.ones((3, 3), np.uint8)))
    flat = rim.ravel()
    edge_px = np.maximum(1, np.bincount(flat, minlength=count))
    edges = np.bincount(flat, slopes.ravel(), minlength=count) / edge_px
    strokes = 2.0 * area / edge_px
    shades = np.bincount(labels.ravel(), gray.ravel(), minlength=count) / np.maximum(1, area)
    kept = np.flatnonzero(sized & (edges >= _LEAST_EDGE) & (strokes <= _MOST_STROKE * long))[:_MOST_PIECES]
    left, top = stats[kept, 0], stats[kept, 1]
    boxes = np.stack([left, top, left + wide[kept], top + high[kept]], axis=1).astype(np.float32)
    return _Pieces(boxes, shades[kept].astype(np.float32), strokes[kept].astype(np.float32))


def _lines(pieces: _Pieces, turned: bool) -> list[Floats]:
    """Return the box round each line of pieces, a little larger; of each column where they are looked at turned."""
    boxes = pieces.boxes[:, [1, 0, 3, 2]] if turned else pieces.boxes
    order = np.argsort(boxes[:, 0], kind="stable")
    boxes, shades, strokes = boxes[order], pieces.shades[order], pieces.strokes[order]
    first = _neighbours(boxes, shades, strokes)
    all_x, all_y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    found = []
    for number in np.unique(first).tolist():
        own = boxes[first == number]
        if len(own) < _LEAST_PIECES:
            continue
        x0, y0 = own[:, :2].min(axis=0).tolist()
        x1, y1 = own[:, 2:].max(axis=0).tolist()
        high = float(np.quantile(own[:, 3] - own[:, 1], 0.75))
        middles = (own[:, 1] + own[:, 3]) / 2
        fitted = np.polyval(np.polyfit(own[:, 0], middles, 1), own[:, 0])
        if x1 - x0 < _LEAST_LENGTH * high or float(np.ptp(middles - fitted)) > _MOST_WANDER * 0.5 * high:
            continue
        out = _GROWN * high
        # Leaves and windows make lines too, but in the midst of more of their kind.
        wide, narrow = _ROUND * high, 0.05 * high
        beside = (all_x > x0 - wide) & (all_x < x1 + wide) & (all_y > y0 - wide) & (all_y < y1 + wide)
        beside &= (all_x < x0 - narrow) | (all_x > x1 + narrow) | (all_y < y0 - narrow) | (all_y > y1 + narrow)
        if np.count_nonzero(beside) > _MOST_OTHERS * len(own):
            continue
        box = np.array([x0 - out, y0 - out, x1 + out, y1 + out], np.float32)
        found.append(box[[1, 0, 3, 2]] if turned else box)
    return found


def _neighbours(boxes: Floats, shades: Floats, strokes: Floats) -> NDArray[np.intp]:
    """Return for each piece the first one of its line, the pieces being sorted from left to right."""
    first = np.arange(len(boxes))
    high = boxes[:, 3] - boxes[:, 1]
    middle = (boxes[:, 1] + boxes[:, 3]) / 2
    begins = np.searchsorted(boxes[:, 0], boxes[:, 0] - _REACH * high)
    for at, begin in enumerate(begins.tolist()):
        if begin == at:
            continue
        before = slice(begin, at)
        larger, smaller = np.maximum(high[before], high[at]), np.minimum(high[before], high[at])
        gap = boxes[at, 0] - boxes[before, 2]
        alike = (gap < _GAP * larger) & (gap > -0.8 * larger) & (smaller >= _SMALLER * larger)
        alike &= np.abs(middle[before] - middle[at]) < _OFF * larger
        alike &= np.abs(shades[before] - shades[at]) < _SHADE
        thick, thin = np.maximum(strokes[before], strokes[at]), np.minimum(strokes[before], strokes[at])
        alike &= thick < _STROKE * thin
        near = np.flatnonzero(alike)
        if len(near):
            first[at] = first[begin + int(near[np.argmin(gap[near])])]
    return first
