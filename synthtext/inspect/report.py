"""What is in a dataset: one pass over all labels and headers, and a closer look at some images.

Nothing here judges whether the dataset is right; see `verify`.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from synthtext.engine.manifest import Manifest
from synthtext.inspect.coverage import CharCounter, Coverage
from synthtext.inspect.dataset import Dataset, is_pages, open_dataset
from synthtext.inspect.measure import Measure, measure
from synthtext.inspect.records import Record
from synthtext.inspect.words import report_lines
from synthtext.labels.faults import Fault
from synthtext.labels.ppocr import read_dict
from synthtext.labels.upright import look_at
from synthtext.writers import folder
from synthtext.writers.base import PARTS

BUCKETS = ("easy", "fairly easy", "medium", "fairly hard", "hard")
MEASURED = 2000
_PAGES_MEASURED = 100  # a page takes as long as fifty crops
_TABLES = ("fonts", "sources", "backgrounds", "effects", "ignored", "categories", "directions", "angles")
_PAGE_TABLES = {"lines": "lines a page", "line_px": "height of lines, px"}

_EXAMPLES = 12
_FAULTS = 20
_GOLDEN = 0x9E3779B97F4A7C15


@dataclass(frozen=True, slots=True)
class Spread:
    """The distribution of one number over samples."""

    least: float
    tenth: float
    median: float
    mean: float
    ninetieth: float
    most: float

    @classmethod
    def of(cls, counts: Mapping[float, int]) -> Spread | None:
        """Return the distribution of numbers, given as value -> how often; None for none at all."""
        if not counts:
            return None
        values = np.array(sorted(counts), np.float64)
        numbers = np.array([counts[value] for value in values.tolist()], np.int64)
        ends = np.cumsum(numbers)

        def at(share: float) -> float:
            return float(values[int(np.searchsorted(ends, round(share * (int(ends[-1]) - 1)), side="right"))])

        mean = float((values * numbers).sum() / ends[-1])
        return cls(float(values[0]), at(0.1), at(0.5), mean, at(0.9), float(values[-1]))


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One image of the closer look: its encoded file, text and measures."""

    image: bytes
    text: str
    where: str
    measure: Measure


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """What `inspect_dataset` found. Counts are of samples, sizes in pixels.

    Attributes:
        about: from the manifest: preset, seed, status, count, gaps, formats, made with which versions.
        partial: a limit ended the count before the dataset did.
        parts: samples by train, val and test.
        lengths: code points of a label -> labels.
        labels: texts in all: as many as there are samples, or the lines or words of all pages.
        ignored: labels of pages that must not count; not among the lengths.
        faults: what could not be read, the first 20; `faults_total` counts all.
        undecoded: images that are no JPEG or PNG, or broken off.
        coverage: of the dictionary; None where there is none.
        tables: fonts, sources, backgrounds (and their kinds), effects -> name -> samples, as the run
            counted them.
        measured: images of the closer look; the five fields after it are theirs.
        buckets: easy to hard, fifths of the scale of difficulty -> images.
        examples: images of each bucket, easiest first, for the contact sheet.
    """

    root: str
    about: dict[str, Any]
    samples: int
    partial: bool
    parts: dict[str, int]
    lengths: dict[int, int]
    labels: int
    ignored: int
    mean_length: float
    image_bytes: int
    widths: Spread | None
    heights: Spread | None
    faults: tuple[str, ...]
    faults_total: int
    undecoded: int
    coverage: Coverage | None
    tables: dict[str, dict[str, int]]
    measured: int
    contrast: Spread | None
    sharpness: Spread | None
    clutter: Spread | None
    noise: Spread | None
    difficulty: Spread | None
    buckets: dict[str, int]
    examples: dict[str, tuple[Example, ...]] = field(repr=False)

    def to_json(self) -> dict[str, Any]:
        """Return everything but the example images, as JSON can say it."""
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "examples"}
        for name, value in plain.items():
            if isinstance(value, (Spread, Coverage)):
                plain[name] = asdict(value)
        return plain | {"lengths": {str(length): number for length, number in self.lengths.items()}}

    def to_text(self) -> str:
        """Return the report as plain lines for a terminal."""
        return "\n".join(report_lines(self.to_json()))


def inspect_dataset(root: Path, limit: int | None = None, name: str | None = None) -> Report:
    """Return what is in a dataset.

    Args:
        root: a folder that synthtext generated or converted, or one in any format that it knows.
        limit: look at this many samples at most, those that come first.
        name: of the format of a dataset that synthtext did not make; what it looks like when left out.

    Raises:
        UserError: there is no dataset.
        DatasetError: the manifest is damaged.
    """
    dataset = open_dataset(Path(root), name)
    faults = _Faults()
    counting = _Counting(_dictionary(dataset, faults))
    chosen = _Chosen(_PAGES_MEASURED if is_pages(dataset) else MEASURED)
    records = dataset.records(faults)
    for record in islice(records, limit):
        counting.add(record)
        chosen.offer(record)
    partial = limit is not None and next(records, None) is not None
    looked = [example for example in map(_look, chosen.records()) if example is not None]
    looked.sort(key=lambda example: example.measure.difficulty)
    buckets = _bucketed(looked)
    return Report(
        root=str(root),
        about=_about(dataset.manifest),
        samples=counting.samples,
        partial=partial,
        parts={part: counting.parts[part] for part in PARTS},
        lengths=dict(sorted(counting.lengths.items())),
        labels=counting.labels,
        ignored=counting.ignored,
        mean_length=counting.mean_length,
        image_bytes=counting.image_bytes,
        widths=Spread.of(counting.widths),
        heights=Spread.of(counting.heights),
        faults=tuple(faults.first),
        faults_total=faults.total,
        undecoded=counting.undecoded,
        coverage=counting.chars.coverage(_per_char(dataset.manifest)),
        tables=_tables(dataset.manifest),
        measured=len(looked),
        contrast=_spread(looked, "contrast"),
        sharpness=_spread(looked, "sharpness"),
        clutter=_spread(looked, "clutter"),
        noise=_spread(looked, "noise"),
        difficulty=_spread(looked, "difficulty"),
        buckets={name: len(examples) for name, examples in buckets.items()},
        examples={name: _some(examples) for name, examples in buckets.items()},
    )


