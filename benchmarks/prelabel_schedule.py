"""The scheduler of `annotate prelabel` against detection and recognition in fixed shares of the workers, in one run.

    python benchmarks/prelabel_schedule.py [--clips 6] [--frames 6] [--workers 2,4,8]

Clips of rendered frames (presets `video` and `document`: few and many lines) are read once with rapidocr, and the CPU
time of every task is measured. Then the same tasks are handed out, on a clock that only they move, by the scheduler
itself and by pipelines in which some workers only detect and the others only read what was detected: so the comparison
does not depend on what else the machine does. Told are the time until all is read, and until the first clip is. The
frames take about 1.6 s of CPU each: 58 s for the 36 of the default.
"""

from __future__ import annotations

import argparse
import heapq
import statistics
import time
from collections import deque
from dataclasses import dataclass, field
from typing import cast

import numpy as np

from annotate.prelabel.opening import open_reader
from annotate.prelabel.reader import Found, Read, crop_of
from annotate.prelabel.schedule import Schedule, Task
from synthtext.api import load_config, samples

_AT_ONCE = 8
_PLACE = Found(((0, 0), (1, 0), (1, 1), (0, 1)), 1.0)
_READ = Read("", 1.0)


@dataclass(slots=True)
class Cost:
    """What a picture takes: CPU seconds of detecting, and of reading each few crops."""

    detect: float
    places: int
    read: list[float] = field(default_factory=list)


class Fixed:
    """Hands out work in fixed shares: `detectors` workers only detect, the others only read."""

    def __init__(self, workers: int, detectors: int) -> None:
        self._detectors, self._readers = detectors, workers - detectors
        self._waiting: deque[Task] = deque()
        self._to_read: deque[Task] = deque()
        self._open: dict[str, int] = {}
        self._going = {"detect": 0, "read": 0}

    def add(self, key: str, pictures: list[str]) -> None:
        self._waiting += [Task("detect", key, picture) for picture in pictures]

    def next(self) -> Task | None:
        if self._to_read and self._going["read"] < self._readers:
            self._going["read"] += 1
            return self._to_read.popleft()
        if self._waiting and self._going["detect"] < self._detectors:
            self._going["detect"] += 1
            return self._waiting.popleft()
        return None

    def take(self, task: Task, result: list[Found] | list[Read]) -> bool:
        """Take what was found or read, and tell whether the picture is finished."""
        self._going[task.kind] -= 1
        if task.kind == "detect":
            places = range(len(result))
            chunks = [tuple(places[start : start + _AT_ONCE]) for start in range(0, len(places), _AT_ONCE)]
            self._open[task.picture] = len(chunks)
            self._to_read += [Task("read", task.clip, task.picture, chunk) for chunk in chunks]
        else:
            self._open[task.picture] -= 1
        return self._open[task.picture] == 0


class Pooled:
    """Hands out work as `annotate prelabel` does."""

    def __init__(self, workers: int) -> None:
        self._schedule = Schedule(workers)

    def add(self, key: str, pictures: list[str]) -> None:
        self._schedule.add(key, pictures, newest=False)

    def next(self) -> Task | None:
        return self._schedule.next()

    def take(self, task: Task, result: list[Found] | list[Read]) -> bool:
        """Take what was found or read, and tell whether the picture is finished."""
        if task.kind == "detect":
            return self._schedule.detected(task, cast("list[Found]", result)) is not None
        return self._schedule.read(task, cast("list[Read]", result)) is not None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=int, default=6)
    parser.add_argument("--frames", type=int, default=6)
    parser.add_argument("--workers", default="2,4,8")
    asked = parser.parse_args()
    costs = measure(asked.clips * asked.frames)
    names = list(costs)
    clips = [names[start : start + asked.frames] for start in range(0, len(names), asked.frames)]
    detect = statistics.mean(cost.detect for cost in costs.values())
    read = statistics.mean(sum(cost.read) for cost in costs.values())
    print(f"{len(clips)} clips of {asked.frames} frames: detecting {detect:.2f} s, reading {read:.2f} s a frame (CPU)")
    print("| workers | handed out | all read, s | first clip, s | against one pool |")
    print("| ---: | --- | ---: | ---: | ---: |")
    for workers in map(int, asked.workers.split(",")):
        pooled, first = through(Pooled(workers), clips, costs, workers)
        print(f"| {workers} | one pool | {pooled:.1f} | {first:.1f} | 1.00 |")
        for detectors in range(1, workers):
            whole, first = through(Fixed(workers, detectors), clips, costs, workers)
            shares = f"{detectors} detect, {workers - detectors} read"
            print(f"| {workers} | {shares} | {whole:.1f} | {first:.1f} | {whole / pooled:.2f} |")


def measure(count: int) -> dict[str, Cost]:
    """Read rendered frames, two with few lines for each with many, and return what each took."""
    reader = open_reader("rapidocr")
    few, many = samples(load_config("video"), count), samples(load_config("document"), count // 3 + 1)
    costs: dict[str, Cost] = {}
    for number in range(count):
        image = next(many if number % 3 == 2 else few).image
        if not number:
            reader.read([crop_of(image, found.points) for found in reader.detect(image)])  # models warm up
        began = time.process_time()
        found = reader.detect(image)
        cost = Cost(time.process_time() - began, len(found))
        for start in range(0, len(found), _AT_ONCE):
            began = time.process_time()
            reader.read([crop_of(np.asarray(image), place.points) for place in found[start : start + _AT_ONCE]])
            cost.read.append(time.process_time() - began)
        costs[f"{number}"] = cost
    return costs


def through(way: Pooled | Fixed, clips: list[list[str]], costs: dict[str, Cost], workers: int) -> tuple[float, float]:
    """Return when all clips are read, and when the first one is."""
    for number, clip in enumerate(clips):
        way.add(f"{number}", clip)
    left, first, now = set(clips[0]), 0.0, 0.0
    going: list[tuple[float, int, Task]] = []
    begun = 0
    while True:
        while len(going) < workers and (task := way.next()) is not None:
            cost = costs[task.picture]
            takes = cost.detect if task.kind == "detect" else cost.read[task.places[0] // _AT_ONCE]
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


if __name__ == "__main__":
    main()
