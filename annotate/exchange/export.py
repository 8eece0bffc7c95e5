"""From the store to the formats that trainers and other tools read, by the same way as `synthtext convert`."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from annotate.exchange.boxes import box_of
from annotate.exchange.groups import Groups
from annotate.media import file_of
from annotate.reasons import Reason
from annotate.records import Filter, Picture, Region, Status
from annotate.store import batches, exporting, images
from annotate.workflow.context import Context
from synthtext.convert.choices import Choices
from synthtext.convert.report import Report
from synthtext.convert.run import Mixed, check_apart
from synthtext.convert.write import Source, folder_source, write_dataset
from synthtext.errors import DatasetError, UserError
from synthtext.labels.codec.base import Codec
from synthtext.labels.faults import OnFault
from synthtext.labels.picture import Picture as Labelled
from synthtext.writers.disk import replace_file

# Beside what was written: which picture each file is, and at which revision it was.
LEDGER = ".synthtext/annotate.json"
# The one place in the workspace where a dataset may be written.
EXPORTS = "exports"
ID_CHARS = 16
_UNSAFE = re.compile(r"[^\w.+-]+")
_CHUNK = 500

ReviewChoice = Literal["any", "confirmed"]


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What is exported.

    Attributes:
        statuses: pictures of one of these.
        batch: only of the batch of this name.
        tags: pictures with all of these.
        review: `confirmed` leaves out what no second person has confirmed as it is now.
        drafts: also regions that nobody has confirmed, such as those of a reader.
        choices: how they are written.
        mixed: sets to mix into training.
    """

    statuses: tuple[Status, ...] = ("confirmed", "no_text")
    batch: str | None = None
    tags: tuple[str, ...] = ()
    review: ReviewChoice = "any"
    drafts: bool = False
    choices: Choices = field(default_factory=Choices)
    mixed: tuple[Mixed, ...] = ()


def export(
    context: Context,
    request: ExportRequest,
    codecs: Sequence[Codec],
    out: Path,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Write the chosen pictures and their labels into a folder; an earlier export there stays until this one is whole.

    Raises:
        UserError: the batch is not there, `out` is taken, or a format cannot hold pages.
        DatasetError: nothing is left to write.
        RunError: the disk is full, or refuses.
    """
    which = _which(context, request)
    for mixed in request.mixed:
        check_apart(mixed.root, out)
    if not _is_export_room(context, out):
        check_apart(context.workspace.root, out)
    groups = _groups(context, which)
    left_out: Counter[str] = Counter()
    ledger: dict[str, tuple[str, int]] = {}

    def read(_: OnFault) -> Iterator[Labelled]:
        for picture, regions in _chosen(context, which, request, left_out):
            made = labelled(picture, regions, str(file_of(context.workspace, picture)), groups.name(picture.id))
            ledger[made.path] = (picture.id, picture.rev)
            yield made

    sources = [Source("pool", False, read), *(folder_source(m.root, m.codec, m.ratio) for m in request.mixed)]
    choices = replace(request.choices, group=lambda one: str(one.extra.get("group", one.path)))
    try:
        report = write_dataset(sources, codecs, out, choices, progress)
    except DatasetError as error:
        if ledger or left_out or request.mixed:
            raise
        raise DatasetError(Reason("export.nothing")) from error
    report.refused.update(left_out)
    replace_file(out / LEDGER, (json.dumps(ledger, ensure_ascii=False) + "\n").encode())
    return report


def labelled(picture: Picture, regions: Sequence[Region], file: str, group: str) -> Labelled:
    """Return a picture of the pool with its regions as label files tell of it."""
    boxes = tuple(map(box_of, regions))
    about = {"group": group[:ID_CHARS], "image": picture.id}
    size_wh = (picture.width, picture.height)
    return Labelled(name_of(picture, file), "", file, picture.name, boxes=boxes, size_wh=size_wh, extra=about)


def name_of(picture: Picture, file: str) -> str:
    """Return the name of an exported file: the picture's own, and the beginning of its id, which makes it unique."""
    stem = Path(picture.name.replace("\\", "/")).stem
    return f"{_UNSAFE.sub('_', stem)[:60]}-{picture.id[:ID_CHARS]}{Path(file).suffix.lower()}"


def _is_export_room(context: Context, out: Path) -> bool:
    room = (context.workspace.root / EXPORTS).resolve()
    return out.resolve() != room and out.resolve().is_relative_to(room)


def _which(context: Context, request: ExportRequest) -> Filter:
    if request.batch is None:
        return Filter(statuses=request.statuses, tags=request.tags)
    with context.db.reading() as session:
        found = batches.find(session, request.batch)
        names = [batch.name for batch in batches.all_of(session)]
    if found is None:
        raise UserError(Reason("export.batch", batch=request.batch, known=", ".join(names[:10]) or "none"))
    return Filter(statuses=request.statuses, tags=request.tags, batch_id=found.id)


def _groups(context: Context, which: Filter) -> Groups:
    """Return the groups of the chosen pictures, whole before the first of them is written."""
    with context.db.reading() as session:
        groups = Groups([*exporting.all_twins(session), *exporting.clips_of_twins(session)])
    for some in images.each(context.db, which, size=_CHUNK):
        for picture in some:
            groups.add(picture)
    return groups


def _chosen(
    context: Context, which: Filter, request: ExportRequest, left_out: Counter[str]
) -> Iterator[tuple[Picture, tuple[Region, ...]]]:
    for some in images.each(context.db, which, size=_CHUNK):
        ids = [picture.id for picture in some]
        with context.db.reading() as session:
            regions = exporting.regions_of(session, ids)
            verdicts = exporting.verdicts_of(session, ids)
        for picture in some:
            rev, verdict = verdicts.get(picture.id, (-1, ""))
            current = verdict if rev >= picture.rev else ""
            if current == "reject" or (request.review == "confirmed" and current != "confirm"):
                left_out["rejected in review" if current == "reject" else "not confirmed in review"] += 1
                continue
            found = regions.get(picture.id, ())
            if not request.drafts and picture.status != "confirmed":
                found = tuple(region for region in found if region.state == "confirmed")
            yield picture, found
