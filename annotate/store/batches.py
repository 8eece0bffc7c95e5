"""Batches: pictures picked for labelling, in an order, each with its score and why."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from annotate.errors import NotFound
from annotate.reasons import Reason
from annotate.records import Batch, Pick
from annotate.store.database import now
from annotate.store.inserting import insert_new
from annotate.store.schema import BatchItemRow, BatchRow, ImageRow
from synthtext.errors import UserError


def create(session: Session, name: str, who: str, note: str = "") -> int:
    """Make an empty batch and return its id.

    Raises:
        UserError: there is one of this name.
    """
    row = {"name": name, "note": note, "created_by": who, "created_at": now()}
    made = insert_new(session, BatchRow, [row], BatchRow.id)
    if not made:
        raise UserError(Reason("batch.taken", name=name))
    return int(made.pop())


def find(session: Session, name: str) -> Batch | None:
    """Return the batch of this name, or None."""
    row = session.scalars(select(BatchRow).where(BatchRow.name == name)).one_or_none()
    return None if row is None else _with_counts(session, [row])[0]


def get(session: Session, batch_id: int) -> Batch:
    """Return a batch.

    Raises:
        NotFound: there is none.
    """
    row = session.get(BatchRow, batch_id)
    if row is None:
        raise NotFound(Reason("batch.unknown", batch=batch_id))
    return _with_counts(session, [row])[0]


def all_of(session: Session) -> list[Batch]:
    """Return all batches with their counts, the latest first."""
    return _with_counts(session, session.scalars(select(BatchRow).order_by(BatchRow.id.desc())).all())


def add(session: Session, batch_id: int, picks: Sequence[Pick]) -> int:
    """Put pictures at the end of a batch, in their order, and return how many were not in it before."""
    begin = session.scalar(select(func.max(BatchItemRow.position)).where(BatchItemRow.batch_id == batch_id))
    first = 0 if begin is None else begin + 1
    rows = [
        {"batch_id": batch_id, "image_id": pick.image_id, "position": place, "score": pick.score, "why": pick.why}
        for place, pick in enumerate(picks, first)
    ]
    return len(insert_new(session, BatchItemRow, rows, BatchItemRow.image_id))


def items(session: Session, batch_id: int, *, after: int = -1, limit: int = 100) -> list[Pick]:
    """Return the pictures of a batch after a position, in its order."""
    query = select(BatchItemRow).where(BatchItemRow.batch_id == batch_id, BatchItemRow.position > after)
    return [_pick(row) for row in session.scalars(query.order_by(BatchItemRow.position).limit(limit))]


def next_todo(session: Session, batch_id: int, *, after: int = -1) -> Pick | None:
    """Return the first picture of a batch after a position that is still to do, or None."""
    query = (
        select(BatchItemRow)
        .join(ImageRow, ImageRow.id == BatchItemRow.image_id)
        .where(BatchItemRow.batch_id == batch_id, BatchItemRow.position > after)
        .where(ImageRow.status == "todo", ImageRow.deleted_at.is_(None))
        .order_by(BatchItemRow.position)
        .limit(1)
    )
    row = session.scalars(query).one_or_none()
    return None if row is None else _pick(row)


def of_image(session: Session, image_id: str) -> list[tuple[int, Pick]]:
    """Return the batches that a picture is in, each with its place in it."""
    rows = session.scalars(select(BatchItemRow).where(BatchItemRow.image_id == image_id))
    return [(row.batch_id, _pick(row)) for row in rows]


def _with_counts(session: Session, rows: Sequence[BatchRow]) -> list[Batch]:
    query = (
        select(BatchItemRow.batch_id, func.count(), func.count().filter(ImageRow.status != "todo"))
        .join(ImageRow, ImageRow.id == BatchItemRow.image_id)
        .where(BatchItemRow.batch_id.in_([row.id for row in rows]))
        .group_by(BatchItemRow.batch_id)
    )
    counts = {batch_id: (size, done) for batch_id, size, done in session.execute(query)}
    return [
        Batch(row.id, row.name, row.note, row.created_by, row.created_at, *counts.get(row.id, (0, 0))) for row in rows
    ]


def _pick(row: BatchItemRow) -> Pick:
    return Pick(row.image_id, row.score, row.why, row.position)
