"""Putting what ingest has looked at into the store, batch by batch, and counting how each file ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from annotate.ingest.clips import LookedClip, with_source
from annotate.ingest.items import Item
from annotate.ingest.look import Done, Looked, Result
from annotate.reasons import Reason, listed
from annotate.records import Fault, Picture
from annotate.store import addings, clips, files, images, sources, tallies, twins
from annotate.store.database import Database, Session

# Of what went wrong, this many are handed back; the store has all.
_SHOWN = 1000


@dataclass(slots=True)
class AddSummary:
    """How a run of `add` went.

    Attributes:
        counts: files by outcome (`added`, `known`, `missing`, `broken`), and `same` of the known ones: files new to us
            whose bytes are in the pool already; `clips` and `frames` that were added, and `twins`: frames linked with
            one before that looks the same.
        faults: what went wrong, the first thousand.
        pictures: how many pictures the pool has now.
    """

    adding_id: int
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    pictures: int = 0

    @property
    def told(self) -> Reason:
        """The run in a line, with what went wrong first."""
        counts = [Reason(f"count.{outcome}", count=count) for outcome, count in sorted(self.counts.items()) if count]
        told = listed(counts) if counts else Reason("done.nothing")
        if not self.faults:
            return told
        return Reason("done.fault", what=told, where=self.faults[0].where, why=self.faults[0].reason)


class Arrivals:
    """One run of `add` as the store sees it.

    Args:
        tags: that new pictures get.
        mode: how frames of videos are chosen.
    """

    def __init__(self, db: Database, adding_id: int, tags: tuple[str, ...], mode: str) -> None:
        self._db, self._tags, self._mode = db, tags, mode
        self._summary = AddSummary(adding_id)
        self._sources: dict[tuple[str, str], int] = {}
        self._spoilt: list[str] = []

    def known(self) -> None:
        """Count a file that is as it was when it came."""
        self._summary.counts["known"] += 1

    def same_clip(self, item: Item) -> None:
        """Count a video that has come before, under this name or another."""
        self._summary.counts.update(known=1, same=1)
        if item.held:
            return
        with self._db.writing() as session:
            files.put(session, [files.SeenFile(item.path, item.size, item.mtime_ns, item.digest)])

    def save(self, batch: list[Result]) -> None:
        """Put a batch into the store, in one transaction: after a crash all of it is there, or none."""
        faults = [*(one for one in batch if isinstance(one, Fault)), *_stopped(batch)]
        with self._db.writing() as session:
            for one in batch:
                if isinstance(one, Looked | LookedClip) and one.item.source not in self._sources:
                    self._sources[one.item.source] = sources.put(session, *one.item.source)
            self._save_pictures(session, [one for one in batch if isinstance(one, Looked)])
            for one in batch:
                if isinstance(one, LookedClip):
                    self._save_clip(session, with_source(one, self._sources[one.item.source], self._tags))
            self._fail(faults)
            files.put(session, list(self._seen(batch)))
            addings.note(session, self._summary.adding_id, dict(self._summary.counts), faults)

    def end(self) -> AddSummary:
        """Note that the run has come to its end, and say how it went."""
        with self._db.writing() as session:
            addings.note(session, self._summary.adding_id, dict(self._summary.counts), ())
            addings.end(session, self._summary.adding_id)
            tallies.tidy(session)
            self._summary.pictures = sum(tallies.by_status(session).values())
        return self._summary

    def _save_pictures(self, session: Session, looked: list[Looked]) -> None:
        pictures = [replace(one.picture, source_id=self._sources[one.item.source], tags=self._tags) for one in looked]
        new = images.add(session, pictures)
        before = images.get_many(session, {picture.id for picture in pictures} - new)
        for picture in pictures:
            if picture.id in new:
                new.discard(picture.id)  # a second one in this batch is known
                self._summary.counts["added"] += 1
                continue
            self._summary.counts.update(known=1, same=1)
            stored = before.get(picture.id)
            if stored is not None and _has_moved(stored, picture):
                images.move_file(session, picture.id, picture.path, picture.copied)

    def _save_clip(self, session: Session, looked: LookedClip) -> None:
        new = clips.put(session, looked.clip)
        frames = images.add(session, looked.frames)
        clips.put(session, looked.clip)  # counts its frames
        self._summary.counts["frames"] += len(frames)
        self._summary.counts["twins"] += twins.link(session, looked.twins)
        self._summary.counts["clips"] += new
        if looked.stopped is None:
            self._summary.counts.update({"added": 1} if new or frames else {"known": 1, "same": 1})

    def _fail(self, faults: Iterable[Fault]) -> None:
        for fault in faults:
            self._summary.counts[fault.outcome] += 1
            self._spoilt.append(fault.where)
            if len(self._summary.faults) < _SHOWN:
                self._summary.faults.append(fault)

    def _seen(self, batch: list[Result]) -> Iterator[files.SeenFile]:
        """Yield the files that need not be read again; what had faults is, so that they are told again."""
        for one in batch:
            if isinstance(one, Fault) or not isinstance(one.item, Item) or one.item.size < 0:
                continue
            item = one.item
            if isinstance(one, Done) and any(where.startswith(item.path) for where in self._spoilt):
                continue
            if isinstance(one, LookedClip) and one.stopped is not None:
                continue
            digest = one.picture.id if isinstance(one, Looked) else item.digest
            if isinstance(one, Done) and one.videos:
                digest = self._mode  # asked for in another way, they give other frames
            yield files.SeenFile(item.path, item.size, item.mtime_ns, digest)


def _stopped(batch: list[Result]) -> Iterator[Fault]:
    for one in batch:
        if isinstance(one, LookedClip) and one.stopped is not None:
            yield Fault(one.item.path, "broken", one.stopped)


def _has_moved(stored: Picture, now: Picture) -> bool:
    return not stored.copied and stored.path != now.path and not Path(stored.path).is_file()
