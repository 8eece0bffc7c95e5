"""Adding files to the pool; each ends as added, known, missing or broken, and none stops the run."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from annotate.ingest.discover import discover
from annotate.ingest.items import Item, Loaded
from annotate.ingest.listing import Known, opened
from annotate.ingest.look import Done, Look, Looked, look_at
from annotate.ingest.pdf import DPI
from annotate.records import Fault, Picture
from annotate.store import addings, files, images, sources, tallies
from annotate.workflow.context import Context

_BATCH = 256
_BATCH_SECONDS = 2.0
# Of what went wrong, this many are handed back; the store has all.
_SHOWN = 1000


@dataclass(frozen=True, slots=True)
class AddOptions:
    """How to add.

    Attributes:
        copy: copy the files into the workspace; else they stay where they are.
        tags: that all new pictures get.
        dpi: of pages of documents.
        workers: processes; None for one a core.
    """

    recursive: bool = True
    copy: bool = False
    tags: tuple[str, ...] = ()
    dpi: int = DPI
    workers: int | None = None


@dataclass(slots=True)
class AddSummary:
    """How a run of `add` went.

    Attributes:
        counts: files by outcome (`added`, `known`, `missing`, `broken`), and `same` of the known ones: files new to us
            whose bytes are in the pool already.
        faults: what went wrong, the first thousand.
        pictures: how many pictures the pool has now.
    """

    adding_id: int
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    pictures: int = 0


def add(
    context: Context,
    paths: Sequence[str],
    options: AddOptions | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> AddSummary:
    """Add files, folders, patterns, archives, documents and lists to the pool.

    What is done is kept after every few hundred files: a run that was stopped goes on where it was.

    Args:
        progress: is told how many files are done, of how many.

    Raises:
        UserError: a path is not there; nothing has been added then.
        ServiceError: the database or the disk cannot be written.
    """
    options = options or AddOptions()
    found = list(discover(paths, recursive=options.recursive, skip=[context.workspace.root]))
    return _Run(context, options, progress, len(found)).through(found, [str(path) for path in paths])


def faults_of(context: Context, adding_id: int) -> Iterator[Fault]:
    """Yield all that went wrong in a run."""
    after = 0
    while True:
        with context.db.reading() as session:
            found = addings.faults(session, adding_id, after=after)
        if not found:
            return
        yield from (fault for _, fault in found)
        after = found[-1][0]


def add_bytes(context: Context, name: str, data: bytes) -> Picture | Fault:
    """Add one picture that was uploaded; it is copied in. A known one comes back as it is in the pool."""
    loaded = Loaded(name, name, ("upload", f"upload:{context.who}"), data)
    looked = Look(context.workspace, True)(loaded)
    if isinstance(looked, Fault):
        return looked
    with context.db.writing() as session:
        source = sources.put(session, *loaded.source)
        images.add(session, [replace(looked.picture, source_id=source)])
        return images.get(session, looked.picture.id)


class _Run:
    def __init__(
        self, context: Context, options: AddOptions, progress: Callable[[int, int], None] | None, total: int
    ) -> None:
        self._context, self._options, self._progress = context, options, progress
        self._total, self._done = total, 0
        self._sources: dict[tuple[str, str], int] = {}
        self._spoilt: list[str] = []
        self._summary = AddSummary(0)

    def through(self, found: list[Item | Fault], asked: list[str]) -> AddSummary:
        options, summary = self._options, self._summary
        with self._context.db.writing() as session:
            summary.adding_id = addings.begin(session, {"paths": asked, "copy": options.copy, "who": self._context.who})
        look = Look(self._context.workspace, options.copy)
        workers = options.workers or os.cpu_count() or 1
        stream = self._without_known(opened(found, self._seen, options.dpi))
        for batch in _batches(look_at(stream, look, workers)):
            self._save(batch)
        with self._context.db.writing() as session:
            addings.note(session, summary.adding_id, dict(summary.counts), ())
            addings.end(session, summary.adding_id)
            tallies.tidy(session)
            summary.pictures = sum(tallies.by_status(session).values())
        return summary

    def _seen(self, items: list[Item]) -> set[str]:
        with self._context.db.reading() as session:
            before = files.find(session, [item.path for item in items])
        as_before = {path: (file.bytes, file.mtime_ns) for path, file in before.items()}
        return {item.path for item in items if as_before.get(item.path) == (item.size, item.mtime_ns)}

    def _without_known(
        self, stream: Iterable[Item | Loaded | Fault | Done | Known]
    ) -> Iterator[Item | Loaded | Fault | Done]:
        for item in stream:
            if isinstance(item, Known):
                self._summary.counts["known"] += 1
                self._step()
            else:
                yield item

    def _save(self, batch: list[Looked | Fault | Done]) -> None:
        """Put a batch into the store, in one transaction: either all of it is there after a crash, or none."""
        looked = [one for one in batch if isinstance(one, Looked)]
        faults = [one for one in batch if isinstance(one, Fault)]
        with self._context.db.writing() as session:
            for one in looked:
                if one.item.source not in self._sources:
                    self._sources[one.item.source] = sources.put(session, *one.item.source)
            pictures = [
                replace(one.picture, source_id=self._sources[one.item.source], tags=self._options.tags)
                for one in looked
            ]
            new = images.add(session, pictures)
            before = images.get_many(session, {p.id for p in pictures} - new)
            for picture in pictures:
                self._count(picture, new)
                stored = before.get(picture.id)
                if stored and not stored.copied and stored.path != picture.path and not Path(stored.path).is_file():
                    images.move_file(session, picture.id, picture.path, picture.copied)
            files.put(session, list(self._seen_now(batch)))
            self._fail(faults)
            addings.note(session, self._summary.adding_id, dict(self._summary.counts), faults)
        for result in batch:
            if isinstance(result, Fault) or isinstance(result.item, Item):
                self._step()

    def _count(self, picture: Picture, new: set[str]) -> None:
        counts = self._summary.counts
        if picture.id in new:
            new.discard(picture.id)  # a second one in this batch is known
            counts["added"] += 1
        else:
            counts["known"] += 1
            counts["same"] += 1

    def _fail(self, faults: list[Fault]) -> None:
        for fault in faults:
            self._summary.counts[fault.outcome] += 1
            if len(self._summary.faults) < _SHOWN:
                self._summary.faults.append(fault)

    def _seen_now(self, batch: list[Looked | Fault | Done]) -> Iterator[files.SeenFile]:
        for one in batch:
            if isinstance(one, Fault):
                self._spoilt.append(one.where)
            elif isinstance(one.item, Item) and one.item.size >= 0:
                if isinstance(one, Done) and self._is_spoilt(one.item):
                    continue  # is read again next time, so that its faults are told again
                digest = one.picture.id if isinstance(one, Looked) else ""
                yield files.SeenFile(one.item.path, one.item.size, one.item.mtime_ns, digest)

    def _is_spoilt(self, item: Item) -> bool:
        return any(where.startswith(item.path) for where in self._spoilt)

    def _step(self) -> None:
        self._done = min(self._done + 1, self._total)
        if self._progress is not None:
            self._progress(self._done, self._total)


def _batches(stream: Iterator[Looked | Fault | Done]) -> Iterator[list[Looked | Fault | Done]]:
    batch: list[Looked | Fault | Done] = []
    due = time.monotonic() + _BATCH_SECONDS
    for one in stream:
        batch.append(one)
        if len(batch) >= _BATCH or time.monotonic() >= due:
            yield batch
            batch, due = [], time.monotonic() + _BATCH_SECONDS
    if batch:
        yield batch
