"""The journal of a picture's labels: who changed what and when, and how they were at any revision."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from annotate.errors import NotFound
from annotate.reasons import Reason
from annotate.records import Edit, Region, Status
from annotate.store.region_rows import region_from_json
from annotate.store.schema import EditRow


def list_edits(session: Session, image_id: str) -> tuple[Edit, ...]:
    """Return the journal of a picture, oldest first."""
    rows = session.scalars(select(EditRow).where(EditRow.image_id == image_id).order_by(EditRow.rev))
    return tuple(_edit(row) for row in rows)


def regions_at(session: Session, image_id: str, rev: int) -> tuple[tuple[Region, ...], Status]:
    """Return the regions and the status that a picture had at a revision, by going through its journal.

    Raises:
        NotFound: the picture never had that revision.
    """
    regions: dict[str, Region] = {}
    status: Status = "todo"
    reached = 0
    for edit in list_edits(session, image_id):
        if edit.rev > rev:
            break
        reached = edit.rev
        regions = replay(regions, edit)
        status = edit.status or status
    if reached != rev:
        raise NotFound(Reason("image.revision", image=image_id, rev=rev))
    return tuple(regions.values()), status


def replay(regions: dict[str, Region], edit: Edit) -> dict[str, Region]:
    """Return regions by id, in their order, after an edit."""
    after = {key: region for key, region in regions.items() if key not in edit.removed}
    after.update({region.id: region for region in edit.put})
    return after if edit.order is None else {key: after[key] for key in edit.order}


def _edit(row: EditRow) -> Edit:
    order = row.change.get("order")
    return Edit(
        image_id=row.image_id,
        rev=row.rev,
        at=row.at,
        who=row.who,
        action=row.action,
        put=tuple(region_from_json(region) for region in row.change.get("put", [])),
        removed=tuple(row.change.get("removed", [])),
        order=None if order is None else tuple(order),
        status=row.change.get("status"),
    )
