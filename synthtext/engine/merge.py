"""Parts of a dataset, made on different machines, put together: the same files as of one run over everything."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from synthtext.engine import ledger
from synthtext.engine import manifest as manifests
from synthtext.engine.lock import RunLock
from synthtext.engine.manifest import Manifest
from synthtext.engine.progress import Progress, size_text
from synthtext.engine.record import ShardRecord, read_checksums
from synthtext.engine.run import Summary, check_folder, check_single, finish_single
from synthtext.engine.shard import partial_room, publish
from synthtext.engine.subset import ranges_of, ranges_text
from synthtext.errors import RunError, UserError
from synthtext.labels.formats import open_writers
from synthtext.labels.ppocr import read_dict
from synthtext.writers.base import Output
from synthtext.writers.disk import file_error, storage_error


@dataclass(frozen=True, slots=True)
class _Part:
    root: Path
    manifest: Manifest
    records: dict[int, ShardRecord]


def merge(
    parts: Sequence[Path],
    out: Path,
    progress: Callable[[Progress], None] | None = None,
    merge_lmdb: bool = False,
) -> Summary:
    """Put parts together; what is in `out` already, as of an interrupted merge, is kept.

    Files are linked where parts and `out` are on one file system, and copied otherwise: parts may be removed
    afterwards.

    Args:
        parts: folders of the parts, which stay as they are.
        out: the folder of the whole.
        progress: called after each shard.
        merge_lmdb: also puts the LMDBs of all shards together, see `lmdb_single`.

    Raises:
        UserError: a part is none, parts are of different datasets, hold the same shard, or a shard is in none.
        DatasetError: a manifest is damaged.
        RunError: the disk is full or cannot be written.
    """
    if not parts:
        raise UserError("no part is named; give the folders of the parts")
    found = [_open(part) for part in _different(parts, out)]
    base = _open(out).manifest if (out / manifests.NAME).exists() else found[0].manifest
    for part in found:
        _check_belongs(part, out if base is not found[0].manifest else found[0].root, base)
    if merge_lmdb:
        check_single(base.formats, out)
    owners = _owners(found)
    begun = False
    try:
        check_folder(out)
        out.mkdir(parents=True, exist_ok=True)
        out = out.resolve()
        with RunLock(out):
            begun = True
            merging = _Merge(base, found, owners, out)
            summary = merging.go(progress or (lambda _: None))
            finish_single(out, base.formats, merging.options, merge_lmdb)
            return summary
    except OSError as error:
        raise (storage_error if begun else file_error)(error, out) from error


class _Merge:
    def __init__(self, base: Manifest, parts: Sequence[_Part], owners: dict[int, _Part], out: Path) -> None:
        self._base = base
        self._parts = parts
        self._owners = owners
        self._out = out
        self._plan = base.plan
        self.options = manifests.restore_options(base.options, _charset([*parts], base))
        self._writers = open_writers(base.formats, out, self.options)
        self._made = 0

    def go(self, progress: Callable[[Progress], None]) -> Summary:
        began = time.monotonic()
        stock = ledger.take_stock(self._out, self._writers.values())
        there = stock.whole(self._plan)
        self._check_whole(there)
        todo = [shard for shard in sorted(self._owners) if not self._is_there(shard, there)]
        self._check_disk(todo)
        environments = self._environments()
        manifest = replace(self._base, asked=None, other_environments=tuple(environments[1:]), seconds=self._seconds())
        manifests.write_manifest(self._out, replace(manifest, status="running"))
        for number, shard in enumerate(todo, 1):
            self._bring(shard)
            rate = self._made / max(time.monotonic() - began, 1e-9)
            left = self._plan.count * (len(todo) - number) / len(todo)
            done = round(self._plan.count * (1 - (len(todo) - number) / self._plan.shards))
            progress(Progress(done, self._plan.count, rate, left / rate if rate else None, 1))
        total = ledger.tally(self._out)
        for writer in self._writers.values():
            writer.finalise(total.shards)
        manifests.write_manifest(
            self._out,
            replace(
                manifest,
                status="complete",
                counts=total.counts,
                gaps=tuple(total.gaps),
                statistics=total.statistics.to_json(),
                image_bytes=total.image_bytes,
            ),
        )
        return Summary(
            out=self._out,
            status="complete",
            count=self._plan.count,
            counts=total.counts,
            gaps=tuple(total.gaps),
            made=self._made,
            seconds=time.monotonic() - began,
            image_bytes=total.image_bytes,
            notes=_notes(environments),
        )

    def _check_whole(self, there: set[int]) -> None:
        missing = sorted(set(range(self._plan.shards)) - there - self._owners.keys())
        if not missing:
            return
        unfinished = [str(part.root) for part in self._parts if part.manifest.status != "complete"]
        advice = f"; not finished: {', '.join(unfinished)}: give their commands again" if unfinished else ""
        shown = ranges_text(ranges_of(missing))
        raise UserError(
            f"{self._out}: {len(missing)} of {self._plan.shards} shards are in no part: {shown}"
            f"{advice or f'; make them with --shards A-B/{self._plan.shards}, which counts shards as they do'}"
        )

    def _is_there(self, shard: int, there: set[int]) -> bool:
        """Return whether a shard is in place, as it is in its part.

        Raises:
            UserError: it is in place, but is another one.
        """
        if shard not in there:
            return False
        part = self._owners[shard]
        if not np.array_equal(read_checksums(part.root, shard), read_checksums(self._out, shard)):
            raise UserError(f"{self._out}: shard {shard} is not the one in {part.root}; choose a new folder with --out")
        return True

    def _bring(self, shard: int) -> None:
        part = self._owners[shard]
        record = part.records[shard]
        room = partial_room(self._out, shard, os.getpid())
        shutil.rmtree(room, ignore_errors=True)
        room.mkdir(parents=True)
        try:
            outputs = [Output(room / str(number), target) for number, target in enumerate(record.outputs)]
            for output in outputs:
                _bring(part.root / output.target, output.source)
            publish(self._out, room, record, outputs, read_checksums(part.root, shard))
        finally:
            shutil.rmtree(room, ignore_errors=True)
        self._made += record.samples

    def _check_disk(self, todo: Sequence[int]) -> None:
        device = self._out.stat().st_dev
        away = [self._owners[shard] for shard in todo]
        need = sum(
            part.records[shard].image_bytes
            for shard, part in zip(todo, away, strict=True)
            if part.root.stat().st_dev != device
        )
        free = shutil.disk_usage(self._out).free
        if need > free:
            raise RunError(
                f"{self._out}: the parts need at least {size_text(need)}, the disk has {size_text(free)} free; "
                "free some space, or choose another --out"
            )

    def _environments(self) -> list[dict[str, str]]:
        found = [self._base.environment, *self._base.other_environments]
        for part in self._parts:
            found += [part.manifest.environment, *part.manifest.other_environments]
        return [each for number, each in enumerate(found) if each not in found[:number]]

    def _seconds(self) -> float:
        return round(sum(part.manifest.seconds for part in self._parts), 1)


def _different(parts: Sequence[Path], out: Path) -> list[Path]:
    """Return the parts without `out` itself, which may be one of them.

    Raises:
        UserError: one is named twice.
    """
    whole = out.resolve()
    seen: set[Path] = set()
    for part in parts:
        if part.resolve() in seen:
            raise UserError(f"{part}: is named twice; name each part once")
        seen.add(part.resolve())
    others = [part for part in parts if part.resolve() != whole]
    if not others:
        raise UserError(f"{out}: is the only part; name the other parts as well")
    return others


def _open(root: Path) -> _Part:
    if "://" in str(root) or str(root).partition(":/")[0] in ("s3", "gs", "gcs", "az", "abfs"):
        raise UserError(f"{root}: parts are folders; copy it here first, or let all machines write to one URL")
    manifest = manifests.read_manifest(root) if root.is_dir() else None
    if manifest is None:
        raise UserError(f"{root}: there is no manifest.json here; name folders that `synthtext generate` made")
    return _Part(root, manifest, {record.shard: record for record in ledger.valid_records(root)})


def _check_belongs(part: _Part, first: Path, base: Manifest) -> None:
    different = manifests.differences(base, part.manifest)
    if different:
        raise UserError(f"{part.root}: is of another dataset than {first} ({different}); merge parts of one dataset")
    if part.manifest.count != base.count:
        raise UserError(
            f"{part.root}: is a part of {part.manifest.count:,} samples, {first} one of {base.count:,}; make all parts "
            "with the same --count"
        )


def _owners(parts: Sequence[_Part]) -> dict[int, _Part]:
    owners: dict[int, _Part] = {}
    for part in parts:
        stale = [n for n, record in part.records.items() if record.stop != part.manifest.plan.indices(n).stop]
        for shard in stale:
            del part.records[shard]
        both = sorted(owners.keys() & part.records.keys())
        if both:
            other = owners[both[0]]
            shared = ranges_text(ranges_of(shard for shard in both if owners[shard] is other))
            raise UserError(f"{part.root} and {other.root} both hold shards {shared}; name parts that do not overlap")
        owners.update(dict.fromkeys(part.records, part))
    return owners


def _charset(parts: Sequence[_Part], base: Manifest) -> tuple[str, ...]:
    """Return the charset, from the dictionary of a part; none where no format has one."""
    digest = base.options.get("charset_digest")
    for part in parts:
        for path in sorted(part.root.glob("*/dict.txt")):
            if manifests.dict_digest(path.read_bytes()) == digest:
                return tuple(read_dict(path, lambda _: None))
    return ()


def _bring(source: Path, target: Path) -> None:
    """Link, or else copy, a file or all files of a folder."""
    if source.is_dir():
        target.mkdir()
        for entry in os.scandir(source):
            _bring(Path(entry.path), target / entry.name)
        return
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _notes(environments: Sequence[dict[str, str]]) -> tuple[str, ...]:
    if len(environments) < 2:
        return ()
    changes = [manifests.environment_changes(environments[0], other) for other in environments[1:]]
    shown = "; ".join(dict.fromkeys(change for each in changes for change in each))
    return (
        f"the parts were made with different versions or CPU features, so their bytes need not be those of one run "
        f"({shown})",
    )
