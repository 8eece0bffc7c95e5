"""How large a sheet may be at a free place: it lies in the page, in its region, and touches nothing else."""

from __future__ import annotations

import math
from dataclasses import dataclass

from synthtext.assets.regions import Region
from synthtext.geometry import Corners
from synthtext.native import native
from synthtext.scenes.ground import STRAYING, Ground

_FILLED, _SHRINK = 0.94, 0.72
_LEAST_SIDE_PX, _LEAST_SINE = 6.0, 0.25
_RULES = (_FILLED, _SHRINK, STRAYING, _LEAST_SIDE_PX, _LEAST_SINE)
_OUT = 0.25

Fit = tuple[float, int, tuple[float, float] | None]
"""Size in pixels an em at last, tries that are left, and the centre; None where no size that was tried fits."""


@dataclass(frozen=True, slots=True)
class Place:
    """A point of a region and the free stretch about it: x0, y0, x1, y1 in pixels."""

    region: Region
    at: tuple[float, float]
    room: tuple[float, float, float, float]

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the stretch."""
        return self.room[2] - self.room[0], self.room[3] - self.room[1]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is to be hung up.

    Attributes:
        size: width and height in em.
        slope: of its horizontals, beside that of the plane.
        em_px, least_em_px: how many pixels an em has at most, and at least.
        edge: it sticks out of the page.
    """

    size: tuple[float, float]
    slope: float
    em_px: float
    least_em_px: float
    edge: bool = False


def fit(ground: Ground, place: Place, sheet: Sheet, tries: int) -> Fit:
    """Return how large a sheet fits, each of at most so many tries smaller than the one before."""
    if native is not None and not sheet.edge:
        region = place.region
        plane = (region.centre, region.across, region.upright)
        found = native.fit(
            ground.labels, ground.taken, region.number, ground.size_wh, *plane, place.room, place.at,
            sheet.size, sheet.slope, sheet.em_px, sheet.least_em_px, _RULES, tries,
        )  # fmt: skip
        if found is not None:
            return found
    return plain_fit(ground, place, sheet, tries)


def plain_fit(ground: Ground, place: Place, sheet: Sheet, tries: int) -> Fit:
    """As `fit`, in Python."""
    (wide, high), em_px, low = sheet.size, sheet.em_px, sheet.least_em_px
    while tries > 0:
        tries -= 1
        em_px = min(em_px, max(low, min(_FILLED * place.size[0] / wide, _FILLED * place.size[1] / high)))
        centre = _centred(place, wide * em_px, high * em_px)
        if sheet.edge:
            out, width = _OUT * wide * em_px, ground.size_wh[0]
            centre = (out if centre[0] < width / 2 else width - out), centre[1]
        corners = place.region.corners(centre, wide * em_px, high * em_px, sheet.slope)
        if ground.fits(corners, place.region.number, sheet.edge) and is_sound(corners):
            return em_px, tries, centre
        if em_px * _SHRINK < low:
            break
        em_px *= _SHRINK
    return em_px, tries, None


def _centred(place: Place, width: float, height: float) -> tuple[float, float]:
    """Return the centre nearest to the place's point from which a box of this size stays within its room."""
    x0, y0, x1, y1 = place.room
    across = min(max(place.at[0], x0 + width / 2), max(x0 + width / 2, x1 - width / 2))
    down = min(max(place.at[1], y0 + height / 2), max(y0 + height / 2, y1 - height / 2))
    return across, down


def is_sound(corners: Corners) -> bool:
    """Return whether a quad is convex, clockwise and not squeezed."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners
    sides = ((bx - ax, by - ay), (cx - bx, cy - by), (dx - cx, dy - cy), (ax - dx, ay - dy))
    lengths = [math.hypot(x, y) for x, y in sides]
    if min(lengths) < _LEAST_SIDE_PX:
        return False
    (px, py), before = sides[3], lengths[3]
    for (x, y), length in zip(sides, lengths, strict=True):
        if px * y - py * x <= _LEAST_SINE * before * length:
            return False
        px, py, before = x, y, length
    return True
