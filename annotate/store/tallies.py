"""Counts of pictures by source and status that cost nothing to read, kept by triggers of the database.

Counting a million rows takes longer than a page may. SQLite has one writer, so its triggers change the sums in place.
On PostgreSQL writers would wait for each other (or block each other for good) at such a row: there a trigger appends
the difference, the sum over the few rows counts, and `tidy` folds them now and then.
"""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from annotate.store.schema import TallyRow

_TIDY_ABOVE = 200


def by_status(session: Session, source_id: int | None = None) -> dict[str, int]:
    """Return how many pictures have each status, of one source or of all; deleted ones do not count."""
    query = select(TallyRow.status, func.sum(TallyRow.pictures)).group_by(TallyRow.status)
    if source_id is not None:
        query = query.where(TallyRow.source_id == source_id)
    return {status: int(count) for status, count in session.execute(query) if count}


def by_source(session: Session) -> dict[int, int]:
    """Return how many pictures each source has."""
    found: dict[int, int] = defaultdict(int)
    for source_id, count in session.execute(
        select(TallyRow.source_id, func.sum(TallyRow.pictures)).group_by(TallyRow.source_id)
    ):
        found[source_id] = int(count)
    return dict(found)


def tidy(session: Session) -> None:
    """Fold rows that have piled up; a session that writes."""
    if (session.scalar(select(func.count()).select_from(TallyRow)) or 0) <= _TIDY_ABOVE:
        return
    sums: dict[tuple[int, str], int] = defaultdict(int)
    gone = delete(TallyRow).returning(TallyRow.source_id, TallyRow.status, TallyRow.pictures)
    for source_id, status, pictures in session.execute(gone):
        sums[source_id, status] += pictures
    rows = [{"source_id": key[0], "status": key[1], "pictures": count} for key, count in sums.items() if count]
    if rows:
        session.execute(insert(TallyRow), rows)
