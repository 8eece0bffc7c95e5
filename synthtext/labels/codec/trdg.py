"""TextRecognitionDataGenerator: images and `labels.txt` (`12.jpg text`), or named after their texts (`text_12.jpg`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from synthtext.labels.codec.base import Keeps, Target, Unfit
from synthtext.labels.codec.files import Root, part_folder, part_folders, text_lines
from synthtext.labels.codec.images import image_files
from synthtext.labels.codec.lists import Lists
from synthtext.labels.faults import Fault, OnFault
from synthtext.labels.picture import Picture

_LABELS = "labels.txt"
_LINE = re.compile(r"([^ \t]+\.[A-Za-z]{3,4}) (.+)$", re.DOTALL)
_NAMED = re.compile(r"(.+)_\d+$", re.DOTALL)


class Trdg:
    """The codec `trdg`."""

    name = "trdg"
    summary = "TextRecognitionDataGenerator's crops"
    keeps = Keeps(kinds=("crops",), about=False)
    drawn = False

    def fits(self, root: Path) -> bool:
        """Return whether a list is there whose first line is a file and a text."""
        for _, folder in part_folders(root):
            if (folder / _LABELS).is_file():
                with (folder / _LABELS).open(encoding="utf-8", errors="replace") as file:
                    return _LINE.match(file.readline().rstrip("\n")) is not None
        return False

    def read(self, root: Path, on_fault: OnFault) -> Iterator[Picture]:
        """Yield the crops of all lists; where there is none, those that are named after their texts."""
        for part, folder in part_folders(root):
            path = folder / _LABELS
            if path.is_file():
                yield from _read_list(path, part, Root(folder), on_fault)
                continue
            for image in image_files(folder):
                named = _NAMED.match(image.stem)
                if named is not None:
                    name = image.relative_to(folder).as_posix()
                    yield Picture(name, part, str(image), str(image), named[1])

    def sink(self, target: Target) -> TrdgSink:
        """Start writing."""
        return TrdgSink(target)


class TrdgSink:
    """Writes images and `labels.txt`, in a folder for each part."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._lists = Lists(target.root, "{part}")

    def add(self, picture: Picture) -> None:
        """Write one crop."""
        text = picture.text or ""
        if not text or any(char in text for char in "\r\n"):
            raise Unfit("the text is empty, or has a line break")
        folder = part_folder(picture.part)
        path = self._target.images.put(picture, self._target.root, f"{folder}{picture.path}")
        self._lists.write(f"{folder}{_LABELS}", f"{path.removeprefix(folder)} {text}\n")

    def close(self) -> None:
        """Close the lists."""
        self._lists.close()


def _read_list(path: Path, part: str, root: Root, on_fault: OnFault) -> Iterator[Picture]:
    for number, line in text_lines(path, on_fault):
        where = f"{path}:{number}"
        name, space, text = line.partition(" ")
        if not space or not name:
            on_fault(Fault(where, "no space between file and text", "write <file> <text>"))
            continue
        image = root.find(name)
        if image is None:
            root.report_outside(name, where, on_fault)
            continue
        yield Picture(name, part, image, where, text)
