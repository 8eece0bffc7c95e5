"""Adding files to the pool; each ends as added, known, missing or broken, and none stops the run."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from annotate.ingest.clips import digests, mode_of
from annotate.ingest.discover import discover
from annotate.ingest.examine import Broken
from annotate.ingest.items import Item, Loaded, kind_of
from annotate.ingest.listing import Known, opened
from annotate.ingest.look import Look, Looked, Result, Task, look_at
from annotate.ingest.pdf import DPI
from annotate.ingest.unpacking import Unpacked
from annotate.records import Fault, Picture
from annotate.store import addings, clips, files, images, sources
from annotate.workflow.arrivals import AddSummary, Arrivals
from annotate.workflow.context import Context

_BATCH = 256
_BATCH_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class AddOptions:
    """How to add.

    Attributes:
        copy: copy the files into the workspace; else they stay where they are.
        tags: that all new pictures get.
        dpi: of pages of documents.
        fps: of videos, so many frames a second; None for key frames.
        workers: processes; None for one a core.
        source: kind and name of where all of it comes from; None for the folder, archive, ... that each file is in.
    """

    recursive: bool = True
    copy: bool = False
    tags: tuple[str, ...] = ()
    dpi: int = DPI
    fps: float | None = None
    workers: int | None = None
    source: tuple[str, str] | None = None


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
    if options.source is not None:
        found = [replace(one, source=options.source) if isinstance(one, Item) else one for one in found]
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
    if not isinstance(looked, Looked):
        assert isinstance(looked, Fault), "an upload is a picture"
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
        self._mode = mode_of(options.fps)

    def through(self, found: list[Item | Fault], asked: list[str]) -> AddSummary:
        options, db = self._options, self._context.db
        with db.writing() as session:
            details = {"paths": asked, "copy": options.copy, "mode": self._mode, "who": self._context.who}
            self._arrivals = Arrivals(db, addings.begin(session, details), options.tags, self._mode)
        look = Look(self._context.workspace, options.copy, options.fps)
        workers = options.workers or os.cpu_count() or 1
        unpacked = Unpacked(self._context.workspace.unpacked)
        stream = self._without_known(opened(found, self._seen, options.dpi, unpacked))
        try:
            for batch in _batches(look_at(stream, look, workers)):
                self._arrivals.save(batch)
                # Members of an archive and pages have no file of their own; `Done` counts for theirs.
                self._step(sum(isinstance(one, Fault) or _has_file(one.item) for one in batch))
        finally:
            unpacked.clear()
        return self._arrivals.end()

    def _seen(self, items: list[Item]) -> set[str]:
        with self._context.db.reading() as session:
            before = files.find(session, [item.path for item in items])
            as_before = {path: (file.bytes, file.mtime_ns) for path, file in before.items()}
            same = {item.path for item in items if as_before.get(item.path) == (item.size, item.mtime_ns)}
            videos = {path: before[path].digest for path in same if kind_of(Path(path)) == "video"}
            fine = clips.in_mode(session, list(videos.values()), self._mode)
        stale = {path for path, digest in videos.items() if digest not in fine}
        archives = {path for path in same if kind_of(Path(path)) == "archive"}
        return same - stale - {path for path in archives if before[path].digest not in ("", self._mode)}

    def _without_known(self, stream: Iterable[Task | Known]) -> Iterator[Task]:
        for item in stream:
            if isinstance(item, Known):
                self._arrivals.known()
                self._step(1)
            elif isinstance(item, Item) and kind_of(Path(item.path)) == "video":
                yield from self._unless_same_clip(item)
            else:
                yield item

    def _unless_same_clip(self, item: Item) -> Iterator[Item]:
        """Compare the bytes of a video with those of all clips before it is decoded, which takes far longer."""
        try:
            digest, md5 = digests(item.file)
        except (OSError, Broken):
            yield item  # whoever decodes it will say what is wrong
            return
        item = replace(item, digest=digest, md5=md5)
        with self._context.db.reading() as session:
            known = digest in clips.in_mode(session, [digest], self._mode)
        if not known:
            yield item
            return
        self._arrivals.same_clip(item)
        if item.held:
            Path(item.held).unlink(missing_ok=True)
        else:
            self._step(1)

    def _step(self, count: int) -> None:
        self._done = min(self._done + count, self._total)
        if self._progress is not None:
            self._progress(self._done, self._total)


def _has_file(item: Item | Loaded) -> bool:
    return isinstance(item, Item) and not item.held


def _batches(stream: Iterator[Result]) -> Iterator[list[Result]]:
    batch: list[Result] = []
    due = time.monotonic() + _BATCH_SECONDS
    for one in stream:
        batch.append(one)
        if len(batch) >= _BATCH or time.monotonic() >= due:
            yield batch
            batch, due = [], time.monotonic() + _BATCH_SECONDS
    if batch:
        yield batch
