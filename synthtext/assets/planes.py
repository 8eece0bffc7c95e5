"""How surfaces lie in a photograph: its straight edges, and how horizontals and uprights run about a point."""

from __future__ import annotations

import cv2
import numpy as np

from synthtext.geometry import Floats, Image

_STEEPEST = 0.75


def straight_edges(image: Image) -> Floats:
    """Return straight edges (N, 4): x, y of their middles and their run (dx, dy), in widths of the photograph."""
    gray = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    found = cv2.createLineSegmentDetector().detect(gray)[0]
    if found is None:
        return np.empty((0, 4), np.float32)
    ends = found.reshape(-1, 4) / np.float32(image.shape[1])
    runs = ends[:, 2:] - ends[:, :2]
    kept = np.hypot(runs[:, 0], runs[:, 1]) > 0.02
    return np.concatenate([(ends[:, :2] + ends[:, 2:]) / 2, runs], axis=1)[kept].astype(np.float32)


def plane(lines: Floats, centre: tuple[float, float], trust: float) -> tuple[float, float, float, float]:
    """Return how horizontals and uprights run about a point: slope and its change, for both."""
    horizontal = np.abs(lines[:, 3]) < _STEEPEST * np.abs(lines[:, 2])
    upright = np.abs(lines[:, 2]) < 0.5 * np.abs(lines[:, 3])
    h, v = lines[horizontal], lines[upright]
    slope, fan = _fitted(h[:, 1] - centre[1], h[:, 3] / h[:, 2], np.hypot(h[:, 2], h[:, 3]), trust)
    tilt, spread = _fitted(v[:, 0] - centre[0], v[:, 2] / v[:, 3], np.hypot(v[:, 2], v[:, 3]), trust)
    return slope, fan, 0.8 * tilt, 0.8 * spread


def _fitted(at: Floats, slope: Floats, length: Floats, trust: float) -> tuple[float, float]:
    """Return (a, b) of slope = a + b * at, by weighted least squares that outliers lose their say in."""
    if len(at) < 3 or length.sum() < 0.25:
        return 0.0, 0.0
    weight = length.astype(np.float64)
    a = b = 0.0
    for _ in range(8):
        total = weight.sum() + 1e-9
        mean_at, mean_slope = (weight * at).sum() / total, (weight * slope).sum() / total
        spread = (weight * (at - mean_at) ** 2).sum()
        # A little ridge: without lines at different heights there is no telling how they converge.
        b = (weight * (at - mean_at) * (slope - mean_slope)).sum() / (spread + 0.003 * total)
        a = mean_slope - b * mean_at
        residual = np.abs(slope - a - b * at)
        weight = length / (1.0 + (residual / 0.06) ** 2)
    agreeing = float(weight.sum() / (length.sum() + 1e-9))
    share = trust * min(1.0, agreeing * 1.6) * min(1.0, float(length.sum()))
    return float(np.clip(a * share, -0.45, 0.45)), float(np.clip(b * share, -0.9, 0.9))
