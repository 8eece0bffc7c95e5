"""Work on pictures ahead of whoever writes them, in order: the first ones in threads, many in processes.

Threads wait for each other whenever one of them is in Python, which is a third of the time of a page with twenty crops;
processes do not, but take half a second to start, in which the threads go on.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import current_process, get_context
from typing import Generic, TypeVar

import cv2

from synthtext.convert.memory import keep_freed
from synthtext.labels.picture import Picture
from synthtext.processes import end_with_parent, hidden_main

Made = TypeVar("Made")

_MOST_CORES = 8
# So many pages are worth processes; to each go so many at a time, and so many wait for whoever writes.
_MANY, _CHUNK, _AHEAD = 150, 8, 4
_CHUNK_BYTES = 8 << 20


def ahead(
    pictures: Iterable[Picture], work: Callable[[Picture], Made], workers: int = 0
) -> Iterator[tuple[Picture, Made]]:
    """Yield pictures with what was made of them, in order. Crops, which are only looked at, are not worth passing on.

    Args:
        work: can be pickled, and so can what it makes.
        workers: processes, or threads while there are few pictures; 0 for as many as there are cores, eight at most.
    """
    waiting: deque[_Job[Made]] = deque()
    chunk: list[Picture] = []
    with _one_thread_each(), _Hands(work, workers or min(os.cpu_count() or 1, _MOST_CORES)) as hands:
        for picture in pictures:
            if picture.text is not None:
                waiting.extend(hands.jobs(chunk))
                chunk = []
                while waiting:
                    yield from waiting.popleft().done(work)
                yield picture, work(picture)
                continue
            chunk.append(picture)
            if len(chunk) < hands.chunk and sum(len(one.image) for one in chunk) < _CHUNK_BYTES:
                continue
            waiting.extend(hands.jobs(chunk))
            chunk = []
            while len(waiting) > hands.most:
                yield from waiting.popleft().done(work)
        waiting.extend(hands.jobs(chunk))
        while waiting:
            yield from waiting.popleft().done(work)


class _Job(Generic[Made]):
    """Pictures that someone works on."""

    def __init__(self, pictures: list[Picture], future: Future[list[Made]]) -> None:
        self._pictures = pictures
        self._future = future

    def done(self, work: Callable[[Picture], Made]) -> Iterator[tuple[Picture, Made]]:
        """Wait, and yield what was made; what a process left undone when it died is done here."""
        try:
            made = self._future.result()
        except BrokenProcessPool:
            made = list(map(work, self._pictures))
        return zip(self._pictures, made, strict=True)


class _Hands(Generic[Made]):
    """Threads, and processes once there is enough to do."""

    def __init__(self, work: Callable[[Picture], Made], workers: int) -> None:
        self._work = work
        self._workers = workers
        self._seen = 0
        # One thread more than cores: now and then each waits for Python.
        self._threads = ThreadPoolExecutor(workers + 1)
        self._processes: ProcessPoolExecutor | None = None
        self._up: Future[None] | None = None
        keep_freed()

    def __enter__(self) -> _Hands[Made]:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)
        if self._processes is not None:
            self._processes.shutdown(wait=True, cancel_futures=True)

    @property
    def chunk(self) -> int:
        """How many pictures make a job."""
        return _CHUNK if self._started else 1

    @property
    def most(self) -> int:
        """How many jobs may wait."""
        return _AHEAD * self._workers if self._started else _AHEAD * _CHUNK

    def jobs(self, pictures: list[Picture]) -> list[_Job[Made]]:
        """Have work begun on pictures; return the job, none for no pictures."""
        if not pictures:
            return []
        self._seen += len(pictures)
        if self._seen > _MANY and self._processes is None and self._workers > 1 and not current_process().daemon:
            self._start()
        if self._processes is not None and self._started:
            try:
                with hidden_main():  # it starts a process again that had nothing to do
                    return [_Job(pictures, self._processes.submit(_each, self._work, pictures))]
            except BrokenProcessPool:  # threads are slower, but here
                self._up = None
        return [_Job(pictures, self._threads.submit(_each, self._work, pictures))]

    @property
    def _started(self) -> bool:
        return self._up is not None and self._up.done() and self._up.exception() is None

    def _start(self) -> None:
        self._processes = ProcessPoolExecutor(self._workers, get_context("spawn"), _begin)
        with hidden_main():
            self._up = self._processes.submit(_nothing)


def _begin() -> None:
    cv2.setNumThreads(1)
    keep_freed()
    end_with_parent()


def _nothing() -> None:
    return None


def _each(work: Callable[[Picture], Made], pictures: list[Picture]) -> list[Made]:
    return list(map(work, pictures))


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Keep OpenCV from dividing small crops among threads of its own, which wait longer than they work."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)
