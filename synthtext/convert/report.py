"""What came of a conversion: counts in and out, what was left out and why, what was mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from synthtext.errors import DatasetError
from synthtext.labels.faults import Fault

_SHOWN = 20


@dataclass(slots=True)
class Report:
    """Counts of one conversion; pictures are pages or crops.

    Attributes:
        read: pictures that the sources hold.
        texts: boxes of pages, or texts of crops, that they hold.
        parts: pictures that were kept, by part.
        categories: boxes by category, as the sources tell them; counted when some are chosen.
        kept: boxes or texts that were kept, of which `ignored` are to be ignored.
        refused: why pictures were left out altogether.
        mended: what was done to boxes and texts, and why some were left out.
        written: pictures by format.
        dropped: by format, why pictures, boxes or crops could not be written in it.
        faults: the first of what could not be read; `faults_total` counts all.
        faulty: pictures that were left out or part of whose labels could not be read.
        misread: texts of pictures that could not be read.
        lost: faults of what did not become a picture at all.
        mixed: pictures from sets that were mixed in, by set.
        notes: what the user should know.
    """

    read: int = 0
    texts: int = 0
    parts: Counter[str] = field(default_factory=Counter)
    categories: Counter[str] = field(default_factory=Counter)
    kept: int = 0
    ignored: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    mended: Counter[str] = field(default_factory=Counter)
    written: Counter[str] = field(default_factory=Counter)
    dropped: dict[str, Counter[str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    faults_total: int = 0
    faulty: int = 0
    misread: int = 0
    lost: int = 0
    mixed: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def fault(self, fault: Fault) -> None:
        """Keep what is wrong with a source."""
        self.faults_total += 1
        if len(self.faults) < _SHOWN:
            self.faults.append(fault)

    def check(self) -> None:
        """Make sure that most of what was read is right: else it was probably read as what it is not.

        Raises:
            DatasetError: it is not.
        """
        pictures, texts = self.read + self.lost, self.texts + self.misread
        faulty = self.faulty + self.lost
        if 2 * faulty > pictures or 2 * self.misread > texts:
            raise DatasetError(
                f"{faulty:,} of {pictures:,} pictures have faults, {self.misread:,} of {texts:,} texts could not be "
                f"read ({self.faults[0]}); mend them, or name the right format, before what was written is used"
            )

    def to_json(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return {
            "read": self.read,
            "texts": self.texts,
            "parts": dict(self.parts),
            "categories": dict(self.categories),
            "kept": self.kept,
            "ignored": self.ignored,
            "refused": dict(self.refused),
            "mended": dict(self.mended),
            "written": dict(self.written),
            "dropped": {name: dict(reasons) for name, reasons in self.dropped.items()},
            "faults": [str(fault) for fault in self.faults],
            "faults_total": self.faults_total,
            "faulty": self.faulty,
            "misread": self.misread,
            "lost": self.lost,
            "mixed": dict(self.mixed),
            "notes": self.notes,
        }

    def lines(self) -> Iterator[str]:
        """Yield sentences for a terminal."""
        parts = ", ".join(f"{part or 'no part'} {count:,}" for part, count in self.parts.items())
        yield f"read {self.read:,} pictures with {self.texts:,} texts"
        ignored = f", {self.ignored:,} of them to be ignored" if self.ignored else ""
        yield f"kept {sum(self.parts.values()):,} ({parts}) with {self.kept:,} texts{ignored}"
        for name, count in self.mixed.items():
            yield f"mixed in {count:,} pictures of {name}"
        for name, count in self.written.items():
            yield f"wrote {count:,} pictures as {name}"
            yield from (f"  not written: {number:,} x {why}" for why, number in self.dropped.get(name, {}).items())
        for why, number in self.refused.items():
            yield f"left out {number:,} pictures: {why}"
        for what, number in self.mended.items():
            yield f"{what}: {number:,}"
        if self.faults_total:
            yield f"{self.faults_total:,} faults in what was read:"
            yield from (f"  {fault}" for fault in self.faults)
            if self.faults_total > len(self.faults):
                yield f"  and {self.faults_total - len(self.faults):,} more"
        yield from self.notes
