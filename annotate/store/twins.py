"""Pictures that are nearly the same: linked, never deleted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, exists, func, select, tuple_, update
from sqlalchemy.orm import Session

from annotate.records import Twin
from annotate.store.inserting import insert_new
from annotate.store.schema import ImageRow, TwinRow

# The gate of links of which people have said that both pictures stay.
KEPT = "kept"
# A camera that stands still makes thousands of the same; nobody looks through more than this at once.
MOST_IN_GROUP = 200


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
    """Return which of these pictures are a twin of one that came before, and nobody has said that both stay."""
    wanted = list(ids)
    found: set[str] = set()
    for start in range(0, len(wanted), 500):
        some = TwinRow.image_id.in_(wanted[start : start + 500])
        found |= set(session.scalars(select(TwinRow.image_id).where(some, TwinRow.gate != KEPT)))
    return found


def next_groups(session: Session, *, after: str = "", limit: int = 20) -> tuple[list[list[str]], str | None]:
    """Return groups of pictures that are linked, and the id to go on after; None at the end.

    A group is found at its pictures that are the later one of no pair, of which it has at least one, and told at the
    first of them. Deleted pictures, and links that people have settled, count for nothing.
    """
    groups: list[list[str]] = []
    while len(groups) < limit:
        roots = _roots(session, after, limit)
        for root in roots:
            after = root
            group = _group(session, root)
            later = select(TwinRow.image_id).where(TwinRow.image_id.in_(group), *_open())
            firsts = set(group) - set(session.scalars(later))
            if root == min(firsts):
                groups.append(group)
                if len(groups) == limit:
                    break
        if len(roots) < limit:
            break
    return groups, after if groups and _roots(session, after, 1) else None


def keep_all(session: Session, ids: Sequence[str]) -> int:
    """Settle that these pictures stay although they are nearly the same, and return how many links that settles.

    The links stay, so that the same pair is not found again, and so that no split tears it apart.
    """
    pair = TwinRow.image_id.in_(ids), TwinRow.other_id.in_(ids), TwinRow.gate != KEPT
    return len(session.scalars(update(TwinRow).where(*pair).values(gate=KEPT).returning(TwinRow.image_id)).all())


def count(session: Session) -> dict[str, int]:
    """Return how many links each gate has made."""
    rows = session.execute(select(TwinRow.gate, func.count()).group_by(TwinRow.gate))
    return {row[0]: row[1] for row in rows}


def _roots(session: Session, after: str, limit: int) -> list[str]:
    other, later = TwinRow.__table__.alias("other"), TwinRow.__table__.alias("later")
    first, second = ImageRow.__table__.alias("first"), ImageRow.__table__.alias("second")
    earlier_live = second.c.id == later.c.other_id, second.c.deleted_at.is_(None)
    is_later = exists().where(later.c.image_id == other.c.other_id, later.c.gate != KEPT, *earlier_live)
    query = (
        select(other.c.other_id)
        .join(first, first.c.id == other.c.image_id)
        .where(other.c.other_id > after, other.c.gate != KEPT, first.c.deleted_at.is_(None), ~is_later)
        .where(exists().where(ImageRow.id == other.c.other_id, ImageRow.deleted_at.is_(None)))
    )
    return list(session.scalars(query.distinct().order_by(other.c.other_id).limit(limit)))


def _group(session: Session, root: str) -> list[str]:
    """Return all that hangs together with a picture, itself first."""
    group, fresh = [root], [root]
    while fresh and len(group) < MOST_IN_GROUP:
        either = TwinRow.image_id.in_(fresh) | TwinRow.other_id.in_(fresh)
        rows = session.execute(select(TwinRow.image_id, TwinRow.other_id).where(either, *_open()))
        fresh = sorted({one for row in rows for one in row} - set(group))
        group += fresh
    return group


def _open() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a link is not settled and that both of its pictures are in the pool."""
    first, second = ImageRow.__table__.alias("first"), ImageRow.__table__.alias("second")
    return (
        TwinRow.gate != KEPT,
        exists().where(first.c.id == TwinRow.image_id, first.c.deleted_at.is_(None)),
        exists().where(second.c.id == TwinRow.other_id, second.c.deleted_at.is_(None)),
    )


def _twin(row: TwinRow) -> Twin:
    return Twin(row.image_id, row.other_id, row.gate, row.similarity)
