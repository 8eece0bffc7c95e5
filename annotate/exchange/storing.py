"""Writing what an import found, many pictures at once: pictures, tags, labels, batch, together or not at all."""

from __future__ import annotations

from dataclasses import dataclass, replace

from annotate.errors import Conflict
from annotate.exchange.boxes import merged, nearest, region_of
from annotate.exchange.import_records import ImportReport, ImportRequest
from annotate.records import Pick, Picture, Region, Status
from annotate.store import batches, exporting, images
from annotate.store.database import Session, now
from annotate.store.saving import Save, save_docs
from annotate.workflow.context import Context
from synthtext.labels.codec.base import Codec
from synthtext.labels.codec.ppocrlabel import CONFIRMED
from synthtext.labels.picture import Picture as Labelled

_MANY = 100


@dataclass(frozen=True, slots=True)
class Taken:
    """A picture of a dataset that is to be written.

    Attributes:
        page: mended, without its image.
        known: id of the picture of the pool that it is; empty when it is `new`.
        base_rev: the revision that it was exported at; None when nothing tells.
        new: the picture that somebody looked at, which may be in the pool all the same.
    """

    page: Labelled
    known: str
    base_rev: int | None
    new: Picture | None = None

    @property
    def image_id(self) -> str:
        """Id of its picture in the pool."""
        return self.known if self.new is None else self.new.id


class Storing:
    """Collects pictures and writes them.

    Args:
        batch: number of the batch that all go to.
    """

    def __init__(
        self,
        context: Context,
        codec: Codec,
        request: ImportRequest,
        report: ImportReport,
        source_id: int,
        batch: int | None,
    ) -> None:
        self._context = context
        self._request = request
        self._report = report
        self._source_id = source_id
        self._batch = batch
        self._origin = f"import:{codec.name}"
        # PPOCRLabel drops the key when it saves.
        self._tells_category = codec.keeps.categories == "any" and codec.name != "ppocrlabel"
        self._held: dict[str, Taken] = {}

    def add(self, taken: Taken) -> bool:
        """Take a picture, and return whether those before it were written."""
        # The second one of the same picture has to see what the first one left.
        full = len(self._held) >= _MANY or taken.image_id in self._held
        if full:
            self.write()
        self._held[taken.image_id] = taken
        return full

    def write(self) -> None:
        """Write what has been collected."""
        held, self._held = self._held, {}
        if not held:
            return
        counts = self._report.counts
        with self._context.db.writing() as session:
            new = [replace(one.new, source_id=self._source_id) for one in held.values() if one.new is not None]
            added = images.add(session, new)
            counts["added"] += len(added)
            counts["known"] += len(held) - len(added)
            pictures = self._pictures(session, held)
            if self._request.tags:
                images.tag_pictures(session, list(pictures), add=self._request.tags)
            self._label(session, pictures, held)
            if self._batch is not None:
                batches.add(session, self._batch, [Pick(image_id) for image_id in pictures])

    def _pictures(self, session: Session, held: dict[str, Taken]) -> dict[str, Picture]:
        """Return the pictures that can be labelled."""
        pictures = images.get_many(session, held)
        live = images.in_pool(session, held)
        for image_id, taken in held.items():
            picture, where = pictures[image_id], taken.page.where
            if image_id not in live:
                what = f"{picture.name} was taken out of the pool; bring it back first (annotate pool restore)"
                self._report.fault(f"{where}: {what}")
            elif taken.page.size_wh != (picture.width, picture.height):
                self._report.fault(f"{where}: the label is of an image of another size than {picture.name}")
                live.discard(image_id)
        return {image_id: picture for image_id, picture in pictures.items() if image_id in live}

    def _label(self, session: Session, pictures: dict[str, Picture], held: dict[str, Taken]) -> None:
        counts = self._report.counts
        stored = exporting.regions_of(session, pictures)
        saves = []
        for image_id, picture in pictures.items():
            save = self._save(picture, stored.get(image_id, ()), held[image_id])
            if save is not None:
                saves.append(save)
        results = save_docs(session, saves, who=self._context.who, action="import", at=now())
        for save in saves:
            result = results[save.image_id]
            if isinstance(result, Conflict):
                counts["conflicts"] += 1
                self._report.fault(f"{pictures[save.image_id].name}: {result}")
                continue
            counts["labelled" if result != save.base_rev else "unchanged"] += 1
            counts["regions"] += len(save.regions)

    def _save(self, picture: Picture, old: tuple[Region, ...], taken: Taken) -> Save | None:
        """Return the labels that a picture is to have; None when those that it has stay."""
        counts = self._report.counts
        sure = self._request.confirmed and taken.page.extra.get(CONFIRMED) is not False
        new = [region_of(box, self._origin) for box in taken.page.boxes]
        if not sure:
            new = [replace(region, state="todo") for region in new]
        placeholders = sum(region.ignore_reason == "placeholder" for region in new)
        counts["placeholders"] += placeholders
        status: Status | None = None
        if sure and not placeholders:
            status = "confirmed" if new else "no_text"
        base = taken.base_rev
        if old and self._keeps(picture.rev, base):
            counts["kept" if base is None else "conflicts"] += 1
            if base is not None:
                what = f"changed here since it was exported (revision {picture.rev}, exported {base})"
                self._report.fault(f"{picture.name}: {what}; --existing replace takes the file's labels")
            return None
        return Save(picture.id, picture.rev, tuple(_matched(new, list(old), self._tells_category)), status)

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
