"""Writing pictures in one format or several, in one pass: split, counted, read back, and put in place when whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from synthtext.convert.categories import check_met
from synthtext.convert.choices import Choices
from synthtext.convert.ready import Ready, crop_pictures, made_ready
from synthtext.convert.report import Report
from synthtext.convert.room import REPORT, Room
from synthtext.convert.split import Splitter, default_group
from synthtext.errors import DatasetError, RunError, UserError
from synthtext.labels.codec.base import Codec, Sink, Target, Unfit
from synthtext.labels.codec.crops import Crop, cut
from synthtext.labels.codec.files import dump
from synthtext.labels.codec.images import Images
from synthtext.labels.faults import Fault, OnFault
from synthtext.labels.picture import Picture

_PROGRESS_EVERY = 500
# Formats that cut crops of pages by themselves, beside the pages.
_CUTTING = ("paddleocr", "ppocrlabel")

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Source:
    """Pictures that somebody has: a folder, or a query of a database.

    Attributes:
        name: for messages; of a set that is mixed in also the folder of its images.
        drawn: outlines were drawn by hand, see `Codec.drawn`.
        read: yields them; called twice for a set that is mixed in.
        ratio: of a set that is mixed in: so many pictures for each picture that is in train already.
    """

    name: str
    drawn: bool
    read: Callable[[OnFault], Iterable[Picture]]
    ratio: float | None = None


def folder_source(root: Path, codec: Codec, ratio: float | None = None) -> Source:
    """Return the pictures of a folder or file in a format."""
    return Source(root.name, codec.drawn, lambda on_fault: codec.read(root, on_fault), ratio)


def write_dataset(
    sources: Sequence[Source],
    codecs: Sequence[Codec],
    out: Path,
    choices: Choices,
    progress: Progress | None = None,
) -> Report:
    """Write pictures into a folder, in each of some formats; several have a folder of their name each.

    Nothing changes in `out` before everything is written and read back.

    Raises:
        UserError: `out` is taken, or a format cannot hold the pictures.
        DatasetError: nothing was left to write, or what was written could not be read back.
        RunError: the disk is full, or refuses.
    """
    report = Report()
    with Room(out) as room:
        try:
            with _Writing(codecs, room, choices, report) as writing:
                for source in sources:
                    writing.take(source, progress or _ignore)
                writing.close()
            check_met(choices, report)
            _check(codecs, room, report, choices)
            (room.path / REPORT).parent.mkdir(exist_ok=True)
            (room.path / REPORT).write_text(dump({"formats": [c.name for c in codecs], **report.to_json()}) + "\n")
            room.swap_in()
        except OSError as error:
            raise RunError(f"{out}: {error.strerror or error} ({error.filename}); nothing was changed") from error
    return report


def place_of(root: Path, codec: Codec, codecs: Sequence[Codec]) -> Path:
    """Return the folder of one of some formats: the root itself when it is the only one."""
    return root if len(codecs) == 1 else root / codec.name


class _Writing:
    def __init__(self, codecs: Sequence[Codec], room: Room, choices: Choices, report: Report) -> None:
        self._choices = choices
        self._report = report
        self._marred: set[str] = set()
        self._cuts: dict[int, list[Crop]] = {}
        self._crops_of_pages = {codec.name for codec in codecs if _takes_crops(codec, choices)}
        self._cutting = bool(self._crops_of_pages) or any(codec.name in _CUTTING for codec in codecs)
        self._sinks: dict[str, Sink] = {}
        self._kinds = {codec.name: codec.keeps.kinds for codec in codecs}
        for codec in codecs:
            root = place_of(room.path, codec, codecs)
            root.mkdir(exist_ok=True)
            name = room.out.name if len(codecs) == 1 else codec.name
            target = Target(root, name, Images(choices.images), choices.charset, cut=self._cut)
            target.saved_maps = choices.saved_maps
            report.dropped[codec.name] = target.dropped
            self._sinks[codec.name] = codec.sink(target)
        self._splitter = (
            Splitter(choices.split, choices.seed, choices.group or default_group) if choices.split else None
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:  # what is there is thrown away, but its files must not stay open
            for sink in self._sinks.values():
                with suppress(Exception):
                    sink.close()

    def take(self, source: Source, progress: Progress) -> None:
        """Write the pictures of a source."""
        for was, ready in made_ready(self._pictures(source), source.drawn, self._choices, self._cutting):
            self._report.read += 1
            self._report.texts += 1 if was.kind == "crops" else len(was.boxes)
            if ready.picture is None or was.where in self._marred:
                self._report.faulty += 1
                self._marred.discard(was.where)
            if ready.tally:
                self._report.mended.update(ready.tally)
            if self._choices.categories:
                self._report.categories.update(box.category for box in was.boxes)
            self._check_strict()
            self._add(was, ready, source)
            if self._report.read % _PROGRESS_EVERY == 0:
                progress(self._report.read)
        self._check_strict()
        progress(self._report.read)

    def _check_strict(self) -> None:
        if self._choices.strict and self._report.faults_total:
            raise DatasetError(f"{self._report.faults[0]} (--strict: nothing was written)")

    def _pictures(self, source: Source) -> Iterable[Picture]:
        if source.ratio is None:
            return self._watched(source)
        wanted = round(source.ratio * (self._report.parts["train"] + self._report.parts[""]))
        total = sum(1 for _ in source.read(_silent))
        if wanted > total:
            self._report.notes.append(f"{source.name} has {total:,} pictures, {wanted:,} were asked for: all are in")
        return drawn(self._watched(source), total, wanted, self._choices.seed)

    def _watched(self, source: Source) -> Iterator[Picture]:
        """Yield the pictures of a source; faults are kept, and which pictures have some."""
        new: list[str] = []

        def keep(fault: Fault) -> None:
            self._report.fault(fault)
            new.append(fault.where)

        for picture in source.read(keep):
            if new:
                self._blame(new, picture.where)
                new.clear()
            yield picture
        self._blame(new, "")

    def _blame(self, places: Sequence[str], where: str) -> None:
        """Count faults that came before a picture: of a part of its label, or of what became no picture.

        A fault at the very place of a picture that came all the same is a remark, such as on the ends of its lines.
        """
        own = [place for place in places if where and place.startswith(where)]
        misread = sum(place != where for place in own)
        if misread:
            self._marred.add(where)
        self._report.misread += misread
        self._report.lost += len(places) - len(own)

    def close(self) -> None:
        """Finish all formats."""
        for sink in self._sinks.values():
            sink.close()

    def _add(self, was: Picture, ready: Ready, source: Source) -> None:
        picture = ready.picture
        if picture is None:
            self._report.refused[ready.refused] += 1
            self._report.fault(Fault(was.where, ready.refused, "mend it, or leave it out"))
            return
        if source.ratio is not None:
            picture = replace(picture, part="train", path=f"{source.name}/{picture.path}")
            self._report.mixed[source.name] += 1
        elif self._splitter is not None:
            picture = picture.at(self._splitter.part(picture))
        self._report.parts[picture.part] += 1
        self._report.kept += 1 if picture.kind == "crops" else len(picture.boxes)
        if picture.boxes:
            self._report.ignored += sum(box.ignore for box in picture.boxes)
        if ready.crops is not None:
            self._cuts = {id(picture): ready.crops}
        for name, sink in self._sinks.items():
            self._put(name, sink, picture, ready.crops or [])

    def _put(self, name: str, sink: Sink, picture: Picture, crops: Sequence[Crop]) -> None:
        if picture.kind == "pages" and name in self._crops_of_pages:
            for crop in crop_pictures(picture, crops):
                self._write(name, sink, crop)
            return
        if picture.kind not in self._kinds[name]:
            held = "pages" if picture.kind == "crops" else "crops of one text"
            what = "crops of one text" if picture.kind == "crops" else "pages"
            raise UserError(f"--to: {name} holds {held}, {picture.where} is of {what}; choose another format")
        self._write(name, sink, picture)

    def _write(self, name: str, sink: Sink, picture: Picture) -> None:
        try:
            sink.add(picture)
        except Unfit as reason:
            self._report.dropped[name][str(reason)] += 1
        else:
            self._report.written[name] += 1

    def _cut(self, picture: Picture) -> list[Crop]:
        known = self._cuts.get(id(picture))
        return cut(picture) if known is None else known


def drawn(pictures: Iterable[Picture], total: int, wanted: int, seed: int) -> Iterator[Picture]:
    """Yield `wanted` of `total` pictures, or all when there are fewer, each with the same chance, in their order.

    (Knuth, The Art of Computer Programming, volume 2, 3.4.2, algorithm S.)
    """
    rng = np.random.Generator(np.random.Philox(key=seed))
    left = min(wanted, total)
    for number, picture in enumerate(pictures):
        if left <= 0:
            return
        if rng.random() * (total - number) < left:
            left -= 1
            yield picture


def _takes_crops(codec: Codec, choices: Choices) -> bool:
    """Return whether pages are written as crops: always where a format holds nothing else."""
    kinds = codec.keeps.kinds
    return "crops" in kinds and ("pages" not in kinds or (choices.crops and codec.name not in _CUTTING))


def _check(codecs: Sequence[Codec], room: Room, report: Report, choices: Choices) -> None:
    """Read back what was written.

    Raises:
        DatasetError: there is nothing, or not what was written.
    """
    if not sum(report.written.values()):
        why = [*report.refused, *(why for reasons in report.dropped.values() for why in reasons)]
        first = f" ({report.faults[0]})" if report.faults else ""
        raise DatasetError(f"nothing was left to write: {'; '.join(why) or 'there are no pictures'}{first}")
    for codec in codecs if choices.verify and choices.images != "none" else ():
        faults: list[Fault] = []
        seen: Counter[str] = Counter()
        for picture in codec.read(place_of(room.path, codec, codecs), faults.append):
            seen["pictures"] += 1
            del picture
        lost = codec.name == "craft"  # EasyOCR's folder has more pictures than gt.mat can name
        if faults or (seen["pictures"] != report.written[codec.name] and not lost):
            what = faults[0] if faults else f"{seen['pictures']} of {report.written[codec.name]} pictures came back"
            raise DatasetError(f"{codec.name}: what was written could not be read back: {what}")


def _ignore(_: int) -> None:
    return None


def _silent(_: Fault) -> None:
    return None
