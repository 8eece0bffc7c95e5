"""Leases: who works on a picture, and until when the others are kept off it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from annotate.records import Lease
from annotate.store.schema import LeaseRow


def take_lease(
    session: Session, image_id: str, user: str, at: datetime, lasts: timedelta, force: bool = False
) -> Lease:
    """Take or renew the lease of a picture, and return the one that holds: somebody else's when it has not expired.

    Args:
        force: take it away from whoever has it.
    """
    row = session.get(LeaseRow, image_id, with_for_update=True)
    if row is None:
        row = LeaseRow(image_id=image_id, user=user, expires_at=at + lasts)
        session.add(row)
    elif row.user == user or row.expires_at <= at or force:
        row.user, row.expires_at = user, at + lasts
    return Lease(row.image_id, row.user, row.expires_at)


def drop_lease(session: Session, image_id: str, user: str) -> None:
    """Give a picture back; nothing happens when somebody else has it."""
    session.execute(delete(LeaseRow).where(LeaseRow.image_id == image_id, LeaseRow.user == user))


def lease_of(session: Session, image_id: str, at: datetime) -> Lease | None:
    """Return the lease of a picture that has not expired."""
    row = session.scalar(select(LeaseRow).where(LeaseRow.image_id == image_id, LeaseRow.expires_at > at))
    return None if row is None else Lease(row.image_id, row.user, row.expires_at)
