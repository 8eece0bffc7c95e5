"""Pictures that are nearly the same: linked, never deleted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from annotate.records import Twin
from annotate.store.inserting import insert_new
from annotate.store.schema import TwinRow


def link(session: Session, twins: Sequence[Twin]) -> int:
    """Link pictures and return how many links are new; a picture is no twin of itself."""
    rows = [
        {"image_id": t.image_id, "other_id": t.other_id, "gate": t.gate, "similarity": t.similarity}
        for t in twins
        if t.image_id != t.other_id
    ]
    return len(insert_new(session, TwinRow, rows, TwinRow.image_id + TwinRow.other_id))


def of_image(session: Session, image_id: str) -> list[Twin]:
    """Return the links of a picture in both directions, the nearest first."""
    mine = select(TwinRow).where((TwinRow.image_id == image_id) | (TwinRow.other_id == image_id))
    return [_twin(row) for row in session.scalars(mine.order_by(TwinRow.similarity.desc()))]


def page(session: Session, *, after: tuple[str, str] = ("", ""), limit: int = 100) -> list[Twin]:
    """Return links in the order of their ids, after the one with these ids."""
    key = tuple_(TwinRow.image_id, TwinRow.other_id)
    query = select(TwinRow).where(key > after).order_by(TwinRow.image_id, TwinRow.other_id).limit(limit)
    return [_twin(row) for row in session.scalars(query)]


def later_ones(session: Session, ids: Iterable[str]) -> set[str]:
    """Return which of these pictures are a twin of one that came before."""
    wanted = list(ids)
    found: set[str] = set()
    for start in range(0, len(wanted), 500):
        found |= set(session.scalars(select(TwinRow.image_id).where(TwinRow.image_id.in_(wanted[start : start + 500]))))
    return found


def count(session: Session) -> dict[str, int]:
    """Return how many links each gate has made."""
    rows = session.execute(select(TwinRow.gate, func.count()).group_by(TwinRow.gate))
    return {row[0]: row[1] for row in rows}


def _twin(row: TwinRow) -> Twin:
    return Twin(row.image_id, row.other_id, row.gate, row.similarity)
