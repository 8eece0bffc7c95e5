"""Ultralytics' oriented boxes, a file a picture: `class x1 y1 x2 y2 x3 y3 x4 y4`, fractions of the image's size.

An empty file is a picture without text. There is no mark for text to be ignored: it is left out. A coordinate outside
[0, 1], or a class that `data.yaml` does not name, makes the trainer leave out the whole picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from synthtext.labels.faults import Fault, OnFault
from synthtext.labels.levels import CATEGORIES, TextBox, category_id, quad_of

_FIELDS = 9


def obb_lines(boxes: Sequence[TextBox], size_wh: tuple[int, int]) -> str:
    """Return the file of a picture of this size.

    Raises:
        ValueError: an outline is no quad, or a category has no class.
    """
    lines = []
    for box in boxes:
        if not box.ignore:
            places = np.clip(quad_of(box).astype(np.float64) / size_wh, 0.0, 1.0).ravel().tolist()
            lines.append(f"{category_id(box.category)} {' '.join(f'{place:.6f}' for place in places)}\n")
    return "".join(lines)


def read_obb(path: Path, size_wh: tuple[int, int], on_fault: OnFault) -> list[TextBox]:
    """Return the boxes of a picture's file, in pixels; lines that cannot be read are reported."""
    boxes = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        fields = line.split()
        try:
            if len(fields) != _FIELDS:
                raise ValueError(f"{len(fields)} fields instead of {_FIELDS}")
            place = int(fields[0])
            if not 0 <= place < len(CATEGORIES):
                raise ValueError(f"class {place} is not known")
            corners = np.array([float(field) for field in fields[1:]]).reshape(4, 2)
            if not ((corners >= 0) & (corners <= 1)).all():
                raise ValueError("a coordinate is outside [0, 1]")
        except ValueError as error:
            do = "write class x1 y1 x2 y2 x3 y3 x4 y4, as fractions of the image's size"
            on_fault(Fault(f"{path}:{number}", f"cannot be read ({error})", do))
            continue
        boxes.append(TextBox((corners * size_wh).astype(np.float32), category=CATEGORIES[place]))
    return boxes


def data_yaml(parts: Sequence[str]) -> str:
    """Return `data.yaml` for a dataset with these parts; its paths are relative to its own folder."""
    named = {"train": "train", "val": "val", "test": "test"}
    # The trainer wants both, also where the split left one empty.
    fallback = parts[0] if parts else "train"
    lines = ["# Ultralytics oriented boxes: yolo obb train data=data.yaml model=yolo11n-obb.yaml"]
    for key, part in named.items():
        if part in parts or key != "test":
            lines.append(f"{key}: images/{part if part in parts else fallback}")
    names = [f"  {number}: {name}" for number, name in enumerate(CATEGORIES)]
    return "\n".join([*lines, "names:", *names, ""])
