"""What is already done in a dataset's folder: which shards exist, which must be made, what they add up to."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from synthtext.engine.plan import Plan
from synthtext.engine.record import (
    Gap,
    ShardRecord,
    Statistics,
    read_checksums,
    read_record,
    recorded_shards,
    remove_record,
)
from synthtext.engine.shard import PARTIAL
from synthtext.writers.base import PARTS, Writer

# Where files are written under temporary names (`disk.replace_file`): a process that was killed leaves them.
_TEMPORARY = (".*.tmp", "*/.*.tmp", "craft/*/.*.tmp", ".synthtext/*/.*.tmp")


@dataclass(slots=True)
class Tally:
    """Many shards added up; `shards` ascending."""

    shards: list[int] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PARTS, 0))
    gaps: list[Gap] = field(default_factory=list)
    statistics: Statistics = field(default_factory=Statistics)
    image_bytes: int = 0
    outputs: set[str] = field(default_factory=set)

    @property
    def samples(self) -> int:
        """How many samples there are."""
        return sum(self.counts.values())

    def add(self, record: ShardRecord) -> None:
        """Add one shard."""
        self.shards.append(record.shard)
        for part, number in record.counts.items():
            self.counts[part] += number
        self.gaps.extend(record.gaps)
        self.statistics.merge(record.statistics)
        self.image_bytes += record.image_bytes
        self.outputs.update(record.outputs)


def valid_records(out: Path) -> Iterator[ShardRecord]:
    """Yield the records of all shards that are whole, ascending, one at a time."""
    for shard in recorded_shards(out):
        record = read_record(out, shard)
        if record is not None and all((out / output).exists() for output in record.outputs):
            yield record


def tally(out: Path) -> Tally:
    """Return what the shards of a dataset add up to."""
    total = Tally()
    for record in valid_records(out):
        total.add(record)
    return total


def stamp(out: Path, shards: Iterable[int]) -> str:
    """Return a text that is another one when samples are others or more: made of all checksums."""
    digest = hashlib.blake2b(digest_size=16)
    for shard in shards:
        digest.update(b"%d " % shard + read_checksums(out, shard).tobytes())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Stock:
    """What a run that goes on needs to know: the end of each finished shard, and the gaps in them."""

    stops: dict[int, int]
    gaps: list[Gap]

    def whole(self, plan: Plan) -> set[int]:
        """Return the shards that need not be made: all but one that a larger count extends."""
        return {shard for shard, stop in self.stops.items() if stop == plan.indices(shard).stop}

    def remaining(self, plan: Plan, wanted: Iterable[int]) -> list[int]:
        """Return those of the wanted shards that are to be made."""
        whole = self.whole(plan)
        return [shard for shard in wanted if shard not in whole]


def take_stock(out: Path, writers: Iterable[Writer]) -> Stock:
    """Return what is there, and remove what an interrupted run left.

    That is: rooms of unfinished shards, files under temporary names, damaged records, and outputs without a record.
    """
    shutil.rmtree(out / PARTIAL, ignore_errors=True)
    for pattern in _TEMPORARY:
        for left in out.glob(pattern):
            left.unlink(missing_ok=True)
    stock = Stock({}, [])
    wanted: set[str] = set()
    for record in valid_records(out):
        stock.stops[record.shard] = record.stop
        stock.gaps.extend(record.gaps)
        wanted.update(record.outputs)
    for shard in recorded_shards(out):
        if shard not in stock.stops:
            remove_record(out, shard)
    for path in strays(writers, wanted):
        if (out / path).is_dir():
            shutil.rmtree(out / path)
        else:
            (out / path).unlink()
    return stock


def strays(writers: Iterable[Writer], wanted: set[str]) -> list[str]:
    """Return the outputs in place that no record names, relative to the dataset."""
    return [path for writer in writers for path in writer.outputs() if path not in wanted]
