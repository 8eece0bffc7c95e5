"""Outlines and texts as they may be stored: what can be mended is mended, the rest is refused with its reason."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import replace

import cv2
import numpy as np

from annotate.reasons import Reason
from annotate.records import Points, Region
from synthtext.errors import UserError

MAX_TEXT = 10_000
MAX_REGIONS = 20_000
MAX_POINTS = 1_000


def mended(region: Region, width: int, height: int) -> Region:
    """Return a region whose points lie in the picture in order and whose text is one line of NFC.

    Raises:
        UserError: the outline has no area, a polygon crosses itself, or the text is too long.
    """
    _check_names(region)
    points = _inside(region, width, height)
    if region.kind != "polygon":
        if len(points) != 4:
            raise UserError(Reason("outline.corners", region=region.id, kind=region.kind, count=len(points)))
        points = _uncrossed(points)
    elif not 3 <= len(points) <= MAX_POINTS:
        raise UserError(Reason("outline.points", region=region.id, most=MAX_POINTS, count=len(points)))
    if abs(area(points)) < 1.0:
        raise UserError(Reason("outline.area", region=region.id, width=width, height=height))
    if crosses_itself(points):
        raise UserError(Reason("outline.crosses", region=region.id))
    if area(points) < 0:  # anticlockwise: the first corner stays the first
        points = (points[0], *reversed(points[1:]))
    return replace(region, points=points, text=one_line(region.text, region.id))


def one_line(text: str, region_id: str = "") -> str:
    """Return a text as NFC without tabs, line breaks and other control characters.

    Raises:
        UserError: it is too long, or no text at all (a lone half of a pair of code units).
    """
    if len(text) > MAX_TEXT:
        raise UserError(Reason("text.long", region=region_id, most=MAX_TEXT, count=len(text)))
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise UserError(Reason("text.half", region=region_id))
    spaced = "".join(
        " " if char in "\t\n\r\v\f\x85\u2028\u2029" else char
        for char in text
        if char in "\t\n\r\v\f\x85" or unicodedata.category(char) != "Cc"
    )
    return unicodedata.normalize("NFC", spaced)


def area(points: Points) -> float:
    """Return the signed area, positive when the points run clockwise on screen."""
    return 0.5 * sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(points, (*points[1:], points[0]), strict=True))


def crosses_itself(points: Points) -> bool:
    """Whether two edges that are not neighbours meet."""
    count = len(points)
    edges = [(points[at], points[(at + 1) % count]) for at in range(count)]
    return any(
        _meet(*edges[one], *edges[other])
        for one in range(count)
        for other in range(one + 2, count)
        if (other + 1) % count != one
    )


def _check_names(region: Region) -> None:
    if not 1 <= len(region.id) <= 64:
        raise UserError(Reason("region.id", count=len(region.id)))
    longest = {"category": 64, "origin": 80, "ignore_reason": 32}
    for name, limit in longest.items():
        if len(getattr(region, name) or "") > limit:
            raise UserError(Reason("region.field", region=region.id, field=name, most=limit))
    if len(region.tags) > 50 or any(not 0 < len(tag) <= 64 for tag in region.tags):
        raise UserError(Reason("region.tags", region=region.id))


def _inside(region: Region, width: int, height: int) -> Points:
    if not all(math.isfinite(value) for point in region.points for value in point):
        raise UserError(Reason("outline.number", region=region.id))
    clamped = [
        (min(max(round(x, 2), 0.0), float(width)), min(max(round(y, 2), 0.0), float(height))) for x, y in region.points
    ]
    if region.kind != "polygon":
        return tuple(clamped)
    kept = [point for at, point in enumerate(clamped) if point != clamped[at - 1]]
    return tuple(kept)


def _uncrossed(points: Points) -> Points:
    # The corners in order round the middle, beginning with the one that came first. A corner that turns inward is left:
    # what it means only a person can say.
    if not crosses_itself(points):
        return points
    hull = cv2.convexHull(np.array(points, np.float32), clockwise=False).reshape(-1, 2)
    if len(hull) != 4:
        return points
    found = [(float(x), float(y)) for x, y in hull]
    start = min(range(4), key=lambda at: math.dist(found[at], points[0]))
    return tuple(found[start:] + found[:start])


def _meet(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float], d: tuple[float, float]) -> bool:
    def side(p: tuple[float, float], q: tuple[float, float], r: tuple[float, float]) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0
