"""How a run is going, and why it may end early: too many gaps, a disk that cannot hold the rest."""

from __future__ import annotations

import shutil
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass

from synthtext.engine.ledger import Stock
from synthtext.engine.record import ShardRecord
from synthtext.engine.shard import Task
from synthtext.engine.subset import Ranges, holds, sample_count
from synthtext.errors import RunError
from synthtext.labels.formats import disk_need, maps_need

_GAPS_ALLOWED = 3
_SAMPLES_A_GAP = 10_000
_RATE_WINDOW_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How a run is going.

    Attributes:
        done: samples made, gaps included, also by earlier runs.
        total: samples asked for.
        rate: samples a second, over the last half minute; 0 until known.
        eta_s: seconds left, None until known.
        workers: at work.
    """

    done: int
    total: int
    rate: float
    eta_s: float | None
    workers: int


class Meter:
    """Watches a run.

    Args:
        task: of the run.
        wanted: the shards to be there in the end.
        stock: what is there already.
        progress: called with what is done.

    Attributes:
        made: samples made so far by this run.
    """

    def __init__(self, task: Task, wanted: Ranges, stock: Stock, progress: Callable[[Progress], None]) -> None:
        self._task = task
        self._progress = progress
        whole = {shard for shard in stock.whole(task.plan) if holds(wanted, shard)}
        self._total = sample_count(wanted, task.plan)
        self._left = self._total - sum(len(task.plan.indices(shard)) for shard in whole)
        self._gaps = [gap for gap in stock.gaps if task.plan.shard_of(gap.index) in whole]
        self._seen: deque[tuple[float, int]] = deque([(time.monotonic(), self._total - self._left)])
        self._measured = False
        self.made = 0

    def check_disk(self, image_bytes: float, workers: int = 1) -> None:
        """Make sure that the rest fits, with images of this mean size.

        Args:
            workers: on a stage for a URL there need only be room for a shard of each.

        Raises:
            RunError: it does not.
        """
        task = self._task
        maps = maps_need(task.options.pages, task.page_px)
        left = self._left if task.url is None else min(self._left, workers * task.plan.shard_size)
        need = disk_need(task.formats, left, image_bytes, task.page_px, maps)
        free = shutil.disk_usage(task.out).free
        if need > free:
            advice = "free some space, or choose another --out"
            if maps * left > 0.5 * need:
                advice += f" ({size_text(maps * left)} are score maps and masks: --maps u8 needs less)"
            raise RunError(
                f"{task.out}: the {left:,} samples still to be made need about {size_text(need)}, the "
                f"disk has {size_text(free)} free; {advice}"
            )

    def finished(self, record: ShardRecord) -> None:
        """Count a shard.

        Raises:
            RunError: there are too many gaps by now, or the rest does not fit on the disk.
        """
        self._left -= record.stop - record.start
        self.made += record.samples
        self._gaps.extend(record.gaps)
        self._check_gaps()
        if not self._measured and record.samples:
            self._measured = True
            self.check_disk(record.image_bytes / record.samples)

    def working(self, done: int, workers: int) -> None:
        """Tell how far the run is, with so many samples of unfinished shards done."""
        now = time.monotonic()
        total = self._total
        reached = total - self._left + done
        self._seen.append((now, reached))
        while now - self._seen[0][0] > _RATE_WINDOW_SECONDS and len(self._seen) > 2:
            self._seen.popleft()
        then, before = self._seen[0]
        rate = max(0.0, (reached - before) / (now - then)) if now > then else 0.0
        self._progress(Progress(reached, total, rate, (total - reached) / rate if rate else None, workers))

    def _check_gaps(self) -> None:
        allowed = max(_GAPS_ALLOWED, self._total // _SAMPLES_A_GAP)
        if len(self._gaps) <= allowed:
            return
        reasons = Counter(reason for gap in self._gaps for reason in gap.reasons)
        shown = ", ".join(f"{reason} {number} times" for reason, number in reasons.most_common(3))
        first = ", ".join(str(gap.index) for gap in self._gaps[:5])
        raise RunError(
            f"{len(self._gaps)} samples could not be made ({first}, ...), {allowed} would be allowed; every "
            f"attempt was refused: {shown}; the configuration asks for what cannot be drawn"
        )


def size_text(size: float) -> str:
    """Return a number of bytes as a person says it."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit != "GB" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
