"""CVAT for images 1.1: one XML file, images beside it.

    annotations.xml    images/train/a.jpg

The category is a shape's `label`, everything else stands in its attributes. Read with expat, element by element; a file
with a document type, which entities would need, is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from synthtext.geometry import Floats
from synthtext.labels.codec.base import Keeps, Target, Unfit
from synthtext.labels.codec.coco import ImageFinder, category_of
from synthtext.labels.codec.extras import extras_of, with_extras
from synthtext.labels.codec.files import dump, outline_of, part_folder, part_of, size_of
from synthtext.labels.faults import Fault, OnFault
from synthtext.labels.levels import CATEGORIES, IGNORE_MARKS, TextBox
from synthtext.labels.picture import Picture

_NAME = "annotations.xml"
_TEXTS = ("text", "transcription", "caption")
_ATTRIBUTES = ("text", "ignore", "more")
_SHAPES = ("box", "polygon")
_OTHERS = ("polyline", "points", "ellipse", "mask", "cuboid", "skeleton")
_CHUNK = 1 << 16
_IMAGE = frozenset({"id", "name", "width", "height", "subset", "task_id", "more"})


class Cvat:
    """The codec `cvat`."""

    name = "cvat"
    summary = "CVAT for images 1.1"
    keeps = Keeps()
    drawn = True

    def fits(self, root: Path) -> bool:
        """Return whether there is an XML file of annotations."""
        return any(True for _ in _files(root))

    def read(self, root: Path, on_fault: OnFault) -> Iterator[Picture]:
        """Yield the pictures of all XML files."""
        for path in _files(root):
            yield from _read_file(root, path, on_fault)

    def sink(self, target: Target) -> CvatSink:
        """Start writing."""
        return CvatSink(target)


class CvatSink:
    """Writes `annotations.xml` and `images/`."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._names = list(CATEGORIES)
        self._count = 0
        # What labels there are is known at the end, but has to stand in front.
        self._body = (target.root / f".{_NAME}.tmp").open("x+", encoding="utf-8", newline="\n")

    def add(self, picture: Picture) -> None:
        """Write one picture."""
        if picture.size_wh is None:
            raise Unfit("the image cannot be read, and its size is not known")
        shapes = [_element(box) for box in picture.boxes]
        if not all(_is_xml(text) for text in shapes):
            raise Unfit("a text has a character that XML cannot hold")
        folder = f"images/{part_folder(picture.part)}"
        path = self._target.images.put(picture, self._target.root, f"{folder}{picture.path}").removeprefix(folder)
        width, height = picture.size_wh
        subset = f" subset={quoteattr(picture.part)}" if picture.part else ""
        more = f" more={quoteattr(dump(picture.extra))}" if picture.extra else ""
        head = f'  <image id="{self._count}" name={quoteattr(path)}{subset} width="{width}" height="{height}"{more}>\n'
        self._body.write("".join([head, *shapes, "  </image>\n"]))
        self._count += 1
        self._names += dict.fromkeys(box.category for box in picture.boxes if box.category not in self._names)

    def close(self) -> None:
        """Put the file together."""
        with (self._target.root / _NAME).open("x", encoding="utf-8", newline="\n") as file:
            file.write('<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n  <version>1.1</version>\n')
            file.write(f"  <meta>\n    <task>\n      <size>{self._count}</size>\n      <labels>\n")
            file.writelines(map(_label, self._names))
            file.write("      </labels>\n    </task>\n  </meta>\n")
            self._body.seek(0)
            while chunk := self._body.read(_CHUNK):
                file.write(chunk)
            file.write("</annotations>\n")
        self._body.close()
        Path(self._body.name).unlink()


def _label(name: str) -> str:
    kinds = {"text": "text", "ignore": "checkbox", "more": "text"}
    attributes = "".join(
        f"<attribute><name>{key}</name><mutable>False</mutable><input_type>{kinds[key]}</input_type>"
        f"<default_value>{'false' if key == 'ignore' else ''}</default_value><values></values></attribute>"
        for key in _ATTRIBUTES
    )
    return f"        <label><name>{escape(name)}</name><attributes>{attributes}</attributes></label>\n"


def _element(box: TextBox) -> str:
    points = ";".join(f"{x:.2f},{y:.2f}" for x, y in box.outline.astype(np.float64).tolist())
    extras = extras_of(box, _ATTRIBUTES)
    told = {"text": box.text, "ignore": "true" if box.ignore else "false", "more": dump(extras) if extras else ""}
    inner = "".join(f'      <attribute name="{key}">{escape(value)}</attribute>\n' for key, value in told.items())
    head = f'    <polygon label={quoteattr(box.category)} source="manual" occluded="0" points="{points}" z_order="0">\n'
    return f"{head}{inner}    </polygon>\n"


