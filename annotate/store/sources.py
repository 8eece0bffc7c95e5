"""Where pictures came from."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from annotate.errors import NotFound
from annotate.reasons import Reason
from annotate.records import Source
from annotate.store.database import now
from annotate.store.inserting import insert_new
from annotate.store.schema import SourceRow


def put(session: Session, kind: str, path: str) -> int:
    """Return the id of a source, which is made if it is not there yet."""
    insert_new(session, SourceRow, [{"kind": kind, "path": path, "added_at": now()}], SourceRow.id)
    return session.scalars(select(SourceRow.id).where(SourceRow.path == path)).one()


def get(session: Session, source_id: int) -> Source:
    """Return a source.

    Raises:
        NotFound: there is none.
    """
    row = session.get(SourceRow, source_id)
    if row is None:
        raise NotFound(Reason("source.unknown", source=source_id))
    return _source(row)


def all_of(session: Session) -> list[Source]:
    """Return all sources, the latest first."""
    return [_source(row) for row in session.scalars(select(SourceRow).order_by(SourceRow.id.desc()))]


def _source(row: SourceRow) -> Source:
    return Source(row.id, row.kind, row.path, row.added_at)
