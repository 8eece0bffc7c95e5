"""CRAFT's two score maps: where characters are, and where neighbours belong to one word.

Heat is drawn character by character, each in a window of its own, and merged by maximum; a pixel has the value at its
centre, and is exactly 0 where its centre lies in no box. `simple` bends a Gaussian into every box; `craft` does what
EasyOCR's trainer does: a wider one, cut to a circle, in a box half as large again (Baek et al., CVPR 2019).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from synthtext.geometry import Floats, Image, Matrix
from synthtext.quads import is_convex, side_lengths, signed_area
from synthtext.values import TextInstance

MapMode = Literal["simple", "craft"]
MapSize = Literal["full", "half"]
MapDepth = Literal["float32", "uint8"]
Heat = NDArray[Any]

# Heat is looked up in a table this wide, nearest entry: off by 0.005 at most.
_TABLE = 256
_SIMPLE_PX, _SIMPLE_SIGMA, _FLOOR = 31, 10.0, 0.001
_CRAFT_PX, _CRAFT_SIGMA, _CRAFT_ENLARGE = 200, 40.0, 1.5
# Shorter sides, in pixels of the map, have no inside to speak of (a box of one pixel in a map of half the size has it).
_LEAST_SIDE_PX = 0.4
_LEAST_PATCH_PX = 3
_LOOK_UP = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
_WHITE = 255


@dataclass(frozen=True, slots=True)
class MapStyle:
    """How score maps are drawn.

    Attributes:
        mode: `simple` or `craft`, see the module.
        size: `full`, or `half` of the image's width and height, rounded up.
        depth: float32 in [0, 1], or uint8 with 255 for 1, which is drawn in this depth from the start.
    """

    mode: MapMode = "simple"
    size: MapSize = "full"
    depth: MapDepth = "float32"

    def size_wh(self, image_wh: tuple[int, int]) -> tuple[int, int]:
        """Return the size of the maps of an image."""
        return image_wh if self.size == "full" else ((image_wh[0] + 1) // 2, (image_wh[1] + 1) // 2)


def score_maps(instances: Iterable[TextInstance], image_wh: tuple[int, int], style: MapStyle) -> tuple[Heat, Heat]:
    """Return the region and the affinity score map of a picture, each (h, w) in the style's size and depth.

    Instances to be ignored give no heat; see `confidence_mask`.
    """
    cells: list[Floats] = []
    links: list[Floats] = []
    for instance in instances:
        if instance.ignore is None and len(instance.chars):
            cells.append(instance.cell_quads)
            links.append(instance_links(instance))
    return heat(_joined(cells), image_wh, style), heat(_joined(links), image_wh, style)


def instance_links(instance: TextInstance) -> Floats:
    """Return the affinity quads (M, 4, 2) of all words of an instance."""
    words = np.asarray(instance.words)
    links: Floats = affinity_quads(instance.cell_quads, instance.direction == "ttb")[words[1:] == words[:-1]]
    return links


def affinity_quads(char_quads: Floats, column: bool = False) -> Floats:
    """Return the quad that links each pair of neighbouring characters.

    Each corner is the centre of the upper or lower triangle that a character's diagonals cut (CRAFT, section 3.2.1); in
    a column of the left or right one: the upper and lower ones of characters above each other lie in one line.

    Args:
        char_quads: (N, 4, 2) float32, pixels, in reading order.
        column: they stand above each other.

    Returns:
        (N-1, 4, 2) float32, pixels, clockwise also for text that runs to the left.
    """
    links = _links(char_quads, column)
    backwards = signed_area(links) < 0
    links[backwards] = links[backwards][:, [3, 2, 1, 0] if column else [1, 0, 3, 2]]
    return links


def linked(char_quads: Floats) -> bool:
    """Return whether neighbours are joined by sound affinity quads when corners are taken as they are.

    Trainers do that with `gt.mat`: the first and third side of each quad (N, 4, 2) have to lie along the word.
    """
    apart = np.ones(len(char_quads), bool)
    apart[1:] = np.any(char_quads[1:] != char_quads[:-1], axis=(1, 2))  # code points of one character share its quad
    return bool(sound(_links(char_quads[apart], column=False)).all())


def _links(char_quads: Floats, column: bool) -> Floats:
    quads = np.asarray(char_quads, np.float32).reshape(-1, 4, 2)
    if len(quads) < 2:
        return np.zeros((0, 4, 2), np.float32)
    centres = quads.mean(axis=1)
    # Upper and lower triangles of a line's characters, left and right ones of a column's.
    one = (quads[:, 0] + (quads[:, 3] if column else quads[:, 1]) + centres) / np.float32(3.0)
    other = (quads[:, 2] + (quads[:, 1] if column else quads[:, 3]) + centres) / np.float32(3.0)
    corners = (one[:-1], other[:-1], other[1:], one[1:]) if column else (one[:-1], one[1:], other[1:], other[:-1])
    links: Floats = np.stack(corners, axis=1)
    return links


def heat(quads: Floats, image_wh: tuple[int, int], style: MapStyle) -> Heat:
    """Return the map (h, w) with one blob in each of the quads (N, 4, 2), which are in pixels of the image.

    Quads that are not finite, convex and clockwise, or have no extent, are left out: one of them could fill the map.
    """
    width, height = style.size_wh(image_wh)
    canvas: Heat = np.zeros((height, width), np.dtype(style.depth))
    boxes = np.asarray(quads, np.float32).reshape(-1, 4, 2)
    if style.size == "half":
        boxes = boxes * np.float32(0.5)
    boxes = boxes[sound(boxes)]
    if style.mode == "craft":
        centres = boxes.mean(axis=1, keepdims=True)
        boxes = centres + np.float32(_CRAFT_ENLARGE) * (boxes - centres)
    for matrix, (x0, y0, x1, y1, side_px) in _windows(boxes, width, height):
        table = _table(style.mode, style.depth, side_px)
        blob = cv2.warpPerspective(table, matrix, (x1 - x0, y1 - y0), flags=_LOOK_UP)
        window = canvas[y0:y1, x0:x1]
        cv2.max(window, blob, window)
    return canvas


def sound(quads: Floats) -> NDArray[np.bool_]:
    """Return which of the quads (N, 4, 2) can hold a blob, (N,) bool."""
    if not len(quads):
        return np.zeros(0, bool)
    with np.errstate(invalid="ignore", over="ignore"):
        return np.asarray(is_convex(quads) & (side_lengths(quads).min(axis=1) >= _LEAST_SIDE_PX))


def confidence_mask(instances: Iterable[TextInstance], image_wh: tuple[int, int], style: MapStyle) -> Image:
    """Return (h, w) uint8 in the maps' size: 0 where text is to be ignored, 255 elsewhere."""
    width, height = style.size_wh(image_wh)
    mask = np.full((height, width), _WHITE, np.uint8)
    scale = 0.5 if style.size == "half" else 1.0
    for instance in instances:
        if instance.ignore is not None:
            fill(mask, instance.polygon * np.float32(scale), 0)
    return mask


