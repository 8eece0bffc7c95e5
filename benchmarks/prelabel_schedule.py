"""The scheduler of `annotate prelabel` against detection and recognition in fixed shares of the workers, in one run.

    python benchmarks/prelabel_schedule.py [--clips 6] [--frames 6] [--workers 2,4,8] [--rounds 2]

Clips of rendered frames (presets `video` and `document`: few and many lines) are read once with rapidocr, and the CPU
time of every task is measured. Then they are read by the scheduler and by pipelines in which some workers only detect
and the others only read what was detected. Told are the seconds until all is read and until the first clip is:

* on a clock that only the tasks move: free of what else the machine does;
* on the wall, with processes that sleep as long as rapidocr worked: free of the number of cores, but with the pipes and
  processes of `annotate prelabel`, and the best of the fixed shares;
* on the wall, with rapidocr itself, and as many workers as there are cores (`--rounds` of each, by turns; the best).
"""

from __future__ import annotations

import argparse
import heapq
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from schedulelib import sleeper, wall
from schedulelib.ways import AT_ONCE, Fixed, Pooled

from annotate.prelabel.opening import open_reader
from annotate.prelabel.reader import Found, Read, crop_of
from annotate.prelabel.schedule import Task
from annotate.prelabel.workers import Readers
from annotate.records import Picture
from annotate.workspace import open_workspace
from synthtext.api import load_config, samples
from synthtext.geometry import Image

_PLACE = Found(((0, 0), (1, 0), (1, 1), (0, 1)), 1.0)
_READ = Read("", 1.0)


@dataclass(slots=True)
class Cost:
    """What a picture takes: CPU seconds of detecting, and of reading each few crops."""

    detect: float
    places: int
    read: list[float] = field(default_factory=list)

    def of_each(self) -> list[float]:
        """Return the seconds that reading takes, by place."""
        shares = [(seconds, min(AT_ONCE, self.places - AT_ONCE * n)) for n, seconds in enumerate(self.read)]
        return [seconds / count for seconds, count in shares for _ in range(count)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=int, default=6)
    parser.add_argument("--frames", type=int, default=6)
    parser.add_argument("--workers", default="2,4,8")
    parser.add_argument("--rounds", type=int, default=2, help="of rapidocr itself; 0 leaves it out")
    asked = parser.parse_args()
    images = rendered(asked.clips * asked.frames)
    costs = measure(images)
    names = list(costs)
    clips = [names[start : start + asked.frames] for start in range(0, len(names), asked.frames)]
    detect = statistics.mean(cost.detect for cost in costs.values())
    read = statistics.mean(sum(cost.read) for cost in costs.values())
    print(f"{len(clips)} clips of {asked.frames} frames: detecting {detect:.2f} s, reading {read:.2f} s a frame (CPU)")
    print("| clock | workers | handed out | all read, s | first clip, s | against one pool |")
    print("| --- | ---: | --- | ---: | ---: | ---: |", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        sleeping = wall.stored(
            Path(folder, "sleeping"), [sleeper.picture_of(cost.detect, cost.of_each()) for cost in costs.values()]
        )
        for workers in map(int, asked.workers.split(",")):
            told = {way.name: simulated(way, clips, costs, workers) for way in _ways(workers)}
            _rows("simulated", workers, told)
            best = min((way for way in _ways(workers) if isinstance(way, Fixed)), key=lambda way: told[way.name][0])
            names_of = (Pooled.name, best.name)
            spec = "python:schedulelib.sleeper:Sleeper"
            _rows("wall, sleeping", workers, _on_the_wall(Path(folder), spec, workers, names_of, 1, clips, sleeping))
        if asked.rounds:
            cores = max(2, len(os.sched_getaffinity(0)))
            real = wall.stored(Path(folder, "real"), images)
            names_of = tuple(way.name for way in _ways(cores))
            told = _on_the_wall(Path(folder), "rapidocr", cores, names_of, asked.rounds, clips, real)
            _rows(f"wall, rapidocr (load {os.getloadavg()[0]:.1f})", cores, told)


def rendered(count: int) -> list[Image]:
    """Return frames, two with few lines for each with many."""
    few, many = samples(load_config("video"), count), samples(load_config("document"), count // 3 + 1)
    return [next(many if number % 3 == 2 else few).image for number in range(count)]


def measure(images: Sequence[Image]) -> dict[str, Cost]:
    """Read frames, and return what each took."""
    reader = open_reader("rapidocr")
    reader.read([crop_of(images[0], found.points) for found in reader.detect(images[0])])  # models warm up
    costs: dict[str, Cost] = {}
    for number, image in enumerate(images):
        began = time.process_time()
        found = reader.detect(image)
        cost = Cost(time.process_time() - began, len(found))
        for start in range(0, len(found), AT_ONCE):
            began = time.process_time()
            reader.read([crop_of(image, place.points) for place in found[start : start + AT_ONCE]])
            cost.read.append(time.process_time() - began)
        costs[f"{number}"] = cost
    return costs


def simulated(
    way: Pooled | Fixed, clips: Sequence[Sequence[str]], costs: dict[str, Cost], workers: int
) -> tuple[float, float]:
    """Return when all clips are read, and when the first one is, on a clock of its own."""
    for number, clip in enumerate(clips):
        way.add(f"{number}", clip)
    left, first, now = set(clips[0]), 0.0, 0.0
    going: list[tuple[float, int, Task]] = []
    begun = 0
    while True:
        while len(going) < workers and (task := way.next()) is not None:
            cost = costs[task.picture]
            takes = cost.detect if task.kind == "detect" else cost.read[task.places[0] // AT_ONCE]
            begun += 1
            heapq.heappush(going, (now + takes, begun, task))
        if not going:
            return now, first
        now, _, task = heapq.heappop(going)
        places = costs[task.picture].places if task.kind == "detect" else len(task.places)
        finished = way.take(task, [_PLACE] * places if task.kind == "detect" else [_READ] * places)
        if finished and task.picture in left:
            left.discard(task.picture)
            first = first if left else now


def _on_the_wall(
    folder: Path,
    spec: str,
    workers: int,
    names: Sequence[str],
    rounds: int,
    clips: Sequence[Sequence[str]],
    pictures: dict[str, Picture],
) -> dict[str, tuple[float, float]]:
    """Read the clips in some ways by turns, and return the seconds of the best round of each."""
    workspace = open_workspace(folder / "workspace", create=True)
    readers = Readers(spec, workspace, workers, timeout_s=300)
    told: dict[str, tuple[float, float]] = {}
    texts = set()
    try:
        wall.through(Pooled(workers), readers, [list(pictures)[:workers]], pictures)  # models warm up
        for _ in range(rounds):
            for way in (way for way in _ways(workers) if way.name in names):
                took = wall.through(way, readers, clips, pictures)
                texts.add(took.texts)
                told[way.name] = min(told.get(way.name, (float("inf"), 0.0)), (took.whole, took.first))
    finally:
        readers.close()
    if len(texts) > 1:
        sys.exit(f"the ways read different numbers of texts: {sorted(texts)}")
    return told


def _ways(workers: int) -> list[Pooled | Fixed]:
    return [Pooled(workers), *(Fixed(workers, detectors) for detectors in range(1, workers))]


def _rows(clock: str, workers: int, told: dict[str, tuple[float, float]]) -> None:
    pooled = told[Pooled.name][0]
    for name, (whole, first) in told.items():
        print(f"| {clock} | {workers} | {name} | {whole:.1f} | {first:.1f} | {whole / pooled:.2f} |", flush=True)


if __name__ == "__main__":
    main()
