"""What every format of a dataset is read into: records, one a sample."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from synthtext.labels.faults import OnFault
from synthtext.labels.levels import TextBox
from synthtext.writers.base import PARTS

_OTHER_LISTS = ("rec_gt.txt", "Label.txt", "labels.txt", "gt.txt")


@dataclass(frozen=True, slots=True)
class Record:
    """One sample as its reader sees it.

    Attributes:
        index: in the dataset, None when nothing tells.
        part: train, val or test.
        text: the label.
        image: the encoded file; None when it is missing.
        where: file and line of the label, or LMDB and key.
        image_where: the image's file, or LMDB and key.
        boxes: of a picture with many lines; its text is then all of theirs, as `label_text` gives it.
    """

    index: int | None
    part: str
    text: str
    image: bytes | None
    where: str
    image_where: str
    boxes: tuple[TextBox, ...] | None = None


class Store(Protocol):
    """One format of a dataset."""

    @property
    def name(self) -> str:
        """Of the format."""

    @property
    def root(self) -> Path:
        """Its folder."""

    @property
    def tells_text(self) -> bool:
        """Whether its labels have every text, as checksums were made of."""

    @property
    def skips_blank(self) -> bool:
        """Whether pages without text are left out."""

    def scan(self, on_fault: OnFault) -> Iterator[Record]:
        """Yield every record that has a label, in the order of the parts; what cannot be read is reported."""


def find_lists(root: Path) -> dict[str, Path]:
    """Return the label files of a recognition folder by part; one of another name counts as train."""
    found = {part: root / f"{part}.txt" for part in PARTS if (root / f"{part}.txt").is_file()}
    if not found:
        other = next((root / name for name in _OTHER_LISTS if (root / name).is_file()), None)
        return {PARTS[0]: other} if other else {}
    return found


def read_image(path: str) -> bytes | None:
    """Return the content of a file; None when there is none that can be read."""
    try:
        with open(path, "rb", buffering=0) as file:
            return file.readall()
    except OSError:
        return None


def image_index(path: str) -> int | None:
    """Return the index that a file is named after."""
    stem = path[path.rfind("/") + 1 :].split(".", 1)[0]
    return int(stem) if stem.isascii() and stem.isdigit() else None
