"""Reviews: which confirmed pictures nobody else has looked at, what was said of them, and blind checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from annotate.records import Region
from annotate.review_records import Agreement, Review, ReviewItem
from annotate.store.region_rows import region_to_json
from annotate.store.schema import BatchItemRow, EditRow, ImageRow, ReviewRow

# What only people do; readers and imports enter the journal under other names.
_BY_PEOPLE = ("save", "confirm", "skip", "reject", "no_text", "reopen", "restore", "wall")
_DONE = ("confirmed", "no_text")
_BITS = 32


def to_review(
    session: Session, who: str, *, own: bool, batch_id: int | None = None, after: int = 0, limit: int = 50
) -> list[ReviewItem]:
    """Return finished pictures that wait for a second person, in the order in which they came.

    Args:
        who: asks; their own work is left out unless `own`.
        after: the number of the last picture of the page before.
    """
    judged = exists().where(
        ReviewRow.image_id == ImageRow.id, ReviewRow.rev >= ImageRow.rev, ReviewRow.verdict != "blind"
    )
    return _items(session, _finished(who, own, batch_id).where(~judged, ImageRow.number > after), limit)


def to_check(session: Session, who: str, share: float, *, own: bool, limit: int = 50) -> list[ReviewItem]:
    """Return finished pictures that are to be labelled again without seeing the labels.

    Args:
        share: of all pictures; which ones follows from their ids, so nobody can tell while labelling.
    """
    checked = exists().where(ReviewRow.image_id == ImageRow.id, ReviewRow.verdict == "blind")
    bound = min(1 << _BITS, round(share * (1 << _BITS)))
    query = _finished(who, own, None).where(~checked)
    if bound < 1 << _BITS:  # ids are digests: they lie evenly
        query = query.where(ImageRow.id < f"{bound:08x}")
    return _items(session, query, limit)


def add_review(session: Session, review: Review, labels: Sequence[Region] | None = None) -> None:
    """Keep a verdict, or the labels of a blind check."""
    session.add(
        ReviewRow(
            image_id=review.image_id,
            rev=review.rev,
            user=review.user,
            annotator=review.annotator,
            verdict=review.verdict,
            reason=review.reason,
            labels=None if labels is None else [region_to_json(region) for region in labels],
            agreement=None if review.agreement is None else asdict(review.agreement),
            at=review.at,
        )
    )


def reviews_of(session: Session, image_id: str) -> tuple[Review, ...]:
    """Return what was said of a picture, oldest first."""
    rows = session.scalars(select(ReviewRow).where(ReviewRow.image_id == image_id).order_by(ReviewRow.id))
    return tuple(_review(row) for row in rows)


def reviews_since(session: Session, since: datetime) -> tuple[Review, ...]:
    """Return what was said of all pictures since a time, oldest first."""
    rows = session.scalars(select(ReviewRow).where(ReviewRow.at >= since).order_by(ReviewRow.at, ReviewRow.id))
    return tuple(_review(row) for row in rows)


def annotator_of(session: Session, image_id: str, but: str | None = None) -> str | None:
    """Return the person who last changed a picture's labels, other than one; None when no person has."""
    query = select(EditRow.who).where(EditRow.image_id == image_id, EditRow.action.in_(_BY_PEOPLE))
    if but is not None:
        query = query.where(EditRow.who != but)
    return session.scalar(query.order_by(EditRow.rev.desc()).limit(1))


def untouched_rev(session: Session, image_id: str) -> int:
    """Return the last revision of a picture before any person changed it."""
    query = select(EditRow.rev).where(EditRow.image_id == image_id, EditRow.action.in_(_BY_PEOPLE))
    first = session.scalar(query.order_by(EditRow.rev).limit(1))
    if first is not None:
        return first - 1
    return session.scalar(select(ImageRow.rev).where(ImageRow.id == image_id)) or 0


def _finished(who: str, own: bool, batch_id: int | None) -> Select[Any]:
    last = (
        select(EditRow.who)
        .where(EditRow.image_id == ImageRow.id, EditRow.action.in_(_BY_PEOPLE))
        .order_by(EditRow.rev.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = select(ImageRow.number, ImageRow.id, ImageRow.name, ImageRow.status, ImageRow.rev, last).where(
        ImageRow.status.in_(_DONE), ImageRow.deleted_at.is_(None), last.is_not(None)
    )
    if not own:
        query = query.where(last != who)
    if batch_id is not None:
        query = query.where(ImageRow.id.in_(select(BatchItemRow.image_id).where(BatchItemRow.batch_id == batch_id)))
    return query


def _items(session: Session, query: Select[Any], limit: int) -> list[ReviewItem]:
    return [
        ReviewItem(number, image_id, name, status, rev, annotator or "")
        for number, image_id, name, status, rev, annotator in session.execute(
            query.order_by(ImageRow.number).limit(limit)
        )
    ]


def _review(row: ReviewRow) -> Review:
    return Review(
        image_id=row.image_id,
        rev=row.rev,
        user=row.user,
        annotator=row.annotator,
        verdict=row.verdict,  # type: ignore[arg-type]
        reason=row.reason,
        at=row.at,
        agreement=None if row.agreement is None else Agreement(**row.agreement),
    )
