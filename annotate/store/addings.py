"""Runs of `add`: what was asked for, how it went, and the files that went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from annotate.records import Fault
from annotate.store.database import now
from annotate.store.schema import AddingRow, OutcomeRow


def begin(session: Session, asked: dict[str, Any]) -> int:
    """Note that a run begins, and return its id."""
    row = AddingRow(started_at=now(), ended_at=None, asked=asked, counts={})
    session.add(row)
    session.flush()
    return row.id


def note(session: Session, adding_id: int, counts: dict[str, int], faults: Sequence[Fault]) -> None:
    """Note how far a run is, and what went wrong since the last note."""
    session.execute(update(AddingRow).where(AddingRow.id == adding_id).values(counts=counts))
    rows = [{"adding_id": adding_id, "path": f.where, "outcome": f.outcome, "reason": f.reason} for f in faults]
    if rows:
        session.execute(insert(OutcomeRow), rows)


def end(session: Session, adding_id: int) -> None:
    """Note that a run has come to its end."""
    session.execute(update(AddingRow).where(AddingRow.id == adding_id).values(ended_at=now()))


def faults(session: Session, adding_id: int, *, after: int = 0, limit: int = 1000) -> list[tuple[int, Fault]]:
    """Return what went wrong in a run, in order, each with the number to go on after."""
    query = select(OutcomeRow).where(OutcomeRow.adding_id == adding_id, OutcomeRow.id > after)
    rows = session.scalars(query.order_by(OutcomeRow.id).limit(limit))
    return [(row.id, Fault(row.path, row.outcome, row.reason)) for row in rows]  # type: ignore[arg-type]
