"""The process that does the jobs of a workspace, one after the other, at the lowest rank that still gets on."""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from annotate.jobs.kinds import KINDS, Stopped, checked
from annotate.reasons import Reason, reason_of
from annotate.records import Job
from annotate.workflow import jobs
from annotate.workflow.context import Context, open_context
from synthtext.errors import SynthtextError

NICE = 10
_BEAT_S = 2.0
_log = logging.getLogger("annotate.jobs")


def run_jobs(root: Path) -> int:
    """Do all jobs that wait and return how many there were; at once when another process is doing them."""
    done = 0
    with open_context(root) as context, _alone(context.workspace.jobs) as mine:
        while mine and (job := jobs.take_job(context)) is not None:
            _run(context, job)
            done += 1
    return done


def main(root: Path) -> None:
    """Do the jobs of a workspace, niced; SIGTERM stops the one at work and keeps what it has done."""
    os.nice(NICE)
    signal.signal(signal.SIGTERM, _interrupt)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    run_jobs(root)


class _Pulse:
    """Tells how far a job is, not more often than is worth while, and that it lives when nothing goes on."""

    def __init__(self, context: Context, job: Job) -> None:
        self._context, self._job = context, job
        self._state: tuple[int, int | None, str] = (0, None, "")
        self._told_at = 0.0
        self._wanted = True
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._live, daemon=True)

    def __enter__(self) -> _Pulse:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        jobs.beat(self._context, self._job.id, *self._state)

    def tell(self, done: int, total: int | None, message: str = "") -> None:
        """Note how far it is.

        Raises:
            Stopped: a person has asked for it.
        """
        self._state = (done, total, message)
        if time.monotonic() - self._told_at > 0.5:
            self._told_at = time.monotonic()
            self._wanted = jobs.beat(self._context, self._job.id, *self._state)
        if not self._wanted:
            raise Stopped

    def _live(self) -> None:
        while not self._over.wait(_BEAT_S):
            self._wanted = jobs.beat(self._context, self._job.id, *self._state)


def _run(context: Context, job: Job) -> None:
    _log.info("job %d: %s %s, asked by %s", job.id, job.kind, job.args, job.asked_by)
    mine = Context(context.workspace, context.db, job.asked_by)
    try:
        args = checked(job.kind, job.args)
        with _Pulse(mine, job) as pulse:
            message = KINDS[job.kind].run(mine, args, pulse.tell)
    except Stopped:
        jobs.end_job(context, job.id, "stopped", Reason("job.stopped"))
    except KeyboardInterrupt:
        jobs.end_job(context, job.id, "stopped", Reason("job.interrupted"))
        raise
    except SynthtextError as error:
        jobs.end_job(context, job.id, "failed", reason_of(error) or str(error))
    except Exception as error:  # whatever goes wrong in one job, the next one is done, and the person is told
        _log.exception("job %d", job.id)
        what = Reason("job.broken", error=f"{type(error).__name__}: {error}")
        jobs.end_job(context, job.id, "failed", what)
    else:
        jobs.end_job(context, job.id, "done", message)
    _log.info("job %d ended", job.id)


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / jobs.LOCK).open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield True


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
