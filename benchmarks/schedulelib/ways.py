"""Ways of handing out the work of finding and reading text: the scheduler of `annotate prelabel`, and fixed shares."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import cast

from annotate.prelabel.reader import Found, Read
from annotate.prelabel.schedule import Schedule, Task

AT_ONCE = 8


class Fixed:
    """Hands out work in fixed shares: `detectors` workers only detect, the others only read."""

    def __init__(self, workers: int, detectors: int) -> None:
        self.name = f"{detectors} detect, {workers - detectors} read"
        self._detectors, self._readers = detectors, workers - detectors
        self._waiting: deque[Task] = deque()
        self._to_read: deque[Task] = deque()
        self._open: dict[str, int] = {}
        self._going = {"detect": 0, "read": 0}

    def add(self, key: str, pictures: Sequence[str]) -> None:
        """Add a clip behind those that wait."""
        self._waiting += [Task("detect", key, picture) for picture in pictures]

    def next(self) -> Task | None:
        """Return what a free worker does next; None when those of its kind are busy or have nothing to do."""
        if self._to_read and self._going["read"] < self._readers:
            self._going["read"] += 1
            return self._to_read.popleft()
        if self._waiting and self._going["detect"] < self._detectors:
            self._going["detect"] += 1
            return self._waiting.popleft()
        return None

    def take(self, task: Task, result: Sequence[Found] | Sequence[Read]) -> bool:
        """Take what was found or read, and tell whether the picture is finished."""
        self._going[task.kind] -= 1
        if task.kind == "detect":
            found = cast("Sequence[Found]", result)
            places = range(len(found))
            chunks = [tuple(places[start : start + AT_ONCE]) for start in range(0, len(places), AT_ONCE)]
            self._open[task.picture] = len(chunks)
            self._to_read += [
                Task("read", task.clip, task.picture, chunk, tuple(found[place] for place in chunk)) for chunk in chunks
            ]
        else:
            self._open[task.picture] -= 1
        return self._open[task.picture] == 0


class Pooled:
    """Hands out work as `annotate prelabel` does."""

    name = "one pool"

    def __init__(self, workers: int) -> None:
        self._schedule = Schedule(workers)

    def add(self, key: str, pictures: Sequence[str]) -> None:
        """Add a clip behind those that wait."""
        self._schedule.add(key, pictures, newest=False)

    def next(self) -> Task | None:
        """Return what a free worker does next."""
        return self._schedule.next()

    def take(self, task: Task, result: Sequence[Found] | Sequence[Read]) -> bool:
        """Take what was found or read, and tell whether the picture is finished."""
        if task.kind == "detect":
            return self._schedule.detected(task, cast("list[Found]", result)) is not None
        return self._schedule.read(task, cast("list[Read]", result)) is not None
