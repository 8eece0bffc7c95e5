"""From label files into the store: pictures into the pool, boxes into regions, with their origin kept."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from annotate.errors import Conflict
from annotate.exchange.boxes import merged, nearest, region_of
from annotate.exchange.export import ID_CHARS, LEDGER
from annotate.ingest.items import Item, Loaded
from annotate.ingest.look import Look, Looked
from annotate.records import Fault, Pick, Picture, Region, Status
from annotate.store import batches, images, labels, sources
from annotate.store.database import now
from annotate.workflow.context import Context
from synthtext.convert.mend import mended_page, mended_text
from synthtext.labels.codec.base import Codec
from synthtext.labels.codec.ppocrlabel import CONFIRMED
from synthtext.labels.faults import Fault as LabelFault
from synthtext.labels.levels import TextBox
from synthtext.labels.picture import Picture as Labelled
from synthtext.labels.upright import look_at_picture

Existing = Literal["merge", "replace", "skip"]
_SHOWN = 100
_EXPORTED = re.compile(rf"-([0-9a-f]{{{ID_CHARS}}})$")
_EVERY = 100


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """How labels are taken in.

    Attributes:
        existing: what is done with pictures that have regions already: `merge` takes what comes back from an export
            that nobody has changed here meanwhile, `replace` takes everything, `skip` nothing.
        confirmed: labels count as looked at by a person; those of a file that says otherwise never do.
        copy: image files are copied into the workspace; else they stay.
        tags: that all pictures get.
        batch: a new batch of this name gets all pictures.
    """

    existing: Existing = "merge"
    confirmed: bool = True
    copy: bool = False
    tags: tuple[str, ...] = ()
    batch: str | None = None


@dataclass(slots=True)
class ImportReport:
    """What came of an import.

    Attributes:
        counts: pictures: `read`, `added` to the pool, `known`, `labelled`, `unchanged`, `kept` (they had regions),
            `conflicts`; and `regions`, `placeholders`.
        mended: what was done to boxes and texts.
        faults: the first of what could not be read or taken; `faults_total` counts all.
    """

    counts: Counter[str] = field(default_factory=Counter)
    mended: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    faults_total: int = 0

    def fault(self, fault: LabelFault | Fault | str) -> None:
        """Keep what is wrong."""
        self.faults_total += 1
        if len(self.faults) < _SHOWN:
            self.faults.append(f"{fault.where}: {fault.reason}" if isinstance(fault, Fault) else str(fault))


def take_in(
    context: Context,
    root: Path,
    codec: Codec,
    request: ImportRequest,
    progress: Callable[[int], None] | None = None,
) -> ImportReport:
    """Read a dataset and put its pictures and labels into the workspace.

    Doing it twice changes nothing the second time.

    Raises:
        UserError: there is a batch of that name.
        ServiceError: the database or the disk cannot be written.
    """
    report = ImportReport()
    batch = None
    if request.batch is not None:
        with context.db.writing() as session:
            batch = batches.create(session, request.batch, context.who, f"import of {root.name} ({codec.name})")
    taking = _Taking(context, root, codec, request, report, _ledger(root))
    for number, found in enumerate(codec.read(root, report.fault), 1):
        picture = taking.take(found)
        if picture is not None and batch is not None:
            with context.db.writing() as session:
                batches.add(session, batch, [Pick(picture.id)])
        if progress is not None and number % _EVERY == 0:
            progress(number)
    return report


class _Taking:
    def __init__(
        self,
        context: Context,
        root: Path,
        codec: Codec,
        request: ImportRequest,
        report: ImportReport,
        ledger: dict[str, tuple[str, int]],
    ) -> None:
        self._context = context
        self._codec = codec
        self._request = request
        self._report = report
        self._ledger = ledger
        self._origin = f"import:{codec.name}"
        # PPOCRLabel drops the key when it saves.
        self._tells_category = codec.keeps.categories == "any" and codec.name != "ppocrlabel"
        self._look = Look(context.workspace, request.copy)
        self._source = ("folder", str(root.resolve()))
        with context.db.writing() as session:
            self._source_id = sources.put(session, *self._source)

    def take(self, found: Labelled) -> Picture | None:
        """Put one picture and its labels into the workspace."""
        counts = self._report.counts
        counts["read"] += 1
        page = self._mended(found)
        if page is None:
            return None
        picture = self._known(found) or self._added(found)
        if picture is None:
            return None
        if page.size_wh != (picture.width, picture.height):
            self._report.fault(f"{found.where}: the label is of an image of another size than {picture.name}")
            return None
        if self._request.tags:
            with self._context.db.writing() as session:
                images.tag_pictures(session, [picture.id], add=self._request.tags)
        self._label(picture, page, found)
        return picture

    def _mended(self, found: Labelled) -> Labelled | None:
        look = look_at_picture(found)
        if look is None:
            self._report.fault(f"{found.where}: the image is missing, or no image; restore it")
            return None
        if look.turned and found.size_wh == look.stored_wh != look.size_wh:
            self._report.fault(f"{found.where}: the label is of the pixels before EXIF turns them; label it upright")
            return None
        if found.size_wh not in (None, look.size_wh, look.stored_wh):
            self._report.fault(f"{found.where}: the label is of an image of another size; label it again")
            return None
        return mended_page(_as_page(found, look.size_wh), look.size_wh, self._codec.drawn, self._report.mended)

    def _known(self, found: Labelled) -> Picture | None:
        """Return the picture that a file was exported from, by the ledger beside it or by its name."""
        name = found.path.rpartition("/")[2]
        told = found.extra.get("image")
        image_id = self._ledger.get(found.path, self._ledger.get(name, (told if isinstance(told, str) else "", 0)))[0]
        with self._context.db.reading() as session:
            mark = _EXPORTED.search(Path(name).stem)
            if not image_id and mark is not None:
                alike = images.by_prefix(session, mark[1])
                image_id = alike[0] if len(alike) == 1 else ""
            picture = images.get_many(session, [image_id]).get(image_id) if image_id else None
        if picture is not None:
            self._report.counts["known"] += 1
        return picture

    def _added(self, found: Labelled) -> Picture | None:
        if isinstance(found.image, bytes):
            looked = self._look(Loaded(found.where, found.path, self._source, found.image))
        else:
            path = Path(found.image).resolve()
            looked = self._look(Item(str(path), found.path, self._source))
        if not isinstance(looked, Looked):
            self._report.fault(looked if isinstance(looked, Fault) else f"{found.where}: not a picture")
            return None
        with self._context.db.writing() as session:
            new = images.add(session, [replace(looked.picture, source_id=self._source_id)])
            self._report.counts["added" if new else "known"] += 1
            return images.get(session, looked.picture.id)

    def _label(self, picture: Picture, page: Labelled, found: Labelled) -> None:
        counts = self._report.counts
        sure = self._request.confirmed and found.extra.get(CONFIRMED) is not False
        new = [region_of(box, self._origin) for box in page.boxes]
        if not sure:
            new = [replace(region, state="todo") for region in new]
        placeholders = sum(region.ignore_reason == "placeholder" for region in new)
        counts["placeholders"] += placeholders
        status: Status | None = None
        if sure and not placeholders:
            status = "confirmed" if new else "no_text"
        with self._context.db.writing() as session:
            doc = labels.load_doc(session, picture.id)
            base = self._base_rev(found)
            if doc.regions and self._keeps(doc.rev, base):
                counts["kept" if base is None else "conflicts"] += 1
                if base is not None:
                    what = f"changed here since it was exported (revision {doc.rev}, exported {base})"
                    self._report.fault(f"{picture.name}: {what}; --existing replace takes the file's labels")
                return
            regions = _matched(new, list(doc.regions), self._tells_category)
            try:
                rev = labels.save_doc(
                    session,
                    picture.id,
                    doc.rev,
                    regions,
                    who=self._context.who,
                    action="import",
                    at=now(),
                    status=status,
                )
            except Conflict as error:
                counts["conflicts"] += 1
                self._report.fault(f"{picture.name}: {error}")
                return
        counts["labelled" if rev != doc.rev else "unchanged"] += 1
        counts["regions"] += len(regions)

    def _base_rev(self, found: Labelled) -> int | None:
        known = self._ledger.get(found.path, self._ledger.get(found.path.rpartition("/")[2]))
        return None if known is None else known[1]

    def _keeps(self, rev: int, base: int | None) -> bool:
        """Return whether the regions that are there stay as they are."""
        if self._request.existing == "replace":
            return False
        return self._request.existing == "skip" or base is None or base != rev


def _matched(new: list[Region], old: list[Region], tells_category: bool) -> list[Region]:
    """Return what came back, with ids and all else that the file could not carry, of regions that are still there."""
    left = list(old)
    regions = []
    for region in new:
        before = nearest(region, left)
        if before is not None:
            left.remove(before)
        regions.append(merged(region, before, tells_category))
    return regions


def _as_page(found: Labelled, size_wh: tuple[int, int]) -> Labelled:
    """Return a picture as a page: a crop is one of a single text that fills it."""
    if found.text is None:
        return found
    width, height = size_wh
    outline = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    return replace(found, text=None, boxes=(TextBox(outline, mended_text(found.text), direction="ltr"),))


def _ledger(root: Path) -> dict[str, tuple[str, int]]:
    """Return which picture each file of an export is; empty for any other folder."""
    for place in (root, root.parent):
        try:
            stored: Any = json.loads((place / LEDGER).read_bytes())
            return {str(name): (str(image_id), int(rev)) for name, (image_id, rev) in stored.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            continue
    return {}
