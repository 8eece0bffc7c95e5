"""Folds of cloth and the curl of paper: how a flat sheet bends, in its own pixels, and the light on it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from synthtext.curves import Ripples, Sway
from synthtext.geometry import Image, Matrix, Transform, between_nodes, node_points
from synthtext.rng import Draws

_STEP_PX = 12
_DARKEST, _BRIGHTEST = 0.4, 1.45
_CURL_NODES = 49


@dataclass(frozen=True, slots=True, eq=False)
class Folds(Transform):
    """A bent sheet.

    Attributes:
        shape: from the flat sheet to the bent one, pixels.
        reach: how far an edge is moved at most, pixels.
    """

    shape: Ripples
    reach: float

    def push(self, points: Matrix) -> Matrix:
        """Return where (N, 2) points of the flat sheet go."""
        return self.shape.push(points)

    def pull(self, points: Matrix) -> Matrix:
        """Return where (N, 2) points of the bent sheet come from."""
        return self.shape.pull(points)


def hanging(draws: Draws, size_wh: tuple[int, int]) -> Folds:
    """Return the folds of cloth that hangs: more or less upright, of several widths, irregular."""
    width, height = size_wh
    long = max(0.9 * min(width, height), 0.16 * max(width, height))
    u = np.array(draws.units(10)).reshape(5, 2)[:4]
    lengths = long * np.array([2.9, 1.35, 0.8, 2.2]) * (0.7 + 0.6 * u[:, 0])
    # Upright folds, a little askew; the last one hangs through from end to end.
    turns = np.array([0.25, 0.35, 0.5, 0.3]) * (2.0 * u[:, 1] - 1.0) + np.array([0.0, 0.0, 0.0, 1.1])
    depth = 0.1 + 0.22 * draws.unit()
    heights = depth * np.array([0.34, 0.24, 0.12, 0.22]) * lengths / (2.0 * math.pi)
    view = math.pi * (0.25 + 0.5 * draws.unit())
    moves = heights[:, None] * (0.55 * math.cos(view), math.sin(view))
    waves = np.stack([np.cos(turns), np.sin(turns)], axis=1) * (2.0 * math.pi / lengths)[:, None]
    shape = Ripples(waves, 2.0 * math.pi * np.array(draws.units(4)), moves, lean=0.35).eased(0.5)
    return Folds(shape, float(np.hypot(*shape.moves.T).sum()))


def lit(image: Image, folds: Folds, strength: float) -> Image:
    """Return a flat sheet with the light that its folds catch from one side."""
    size_wh = (image.shape[1], image.shape[0])
    nodes = node_points(size_wh, _STEP_PX)
    slopes = folds.shape.slopes(nodes.reshape(-1, 2)) @ (0.86, 0.5)
    steepest = max(1e-6, float(np.abs(slopes).max()))
    gain = np.clip(1.0 + strength * slopes / steepest, _DARKEST, _BRIGHTEST)
    return _times(image, between_nodes(128.0 * gain, size_wh, _STEP_PX).astype(np.uint8))


@dataclass(frozen=True, slots=True, eq=False)
class Curl:
    """A page that does not lie flat.

    Attributes:
        shape: from the flat page to the curled one, pixels.
        reach: how far an edge is moved at most, pixels.
        gain: (width,) the light on it from left to right, 1 where it lies flat.
    """

    shape: Sway
    reach: float
    gain: Matrix


def curling(draws: Draws, size_wh: tuple[int, int]) -> Curl:
    """Return a page that rises towards a spine at one side, or is bowed in its middle."""
    width, height = size_wh
    at = np.linspace(0.0, width, _CURL_NODES)
    share = at / width
    deep = height * draws.between(0.012, 0.04)
    if draws.chance(0.6):  # a book: flat far from its spine, steep at it
        steep = draws.between(4.0, 9.0)
        rise = np.exp(-steep * share)
        gain = 1.0 - draws.between(0.18, 0.5) * np.exp(-1.6 * steep * share)
        if draws.chance(0.5):
            rise, gain = rise[::-1], gain[::-1]
    else:
        rise = np.sin(math.pi * share) ** 1.0
        gain = 1.0 + draws.signed(0.16) * np.cos(math.pi * share)
    shifts = (deep if draws.chance(0.5) else -deep) * rise
    # What rises towards the camera is seen a little larger.
    scales = 1.0 + draws.between(0.0, 0.02) * rise
    light = np.interp(np.arange(width) + 0.5, at, gain)
    return Curl(Sway(at, scales, shifts, 0.5 * height), float(deep + 0.02 * height), light)


def shaded(image: Image, curl: Curl) -> Image:
    """Return a flat page with the light that falls on it once it curls."""
    row = np.clip(128.0 * curl.gain, 0, 255).astype(np.uint8)[None]
    return _times(image, np.repeat(row, image.shape[0], axis=0))


def _times(image: Image, gain: Image) -> Image:
    return cv2.multiply(image, cv2.cvtColor(gain, cv2.COLOR_GRAY2RGB), scale=1.0 / 128.0)  # type: ignore[return-value]
