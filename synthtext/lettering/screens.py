"""Screens: ink cut into dots or by bridges in the layer, before it is placed, so that both tilt with the text."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Annotated

import cv2
import numpy as np

from synthtext.geometry import Image, Matrix, Warp
from synthtext.layers import both, leveled, resized
from synthtext.lettering.banks import noise
from synthtext.lettering.base import Sheet, StyleSpec
from synthtext.quads import box_quads
from synthtext.spec import Range, Within
from synthtext.values import TextLayer

_CELL = 4  # pixels a dot is drawn with before it is brought to its size
_LEAST_PITCH_PX = 2.3
# Shares of a character's ink that a bridge may take away: less would not be seen, more would harm.
_LEAST_TAKEN, _MOST_TAKEN = 0.01, 0.09


class DotMatrix(StyleSpec):
    """The print of needles through a ribbon.

    Attributes:
        rows: of dots to an em, at most; small letters have fewer, so that dots can be told apart.
        size: of a dot, as a share of the distance between two.
        ribbon: how unevenly the ribbon gives ink.
    """

    rows: Annotated[Range, Within(8, 64)] = Range(18, 24)
    size: Annotated[Range, Within(0.4, 1.4)] = Range(0.9, 1.15)
    ribbon: Annotated[Range, Within(0, 1)] = Range(0.1, 0.5)


def dot_matrix_layer(layer: TextLayer, em_px: float, **values: float) -> TextLayer:
    """Return the layer with its ink as dots on a grid."""
    return replace(layer, mask=dot_cells(layer.mask, layer.em_px, em_px, values["rows"], values["size"], 0.45))


def dot_matrix(sheet: Sheet, *, rows: float, size: float, ribbon: float) -> bool:
    """Let the ribbon give more ink here and less there."""
    ink = noise("blots", sheet.size_wh, sheet.luck, sheet.em_px)
    sheet.mask = sheet.body = both(sheet.mask, leveled(ink, 1.6 * ribbon, 255.0 - 260.0 * ribbon))
    return True


def dot_cells(mask: Image, layer_em_px: int, em_px: float, rows: float, size: float, level: float) -> Image:
    """Return the mask as dots on a grid, of the same size.

    Args:
        mask: (h, w) uint8, in a layer of `layer_em_px` pixels an em.
        em_px: pixels an em in the picture, where dots have to be far enough apart to be seen.
        level: how much of a cell ink has to cover for its dot to be struck.
    """
    across, down = _grid(mask.shape[:2], layer_em_px, em_px, rows)
    cells = resized(mask, (across, down), cv2.INTER_AREA)
    cells = leveled(cells, 8.0, -8.0 * 255.0 * (level - 0.06))
    dots = resized(cells, (across * _CELL, down * _CELL), cv2.INTER_NEAREST)
    return _sized(both(dots, _dots(across, down, size)), mask.shape[:2])


def dot_tiles(shape: tuple[int, int], layer_em_px: int, em_px: float, rows: float, size: float) -> Image:
    """Return (h, w) with every dot of the grid that `dot_cells` uses."""
    return _sized(_dots(*_grid(shape, layer_em_px, em_px, rows), size), shape)


def _grid(shape: tuple[int, int], layer_em_px: int, em_px: float, rows: float) -> tuple[int, int]:
    pitch = max(layer_em_px / rows, _LEAST_PITCH_PX * layer_em_px / em_px)
    return max(1, round(shape[1] / pitch)), max(1, round(shape[0] / pitch))


def _sized(dots: Image, shape: tuple[int, int]) -> Image:
    return resized(dots, (shape[1], shape[0]), cv2.INTER_LINEAR)


@lru_cache(maxsize=16)
def _dot(size_percent: int) -> Image:
    """Return one round dot, smooth-edged."""
    centre = (_CELL - 1) / 2
    y, x = np.mgrid[:_CELL, :_CELL]
    edge = size_percent / 100 * _CELL / 2 + 0.5 - np.hypot(x - centre, y - centre)
    dot: Image = (np.clip(edge, 0, 1) * 255).astype(np.uint8)
    return dot


def _dots(across: int, down: int, size: float) -> Image:
    return np.tile(_dot(round(size * 20) * 5), (down, across))


class Stencil(StyleSpec):
    """Letters sprayed through a plate: bridges leave gaps in them.

    Attributes:
        gap_em: how wide the bridges are.
    """

    gap_em: Annotated[Range, Within(0.01, 0.2)] = Range(0.035, 0.06)


def stencil_layer(layer: TextLayer, em_px: float, **values: float) -> TextLayer:
    """Return the layer with a bridge through every character that is large enough.

    The bridge goes where it takes least ink away, so that it crosses strokes and never wipes one out.
    """
    mask = layer.mask.copy()
    left, top = layer.origin
    gap = max(2, round(max(values["gap_em"] * layer.em_px, 1.3 * layer.em_px / em_px)))
    for char, (x0, y0, x1, y1) in _char_boxes(layer).items():
        if min(x1 - x0, y1 - y0) < 0.4 * layer.em_px:
            continue
        if layer.turns is not None:
            upright = Warp(_shift(-left - x0, -top - y0) @ np.linalg.inv(layer.turns.chars[char]))
            _bridge_turned(mask, upright, (round(x1 - x0), round(y1 - y0)), gap)
            continue
        window = mask[top + int(y0) : top + int(y1), left + int(x0) : left + int(x1)]
        across, start = _bridge(window, gap)
        if start >= 0:
            window[(slice(None), slice(start, start + gap)) if across else slice(start, start + gap)] = 0
    return replace(layer, mask=mask)


def _bridge_turned(mask: Image, upright: Warp, size_wh: tuple[int, int], gap: int) -> None:
    """Cut a bridge through a character that stands askew; `upright` takes the mask to its upright window."""
    across, start = _bridge(upright.image(mask, size_wh), gap)
    if start < 0:
        return
    width, height = size_wh
    box = (start, 0, start + gap, height) if across else (0, start, width, start + gap)
    corners = upright.inverse().points(box_quads(np.array(box, np.float32))[0])
    # Drawn at pixel centres, which lie half a pixel inside the edge convention.
    cv2.fillConvexPoly(mask, np.round((corners - 0.5) * 16.0).astype(np.int32), 0, cv2.LINE_AA, 4)


def _shift(x: float, y: float) -> Matrix:
    return np.array([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]])


def _bridge(window: Image, gap: int) -> tuple[bool, int]:
    """Return whether a bridge through a character stands upright, and where it starts; -1 where none does no harm."""
    best, found = _MOST_TAKEN, (True, -1)
    whole = float(window.sum())
    for upright, sums in ((True, window.sum(axis=0)), (False, window.sum(axis=1))):
        size = len(sums)
        taken = np.convolve(sums, np.ones(gap), "valid") / whole
        for start in range(int(0.3 * size), min(int(0.7 * size), len(taken))):
            if _LEAST_TAKEN < taken[start] < best:
                best, found = taken[start], (upright, start)
    return found


def _char_boxes(layer: TextLayer) -> dict[int, tuple[float, float, float, float]]:
    boxes: dict[int, tuple[float, float, float, float]] = {}
    for char, x0, y0, x1, y1 in layer.spots:
        a, b, c, d = boxes.get(char, (x0, y0, x1, y1))
        boxes[char] = (min(a, x0), min(b, y0), max(c, x1), max(d, y1))
    return boxes


def stencil(sheet: Sheet, *, gap_em: float) -> bool:
    """Everything was done in the layer."""
    return True
