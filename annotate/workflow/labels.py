"""What people and readers do with the labels of one picture: open, save, look back, go back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from annotate.errors import Conflict
from annotate.reasons import Reason
from annotate.records import Doc, Edit, Region, Status
from annotate.store.database import now
from annotate.store.journal import list_edits, regions_at
from annotate.store.labels import load_doc, picture_size, save_doc
from annotate.store.region_rows import same
from annotate.workflow.context import Context
from annotate.workflow.outlines import MAX_REGIONS, mended
from synthtext.errors import UserError

# What a save is called in the journal when it changes the status.
ACTIONS: dict[Status, str] = {
    "todo": "reopen",
    "confirmed": "confirm",
    "skipped": "skip",
    "rejected": "reject",
    "no_text": "no_text",
}


@dataclass(frozen=True, slots=True)
class Saved:
    """What is stored after a save.

    Attributes:
        mended: those regions that had to be mended, as they are stored.
    """

    rev: int
    mended: tuple[Region, ...] = ()


class StaleSave(Conflict):
    """Somebody else has saved meanwhile.

    Attributes:
        doc: what is stored now.
    """

    def __init__(self, message: str, doc: Doc) -> None:
        super().__init__(message, doc.rev)
        self.doc = doc


def open_doc(context: Context, image_id: str) -> Doc:
    """Return all that is written on a picture.

    Raises:
        NotFound: no such picture is in the pool.
    """
    with context.db.reading() as session:
        return load_doc(session, image_id)


def save(
    context: Context,
    image_id: str,
    base_rev: int,
    regions: Iterable[Region],
    status: Status | None = None,
    action: str | None = None,
) -> Saved:
    """Save the labels of a picture.

    Args:
        base_rev: the revision that was opened.
        status: the new one; None leaves it.
        action: for the journal; by default `save`, or what a status says that is another one than before.

    Raises:
        NotFound: no such picture is in the pool.
        UserError: a region cannot be stored, see `outlines.mended`.
        StaleSave: somebody else has saved meanwhile; it holds what is stored.
        ServiceError: the disk is full.
    """
    wanted = list(regions)
    if len(wanted) > MAX_REGIONS:
        raise UserError(Reason("save.many", most=MAX_REGIONS, count=len(wanted)))
    if len({region.id for region in wanted}) != len(wanted):
        raise UserError(Reason("save.twice"))
    known = context.db.recent.get(image_id)
    if known is None or known.rev != base_rev:
        with context.db.reading() as session:
            known = load_doc(session, image_id, readings=False)
    before = {region.id: region for region in known.regions}
    stored, better = [], []
    for region in wanted:
        good = before.get(region.id)
        # What is stored already has been mended: in most saves all but one region.
        if good is None or not same(good, region):
            good = mended(region, known.width, known.height)
            if not same(good, region):
                better.append(good)
        stored.append(good)
    try:
        with context.db.writing() as session:
            rev = save_doc(
                session,
                image_id,
                base_rev,
                stored,
                who=context.who,
                action=action or (ACTIONS[status] if status is not None and status != known.status else "save"),
                at=now(),
                status=status,
                known=known,
            )
    except Conflict as error:
        raise StaleSave(error.args[0], open_doc(context, image_id)) from error
    context.db.recent.put(replace(known, rev=rev, regions=tuple(stored), status=status or known.status))
    return Saved(rev, tuple(better))


def history(context: Context, image_id: str) -> tuple[Edit, ...]:
    """Return who has changed what on a picture and when, oldest first."""
    with context.db.reading() as session:
        picture_size(session, image_id)
        return list_edits(session, image_id)


def at_revision(context: Context, image_id: str, rev: int) -> Doc:
    """Return a picture's labels as they were at a revision.

    Raises:
        NotFound: it never had that revision.
    """
    with context.db.reading() as session:
        doc = load_doc(session, image_id)
        regions, status = regions_at(session, image_id, rev)
    return Doc(doc.image_id, doc.name, doc.width, doc.height, rev, status, regions)


def restore(context: Context, image_id: str, base_rev: int, rev: int) -> Saved:
    """Go back to how a picture's labels were at a revision; what came after stays in the journal.

    Raises:
        NotFound: it never had that revision.
        StaleSave: somebody else has saved meanwhile.
    """
    old = at_revision(context, image_id, rev)
    return save(context, image_id, base_rev, old.regions, old.status, action="restore")
