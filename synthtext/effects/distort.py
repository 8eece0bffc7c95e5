"""Distort: what moves pixels, and so has to move labels. Each function returns a transform and touches no picture."""

from __future__ import annotations

import math
from typing import Annotated

import numpy as np

from synthtext.effects.base import EffectSpec
from synthtext.geometry import Matrix, Mesh, Transform
from synthtext.spec import Range, Within

_STEP_PX = 8
_FIT = 9
# Beyond this share of their length waves would fold over themselves.
_STEEPEST = 0.12


class Lens(EffectSpec):
    """A lens that bends straight lines: barrel or pincushion, or the bow of a line near the edge of such a picture.

    Attributes:
        strength_frac: greatest shift, as a share of the shorter side; below 0 lines bow outwards (barrel).
        x, y: the lens's axis, as shares of the sides; for a cut out of a larger picture it lies outside.
    """

    strength_frac: Annotated[Range, Within(-0.15, 0.15)] = Range(-0.05, 0.05)
    x: Annotated[Range, Within(-10, 11)] = Range(-0.5, 1.5)
    y: Annotated[Range, Within(-10, 11)] = Range(-3, 4)


def bend_lines(size_wh: tuple[int, int], *, strength_frac: float, x: float, y: float) -> Transform:
    """Return the cubic distortion of a lens without its affine part, which framing and rectifying take away."""
    size = np.array(size_wh, np.float64)
    axis = np.array([x, y]) * size
    corner = float(np.hypot(*size)) / 2.0

    def cubic(points: Matrix) -> Matrix:
        away = (points - axis) / corner
        made: Matrix = away * (away * away).sum(axis=1, keepdims=True)
        return made

    unit = np.linspace(0.0, 1.0, _FIT)
    grid = np.stack(np.meshgrid(unit * size[0], unit * size[1]), axis=-1).reshape(-1, 2)
    affine = np.column_stack([grid, np.ones(len(grid))])
    bent = cubic(grid)
    fit = np.linalg.lstsq(affine, bent, rcond=None)[0]
    greatest = float(np.abs(bent - affine @ fit).max())
    scale = strength_frac * float(size.min()) / max(greatest, 1e-12)

    def pull(points: Matrix) -> Matrix:
        made: Matrix = points - scale * (cubic(points) - points @ fit[:2] - fit[2])
        return made

    return Mesh.sampled(pull, size_wh, _STEP_PX)


class RollingShutter(EffectSpec):
    """A camera that moved while it read its rows: what stands upright leans, or wobbles.

    Attributes:
        lean_frac: how far the lowest row is off the uppermost, as a share of the shorter side.
        wobble_frac: how far rows swing to and fro, as a share of the shorter side.
        waves: swings from top to bottom.
        phase: where they begin; leave it at [0, 1].
    """

    lean_frac: Annotated[Range, Within(-0.5, 0.5)] = Range(-0.14, 0.14)
    wobble_frac: Annotated[Range, Within(0, 0.1)] = Range(0, 0.035)
    waves: Annotated[Range, Within(0, 4)] = Range(0.5, 1.8)
    phase: Annotated[Range, Within(0, 1)] = Range(0, 1)


def rolling_shutter(
    size_wh: tuple[int, int], *, lean_frac: float, wobble_frac: float, waves: float, phase: float
) -> Transform:
    """Return a shift of each row by itself."""
    height, short = size_wh[1], min(size_wh)

    def pull(points: Matrix) -> Matrix:
        down = points[:, 1] / height
        shift = lean_frac * (down - 0.5) + wobble_frac * np.sin(2.0 * math.pi * (waves * down + phase))
        return np.column_stack([points[:, 0] - short * shift, points[:, 1]])

    return Mesh.sampled(pull, size_wh, _STEP_PX)


class Ripple(EffectSpec):
    """Seen through water or wavy glass.

    Attributes:
        height_frac: how far things swing, as a share of the shorter side.
        length_frac: from wave to wave, as a share of the shorter side.
        phase_x, phase_y: where the waves begin; leave them at [0, 1].
    """

    height_frac: Annotated[Range, Within(0, 0.1)] = Range(0.01, 0.035)
    length_frac: Annotated[Range, Within(0.2, 10)] = Range(0.6, 2)
    phase_x: Annotated[Range, Within(0, 1)] = Range(0, 1)
    phase_y: Annotated[Range, Within(0, 1)] = Range(0, 1)


def ripple(
    size_wh: tuple[int, int], *, height_frac: float, length_frac: float, phase_x: float, phase_y: float
) -> Transform:
    """Return crossed waves, none so steep that it would fold."""
    length = length_frac * min(size_wh)
    height = min(height_frac * min(size_wh), _STEEPEST * length)

    def pull(points: Matrix) -> Matrix:
        turns = 2.0 * math.pi * points / length
        x = np.sin(turns[:, 1] + 2.0 * math.pi * phase_x)
        y = np.sin(turns[:, 0] + 2.0 * math.pi * phase_y)
        return points + height * np.column_stack([x, y])

    return Mesh.sampled(pull, size_wh, max(2, min(_STEP_PX, round(length / 6.0))))
