"""The child process: gets one shard number at a time through a pipe, sends back ticks and records.

It leaves Ctrl-C to its parent, and ends by itself when the parent is gone.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection

import cv2

from synthtext.engine.record import ShardRecord
from synthtext.engine.shard import ShardMaker, Task
from synthtext.errors import AssetError, ConfigError, DatasetError, RunError, SynthtextError, UserError

_LOOK_FOR_PARENT_SECONDS = 1.0
_KINDS: tuple[type[SynthtextError], ...] = (UserError, ConfigError, AssetError, RunError, DatasetError)

# Read by numeric libraries when they are loaded, so the parent sets them before it starts a worker.
THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


@dataclass(frozen=True, slots=True)
class Ticked:
    """So many samples of the current shard are done."""

    done: int


@dataclass(frozen=True, slots=True)
class Finished:
    """The shard is published and recorded."""

    record: ShardRecord


@dataclass(frozen=True, slots=True)
class Failed:
    """The run cannot go on.

    Attributes:
        kind: name of the error's class in `synthtext.errors`; RunError for a bug.
        text: for the user.
        trace: for whoever looks for the bug.
    """

    kind: str
    text: str
    trace: str

    @classmethod
    def of(cls, error: Exception) -> Failed:
        """Return what the parent needs to raise the error again."""
        trace = "".join(traceback.format_exception(error))
        if isinstance(error, SynthtextError):
            return cls(type(error).__name__, str(error), trace)
        if isinstance(error, OSError):
            return cls(RunError.__name__, f"the assets could not be opened: {error}", trace)
        return cls(RunError.__name__, f"{type(error).__name__}: {error}; this is a bug, please report it", trace)

    def raised(self) -> SynthtextError:
        """Return the error, with the worker's traceback as a note."""
        kind = next((kind for kind in _KINDS if kind.__name__ == self.kind), RunError)
        error = kind(self.text)
        error.add_note(self.trace)
        return error


Message = Ticked | Finished | Failed


class _Orphaned(BaseException):
    """The parent is gone; not an Exception, so that nobody takes it for a sample's fault."""


def serve(link: Connection, task: Task, parent: int, foreign: Sequence[Connection]) -> None:
    """Make shards until None comes or the parent is gone.

    Args:
        link: to the parent.
        task: what to make.
        parent: its process id.
        foreign: the parent's ends of all pipes, which a forked process inherits and must let go of,
            or no worker would notice that the parent is gone.
    """
    for other in foreign:
        other.close()
    _settle()
    try:
        _serve(link, task, parent)
    except (_Orphaned, EOFError, BrokenPipeError, ConnectionResetError):
        os._exit(1)


def _serve(link: Connection, task: Task, parent: int) -> None:
    try:
        maker = ShardMaker(task, task.opener())
        # Samples leave next to no cycles behind, and walking through the assets and caches in search of them would
        # cost a tenth of the time: it is done between shards.
        gc.disable()
        _trim()
        while True:
            gc.collect()
            gc.freeze()
            shard = _next(link, parent)
            if shard is None:
                return

            def tick(done: int) -> None:
                _check(parent)
                link.send(Ticked(done))

            link.send(Finished(maker.make_shard(shard, tick)))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        raise
    except Exception as error:
        link.send(Failed.of(error))


def _next(link: Connection, parent: int) -> int | None:
    while not link.poll(_LOOK_FOR_PARENT_SECONDS):
        _check(parent)
    shard: int | None = link.recv()
    return shard


def _check(parent: int) -> None:
    if os.getppid() != parent:
        raise _Orphaned


def _settle() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):  # blocked by the parent while it started this process
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    cv2.setNumThreads(1)


def _trim() -> None:
    """Give memory that opening the assets took for a moment back to the system, where the C library can (glibc)."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
