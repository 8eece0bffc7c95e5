"""In which order a pool of workers finds and reads text: pure bookkeeping, no processes, no pictures.

* Clips are taken newest first, and a clip that was begun is finished before the next one is.
* All workers do both kinds of work: what was detected is read before more is detected, so that results come early and
  little waits in between. When fewer pictures are left to detect than there are workers, detecting comes first: what it
  finds is then read by all of them, instead of by one while the others have nothing to do.
* With a bounded queue, the oldest clips that wait are dropped when newer ones come, and counted.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from annotate.prelabel.reader import Found, Read

_READ_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker does next: find text in a picture, or read some of what was found in it.

    Attributes:
        clip: the key of the clip, or of a picture that stands alone.
        picture: its id.
        places: numbers of what was found that are to be read; none when detecting.
        found: what was found there, in the same order.
    """

    kind: Literal["detect", "read"]
    clip: str
    picture: str
    places: tuple[int, ...] = ()
    found: tuple[Found, ...] = ()


@dataclass(slots=True)
class _Picture:
    found: list[Found] | None = None
    reads: dict[int, Read] = field(default_factory=dict)


@dataclass(slots=True)
class _Clip:
    key: str
    undetected: deque[str]
    to_read: deque[Task] = field(default_factory=deque)
    open: dict[str, _Picture] = field(default_factory=dict)
    begun: bool = False


class Schedule:
    """What is waiting, and what comes next.

    Args:
        workers: how many there are.
        queue: so many clips may wait; None for any number.
    """

    def __init__(self, workers: int, queue: int | None = None) -> None:
        self._workers, self._queue = workers, queue
        self._clips: dict[str, _Clip] = {}  # the newest first
        self.dropped_clips = 0
        self.dropped_pictures = 0

    @property
    def waiting(self) -> int:
        """How many clips are not begun."""
        return sum(not clip.begun for clip in self._clips.values())

    def add(self, key: str, pictures: Sequence[str], newest: bool = True) -> None:
        """Add a clip: a newer one than all that wait, or an older one."""
        clip = _Clip(key, deque(pictures))
        self._clips = {key: clip, **self._clips} if newest else {**self._clips, key: clip}
        while self._queue is not None and self.waiting > self._queue:
            stale = next(clip for clip in reversed(self._clips.values()) if not clip.begun)
            del self._clips[stale.key]
            self.dropped_clips += 1
            self.dropped_pictures += len(stale.undetected)

    def next(self) -> Task | None:
        """Return what a free worker does next; None while there is nothing to do until another one is done."""
        tail = sum(len(clip.undetected) for clip in self._clips.values()) < self._workers
        begun = [clip for clip in self._clips.values() if clip.begun]
        for clip in [*begun, *(clip for clip in self._clips.values() if not clip.begun)]:
            task = self._next_of(clip, tail)
            if task is not None:
                clip.begun = True
                return task
        return None

    def detected(self, task: Task, found: Sequence[Found]) -> list[tuple[Found, Read]] | None:
        """Take what was found in a picture; all of it when nothing is left to read there, else None."""
        clip = self._clips.get(task.clip)
        if clip is None or task.picture not in clip.open:
            return None  # stopped meanwhile
        picture = clip.open[task.picture]
        picture.found = list(found)
        picture.reads = {number: one.read for number, one in enumerate(found) if one.read is not None}
        unread = [number for number in range(len(found)) if number not in picture.reads]
        for start in range(0, len(unread), _READ_AT_ONCE):
            some = tuple(unread[start : start + _READ_AT_ONCE])
            places = tuple(found[number] for number in some)
            clip.to_read.append(Task("read", task.clip, task.picture, some, places))
        return self._finished(clip, task.picture)

    def read(self, task: Task, reads: Sequence[Read]) -> list[tuple[Found, Read]] | None:
        """Take what some places say; all of the picture when this was the last of it, else None."""
        clip = self._clips.get(task.clip)
        if clip is None or task.picture not in clip.open:
            return None
        clip.open[task.picture].reads.update(zip(task.places, reads, strict=True))
        return self._finished(clip, task.picture)

    def failed(self, task: Task) -> bool:
        """Give a picture up; False when it had been given up before."""
        clip = self._clips.get(task.clip)
        if clip is None or clip.open.pop(task.picture, None) is None:
            return False
        clip.to_read = deque(other for other in clip.to_read if other.picture != task.picture)
        self._close(clip)
        return True

    def stop(self, key: str) -> list[str]:
        """Give up what is left of a clip, and return the pictures of it that were not finished."""
        clip = self._clips.pop(key, None)
        return [] if clip is None else [*clip.open, *clip.undetected]

    def _next_of(self, clip: _Clip, tail: bool) -> Task | None:
        if clip.undetected and (tail or not clip.to_read):
            picture = clip.undetected.popleft()
            clip.open[picture] = _Picture()
            return Task("detect", clip.key, picture)
        return clip.to_read.popleft() if clip.to_read else None

    def _finished(self, clip: _Clip, picture_id: str) -> list[tuple[Found, Read]] | None:
        picture = clip.open[picture_id]
        if picture.found is None or len(picture.reads) < len(picture.found):
            return None
        del clip.open[picture_id]
        self._close(clip)
        return [(found, picture.reads[number]) for number, found in enumerate(picture.found)]

    def _close(self, clip: _Clip) -> None:
        if not clip.open and not clip.undetected:
            del self._clips[clip.key]
