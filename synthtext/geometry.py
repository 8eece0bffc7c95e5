"""Quads and the warps that move them.

Edge convention everywhere: pixel (r, c) covers [c, c+1) x [r, r+1), an image spans [0, W] x [0, H], x right, y down.
A quad is (4, 2) float32: top-left, top-right, bottom-right, bottom-left as the reader of the text sees them.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Matrix = NDArray[np.float64]
Image = NDArray[np.uint8]

# OpenCV samples at pixel centres, which lie half a pixel inside the edge convention.
_TO_EDGES: Matrix = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5], [0.0, 0.0, 1.0]])
_TO_CENTRES: Matrix = np.array([[1.0, 0.0, -0.5], [0.0, 1.0, -0.5], [0.0, 0.0, 1.0]])


@dataclass(frozen=True, slots=True, eq=False)
class Warp:
    """A plane homography from source to target pixels, in the edge convention.

    The one function pair that moves pixels (`image`) and labels (`points`) together.

    Args:
        matrix: (3, 3) float64.
    """

    matrix: Matrix

    @staticmethod
    def identity() -> Warp:
        """Return the warp that moves nothing."""
        return Warp(np.eye(3))

    @staticmethod
    def scaling(x: float, y: float) -> Warp:
        """Return a scaling about the origin, which is the image's top-left corner."""
        return Warp(np.diag([x, y, 1.0]))

    @staticmethod
    def between(source: Floats, target: Floats) -> Warp:
        """Return the warp that takes the four source corners, (4, 2), to the four target corners."""
        matrix = cv2.getPerspectiveTransform(
            np.ascontiguousarray(source, np.float32), np.ascontiguousarray(target, np.float32)
        )
        return Warp(np.asarray(matrix, np.float64))

    def then(self, after: Warp) -> Warp:
        """Return this warp followed by another."""
        return Warp(after.matrix @ self.matrix)

    def inverse(self) -> Warp:
        """Return the warp back."""
        return Warp(np.asarray(np.linalg.inv(self.matrix), np.float64))

    @property
    def affine(self) -> bool:
        """Whether parallel lines stay parallel."""
        m = self.matrix
        return bool(m[2, 0] == 0.0 and m[2, 1] == 0.0)

    def points(self, points: Floats) -> Floats:
        """Return (..., 2) float32 points moved."""
        flat = np.asarray(points, np.float64).reshape(-1, 2)
        m = self.matrix
        moved = flat @ m[:2, :2].T + m[:2, 2]
        if not self.affine:
            moved /= (flat @ m[2, :2] + m[2, 2])[:, None]
        return moved.astype(np.float32).reshape(np.shape(points))

    def image(self, image: Image, size_wh: tuple[int, int], border: int = 0) -> Image:
        """Return the image moved, (H, W[, 3]) uint8, linear interpolation; outside lies `border`."""
        centred = _TO_CENTRES @ self.matrix @ _TO_EDGES
        if self.affine:
            scale = centred[2, 2]
            return cv2.warpAffine(  # type: ignore[return-value]
                image, centred[:2] / scale, size_wh, flags=cv2.INTER_LINEAR, borderValue=(border,) * 3
            )
        return cv2.warpPerspective(  # type: ignore[return-value]
            image, centred, size_wh, flags=cv2.INTER_LINEAR, borderValue=(border,) * 3
        )


def box_quads(boxes_xyxy: Floats) -> Floats:
    """Return axis-aligned boxes (N, 4) x0, y0, x1, y1 as quads (N, 4, 2)."""
    boxes = np.asarray(boxes_xyxy, np.float32).reshape(-1, 4)
    return boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2)


def signed_area(quads: Floats) -> NDArray[np.float64]:
    """Return the shoelace areas of (N, P, 2) outlines in square pixels; positive when clockwise on screen."""
    pts = np.asarray(quads, np.float64)
    following = np.roll(pts, -1, axis=1)
    return 0.5 * np.sum(pts[..., 0] * following[..., 1] - following[..., 0] * pts[..., 1], axis=1)  # type: ignore[no-any-return]


def is_convex(quads: Floats) -> NDArray[np.bool_]:
    """Return which of the (N, 4, 2) quads are convex, clockwise and not degenerate."""
    pts = np.asarray(quads, np.float64)
    edges = np.roll(pts, -1, axis=1) - pts
    after = np.roll(edges, -1, axis=1)
    turns = edges[..., 0] * after[..., 1] - edges[..., 1] * after[..., 0]
    return np.asarray(np.isfinite(pts).all(axis=(1, 2)) & (turns > 0).all(axis=1))


def side_lengths(quads: Floats) -> NDArray[np.float64]:
    """Return (N, 4) lengths in pixels of the top, right, bottom and left sides of (N, 4, 2) quads."""
    pts = np.asarray(quads, np.float64)
    return np.linalg.norm(np.roll(pts, -1, axis=1) - pts, axis=2)  # type: ignore[no-any-return]


def enclosing_boxes(quads: Floats) -> Floats:
    """Return the axis-aligned boxes (N, 4) x0, y0, x1, y1 round (N, P, 2) outlines."""
    pts = np.asarray(quads, np.float32)
    return np.concatenate([pts.min(axis=1), pts.max(axis=1)], axis=1)
