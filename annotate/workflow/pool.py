"""What people do with the pool itself: look through it, tag, sort out, take pictures out and bring them back.

A picture that is taken out keeps its row and its labels, so that it can be brought back. Of its file: one that was
copied in goes to `trash/` of the workspace, one that lies with the user stays where it is, untouched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from annotate.errors import NotFound, ServiceError
from annotate.pool_records import PoolChange, PoolChoices, PoolClip, PoolPage, PoolPicture, PoolSource
from annotate.reasons import Reason
from annotate.records import Filter, Picture, Status
from annotate.store import clips, images, removing, sources, tallies
from annotate.workflow import labels
from annotate.workflow.context import Context
from synthtext.errors import UserError

# Pictures are counted so far and no further: counting a million takes longer than a page may.
COUNTED = 5_000
MOST_IDS = 10_000
_CLIPS = 500
_MOST_TAG = 64
_MOST_SOURCE = 200
# What a status can be set to for many pictures at once; to confirm them, somebody has to look at them.
SETTABLE: tuple[Status, ...] = ("todo", "skipped", "rejected")
_SHOWN = tuple(f.name for f in fields(PoolPicture))


@dataclass(frozen=True, slots=True)
class Changes:
    """What to change of pictures.

    Attributes:
        status: one of `SETTABLE`; None leaves it.
        source: the name of a source of its own that they go to; None leaves it.
    """

    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    status: Status | None = None
    source: str | None = None


def pool_page(
    context: Context,
    which: Filter,
    after: int | None = None,
    limit: int = 60,
    newest: bool = True,
    *,
    deleted: bool = False,
) -> PoolPage:
    """Return the next pictures that a filter lets through, the latest first; `deleted`: of what was taken out."""
    with context.db.reading() as session:
        found = images.page(session, which, after=after, limit=limit, newest=newest, deleted=deleted)
        if not deleted and which in (Filter(), Filter(source_id=which.source_id)):
            count = sum(tallies.by_status(session, which.source_id).values())
            return PoolPage(tuple(map(shown, found.pictures)), found.next, count, True)
        count = images.count(session, which, COUNTED, deleted=deleted)
    return PoolPage(tuple(map(shown, found.pictures)), found.next, count, count < COUNTED)


def pool_ids(context: Context, which: Filter, *, deleted: bool = False) -> list[str]:
    """Return the ids of the latest pictures of `pool_page`, at most `MOST_IDS`."""
    with context.db.reading() as session:
        found = images.page(session, which, limit=MOST_IDS, newest=True, deleted=deleted)
    return [one.id for one in found.pictures]


def full_ids(context: Context, beginnings: Sequence[str], *, deleted: bool = False) -> list[str]:
    """Return the ids that begin so, of pictures in the pool or of those that were taken out.

    Raises:
        UserError: none begins so, or several do.
    """
    found = []
    with context.db.reading() as session:
        for beginning in beginnings:
            ids = images.by_prefix(session, beginning, deleted=deleted)
            if len(ids) != 1:
                what = "taken out" if deleted else "in the pool"
                raise UserError(f"{beginning!r}: {'several pictures begin' if ids else f'no picture {what} begins'} so")
            found += ids
    return found


def choices(context: Context) -> PoolChoices:
    """Return what the pool can be filtered by."""
    with context.db.reading() as session:
        counts = tallies.by_source(session)
        named = tuple(
            PoolSource(one.id, one.kind, source_name(one.kind, one.path), counts.get(one.id, 0))
            for one in sources.all_of(session)
        )
        videos = tuple(
            PoolClip(one.id, one.name, one.duration_ms, one.kept_count) for one in clips.page(session, limit=_CLIPS)
        )
        return PoolChoices(named, videos, tuple(images.tags(session)), tallies.by_status(session))


def change(context: Context, ids: Sequence[str], changes: Changes) -> PoolChange:
    """Change tags, status or source of pictures; each change of a status is journalled.

    Raises:
        UserError: nothing is to be changed, or a tag, the status or the name of a source cannot be one.
    """
    _check(ids, changes)
    with context.db.reading() as session:
        before = images.get_many(session, dict.fromkeys(ids))
    changed = {one.id for one in before.values() if _retagged(one, changes)}
    refused: list[str] = []
    if changes.status is not None:
        for picture in before.values():
            why = _set_status(context, picture, changes.status)
            if why:
                refused.append(f"{picture.name}: {why}")
            elif picture.status != changes.status:
                changed.add(picture.id)
    with context.db.writing() as session:
        images.tag_pictures(session, list(before), add=changes.add_tags, remove=changes.remove_tags)
        if changes.source is not None:
            name = changes.source.strip()
            source = sources.put(session, "named", name)
            changed |= {one.id for one in before.values() if one.source_id != source}
            removing.move_source(session, list(before), source)
    return PoolChange(len(changed), tuple(refused))


def take_out(context: Context, ids: Sequence[str]) -> PoolChange:
    """Take pictures out of the pool; their labels are kept, and files of the user stay where they are.

    Raises:
        ServiceError: a copied file cannot be moved to `trash/`; the pictures are out of the pool all the same.
    """
    _check_count(ids)
    with context.db.writing() as session:
        gone = removing.take_out(session, ids)
    # The rows first: whatever happens now, `bring_back` finds a file in either place.
    for picture in _pictures(context, gone):
        if picture.copied:
            _move(context.workspace.inside(picture.path), context.workspace.trash / picture.path)
    return PoolChange(len(gone))


def bring_back(context: Context, ids: Sequence[str]) -> PoolChange:
    """Bring pictures back into the pool; one whose copied file has gone from `trash/` cannot be."""
    _check_count(ids)
    back, refused = [], []
    for picture in _pictures(context, ids):
        if picture.copied and not context.workspace.inside(picture.path).is_file():
            binned = context.workspace.trash / picture.path
            if not binned.is_file():
                refused.append(f"{picture.name}: its file is no longer in trash/; add it again")
                continue
            _move(binned, context.workspace.inside(picture.path))
        back.append(picture.id)
    with context.db.writing() as session:
        return PoolChange(len(removing.bring_back(session, back)), tuple(refused))


def shown(picture: Picture) -> PoolPicture:
    """Return a picture as people see it."""
    return PoolPicture(**{name: getattr(picture, name) for name in _SHOWN})


def source_name(kind: str, path: str) -> str:
    """Return what people call a source: the last part of a path, the whole of a name."""
    if kind == "upload":
        return path.removeprefix("upload:")
    return path if kind == "named" else Path(path).name or path


def _check(ids: Sequence[str], changes: Changes) -> None:
    _check_count(ids)
    if changes == Changes():
        raise UserError(Reason("pool.nothing"))
    for tag in (*changes.add_tags, *changes.remove_tags):
        if not tag.strip() or len(tag) > _MOST_TAG:
            raise UserError(Reason("pool.tag", most=_MOST_TAG, count=len(tag)))
    if changes.status is not None and changes.status not in SETTABLE:
        raise UserError(Reason("pool.status", known=", ".join(SETTABLE), status=changes.status))
    if changes.source is not None and not 0 < len(changes.source.strip()) <= _MOST_SOURCE:
        raise UserError(Reason("pool.source", most=_MOST_SOURCE, count=len(changes.source.strip())))


def _check_count(ids: Sequence[str]) -> None:
    if not 0 < len(ids) <= MOST_IDS:
        raise UserError(Reason("pool.count", most=MOST_IDS, count=len(ids)))


def _retagged(picture: Picture, changes: Changes) -> bool:
    has = set(picture.tags)
    return bool(set(changes.add_tags) - has or set(changes.remove_tags) & has)


def _set_status(context: Context, picture: Picture, status: Status) -> str:
    """Set a status through the journal, and return why that was refused, if it was."""
    try:
        doc = labels.open_doc(context, picture.id)
        if doc.status != status:
            labels.save(context, picture.id, doc.rev, doc.regions, status)
    except (NotFound, labels.StaleSave) as error:
        return str(error)
    return ""


def _pictures(context: Context, ids: Sequence[str]) -> list[Picture]:
    with context.db.reading() as session:
        return list(images.get_many(session, dict.fromkeys(ids)).values())


def _move(source: Path, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        source.rename(target)
    except FileNotFoundError:
        return  # it had gone before, which is told when somebody opens it
    except OSError as error:
        raise ServiceError(
            Reason("file.unmoved", path=str(source), target=str(target), why=str(error.strerror))
        ) from error
