"""What is kept about a finished shard: counts, gaps, statistics, and a checksum of every sample.

.synthtext/shards/00012.json    written last: a shard without it does not exist
.synthtext/shards/00012.crc     two uint32 (little-endian) a sample: CRC-32 of the image file and of the text;
                                0, 0 for a gap
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthtext.quads import side_lengths
from synthtext.values import Sample
from synthtext.writers.base import PARTS, STATE_DIR, shard_name
from synthtext.writers.disk import replace_file

Checksums = NDArray[np.uint32]

_SHARDS = f"{STATE_DIR}/shards"
_WIDTH_STEP_PX = 16
_CONTRAST_STEP = 5
_EM_STEP_PX = 4
_ANGLE_STEP_DEG = 10

# name of the table -> whether its keys are numbers
_TABLES = {
    "fonts": False,
    "sources": False,
    "backgrounds": False,
    "effects": False,
    "text_lengths": True,
    "widths": True,
    "heights": True,
    "em_px": True,
    "contrast": True,
    "attempts": True,
    # Of pictures with many lines: how many a picture, and of each line.
    "lines": True,
    "line_px": True,
    "angles": True,
    "directions": False,
    "categories": False,
    "ignored": False,
}


class Statistics:
    """How often each font, source, effect, length, ... occurs.

    Numbers are counted by the lower end of their bin: 16 px for widths, 4 px for em sizes and lines' heights, 5 for
    contrast, 10 degrees for angles; lengths and heights one by one. Of a picture with many lines each is counted.
    """

    def __init__(self) -> None:
        self.tables: dict[str, dict[Any, int]] = {name: {} for name in _TABLES}

    def add(self, sample: Sample, size_wh: tuple[int, int]) -> None:
        """Count one sample, whose file has this size."""
        made = sample.provenance
        tables = self.tables
        for name, items in (("fonts", made.fonts), ("effects", made.effects)):
            table = tables[name]
            for item in items:
                table[item] = table.get(item, 0) + 1
        for name, key in (
            ("sources", made.source),
            ("backgrounds", made.background),
            ("widths", size_wh[0] // _WIDTH_STEP_PX * _WIDTH_STEP_PX),
            ("heights", size_wh[1]),
            ("em_px", int(made.em_px) // _EM_STEP_PX * _EM_STEP_PX),
            ("contrast", int(made.contrast) // _CONTRAST_STEP * _CONTRAST_STEP),
            ("attempts", made.attempt + 1),
        ):
            table = tables[name]
            table[key] = table.get(key, 0) + 1
        lengths = tables["text_lengths"]
        for instance in sample.instances:
            lengths[len(instance.text)] = lengths.get(len(instance.text), 0) + 1

    def add_lines(self, sample: Sample) -> None:
        """Count the lines of a picture: how large they are, which way they run, which are to be ignored and why."""
        counts = self.tables["lines"]
        counts[len(sample.instances)] = counts.get(len(sample.instances), 0) + 1
        for instance in sample.instances:
            top, right, bottom, left = side_lengths(instance.quad[None])[0].tolist()
            across = (top + bottom if instance.direction == "ttb" else left + right) / 2
            dx, dy = (instance.quad[1] - instance.quad[0]).tolist()
            for name, key in (
                ("line_px", int(across) // _EM_STEP_PX * _EM_STEP_PX),
                ("angles", math.floor(math.degrees(math.atan2(dy, dx)) / _ANGLE_STEP_DEG + 0.5) * _ANGLE_STEP_DEG),
                ("directions", instance.direction),
                ("categories", instance.category),
                ("ignored", instance.ignore or "not ignored"),
            ):
                table = self.tables[name]
                table[key] = table.get(key, 0) + 1

    def merge(self, other: Statistics) -> None:
        """Add the counts of another shard."""
        for name, counts in other.tables.items():
            table = self.tables[name]
            for key, number in counts.items():
                table[key] = table.get(key, 0) + number

    def to_json(self) -> dict[str, dict[str, int]]:
        """Return the tables with text keys: numbers ascending, names by how often they occur."""
        result = {}
        for name, table in self.tables.items():
            order = sorted(table.items()) if _TABLES[name] else sorted(table.items(), key=lambda kv: (-kv[1], kv[0]))
            result[name] = {str(key): number for key, number in order}
        return result

    @classmethod
    def from_json(cls, data: Mapping[str, Mapping[str, int]]) -> Statistics:
        """Return what `to_json` wrote; tables that this version does not know are left out."""
        result = cls()
        for name, numeric in _TABLES.items():
            table = data.get(name, {})
            result.tables[name] = {int(key) if numeric else key: int(number) for key, number in table.items()}
        return result


@dataclass(frozen=True, slots=True)
class Gap:
    """A sample that could not be made, and why each attempt at it was refused."""

    index: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShardRecord:
    """A finished shard.

    Attributes:
        shard: its number.
        start: its first index.
        stop: the index after its last; below the end of the shard in the last shard of a run.
        counts: samples by part.
        gaps: samples that could not be made.
        statistics: of the samples.
        image_bytes: of all image files together.
        outputs: its files and folders, relative to the dataset.
        seconds: that making it took.
    """

    shard: int
    start: int
    stop: int
    counts: dict[str, int]
    gaps: tuple[Gap, ...]
    statistics: Statistics = field(repr=False)
    image_bytes: int
    outputs: tuple[str, ...]
    seconds: float

    @property
    def samples(self) -> int:
        """How many samples there are."""
        return sum(self.counts.values())


def record_files(record: ShardRecord, checksums: Checksums) -> tuple[tuple[str, bytes], tuple[str, bytes]]:
    """Return path and content of the files of a record, relative to the dataset, in the order of writing."""
    stem = f"{_SHARDS}/{shard_name(record.shard)}"
    raw = checksums.astype("<u4").tobytes()
    data = asdict(record) | {"statistics": record.statistics.to_json(), "checksums_crc": zlib.crc32(raw)}
    return (f"{stem}.crc", raw), (f"{stem}.json", (json.dumps(data, ensure_ascii=False) + "\n").encode())


def write_record(out: Path, record: ShardRecord, checksums: Checksums) -> None:
    """Write the record of a published shard; from now on the shard exists."""
    (out / _SHARDS).mkdir(parents=True, exist_ok=True)
    for name, data in record_files(record, checksums):
        replace_file(out / name, data)


def read_record(out: Path, shard: int) -> ShardRecord | None:
    """Return the record of a shard; None when there is none or it is damaged."""
    path = out / _SHARDS / f"{shard_name(shard)}.json"
    try:
        data = json.loads(path.read_bytes())
        record = ShardRecord(
            shard=int(data["shard"]),
            start=int(data["start"]),
            stop=int(data["stop"]),
            counts={part: int(data["counts"][part]) for part in PARTS},
            gaps=tuple(Gap(int(gap["index"]), tuple(map(str, gap["reasons"]))) for gap in data["gaps"]),
            statistics=Statistics.from_json(data["statistics"]),
            image_bytes=int(data["image_bytes"]),
            outputs=tuple(map(str, data["outputs"])),
            seconds=float(data["seconds"]),
        )
        crc = int(data["checksums_crc"])
        raw = path.with_suffix(".crc").read_bytes()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    whole = record.shard == shard and len(raw) == 8 * (record.stop - record.start) and zlib.crc32(raw) == crc
    return record if whole else None


def read_checksums(out: Path, shard: int) -> Checksums:
    """Return (n, 2) uint32: CRC-32 of the image file and of the text of each sample of a shard."""
    raw = (out / _SHARDS / f"{shard_name(shard)}.crc").read_bytes()
    return np.frombuffer(raw, "<u4").reshape(-1, 2)


def remove_record(out: Path, shard: int) -> None:
    """Say that a shard does not exist; its outputs stay where they are."""
    for suffix in (".json", ".crc"):
        (out / _SHARDS / f"{shard_name(shard)}{suffix}").unlink(missing_ok=True)


def recorded_shards(out: Path) -> list[int]:
    """Return the numbers of all shards that have a record, ascending; the records may be damaged."""
    folder = out / _SHARDS
    names = (path.stem for path in folder.glob("*.json")) if folder.is_dir() else ()
    return sorted(int(name) for name in names if name.isascii() and name.isdigit())


def total_counts(records: Iterable[ShardRecord]) -> dict[str, int]:
    """Return the samples of each part over many shards."""
    totals = dict.fromkeys(PARTS, 0)
    for record in records:
        for part, number in record.counts.items():
            totals[part] += number
    return totals
