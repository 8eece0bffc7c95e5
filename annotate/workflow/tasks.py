"""Who gets which picture next, who has it now, and how long people were active on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from annotate.errors import NotFound
from annotate.reasons import Reason
from annotate.records import Batch, Doc, Lease, Pick, QueueItem
from annotate.store.batches import add, all_of, create, find, get
from annotate.store.database import now
from annotate.store.images import known
from annotate.store.labels import load_doc, picture_size
from annotate.store.leases import drop_lease, lease_of, take_lease
from annotate.store.queueing import count_items, next_items
from annotate.store.reads import readers_of
from annotate.store.work import add_work
from annotate.workflow.context import Context
from annotate.workflow.media import is_gone
from synthtext.errors import UserError

# Longer than a hard picture takes, shorter than a lunch; every save and every minute of work renews it.
LEASE_LASTS = timedelta(minutes=10)
MAX_VISIT_MS = 12 * 3_600_000
MAX_KINDS = 100


@dataclass(frozen=True, slots=True)
class Opened:
    """A picture that a person has opened.

    Attributes:
        lease: the one that holds; somebody else's when they are at work on it.
        unread: nothing is written on it and no reader has been through it: time to ask one.
        gone: its file is no longer there; its labels are kept.
    """

    doc: Doc
    lease: Lease
    unread: bool
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Queue:
    """The pictures that come next, and how many there are."""

    items: tuple[QueueItem, ...]
    total: int
    waiting: int


def open_picture(context: Context, image_id: str, force: bool = False) -> Opened:
    """Open a picture and keep the others off it for a while, unless somebody has it already.

    Args:
        force: take it away from whoever has it.

    Raises:
        NotFound: no such picture is in the pool.
    """
    with context.db.writing() as session:
        picture_size(session, image_id)
        lease = take_lease(session, image_id, context.who, now(), LEASE_LASTS, force)
    with context.db.reading() as session:  # nobody waits for the lock while this is read
        doc = load_doc(session, image_id)
        blank = doc.status == "todo" and not doc.regions
        unread = blank and not readers_of(session, [image_id])[image_id]
    gone = is_gone(context, image_id)
    return Opened(doc, lease, unread and not gone, gone)


def hold(context: Context, image_id: str) -> Lease:
    """Take or renew the lease of a picture, and return the one that holds.

    Raises:
        NotFound: no such picture is in the pool.
    """
    with context.db.writing() as session:
        picture_size(session, image_id)
        return take_lease(session, image_id, context.who, now(), LEASE_LASTS)


def leave(context: Context, image_id: str) -> None:
    """Give a picture back."""
    with context.db.writing() as session:
        drop_lease(session, image_id, context.who)


def holder(context: Context, image_id: str) -> Lease | None:
    """Return who is at work on a picture."""
    with context.db.reading() as session:
        return lease_of(session, image_id, now())


def upcoming(
    context: Context,
    *,
    batch_id: int | None = None,
    image_id: str | None = None,
    step: int = 1,
    todo: bool = False,
    limit: int = 1,
    counted: bool = True,
) -> Queue:
    """Return the pictures after (or before) one; those that others have now are marked.

    Args:
        counted: also say how many there are in all, which takes longer in a large pool.

    Raises:
        NotFound: the picture is not there.
    """
    with context.db.reading() as session:
        items = next_items(
            session,
            user=context.who,
            at=now(),
            batch_id=batch_id,
            image_id=image_id,
            step=step,
            todo=todo,
            limit=limit,
        )
        total, waiting = count_items(session, batch_id) if counted else (0, 0)
    return Queue(items, total, waiting)


def log_work(context: Context, image_id: str, active_ms: int, actions: Mapping[str, int]) -> None:
    """Keep how long the person was active on a picture and how often they did what; renews the lease.

    Raises:
        NotFound: no such picture is in the pool.
        UserError: the time or the counts make no sense.
    """
    if not 0 <= active_ms <= MAX_VISIT_MS:
        raise UserError(Reason("work.time", ms=active_ms))
    if len(actions) > MAX_KINDS or any(count < 0 or len(name) > 64 for name, count in actions.items()):
        raise UserError(Reason("work.counts"))
    with context.db.writing() as session:
        picture_size(session, image_id)
        add_work(session, image_id, context.who, active_ms, actions, now())


def batches(context: Context) -> list[Batch]:
    """Return all batches with their counts, the latest first."""
    with context.db.reading() as session:
        return all_of(session)


def fill_batch(context: Context, name: str, image_ids: Sequence[str], note: str = "") -> tuple[Batch, int]:
    """Put pictures into a batch, a new one unless there is one of this name; return it and how many were new to it.

    Raises:
        UserError: the name is empty.
        NotFound: one of the pictures is not in the pool; nothing has been done then.
    """
    name = name.strip()
    if not name:
        raise UserError(Reason("batch.name"))
    wanted = list(dict.fromkeys(image_ids))
    with context.db.writing() as session:
        missing = set(wanted) - known(session, wanted)
        if missing:
            raise NotFound(Reason("image.missing", image=min(missing)))
        found = find(session, name)
        batch_id = found.id if found else create(session, name, context.who, note)
        added = add(session, batch_id, [Pick(image_id, None, {"by": note} if note else {}) for image_id in wanted])
        return get(session, batch_id), added
