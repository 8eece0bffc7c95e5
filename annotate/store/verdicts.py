"""Verdicts of machines and people about pictures, and finding the pictures that they mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from annotate.store import files
from annotate.store.database import now
from annotate.store.inserting import put
from annotate.store.schema import ClipRow, ImageRow, VerdictRow

# A frame of the pool stands for the moment that is named when it is no further away.
_NEAR_MS = 1500


@dataclass(frozen=True, slots=True)
class StoredVerdict:
    """A verdict about a picture of the pool."""

    image_id: str
    machine_hit: bool
    human_hit: bool
    extra: dict[str, Any]


def keep(session: Session, rows: Sequence[tuple[str, str | None, bool, bool, dict[str, Any]]]) -> None:
    """Keep verdicts (key, picture, machine, people, extra); one about the same takes the place of an earlier one."""
    latest = {row[0]: row for row in rows}
    at = now()
    values = [
        {"key": key, "image_id": image, "machine_hit": machine, "human_hit": human, "extra": extra, "at": at}
        for key, image, machine, human, extra in latest.values()
    ]
    put(session, VerdictRow, values, ("key",))


def disagreements(session: Session) -> list[StoredVerdict]:
    """Return the verdicts about pictures of the pool in which machine and people differ, the latest first."""
    query = select(VerdictRow).where(VerdictRow.image_id.is_not(None), VerdictRow.machine_hit != VerdictRow.human_hit)
    return [
        StoredVerdict(str(row.image_id), row.machine_hit, row.human_hit, row.extra)
        for row in session.scalars(query.order_by(VerdictRow.at.desc(), VerdictRow.id.desc()))
    ]


def counts(session: Session) -> dict[tuple[bool, bool], int]:
    """Return how many verdicts there are, by (machine, people)."""
    query = select(VerdictRow.machine_hit, VerdictRow.human_hit, func.count())
    rows = session.execute(query.group_by(VerdictRow.machine_hit, VerdictRow.human_hit))
    return {(machine, human): count for machine, human, count in rows}


def find_picture(session: Session, named: str) -> str | None:
    """Return the picture of an id, an MD5, a path, or a name that only one picture has."""
    for column in (ImageRow.id, ImageRow.md5):
        found = session.scalars(select(ImageRow.id).where(column == named).limit(1)).first() if named else None
        if found is not None:
            return found
    seen = files.find(session, [named]).get(named)
    if seen is not None and session.scalar(select(ImageRow.number).where(ImageRow.id == seen.digest)) is not None:
        return seen.digest
    by_name = session.scalars(select(ImageRow.id).where((ImageRow.name == named) | (ImageRow.path == named)).limit(2))
    found_by_name = by_name.all()
    return found_by_name[0] if len(found_by_name) == 1 else None


def find_frame(session: Session, clip: str, time_ms: int) -> str | None:
    """Return the frame of a clip (by id, MD5, path or name) that is nearest to a moment, if one is near."""
    named = (ClipRow.id == clip) | (ClipRow.md5 == clip) | (ClipRow.path == clip) | (ClipRow.name == clip)
    ids = session.scalars(select(ClipRow.id).where(named).limit(2)).all()
    if len(ids) != 1:
        return None
    apart = func.abs(ImageRow.time_ms - time_ms)
    query = select(ImageRow.id, apart).where(ImageRow.clip_id == ids[0]).order_by(apart).limit(1)
    nearest = session.execute(query).first()
    return None if nearest is None or nearest[1] > _NEAR_MS else str(nearest[0])
