"""The pictures of the pool: adding, finding, paging, tagging.

Lists are paged by `number` (the order of coming), never by offset, so that page 10,000 costs what page 1 costs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, bindparam, delete, exists, select, update
from sqlalchemy.orm import Session, aliased

from annotate.errors import NotFound
from annotate.reasons import Reason
from annotate.records import Filter, Page, Picture
from annotate.store.database import Database
from annotate.store.holding import among_the_first, holding
from annotate.store.inserting import insert_new, one_writer
from annotate.store.schema import BatchItemRow, ImageRow, TagRow

# Where no index has the order of a filter: one that matches often fills its page from so many rows; one that matches
# less often than this is sorted.
_WINDOW = 10_000
_RARE = 2_000
_CHUNK = 500
Number = ColumnElement[int]
_PLACE = select(ImageRow.path, ImageRow.copied).where(ImageRow.id == bindparam("of_image"))
_COLUMNS = tuple(f.name for f in fields(Picture) if f.name not in ("tags",))


def add(session: Session, pictures: Sequence[Picture]) -> set[str]:
    """Add pictures and return the ids of those that were not there before; the others stay as they are."""
    if pictures:
        one_writer(session, "images")
    rows = [{name: getattr(picture, name) for name in _COLUMNS if name != "number"} for picture in pictures]
    added = insert_new(session, ImageRow, rows, ImageRow.id)
    for tag in {tag for picture in pictures for tag in picture.tags}:
        tag_pictures(session, [p.id for p in pictures if p.id in added and tag in p.tags], add=(tag,))
    return added


def known(session: Session, ids: Iterable[str]) -> set[str]:
    """Return which of these ids are in the pool, deleted ones included."""
    return {
        found for some in _chunks(ids) for found in session.scalars(select(ImageRow.id).where(ImageRow.id.in_(some)))
    }


def in_pool(session: Session, ids: Iterable[str]) -> set[str]:
    """Return which of these ids are in the pool, without those that were taken out."""
    live = select(ImageRow.id).where(ImageRow.deleted_at.is_(None))
    return {found for some in _chunks(ids) for found in session.scalars(live.where(ImageRow.id.in_(some)))}


def get(session: Session, image_id: str) -> Picture:
    """Return a picture.

    Raises:
        NotFound: there is none with this id.
    """
    found = get_many(session, [image_id])
    if not found:
        raise NotFound(Reason("image.missing", image=image_id))
    return found[image_id]


def place(session: Session, image_id: str) -> tuple[str, bool]:
    """Return `path` and `copied` of a picture, which is all that each save asks of it.

    Raises:
        NotFound: there is none with this id.
    """
    row = session.connection().execute(_PLACE, {"of_image": image_id}).one_or_none()
    if row is None:
        raise NotFound(Reason("image.missing", image=image_id))
    return row.path, row.copied


def by_prefix(session: Session, prefix: str, *, deleted: bool = False) -> list[str]:
    """Return the ids that begin so, of the pool or of what was taken out; two at most."""
    end = prefix + "g"  # after every hex digit
    gone = ImageRow.deleted_at.is_not(None) if deleted else ImageRow.deleted_at.is_(None)
    query = select(ImageRow.id).where(ImageRow.id >= prefix, ImageRow.id < end, gone)
    return list(session.scalars(query.order_by(ImageRow.id).limit(2)))


def get_many(session: Session, ids: Iterable[str]) -> dict[str, Picture]:
    """Return those of these pictures that are there, in the order of the ids."""
    wanted = list(ids)
    found = {p.id: p for some in _chunks(wanted) for p in _pictures(session, _select().where(ImageRow.id.in_(some)))}
    return {image_id: found[image_id] for image_id in wanted if image_id in found}


def by_number(session: Session, numbers: Iterable[int]) -> dict[int, Picture]:
    """Return pictures by the numbers that an index of vectors knows them by; those that are gone are left out."""
    found: dict[int, Picture] = {}
    for some in _chunks(numbers):
        found |= {p.number: p for p in _pictures(session, _select().where(ImageRow.number.in_(some)))}
    return found


def looks(session: Session, numbers: Iterable[int]) -> dict[int, str]:
    """Return the perceptual hashes of pictures by their numbers."""
    found: dict[int, str] = {}
    for some in _chunks(numbers):
        rows = session.execute(select(ImageRow.number, ImageRow.phash).where(ImageRow.number.in_(some)))
        found |= {row.number: row.phash for row in rows}
    return found


def page(
    session: Session,
    which: Filter,
    *,
    after: int | None = None,
    limit: int = 100,
    newest: bool = False,
    deleted: bool = False,
) -> Page:
    """Return the next pictures that a filter lets through.

    Args:
        after: the number of the last picture of the page before; None for the first page.
        newest: from the latest to the earliest.
        deleted: pictures that were taken out, in place of those in the pool.
    """
    query, number = _filtered(session, which, deleted)
    rows: list[Picture] = []
    if _is_unordered(which):
        rows = _pictures(
            session, _next(query, number, after, limit, newest).where(_within_window(session, after, newest))
        )
        if len(rows) <= limit and count(session, which, _RARE, deleted=deleted) < _RARE:
            number = _sorted_by_number()
    if len(rows) <= limit:
        rows = _pictures(session, _next(query, number, after, limit, newest))
    return Page(tuple(rows[:limit]), rows[limit - 1].number if len(rows) > limit else None)


def each(db: Database, which: Filter | None = None, *, size: int = 1000, after: int = 0) -> Iterator[list[Picture]]:
    """Yield all pictures that a filter lets through, in order, in lists of at most `size`.

    Each list is read in a session of its own: nothing is held while the caller works, and what comes meanwhile is seen.
    """
    last: int | None = after
    while last is not None:
        with db.reading() as session:
            found = page(session, which or Filter(), after=last, limit=size)
        if found.pictures:
            yield list(found.pictures)
        last = found.next


def count(session: Session, which: Filter, limit: int = 10_000, *, deleted: bool = False) -> int:
    """Return how many pictures a filter lets through, counting no further than `limit`; `deleted` as in `page`."""
    counted = _numbers(session, which, deleted).limit(limit)
    some = among_the_first(session, which.text, 2 * limit) if which.text else None
    if some is not None:  # enough of them are found without going through all, if the word is not rare
        enough = _numbers(session, replace(which, text=None), deleted).where(some).limit(limit)
        if len(session.scalars(enough).all()) == limit:
            return limit
    return len(session.scalars(counted).all())


def last_number(session: Session) -> int:
    """Return the number of the picture that came last; 0 when the pool is empty."""
    return session.scalar(select(ImageRow.number).order_by(ImageRow.number.desc()).limit(1)) or 0


def numbers(session: Session, which: Filter, limit: int) -> list[int]:
    """Return the numbers of pictures that a filter lets through, at most `limit`, in no order."""
    return list(session.scalars(_numbers(session, which).limit(limit)))


def passing(session: Session, which: Filter, some: Iterable[int]) -> set[int]:
    """Return which of these pictures a filter lets through; deleted ones never pass."""
    found: set[int] = set()
    for chunk in _chunks(some):
        found |= set(session.scalars(_numbers(session, which).where(ImageRow.number.in_(chunk))))
    return found


def tag_pictures(session: Session, ids: Iterable[str], *, add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
    """Give tags to pictures, and take others away."""
    for some in _chunks(ids):
        numbers = session.scalars(select(ImageRow.number).where(ImageRow.id.in_(some))).all()
        if remove:
            session.execute(delete(TagRow).where(TagRow.number.in_(numbers), TagRow.tag.in_(remove)))
        rows = [{"tag": tag, "number": number} for tag in dict.fromkeys(add) for number in numbers]
        insert_new(session, TagRow, rows, TagRow.number)


def tags(session: Session) -> list[str]:
    """Return all tags in use, in order; each costs one look into the index, however many pictures have it."""
    found: list[str] = []
    last = ""
    while (
        tag := session.scalar(select(TagRow.tag).where(TagRow.tag > last).order_by(TagRow.tag).limit(1))
    ) is not None:
        found.append(tag)
        last = tag
    return found


def move_file(session: Session, image_id: str, path: str, copied: bool) -> None:
    """Say where a picture's file lies now."""
    session.execute(update(ImageRow).where(ImageRow.id == image_id).values(path=path, copied=copied))


