"""Outlines of what a transform has moved: quads round characters, quads and polygons round words and lines.

A homography takes quads to quads. Anything else bends their sides, so a quad has to be laid round the result, and a
word or line is better told by a polygon that follows it.
"""

from __future__ import annotations

import math
from functools import lru_cache

import cv2
import numpy as np

from synthtext.geometry import Floats, Matrix, Transform, Warp
from synthtext.quads import box_quads

# Points on each side of a char's and of a line's quad that the enclosing quad is laid round.
_CHAR_POINTS, _LINE_POINTS = 6, 48
# Stations along a word or line, from which as few are kept as follow it this closely.
_STATIONS = 64
_OFF_PX = 0.35
_LEAST_SIDE_PX = 1.0
_FOLLOWING = np.array([1, 2, 3, 0])


@lru_cache(maxsize=4)
def _side_weights(per_side: int) -> Matrix:
    """Return (K, 4): K points round a quad, clockwise from the first corner, as mixes of its corners."""
    steps = np.arange(per_side) / per_side
    weights = np.zeros((4, per_side, 4))
    for side in range(4):
        weights[side, :, side] = 1.0 - steps
        weights[side, :, (side + 1) % 4] = steps
    return weights.reshape(-1, 4)


_SQUARE = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)


def rounded(quads: Floats | Matrix, per_side: int = _CHAR_POINTS) -> Matrix:
    """Return (N, K, 2) points on the sides of (N, 4, 2) quads, from their first corners on."""
    points: Matrix = np.einsum("kc,ncd->nkd", _side_weights(per_side), np.asarray(quads, np.float64))
    return points


def moved_quads(transform: Transform, quads: Floats) -> Floats:
    """Return (N, 4, 2) quads moved; where their sides become curves, convex quads that hold them."""
    if isinstance(transform, Warp) or not len(quads):
        return transform.points(quads)
    points = rounded(quads)
    return np.stack([_hugged(outline) for outline in transform.push(points.reshape(-1, 2)).reshape(points.shape)])


def line_quad(transform: Transform, quad: Floats) -> Floats:
    """Return the quad (4, 2) round what becomes of a whole word or line.

    Args:
        quad: round it before the transform.
    """
    if isinstance(transform, Warp):
        return transform.points(quad)
    outline = transform.push(rounded(quad[None], _LINE_POINTS)[0])
    _, first, _, last = outline.reshape(4, _LINE_POINTS, 2).mean(axis=1)
    both = _rectangle(outline, first - last), _hugged(outline)
    return min(both, key=_area)


def line_polygon(transform: Transform, box_xyxy: Floats, column: bool) -> Floats:
    """Return the polygon (P, 2) that follows what becomes of a word or line, clockwise on screen.

    It begins at the reader's top-left corner; of a line there comes the upper edge and then the lower one back, of a
    column the right edge and then the left one back.

    Args:
        box_xyxy: round it before the transform.
        column: it runs from top to bottom.
    """
    if isinstance(transform, Warp):
        return transform.points(box_quads(box_xyxy)[0])
    quad = _with_room(transform, box_quads(box_xyxy)[0].astype(np.float64), column)
    share = np.linspace(0.0, 1.0, _STATIONS + 1)[:, None]
    corners = quad[[1, 2, 0, 3]] if column else quad[[0, 1, 3, 2]]
    edges = [corners[at] + share * (corners[at + 1] - corners[at]) for at in (0, 2)]
    there, other = transform.push(np.concatenate(edges)).reshape(2, _STATIONS + 1, 2)
    stride = _STATIONS
    while stride > 1 and max(_off(there, stride), _off(other, stride)) > _OFF_PX:
        stride //= 2
    there, back = there[::stride], other[::-stride]
    points = np.concatenate([back[-1:], there, back[:-1]] if column else [there, back])
    return points.astype(np.float32)


def _with_room(transform: Transform, quad: Matrix, column: bool) -> Matrix:
    """Return a line's quad made so much longer that its straight ends hold what becomes of its ends."""
    roomy = quad.copy()
    for first, last in ((0, 1), (2, 3)) if column else ((3, 0), (1, 2)):
        side = quad[first] + np.linspace(0.0, 1.0, _CHAR_POINTS + 1)[:, None] * (quad[last] - quad[first])
        outwards = _left_of(side[-1] - side[0])
        moved = transform.push(np.concatenate([side, side[:1] + outwards]))
        left = _left_of(moved[-2] - moved[0])
        beyond = ((moved[:-1] - moved[0]) @ left).max() / max(1e-3, (moved[-1] - moved[0]) @ left)
        roomy[[first, last]] += outwards * beyond
    return roomy


