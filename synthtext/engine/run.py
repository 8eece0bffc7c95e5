"""The whole use case: make a dataset, or go on with one."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from synthtext.engine import ledger, local, remote
from synthtext.engine import manifest as manifests
from synthtext.engine.cluster import Cluster, check_cluster, run_cluster
from synthtext.engine.job import Job, Summary, bug_notes
from synthtext.engine.lock import RunLock
from synthtext.engine.manifest import Manifest
from synthtext.engine.plan import Plan
from synthtext.engine.progress import Meter, Progress
from synthtext.engine.record import read_record, recorded_shards
from synthtext.engine.remote import Remote
from synthtext.engine.shard import Task
from synthtext.engine.subset import Share, members, ranges_text, sample_count
from synthtext.errors import RunError, UserError
from synthtext.labels.formats import check_formats, default_shard_size, open_writers, parse_formats
from synthtext.writers import lmdb_single
from synthtext.writers.base import STATE_DIR, WriterOptions
from synthtext.writers.disk import file_error, storage_error

__all__ = ["Job", "Method", "Summary", "run"]

Method = Literal["spawn", "fork", "inline"]

_HARMLESS = {STATE_DIR, "lost+found", ".DS_Store"}


def run(
    job: Job,
    out: Path | str,
    count: int,
    *,
    workers: int = 1,
    progress: Callable[[Progress], None] | None = None,
    method: Method = "spawn",
    share: Share | None = None,
    cluster: Cluster | None = None,
    merge_lmdb: bool = False,
) -> Summary:
    """Make samples 0..count-1 of a dataset, or those of them that are not there yet.

    Ctrl-C does not raise: finished shards are kept, lists are written, the summary says `stopped`.

    Args:
        job: what to make.
        out: the dataset's folder, made when missing; or its URL.
        count: how many samples.
        workers: processes.
        progress: called about twice a second.
        method: how processes start; `inline` makes everything in this one.
        share: makes only these shards, beside those that were asked for here before.
        cluster: a Ray cluster that makes the shards, in place of processes of this machine.
        merge_lmdb: also puts the LMDBs of all shards together, see `lmdb_single`.

    Raises:
        UserError: `out` holds something else, another run is writing there, or a number makes no sense.
        DatasetError: the manifest in `out` is damaged.
        RunError: the disk is full or cannot be written, a sample failed, too many gaps, a worker was lost.
    """
    if workers < 1:
        raise UserError(f"--workers: {workers} is none at all; use 1 or more")
    formats = parse_formats(job.formats)
    check_formats(formats, job.options)
    if merge_lmdb:
        check_single(formats, out)
    size = job.shard_size or default_shard_size(formats, job.options)
    plan = Plan(job.seed, count, size, tuple(job.split))
    asked = share.shards(plan) if share is not None else range(plan.shards)
    if cluster is not None:
        check_cluster(cluster.address)
    place = remote.place_of(out)
    how = How(workers, method, progress or _ignore, cluster, merge_lmdb)
    if isinstance(place, str):
        how.check_reach(place)
        remote.Remote(place).check()
        with remote.staging(place) as stage:
            task = Task(job.opener, plan, stage, formats, job.options, job.page_px, place)
            try:
                return _Run(job, task, asked).go(how)
            except OSError as error:
                raise storage_error(error, stage) from error
    begun = False
    try:
        check_folder(place)
        place.mkdir(parents=True, exist_ok=True)
        place = place.resolve()  # workers must not depend on the folder that this process was started in
        with RunLock(place):
            begun = True
            return _Run(job, Task(job.opener, plan, place, formats, job.options, job.page_px), asked).go(how)
    except OSError as error:
        raise (storage_error if begun else file_error)(error, place) from error


@dataclass(frozen=True, slots=True)
class How:
    """Who makes the shards, and whom to tell about it."""

    workers: int
    method: Method
    progress: Callable[[Progress], None]
    cluster: Cluster | None = None
    merge_lmdb: bool = False

    def check_reach(self, url: str) -> None:
        """Make sure that all workers see a URL.

        Raises:
            UserError: each of them would see one of its own.
        """
        if url.startswith("memory:") and (self.method != "inline" or self.cluster is not None):
            raise UserError(f"{url}: memory is seen by a single process and is gone with it; name a folder or s3://")

    def make(self, task: Task, shards: list[int], meter: Meter) -> list[dict[str, str]]:
        """Make shards; return the environments of other machines that made them."""
        if not shards:
            return []
        if self.cluster is not None:
            return run_cluster(task, shards, meter, self.cluster)
        if self.method == "inline":
            local.run_inline(task, shards, meter)
        else:
            local.run_local(task, shards, meter, self.workers, self.method)
        return []


def check_single(formats: Sequence[str], out: Path | str) -> None:
    """Make sure that LMDBs can be put together.

    Raises:
        UserError: there will be none, or not on this machine.
    """
    if "lmdb" not in formats:
        raise UserError("--merge-lmdb: puts LMDBs together, and none are made; add --format lmdb")
    if isinstance(remote.place_of(out), str):
        raise UserError(f"--merge-lmdb: cannot put LMDBs at {out} together; name a folder with --out")


def finish_single(out: Path, formats: Sequence[str], options: WriterOptions, asked: bool) -> None:
    """Put the LMDBs of a complete dataset together, where that is asked for now or was before."""
    if "lmdb" in formats and (asked or lmdb_single.is_wanted(out)):
        shards = recorded_shards(out)
        lmdb_single.write_single(out, shards, ledger.stamp(out, shards), options)


def check_folder(out: Path) -> None:
    """Make sure that a dataset can be made in a folder.

    Raises:
        UserError: it is a file, or holds something else.
    """
    if out.exists() and not out.is_dir():
        raise UserError(f"{out}: is a file; choose another --out")
    if not out.is_dir() or (out / manifests.NAME).exists():
        return
    left = re.compile(rf"\.{re.escape(manifests.NAME)}\.[0-9]+\.tmp")  # by a run that was killed right at its start
    names = (path.name for path in out.iterdir())
    others = sorted(name for name in names if name not in _HARMLESS and not left.fullmatch(name))
    if others:
        more = ", ..." if len(others) > 3 else ""
        raise UserError(
            f"{out}: holds other things ({', '.join(others[:3])}{more}) and no manifest; "
            "choose a new or empty folder with --out"
        )


class _Run:
    def __init__(self, job: Job, task: Task, asked: range) -> None:
        self._job = job
        self._task = task
        self._asked = asked
        self._out = task.out
        self._remote = Remote(task.url) if task.url is not None else None
        self._writers = open_writers(task.formats, task.out, task.options)
        self._notes: list[str] = []

    def go(self, how: How) -> Summary:
        began = time.monotonic()
        if self._remote is not None:
            self._fetch(self._remote)
        manifest = self._begin()
        stock = ledger.take_stock(self._out, self._writers.values())
        meter = Meter(self._task, manifest.wanted, stock, how.progress)
        meter.check_disk(self._job.image_bytes, how.workers)  # a slip of the finger may ask for 10**12 samples
        shards = stock.remaining(self._task.plan, members(manifest.wanted))
        self._write(replace(manifest, status="running"))
        status = "stopped"
        try:
            for environment in how.make(self._task, shards, meter):
                manifest = self._beside(manifest, environment)
            status = "complete"
            meter.working(0, 0)
        except KeyboardInterrupt:
            pass
        except BaseException:
            # The disk may be what failed: what can be said about the finished shards is said, no more.
            with suppress(OSError, RunError):
                self._end(manifest, status, meter, time.monotonic() - began)
            raise
        summary = self._end(manifest, status, meter, time.monotonic() - began)
        if self._remote is None and status == "complete" and manifest.asked is None:
            finish_single(self._out, self._task.formats, self._task.options, how.merge_lmdb)
        return summary

    def _fetch(self, there: Remote) -> None:
        """Bring what is known about a dataset elsewhere to the stage."""
        there.pull(self._out)
        records = [read_record(self._out, shard) for shard in recorded_shards(self._out)]
        there.stand_in(self._out, [output for record in records if record for output in record.outputs])

    def _write(self, manifest: Manifest) -> None:
        manifests.write_manifest(self._out, manifest)
        if self._remote is not None:
            self._remote.push_manifest(self._out)

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
            asked=None if len(self._asked) == plan.shards else ((self._asked.start, self._asked.stop),),
        )
        old = manifests.read_manifest(self._out)
        if old is None:
            return new
        manifests.check_same(self._task.url or self._out, old, new)
        going = replace(old, count=new.count, config=config, preset=new.preset, asked=new.joined(old))
        return self._beside(going, new.environment)

    def _beside(self, manifest: Manifest, environment: dict[str, str]) -> Manifest:
        """Return a manifest that also names an environment, with a note when it is another one."""
        changes = manifests.environment_changes(manifest.environment, environment)
        if not changes:
            return manifest
        self._notes.append(f"this dataset was begun elsewhere; new samples may differ in bytes ({'; '.join(changes)})")
        others = manifest.other_environments
        return manifest if environment in others else replace(manifest, other_environments=(*others, environment))

    def _end(self, manifest: Manifest, status: str, meter: Meter, seconds: float) -> Summary:
        wanted = manifest.wanted
        if self._remote is not None:
            manifest = self._meet(self._remote, manifest)
        total = ledger.tally(self._out)
        for writer in self._writers.values():
            writer.finalise(total.shards)
        done = status == "complete" and set(members(manifest.wanted)) <= set(total.shards)
        final = replace(
            manifest,
            # Shards that are still missing then are those of others who write to the same URL.
            status=status if done or status != "complete" else "running",
            counts=total.counts,
            gaps=tuple(total.gaps),
            statistics=total.statistics.to_json(),
            image_bytes=total.image_bytes,
            # Asking again for what is there must not make the run look slower.
            seconds=round(manifest.seconds + (seconds if meter.made else 0.0), 1),
        )
        manifests.write_manifest(self._out, final)
        if self._remote is not None:
            self._remote.push(self._out, total.outputs)
        if final.asked is not None:
            self._notes.append(
                f"these are shards {ranges_text(final.wanted)} of 0-{self._task.plan.shards - 1}; "
                "`synthtext merge` puts the parts of a dataset together"
            )
        self._notes += bug_notes(total.gaps, self._task.plan.seed)
        return Summary(
            out=self._task.url or self._out,
            status=status,
            count=sample_count(wanted, self._task.plan),
            counts=total.counts,
            gaps=tuple(total.gaps),
            made=meter.made,
            seconds=seconds,
            image_bytes=total.image_bytes,
            notes=tuple(dict.fromkeys(self._notes)),
        )

    def _meet(self, there: Remote, manifest: Manifest) -> Manifest:
        """Return a manifest that also asks for what others, who write to the same URL, have asked for meanwhile."""
        self._fetch(there)
        now = manifests.read_manifest(self._out)
        return manifest if now is None else replace(manifest, asked=manifest.joined(now))


def _ignore(_: Progress) -> None:
    return None