def _select() -> Select[Any]:
    return select(*(getattr(ImageRow, name) for name in _COLUMNS))


def _next(query: Select[Any], number: Number, after: int | None, limit: int, newest: bool) -> Select[Any]:
    if after is not None:
        query = query.where(number < after if newest else number > after)
    return query.order_by(number.desc() if newest else number).limit(limit + 1)


def _numbers(session: Session, which: Filter, deleted: bool = False) -> Select[Any]:
    query, number = _filtered(session, which, deleted)
    return query.with_only_columns(number, maintain_column_froms=True)


def _filtered(session: Session, which: Filter, deleted: bool) -> tuple[Select[Any], Number]:
    """Return what a filter lets through, and the column by whose order an index can give it."""
    gone = ImageRow.deleted_at.is_not(None) if deleted else ImageRow.deleted_at.is_(None)
    query, number = _select().where(gone), cast("Number", ImageRow.number)
    if len(which.statuses) == 1:  # an `in` of one keeps some planners from the index
        query = query.where(ImageRow.status == which.statuses[0])
    elif which.statuses:
        query = query.where(ImageRow.status.in_(which.statuses))
    for place, tag in enumerate(which.tags):
        named = aliased(TagRow)
        if place == 0:  # the rows of a tag lie in the order of lists
            query = query.join(named, named.number == ImageRow.number).where(named.tag == tag)
            number = cast("Number", named.number)
        else:
            query = query.where(exists().where(named.number == ImageRow.number, named.tag == tag))
    if which.batch_id is not None:
        query = query.where(
            ImageRow.id.in_(select(BatchItemRow.image_id).where(BatchItemRow.batch_id == which.batch_id))
        )
    if which.text:
        found = holding(session, which.text)
        query = query.where(found.condition)
        if found.few:
            number = _sorted_by_number()
    bounds = (
        (which.source_id, ImageRow.source_id.__eq__),
        (which.clip_id, ImageRow.clip_id.__eq__),
        (which.min_boxes, ImageRow.box_count.__ge__),
        (which.max_boxes, ImageRow.box_count.__le__),
        (which.min_score, ImageRow.min_score.__ge__),
        (which.max_score, ImageRow.min_score.__le__),
        (which.min_side, ImageRow.width.__ge__),
        (which.min_side, ImageRow.height.__ge__),
        (which.max_side, ImageRow.width.__le__),
        (which.max_side, ImageRow.height.__le__),
        (which.added_from, ImageRow.added_at.__ge__),
        (which.added_to, ImageRow.added_at.__lt__),
        (which.from_ms, ImageRow.time_ms.__ge__),
        (which.to_ms, ImageRow.time_ms.__le__),
    )
    return query.where(*(compare(value) for value, compare in bounds if value is not None)), number


