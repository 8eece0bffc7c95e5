"""Quads (N, 4, 2) and boxes (N, 4) as arrays: from one to the other, their area, sides and shape."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from synthtext.geometry import Floats


def box_quads(boxes_xyxy: Floats) -> Floats:
    """Return axis-aligned boxes (N, 4) x0, y0, x1, y1 as quads (N, 4, 2)."""
    boxes = np.asarray(boxes_xyxy, np.float32).reshape(-1, 4)
    return boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2)


def signed_area(quads: Floats) -> NDArray[np.float64]:
    """Return the shoelace areas of (N, P, 2) outlines in square pixels; positive when clockwise on screen."""
    pts = np.asarray(quads, np.float64)
    following = _next(pts)
    return 0.5 * np.sum(pts[..., 0] * following[..., 1] - following[..., 0] * pts[..., 1], axis=1)  # type: ignore[no-any-return]


def is_convex(quads: Floats) -> NDArray[np.bool_]:
    """Return which of the (N, 4, 2) quads are convex, clockwise and not degenerate."""
    pts = np.asarray(quads, np.float64)
    edges = _next(pts) - pts
    after = _next(edges)
    turns = edges[..., 0] * after[..., 1] - edges[..., 1] * after[..., 0]
    return np.asarray(np.isfinite(pts).all(axis=(1, 2)) & (turns > 0).all(axis=1))


def side_lengths(quads: Floats) -> NDArray[np.float64]:
    """Return (N, 4) lengths in pixels of the top, right, bottom and left sides of (N, 4, 2) quads."""
    pts = np.asarray(quads, np.float64)
    return np.linalg.norm(_next(pts) - pts, axis=2)  # type: ignore[no-any-return]


def enclosing_boxes(quads: Floats) -> Floats:
    """Return the axis-aligned boxes (N, 4) x0, y0, x1, y1 round (N, P, 2) outlines."""
    pts = np.asarray(quads, np.float32)
    return np.concatenate([pts.min(axis=1), pts.max(axis=1)], axis=1)


def _next(pts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (N, P, 2) outlines that begin at their second point; `np.roll` takes twenty times as long."""
    following: NDArray[np.float64] = pts.take(_order(pts.shape[1]), axis=1)
    return following


@lru_cache(maxsize=64)
def _order(count: int) -> NDArray[np.intp]:
    return np.arange(1, count + 1) % max(1, count)
