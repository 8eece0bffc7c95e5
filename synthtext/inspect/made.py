"""What the manifest and the records of a run say was made, and whether they agree with what is there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from synthtext.engine import ledger
from synthtext.engine.manifest import Manifest, restore_options
from synthtext.engine.record import ShardRecord, read_checksums
from synthtext.engine.shard import PARTIAL
from synthtext.engine.subset import members, sample_count
from synthtext.inspect.fault_list import FaultList
from synthtext.labels.formats import open_writers
from synthtext.writers.base import STATE_DIR, shard_name


class Made:
    """What the manifest and the shards' records say was made."""

    def __init__(self, root: Path, manifest: Manifest, report: FaultList) -> None:
        self.root = root
        self.manifest = manifest
        self.plan = manifest.plan
        self.pages = restore_options(manifest.options).pages
        self.stops: dict[int, int] = {}
        self.gaps: set[int] = set()
        self._report = report
        self._shard = -1
        self._sums: list[list[int]] = []
        self._parts: list[int] = []
        self._check()

    def facts(self, index: int) -> tuple[int, int, int] | None:
        """Return the part, the image's and the text's CRC-32 of a sample; None when it was not made."""
        shard = self.plan.shard_of(index)
        stop = self.stops.get(shard)
        if stop is None or index >= stop or index in self.gaps:
            return None
        if shard != self._shard:
            self._shard = shard
            self._sums = read_checksums(self.root, shard).tolist()
            self._parts = self.plan.parts(shard).tolist()
        at = index - shard * self.plan.shard_size
        image, text = self._sums[at]
        return self._parts[at], image, text

    def missing(self, seen: NDArray[np.uint8]) -> list[int]:
        """Return the samples that were made but not seen."""
        result: list[int] = []
        for shard, stop in self.stops.items():
            start = shard * self.plan.shard_size
            unseen = np.flatnonzero(seen[start:stop] == 0) + start
            result.extend(index for index in unseen.tolist() if index not in self.gaps)
        return result

    def images(self, shard: int) -> set[str]:
        """Return the names of the image files of a shard."""
        suffix = self.manifest.options.get("image_format", "jpg")
        indices = range(shard * self.plan.shard_size, self.stops[shard])
        return {f"{index:09d}.{suffix}" for index in indices if index not in self.gaps}

    def _check(self) -> None:
        total = ledger.Tally()
        outputs: set[str] = set()
        for record in ledger.valid_records(self.root):
            total.add(record)
            outputs.update(record.outputs)
            self.stops[record.shard] = record.stop
            self.gaps.update(gap.index for gap in record.gaps)
            self._check_range(record)
        where = self.root / "manifest.json"
        again = "run the same generate command again"
        wanted = list(members(self.manifest.wanted))
        absent = [shard for shard in wanted if shard not in self.stops]
        if absent:
            shown = ", ".join(map(shard_name, absent[:5]))
            what = f"{len(absent)} of {len(wanted)} shards are missing or damaged ({shown}, ...)"
            self._report.add(self.root / STATE_DIR, what, again)
        if self.manifest.status != "complete":
            asked = sample_count(self.manifest.wanted, self.plan)
            what = f"the run is not finished: {total.samples} of {asked} samples"
            self._report.add(where, what, again)
        elif self.manifest.counts != total.counts:
            what = f"counts are {self.manifest.counts}, the shards hold {total.counts}"
            self._report.add(where, what, again)
        writers = open_writers(self.manifest.formats, self.root, restore_options(self.manifest.options))
        for path in ledger.strays(writers.values(), outputs):
            self._report.add(self.root / path, "left by an interrupted run", f"{again}: it removes it")
        partial = self.root / PARTIAL
        for room in sorted(partial.iterdir()) if partial.is_dir() else ():
            self._report.add(room, "left by an interrupted run", f"{again}: it removes it")

    def _check_range(self, record: ShardRecord) -> None:
        inside = record.shard < self.plan.shards and record.start == record.shard * self.plan.shard_size
        if not inside or not record.start < record.stop <= self.plan.count:
            where = f"{self.root / STATE_DIR}/shards/{shard_name(record.shard)}.json"
            self._report.add(where, "does not belong to this dataset", "remove the file, then generate again")
            self.stops.pop(record.shard, None)
