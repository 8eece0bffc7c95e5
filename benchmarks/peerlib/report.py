"""Turn the runs of a comparison into a Markdown table, lost comparisons included."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median

from .generators import SYNTHTEXT, Generator
from .measure import Usage

_LANGUAGE_NAMES = {"en": "English", "zh": "Chinese"}
_PARALLEL = 1.1  # CPU time over wall clock from which a run counts as more than one thread
_HEAD = (
    "generator",
    "language",
    "settings",
    "CPU ms/image, median (min-max)",
    "images/s/core",
    "peak MB",
    f"ratio to {SYNTHTEXT}",
)


@dataclass(frozen=True)
class Slope:
    """The cost of one image in one round, start-up taken away; `short` images of the runs are missing."""

    cpu_ms: float
    wall_ms: float
    peak_mb: float
    short: int


@dataclass
class Row:
    """One generator in one language: the slopes of its rounds, or why there are none."""

    generator: Generator
    language: str
    version: str = "not installed"
    slopes: list[Slope] = field(default_factory=list)
    reason: str = ""

    @property
    def name(self) -> str:
        """Package and language, for progress lines."""
        return f"{self.generator.package} {self.language}"

    @property
    def measured(self) -> bool:
        """Whether every round of this row succeeded."""
        return bool(self.slopes) and not self.reason

    @property
    def cpu_ms(self) -> float:
        """Median CPU milliseconds an image over the rounds."""
        return median(slope.cpu_ms for slope in self.slopes)

    @property
    def wall_ms(self) -> float:
        """Median wall-clock milliseconds an image over the rounds."""
        return median(slope.wall_ms for slope in self.slopes)


def slope_between(small: Usage, large: Usage, written: tuple[int, int], asked: tuple[int, int]) -> Slope:
    """Return the cost of one more image, from a small and a large run; counts are (small, large)."""
    images = written[1] - written[0]
    return Slope(
        cpu_ms=1000 * (large.cpu_s - small.cpu_s) / images,
        wall_ms=1000 * (large.wall_s - small.wall_s) / images,
        peak_mb=large.peak_mb,
        short=sum(asked) - sum(written),
    )


def render_table(rows: Sequence[Row]) -> str:
    """Return the whole report in Markdown: the table, then what the table cannot say."""
    baseline = {row.language: row.cpu_ms for row in rows if row.generator.package == SYNTHTEXT and row.measured}
    lines = [_line(_HEAD), _line(["---"] * 3 + ["---:"] * 4)]
    lines += [_line(_cells(row, baseline.get(row.language))) for row in rows]
    return "\n".join([*lines, "", *_remarks(rows, baseline), ""])


def _cells(row: Row, baseline_ms: float | None) -> list[str]:
    head = [
        f"{row.generator.package} {row.version}",
        _LANGUAGE_NAMES[row.language],
        row.generator.settings,
    ]
    if not row.measured:
        return [*head, f"none: {row.reason}", "-", "-", "-"]
    each = [slope.cpu_ms for slope in row.slopes]
    return [
        *head,
        f"{row.cpu_ms:.2f} ({min(each):.2f}-{max(each):.2f})",
        f"{1000 / row.cpu_ms:.0f}",
        f"{max(slope.peak_mb for slope in row.slopes):.0f}",
        "-" if baseline_ms is None else f"{row.cpu_ms / baseline_ms:.1f}x",
    ]


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _remarks(rows: Sequence[Row], baseline: dict[str, float]) -> list[str]:
    remarks = [
        f"Measured {date.today().isoformat()} on {_machine()}. CPU is user + system of the whole process "
        "tree with one worker, start-up subtracted; peak is the largest process of the tree. A ratio "
        f"above 1 means that {SYNTHTEXT} needs less CPU for an image.",
        _losses(rows, baseline),
    ]
    for row in rows:
        if row.measured and row.wall_ms * _PARALLEL < row.cpu_ms:
            remarks.append(
                f"{row.name} works in more than one thread in spite of its one worker: {row.wall_ms:.2f} ms "
                "of wall clock an image."
            )
        short = sum(slope.short for slope in row.slopes)
        if short:
            remarks.append(f"{row.name} wrote {short} images fewer than asked, without an error.")
    return [f"* {remark}" for remark in remarks]


def _losses(rows: Sequence[Row], baseline: dict[str, float]) -> str:
    if not baseline:
        return f"No ratios: {SYNTHTEXT} was not measured."
    compared = [row for row in rows if row.measured and row.generator.package != SYNTHTEXT]
    lost = [row.name for row in compared if row.language in baseline and row.cpu_ms < baseline[row.language]]
    if lost:
        return f"{SYNTHTEXT} is slower than: {', '.join(lost)}."
    return f"{SYNTHTEXT} is slower than none of the generators measured."


def _machine() -> str:
    model = platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"
