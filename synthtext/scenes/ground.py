"""The ground of a page: the picture that text is laid on, its regions, and what of it is taken."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from synthtext.assets.regions import Region
from synthtext.geometry import Corners, Floats, Image
from synthtext.native import native
from synthtext.rng import Draws
from synthtext.scenes.tone import Tone

STEP_PX = 4
"""Pixels of the page for each pixel of the map of regions."""

STRAYING = 0.06
"""So much of what stands in a region may lie beside it."""
_LEAST_INSIDE = 0.5
_WALL_CALM, _ONE_WALL = 0.6, 0.8
_LEAST_BELOW, _HIGH, _LOW = 0.08, 0.4, 0.52
_WIDE, _WIDE_OUTSIDE = 0.3, 0.12


@dataclass(slots=True, eq=False)
class Ground:
    """A page before anything is written on it.

    Attributes:
        image: (H, W, 3) uint8 RGB, its own memory.
        kind, whole: as of a `Surface`.
        tone: how the picture shows colours; None for surfaces that are no photographs.
        soft_px: blur of what is sharpest on it, pixels of the page.
        labels: (h, w) uint8: the region of every `STEP_PX`-th pixel, 0 for none.
        regions: in pixels of the page.
        text: (h, w) uint8, 1 where the picture holds lettering of its own; None for nowhere.
        composed: it shows several photographs.
        floors: numbers of the regions that are most likely the ground; None to tell by where they lie in the page.
        distant: it shows a view of something far away, where nothing can be written on or hung up.
        taken: (h, w) uint8, 1 where something stands.
    """

    image: Image
    kind: str
    labels: NDArray[np.uint8]
    regions: list[Region]
    whole: Image | None = None
    soft_px: float = 0.0
    tone: Tone | None = None
    text: NDArray[np.uint8] | None = None
    distant: bool = False
    composed: bool = False
    floors: frozenset[int] | None = None
    taken: NDArray[np.uint8] = field(init=False)
    _spots: dict[int, NDArray[np.intp]] = field(default_factory=dict)
    _masks: dict[int, NDArray[np.uint8]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.taken = np.zeros_like(self.labels) if self.text is None else self.text.copy()

    @property
    def size_wh(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.image.shape[1], self.image.shape[0]

    def fits(self, corners: Corners, number: int | None, edge: bool = False) -> bool:
        """Return whether a quad lies in the page and free, within a region (None for anywhere).

        Args:
            edge: the quad may stick out of the page.
        """
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners
        x0, x1, y0, y1 = min(ax, bx, cx, dx), max(ax, bx, cx, dx), min(ay, by, cy, dy), max(ay, by, cy, dy)
        width, height = self.size_wh
        inside = x0 >= 1 and y0 >= 1 and x1 < width - 1 and y1 < height - 1
        if not inside and (not edge or _share_inside((x0, y0, x1, y1), width, height) < _LEAST_INSIDE):
            return False
        left, top = max(0, _small(x0)), max(0, _small(y0))
        window = slice(top, _small(y1) + 1), slice(left, _small(x1) + 1)
        outline = [(_small(x) - left, _small(y) - top) for x, y in corners]
        taken = self.taken[window]
        rows, columns = taken.shape
        # Most that do not fit have a corner on something, which is soon seen.
        if any(taken[y, x] for x, y in outline if 0 <= x < columns and 0 <= y < rows):
            return False
        own = np.zeros(taken.shape, np.uint8)
        cv2.fillConvexPoly(own, np.array(outline, np.int32), 1)
        if cv2.countNonZero(cv2.bitwise_and(own, taken)):
            return False
        if number is None:
            return True
        seen = cv2.countNonZero(cv2.bitwise_and(own, self._mask(number)[window]))
        return seen >= (1.0 - STRAYING) * cv2.countNonZero(own)

    def sky_share(self, quad: Floats) -> float:
        """Return how much of a quad lies over sky."""
        sky = [region.number for region in self.regions if region.sky]
        if not sky:
            return 0.0
        own = np.zeros_like(self.labels)
        cv2.fillConvexPoly(own, np.rint(quad * (1.0 / STEP_PX) - 0.5).astype(np.int32), 1)
        under = self.labels[own > 0]
        return float(np.isin(under, sky).mean()) if under.size else 0.0

    def wall_share(self, quad: Floats) -> float:
        """Return how much of a quad lies over the surface that holds most of it: a wall, calm or of bricks.

        The ground that one walks on is none.
        """
        calm = [
            region.number
            for region in self.regions
            if (region.calm >= _WALL_CALM or region.share >= _ONE_WALL) and not region.sky and not self.is_floor(region)
        ]
        own = np.zeros_like(self.labels)
        cv2.fillConvexPoly(own, np.rint(quad * (1.0 / STEP_PX) - 0.5).astype(np.int32), 1)
        counts = np.bincount(self.labels[own > 0], minlength=256)
        return float(max((counts[number] for number in calm), default=0) / max(1, counts.sum()))

    def is_floor(self, region: Region) -> bool:
        """Return whether a region of a photograph is most likely the ground, a table or a chair: it lies low."""
        if self.floors is None:
            rows = len(self.labels)
            below = histogram(self.labels[-1:]) > _LEAST_BELOW * self.labels.shape[1]
            above = histogram(self.labels[: round(_HIGH * rows) : 4]) > 0
            low = histogram(self.labels[: round(_LOW * rows)]) < STRAYING * histogram(self.labels)
            self.floors = frozenset(np.flatnonzero((below & ~above) | low).tolist())
        return region.number in self.floors and self.kind.startswith("photo:")

    @property
    def wide(self) -> bool:
        """Whether what is shown is across a street or a square: there is much ground before it, or sky above."""
        ground = sum(region.share for region in self.regions if self.is_floor(region))
        return ground > (_WIDE_OUTSIDE if any(region.sky for region in self.regions) else _WIDE)

    def _mask(self, number: int) -> NDArray[np.uint8]:
        mask = self._masks.get(number)
        if mask is None:
            mask = self._masks[number] = (self.labels == number).astype(np.uint8)
        return mask

    def free(self, at: tuple[float, float]) -> bool:
        """Return whether nothing stands at a point of the page."""
        return not self.taken[int(at[1]) // STEP_PX, int(at[0]) // STEP_PX]

    def number(self, at: tuple[float, float]) -> int:
        """Return the number of the region at a point of the page, 0 for none."""
        return int(self.labels[int(at[1]) // STEP_PX, int(at[0]) // STEP_PX])

    def spot(self, region: Region, draws: Draws) -> tuple[float, float] | None:
        """Return a point of a region; None if something stands there."""
        spots = self._spots.get(region.number)
        if spots is None:
            spots = self._spots[region.number] = np.flatnonzero(self.labels.ravel() == region.number)
        row, column = divmod(int(spots[int(draws.unit() * len(spots))]), self.labels.shape[1])
        return None if self.taken[row, column] else ((column + 0.5) * STEP_PX, (row + 0.5) * STEP_PX)

    def room(self, region: Region | None, spot: tuple[float, float]) -> tuple[float, float, float, float]:
        """Return the free stretch of a region (None for the page) about a point: x0, y0, x1, y1 in pixels."""
        row, column = int(spot[1]) // STEP_PX, int(spot[0]) // STEP_PX
        number = -1 if region is None else region.number
        found = native.room(self.labels, self.taken, number, row, column) if native is not None else None
        left, top, right, bottom = found or self._room(region, row, column)
        return left * STEP_PX, top * STEP_PX, right * STEP_PX, bottom * STEP_PX

    def _room(self, region: Region | None, row: int, column: int) -> tuple[int, int, int, int]:
        """Return the free stretch about a cell of the map: left, top, right and bottom in cells."""
        across, down = self.taken[row], self.taken[:, column]
        if region is not None:
            across, down = (
                across | (self.labels[row] != region.number),
                down | (self.labels[:, column] != region.number),
            )
        left, right = _stretch(across, column)
        top, bottom = _stretch(down, row)
        return left, top, right, bottom

    def clear(self, box_xyxy: Sequence[float]) -> None:
        """Mark what lies within a box as free: a sheet was laid over all that stood there."""
        left, top, right, bottom = (max(0, _small(side)) for side in box_xyxy)
        self.taken[top : bottom + 1, left : right + 1] = 0

    def take(self, quad: Floats, margin_px: float) -> None:
        """Mark what lies under a quad and `margin_px` round it as taken."""
        corners = quad.tolist()
        middle = sum(x for x, _ in corners) / 4, sum(y for _, y in corners) / 4
        grown = [
            [_small(c + (v - c) * (1.0 + margin_px / max(abs(v - c), 6.0))) for v, c in zip(at, middle, strict=True)]
            for at in corners
        ]
        cv2.fillConvexPoly(self.taken, np.array(grown, np.int32), 1)


def histogram(labels: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return (256,) how often each number is there; `np.bincount` would first make eight bytes of each."""
    return cv2.calcHist([labels], [0], None, [256], [0, 256]).ravel().astype(np.int64)


def _small(px: float) -> int:
    """Return the pixel of the map of regions in which a coordinate of the page lies."""
    return round(px / STEP_PX - 0.5)


def _stretch(shut: NDArray[np.uint8], at: int) -> tuple[int, int]:
    """Return where the stretch of a row that holds `at`, which is free, begins and ends between what is shut (1)."""
    row = shut.tobytes()  # bytes are searched in a tenth of the time of small arrays
    end = row.find(1, at)
    return row.rfind(1, 0, at) + 1, end if end >= 0 else len(row)


def _share_inside(box_xyxy: tuple[float, float, float, float], width: int, height: int) -> float:
    """Return how much of a box lies in the page."""
    left, top, right, bottom = box_xyxy
    across = max(0.0, min(right, width) - max(left, 0.0)) / max(1.0, right - left)
    down = max(0.0, min(bottom, height) - max(top, 0.0)) / max(1.0, bottom - top)
    return across * down


def lean(degrees: float) -> float:
    """Return the slope of an angle."""
    return math.tan(math.radians(degrees))