def _left_of(way: Matrix) -> Matrix:
    """Return the unit vector to the left of a way: out of an outline that is walked round clockwise."""
    left: Matrix = np.array([way[1], -way[0]]) / max(1e-9, float(np.hypot(way[0], way[1])))
    return left


def _off(edge: Matrix, stride: int) -> float:
    """Return how far an edge strays from the straight lines between every `stride`th of its points."""
    starts, ends = edge[:-1:stride], edge[stride::stride]
    spans = ends - starts
    lengths = np.maximum(np.hypot(spans[:, 0], spans[:, 1]), 1e-9)
    parts = edge[:-1].reshape(len(starts), stride, 2) - starts[:, None]
    off = parts[..., 0] * spans[:, None, 1] - parts[..., 1] * spans[:, None, 0]
    return float((np.abs(off) / lengths[:, None]).max())


def _area(quad: Floats) -> float:
    """Return the area of one convex quad (4, 2) in square pixels, infinity for any other; NumPy is slow with one."""
    corners = quad.tolist()
    if not all(math.isfinite(side) for corner in corners for side in corner):
        return math.inf
    area = 0.0
    for (px, py), (x, y), (nx, ny) in zip(corners, corners[1:] + corners[:1], corners[2:] + corners[:2], strict=True):
        if (x - px) * (ny - y) - (y - py) * (nx - x) <= 0.0:
            return math.inf
        area += px * y - x * py
    return 0.5 * area


def _hugged(outline: Matrix) -> Floats:
    """Return the convex quad (4, 2) round a closed outline (K, 2) whose corners stand at every quarter of it."""
    corners = outline[:: len(outline) // 4].astype(np.float32)
    if _area(corners) < math.inf:
        # Seen in the frame of its corners, the outline is nearly the unit square.
        frame = Warp(np.asarray(cv2.getPerspectiveTransform(_SQUARE, corners), np.float64))
        inside = frame.inverse().push(outline)
        box = (*inside.min(axis=0).tolist(), *inside.max(axis=0).tolist())
        quad = np.array(frame.box(box), np.float32)
        if _area(quad) < math.inf and min(box[:2]) > -1.0 and max(box[2:]) < 2.0:
            return _at_least(quad)
    right = corners[1] - corners[0] + corners[2] - corners[3]
    return _rectangle(outline, right.astype(np.float64))


def _rectangle(points: Matrix, right: Matrix) -> Floats:
    """Return the rectangle (4, 2) round points (K, 2), its upper side along `right`."""
    length = float(np.hypot(right[0], right[1]))
    x = right / length if length > 1e-6 else np.array([1.0, 0.0])
    y = np.array([-x[1], x[0]])
    along, across = points @ x, points @ y
    box = np.array([along.min(), across.min(), along.max(), across.max()], np.float32)
    quad = box_quads(box)[0].astype(np.float64)
    return _at_least((quad[:, :1] * x + quad[:, 1:] * y).astype(np.float32))


def _at_least(quad: Floats) -> Floats:
    """Return a quad none of whose sides is shorter than a pixel."""
    corners = quad.tolist()
    if min(map(math.dist, corners, corners[1:] + corners[:1])) >= _LEAST_SIDE_PX:
        return quad
    sides = np.linalg.norm(quad.take(_FOLLOWING, axis=0) - quad, axis=1)
    right = quad[1] + quad[2] - quad[0] - quad[3]
    down = quad[3] + quad[2] - quad[0] - quad[1]
    for shortest, axis, outwards in (
        (sides[::2].min(), right, (-1, 1, 1, -1)),
        (sides[1::2].min(), down, (-1, -1, 1, 1)),
    ):
        if shortest < _LEAST_SIDE_PX:
            unit = axis / max(1e-6, float(np.hypot(axis[0], axis[1])))
            quad = quad + np.array(outwards)[:, None] * unit * (0.5 * (_LEAST_SIDE_PX - shortest) + 0.001)
    return quad.astype(np.float32)
