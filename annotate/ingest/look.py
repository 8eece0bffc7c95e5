"""Looking at items, in this process or in several: what is in the pool afterwards, or why not.

Nothing here knows the database. A worker writes the thumbnail and, where one is needed, the copy of the file; the names
of both come from the content, so that doing it twice, or in two processes at once, does no harm.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path

import cv2

from annotate.errors import ServiceError
from annotate.ingest.clips import LookedClip, look_at_clip
from annotate.ingest.examine import MAX_BYTES, Broken, examine
from annotate.ingest.items import Item, Loaded, kind_of
from annotate.media import keep, media_name, thumb_path
from annotate.records import Fault, Picture
from annotate.workspace import Workspace
from synthtext.convert.memory import keep_freed
from synthtext.processes import end_with_parent, hidden_main

_CHUNK = 16
_CHUNK_BYTES = 8 * 2**20
# Below this many, starting processes takes longer than the work.
_FEW = 64


@dataclass(frozen=True, slots=True)
class Done:
    """That all of an archive or a document has been handed on; goes through in its place.

    Attributes:
        videos: there were some.
    """

    item: Item
    videos: bool = False


@dataclass(frozen=True, slots=True)
class Looked:
    """A picture that is fine, with its files where they belong; its source is not yet known by number."""

    item: Item | Loaded
    picture: Picture


Task = Item | Loaded | Fault | Done
Result = Looked | LookedClip | Fault | Done


@dataclass(frozen=True, slots=True)
class Look:
    """How to look at one item; goes to the workers.

    Attributes:
        copy: pictures are copied in; else they stay where they are. Videos always stay.
        fps: of videos, so many frames a second; None for key frames.
        threads: decode a video with several.
    """

    workspace: Workspace
    copy: bool = False
    fps: float | None = None
    threads: bool = True

    def __call__(self, item: Item | Loaded) -> Looked | LookedClip | Fault:
        """Look at one item; what is wrong with it is a fault."""
        where = item.path if isinstance(item, Item) else item.where
        try:
            if isinstance(item, Item) and kind_of(Path(item.path)) == "video":
                return self._looked_clip(item)
            return self._looked(item, item.data if isinstance(item, Loaded) else _read(item.path))
        except FileNotFoundError:
            return Fault(where, "missing", "no such file")
        except Broken as error:
            return Fault(where, "broken", str(error))
        except PermissionError as error:
            return Fault(where, "broken", f"cannot be read: {error.strerror}")
        except MemoryError:
            return Fault(where, "broken", "there is not enough memory to decode it")

    def _looked_clip(self, item: Item) -> LookedClip:
        try:
            return look_at_clip(item, self.workspace, self.fps, self.threads)
        finally:
            if item.held:
                Path(item.held).unlink(missing_ok=True)

    def _looked(self, item: Item | Loaded, data: bytes) -> Looked:
        found = examine(data)
        image_id = (item.id if isinstance(item, Loaded) else None) or found.digest
        copied = self.copy or found.upright is not None or isinstance(item, Loaded)
        path = media_name(image_id, found.suffix) if copied else item.path  # type: ignore[union-attr]
        if copied and not self.workspace.inside(path).is_file():
            keep(self.workspace.inside(path), found.upright or data)
        thumb = thumb_path(self.workspace, image_id)
        if not thumb.is_file():
            keep(thumb, found.thumb)
        picture = Picture(
            id=image_id,
            name=item.name,
            path=path,
            copied=copied,
            width=found.width,
            height=found.height,
            bytes=found.size_bytes,
            source_id=0,
            added_at=datetime.now(UTC),
            page=item.page if isinstance(item, Loaded) else None,
            md5=found.md5,
            phash=found.phash,
        )
        return Looked(item if isinstance(item, Item) else _without_data(item), picture)


def look_at(items: Iterable[Task], look: Look, workers: int) -> Iterator[Result]:
    """Look at all items, in several processes when there are many, and yield the results in the order of the items."""
    stream = iter(items)
    first = list(islice(stream, _FEW))
    if workers <= 1 or len(first) < _FEW:  # a single video is decoded by several threads
        for item in chain(first, stream):
            yield look(item) if isinstance(item, Item | Loaded) else item
        return
    yield from _Pool(replace(look, threads=False), workers).results(chain(first, stream))


class _Pool:
    """Worker processes that are started again when an item kills one of them."""

    def __init__(self, look: Look, workers: int) -> None:
        self._look, self._workers = look, workers
        self._pool = self._started(workers)

    def results(self, items: Iterator[Task]) -> Iterator[Result]:
        try:
            waiting: deque[tuple[list[Task], Future[list[Result]]]] = deque()
            for chunk in _chunks(items):
                waiting.append((chunk, self._submitted(chunk)))
                if len(waiting) > 2 * self._workers:
                    yield from self._result(*waiting.popleft())
            while waiting:
                yield from self._result(*waiting.popleft())
        finally:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def _submitted(self, chunk: list[Task]) -> Future[list[Result]]:
        passed = [item for item in chunk if isinstance(item, Fault | Done)]
        if len(passed) == len(chunk):  # there is nothing to look at, and maybe no process yet
            done: Future[list[Result]] = Future()
            done.set_result(list(passed))
            return done
        with hidden_main():
            try:
                return self._pool.submit(_look_at_all, self._look, chunk)
            except BrokenProcessPool:
                self._pool = self._started(self._workers)
                return self._pool.submit(_look_at_all, self._look, chunk)

    def _result(self, chunk: list[Task], future: Future[list[Result]]) -> list[Result]:
        try:
            return future.result()
        except BrokenProcessPool:
            return [self._alone(item) for item in chunk]

    def _alone(self, item: Task) -> Result:
        # One of a chunk's items has killed its process: each gets a process of its own, and the culprit is named.
        if isinstance(item, Fault | Done):
            return item
        with self._started(1) as pool, hidden_main():
            try:
                pool.submit(_begin).result()
            except BrokenProcessPool as error:
                raise ServiceError("worker processes cannot be started; try --workers 1") from error
            try:
                return pool.submit(_look_at_all, self._look, [item]).result()[0]
            except BrokenProcessPool:
                where = item.path if isinstance(item, Item) else item.where
                return Fault(where, "broken", "decoding it kills the process (a fault in a library, or no memory left)")

    @staticmethod
    def _started(workers: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_begin)


def _begin() -> None:
    cv2.setNumThreads(1)
    keep_freed()
    end_with_parent()


def _look_at_all(look: Look, chunk: list[Task]) -> list[Result]:
    return [look(item) if isinstance(item, Item | Loaded) else item for item in chunk]


def _chunks(items: Iterator[Task]) -> Iterator[list[Task]]:
    chunk: list[Task] = []
    size = 0
    for item in items:
        chunk.append(item)
        if isinstance(item, Loaded):
            size += len(item.data)
        elif isinstance(item, Item) and kind_of(Path(item.path)) == "video":
            size += _CHUNK_BYTES  # takes as long as many pictures
        if len(chunk) == _CHUNK or size >= _CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _read(path: str) -> bytes:
    try:
        status = os.stat(path)
        if not os.path.isfile(path):
            raise Broken("it is no regular file")
        if status.st_size > MAX_BYTES:
            raise Broken(f"refused: {status.st_size:,} bytes; a picture may have {MAX_BYTES:,}")
        return Path(path).read_bytes()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Broken(f"cannot be read: {error.strerror}") from error


def _without_data(item: Loaded) -> Loaded:
    return Loaded(item.where, item.name, item.source, b"", item.page, item.id)
