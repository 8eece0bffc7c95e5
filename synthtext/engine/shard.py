"""One shard whole or not at all.

Everything is made in `.synthtext/partial/<shard>-<pid>/`, flushed, and renamed into place; the record is
written last. Whatever stands in place without a record is removed when the run goes on.
"""

from __future__ import annotations

import os
import shutil
import time
import traceback
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from synthtext.engine.plan import Plan
from synthtext.engine.record import Checksums, Gap, ShardRecord, Statistics, read_record, remove_record, write_record
from synthtext.engine.remote import Remote
from synthtext.errors import Exhausted, RunError, SynthtextError
from synthtext.labels.formats import open_writers
from synthtext.labels.levels import label_text, text_boxes
from synthtext.values import Sample
from synthtext.writers.base import PARTS, STATE_DIR, Output, ShardWriter, WriterOptions, shard_name
from synthtext.writers.disk import storage_error, sync_folder, sync_tree
from synthtext.writers.encode import encode, lie_down

PARTIAL = f"{STATE_DIR}/partial"
BUG = "error"
"""What the reason of a gap begins with when no stage refused the sample: a bug."""
_LONGEST_REASON = 200
_TICK_SECONDS = 0.5

Make = Callable[[int], Sample]
Tick = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker needs to make any shard of a run; picklable.

    Attributes:
        opener: opens the assets and returns the function that makes sample `index`.
        plan: of the dataset.
        out: the dataset's folder.
        formats: names of the formats to write.
        options: of the writers.
        page_px: pixels of a picture with many lines, on average; 0 for crops.
        url: where finished shards are sent, `out` being a stage for them; None when they stay in `out`.
        node: name of the machine, where several write to one folder.
    """

    opener: Callable[[], Make]
    plan: Plan
    out: Path
    formats: tuple[str, ...]
    options: WriterOptions
    page_px: float = 0.0
    url: str | None = None
    node: str = ""


class ShardMaker:
    """Makes shards, one after another, in one process.

    Args:
        task: what to make.
        make: gives sample `index`; the same index always gives the same sample.
    """

    def __init__(self, task: Task, make: Make) -> None:
        self._task = task
        self._make = make
        self._writers = open_writers(task.formats, task.out, task.options)
        self._remote = Remote(task.url) if task.url is not None else None

    def make_shard(self, shard: int, tick: Tick) -> ShardRecord:
        """Make, publish and record a shard.

        Args:
            shard: its number.
            tick: called about twice a second, and right before publishing, with the samples done so far;
                what it raises ends the shard.

        Raises:
            RunError: a sample failed, or the disk did.
        """
        done = read_record(self._task.out, shard) if self._task.node else None
        if done is not None and done.stop == self._task.plan.indices(shard).stop:
            return done  # by a machine that was lost before it could say so
        room = partial_room(self._task.out, shard, os.getpid(), self._task.node)
        batch: _Batch | None = None
        try:
            shutil.rmtree(room, ignore_errors=True)
            room.mkdir(parents=True)
            batch = self._open(shard, room)
            batch.fill(self._make, tick)
            outputs = batch.seal()
            tick(len(self._task.plan.indices(shard)))
            record = batch.record(outputs)
            if self._remote is not None:
                self._remote.deliver(outputs, record, batch.checksums)
            publish(self._task.out, room, record, outputs, batch.checksums)
            return record
        except OSError as error:
            raise storage_error(error, self._task.out) from error
        finally:
            if batch is not None:
                batch.discard()
            shutil.rmtree(room, ignore_errors=True)

    def _open(self, shard: int, room: Path) -> _Batch:
        opened: list[ShardWriter] = []
        for name, writer in self._writers.items():
            place = room / name
            place.mkdir()
            opened.append(writer.open_shard(shard, place))
        return _Batch(self._task, shard, opened)


def partial_room(out: Path, shard: int, pid: int, node: str = "") -> Path:
    """Return the folder where a process makes a shard."""
    return out / PARTIAL / f"{shard_name(shard)}-{pid}{node and '-'}{node}"


class _Batch:
    """A shard in the making."""

    def __init__(self, task: Task, shard: int, writers: list[ShardWriter]) -> None:
        self._task = task
        self._shard = shard
        self._writers = writers
        self._indices = task.plan.indices(shard)
        self._parts: list[int] = task.plan.parts(shard).tolist()
        self._counts = [0] * len(PARTS)
        self._gaps: list[Gap] = []
        self._statistics = Statistics()
        self._image_bytes = 0
        self._began = time.monotonic()
        self._sealed = False
        self.checksums: Checksums = np.zeros((len(self._indices), 2), np.uint32)

    def fill(self, make: Make, tick: Tick) -> None:
        due = time.monotonic() + _TICK_SECONDS
        for done, (index, part) in enumerate(zip(self._indices, self._parts, strict=True)):
            try:
                self._one(done, index, part, make)
            except Exhausted as gap:
                self._gaps.append(Gap(index, gap.reasons))
            now = time.monotonic()
            if now >= due:
                due = now + _TICK_SECONDS
                tick(done + 1)

    def _one(self, position: int, index: int, part: int, make: Make) -> None:
        options = self._task.options
        try:
            sample = make(index)
            lies = options.rotate_vertical and options.pages is None
            image = lie_down(sample.image) if lies else sample.image
            data = encode(image, options.image_format, sample.jpeg_quality)
        except Exhausted:
            raise
        except (SynthtextError, OSError, MemoryError) as error:  # the next sample would fare no better
            raise _blame(error, index, self._task.plan.seed) from error
        except Exception as error:
            raise Exhausted(index, (bug_text(error),)) from error
        try:
            for writer in self._writers:
                writer.add(index, part, data, sample)
        except ValueError as error:
            raise _blame(error, index, self._task.plan.seed) from error
        pages = options.pages
        text = sample.text if pages is None else label_text(text_boxes(sample, pages.level))
        self.checksums[position] = zlib.crc32(data), zlib.crc32(text.encode())
        self._statistics.add(sample, (image.shape[1], image.shape[0]))
        if pages is not None:
            self._statistics.add_lines(sample)
        self._counts[part] += 1
        self._image_bytes += len(data)

    def seal(self) -> list[Output]:
        outputs = [output for writer in self._writers for output in writer.seal()]
        self._sealed = True
        return outputs

    def record(self, outputs: list[Output]) -> ShardRecord:
        return ShardRecord(
            shard=self._shard,
            start=self._indices.start,
            stop=self._indices.stop,
            counts=dict(zip(PARTS, self._counts, strict=True)),
            gaps=tuple(self._gaps),
            statistics=self._statistics,
            image_bytes=self._image_bytes,
            outputs=tuple(output.target for output in outputs),
            seconds=round(time.monotonic() - self._began, 3),
        )

    def discard(self) -> None:
        if not self._sealed:
            for writer in self._writers:
                writer.discard()


def publish(out: Path, room: Path, record: ShardRecord, outputs: list[Output], checksums: Checksums) -> None:
    """Put the outputs of a shard, which lie in `room`, in place, and record it; then the shard exists."""
    sync_tree(room)
    remove_record(out, record.shard)
    for number, output in enumerate(outputs):
        target = out / output.target
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():  # a shorter shard of a smaller run, or the work of a process that died right here
            target.rename(room / f"old-{number}")
        output.source.rename(target)
    for folder in {(out / output.target).parent for output in outputs}:
        sync_folder(folder)
    write_record(out, record, checksums)


def bug_text(error: Exception) -> str:
    """Return what a sample's error was and where it was raised: the reason of its gap."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    said = " ".join(f"{type(error).__name__}: {error}".split())
    return f"{BUG} {said[:_LONGEST_REASON]} ({Path(last.filename).name}:{last.lineno})"


def _blame(error: Exception, index: int, seed: int) -> RunError:
    where = f"sample {index} of seed {seed}"
    if isinstance(error, SynthtextError):
        return RunError(f"{where}: {error}")
    if isinstance(error, MemoryError):
        return RunError(f"{where}: memory ran out; use fewer --workers and run the same command again: it goes on")
    if isinstance(error, OSError):
        return RunError(
            f"{where}: {type(error).__name__}: {error}; run the same command again once this can be read: it goes on"
        )
    return RunError(
        f"{where}: {type(error).__name__}: {error}; this is a bug, please report it with this index and "
        "seed, the preset and any --set"
    )
