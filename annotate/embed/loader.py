"""Decoding pictures ahead of the model, in threads, so that it never waits for the disk; what fails is an outcome."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from annotate.errors import NotFound

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Loaded(Generic[_Key, _Value]):
    """One that was loaded; `value` is None when `error` says why it could not be."""

    key: _Key
    value: _Value | None
    error: str | None = None


def load_ahead(
    keys: Iterable[_Key], load: Callable[[_Key], _Value], *, ahead: int, threads: int | None = None
) -> Iterator[Loaded[_Key, _Value]]:
    """Yield what `load` returns for each key, in order, with at most `ahead` of them loaded and waiting.

    A picture whose file is gone or broken, or too large for the memory, comes as an error; anything else is raised.
    """
    stream = iter(keys)
    with ThreadPoolExecutor(threads or min(8, os.cpu_count() or 1), "decode") as pool:
        waiting: deque[tuple[_Key, Future[_Value]]] = deque()
        try:
            for key in islice(stream, ahead):
                waiting.append((key, pool.submit(load, key)))
            while waiting:
                key, future = waiting.popleft()
                try:
                    done = Loaded(key, future.result())
                except (NotFound, MemoryError) as error:
                    done = Loaded(key, None, str(error) or "there is not enough memory to decode it")
                for following in islice(stream, 1):
                    waiting.append((following, pool.submit(load, following)))
                yield done
        finally:
            for _, future in waiting:
                future.cancel()
