"""The plain text label, a file a picture: the image's path, then `x1,y1,x2,y2,x3,y3,x4,y4,category` lines.

    images/00000/000000012.jpg
    40,30,118,30,118,54,40,54,0

The path is relative to the dataset's root. Category 0 is printed (background) text, 1 is filled-in (foreground) text.
UTF-8 without BOM, LF, no spaces between fields. There is no mark for text to be ignored: it is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from synthtext.labels.faults import Fault, OnFault
from synthtext.labels.levels import CATEGORIES, TextBox, category_id, quad_of

_FIELDS = 9


@dataclass(frozen=True, slots=True, eq=False)
class PlainLabel:
    """One picture's file.

    Attributes:
        path: of the image, relative to the dataset's root.
        boxes: without texts.
    """

    path: str
    boxes: tuple[TextBox, ...]


def plain_lines(path: str, boxes: Sequence[TextBox]) -> str:
    """Return the file of a picture.

    Raises:
        ValueError: the path holds a line break, an outline is no quad, or a category has no number.
    """
    if not path or any(char in path for char in "\r\n"):
        raise ValueError(f"{path!r}: a name that no line can hold")
    lines = [f"{path}\n"]
    for box in boxes:
        if not box.ignore:
            corners = ",".join(map(_number, quad_of(box).ravel().tolist()))
            lines.append(f"{corners},{category_id(box.category)}\n")
    return "".join(lines)


def read_plain(path: Path, on_fault: OnFault) -> PlainLabel | None:
    """Return what a picture's file says; lines that cannot be read are reported. None when nothing can be read."""
    try:
        head, *lines = path.read_bytes().decode().removesuffix("\n").split("\n")
    except UnicodeDecodeError as error:
        on_fault(Fault(str(path), f"not UTF-8 ({error.reason} at byte {error.start})", "save the file as UTF-8"))
        return None
    if not head:
        on_fault(Fault(f"{path}:1", "the image's path is missing", "write it in the first line"))
        return None
    boxes = []
    for number, line in enumerate(lines, 2):
        try:
            fields = line.split(",")
            if len(fields) != _FIELDS:
                raise ValueError(f"{len(fields)} fields instead of {_FIELDS}")
            corners = np.array([float(field) for field in fields[:-1]], np.float32).reshape(4, 2)
            place = int(fields[-1])
            if not 0 <= place < len(CATEGORIES):
                raise ValueError(f"category {place} is not known")
        except ValueError as error:
            do = "write x1,y1,x2,y2,x3,y3,x4,y4,category"
            on_fault(Fault(f"{path}:{number}", f"cannot be read ({error})", do))
            continue
        boxes.append(TextBox(corners, category=CATEGORIES[place]))
    return PlainLabel(head, tuple(boxes))


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
