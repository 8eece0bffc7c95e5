"""Reading the pool: a reader goes through the pictures that it has not read, newest clips first."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from annotate.prelabel.opening import reader_name
from annotate.prelabel.reader import Found, Read
from annotate.prelabel.schedule import Schedule, Task
from annotate.prelabel.workers import Answer, Readers, default_workers
from annotate.records import Filter, Picture, Points
from annotate.store import images, reads
from annotate.watch import WatchList
from annotate.workflow.context import Context
from annotate.workflow.readings import keep

# Without a bound on the queue, so many clips are looked up ahead.
_AHEAD = 64
_FOLLOW_SECONDS = 2.0
_STOPPED = "not read: its clip was stopped at a hit"


@dataclass(frozen=True, slots=True)
class PrelabelOptions:
    """How to read.

    Attributes:
        reader: see `prelabel.opening`; None for the workspace's own.
        which: the pictures to read.
        timeout_s: for finding the text of a picture, or reading a few crops.
        queue: so many clips may wait, older ones are dropped; None for any number.
        watch: words to look out for.
        stop_at_hit: leave a clip at the first picture that holds one.
        again, retry: read also what was read before; what failed before.
        follow: go on with what comes into the pool, until stopped.
    """

    reader: str | None = None
    which: Filter = field(default_factory=Filter)
    workers: int | None = None
    timeout_s: float = 60.0
    queue: int | None = None
    watch: WatchList | None = None
    stop_at_hit: bool = False
    again: bool = False
    retry: bool = False
    follow: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A word of the watch list on a picture."""

    picture: Picture
    word: str
    text: str
    score: float
    points: Points


@dataclass(slots=True)
class PrelabelSummary:
    """How a run went.

    Attributes:
        counts: pictures `read`, `failed`, `stopped` (left after a hit) and `dropped` (stale); `regions` found; clips
            `dropped_clips`.
        faults: why reading failed, by picture; the first hundred.
        hits: in the order in which they were found.
    """

    reader: str
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[Picture, str]] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)


def prelabel(
    context: Context, options: PrelabelOptions, progress: Callable[[int, int | None], None] | None = None
) -> PrelabelSummary:
    """Find and read the text of pictures, and keep boxes, texts and scores.

    Each picture is stored when it is done: a run that was stopped goes on where it was.

    Args:
        progress: is told how many pictures are done, of how many.

    Raises:
        UserError: there is no such reader.
        ServiceError: it cannot be opened, or the database cannot be written.
    """
    spec = options.reader or context.workspace.settings.reader
    run = _Run(context, options, reader_name(spec), progress)
    if not options.follow and not run.refill():
        return run.summary
    workers = options.workers or default_workers()
    readers = Readers(spec, context.workspace, workers, options.timeout_s)
    try:
        run.through(readers)
    finally:
        readers.close()
    return run.summary


class _Run:
    def __init__(
        self,
        context: Context,
        options: PrelabelOptions,
        reader: str,
        progress: Callable[[int, int | None], None] | None,
    ) -> None:
        self._context, self._options, self._reader, self._progress = context, options, reader, progress
        self._schedule = Schedule(options.workers or default_workers(), options.queue)
        self._pictures: dict[str, Picture] = {}
        self._unread = self._unread_since(0)
        self._newest = 0
        self._looked_at = time.monotonic()
        with context.db.reading() as session:
            latest = images.page(session, Filter(), limit=1, newest=True).pictures
        self._newest = latest[0].number if latest else 0
        self.summary = PrelabelSummary(reader)

    def refill(self) -> bool:
        """Look clips up ahead, and tell whether any waits."""
        bounded = self._options.queue is not None
        while bounded or self._schedule.waiting < _AHEAD:
            clip = next(self._unread, None)
            if clip is None:
                break
            self._add(*clip, newest=False)
        return self._schedule.waiting > 0

    def through(self, readers: Readers) -> None:
        while True:
            self.refill()
            self._follow()
            while readers.idle and (task := self._schedule.next()) is not None:
                readers.start(task, self._pictures[task.picture])
            if readers.busy:
                for answer in readers.wait():
                    self._take(answer)
            elif self._options.follow:
                time.sleep(_FOLLOW_SECONDS)
            else:
                return

    def _follow(self) -> None:
        if not self._options.follow or time.monotonic() - self._looked_at < _FOLLOW_SECONDS:
            return
        self._looked_at = time.monotonic()
        fresh = list(self._unread_since(self._newest))
        for key, pictures in reversed(fresh):
            self._newest = max(self._newest, *(picture.number for picture in pictures))
            self._add(key, pictures, newest=True)

    def _unread_since(self, number: int) -> Iterator[tuple[str, list[Picture]]]:
        options = self._options
        return reads.unread_clips(
            self._context.db, self._reader, options.which, again=options.again, retry=options.retry, since=number
        )

    def _add(self, key: str, pictures: list[Picture], newest: bool) -> None:
        self._pictures.update((picture.id, picture) for picture in pictures)
        self._schedule.add(key, [picture.id for picture in pictures], newest)
        self.summary.counts["dropped"] = self._schedule.dropped_pictures
        self.summary.counts["dropped_clips"] = self._schedule.dropped_clips

    def _take(self, answer: Answer) -> None:
        task = answer.task
        if answer.fault is not None:
            if self._schedule.failed(task):
                self._note_fault(task, answer.fault)
            return
        take = self._schedule.detected if task.kind == "detect" else self._schedule.read
        finished = take(task, answer.result)
        if finished is not None:
            self._finish(task, finished)

    def _finish(self, task: Task, found: list[tuple[Found, Read]]) -> None:
        picture = self._pictures.pop(task.picture)
        keep(self._context.db, picture, self._reader, found)
        self.summary.counts["read"] += 1
        self.summary.counts["regions"] += len(found)
        hits = list(self._hits(picture, found))
        self.summary.hits += hits
        if hits and self._options.stop_at_hit:
            self._stop(task.clip)
        self._step()

    def _hits(self, picture: Picture, found: list[tuple[Found, Read]]) -> Iterator[Hit]:
        if self._options.watch is None:
            return
        for place, read in found:
            for word in self._options.watch.hits(read.text):
                yield Hit(picture, word, read.text, read.score, place.points)

    def _stop(self, clip: str) -> None:
        left = self._schedule.stop(clip)
        self.summary.counts["stopped"] += len(left)
        with self._context.db.writing() as session:
            for image_id in left:
                self._pictures.pop(image_id, None)
                reads.note(session, self._reader, image_id, error=_STOPPED)

    def _note_fault(self, task: Task, fault: str) -> None:
        picture = self._pictures.pop(task.picture)
        with self._context.db.writing() as session:
            reads.note(session, self._reader, picture.id, error=fault)
        self.summary.counts["failed"] += 1
        if len(self.summary.faults) < 100:
            self.summary.faults.append((picture, fault))
        self._step()

    def _step(self) -> None:
        if self._progress is not None:
            counts = self.summary.counts
            self._progress(counts["read"] + counts["failed"] + counts["stopped"], None)
