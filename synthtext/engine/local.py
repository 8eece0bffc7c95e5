"""A pool of processes on this machine. The parent hands out one shard at a time and never holds a sample.

A worker that dies costs its shard, which is made again, at most `_RETRIES` times.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import Literal, Protocol

from synthtext.engine.record import ShardRecord
from synthtext.engine.shard import ShardMaker, Task, partial_room
from synthtext.engine.worker import THREAD_VARIABLES, Failed, Finished, Message, Ticked, serve
from synthtext.errors import RunError

Method = Literal["spawn", "fork"]

_RETRIES = 3
_WAKE_SECONDS = 0.5
_PATIENCE_SECONDS = 5.0


class Watch(Protocol):
    """Who wants to know how a run is going."""

    def finished(self, record: ShardRecord) -> None:
        """A shard is in place. What this raises ends the run."""

    def working(self, done: int, workers: int) -> None:
        """So many samples of unfinished shards are done, by so many workers; called about twice a second."""


def run_inline(task: Task, shards: Sequence[int], watch: Watch) -> None:
    """Make shards in this very process: for tests and for looking for bugs."""
    maker = ShardMaker(task, task.opener())
    for shard in shards:
        watch.finished(maker.make_shard(shard, lambda done: watch.working(done, 1)))


def run_local(task: Task, shards: Sequence[int], watch: Watch, workers: int, method: Method = "spawn") -> None:
    """Make shards with child processes.

    Whatever ends it (an error, Ctrl-C), no worker and no unfinished file is left behind.

    Raises:
        SynthtextError: as a worker raised it.
        RunError: a worker died again and again over one shard.
    """
    with _Pool(task, method) as pool:
        pool.run(shards, watch, workers)


@dataclass(slots=True, eq=False)
class _Worker:
    process: BaseProcess
    link: Connection
    shard: int | None = None
    done: int = 0

    @property
    def pid(self) -> int:
        return self.process.pid or 0


class _Pool:
    def __init__(self, task: Task, method: Method) -> None:
        self._task = task
        self._method = method
        self._context: BaseContext = multiprocessing.get_context(method)
        self._workers: list[_Worker] = []
        self._deaths: Counter[int] = Counter()

    def __enter__(self) -> _Pool:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.process.terminate()
        for worker in self._workers:
            worker.process.join(_PATIENCE_SECONDS)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
            self._bury(worker)

    def run(self, shards: Sequence[int], watch: Watch, workers: int) -> None:
        waiting = iter(shards)
        for shard in _first(waiting, min(workers, len(shards))):
            self._start(shard)
        spoken = time.monotonic()
        while self._workers:
            wait([end for w in self._workers for end in (w.link, w.process.sentinel)], _WAKE_SECONDS)
            for worker in list(self._workers):
                alive = worker.process.is_alive()  # asked before reading: what it sent last is still read
                self._listen(worker, waiting, watch)
                if not alive:
                    self._replace(worker)
            now = time.monotonic()
            if now - spoken >= _WAKE_SECONDS:
                spoken = now
                watch.working(sum(worker.done for worker in self._workers), len(self._workers))

    def _listen(self, worker: _Worker, waiting: Iterator[int], watch: Watch) -> None:
        while (message := _receive(worker.link)) is not None:
            match message:
                case Ticked(done):
                    worker.done = done
                case Failed():
                    raise message.raised()
                case Finished(record):
                    worker.shard, worker.done = None, 0
                    watch.finished(record)
                    self._hand_out(worker, next(waiting, None))

    def _hand_out(self, worker: _Worker, shard: int | None) -> None:
        worker.shard = shard
        with suppress(OSError):  # it has just died: its shard is known, `_replace` deals with it
            worker.link.send(shard)

    def _replace(self, worker: _Worker) -> None:
        worker.process.join()
        self._workers.remove(worker)
        self._bury(worker)
        shard = worker.shard
        if shard is None:  # it was told to end
            return
        self._deaths[shard] += 1
        if self._deaths[shard] > _RETRIES:
            indices = self._task.plan.indices(shard)
            raise RunError(
                f"shard {shard} (samples {indices.start}..{indices.stop - 1}): its worker was lost "
                f"{self._deaths[shard]} times, the last one {_cause(worker.process.exitcode)}"
            )
        self._start(shard)

    def _start(self, shard: int) -> None:
        ours, theirs = self._context.Pipe()
        foreign = [*(worker.link for worker in self._workers), ours] if self._method == "fork" else []
        process = self._context.Process(  # type: ignore[attr-defined]
            target=serve,
            args=(theirs, self._task, os.getpid(), foreign),
            daemon=True,
            name=f"synthtext-{shard}",
        )
        with _quiet_start(self._method):
            process.start()
            worker = _Worker(process, ours)
            self._workers.append(worker)
        theirs.close()
        self._hand_out(worker, shard)

    def _bury(self, worker: _Worker) -> None:
        worker.link.close()
        if worker.shard is not None:
            shutil.rmtree(partial_room(self._task.out, worker.shard, worker.pid), ignore_errors=True)


@contextmanager
def _quiet_start(method: Method) -> Iterator[None]:
    """Start a worker with one thread for each library, and with Ctrl-C held back until it can ignore it."""
    if method == "spawn" and os.name == "posix":
        resource_tracker.ensure_running()  # would otherwise start now and unblock the signal
    before = {name: os.environ.get(name) for name in THREAD_VARIABLES}
    os.environ.update(dict.fromkeys(THREAD_VARIABLES, "1"))
    can_block = hasattr(signal, "pthread_sigmask")
    old = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if can_block else set()
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        if can_block:
            signal.pthread_sigmask(signal.SIG_SETMASK, old)


def _receive(link: Connection) -> Message | None:
    """Return what a worker has sent; None when there is nothing more, also because it is dead."""
    try:
        if not link.poll():
            return None
        message: Message = link.recv()
    except (EOFError, OSError):
        return None
    return message


def _first(items: Iterator[int], count: int) -> Iterator[int]:
    for _ in range(count):
        yield next(items)


def _cause(code: int | None) -> str:
    if code is None or code >= 0:
        return f"with exit code {code}; run again with one worker to see why"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    hint = "; most likely memory ran out, use fewer --workers" if name == "SIGKILL" else ""
    return f"killed by {name}{hint}"