_NOT_XML = re.compile("[^\t\n -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _is_xml(text: str) -> bool:
    return _NOT_XML.search(text) is None


class _Handler:
    """Collects the images of a file while expat reads it."""

    def __init__(self) -> None:
        self.images: list[tuple[dict[str, str], list[dict[str, Any]], int]] = []
        self._image: dict[str, str] | None = None
        self._line = 0
        self._shapes: list[dict[str, Any]] = []
        self._attribute = ""
        self._text: list[str] | None = None
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._data
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "image":
            self._image, self._shapes, self._line = attributes, [], self.parser.CurrentLineNumber
        elif self._image is not None and (name in _SHAPES or name in _OTHERS):
            shape = {"shape": name, "told": {}, "line": self.parser.CurrentLineNumber, **attributes}
            self._shapes.append(shape)
        elif name == "attribute" and self._shapes and self._image is not None:
            self._attribute, self._text = attributes.get("name", ""), []

    def _end(self, name: str) -> None:
        if name == "attribute" and self._text is not None:
            self._shapes[-1]["told"][self._attribute] = "".join(self._text)
            self._text = None
        elif name == "image" and self._image is not None:
            self.images.append((self._image, self._shapes, self._line))
            self._image = None

    def _data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _doctype(self, *_: object) -> None:
        raise ValueError("it has a document type, which could define entities")


def _read_file(root: Path, path: Path, on_fault: OnFault) -> Iterator[Picture]:
    handler = _Handler()
    finders: dict[str, ImageFinder] = {}
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            try:
                handler.parser.Parse(chunk, not chunk)
            except (expat.ExpatError, ValueError) as error:
                on_fault(Fault(str(path), f"cannot be read on ({error})", "export it again as CVAT for images 1.1"))
                chunk = b""
            for attributes, shapes, line in handler.images:
                picture = _picture(root, path, finders, attributes, shapes, line, on_fault)
                if picture is not None:
                    yield picture
            handler.images.clear()
            if not chunk:
                return


def _picture(
    root: Path,
    path: Path,
    finders: dict[str, ImageFinder],
    attributes: dict[str, str],
    shapes: list[dict[str, Any]],
    line: int,
    on_fault: OnFault,
) -> Picture | None:
    where = f"{path}:{line}"
    part = part_of(attributes.get("subset", ""))
    name = attributes.get("name", "")
    finder = finders.get(part) or finders.setdefault(part, ImageFinder(root, path.parent, part))
    image = finder.find(name, where, on_fault)
    if image is None:
        return None
    boxes = []
    for shape in shapes:
        try:
            boxes.append(_box(shape))
        except ValueError as error:
            do = "draw it as a polygon or box, or remove it"
            on_fault(Fault(f"{path}:{shape['line']}", f"cannot be read ({error})", do))
    try:
        size = size_of(float(attributes["width"]), float(attributes["height"]))
    except (KeyError, ValueError):
        size = None
    extra = {key: value for key, value in attributes.items() if key not in _IMAGE} | _json(attributes.get("more", ""))
    return Picture(name, part, image, where, None, tuple(boxes), size, extra)


def _box(shape: dict[str, Any]) -> TextBox:
    told: dict[str, str] = shape["told"]
    text = next((told[key] for key in _TEXTS if key in told), "")
    ignore = told.get("ignore", "").lower() == "true" or text in IGNORE_MARKS
    box = TextBox(_outline(shape), text, category_of(shape.get("label", CATEGORIES[0])), ignore)
    strange = {key: value for key, value in told.items() if key not in (*_TEXTS, *_ATTRIBUTES)}
    return with_extras(box, strange | _json(told.get("more", "")), frozenset())


def _outline(shape: dict[str, Any]) -> Floats:
    if shape["shape"] == "polygon":
        numbers = [[float(value) for value in point.split(",")] for point in shape.get("points", "").split(";")]
        return outline_of(numbers)
    if shape["shape"] != "box":
        raise ValueError(f"a {shape['shape']} has no outline")
    try:
        x0, y0, x1, y1 = (float(shape[key]) for key in ("xtl", "ytl", "xbr", "ybr"))
        angle = np.radians(float(shape.get("rotation", 0)))
    except KeyError as error:
        raise ValueError(f"{error} is missing") from error
    corners = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
    centre = corners.mean(axis=0)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return outline_of((corners - centre) @ turn + centre)


def _json(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {"more": text}
    return value if isinstance(value, dict) else {"more": text}


def _files(root: Path) -> Iterator[Path]:
    paths = [root] if root.is_file() else sorted(root.glob("*.xml")) + sorted(root.glob("*/*.xml"))
    for path in paths:
        if path.suffix == ".xml":
            with path.open("rb") as file:
                head = file.read(4096)
            if b"<annotations" in head:
                yield path
