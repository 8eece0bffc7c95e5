"""Quads and the transforms that move them.

Edge convention everywhere: pixel (r, c) covers [c, c+1) x [r, r+1), an image spans [0, W] x [0, H], x right, y down.
A quad is (4, 2) float32: top-left, top-right, bottom-right, bottom-left as the reader of the text sees them.

A `Transform` moves pixels and points by one and the same function: `Warp` is a plane homography, `Mesh` anything
smooth, and `then` puts one after another.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import overload

import cv2
import numpy as np
from numpy.typing import NDArray

from synthtext.nouns import noun

Floats = NDArray[np.float32]
Matrix = NDArray[np.float64]
Image = NDArray[np.uint8]
Corners = Sequence[tuple[float, float]]
"""The four corners of a quad in plain Python, for decisions: on four points NumPy is slow."""

# OpenCV samples at pixel centres, which lie half a pixel inside the edge convention.
_IDENTITY: Matrix = np.eye(3)
_TO_EDGES: Matrix = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5], [0.0, 0.0, 1.0]])
_TO_CENTRES: Matrix = np.array([[1.0, 0.0, -0.5], [0.0, 1.0, -0.5], [0.0, 0.0, 1.0]])
# How far apart the points are for which a transform that is no homography is worked out; linear in between. At the
# strongest curvature in use (a wave of 18 px with an amplitude of 1.2 px) that is 0.15 px off where it is worst.
_STEP_PX, _ROUNDS, _NEAR, _PROBE = 3, 12, 1e-6, 1e-4
_PROBE_X, _PROBE_Y = np.array([_PROBE, 0.0]), np.array([0.0, _PROBE])


class Transform(ABC):
    """A smooth map from source to target pixels that can be undone, in the edge convention.

    The one pair of functions that moves labels (`points`) and pixels (`image`) together.
    """

    __slots__ = ()

    @abstractmethod
    def push(self, points: Matrix) -> Matrix:
        """Return where (N, 2) float64 points of the source go."""

    @abstractmethod
    def pull(self, points: Matrix) -> Matrix:
        """Return where (N, 2) float64 points of the target come from."""

    def points(self, points: Floats) -> Floats:
        """Return (..., 2) float32 points moved."""
        flat = np.asarray(points, np.float64).reshape(-1, 2)
        return self.push(flat).astype(np.float32).reshape(np.shape(points))

    def image(self, image: Image, size_wh: tuple[int, int], border: int | None = 0, step_px: int = 0) -> Image:
        """Return the image moved, (H, W[, 3]) uint8, linear interpolation.

        Args:
            size_wh: of the result.
            border: what lies outside of the image; None for what its edge shows, mirrored.
        """
        return _remapped(
            image, between_nodes(self.pull(node_points(size_wh, _STEP_PX).reshape(-1, 2)), size_wh, _STEP_PX), border
        )

    def then(self, after: Transform) -> Transform:
        """Return this transform followed by another."""
        return _joined(self, after)

    def inverse(self) -> Transform:
        """Return the transform back."""
        return _Undone(self)


@noun()
class Warp(Transform):
    """A plane homography from source to target pixels, in the edge convention.

    Args:
        matrix: (3, 3) float64.
    """

    matrix: Matrix

    @staticmethod
    def identity() -> Warp:
        """Return the warp that moves nothing."""
        return Warp(np.eye(3))

    @staticmethod
    def shift(x: float, y: float) -> Warp:
        """Return the warp that moves everything by so many pixels."""
        matrix = _IDENTITY.copy()
        matrix[0, 2], matrix[1, 2] = x, y
        return Warp(matrix)

    @staticmethod
    def placing(scale: float, x: float, y: float) -> Warp:
        """Return the warp that scales everything about the origin, and then moves that to (x, y)."""
        matrix = _IDENTITY.copy()
        matrix[0, 0] = matrix[1, 1] = scale
        matrix[0, 2], matrix[1, 2] = x, y
        return Warp(matrix)

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

    @overload
    def then(self, after: Warp) -> Warp: ...

    @overload
    def then(self, after: Transform) -> Transform: ...

    def then(self, after: Transform) -> Transform:
        """Return this warp followed by another transform."""
        # `dot` has half of the overhead of `@`.
        return Warp(after.matrix.dot(self.matrix)) if isinstance(after, Warp) else _joined(self, after)

    def inverse(self) -> Warp:
        """Return the warp back."""
        return Warp(np.asarray(np.linalg.inv(self.matrix), np.float64))

    def box(self, box_xyxy: Sequence[float]) -> list[tuple[float, float]]:
        """Return where the corners of a box go, clockwise from its top left; for one box faster than `points`."""
        (a, b, c), (d, e, f), (g, h, i) = self.matrix.tolist()
        x0, y0, x1, y1 = box_xyxy
        corners = []
        for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1)):
            depth = g * x + h * y + i
            corners.append(((a * x + b * y + c) / depth, (d * x + e * y + f) / depth))
        return corners

    @property
    def affine(self) -> bool:
        """Whether parallel lines stay parallel."""
        g, h, _ = self.matrix[2].tolist()
        return bool(g == 0.0 and h == 0.0)

    def push(self, points: Matrix) -> Matrix:
        """Return where (N, 2) float64 points of the source go."""
        m = self.matrix
        moved: Matrix = points @ m[:2, :2].T + m[:2, 2]
        if not self.affine:
            moved /= (points @ m[2, :2] + m[2, 2])[:, None]
        return moved

    def pull(self, points: Matrix) -> Matrix:
        """Return where (N, 2) float64 points of the target come from."""
        return self.inverse().push(points)

    def image(self, image: Image, size_wh: tuple[int, int], border: int | None = 0, step_px: int = 0) -> Image:
        """Return the image moved, (H, W[, 3]) uint8, linear interpolation; `border` as in `Transform.image`."""
        centred = _TO_CENTRES.dot(self.matrix).dot(_TO_EDGES)
        mode, value = _border(border)
        if self.affine:
            scale = centred[2, 2]
            return cv2.warpAffine(  # type: ignore[return-value]
                image, centred[:2] / scale, size_wh, flags=cv2.INTER_LINEAR, borderMode=mode, borderValue=value
            )
        return cv2.warpPerspective(  # type: ignore[return-value]
            image, centred, size_wh, flags=cv2.INTER_LINEAR, borderMode=mode, borderValue=value
        )


@dataclass(frozen=True, slots=True, eq=False)
class Mesh(Transform):
    """Any smooth transform, known on nodes a step apart and linear in between.

    Made by `Mesh.sampled` from a formula, or from nodes that were worked out otherwise. Pixels and points both go by
    the nodes, so they agree exactly however coarse these are.

    Args:
        nodes: (n, m, 2) float64: node (i, j) says where the target's point (step * (j - 0.5), step * (i - 0.5)) comes
            from. The outermost nodes lie half a step outside of the image.
        step_px: distance of the nodes.
    """

    nodes: Matrix
    step_px: int

    @staticmethod
    def sampled(pull: Callable[[Matrix], Matrix], size_wh: tuple[int, int], step_px: int = 8) -> Mesh:
        """Return the mesh of a formula.

        Args:
            pull: takes (N, 2) float64 points of the target to where they come from, in source pixels. It must not
                fold: neighbours stay neighbours and nothing is turned inside out.
            size_wh: of the target.
            step_px: distance of the nodes; what lies between them is off by about step² / 8 of the curvature.
        """
        nodes = node_points(size_wh, step_px)
        return Mesh(np.asarray(pull(nodes.reshape(-1, 2)), np.float64).reshape(nodes.shape), step_px)

    def push(self, points: Matrix) -> Matrix:
        """Return where (N, 2) float64 points of the source go."""
        return solve(self.pull, points)

    def pull(self, points: Matrix) -> Matrix:
        """Return where (N, 2) float64 points of the target come from; beyond the mesh it goes on straight."""
        rows, columns = self.nodes.shape[:2]
        at = points * (1.0 / self.step_px) + 0.5
        cell = np.clip(np.floor(at), 0, (columns - 2, rows - 2)).astype(np.intp)
        right, down = (at - cell).T[:, :, None]
        j, i = cell.T
        upper = self.nodes[i, j] * (1.0 - right) + self.nodes[i, j + 1] * right
        lower = self.nodes[i + 1, j] * (1.0 - right) + self.nodes[i + 1, j + 1] * right
        return upper * (1.0 - down) + lower * down  # type: ignore[no-any-return]

    def image(self, image: Image, size_wh: tuple[int, int], border: int | None = 0, step_px: int = 0) -> Image:
        """Return the image moved, (H, W[, 3]) uint8, linear interpolation; `border` as in `Transform.image`."""
        nodes = node_points(size_wh, self.step_px)
        pulled = self.nodes if nodes.shape == self.nodes.shape else self.pull(nodes.reshape(-1, 2))
        return _remapped(image, between_nodes(pulled, size_wh, self.step_px), border)


@dataclass(frozen=True, slots=True, eq=False)
class _Joined(Transform):
    """Transforms one after another."""

    parts: tuple[Transform, ...]

    def push(self, points: Matrix) -> Matrix:
        for part in self.parts:
            points = part.push(points)
        return points

    def pull(self, points: Matrix) -> Matrix:
        for part in reversed(self.parts):
            points = part.pull(points)
        return points


@dataclass(frozen=True, slots=True, eq=False)
class _Undone(Transform):
    """A transform the other way round."""

    of: Transform

    def push(self, points: Matrix) -> Matrix:
        return self.of.pull(points)

    def pull(self, points: Matrix) -> Matrix:
        return self.of.push(points)

    def inverse(self) -> Transform:
        return self.of


def solve(pull: Callable[[Matrix], Matrix], points: Matrix, guess: Matrix | None = None) -> Matrix:
    """Return the points that `pull` takes to these (N, 2) float64 points, by Newton's method.

    Args:
        guess: where to begin; at the points themselves when left out.
    """
    found = np.array(points if guess is None else guess, np.float64)
    for _ in range(_ROUNDS):
        there = pull(found)
        miss = points - there
        if not miss.size or np.abs(miss).max() < _NEAR:
            break
        a, c = ((pull(found + _PROBE_X) - there) * (1.0 / _PROBE)).T
        b, d = ((pull(found + _PROBE_Y) - there) * (1.0 / _PROBE)).T
        area = a * d - b * c
        area = np.where(np.abs(area) < 0.05, 1.0, area)
        found += np.stack([d * miss[:, 0] - b * miss[:, 1], a * miss[:, 1] - c * miss[:, 0]], axis=1) / area[:, None]
    return found


def _joined(first: Transform, after: Transform) -> Transform:
    parts: list[Transform] = []
    for whole in (first, after):
        for part in whole.parts if isinstance(whole, _Joined) else (whole,):
            if parts and isinstance(parts[-1], Warp) and isinstance(part, Warp):
                parts[-1] = parts[-1].then(part)
            else:
                parts.append(part)
    return _Joined(tuple(parts))


def node_points(size_wh: tuple[int, int], step_px: int) -> Matrix:
    """Return (n, m, 2) points a step apart that cover an image: the middles of cells, with a rim of cells outside."""
    xs, ys = (step_px * (np.arange(-(-length // step_px) + 2) - 0.5) for length in size_wh)
    nodes = np.empty((len(ys), len(xs), 2), np.float64)
    nodes[..., 0] = xs
    nodes[..., 1] = ys[:, None]
    return nodes


def between_nodes(values: Matrix, size_wh: tuple[int, int], step_px: int) -> Floats:
    """Return (H, W, C) float32: what is known at the points of `node_points`, for the middles of all pixels."""
    width, height = size_wh
    columns, rows = (-(-length // step_px) + 2 for length in size_wh)
    coarse = values.astype(np.float32).reshape(rows, columns, -1)
    fine = cv2.resize(coarse, (columns * step_px, rows * step_px), interpolation=cv2.INTER_LINEAR)
    return fine[step_px : step_px + height, step_px : step_px + width]  # type: ignore[return-value]


def _remapped(image: Image, sources: Floats, border: int | None) -> Image:
    mode, value = _border(border)
    x, y = cv2.split(sources - np.float32(0.5))
    if image.ndim == 3:  # maps in fixed point take half of the time then
        x, y = cv2.convertMaps(x, y, cv2.CV_16SC2)
    return cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=mode, borderValue=value)  # type: ignore[return-value]


def _border(border: int | None) -> tuple[int, tuple[int, int, int]]:
    return (cv2.BORDER_REFLECT, (0, 0, 0)) if border is None else (cv2.BORDER_CONSTANT, (border,) * 3)
