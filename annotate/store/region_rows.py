"""Regions as rows and as JSON, and back: the one place that knows both shapes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any

from annotate.records import Points, Reading, Region

REGION_COLUMNS = (
    "id", "kind", "points", "text", "state", "category", "ignore", "ignore_reason", "direction", "origin", "score",
    "tags", "extra",
)  # fmt: skip
_FACTS = attrgetter(*(field.name for field in fields(Region) if field.name != "readings"))


def points_of(stored: list[Any]) -> Points:
    """Return points as they are handed on."""
    return tuple([(float(x), float(y)) for x, y in stored])


def region_to_json(region: Region) -> dict[str, Any]:
    """Return a region as the journal keeps it: everything but its readings, which have a table of their own."""
    return {
        "id": region.id,
        "kind": region.kind,
        "points": [list(point) for point in region.points],
        "text": region.text,
        "state": region.state,
        "category": region.category,
        "ignore": region.ignore,
        "ignore_reason": region.ignore_reason,
        "direction": region.direction,
        "origin": region.origin,
        "score": region.score,
        "tags": list(region.tags),
        "extra": region.extra,
    }


def region_from_json(stored: dict[str, Any], readings: tuple[Reading, ...] = ()) -> Region:
    """Return the region that `region_to_json` wrote, or that a row of the table holds."""
    return Region(
        id=stored["id"],
        kind=stored["kind"],
        points=points_of(stored["points"]),
        text=stored["text"],
        state=stored["state"],
        category=stored["category"],
        ignore=stored["ignore"],
        ignore_reason=stored["ignore_reason"],
        direction=stored["direction"],
        origin=stored["origin"],
        score=stored["score"],
        tags=tuple(stored["tags"]),
        readings=readings,
        extra=stored["extra"],
    )


def region_from_columns(row: Sequence[Any], readings: Mapping[str, tuple[Reading, ...]]) -> Region:
    """Return the region of a row that has `REGION_COLUMNS`, with its readings of those of its picture."""
    region_id, kind, points, text, state, category, ignore, reason, direction, origin, score, tags, extra = row
    return Region(
        region_id, kind, points_of(points), text, state, category, ignore, reason, direction, origin, score,
        tuple(tags), readings.get(region_id, ()), extra,
    )  # fmt: skip


def same(one: Region, other: Region) -> bool:
    """Whether two regions are stored alike; readings do not count."""
    return one is other or bool(_FACTS(one) == _FACTS(other))