def _sorted_by_number() -> Number:
    """Return the order for few pictures, which databases do not know: `+ 0` keeps them from walking over all."""
    return ImageRow.number + 0


def _is_unordered(which: Filter) -> bool:
    bounds = (which.min_boxes, which.max_boxes, which.min_score, which.max_score)
    return any(bound is not None for bound in bounds)


def _within_window(session: Session, after: int | None, newest: bool) -> ColumnElement[bool]:
    if newest:
        top = after or (session.scalar(select(ImageRow.number).order_by(ImageRow.number.desc()).limit(1)) or 0) + 1
        return ImageRow.number >= top - _WINDOW
    return ImageRow.number <= (after or 0) + _WINDOW


def _pictures(session: Session, query: Select[Any]) -> list[Picture]:
    rows = session.execute(query).all()
    named: dict[int, list[str]] = {}
    for some in _chunks(row.number for row in rows):
        found = select(TagRow.number, TagRow.tag).where(TagRow.number.in_(some)).order_by(TagRow.tag)
        for number, tag in session.execute(found):
            named.setdefault(number, []).append(tag)
    return [Picture(**row._mapping, tags=tuple(named.get(row.number, ()))) for row in rows]


def _chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    listed = list(values)
    for start in range(0, len(listed), _CHUNK):
        yield listed[start : start + _CHUNK]