def fill(image: Heat, polygon: Floats, value: int) -> None:
    """Fill the pixels of an image (h, w) that a polygon (P, 2) covers, those on its border included."""
    points = np.round((np.clip(polygon, -(2.0**14), 2.0**14) - 0.5) * 16.0).astype(np.int32)
    cv2.fillPoly(image, [points], (value,), cv2.LINE_8, 4)


def _joined(quads: list[Floats]) -> Floats:
    return np.concatenate(quads) if quads else np.zeros((0, 4, 2), np.float32)


def _windows(boxes: Floats, width: int, height: int) -> Iterator[tuple[Matrix, list[int]]]:
    """Yield for each quad in the map: from its window's pixels to table entries; x0, y0, x1, y1, longest side."""
    if not len(boxes):
        return
    low = np.clip(np.floor(boxes.min(axis=1)), 0, (width, height)).astype(np.int64)
    high = np.clip(np.ceil(boxes.max(axis=1)), 0, (width, height)).astype(np.int64)
    inside = (high > low).all(axis=1)
    boxes, low, high = boxes[inside], low[inside], high[inside]
    sides = np.clip(np.round(side_lengths(boxes).max(axis=1)), _LEAST_PATCH_PX, _SIMPLE_PX).astype(np.int64)
    yield from zip(_lookups(boxes.astype(np.float64), low), np.column_stack([low, high, sides]).tolist(), strict=True)


