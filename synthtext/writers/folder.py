"""PaddleOCR's recognition folder: image files, label lists, dictionary and a configuration that fits.

rec/images/00012/000120345.jpg    one folder a shard
rec/train.txt val.txt test.txt    `images/00012/000120345.jpg<TAB>text`, in the order of indices
rec/dict.txt rec.yml
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from synthtext.labels.ppocr import label_line, write_dict
from synthtext.values import Sample
from synthtext.writers.base import STATE_DIR, Output, WriterOptions, numbered, shard_name
from synthtext.writers.disk import replace_file, write_new
from synthtext.writers.lists import Pieces, join_pieces
from synthtext.writers.recipe import folder_recipe

ROOT = "rec"
IMAGES = f"{ROOT}/images"
LISTS = f"{STATE_DIR}/lists"


class FolderWriter:
    """Writes `rec/` below a dataset's folder."""

    def __init__(self, out: Path, options: WriterOptions) -> None:
        self._out = out
        self._options = options

    def open_shard(self, shard: int, room: Path) -> FolderShard:
        """Start a shard in `room`."""
        return FolderShard(shard, room, self._options.image_format)

    def outputs(self) -> Iterator[str]:
        """Yield the path of every output that is in place."""
        yield from numbered(self._out, IMAGES)
        yield from numbered(self._out, LISTS)

    def finalise(self, shards: Sequence[int]) -> None:
        """Put the label lists together, write dictionary and configuration."""
        root = self._out / ROOT
        root.mkdir(parents=True, exist_ok=True)
        parts = join_pieces(self._out / LISTS, root, shards)
        replace_file(root / "dict.txt", write_dict(self._options.charset))
        replace_file(root / "rec.yml", folder_recipe(self._options, parts).encode())


class FolderShard:
    """One shard of crops: of samples (`add`), or cut out of them and named by whoever cuts (`put`)."""

    def __init__(self, shard: int, room: Path, suffix: str) -> None:
        self._name = shard_name(shard)
        self._images = room / "images"
        self._images.mkdir()
        self._lists = Pieces(room / "lists")
        self._prefix = f"{self._images}/"
        self._suffix = f".{suffix}"

    def add(self, index: int, part: int, image: bytes, sample: Sample) -> None:
        """Keep one sample."""
        self.put(f"{index:09d}", part, image, sample.text)

    def put(self, stem: str, part: int, image: bytes, text: str) -> None:
        """Keep one crop, in a file of this name without its suffix."""
        name = f"{stem}{self._suffix}"
        self._lists.add(part, label_line(f"images/{self._name}/{name}", text))
        write_new(self._prefix + name, image)

    def seal(self) -> list[Output]:
        """Write the lists and return images and lists."""
        return [
            Output(self._images, f"{IMAGES}/{self._name}"),
            Output(self._lists.seal(), f"{LISTS}/{self._name}"),
        ]

    def discard(self) -> None:
        """Remove everything."""
        shutil.rmtree(self._images, ignore_errors=True)
        self._lists.discard()
