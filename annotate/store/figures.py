"""Sums over the journal, the reviews and people's active time: what the dashboard shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from annotate.store.schema import EditRow, ImageRow, ReadingRow, RegionRow, WorkRow

_FINISHING = ("confirm", "no_text")
_CHUNK = 200


def finished(session: Session, since: datetime) -> dict[tuple[str, str], int]:
    """Return how many pictures each person finished on each day, by (person, day `YYYY-MM-DD` in UTC)."""
    day = _day(session, EditRow.at)
    query = (
        select(EditRow.who, day, func.count(func.distinct(EditRow.image_id)))
        .where(EditRow.at >= since, EditRow.action.in_(_FINISHING))
        .group_by(EditRow.who, day)
    )
    return {(who, str(on)): count for who, on, count in session.execute(query)}


def active(session: Session, since: datetime) -> dict[tuple[str, str], tuple[int, int, int]]:
    """Return active milliseconds, pictures looked at and actions by (person, day)."""
    found: dict[tuple[str, str], tuple[int, set[str], int]] = {}
    query = select(WorkRow.user, WorkRow.day, WorkRow.active_ms, WorkRow.image_id, WorkRow.actions)
    for user, day, active_ms, image_id, actions in session.execute(query.where(WorkRow.at >= since)):
        time_ms, pictures, count = found.get((user, day), (0, set(), 0))
        pictures.add(image_id)
        found[user, day] = (time_ms + active_ms, pictures, count + sum(actions.values()))
    return {key: (time_ms, len(pictures), count) for key, (time_ms, pictures, count) in found.items()}


def read_and_meant(session: Session, pictures: int) -> Iterator[tuple[str, str, str]]:
    """Yield a reader's name, what it read and what people say is there, of the latest finished pictures."""
    latest = (
        select(ImageRow.id)
        .where(ImageRow.status == "confirmed", ImageRow.deleted_at.is_(None))
        .order_by(ImageRow.number.desc())
        .limit(pictures)
    )
    ids = session.scalars(latest).all()
    for start in range(0, len(ids), _CHUNK):
        query = (
            select(ReadingRow.reader, ReadingRow.text, RegionRow.text)
            .join(RegionRow, (RegionRow.image_id == ReadingRow.image_id) & (RegionRow.id == ReadingRow.region_id))
            .where(ReadingRow.image_id.in_(ids[start : start + _CHUNK]), ~RegionRow.ignore)
        )
        yield from ((reader, read, meant) for reader, read, meant in session.execute(query))


def _day(session: Session, at: Any) -> ColumnElement[Any]:
    if session.get_bind().dialect.name == "postgresql":
        return func.date(func.timezone("UTC", at))
    return func.date(at)
