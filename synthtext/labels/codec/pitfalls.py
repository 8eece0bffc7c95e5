"""What a format's own trainers stumble over, though its reader here does not: for `verify`.

Nothing of it is in what our sinks write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from synthtext.labels.maps import sound
from synthtext.labels.picture import Picture

Finding = tuple[str, str]
_Rule = Callable[[Picture], Iterator[Finding]]


def pitfalls(name: str, picture: Picture) -> Iterator[Finding]:
    """Yield what is wrong with a picture in a format, and what to do."""
    yield from _names(picture)
    for box in picture.boxes:
        if box.char_quads is not None and not sound(box.char_quads).all():
            what = f"a character of {box.text!r} has a box that is flat, crossed or anticlockwise"
            yield f"{what}: it would fill CRAFT's score map", "mend or remove the box"
    if name in _RULES:
        yield from _RULES[name](picture)


def _names(picture: Picture) -> Iterator[Finding]:
    for char, whose in (("\t", "PaddleOCR"), ("\n", "every list"), ("\r", "every list")):
        if char in picture.path:
            yield f"{char!r} in the name {picture.path!r} breaks {whose}", "rename the file"


def _paddleocr(picture: Picture) -> Iterator[Finding]:
    if picture.kind == "pages" and not picture.boxes:
        what = "the list is empty; PaddleOCR skips such a page, and hangs when there are only such"
        yield what, "remove the line, or ignore a part of the page"


def _doctr(picture: Picture) -> Iterator[Finding]:
    if picture.kind == "pages" and not picture.boxes:
        yield "there are no polygons; docTR cannot take such a page", "remove its entry"
    if picture.text is not None and " " in picture.text:
        yield f"{picture.text!r} has a space; docTR's recognisers have none", "cut words, not lines"


def _yolo(picture: Picture) -> Iterator[Finding]:
    seen = set()
    for number, box in enumerate(picture.boxes):
        key = (box.category, np.round(box.outline, 2).tobytes())
        if key in seen:
            yield f"box {number} stands here for the second time; the trainer removes it", "remove the line"
        seen.add(key)


def _trdg(picture: Picture) -> Iterator[Finding]:
    if " " in picture.path:
        yield f"a space in the name {picture.path!r}; readers cut there", "rename the file"


_RULES: dict[str, _Rule] = {
    "paddleocr": _paddleocr,
    "doctr": _doctr,
    "yolo": _yolo,
    "yolo-obb": _yolo,
    "trdg": _trdg,
}
