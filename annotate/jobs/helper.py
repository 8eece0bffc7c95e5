"""A niced process of its own for work that answers a person: started when first asked, anew after a crash."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from typing import Any, ParamSpec, TypeVar

import cv2

from annotate.errors import ServiceError
from annotate.reasons import Reason

_Asked = ParamSpec("_Asked")
_Answer = TypeVar("_Answer")
# People who label must not notice.
_NICE = 10
# Of the 40 threads with which the server answers.
_MOST_WAITING = 8


class Helper:
    """One process that does one thing after the other and keeps what it has opened.

    Args:
        name: of the work, for the message when the process is lost.
        begin: called in the process before the first work, with `asked`.
    """

    def __init__(self, name: str, begin: Callable[..., None] | None = None, *asked: Any) -> None:
        self._name = name
        self._begin = begin
        self._asked = asked
        self._pool: ProcessPoolExecutor | None = None
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(_MOST_WAITING)

    def ask(self, work: Callable[_Asked, _Answer], *args: _Asked.args, **kwargs: _Asked.kwargs) -> _Answer:
        """Have something done and return the answer; what the work raises is raised here.

        Raises:
            ServiceError: the process was lost, such as for want of memory (the next call starts another), or too many
                wait for it: each holds a thread of the server, which saves need.
        """
        if not self._places.acquire(blocking=False):
            raise ServiceError(Reason("helper.busy", work=self._name))
        try:
            return self.begin(work, *args, **kwargs).result()
        except BrokenProcessPool as error:
            self.close()
            raise ServiceError(Reason("helper.lost", work=self._name)) from error
        finally:
            self._places.release()

    def begin(self, work: Callable[_Asked, _Answer], *args: _Asked.args, **kwargs: _Asked.kwargs) -> Future[_Answer]:
        """Have something done without waiting for it."""
        with self._lock:
            if self._pool is None:
                start = (self._begin, self._asked)
                self._pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _start, start)
            return self._pool.submit(work, *args, **kwargs)

    def close(self) -> None:
        """Stop the process."""
        with self._lock:
            if self._pool is not None:
                self._pool.shutdown(wait=False, cancel_futures=True)
                self._pool = None


def _start(begin: Callable[..., None] | None, asked: tuple[Any, ...]) -> None:
    os.nice(_NICE)
    cv2.setNumThreads(1)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if begin is not None:
        begin(*asked)


def _end_with_parent() -> None:
    # A server that is killed tells nobody; its helper would wait for work for ever.
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(0)
