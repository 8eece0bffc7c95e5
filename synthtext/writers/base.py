"""What every writer of a recognition dataset offers to the engine, and the choices that all of them share.

A writer never publishes by itself: while a shard is being made it writes into a room of its own, and when the
shard is whole it says which of its files go where. The engine moves the outputs of all writers together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from synthtext.values import Sample

PARTS = ("train", "val", "test")
STATE_DIR = ".synthtext"

ImageFormat = Literal["jpg", "png"]


@dataclass(frozen=True, slots=True)
class WriterOptions:
    """What a recognition dataset looks like to its reader; the same for all of its formats.

    Attributes:
        charset: the characters that texts are made of, in the order of their class ids.
        use_space: texts may hold spaces.
        max_text_length: no text is longer, in code points.
        image_hw: height and width that a trainer should resize crops to.
        rotate_vertical: turn crops with h/w >= 1.5 counter-clockwise by 90 degrees, as PaddleOCR does.
        image_format: of the image files; JPEG takes its quality from each sample.
    """

    charset: tuple[str, ...]
    use_space: bool = True
    max_text_length: int = 23
    image_hw: tuple[int, int] = (48, 320)
    rotate_vertical: bool = False
    image_format: ImageFormat = "jpg"


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

    def outputs(self) -> Iterator[tuple[int, str]]:
        """Yield shard number and path of every output in place, relative to the dataset, with '/'."""

    def finalise(self, shards: Sequence[int]) -> None:
        """Write what belongs to the dataset as a whole; may be done again at any time.

        Args:
            shards: the finished ones, ascending.
        """


def shard_name(shard: int) -> str:
    """Return the name that a shard's files and folders carry."""
    return f"{shard:05d}"


def numbered(folder: Path) -> Iterator[tuple[int, Path]]:
    """Yield the entries of a folder that are named after a shard; nothing when there is no such folder."""
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if path.name.isascii() and path.name.isdigit():
            yield int(path.name), path
