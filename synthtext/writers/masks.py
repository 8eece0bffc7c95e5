"""Which character and which word each pixel belongs to: 16-bit PNG files, 0 for none.

    masks/chars/00012/000120345.png     number of the character's cell, from 1, in the order of lines and reading
    masks/words/00012/000120345.png     number of the word, from 1: its place among the labels of --level word

Text to be ignored is counted and drawn as well. Where two lines overlap, the later one lies on top.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from synthtext.errors import RunError
from synthtext.labels.levels import text_boxes
from synthtext.labels.maps import fill
from synthtext.values import Sample
from synthtext.writers.base import Output, WriterOptions, numbered, shard_name
from synthtext.writers.craft import png
from synthtext.writers.disk import write_new

ROOT = "masks"
KINDS = ("chars", "words")
_MOST = 65535


class MasksWriter:
    """Writes `masks/` below a dataset's folder."""

    def __init__(self, out: Path, options: WriterOptions) -> None:
        self._out = out

    def open_shard(self, shard: int, room: Path) -> _MasksShard:
        """Start a shard in `room`."""
        return _MasksShard(shard, room)

    def outputs(self) -> Iterator[str]:
        """Yield the path of every output that is in place."""
        for kind in KINDS:
            yield from numbered(self._out, f"{ROOT}/{kind}")

    def finalise(self, shards: Sequence[int]) -> None:
        """Do nothing: there are no lists."""


class _MasksShard:
    def __init__(self, shard: int, room: Path) -> None:
        self._name = shard_name(shard)
        self._room = room
        for kind in KINDS:
            (room / kind).mkdir()

    def add(self, index: int, part: int, image: bytes, sample: Sample) -> None:
        for kind, mask in (("chars", char_mask(sample)), ("words", word_mask(sample))):
            write_new(f"{self._room}/{kind}/{index:09d}.png", png(mask))

    def seal(self) -> list[Output]:
        return [Output(self._room / kind, f"{ROOT}/{kind}/{self._name}") for kind in KINDS]

    def discard(self) -> None:
        for kind in KINDS:
            shutil.rmtree(self._room / kind, ignore_errors=True)


def char_mask(sample: Sample) -> np.ndarray[tuple[int, int], np.dtype[np.uint16]]:
    """Return (H, W) uint16: the number of the character in whose cell a pixel lies."""
    return _numbered(sample, [quad for instance in sample.instances for quad in instance.cell_quads])


def word_mask(sample: Sample) -> np.ndarray[tuple[int, int], np.dtype[np.uint16]]:
    """Return (H, W) uint16: the number of the word in whose outline a pixel lies."""
    return _numbered(sample, [box.outline for box in text_boxes(sample, "word", polygons=True)])


def _numbered(sample: Sample, outlines: list[np.ndarray]) -> np.ndarray[tuple[int, int], np.dtype[np.uint16]]:
    if len(outlines) > _MOST:
        raise RunError(f"{len(outlines)} outlines in one picture, 16 bits hold {_MOST}; ask for fewer lines")
    width, height = sample.size_wh
    mask = np.zeros((height, width), np.uint16)
    for number, outline in enumerate(outlines, 1):
        fill(mask, outline, number)
    return mask
