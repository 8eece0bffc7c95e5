"""What a format's own trainers stumble over, though its reader here does not: for `verify`.

Nothing of it is in what our sinks write.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from synthtext.labels.codec.pairs import SAVED_MAPS
from synthtext.labels.codec.yolo import LEAST_IMAGE_PX
from synthtext.labels.maps import linked, sound
from synthtext.labels.picture import Picture

Finding = tuple[str, str]
_Rule = Callable[[Picture], Iterator[Finding]]
_NUMBERED = re.compile(r"img_\d+")


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


def _words(picture: Picture) -> Iterator[Finding]:
    if picture.text is not None and "," in picture.path:
        yield f"a comma in the name {picture.path!r}; readers cut there", "rename the file"


def _craft(picture: Picture) -> Iterator[Finding]:
    for box in picture.boxes:
        quads = box.char_quads
        if quads is not None and sound(quads).all() and not linked(quads):
            what = f"characters of {box.text!r} do not have their first corner where the word begins"
            yield f"{what}: their affinity scores would be spoilt", "turn the corners on, so that side 1 lies along it"


def _saved_maps(picture: Picture) -> Iterator[Finding]:
    """Yield what EasyOCR's trainer cannot load: it finds a picture's score maps by the number in its name."""
    maps = Path(picture.where).parent.parent / SAVED_MAPS
    if not maps.is_dir():
        return
    stem = Path(picture.path).stem
    if not _NUMBERED.fullmatch(stem):
        yield f"{picture.path} has score maps beside it and is not called img_<number>", "rename the file"
    elif not (maps / f"res_{stem}_region.jpg").is_file():
        yield f"{picture.path} has no score maps in {SAVED_MAPS}, where others have them", "draw them, or remove it"


def _yolo(picture: Picture) -> Iterator[Finding]:
    if picture.size_wh is not None and min(picture.size_wh) < LEAST_IMAGE_PX:
        what = f"the image has {picture.size_wh[0]}x{picture.size_wh[1]} pixels"
        yield f"{what}, the trainer wants {LEAST_IMAGE_PX} pixels a side", "remove the image"
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
    "craft": _craft,
    "doctr": _doctr,
    "icdar2013": _words,
    "icdar2015": _saved_maps,
    "yolo": _yolo,
    "yolo-obb": _yolo,
    "trdg": _trdg,
}