def _lookups(quads: Matrix, corners: NDArray[np.int64]) -> Matrix:
    """Return (N, 3, 3): from pixels, counted from a corner (N, 2) each, to entries of the table."""
    first, second, third, fourth = (quads[:, at] for at in range(4))
    # Heckbert's map of the unit square to a quad (Fundamentals of Texture Mapping, 1989, section 2.2.3).
    one, two, rest = second - third, fourth - third, first - second + third - fourth
    det = one[:, 0] * two[:, 1] - two[:, 0] * one[:, 1]
    g = ((rest[:, 0] * two[:, 1] - two[:, 0] * rest[:, 1]) / det)[:, None]
    h = ((one[:, 0] * rest[:, 1] - rest[:, 0] * one[:, 1]) / det)[:, None]
    to_quad = np.empty((len(quads), 3, 3))
    to_quad[:, :2, 0] = second - first + g * second
    to_quad[:, :2, 1] = fourth - first + h * fourth
    to_quad[:, :2, 2] = first
    to_quad[:, 2, :2] = np.concatenate([g, h], axis=1)
    to_quad[:, 2, 2] = 1.0
    # From the window's pixel centres to the picture's edges, and from the square to the centres of the table's entries.
    shift = np.zeros((len(quads), 3, 3))
    shift[:, 0, 0] = shift[:, 1, 1] = shift[:, 2, 2] = 1.0
    shift[:, :2, 2] = corners + 0.5
    to_table = np.array([[_TABLE, 0.0, -0.5], [0.0, _TABLE, -0.5], [0.0, 0.0, 1.0]])
    result: Matrix = to_table @ np.linalg.inv(to_quad) @ shift
    return result


@lru_cache(maxsize=4 * _SIMPLE_PX)
def _table(mode: MapMode, depth: MapDepth, side_px: int) -> Heat:
    """Return the heat over a unit square, (_TABLE, _TABLE), for a box whose longest side has so many pixels."""
    values = (_craft_table() if mode == "craft" else _simple_table(side_px)).astype(np.float32)
    return values if depth == "float32" else np.round(values * _WHITE).astype(np.uint8)


def _simple_table(side_px: int) -> Matrix:
    """Return a Gaussian from 1 down to the floor. In a small box it is as coarse as a patch of the box's own size."""
    reach = (_SIMPLE_PX - 1) / 2
    # The outermost half pixel of a patch has the value of its outermost pixel centres.
    continuous = np.clip(_places() * _SIMPLE_PX, -reach, reach)
    off = continuous if side_px >= _SIMPLE_PX else np.arange(_SIMPLE_PX) - reach
    values: Matrix = np.exp(-(off[:, None] ** 2 + off[None] ** 2) / (2 * _SIMPLE_SIGMA**2))
    if side_px < _SIMPLE_PX:
        values = np.asarray(cv2.resize(values, (side_px, side_px), interpolation=cv2.INTER_LINEAR))
    least, most = values.min(), values.max()
    values = _FLOOR + (1.0 - _FLOOR) * (values - least) / (most - least)
    if side_px < _SIMPLE_PX:
        values = np.asarray(cv2.resize(values, (_TABLE, _TABLE), interpolation=cv2.INTER_LINEAR))
    return values


def _craft_table() -> Matrix:
    """Return a Gaussian cut to the circle that touches the box's sides."""
    off = _places() * _CRAFT_PX
    squared = off[:, None] ** 2 + off[None] ** 2
    values: Matrix = np.where(squared < (_CRAFT_PX / 2) ** 2, np.exp(-squared / (2 * _CRAFT_SIGMA**2)), 0.0)
    return values


def _places() -> Matrix:
    return (np.arange(_TABLE) + 0.5) / _TABLE - 0.5