class _Faults:
    """Keeps the first faults, counts the rest."""

    def __init__(self) -> None:
        self.first: list[str] = []
        self.total = 0

    def __call__(self, fault: Fault) -> None:
        self.total += 1
        if len(self.first) < _FAULTS:
            self.first.append(str(fault))


class _Counting:
    """What is counted over all samples, in memory that does not grow with them."""

    def __init__(self, dictionary: Sequence[str]) -> None:
        self.samples = 0
        self.image_bytes = 0
        self.undecoded = 0
        self.labels = 0
        self.ignored = 0
        self.parts: Counter[str] = Counter()
        self.lengths: Counter[int] = Counter()
        self.widths: Counter[float] = Counter()
        self.heights: Counter[float] = Counter()
        self.chars = CharCounter(dictionary)

    def add(self, record: Record) -> None:
        data = record.image or b""
        self.samples += 1
        self.image_bytes += len(data)
        self.parts[record.part] += 1
        for text in self._texts(record):
            self.labels += 1
            if text or record.boxes is None:  # some formats of pages do not tell texts
                self.lengths[len(text)] += 1
                self.chars.add(text)
        header = look_at(data)
        if header is None or not header.whole:
            self.undecoded += 1
            return
        self.widths[header.size_wh[0]] += 1
        self.heights[header.size_wh[1]] += 1

    def _texts(self, record: Record) -> list[str]:
        if record.boxes is None:
            return [record.text]
        self.ignored += sum(box.ignore for box in record.boxes)
        return [box.text for box in record.boxes if not box.ignore]

    @property
    def mean_length(self) -> float:
        letters = sum(length * number for length, number in self.lengths.items())
        return letters / sum(self.lengths.values()) if self.lengths else 0.0


class _Chosen:
    """A choice of records that depends on nothing but their order: those with the smallest mixed numbers."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._heap: list[tuple[int, int, Record]] = []
        self._seen = 0

    def offer(self, record: Record) -> None:
        mixed = (self._seen + 1) * _GOLDEN & (1 << 64) - 1
        mixed = (mixed ^ mixed >> 31) * 0xBF58476D1CE4E5B9 & (1 << 64) - 1
        entry = (-mixed, self._seen, record)
        self._seen += 1
        if len(self._heap) < self._size:
            heapq.heappush(self._heap, entry)
        elif entry[0] > self._heap[0][0]:
            heapq.heapreplace(self._heap, entry)

    def records(self) -> list[Record]:
        """Return the chosen ones in the dataset's order."""
        return [record for _, _, record in sorted(self._heap, key=lambda entry: entry[1])]


def _look(record: Record) -> Example | None:
    data = record.image or b""
    header = look_at(data)
    if header is None or not header.whole:
        return None
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        return None
    pixels = cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
    return Example(data, record.text, record.image_where, measure(pixels))  # type: ignore[arg-type]


def _bucketed(examples: Sequence[Example]) -> dict[str, list[Example]]:
    buckets: dict[str, list[Example]] = {name: [] for name in BUCKETS}
    for example in examples:
        fifth = min(len(BUCKETS) - 1, int(example.measure.difficulty * len(BUCKETS)))
        buckets[BUCKETS[fifth]].append(example)
    return buckets


def _some(examples: Sequence[Example]) -> tuple[Example, ...]:
    """Return a few of them, evenly spread."""
    share = min(_EXAMPLES, len(examples))
    return tuple(examples[n * len(examples) // share] for n in range(share))


def _spread(examples: Sequence[Example], name: str) -> Spread | None:
    return Spread.of(Counter(float(getattr(example.measure, name)) for example in examples))


def _dictionary(dataset: Dataset, faults: _Faults) -> list[str]:
    root = dataset.stores[0].root
    path = (root.parent / folder.ROOT if is_pages(dataset) else root) / "dict.txt"
    return read_dict(path, faults) if path.is_file() else []


def _per_char(manifest: Manifest | None) -> int | None:
    text = manifest.config.get("text") if manifest is not None else None
    wanted = text.get("per_char") if isinstance(text, dict) else None
    return wanted if isinstance(wanted, int) else None


def _tables(manifest: Manifest | None) -> dict[str, dict[str, int]]:
    statistics = manifest.statistics if manifest is not None else {}
    tables = {name: statistics[name] for name in _TABLES if statistics.get(name)}
    for name, title in _PAGE_TABLES.items():
        if statistics.get(name):
            tables[title] = statistics[name]
    kinds: Counter[str] = Counter()
    for name, number in tables.get("backgrounds", {}).items():
        kinds[name.partition(":")[0]] += number
    if 1 < len(kinds) < len(tables["backgrounds"]):
        tables["kinds of background"] = dict(kinds.most_common())
    return tables


def _about(manifest: Manifest | None) -> dict[str, Any]:
    if manifest is None:
        return {}
    return {
        "preset": manifest.preset,
        "seed": manifest.seed,
        "status": manifest.status,
        "count": manifest.count,
        "gaps": len(manifest.gaps),
        "split": ":".join(map(str, manifest.split)),
        "formats": ", ".join(manifest.formats),
        "config digest": manifest.config_digest,
        "synthtext": manifest.environment.get("synthtext", "?"),
    }
