"""PaddleOCR's detection labels: `<path>TAB<JSON list>LF`, one picture a line.

An item of the list is `{"transcription": text, "points": [[x, y], ...], "category": c}`, with `###` for the text of
what is to be ignored, which then stands in `ignored_text`. PaddleOCR skips keys that it does not know, so the item also
holds whatever else is known (`codec.extras`). UTF-8 without BOM, LF only, no blank line.
"""

from __future__ import annotations

import codecs
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from synthtext.geometry import Floats
from synthtext.labels.codec.extras import extras_of, with_extras
from synthtext.labels.codec.files import outline_of
from synthtext.labels.faults import Fault, OnFault
from synthtext.labels.levels import CATEGORIES, IGNORE_MARKS, IGNORED, TextBox

_DIGITS = 2
_KEYS = frozenset({"transcription", "points", "category", "ignored_text"})


@dataclass(frozen=True, slots=True, eq=False)
class DetLine:
    """One picture of a label file.

    Attributes:
        number: of the line, from 1.
        path: of the image, relative to the folder of the label file unless absolute.
        boxes: in the file's order.
    """

    number: int
    path: str
    boxes: tuple[TextBox, ...]


def det_line(path: str, boxes: Sequence[TextBox], *, blank_texts: bool = False) -> str:
    """Return the line for one picture, with its line break.

    Args:
        blank_texts: boxes whose text nobody knows are written with an empty one, which PaddleOCR trains on.

    Raises:
        ValueError: PaddleOCR would misread it: no boxes at all, an empty text, a tab or line break in the path.
    """
    if not boxes:
        raise ValueError(f"{path}: no boxes; PaddleOCR skips such a picture, and hangs when there are only such")
    if any(char in path for char in "\t\r\n") or path.startswith("["):
        raise ValueError(f"{path!r}: a name that PaddleOCR would misread")
    for box in boxes:
        if not box.label and not blank_texts:
            raise ValueError(f"{path}: an empty text")
    # JSON escapes tabs and line breaks in texts, so the first tab of the line is the one between path and list.
    points = _points(boxes)
    items = [det_item(box, place) for box, place in zip(boxes, points, strict=True)]
    return f"{path}\t{json.dumps(items, ensure_ascii=False)}\n"


def read_det(path: Path, on_fault: OnFault) -> Iterator[DetLine]:
    """Yield the pictures of a label file, in constant memory; what cannot be read is reported."""
    with path.open("rb") as file:
        for number, raw in enumerate(file, 1):
            where = f"{path}:{number}"
            if number == 1 and raw.startswith(codecs.BOM_UTF8):
                on_fault(Fault(where, "starts with a byte-order mark", "save the file as UTF-8 without BOM"))
                raw = raw[len(codecs.BOM_UTF8) :]
            line = _parse(where, number, raw.rstrip(b"\r\n"), on_fault)
            if line is not None:
                yield line


def det_item(box: TextBox, points: list[list[float]] | None = None) -> dict[str, Any]:
    """Return the item of a list that tells of a box.

    Args:
        points: its outline as it is written, where that is known already.
    """
    points = _rounded(box.outline) if points is None else points
    item = {"transcription": box.label, "points": points, "category": box.category}
    if box.ignore and box.text and box.text not in IGNORE_MARKS:
        item["ignored_text"] = box.text
    return item | extras_of(box, _KEYS)


def boxes_of(items: Sequence[dict[str, Any]]) -> tuple[TextBox, ...]:
    """Return the boxes that the items of a list tell of; quads are read together, in a third of the time.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: one cannot be read.
    """
    try:
        numbers = np.array([item["points"] for item in items], np.float64)
    except (ValueError, KeyError, TypeError):  # which one it is, and why, is told below
        numbers = np.empty(0)
    if numbers.shape[1:] != (4, 2) or not math.isfinite(numbers.sum()):
        return tuple(map(box_of, items))
    return tuple(map(box_of, items, numbers.astype(np.float32)))


def box_of(item: dict[str, Any], outline: Floats | None = None) -> TextBox:
    """Return the box that an item of a list tells of.

    Args:
        outline: of its points, where that is known already.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: it cannot be read.
    """
    text = item["transcription"]
    if not isinstance(text, str):
        raise TypeError(f"transcription is {text!r}, not a text")
    given = item["points"]
    if not _nested(given):
        raise ValueError(f"points of {text!r} are not three or more pairs")
    points = outline_of(given, f"points of {text!r}") if outline is None else outline
    ignore = text in IGNORE_MARKS
    told = item.get("ignored_text")
    if ignore:
        text = told if isinstance(told, str) and told else IGNORED
    category = item.get("category", CATEGORIES[0])
    return with_extras(TextBox(points, text, str(category), ignore), item, _KEYS)


def _points(boxes: Sequence[TextBox]) -> list[list[list[float]]]:
    """Return outlines as they are written; those of quads are worked out together."""
    outlines = [box.outline for box in boxes]
    if all(len(outline) == 4 for outline in outlines):
        return _rounded(np.array(outlines))
    return [_rounded(outline) for outline in outlines]


def _rounded(outlines: Floats) -> list[Any]:
    rounded: list[Any] = np.round(outlines.astype(np.float64), _DIGITS).tolist()
    return rounded


def _nested(points: Any) -> bool:
    """Return whether points are pairs: PaddleOCR fails on a flat list of numbers."""
    return isinstance(points, list) and set(map(type, points)) == {list}


def _parse(where: str, number: int, raw: bytes, on_fault: OnFault) -> DetLine | None:
    try:
        name, tab, items = raw.decode().partition("\t")
        if not tab:
            what = "no tab between path and list" if name else "a blank line, which trainers count as a sample"
            on_fault(Fault(where, what, "write <path>TAB<JSON list>" if name else "remove the line"))
            return None
        data = json.loads(items)
        boxes = boxes_of(data)
    except UnicodeDecodeError as error:
        on_fault(Fault(where, f"not UTF-8 ({error.reason} at byte {error.start})", "save the file as UTF-8"))
        return None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        what = f"the list cannot be read ({type(error).__name__}: {error})"
        on_fault(Fault(where, what, 'write [{"transcription": ..., "points": [[x, y], ...]}, ...]'))
        return None
    return DetLine(number, name, boxes)
