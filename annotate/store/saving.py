"""Saving the labels of pictures, of one or of many at once: what has changed, the journal, the texts for searching."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from annotate.errors import Conflict, NotFound
from annotate.reasons import Reason
from annotate.records import Doc, Region, Status
from annotate.store.exporting import regions_of
from annotate.store.region_rows import region_to_json, same
from annotate.store.schema import EditRow, ImageRow, RegionRow
from annotate.store.written import note_lines

_MANY = 500
_IMAGES, _REGIONS, _EDITS = ImageRow.__table__, RegionRow.__table__, EditRow.__table__
_ONE = (_REGIONS.c.image_id == bindparam("of_image"), _REGIONS.c.id == bindparam("of_region"))
_FACTS = tuple(column.name for column in _REGIONS.columns if column.name not in ("image_id", "id", "position"))
# Made once: building a statement takes longer than SQLite needs to carry it out.
_LOCKED = (
    select(_IMAGES.c.id, _IMAGES.c.name, _IMAGES.c.rev, _IMAGES.c.status, _IMAGES.c.number)
    .where(_IMAGES.c.id.in_(bindparam("ids", expanding=True)), _IMAGES.c.deleted_at.is_(None))
    .order_by(_IMAGES.c.id)  # two that save the same pictures wait for each other, in place of blocking each other
    .with_for_update()
)
_CHANGE = update(_REGIONS).where(*_ONE).values({name: bindparam(name) for name in _FACTS})  # type: ignore[arg-type]
_MOVE = update(_REGIONS).where(*_ONE).values(position=bindparam("to"))  # type: ignore[arg-type]
_PUT, _JOURNAL = insert(_REGIONS), insert(_EDITS)  # type: ignore[arg-type]
_LAST = (
    select(_REGIONS.c.image_id, func.max(_REGIONS.c.position))
    .where(_REGIONS.c.image_id.in_(bindparam("ids", expanding=True)))
    .group_by(_REGIONS.c.image_id)
)
_COUNTED: dict[str, Any] = {
    "rev": bindparam("to_rev"),
    "box_count": bindparam("boxes"),
    "min_score": bindparam("least"),
}
_RAISE = update(_IMAGES).where(_IMAGES.c.id == bindparam("of_image")).values(_COUNTED)  # type: ignore[arg-type]
_TURN = _RAISE.values(status=bindparam("to_status"))  # counting by status hangs on this column


@dataclass(frozen=True, slots=True)
class Save:
    """What the labels of a picture are to become.

    Attributes:
        base_rev: the revision that the regions were made from.
        regions: all of them, in their order; their readings are not looked at.
        status: the new one; None leaves it.
        known: what was loaded just before; saves loading it again when it is still what is stored.
    """

    image_id: str
    base_rev: int
    regions: tuple[Region, ...]
    status: Status | None = None
    known: Doc | None = None


@dataclass(frozen=True, slots=True)
class _Change:
    """What is to be written of one picture; `status` only when it is another one."""

    image_id: str
    number: int
    rev: int
    old: Mapping[str, Region]
    new: Mapping[str, Region]
    put: dict[str, dict[str, Any]]
    removed: list[str]
    moved: bool
    status: Status | None

    def writes_anew(self) -> bool:
        """Whether other texts, or the same in another order, are on the picture afterwards."""
        texts = [region.text for region in self.new.values()]
        return texts != [region.text for region in self.old.values()]

    def for_journal(self) -> dict[str, Any]:
        change: dict[str, Any] = {"put": list(self.put.values()), "removed": self.removed}
        if self.moved:
            change["order"] = list(self.new)
        if self.status is not None:
            change["status"] = self.status
        return change


def save_docs(
    session: Session, saves: Sequence[Save], *, who: str, action: str, at: datetime
) -> dict[str, int | Conflict]:
    """Save the labels of pictures, each of them once.

    Returns:
        by picture its new revision, the old one when nothing has changed; or why nothing of it was saved: the stored
        revision is another one and what is stored differs.

    Raises:
        NotFound: one of the pictures is not in the pool.
    """
    connection = session.connection()  # what is sent through the session itself takes a tenth longer
    rows = [
        row for some in _chunks([save.image_id for save in saves]) for row in connection.execute(_LOCKED, {"ids": some})
    ]
    images = {row.id: row for row in rows}
    missing = next((save.image_id for save in saves if save.image_id not in images), None)
    if missing is not None:
        raise NotFound(Reason("image.unknown", image=missing))
    fresh = [s.image_id for s in saves if s.known is None or s.known.rev != images[s.image_id].rev]
    stored = regions_of(session, fresh) if fresh else {}
    results: dict[str, int | Conflict] = {}
    changes = []
    for save in saves:
        name, rev, status, number = images[save.image_id][1:]
        known = save.known.regions if save.known is not None and save.known.rev == rev else None
        change = _change(save, number, stored.get(save.image_id, ()) if known is None else known, status)
        if change is None:  # what is asked for is what is there: also when an answer got lost and is asked again
            results[save.image_id] = rev
        elif save.base_rev != rev:
            why = Reason("save.conflict", name=name, rev=rev, base=save.base_rev)
            results[save.image_id] = Conflict(why, rev)
        else:
            results[save.image_id] = change.rev
            changes.append(change)
    _write_regions(session, changes)
    anew = {one.image_id: (one.number, [r.text for r in one.new.values()]) for one in changes if one.writes_anew()}
    note_lines(session, anew)
    _raise_revisions(session, changes, who, action, at)
    return results


def _change(save: Save, number: int, stored: Iterable[Region], status: Status) -> _Change | None:
    """Return what is to be written; None when nothing is."""
    old = {region.id: region for region in stored}
    new = {region.id: region for region in save.regions}
    put = [key for key, region in new.items() if key not in old or not same(old[key], region)]
    removed = [key for key in old if key not in new]
    moved = list(new) != [key for key in old if key in new] + [key for key in new if key not in old]
    turned = save.status if save.status != status else None
    if not (put or removed or moved or turned is not None):
        return None
    written = {key: region_to_json(new[key]) for key in put}
    return _Change(save.image_id, number, save.base_rev + 1, old, new, written, removed, moved, turned)


def _write_regions(session: Session, changes: Sequence[_Change]) -> None:
    for one in changes:
        for gone in _chunks(one.removed):
            session.execute(delete(RegionRow).where(RegionRow.image_id == one.image_id, RegionRow.id.in_(gone)))
    last: dict[str, int] = {}
    connection = session.connection()
    for some in _chunks([one.image_id for one in changes if one.old and not one.put.keys() <= one.old.keys()]):
        last |= {row[0]: row[1] for row in connection.execute(_LAST, {"ids": some})}
    fresh, changed, moved = [], [], []
    for one in changes:
        # Positions may have gaps, so that taking a region away or adding one at the end touches no other row.
        position = last.get(one.image_id, -1)
        for key, value in one.put.items():
            if key in one.old:
                facts = {name: value[name] for name in _FACTS}
                changed.append({**facts, "of_image": one.image_id, "of_region": key})
            else:
                position += 1
                fresh.append({**value, "image_id": one.image_id, "position": position})
        if one.moved:
            places = enumerate(one.new)
            moved += [{"to": place, "of_image": one.image_id, "of_region": key} for place, key in places]
    for statement, rows in ((_PUT, fresh), (_CHANGE, changed), (_MOVE, moved)):
        if rows:
            connection.execute(statement, rows)


def _raise_revisions(session: Session, changes: Sequence[_Change], who: str, action: str, at: datetime) -> None:
    if not changes:
        return
    about = {"at": at, "who": who, "action": action}
    edits = [{"image_id": one.image_id, "rev": one.rev, "change": one.for_journal(), **about} for one in changes]
    raised, turned = [], []
    for one in changes:
        scores = [region.score for region in one.new.values() if region.score is not None]
        row = {"of_image": one.image_id, "to_rev": one.rev, "boxes": len(one.new), "least": min(scores, default=None)}
        if one.status is None:
            raised.append(row)
        else:
            turned.append({**row, "to_status": one.status})
    connection = session.connection()
    for statement, rows in ((_JOURNAL, edits), (_RAISE, raised), (_TURN, turned)):
        if rows:
            connection.execute(statement, rows)


def _chunks(values: list[str]) -> Iterable[list[str]]:
    return (values[start : start + _MANY] for start in range(0, len(values), _MANY))
