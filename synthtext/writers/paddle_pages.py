"""PaddleOCR's folders for pictures with many lines: one to train a detector, one to train a recogniser.

    det/images/00012/000120345.jpg      the pictures, one folder a shard
    det/train.txt val.txt test.txt      `images/00012/000120345.jpg<TAB>[{"transcription": ..., "points": ...}, ...]`
    det/det.yml
    rec/                                crops of every line that counts, as PaddleOCR cuts them, named
                                        000120345_003.jpg after the picture and the place in its list

Pictures without any line are left out: PaddleOCR skips them, and hangs when there are only such.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from synthtext.labels.levels import text_boxes
from synthtext.labels.ppocr_det import det_line
from synthtext.labels.rectify import rectified_all
from synthtext.values import Sample
from synthtext.writers.base import STATE_DIR, Output, PageOptions, WriterOptions, numbered, shard_name
from synthtext.writers.disk import replace_file, write_new
from synthtext.writers.encode import encode
from synthtext.writers.folder import LISTS as CROP_LISTS
from synthtext.writers.folder import FolderWriter
from synthtext.writers.lists import Pieces, join_pieces, longest_text
from synthtext.writers.recipe import det_recipe

ROOT = "det"
IMAGES = f"{ROOT}/images"
LISTS = f"{STATE_DIR}/det"


class PaddlePagesWriter:
    """Writes `det/` and `rec/` below a dataset's folder."""

    def __init__(self, out: Path, options: WriterOptions) -> None:
        self._out = out
        self._options = options
        self._crops = FolderWriter(out, options)

    def open_shard(self, shard: int, room: Path) -> _PagesShard:
        """Start a shard in `room`."""
        return _PagesShard(shard, room, self._options, self._crops)

    def outputs(self) -> Iterator[str]:
        """Yield the path of every output that is in place."""
        yield from numbered(self._out, IMAGES)
        yield from numbered(self._out, LISTS)
        yield from self._crops.outputs()

    def finalise(self, shards: Sequence[int]) -> None:
        """Put the label lists together, write the dictionary and the configurations."""
        root = self._out / ROOT
        root.mkdir(parents=True, exist_ok=True)
        parts = join_pieces(self._out / LISTS, root, shards)
        replace_file(root / "det.yml", det_recipe(_pages(self._options), parts).encode())
        # Texts of pages may be longer than what was asked of single lines, and trainers drop them without a word.
        longest = max(self._options.max_text_length, longest_text(self._out / CROP_LISTS, shards))
        FolderWriter(self._out, replace(self._options, max_text_length=longest)).finalise(shards)


class _PagesShard:
    def __init__(self, shard: int, room: Path, options: WriterOptions, crops: FolderWriter) -> None:
        self._name = shard_name(shard)
        self._options = options
        self._pages = _pages(options)
        self._images = room / "images"
        self._images.mkdir()
        self._lists = Pieces(room / "lists")
        crop_room = room / "crops"
        crop_room.mkdir()
        self._crops = crops.open_shard(shard, crop_room)

    def add(self, index: int, part: int, image: bytes, sample: Sample) -> None:
        pages = self._pages
        boxes = text_boxes(sample, pages.level, pages.polygons)
        if not boxes:
            return
        name = f"{index:09d}.{self._options.image_format}"
        self._lists.add(part, det_line(f"images/{self._name}/{name}", boxes))
        write_new(f"{self._images}/{name}", image)
        # Bent text is unbent whatever its label's outline: nobody reads it out of a quad round a curve.
        bent = text_boxes(sample, pages.level, polygons=True)
        wanted = [(number, box) for number, box in enumerate(bent) if not box.ignore]
        crops = rectified_all(sample.image, [box.outline for _, box in wanted], [box.column for _, box in wanted])
        for (number, box), crop in zip(wanted, crops, strict=True):
            data = encode(crop, self._options.image_format, sample.jpeg_quality)
            self._crops.put(f"{index:09d}_{number:03d}", part, data, box.text)

    def seal(self) -> list[Output]:
        return [
            Output(self._images, f"{IMAGES}/{self._name}"),
            Output(self._lists.seal(), f"{LISTS}/{self._name}"),
            *self._crops.seal(),
        ]

    def discard(self) -> None:
        shutil.rmtree(self._images, ignore_errors=True)
        self._lists.discard()
        self._crops.discard()


def _pages(options: WriterOptions) -> PageOptions:
    return options.pages or PageOptions()
