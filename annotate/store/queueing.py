"""The order in which people get pictures: a batch's, or that in which they came into the pool; a page at a time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from annotate.errors import NotFound
from annotate.reasons import Reason
from annotate.records import QueueItem
from annotate.store import tallies
from annotate.store.schema import BatchItemRow, ImageRow, LeaseRow


def next_items(
    session: Session,
    *,
    user: str,
    at: datetime,
    batch_id: int | None = None,
    image_id: str | None = None,
    step: int = 1,
    todo: bool = False,
    limit: int = 1,
) -> tuple[QueueItem, ...]:
    """Return the pictures that come after one (before it when `step` is -1), the nearest first.

    Args:
        user: whose own leases are not told.
        batch_id: a batch; None for the whole pool.
        image_id: where to start, this one not among them; None for the first (or last) of all.
        todo: only those that nobody has confirmed, skipped or rejected yet.
    """
    place, query = _ordered(batch_id)
    if image_id is not None:
        here = _place(session, batch_id, image_id)
        query = query.where(place > here if step > 0 else place < here)
    if todo:
        query = query.where(ImageRow.status == "todo")
    query = query.order_by(place if step > 0 else place.desc()).limit(limit)
    query = query.outerjoin(LeaseRow, and_(LeaseRow.image_id == ImageRow.id, LeaseRow.expires_at > at))
    return tuple(
        QueueItem(found_id, name, status, position, held if held != user else None)
        for found_id, name, status, position, held in session.execute(query.add_columns(LeaseRow.user))
    )


def count_items(session: Session, batch_id: int | None = None) -> tuple[int, int]:
    """Return how many pictures a batch (or the pool) has, and how many of them wait."""
    if batch_id is None:
        found = tallies.by_status(session)
        return sum(found.values()), found.get("todo", 0)
    counted = (
        select(ImageRow.status, func.count())
        .join(BatchItemRow, BatchItemRow.image_id == ImageRow.id)
        .where(BatchItemRow.batch_id == batch_id, ImageRow.deleted_at.is_(None))
        .group_by(ImageRow.status)
    )
    counts = {row.status: int(row[1]) for row in session.execute(counted)}
    return sum(counts.values()), counts.get("todo", 0)


def _ordered(batch_id: int | None) -> tuple[ColumnElement[int], Any]:
    place: ColumnElement[int] = ImageRow.number if batch_id is None else BatchItemRow.position  # type: ignore[assignment]
    query = select(ImageRow.id, ImageRow.name, ImageRow.status, place).where(ImageRow.deleted_at.is_(None))
    if batch_id is not None:
        query = query.join(BatchItemRow, BatchItemRow.image_id == ImageRow.id).where(BatchItemRow.batch_id == batch_id)
    return place, query


def _place(session: Session, batch_id: int | None, image_id: str) -> int:
    if batch_id is None:
        found = session.scalar(select(ImageRow.number).where(ImageRow.id == image_id))
    else:
        found = session.scalar(
            select(BatchItemRow.position).where(BatchItemRow.batch_id == batch_id, BatchItemRow.image_id == image_id)
        )
    if found is None:
        if batch_id is None:
            raise NotFound(Reason("image.unknown", image=image_id))
        raise NotFound(Reason("image.unbatched", image=image_id, batch=batch_id))
    return found
