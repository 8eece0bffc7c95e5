"""The videos of the pool."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from annotate.errors import NotFound
from annotate.records import Clip
from annotate.store.inserting import insert_new
from annotate.store.schema import ClipRow, ImageRow


def add(session: Session, clip: Clip) -> bool:
    """Add a clip, and tell whether it was not there before."""
    return bool(insert_new(session, ClipRow, [asdict(clip)], ClipRow.id))


def find(session: Session, clip_id: str) -> Clip | None:
    """Return a clip, or None."""
    row = session.get(ClipRow, clip_id)
    return None if row is None else _clip(row)


def get(session: Session, clip_id: str) -> Clip:
    """Return a clip.

    Raises:
        NotFound: there is none.
    """
    clip = find(session, clip_id)
    if clip is None:
        raise NotFound(f"clip {clip_id!r}: not in this workspace")
    return clip


def put(session: Session, clip: Clip) -> bool:
    """Add a clip or bring it up to date (its frames may have been chosen anew), and tell whether it is new."""
    new = add(session, clip)
    if not new:
        kept = session.scalar(select(func.count()).select_from(ImageRow).where(ImageRow.clip_id == clip.id))
        changes = {"complete": clip.complete, "mode": clip.mode, "path": clip.path, "kept_count": kept}
        session.execute(update(ClipRow).where(ClipRow.id == clip.id).values(changes))
    return new


def in_mode(session: Session, ids: Sequence[str], mode: str) -> set[str]:
    """Return which of these clips are complete with frames that were chosen in this way."""
    query = select(ClipRow.id).where(ClipRow.id.in_(ids), ClipRow.complete, ClipRow.mode == mode)
    return set(session.scalars(query))


def page(session: Session, *, before: str | None = None, limit: int = 100) -> list[Clip]:
    """Return clips, the latest first; `before` is the id of the last one of the page before."""
    query = select(ClipRow).order_by(ClipRow.added_at.desc(), ClipRow.id.desc()).limit(limit)
    if before is not None:
        last = get(session, before)
        earlier = (ClipRow.added_at == last.added_at) & (ClipRow.id < last.id)
        query = query.where((ClipRow.added_at < last.added_at) | earlier)
    return [_clip(row) for row in session.scalars(query)]


def frames(session: Session, clip_id: str) -> Sequence[str]:
    """Return the ids of a clip's key frames in the order of time."""
    query = select(ImageRow.id).where(ImageRow.clip_id == clip_id, ImageRow.deleted_at.is_(None))
    return session.scalars(query.order_by(ImageRow.time_ms)).all()


def _clip(row: ClipRow) -> Clip:
    return Clip(**{name: getattr(row, name) for name in Clip.__dataclass_fields__})
