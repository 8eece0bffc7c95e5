"""A picture as JSON with the same keys whatever it holds: what our containers carry beside the image.

    {"path": "a.jpg", "part": "train", "width": 640, "height": 360, "text": null, "more": "", "lines": [
        {"text": "...", "polygon": [[x, y], ...], "category": "printed", "ignore": false, "direction": "ltr",
         "language": "", "flags": [], "chars": [], "more": ""}]}

`text` is that of a crop, null for a page. `more` holds unknown keys as JSON in a text, so that readers which derive
columns from the first rows (Hugging Face's `datasets`) find the same columns in all. What `generate` writes into its
containers (`writers.facts`) is read as well.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np

from synthtext.labels.codec.files import dump, listed, mapping, outline_of, pairs, size_of, worded
from synthtext.labels.levels import CATEGORIES, TextBox
from synthtext.labels.picture import Picture

_DIRECTIONS = ("", "ltr", "rtl", "ttb")
_LEVEL = "level"
_KEYS = frozenset({"path", "part", "width", "height", "text", "more", "lines", "words", "chars", _LEVEL})


def to_json(picture: Picture) -> dict[str, Any]:
    """Return a picture without its image."""
    width, height = picture.size_wh or (None, None)
    return {
        "path": picture.path,
        "part": picture.part,
        "width": width,
        "height": height,
        "text": picture.text,
        "more": dump(picture.extra) if picture.extra else "",
        "lines": [line_json(box) for box in picture.boxes],
    }


def line_json(box: TextBox) -> dict[str, Any]:
    """Return a line or word."""
    return {
        "text": box.text,
        "polygon": [[float(value) for value in point] for point in pairs(box.outline)],
        "category": box.category,
        "ignore": box.ignore,
        "direction": box.direction,
        "language": box.language,
        "flags": list(box.flags),
        "chars": [] if box.char_quads is None else [[[float(v) for v in p] for p in pairs(q)] for q in box.char_quads],
        "more": dump(box.extra) if box.extra else "",
    }


def from_json(data: Any, image: str | bytes, where: str) -> Picture:
    """Return the picture that JSON tells of; keys may be missing.

    Raises:
        ValueError: something in it is not what it has to be.
    """
    item = mapping(data, "the label")
    text = item.get("text")
    lines = listed(item.get("lines") or [], "lines")
    boxes = [line_from_json(line) for line in lines]
    # Pages that were generated also have all their texts in one.
    crop = text is not None and not lines and _LEVEL not in item
    if item.get("chars"):
        boxes = _with_chars(boxes, listed(item["chars"], "chars"))
    extra = {key: value for key, value in item.items() if key not in _KEYS and value is not None}
    return Picture(
        worded(item.get("path", ""), "path"),
        worded(item.get("part", ""), "part"),
        image,
        where,
        text=worded(text, "text") if crop else None,
        boxes=tuple(boxes),
        size_wh=size_of(item.get("width"), item.get("height")),
        extra=extra | _more(item),
    )


def line_from_json(data: Any) -> TextBox:
    """Return the line or word that JSON tells of.

    Raises:
        ValueError: something in it is not what it has to be.
    """
    item = mapping(data, "a line")
    text = worded(item.get("text", ""), "text")
    direction = item.get("direction", "")
    chars = listed(item.get("chars") or [], "chars")
    return TextBox(
        outline_of(item.get("polygon", item.get("points")), f"polygon of {text!r}"),
        text,
        worded(item.get("category", CATEGORIES[0]), "category"),
        item.get("ignore") is True,
        direction if direction in _DIRECTIONS else "",
        worded(item.get("language", ""), "language"),
        tuple(sorted(map(str, listed(item.get("flags") or [], "flags")))),
        _quads(chars, text) if chars else None,
        _more(item),
    )


def _with_chars(boxes: list[TextBox], chars: list[Any]) -> list[TextBox]:
    """Return boxes with the page's characters, which are in the order of the lines that count; as they are if not."""
    found: list[TextBox] = []
    at = 0
    for box in boxes:
        wanted, start, said = "".join(box.text.split()), at, ""
        while not box.ignore and len(said) < len(wanted) and at < len(chars):
            said += str(mapping(chars[at], "a char").get("text"))
            at += 1
        if not box.ignore and said != wanted:
            return boxes
        quads = [char.get("points") for char in chars[start:at]]
        found.append(replace(box, char_quads=_quads(quads, box.text)) if quads else box)
    return found


def _quads(chars: list[Any], text: str) -> np.ndarray[Any, np.dtype[np.float32]]:
    quads = [outline_of(quad, f"chars of {text!r}") for quad in chars]
    if any(len(quad) != 4 for quad in quads):
        raise ValueError(f"chars of {text!r} are not quads")
    return np.stack(quads)


def _more(item: dict[str, Any]) -> dict[str, Any]:
    more = item.get("more") or ""
    try:
        return mapping(json.loads(worded(more, "more")), "more") if more else {}
    except RecursionError as error:
        raise ValueError("more is nested too deeply") from error
