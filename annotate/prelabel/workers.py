"""Processes that hold a reader each: one that hangs or dies is replaced, and its task ends as an outcome."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

import cv2

from annotate.errors import NotFound, ServiceError
from annotate.media import read_image
from annotate.prelabel.opening import open_reader
from annotate.prelabel.reader import Found, Read, crop_of
from annotate.prelabel.schedule import Task
from annotate.reasons import Reason, reason_of
from annotate.records import Picture
from annotate.workspace import Workspace
from synthtext.errors import SynthtextError
from synthtext.geometry import Image
from synthtext.processes import end_with_parent, hidden_main

_START_SECONDS = 300.0
_NICE = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """How a task ended: with what was found or read, or with the reason why not."""

    task: Task
    result: Any = None
    fault: str | None = None
    seconds: float = 0.0


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    task: Task | None = None
    since: float = 0.0


class Readers:
    """Workers with the same reader.

    Args:
        spec: of the reader, see `opening`.
        timeout_s: a task that takes longer ends as a fault, and its worker with it.

    Raises:
        ServiceError: the reader cannot be opened; says why.
    """

    def __init__(self, spec: str, workspace: Workspace, workers: int, timeout_s: float = 60.0) -> None:
        self._spec, self._workspace, self._timeout_s = spec, workspace, timeout_s
        self._workers: list[_Worker] = []
        try:
            self._workers += [self._started() for _ in range(workers)]
            for worker in self._workers:
                self._await_ready(worker)
        except BaseException:
            self.close()
            raise

    @property
    def busy(self) -> int:
        """How many workers have a task."""
        return sum(worker.task is not None for worker in self._workers)

    @property
    def idle(self) -> bool:
        """Whether a worker has none."""
        return self.busy < len(self._workers)

    def start(self, task: Task, picture: Picture) -> None:
        """Give a task to an idle worker."""
        worker = next(worker for worker in self._workers if worker.task is None)
        worker.task, worker.since = task, time.monotonic()
        with suppress(OSError):  # it may have died since; `wait` finds that out
            worker.pipe.send((task, picture))

    def wait(self) -> list[Answer]:
        """Return the tasks that have ended, at least one; empty when none is going on."""
        busy = [worker for worker in self._workers if worker.task is not None]
        if not busy:
            return []
        due = min(worker.since for worker in busy) + self._timeout_s
        ready = wait([worker.pipe for worker in busy], max(0.0, due - time.monotonic()))
        answers = [self._answer(worker) for worker in busy if worker.pipe in ready]
        late = time.monotonic() - self._timeout_s
        hanging = [worker for worker in busy if worker.pipe not in ready and worker.since <= late]
        answers += [self._replaced(worker, Reason("reader.slow", seconds=self._timeout_s)) for worker in hanging]
        return answers or self.wait()

    def close(self) -> None:
        """End all workers, whatever they are doing."""
        for worker in self._workers:
            _end(worker)
        self._workers = []

    def _answer(self, worker: _Worker) -> Answer:
        task, seconds = worker.task, time.monotonic() - worker.since
        assert task is not None, "only busy workers are waited for"
        try:
            kind, value = worker.pipe.recv()
        except (EOFError, OSError):
            worker.process.join(5)
            return self._replaced(worker, Reason("reader.crashed", exit=str(worker.process.exitcode)))
        worker.task = None
        return Answer(task, value, None, seconds) if kind == "done" else Answer(task, None, value, seconds)

    def _replaced(self, worker: _Worker, fault: str) -> Answer:
        task = worker.task
        assert task is not None, "only busy workers are replaced"
        _end(worker)
        fresh = self._started()
        self._workers[self._workers.index(worker)] = fresh
        self._await_ready(fresh)
        return Answer(task, None, fault, time.monotonic() - worker.since)

    def _started(self) -> _Worker:
        context = get_context("spawn")
        here, there = context.Pipe()
        arguments = (there, self._spec, self._timeout_s, self._workspace)
        process = context.Process(target=_serve, args=arguments, daemon=True)
        with hidden_main():
            process.start()
        there.close()
        return _Worker(process, here)

    def _await_ready(self, worker: _Worker) -> None:
        try:
            if not worker.pipe.poll(_START_SECONDS):
                raise ServiceError(Reason("reader.opening", reader=self._spec, seconds=_START_SECONDS))
            kind, value = worker.pipe.recv()
        except (EOFError, OSError) as error:
            raise ServiceError(Reason("reader.died", reader=self._spec)) from error
        if kind != "ready":
            raise ServiceError(Reason("reader.closed", reader=self._spec, why=str(value)))


def _end(worker: _Worker) -> None:
    worker.process.kill()
    worker.process.join()
    worker.process.close()
    worker.pipe.close()


def _serve(pipe: Connection, spec: str, timeout_s: float, workspace: Workspace) -> None:
    """The life of a worker: open the reader, then do what comes through the pipe."""
    end_with_parent()
    os.nice(_NICE)
    cv2.setNumThreads(1)
    try:
        reader = open_reader(spec, timeout_s)
    except Exception as error:  # whatever an engine raises is told to whoever waits
        pipe.send(("fault", _told(error)))
        return
    pipe.send(("ready", None))
    shown: tuple[str, Image] | None = None
    while True:
        try:
            task, picture = pipe.recv()
        except EOFError:
            return
        try:
            if shown is None or shown[0] != picture.id:
                shown = picture.id, read_image(workspace, picture)
            pipe.send(("done", _done(reader, task, shown[1])))
        except Exception as error:  # a reader that throws is an outcome
            pipe.send(("fault", _told(error)))


def _done(reader: Any, task: Task, image: Image) -> Sequence[Found] | Sequence[Read]:
    if task.kind == "detect":
        found: Sequence[Found] = reader.detect(image)
        return list(found)
    reads: Sequence[Read] = reader.read([crop_of(image, place.points) for place in task.found])
    if len(reads) != len(task.places):
        raise ServiceError(f"the reader answered {len(reads)} readings for {len(task.places)} crops")
    return list(reads)


def _told(error: Exception) -> str:
    reason = reason_of(error)
    if reason is not None:
        return reason
    text = " ".join(str(error).split())[:500]
    return text if isinstance(error, SynthtextError | NotFound) and text else f"{type(error).__name__}: {text}"


def default_workers() -> int:
    """Return how many readers run at once when nobody says: one a core."""
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
