"""Finding the label file of each image, where every picture has one: ICDAR's folders, plain labels, YOLO."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from synthtext.labels.codec.files import part_of
from synthtext.labels.codec.images import image_files
from synthtext.labels.faults import Fault, OnFault

# Score maps of EasyOCR's trainer, which lie beside its pictures.
SAVED_MAPS = "saved_gt"
_PREFIXES = ("gt_", "GT_")
_WORDS = re.compile(r"[A-Za-z]+")
_Key = tuple[str, str]


def pair_up(root: Path, on_fault: OnFault) -> Iterator[tuple[str, Path, Path]]:
    """Yield part, image and label file of every picture below a folder; those without their other half are reported.

    The label of `a.jpg` is `gt_a.txt` or `a.txt`, in any folder of the same part: folders are called
    `ch4_training_images`, `Challenge2_Test_Task1_GT`, `images/train`, ...
    """
    labels = _label_files(root)
    used: set[_Key] = set()
    for image in image_files(root):
        if image.parent.name == SAVED_MAPS:
            continue
        key = part_in(image.relative_to(root)), image.stem
        label = labels.get(key)
        if label is None:
            do = f"add gt_{image.stem}.txt, empty if there is no text"
            on_fault(Fault(str(image), "the label file is missing", do))
            continue
        used.add(key)
        yield key[0], image, label
    for key, label in labels.items():
        if key not in used and label.name.lower().startswith("gt_"):
            on_fault(Fault(str(label), f"the image {key[1]} is missing", "restore it, or remove the label file"))


def part_in(path: Path) -> str:
    """Return the part that a word in the names of a path's folders stands for; empty when none does."""
    for name in path.parts[:-1]:
        for word in _WORDS.findall(name.replace("_", " ")):
            if part := part_of(word):
                return part
    return ""


def has_pairs(root: Path, line: re.Pattern[str]) -> bool:
    """Return whether label files are there whose first line that is not blank looks like this."""
    for label in _label_files(root).values():
        with label.open(encoding="utf-8-sig", errors="replace") as file:
            head = next((text for text in file if text.strip()), "")
        if head:
            return line.match(head.strip()) is not None
    return False


def _label_files(root: Path) -> dict[_Key, Path]:
    found: dict[_Key, Path] = {}
    for path in sorted(root.rglob("*.txt")) if root.is_dir() else ():
        stem = path.stem
        for prefix in _PREFIXES:
            stem = stem.removeprefix(prefix)
        key = part_in(path.relative_to(root)), stem
        if path.name.lower().startswith("gt_") or key not in found:
            found[key] = path
    return found
