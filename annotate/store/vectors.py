"""What the index of vectors should hold: collections, and which pictures are in them.

The index itself is a cache. These rows say what has been put into it, so that embedding goes on after a stop and
`doctor` can tell what is missing, superfluous or out of date.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, delete, func, select, update
from sqlalchemy.orm import Session

from annotate.store.database import now
from annotate.store.inserting import put
from annotate.store.schema import CollectionRow, EditRow, ImageRow, VectorRow

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection of the index, see `CollectionRow`."""

    name: str
    model: str
    pretrained: str
    revision: str
    recipe: dict[str, Any]
    dim: int
    active: bool = False
    last_edit: int = 0


@dataclass(frozen=True, slots=True)
class Embedded:
    """That a picture's vectors have been put into a collection, or why not, see `VectorRow`."""

    number: int
    scalars: str = ""
    regions: str = ""
    error: str | None = None


def collections(session: Session) -> list[Collection]:
    """Return all collections, the oldest first."""
    rows = session.scalars(select(CollectionRow).order_by(CollectionRow.created_at, CollectionRow.name))
    return [_collection(row) for row in rows]


def active(session: Session) -> Collection | None:
    """Return the collection that is searched, if there is one."""
    row = session.scalars(select(CollectionRow).where(CollectionRow.active).limit(1)).first()
    return None if row is None else _collection(row)


def add_collection(session: Session, made: Collection) -> Collection:
    """Keep a new, empty collection; its scalar fields will be as the journal has them now."""
    last = session.scalar(select(func.max(EditRow.id))) or 0
    row = CollectionRow(
        name=made.name,
        model=made.model,
        pretrained=made.pretrained,
        revision=made.revision,
        recipe=made.recipe,
        dim=made.dim,
        active=False,
        last_edit=last,
        created_at=now(),
    )
    session.add(row)
    session.flush()
    return _collection(row)


def activate(session: Session, name: str) -> None:
    """Search this collection from now on, and no other one."""
    session.execute(update(CollectionRow).values(active=CollectionRow.name == name))


def drop_collection(session: Session, name: str) -> None:
    """Forget a collection and all that is in it."""
    session.execute(delete(VectorRow).where(VectorRow.collection == name))
    session.execute(delete(CollectionRow).where(CollectionRow.name == name))


def waiting(session: Session, collection: str, *, after: int, limit: int) -> list[int]:
    """Return the numbers of the next pictures that are not yet in a collection, in order."""
    query = (
        select(ImageRow.number)
        .outerjoin(VectorRow, and_(VectorRow.number == ImageRow.number, VectorRow.collection == collection))
        .where(VectorRow.number.is_(None), ImageRow.deleted_at.is_(None), ImageRow.number > after)
    )
    return list(session.scalars(query.order_by(ImageRow.number).limit(limit)))


def counts(session: Session, collection: str) -> tuple[int, int, int]:
    """Return how many pictures the pool has, how many of them are in a collection, and how many could not be read."""
    pool = session.scalar(select(func.count()).select_from(ImageRow).where(ImageRow.deleted_at.is_(None))) or 0
    mine = select(func.count()).select_from(VectorRow).where(VectorRow.collection == collection)
    failed = session.scalar(mine.where(VectorRow.error.is_not(None))) or 0
    return pool, (session.scalar(mine) or 0) - failed, failed


def mark(session: Session, collection: str, done: Sequence[Embedded]) -> None:
    """Remember what has been put into a collection; it has not been compared with the others yet."""
    rows = [
        {
            "collection": collection,
            "number": one.number,
            "scalars": one.scalars,
            "regions": one.regions,
            "error": one.error,
            "compared": one.error is not None,
            "at": now(),
        }
        for one in done
    ]
    put(session, VectorRow, rows, ("collection", "number"))


def mark_scalars(session: Session, collection: str, digests: dict[int, str]) -> None:
    """Remember that the scalar fields of pictures have been written anew."""
    for number, digest in digests.items():
        session.execute(
            update(VectorRow)
            .where(VectorRow.collection == collection, VectorRow.number == number)
            .values(scalars=digest)
        )


def mark_compared(session: Session, collection: str, numbers: Sequence[int]) -> None:
    """Remember that nearly the same pictures have been looked for."""
    for some in _chunks(numbers):
        session.execute(
            update(VectorRow)
            .where(VectorRow.collection == collection, VectorRow.number.in_(some))
            .values(compared=True)
        )


def forget(session: Session, collection: str, numbers: Iterable[int]) -> None:
    """Forget that pictures are in a collection: they wait to be embedded again."""
    for some in _chunks(numbers):
        session.execute(delete(VectorRow).where(VectorRow.collection == collection, VectorRow.number.in_(some)))


def forget_all(session: Session, collection: str, *, failed: bool = False) -> None:
    """Forget all pictures of a collection, or only those that could not be read, so that they are tried again."""
    query = delete(VectorRow).where(VectorRow.collection == collection)
    session.execute(query.where(VectorRow.error.is_not(None)) if failed else query)


def to_compare(session: Session, collection: str, limit: int) -> list[int]:
    """Return the numbers of the next pictures whose near-duplicates have not been looked for, in order."""
    query = select(VectorRow.number).where(VectorRow.collection == collection, VectorRow.compared.is_(False))
    return list(session.scalars(query.order_by(VectorRow.number).limit(limit)))


def each(session: Session, collection: str, *, after: int, limit: int) -> list[tuple[int, str, str, bool]]:
    """Return number, digest of scalars, digest of regions, and whether the picture is deleted, in order of numbers.

    Pictures that could not be read are left out.
    """
    query = (
        select(VectorRow.number, VectorRow.scalars, VectorRow.regions, ImageRow.deleted_at)
        .join(ImageRow, ImageRow.number == VectorRow.number)
        .where(VectorRow.collection == collection, VectorRow.error.is_(None), VectorRow.number > after)
    )
    rows = session.execute(query.order_by(VectorRow.number).limit(limit))
    return [(number, scalars, regions, deleted is not None) for number, scalars, regions, deleted in rows]


def errors(session: Session, collection: str, limit: int = 20) -> list[tuple[int, str]]:
    """Return pictures that could not be read, with why."""
    query = select(VectorRow.number, VectorRow.error).where(
        VectorRow.collection == collection, VectorRow.error.is_not(None)
    )
    return [(number, str(error)) for number, error in session.execute(query.order_by(VectorRow.number).limit(limit))]


def edited_since(session: Session, edit_id: int, limit: int) -> tuple[list[int], int]:
    """Return the numbers of pictures changed after an entry of the journal, and the last entry that was looked at."""
    query = (
        select(EditRow.id, ImageRow.number)
        .join(ImageRow, ImageRow.id == EditRow.image_id)
        .where(EditRow.id > edit_id)
        .order_by(EditRow.id)
        .limit(limit)
    )
    rows = session.execute(query).all()
    return sorted({number for _, number in rows}), rows[-1][0] if rows else edit_id


def synced(session: Session, collection: str, edit_id: int) -> None:
    """Remember up to which entry of the journal a collection is up to date."""
    session.execute(update(CollectionRow).where(CollectionRow.name == collection).values(last_edit=edit_id))


def _collection(row: CollectionRow) -> Collection:
    return Collection(row.name, row.model, row.pretrained, row.revision, row.recipe, row.dim, row.active, row.last_edit)


def _chunks(values: Iterable[int]) -> Iterator[list[int]]:
    listed = list(values)
    for start in range(0, len(listed), _CHUNK):
        yield listed[start : start + _CHUNK]
