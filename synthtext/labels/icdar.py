"""ICDAR 2015's ground truth, a file a picture: `x1,y1,x2,y2,x3,y3,x4,y4,text`, whole pixels, `###` for what is ignored.

The text is all that follows the eighth comma: nothing is quoted or escaped. Written as UTF-8 without BOM; the official
files have one, and it is accepted. An empty file is a picture without text.
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from synthtext.labels.faults import Fault, OnFault
from synthtext.labels.levels import IGNORE_MARKS, IGNORED, TextBox, quad_of

_NUMBERS = 8


def icdar_lines(boxes: Sequence[TextBox]) -> str:
    """Return the file of a picture.

    Raises:
        ValueError: a text is empty or holds a line break, or an outline is no quad.
    """
    lines = []
    for box in boxes:
        if not box.label or any(char in box.label for char in "\r\n"):
            raise ValueError(f"{box.label!r} cannot be written: it is empty or holds a line break")
        corners = np.round(quad_of(box)).astype(int).ravel().tolist()
        lines.append(f"{','.join(map(str, corners))},{box.label}\n")
    return "".join(lines)


def read_icdar(path: Path, on_fault: OnFault) -> list[TextBox]:
    """Return the boxes of a picture's file; lines that cannot be read are reported."""
    return parse_icdar(path.read_bytes(), str(path), on_fault)


def parse_icdar(data: bytes, where: str, on_fault: OnFault) -> list[TextBox]:
    """As `read_icdar`, of a file's content."""
    boxes: list[TextBox] = []
    try:
        text = data.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        on_fault(Fault(where, f"not UTF-8 ({error.reason} at byte {error.start})", "save the file as UTF-8"))
        return boxes
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n") if text else []
    for number, line in enumerate(lines, 1):
        fields = line.split(",", _NUMBERS)
        try:
            if len(fields) != _NUMBERS + 1:
                raise ValueError(f"{len(fields)} fields instead of {_NUMBERS + 1}")
            corners = np.array([int(field) for field in fields[:_NUMBERS]], np.float32).reshape(4, 2)
        except ValueError as error:
            do = "write x1,y1,x2,y2,x3,y3,x4,y4,text with whole numbers"
            on_fault(Fault(f"{where}:{number}", f"cannot be read ({error})", do))
            continue
        ignore = not fields[_NUMBERS] or fields[_NUMBERS] in IGNORE_MARKS
        boxes.append(TextBox(corners, IGNORED if ignore else fields[_NUMBERS], ignore=ignore))
    return boxes
