"""PaddleOCR's recognition folder: image files, label lists, dictionary and a configuration that fits.

    rec/images/00012/000120345.jpg    one folder a shard
    rec/train.txt val.txt test.txt    `images/00012/000120345.jpg<TAB>text`, in the order of indices
    rec/dict.txt rec.yml

The lists are put together from one piece a shard, kept in the state folder, so that a run that goes on
need not read any image again.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from synthtext.labels.ppocr import label_line, write_dict
from synthtext.values import Sample
from synthtext.writers.base import PARTS, STATE_DIR, Output, WriterOptions, numbered, shard_name
from synthtext.writers.disk import replace_file, write_new
from synthtext.writers.recipe import folder_recipe

ROOT = "rec"
_IMAGES = f"{ROOT}/images"
_LISTS = f"{STATE_DIR}/lists"
_CHUNK = 1 << 20


class FolderWriter:
    """Writes `rec/` below a dataset's folder."""

    def __init__(self, out: Path, options: WriterOptions) -> None:
        self._out = out
        self._options = options

    def open_shard(self, shard: int, room: Path) -> _FolderShard:
        """Start a shard in `room`."""
        return _FolderShard(shard, room, self._options.image_format)

    def outputs(self) -> Iterator[tuple[int, str]]:
        """Yield shard number and path of every output that is in place."""
        for parent in (_IMAGES, _LISTS):
            for shard, path in numbered(self._out / parent):
                yield shard, f"{parent}/{path.name}"

    def finalise(self, shards: Sequence[int]) -> None:
        """Put the label lists together, write dictionary and configuration."""
        root = self._out / ROOT
        root.mkdir(parents=True, exist_ok=True)
        parts = [part for part in PARTS if self._write_list(part, shards)]
        replace_file(root / "dict.txt", write_dict(self._options.charset))
        replace_file(root / "rec.yml", folder_recipe(self._options, parts).encode())

    def _write_list(self, part: str, shards: Sequence[int]) -> bool:
        pieces = [self._out / _LISTS / shard_name(shard) / f"{part}.txt" for shard in shards]
        pieces = [piece for piece in pieces if piece.is_file()]
        target = self._out / ROOT / f"{part}.txt"
        if not pieces:
            target.unlink(missing_ok=True)
            return False
        replace_file(target, _chunks(pieces))
        return True


class _FolderShard:
    def __init__(self, shard: int, room: Path, suffix: str) -> None:
        self._name = shard_name(shard)
        self._images = room / "images"
        self._lists = room / "lists"
        self._images.mkdir()
        self._lists.mkdir()
        self._prefix = f"{self._images}/"
        self._suffix = f".{suffix}"
        self._lines: list[list[str]] = [[] for _ in PARTS]

    def add(self, index: int, part: int, image: bytes, sample: Sample) -> None:
        name = f"{index:09d}{self._suffix}"
        self._lines[part].append(label_line(f"images/{self._name}/{name}", sample.text))
        write_new(self._prefix + name, image)

    def seal(self) -> list[Output]:
        for part, lines in zip(PARTS, self._lines, strict=True):
            if lines:
                write_new(str(self._lists / f"{part}.txt"), "".join(lines).encode())
        return [
            Output(self._images, f"{_IMAGES}/{self._name}"),
            Output(self._lists, f"{_LISTS}/{self._name}"),
        ]

    def discard(self) -> None:
        shutil.rmtree(self._images, ignore_errors=True)
        shutil.rmtree(self._lists, ignore_errors=True)


def _chunks(files: Sequence[Path]) -> Iterator[bytes]:
    for path in files:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk
