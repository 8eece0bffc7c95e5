"""Formats with one label file a picture: plain text labels, Ultralytics' oriented boxes, ICDAR 2015.

    plain/images/train/00012/000120345.jpg      plain/labels/train/00012/000120345.txt
    yolo-obb/images/train/00012/...             yolo-obb/labels/train/00012/...             yolo-obb/data.yaml
    icdar2015/ch4_training_images/img_120345.jpg
    icdar2015/ch4_training_localization_transcription_gt/gt_img_120345.txt

ICDAR's readers want all files of a part in one folder.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from synthtext.labels.icdar import icdar_lines
from synthtext.labels.levels import TextBox, text_boxes
from synthtext.labels.plain import plain_lines
from synthtext.labels.yolo import data_yaml, obb_lines
from synthtext.values import Sample
from synthtext.writers.base import PARTS, Output, PageOptions, WriterOptions, names_in, numbered, shard_name
from synthtext.writers.disk import replace_file, write_new

PLAIN_ROOT, YOLO_ROOT, ICDAR_ROOT = "plain", "yolo-obb", "icdar2015"
ICDAR_PARTS = ("training", "validation", "test")
_KINDS = ("images", "labels")


class PlainWriter:
    """Writes `plain/` below a dataset's folder."""

    root = PLAIN_ROOT

    def __init__(self, out: Path, options: WriterOptions) -> None:
        self._out = out
        self._options = options

    def open_shard(self, shard: int, room: Path) -> _PairShard:
        """Start a shard in `room`."""
        return _PairShard(self, shard, room, self._options)

    def outputs(self) -> Iterator[str]:
        """Yield the path of every output that is in place."""
        for kind in _KINDS:
            for part in PARTS:
                yield from numbered(self._out, f"{self.root}/{kind}/{part}")

    def finalise(self, shards: Sequence[int]) -> None:
        """Do nothing: there are no lists."""

    def label(self, image_path: str, boxes: list[TextBox], sample: Sample) -> str:
        """Return the label file of a picture, whose image has this path below the root."""
        return plain_lines(image_path, boxes)


class YoloWriter(PlainWriter):
    """Writes `yolo-obb/` below a dataset's folder."""

    root = YOLO_ROOT

    def finalise(self, shards: Sequence[int]) -> None:
        """Write `data.yaml`."""
        root = self._out / self.root
        root.mkdir(parents=True, exist_ok=True)
        parts = [part for part in PARTS if names_in(root / "images" / part)]
        replace_file(root / "data.yaml", data_yaml(parts).encode())

    def label(self, image_path: str, boxes: list[TextBox], sample: Sample) -> str:
        """Return the label file of a picture."""
        return obb_lines(boxes, sample.size_wh)


class _PairShard:
    def __init__(self, writer: PlainWriter, shard: int, room: Path, options: WriterOptions) -> None:
        self._writer = writer
        self._name = shard_name(shard)
        self._room = room
        self._options = options
        self._level = (options.pages or PageOptions()).level
        self._parts: set[int] = set()

    def add(self, index: int, part: int, image: bytes, sample: Sample) -> None:
        name = PARTS[part]
        if part not in self._parts:
            self._parts.add(part)
            for kind in _KINDS:
                (self._room / kind / name).mkdir(parents=True)
        file = f"{index:09d}.{self._options.image_format}"
        boxes = text_boxes(sample, self._level)
        text = self._writer.label(f"images/{name}/{self._name}/{file}", boxes, sample)
        write_new(f"{self._room}/labels/{name}/{index:09d}.txt", text.encode())
        write_new(f"{self._room}/images/{name}/{file}", image)

    def seal(self) -> list[Output]:
        return [
            Output(self._room / kind / PARTS[part], f"{self._writer.root}/{kind}/{PARTS[part]}/{self._name}")
            for kind in _KINDS
            for part in sorted(self._parts)
        ]

    def discard(self) -> None:
        for kind in _KINDS:
            shutil.rmtree(self._room / kind, ignore_errors=True)


class IcdarWriter:
    """Writes `icdar2015/`, or another folder laid out like it, below a dataset's folder."""

    def __init__(self, out: Path, options: WriterOptions, root: str = ICDAR_ROOT) -> None:
        self._out = out
        self._options = options
        self._root = root

    def open_shard(self, shard: int, room: Path) -> IcdarShard:
        """Start a shard in `room`."""
        return IcdarShard(room, self._options, self._root)

    def outputs(self) -> Iterator[str]:
        """Yield the path of every output that is in place."""
        for part in range(len(PARTS)):
            for folder in icdar_folders(self._root, part):
                yield from (f"{folder}/{name}" for name in names_in(self._out / folder))

    def finalise(self, shards: Sequence[int]) -> None:
        """Do nothing: there are no lists."""


class IcdarShard:
    """One shard; a picture that another writer has already written on this disk is linked, not written again."""

    def __init__(self, room: Path, options: WriterOptions, root: str) -> None:
        self._room = room
        self._root = root
        self._suffix = options.image_format
        self._level = (options.pages or PageOptions()).level
        self._outputs: list[Output] = []

    def add(self, index: int, part: int, image: bytes, sample: Sample) -> None:
        """Keep one picture."""
        self.put(index, part, image, sample, None)

    def put(self, index: int, part: int, image: bytes, sample: Sample, twin: Path | None) -> None:
        """Keep one picture, whose image is also in the file `twin`."""
        images, labels = icdar_folders(self._root, part)
        picture, label = self._room / f"img_{index}.{self._suffix}", self._room / f"gt_img_{index}.txt"
        write_new(str(label), icdar_lines(text_boxes(sample, self._level)).encode())
        if twin is None or not _linked(twin, picture):
            write_new(str(picture), image)
        self._outputs += [Output(picture, f"{images}/{picture.name}"), Output(label, f"{labels}/{label.name}")]

    def seal(self) -> list[Output]:
        """Return the pictures and their label files."""
        return self._outputs

    def discard(self) -> None:
        """Remove everything."""
        for output in self._outputs:
            output.source.unlink(missing_ok=True)


def icdar_folders(root: str, part: int) -> tuple[str, str]:
    """Return the folders of a part's images and label files, relative to the dataset."""
    stem = f"{root}/ch4_{ICDAR_PARTS[part]}"
    return f"{stem}_images", f"{stem}_localization_transcription_gt"


def _linked(source: Path, target: Path) -> bool:
    with suppress(OSError):
        os.link(source, target)
        return True
    return False
