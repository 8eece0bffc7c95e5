"""What a run is asked for, and what it says in the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from synthtext.engine.record import Gap
from synthtext.engine.shard import BUG, Make
from synthtext.writers.base import WriterOptions


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
        out: the dataset's folder or URL.
        status: `complete`, or `stopped` by Ctrl-C: the same command goes on.
        count: samples asked for, in the shards asked for.
        counts: samples there are, by part.
        gaps: samples that could not be made.
        made: samples that this run made.
        seconds: that this run took.
        image_bytes: of all image files together.
        notes: what the user should know, a line each.
    """

    out: Path | str
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


def bug_notes(gaps: Sequence[Gap], seed: int) -> list[str]:
    """Return a line on the samples that raised an error; none when every gap was refused by a stage."""
    bugs = [gap.index for gap in gaps if any(reason.startswith(BUG) for reason in gap.reasons)]
    if not bugs:
        return []
    return [
        f"{len(bugs)} samples raised an error ({', '.join(map(str, bugs[:5]))}); this is a bug, please report it with "
        f"index and seed {seed}, the preset and any --set"
    ]
