"""The labels of a picture: loaded whole, saved against a revision, never overwritten unseen.

Every save, whoever makes it (a person, a reader, an import), goes the way of `store.saving`: it writes only what has
changed, raises the picture's revision by one and enters the change into the journal (`store.journal`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.orm import Session

from annotate.errors import Conflict, NotFound
from annotate.reasons import Reason
from annotate.records import Doc, Reading, Region, Status
from annotate.store.region_rows import REGION_COLUMNS, region_from_columns
from annotate.store.saving import Save, save_docs
from annotate.store.schema import ImageRow, ReadingRow, RegionRow
from annotate.store.written import note

_REGIONS = RegionRow.__table__
# Made once: building a statement takes longer than SQLite needs to carry it out.
_OF_IMAGE = (
    select(*(_REGIONS.c[name] for name in REGION_COLUMNS))
    .where(_REGIONS.c.image_id == bindparam("of_image"))
    .order_by(_REGIONS.c.position)
)


def load_doc(session: Session, image_id: str, readings: bool = True) -> Doc:
    """Return all that is written on a picture, with the readings of each region unless they are not wanted.

    Raises:
        NotFound: no such picture is in the pool.
    """
    return _doc(_image(session, image_id), load_regions(session, image_id, readings))


def load_regions(session: Session, image_id: str, readings: bool = True) -> tuple[Region, ...]:
    """Return the regions of a picture in their order."""
    rows = session.execute(_OF_IMAGE, {"of_image": image_id}).all()
    read = load_readings(session, image_id) if readings and rows else {}
    return tuple(region_from_columns(row, read) for row in rows)


def load_readings(session: Session, image_id: str) -> dict[str, tuple[Reading, ...]]:
    """Return what readers read in each region of a picture, the best first."""
    table = ReadingRow.__table__
    rows = session.execute(
        select(table).where(table.c.image_id == image_id).order_by(table.c.score.desc(), table.c.reader)
    ).mappings()
    found: dict[str, list[Reading]] = {}
    for row in rows:
        scores = None if row["char_scores"] is None else tuple(row["char_scores"])
        found.setdefault(row["region_id"], []).append(Reading(row["reader"], row["text"], row["score"], scores))
    return {key: tuple(some) for key, some in found.items()}


def picture_size(session: Session, image_id: str) -> tuple[int, int]:
    """Return the width and height of a picture of the pool.

    Raises:
        NotFound: no such picture is in the pool.
    """
    image = _image(session, image_id)
    return image["width"], image["height"]


def save_doc(
    session: Session,
    image_id: str,
    base_rev: int,
    regions: Iterable[Region],
    *,
    who: str,
    action: str,
    at: datetime,
    status: Status | None = None,
    known: Doc | None = None,
) -> int:
    """Save the labels of a picture and return its new revision; the old one when nothing has changed.

    Args:
        base_rev: the revision that the regions were made from.
        regions: all of them, in their order; their readings are not looked at.
        status: the new one; None leaves it.
        known: what was loaded just before; saves loading it again when it is still what is stored.

    Raises:
        NotFound: no such picture is in the pool.
        Conflict: the stored revision is another one and what is stored differs.
    """
    save = Save(image_id, base_rev, tuple(regions), status, known)
    rev = save_docs(session, [save], who=who, action=action, at=at)[image_id]
    if isinstance(rev, Conflict):
        raise rev
    return rev


def add_readings(session: Session, image_id: str, readings: Mapping[str, Iterable[Reading]], at: datetime) -> None:
    """Keep what readers read in regions; a new reading by the same reader takes the place of the old."""
    rows = [
        {
            "image_id": image_id,
            "region_id": region_id,
            "reader": reading.reader,
            "text": reading.text,
            "score": reading.score,
            "char_scores": None if reading.char_scores is None else list(reading.char_scores),
            "at": at,
        }
        for region_id, some in readings.items()
        for reading in some
    ]
    if not rows:
        return
    session.connection().execute(
        delete(ReadingRow.__table__).where(  # type: ignore[arg-type]
            ReadingRow.image_id == bindparam("of_image"),
            ReadingRow.region_id == bindparam("of_region"),
            ReadingRow.reader == bindparam("by_reader"),
        ),
        [{"of_image": image_id, "of_region": row["region_id"], "by_reader": row["reader"]} for row in rows],
    )
    session.execute(insert(ReadingRow), rows)
    note(session, image_id)


def _image(session: Session, image_id: str) -> Mapping[str, Any]:
    columns = (ImageRow.id, ImageRow.name, ImageRow.width, ImageRow.height, ImageRow.rev, ImageRow.status)
    found = select(*columns).where(ImageRow.id == image_id, ImageRow.deleted_at.is_(None))
    row = session.execute(found).mappings().one_or_none()
    if row is None:
        raise NotFound(Reason("image.unknown", image=image_id))
    return dict(row)


def _doc(image: Mapping[str, Any], regions: tuple[Region, ...]) -> Doc:
    return Doc(
        image["id"], image["name"], image["width"], image["height"], image["rev"], image["status"], regions=regions
    )
