"""Which reader has been through which picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from annotate.records import Filter, Picture
from annotate.store import images
from annotate.store.database import Database, now
from annotate.store.inserting import put
from annotate.store.schema import ReadRow

_PAGE = 500


def note(session: Session, reader: str, image_id: str, found: int = 0, error: str | None = None) -> None:
    """Note that a reader is done with a picture, with how many places it found, or why it failed."""
    row = {"image_id": image_id, "reader": reader, "at": now(), "found": found, "error": error}
    put(session, ReadRow, [row], ("image_id", "reader"))


def done(session: Session, reader: str, ids: Sequence[str], failed_too: bool = True) -> set[str]:
    """Return which of these pictures a reader is done with; those that it failed on count when `failed_too`."""
    query = select(ReadRow.image_id).where(ReadRow.reader == reader, ReadRow.image_id.in_(ids))
    return set(session.scalars(query if failed_too else query.where(ReadRow.error.is_(None))))


def readers_of(session: Session, ids: Iterable[str]) -> dict[str, set[str]]:
    """Return the readers that have been through each of these pictures without failing."""
    found: dict[str, set[str]] = {image_id: set() for image_id in ids}
    listed = list(found)
    for start in range(0, len(listed), _PAGE):
        some = listed[start : start + _PAGE]
        query = select(ReadRow.image_id, ReadRow.reader).where(ReadRow.image_id.in_(some), ReadRow.error.is_(None))
        for image_id, reader in session.execute(query):
            found[image_id].add(reader)
    return found


def counts(session: Session) -> dict[str, tuple[int, int]]:
    """Return of each reader how many pictures it has read, and how many it has failed on."""
    query = select(ReadRow.reader, func.count(), func.count(ReadRow.error)).group_by(ReadRow.reader)
    return {reader: (total - failed, failed) for reader, total, failed in session.execute(query)}


def unread_clips(
    db: Database, reader: str, which: Filter, *, again: bool = False, retry: bool = False, since: int = 0
) -> Iterator[tuple[str, list[Picture]]]:
    """Yield the clips with pictures that a reader has not been through, the newest first.

    The pictures of a clip come in the order of time; a picture that belongs to no clip comes alone.

    Args:
        again: those that it has been through as well.
        retry: those that it has failed on as well.
        since: only pictures with higher numbers.
    """
    open_clip: list[Picture] = []
    after: int | None = None
    while True:
        with db.reading() as session:
            page = images.page(session, which, after=after, limit=_PAGE, newest=True)
            ids = [picture.id for picture in page.pictures]
            ended = set() if again else done(session, reader, ids, failed_too=not retry)
        fresh = [picture for picture in page.pictures if picture.number > since]
        for picture in fresh:
            if open_clip and picture.clip_id != open_clip[0].clip_id:
                yield _clip(open_clip)
                open_clip = []
            if picture.id in ended:
                continue
            if picture.clip_id is None:
                yield picture.id, [picture]
            else:
                open_clip.append(picture)
        if page.next is None or len(fresh) < len(page.pictures):
            break
        after = page.next
    if open_clip:
        yield _clip(open_clip)


def _clip(pictures: list[Picture]) -> tuple[str, list[Picture]]:
    # A clip that was added in two parts comes as two.
    return f"{pictures[0].clip_id} {pictures[0].number}", sorted(pictures, key=lambda picture: picture.time_ms or 0)
