"""The whole use case: make a dataset, or go on with one."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from synthtext.engine import ledger, local
from synthtext.engine import manifest as manifests
from synthtext.engine.lock import RunLock
from synthtext.engine.manifest import Manifest
from synthtext.engine.plan import Plan
from synthtext.engine.progress import Meter, Progress
from synthtext.engine.record import Gap
from synthtext.engine.shard import Make, Task
from synthtext.errors import UserError
from synthtext.labels.formats import check_formats, default_shard_size, open_writers, parse_formats
from synthtext.writers.base import STATE_DIR, WriterOptions
from synthtext.writers.disk import file_error, storage_error

Method = Literal["spawn", "fork", "inline"]

_HARMLESS = {STATE_DIR, "lost+found", ".DS_Store"}


@dataclass(frozen=True, slots=True)
class Job:
    """All that says what a dataset holds, but for how many samples.

    Attributes:
        opener: picklable; opens the assets in a worker and returns the function that makes sample `index`.
        seed: of the dataset.
        config: whole and resolved, as JSON can say it.
        options: of the writers.
        preset: its name, for the manifest only.
        assets: digests by name; another digest is another dataset.
        formats: names of the formats.
        split: ratio of train, val and test.
        shard_size: samples a shard; None for what the formats want.
        image_bytes: a guess at the mean size of an image file, until the first shard tells.
        page_px: pixels of a picture with many lines, on average; 0 for crops.
    """

    opener: Callable[[], Make]
    seed: int
    config: Mapping[str, Any]
    options: WriterOptions
    preset: str = ""
    assets: Mapping[str, Any] = field(default_factory=dict)
    formats: tuple[str, ...] = ("paddleocr",)
    split: tuple[int, ...] = (6, 2, 2)
    shard_size: int | None = None
    image_bytes: int = 4_000
    page_px: float = 0.0


@dataclass(frozen=True, slots=True)
class Summary:
    """How a run ended.

    Attributes:
        out: the dataset's folder.
        status: `complete`, or `stopped` by Ctrl-C: the same command goes on.
        count: samples asked for.
        counts: samples there are, by part.
        gaps: samples that could not be made.
        made: samples that this run made.
        seconds: that this run took.
        image_bytes: of all image files together.
        notes: what the user should know, a line each.
    """

    out: Path
    status: str
    count: int
    counts: dict[str, int]
    gaps: tuple[Gap, ...]
    made: int
    seconds: float
    image_bytes: int
    notes: tuple[str, ...] = ()

    @property
    def samples(self) -> int:
        """How many samples there are."""
        return sum(self.counts.values())

    @property
    def rate(self) -> float:
        """Samples a second in this run."""
        return self.made / self.seconds if self.seconds else 0.0


def run(
    job: Job,
    out: Path,
    count: int,
    *,
    workers: int = 1,
    progress: Callable[[Progress], None] | None = None,
    method: Method = "spawn",
) -> Summary:
    """Make samples 0..count-1 of a dataset, or those of them that are not there yet.

    Ctrl-C does not raise: finished shards are kept, lists are written, the summary says `stopped`.

    Args:
        job: what to make.
        out: the dataset's folder; made when missing.
        count: how many samples.
        workers: processes.
        progress: called about twice a second.
        method: how processes start; `inline` makes everything in this one.

    Raises:
        UserError: `out` holds something else, another run is writing there, or a number makes no sense.
        DatasetError: the manifest in `out` is damaged.
        RunError: the disk is full or cannot be written, a sample failed, too many gaps, a worker was lost.
    """
    if workers < 1:
        raise UserError(f"--workers: {workers} is none at all; use 1 or more")
    formats = parse_formats(job.formats)
    check_formats(formats, job.options)
    size = job.shard_size or default_shard_size(formats, job.options)
    plan = Plan(job.seed, count, size, tuple(job.split))
    begun = False
    try:
        _check_folder(out)
        out.mkdir(parents=True, exist_ok=True)
        out = out.resolve()  # workers must not depend on the folder that this process was started in
        with RunLock(out):
            begun = True
            return _Run(job, Task(job.opener, plan, out, formats, job.options, job.page_px)).go(
                workers, progress, method
            )
    except OSError as error:
        raise (storage_error if begun else file_error)(error, out) from error


def _check_folder(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise UserError(f"{out}: is a file; choose another --out")
    if not out.is_dir() or (out / manifests.NAME).exists():
        return
    others = sorted(path.name for path in out.iterdir() if path.name not in _HARMLESS)
    if others:
        more = ", ..." if len(others) > 3 else ""
        raise UserError(
            f"{out}: holds other things ({', '.join(others[:3])}{more}) and no manifest; "
            "choose a new or empty folder with --out"
        )


class _Run:
    def __init__(self, job: Job, task: Task) -> None:
        self._job = job
        self._task = task
        self._out = task.out
        self._writers = open_writers(task.formats, task.out, task.options)
        self._notes: list[str] = []

    def go(self, workers: int, progress: Callable[[Progress], None] | None, method: Method) -> Summary:
        began = time.monotonic()
        manifest = self._begin()
        stock = ledger.take_stock(self._out, self._writers.values())
        meter = Meter(self._task, stock, progress or _ignore)
        meter.check_disk(self._job.image_bytes)  # first of all: a slip of the finger may ask for 10**12 samples
        shards = stock.remaining(self._task.plan)
        manifests.write_manifest(self._out, replace(manifest, status="running"))
        status = "stopped"
        try:
            if method == "inline":
                local.run_inline(self._task, shards, meter)
            elif shards:
                local.run_local(self._task, shards, meter, workers, method)
            status = "complete"
            meter.working(0, 0)
        except KeyboardInterrupt:
            pass
        except BaseException:
            # The disk may be what failed: what can be said about the finished shards is said, no more.
            with suppress(OSError):
                self._end(manifest, status, meter, time.monotonic() - began)
            raise
        return self._end(manifest, status, meter, time.monotonic() - began)

    def _begin(self) -> Manifest:
        job, plan = self._job, self._task.plan
        config = manifests.plain(dict(job.config))
        new = Manifest(
            preset=job.preset,
            seed=plan.seed,
            count=plan.count,
            split=plan.split,
            formats=self._task.formats,
            shard_size=plan.shard_size,
            options=manifests.describe_options(job.options),
            config=config,
            config_digest=manifests.config_digest(config),
            assets=manifests.plain(dict(job.assets)),
            environment=manifests.describe_environment(),
        )
        old = manifests.read_manifest(self._out)
        if old is None:
            return new
        manifests.check_same(self._out, old, new)
        others = old.other_environments
        changes = manifests.environment_changes(old.environment, new.environment)
        if changes:
            self._notes.append(
                f"this dataset was begun elsewhere; new samples may differ in bytes ({'; '.join(changes)})"
            )
            others = (*others, new.environment) if new.environment not in others else others
        return replace(old, count=new.count, config=config, preset=new.preset, other_environments=others)

    def _end(self, manifest: Manifest, status: str, meter: Meter, seconds: float) -> Summary:
        total = ledger.tally(self._out)
        for writer in self._writers.values():
            writer.finalise(total.shards)
        manifests.write_manifest(
            self._out,
            replace(
                manifest,
                status=status,
                counts=total.counts,
                gaps=tuple(total.gaps),
                statistics=total.statistics.to_json(),
                image_bytes=total.image_bytes,
                # Asking again for what is there must not make the run look slower.
                seconds=round(manifest.seconds + (seconds if meter.made else 0.0), 1),
            ),
        )
        return Summary(
            out=self._out,
            status=status,
            count=self._task.plan.count,
            counts=total.counts,
            gaps=tuple(total.gaps),
            made=meter.made,
            seconds=seconds,
            image_bytes=total.image_bytes,
            notes=tuple(self._notes),
        )


def _ignore(_: Progress) -> None:
    return None
