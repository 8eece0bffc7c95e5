"""Plain text labels, a file a picture: the image's path, then corners and category; see `labels.plain`.

images/train/a.jpg    labels/train/a.txt
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from synthtext.labels.codec.base import Keeps, Target
from synthtext.labels.codec.crops import quad_round
from synthtext.labels.codec.files import PARTS, Root, below, part_folder
from synthtext.labels.codec.images import SUFFIXES, stem_of
from synthtext.labels.faults import OnFault
from synthtext.labels.levels import CATEGORIES, TextBox
from synthtext.labels.picture import Picture
from synthtext.labels.plain import plain_lines, read_plain

_IMAGES, _LABELS = "images", "labels"


class Plain:
    """The codec `plain`."""

    name = "plain"
    summary = "plain text: the image's path, then corners and category (0 printed, 1 filled)"
    keeps = Keeps(
        outlines="quad",
        texts=False,
        ignored="left out",
        categories="two",
        language=False,
        direction=False,
        chars=False,
        rest=False,
        about=False,
    )
    drawn = False

    def fits(self, root: Path) -> bool:
        """Return whether a label file begins with a path, and goes on with nine numbers."""
        for path in _label_files(root):
            faults: list[object] = []
            label = read_plain(path, faults.append)
            return label is not None and not faults and Path(label.path).suffix.lower() in SUFFIXES
        return False

    def read(self, root: Path, on_fault: OnFault) -> Iterator[Picture]:
        """Yield the pictures of all label files."""
        place = Root(root)
        for path in _label_files(root):
            label = read_plain(path, on_fault)
            if label is None:
                continue
            image = place.find(label.path)
            if image is None:
                place.report_outside(label.path, f"{path}:1", on_fault)
                continue
            inside = below(label.path, _IMAGES)
            part = next((name for name in PARTS if inside.startswith(f"{name}/")), "")
            yield Picture(below(inside, part), part, image, str(path), boxes=label.boxes)

    def sink(self, target: Target) -> PlainSink:
        """Start writing."""
        return PlainSink(target)


class PlainSink:
    """Writes `images/` and `labels/`."""

    def __init__(self, target: Target) -> None:
        self._target = target

    def add(self, picture: Picture) -> None:
        """Write one picture."""
        folder = f"{_IMAGES}/{part_folder(picture.part)}"
        boxes = [_quad(box) for box in picture.boxes if box.category in CATEGORIES]
        strange = len(picture.boxes) - len(boxes)
        if strange:
            self._target.dropped["box of a category that is neither printed nor filled"] += strange
        path = self._target.images.put_alone(picture, self._target.root, f"{folder}{picture.path}")
        label = self._target.root / _LABELS / f"{stem_of(below(path, _IMAGES))}.txt"
        label.parent.mkdir(parents=True, exist_ok=True)
        label.write_bytes(plain_lines(path, boxes).encode())

    def close(self) -> None:
        """Do nothing: there are no lists."""


def _quad(box: TextBox) -> TextBox:
    return box if len(box.outline) == 4 else replace(box, outline=quad_round(box.outline))


def _label_files(root: Path) -> Iterator[Path]:
    folder = root / _LABELS
    yield from sorted((folder if folder.is_dir() else root).rglob("*.txt"))
