"""Reading single crops again, as when somebody has drawn or moved an outline."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from annotate.errors import ServiceError
from annotate.prelabel.opening import reader_name
from annotate.prelabel.reader import Found, Read
from annotate.prelabel.schedule import Task
from annotate.prelabel.workers import Readers
from annotate.reasons import Reason
from annotate.records import Picture, Points, Reading
from annotate.store import images
from annotate.store.database import now
from annotate.store.labels import add_readings, load_regions
from annotate.workflow.context import Context
from annotate.workflow.media import original
from synthtext.errors import UserError

# Of the 40 threads with which the server answers.
MOST_WAITING = 8


class Desk:
    """A reader that stays open for single crops, in a process of its own; opened when it is first asked.

    Args:
        reader: see `prelabel.opening`; None for the workspace's own.
        timeout_s: a task that takes longer is given up; None for the workspace's own.
    """

    def __init__(self, reader: str | None = None, timeout_s: float | None = None) -> None:
        self._reader, self._timeout_s = reader, timeout_s
        self._readers: Readers | None = None
        self._turn = threading.Lock()
        self._places = threading.BoundedSemaphore(MOST_WAITING)
        self._gave_up_at = 0.0

    def read(self, context: Context, image_id: str, outlines: Sequence[Points]) -> list[Reading]:
        """Return what outlines on a picture say; nothing is stored.

        Raises:
            NotFound: there is no such picture, or its file is gone.
            UserError: there is no such reader.
            ServiceError: it cannot be opened, fails, or has too much to do; says why.
        """
        spec = self._spec(context)
        name = reader_name(spec)
        picture, _ = original(context, image_id)
        places = tuple(Found(tuple(points), 1.0) for points in outlines)
        with self._my_turn(picture):
            reads = self._done(context, spec, picture, _reading(image_id, places))
        return [Reading(name, read.text, read.score, read.char_scores) for read in reads]

    def find(self, context: Context, image_id: str) -> tuple[str, list[tuple[Found, Read]]]:
        """Return the reader's name and all text that it finds in a picture; nothing is stored.

        Raises:
            NotFound: there is no such picture, or its file is gone.
            UserError: there is no such reader.
            ServiceError: it cannot be opened, fails, or has too much to do; says why.
        """
        spec = self._spec(context)
        name = reader_name(spec)
        picture, _ = original(context, image_id)
        with self._my_turn(picture):
            found: list[Found] = self._done(context, spec, picture, Task("detect", image_id, image_id))
            unread = tuple(place for place in found if place.read is None)
            reads: list[Read] = self._done(context, spec, picture, _reading(image_id, unread)) if unread else []
        rest = iter(reads)
        return name, [(place, place.read or next(rest)) for place in found]

    def _spec(self, context: Context) -> str:
        return self._reader or context.workspace.settings.reader

    @contextmanager
    def _my_turn(self, picture: Picture) -> Iterator[None]:
        # Whoever waits holds a thread of the server, which saves need: few may, and none while a reader hangs again.
        if not self._places.acquire(blocking=False):
            raise ServiceError(Reason("reader.busy", name=picture.name))
        try:
            came_at = time.monotonic()
            with self._turn:
                if self._gave_up_at > came_at:
                    raise ServiceError(Reason("reader.hung", name=picture.name))
                yield
        finally:
            self._places.release()

    def _done(self, context: Context, spec: str, picture: Picture, task: Task) -> Any:
        timeout_s = self._timeout_s or context.workspace.settings.reader_seconds
        if self._readers is None:
            self._readers = Readers(spec, context.workspace, 1, timeout_s)
        self._readers.start(task, picture)
        answer = self._readers.wait()[0]
        if answer.seconds >= timeout_s:
            self._gave_up_at = time.monotonic()
        if answer.fault is not None:
            about = {"name": picture.name, "reader": reader_name(spec), "why": answer.fault}
            raise ServiceError(Reason("reader.failed", **about))
        return answer.result

    def close(self) -> None:
        """End the reader's process."""
        with self._turn:
            if self._readers is not None:
                self._readers.close()
                self._readers = None


def _reading(image_id: str, places: tuple[Found, ...]) -> Task:
    return Task("read", image_id, image_id, tuple(range(len(places))), places)


def reread(
    context: Context, image_id: str, region_ids: Sequence[str] = (), reader: str | None = None
) -> dict[str, Reading]:
    """Read regions of a picture again, all by default, and keep the readings beside those that are there.

    Raises:
        NotFound: there is no such picture.
        UserError: there is no such region or reader.
        ServiceError: the reader fails.
    """
    with context.db.reading() as session:
        picture = images.get(session, image_id)
        regions = {region.id: region for region in load_regions(session, image_id, readings=False)}
    unknown = [region_id for region_id in region_ids if region_id not in regions]
    if unknown:
        raise UserError(f"{picture.name}: no region {unknown[0]!r}; it has {len(regions)}")
    wanted = list(region_ids) or list(regions)
    if not wanted:
        return {}
    desk = Desk(reader)
    try:
        found = desk.read(context, image_id, [regions[region_id].points for region_id in wanted])
    finally:
        desk.close()
    readings = dict(zip(wanted, found, strict=True))
    with context.db.writing() as session:
        add_readings(session, image_id, {key: [reading] for key, reading in readings.items()}, now())
    return readings
