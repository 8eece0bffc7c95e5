"""How many samples a second `synthtext.online` feeds into a training loop.

    python benchmarks/online_rate.py --preset rec-zh --size 32x512 --workers 2

The main process does nothing but take the batches. Wall time says what this machine gives now; the processor time of
all processes says what it would give if the workers had cores of their own, and does not mind other work that runs
meanwhile. Start-up and the first batches are left out.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import sys
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from synthtext.errors import SynthtextError

_TICKS = os.sysconf("SC_CLK_TCK")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a table, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--preset", default="rec-zh", help="of crops or of pages")
    parser.add_argument("--size", default="32x512", help="height x width of the crops or windows")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--count", type=int, default=6_400, help="samples a round")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    try:
        rates = measure(options)
    except (SynthtextError, ValueError) as error:
        print(f"online_rate.py: {error}", file=sys.stderr)
        return 2
    wall, cpu_ms, feeding_ms = (statistics.median(column) for column in zip(*rates, strict=True))
    print("| preset | workers | samples a second, wall | CPU ms a sample | of it the main process | with free cores |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    free = options.workers * 1000 / cpu_ms
    name = f"{options.preset} {options.size}"
    print(f"| {name} | {options.workers} | {wall:,.0f} | {cpu_ms:.3f} | {feeding_ms:.3f} | {free:,.0f} |")
    return 0


def measure(options: argparse.Namespace) -> list[tuple[float, float, float]]:
    """Return for each round: samples a second, and milliseconds of processors a sample, of all and of this process."""
    from torch.utils.data import DataLoader

    from synthtext.api import load_config
    from synthtext.online import CraftDataset, RecognitionDataset, Stream

    height, width = map(int, options.size.split("x"))
    config = load_config(options.preset)
    kind = RecognitionDataset if config.page is None else CraftDataset
    dataset = kind(config, size_hw=(height, width))
    batches = iter(DataLoader(Stream(dataset, options.batch), batch_size=None, num_workers=options.workers))
    steps = -(-options.count // options.batch)
    for _ in islice(batches, max(steps // 2, 4 * options.workers)):
        pass
    rounds = []
    for _ in range(options.rounds):
        wall, workers, own = time.perf_counter(), _workers_seconds(), time.process_time()
        for _ in islice(batches, steps):
            pass
        made = steps * options.batch
        main_s = time.process_time() - own
        all_s = main_s + _workers_seconds() - workers
        rounds.append((made / (time.perf_counter() - wall), 1000 * all_s / made, 1000 * main_s / made))
    return rounds


def _workers_seconds() -> float:
    """Return the processor time of all workers so far; this process's own when there are none is not in it."""
    total = 0
    for child in multiprocessing.active_children():
        fields = Path(f"/proc/{child.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / _TICKS


if __name__ == "__main__":
    sys.exit(main())
