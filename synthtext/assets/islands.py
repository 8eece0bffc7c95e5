"""What already hangs on or opens in a wall: pictures, televisions, windows. Nobody covers these."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from synthtext.geometry import Floats, Image

if TYPE_CHECKING:
    from synthtext.assets.regions import Region

# Stretches of one wall differ by no more than this; hues, which light does not change, count for more.
_ALIKE, _HUE, _WALL_CALM = 10.0, 2.0, 0.7
_INSIDE, _LEAST_LARGER = 0.8, 0.6
# A board that is even and not dark is there to be written on.
_BOARD_CALM, _BOARD_LIGHT = 0.8, 0.6


def islands(labels: NDArray[np.uint8], regions: Sequence[Region], lab: Image) -> frozenset[int]:
    """Return the numbers of the regions that lie within a wall of another colour.

    Args:
        labels: (h, w) the number of the region that each pixel belongs to.
        lab: (h, w, 3) uint8 CIE Lab as OpenCV has it.
    """
    colors = {region.number: _color(labels, region, lab) for region in regions}
    found: set[int] = set()
    for wall in regions:
        if wall.sky or wall.calm < _WALL_CALM:
            continue
        own = colors[wall.number]
        members = [
            region.number
            for region in regions
            if region.calm >= _WALL_CALM and float(np.linalg.norm(colors[region.number] - own)) < _ALIKE
        ]
        whole = np.isin(labels, members).astype(np.uint8)
        share = float(whole.mean())
        hull = np.zeros_like(whole)
        cv2.fillConvexPoly(hull, cv2.convexHull(cv2.findNonZero(whole)), 1)
        for region in regions:
            if region.number in members or region.sky or region.share > _LEAST_LARGER * share:
                continue
            board = region.calm >= _BOARD_CALM and colors[region.number][0] >= _BOARD_LIGHT * own[0]
            if not board and hull[labels == region.number].mean() >= _INSIDE:
                found.add(region.number)
    return frozenset(found)


def _color(labels: NDArray[np.uint8], region: Region, lab: Image) -> Floats:
    lightness, red, yellow, _ = cv2.mean(lab, (labels == region.number).astype(np.uint8))
    return np.array([lightness, _HUE * red, _HUE * yellow], np.float32)
