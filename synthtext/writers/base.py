"""What every writer of a dataset offers to the engine, and the choices that all of them share.

A writer never publishes by itself: while a shard is being made it writes into a room of its own, and when the
shard is whole it says which of its files go where. The engine moves the outputs of all writers together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from synthtext.labels.levels import Level
from synthtext.labels.maps import MapMode, MapSize, MapStyle
from synthtext.values import Sample

PARTS = ("train", "val", "test")
STATE_DIR = ".synthtext"

ImageFormat = Literal["jpg", "png"]
MapFiles = Literal["none", "npy", "u8"]


@dataclass(frozen=True, slots=True)
class PageOptions:
    """What is written about pictures with many lines.

    Attributes:
        level: whether labels are of lines or of words, where a format leaves the choice.
        polygons: curved text is outlined by polygons where a format takes them, otherwise by quads.
        maps: CRAFT's score maps: not at all, as float32 `.npy` files, or as 8-bit PNG files.
        maps_mode, maps_size: how they are drawn, see `labels.maps`.
        masks: which character and which word each pixel belongs to, as 16-bit PNG files.
    """

    level: Level = "line"
    polygons: bool = False
    maps: MapFiles = "none"
    maps_mode: MapMode = "simple"
    maps_size: MapSize = "full"
    masks: bool = False

    @property
    def map_style(self) -> MapStyle:
        """How score maps are drawn."""
        return MapStyle(self.maps_mode, self.maps_size, "uint8" if self.maps == "u8" else "float32")


@dataclass(frozen=True, slots=True)
class WriterOptions:
    """What a dataset looks like to its reader; the same for all of its formats.

    Attributes:
        charset: the characters that texts are made of, in the order of their class ids.
        use_space: texts may hold spaces.
        max_text_length: no text is longer, in code points.
        image_hw: height and width that a trainer should resize crops to.
        rotate_vertical: turn crops with h/w >= 1.5 counter-clockwise by 90 degrees, as PaddleOCR does.
        image_format: of the image files; JPEG takes its quality from each sample.
        pages: the samples are pictures with many lines, not crops of one.
    """

    charset: tuple[str, ...]
    use_space: bool = True
    max_text_length: int = 23
    image_hw: tuple[int, int] = (48, 320)
    rotate_vertical: bool = False
    image_format: ImageFormat = "jpg"
    pages: PageOptions | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """One file or folder of a finished shard.

    Attributes:
        source: where it was made, on the same file system.
        target: where it belongs, relative to the dataset, with '/'.
    """

    source: Path
    target: str


class ShardWriter(Protocol):
    """Takes the samples of one shard, in the order of their indices."""

    def add(self, index: int, part: int, image: bytes, sample: Sample) -> None:
        """Keep one sample.

        Args:
            index: of the sample in the dataset.
            part: 0 for train, 1 for val, 2 for test.
            image: the encoded file.
            sample: whose text is the label; its pixels are already in `image`.

        Raises:
            ValueError: the text cannot be written in this format (a bug of whoever made it).
            OSError: the disk is full or cannot be written.
        """

    def seal(self) -> list[Output]:
        """Finish all files and return what the shard consists of."""

    def discard(self) -> None:
        """Let go of open files; what was written is removed with the room."""


class Writer(Protocol):
    """One format of a dataset."""

    def open_shard(self, shard: int, room: Path) -> ShardWriter:
        """Start a shard in `room`, an existing empty folder of this writer's own."""

    def outputs(self) -> Iterator[str]:
        """Yield the path of every output in place, relative to the dataset, with '/'."""

    def finalise(self, shards: Sequence[int]) -> None:
        """Write what belongs to the dataset as a whole; may be done again at any time.

        Args:
            shards: the finished ones, ascending.
        """


def shard_name(shard: int) -> str:
    """Return the name that a shard's files and folders carry."""
    return f"{shard:05d}"


def numbered(out: Path, folder: str) -> Iterator[str]:
    """Yield the entries of a folder of a dataset that are named after a shard, relative to the dataset."""
    for name in names_in(out / folder):
        if name.isascii() and name.isdigit():
            yield f"{folder}/{name}"


def names_in(folder: Path) -> list[str]:
    """Return the names of a folder's entries; none when there is no such folder."""
    return [path.name for path in folder.iterdir()] if folder.is_dir() else []
