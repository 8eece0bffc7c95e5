"""Pictures taken out of the pool and brought back: the row stays, with all labels, and says when it was taken out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import update
from sqlalchemy.orm import Session

from annotate.store.database import now
from annotate.store.schema import ImageRow

_CHUNK = 500


def take_out(session: Session, ids: Iterable[str]) -> list[str]:
    """Take pictures out of the pool and return those that were in it."""
    return _mark(session, ids, gone=True)


def bring_back(session: Session, ids: Iterable[str]) -> list[str]:
    """Bring pictures back into the pool and return those that were not in it."""
    return _mark(session, ids, gone=False)


def move_source(session: Session, ids: Iterable[str], source_id: int) -> int:
    """Say that pictures come from a source, and return how many came from another one."""
    moved = 0
    for some in _chunks(ids):
        which = update(ImageRow).where(ImageRow.id.in_(some), ImageRow.source_id != source_id)
        moved += len(session.scalars(which.values(source_id=source_id).returning(ImageRow.id)).all())
    return moved


def _mark(session: Session, ids: Iterable[str], gone: bool) -> list[str]:
    changed: list[str] = []
    for some in _chunks(ids):
        other = ImageRow.deleted_at.is_(None) if gone else ImageRow.deleted_at.is_not(None)
        which = update(ImageRow).where(ImageRow.id.in_(some), other).values(deleted_at=now() if gone else None)
        changed += session.scalars(which.returning(ImageRow.id)).all()
    return changed


def _chunks(values: Iterable[str]) -> Iterator[list[str]]:
    listed = list(dict.fromkeys(values))
    for start in range(0, len(listed), _CHUNK):
        yield listed[start : start + _CHUNK]
