"""How hard pictures seem to be, with the reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from annotate.records import Reading, Region
from annotate.store.database import now
from annotate.store.inserting import put as put_rows
from annotate.store.region_rows import region_from_json
from annotate.store.schema import BatchItemRow, HardnessRow, ReadingRow, RegionRow

_CHUNK = 500


def put(session: Session, scores: Sequence[tuple[str, float, Mapping[str, Any], int]]) -> None:
    """Keep scores (picture, score, parts, revision) in place of earlier ones."""
    at = now()
    rows = [
        {"image_id": image_id, "score": score, "parts": dict(parts), "rev": rev, "at": at}
        for image_id, score, parts, rev in scores
    ]
    put_rows(session, HardnessRow, rows, ("image_id",))


def get(session: Session, ids: Iterable[str]) -> dict[str, tuple[float, dict[str, Any]]]:
    """Return score and parts of those of these pictures that have been judged."""
    found: dict[str, tuple[float, dict[str, Any]]] = {}
    for some in _chunks(ids):
        for row in session.scalars(select(HardnessRow).where(HardnessRow.image_id.in_(some))):
            found[row.image_id] = (row.score, row.parts)
    return found


def regions_of(session: Session, ids: Iterable[str]) -> dict[str, list[Region]]:
    """Return the regions of many pictures with their readings, in two queries for each few hundred."""
    found: dict[str, list[Region]] = {}
    for some in _chunks(ids):
        readings: dict[tuple[str, str], list[Reading]] = {}
        for row in session.scalars(select(ReadingRow).where(ReadingRow.image_id.in_(some))):
            scores = None if row.char_scores is None else tuple(row.char_scores)
            readings.setdefault((row.image_id, row.region_id), []).append(
                Reading(row.reader, row.text, row.score, scores)
            )
        table = RegionRow.__table__
        rows = session.execute(select(table).where(table.c.image_id.in_(some)).order_by(table.c.position)).mappings()
        for region in rows:
            read = tuple(readings.get((region["image_id"], region["id"]), ()))
            found.setdefault(region["image_id"], []).append(region_from_json(dict(region), read))
    return found


def in_batches(session: Session, ids: Iterable[str]) -> set[str]:
    """Return which of these pictures are in a batch already."""
    found: set[str] = set()
    for some in _chunks(ids):
        found |= set(session.scalars(select(BatchItemRow.image_id).where(BatchItemRow.image_id.in_(some))))
    return found


def _chunks(ids: Iterable[str]) -> Iterable[list[str]]:
    listed = list(ids)
    return (listed[start : start + _CHUNK] for start in range(0, len(listed), _CHUNK))
