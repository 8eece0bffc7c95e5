"""labelme, a JSON file beside each image: `train/a.jpg`, `train/a.json`.

The category is a shape's `label`, its text the `description`, as X-AnyLabeling has it; a top-level `text_field` says
so. In files without it and without descriptions labels that are no categories are taken for texts.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from synthtext.geometry import Floats
from synthtext.labels.codec.base import Keeps, Target, Unfit
from synthtext.labels.codec.coco import category_of, has_keys
from synthtext.labels.codec.extras import extras_of, with_extras
from synthtext.labels.codec.files import (
    Root,
    dump,
    listed,
    load_json,
    mapping,
    outline_of,
    pairs,
    part_folder,
    part_folders,
    relative,
    size_of,
    worded,
)
from synthtext.labels.codec.images import stem_of
from synthtext.labels.faults import Fault, OnFault
from synthtext.labels.levels import CATEGORIES, IGNORE_MARKS, IGNORED, TextBox
from synthtext.labels.picture import Picture

_VERSION = "6.3.1"
_IGNORE = "ignore"
_SHAPE = frozenset(
    {"label", "points", "group_id", "shape_type", "flags", "description", "mask", "difficult", "score", "attributes"}
)
_TOP = frozenset({"version", "shapes", "imagePath", "imageData", "imageHeight", "imageWidth", "flags", "text_field"})
_QUADS = ("polygon", "oriented_rectangle", "quadrilateral")
_DO = "draw it as a polygon or rectangle, or remove it"


class Labelme:
    """The codec `labelme`."""

    name = "labelme"
    summary = "labelme and X-AnyLabeling, a JSON file beside each image"
    keeps = Keeps()
    drawn = True

    def fits(self, root: Path) -> bool:
        """Return whether the first JSON files have shapes."""
        for _, folder in part_folders(root):
            for path in _files(folder):
                return has_keys(path, "shapes", "imagePath")
        return False

    def read(self, root: Path, on_fault: OnFault) -> Iterator[Picture]:
        """Yield the pictures of all JSON files."""
        for part, folder in part_folders(root):
            for path in _files(folder):
                data = load_json(path, on_fault)
                if data is None:
                    continue
                try:
                    picture = _picture(path, mapping(data, "the file"), folder, part, on_fault)
                except ValueError as error:
                    on_fault(Fault(str(path), f"cannot be read ({error})", "write labelme's JSON"))
                    continue
                if picture is not None:
                    yield picture

    def sink(self, target: Target) -> LabelmeSink:
        """Start writing."""
        return LabelmeSink(target)


class LabelmeSink:
    """Writes a JSON file beside each image."""

    def __init__(self, target: Target) -> None:
        self._target = target

    def add(self, picture: Picture) -> None:
        """Write one picture."""
        if picture.size_wh is None:
            raise Unfit("the image cannot be read, and its size is not known")
        folder = part_folder(picture.part)
        path = self._target.images.put_alone(picture, self._target.root, f"{folder}{picture.path}")
        width, height = picture.size_wh
        flags = picture.extra.get("flags")
        data = {
            "version": _VERSION,
            "flags": flags if isinstance(flags, dict) else {},
            "shapes": [_shape(box) for box in picture.boxes],
            "imagePath": path.rpartition("/")[2],
            "imageData": None,
            "imageHeight": height,
            "imageWidth": width,
            "text_field": "description",
        }
        rest = {key: value for key, value in picture.extra.items() if key not in _TOP}
        label = self._target.root / f"{stem_of(path)}.json"
        label.parent.mkdir(parents=True, exist_ok=True)
        label.write_text(dump(data | rest) + "\n", "utf-8")

    def close(self) -> None:
        """Do nothing: there are no lists."""


def _shape(box: TextBox) -> dict[str, Any]:
    flags = dict.fromkeys(box.flags, True) | ({_IGNORE: True} if box.ignore else {})
    extras = extras_of(box, _SHAPE)
    extras.pop("flags", None)
    kept = {key: box.extra[key] for key in ("group_id", "score", "attributes") if key in box.extra}
    return {
        "label": box.category,
        "points": pairs(box.outline),
        "group_id": None,
        "description": box.text,
        "shape_type": "polygon",
        "flags": flags,
        "mask": None,
        **kept,
        **extras,
    }


def _picture(path: Path, data: dict[str, Any], folder: Path, part: str, on_fault: OnFault) -> Picture | None:
    shapes = [mapping(shape, f"shape {number}") for number, shape in enumerate(listed(data.get("shapes"), "shapes"))]
    name = worded(data.get("imagePath") or "", "imagePath").replace("\\", "/")
    root = Root(path.parent)
    found = root.find(name) if name else None
    if found is None and name:
        # labelme writes a path to the image's own folder when the two are apart; the image may still be here.
        found = str(path.parent / name.rpartition("/")[2])
        if not Path(found).is_file():
            root.report_outside(name, str(path), on_fault)
            return None
    image = _embedded(data, found, path, on_fault)
    if image is None:
        on_fault(Fault(str(path), "names no image", "write imagePath"))
        return None
    texts = _texts_in(data, shapes)
    boxes = []
    for number, shape in enumerate(shapes):
        try:
            boxes.append(_box(shape, texts))
        except ValueError as error:
            on_fault(Fault(f"{path} shape {number}", f"cannot be read ({error})", _DO))
    known = {key: value for key, value in data.items() if key not in _TOP or (key == "flags" and value)}
    size = size_of(data.get("imageWidth"), data.get("imageHeight"))
    inside = relative(path.parent, folder)
    whole = f"{'' if inside == '.' else inside + '/'}{name.rpartition('/')[2] or path.stem + '.jpg'}"
    return Picture(whole, part, image, str(path), None, tuple(boxes), size, known)


def _embedded(data: dict[str, Any], image: str | None, path: Path, on_fault: OnFault) -> str | bytes | None:
    """Return the image that the file holds itself, when there is no other."""
    inside = data.get("imageData")
    if not isinstance(inside, str) or (image is not None and Path(image).is_file()):
        return image
    try:
        return base64.b64decode(inside, validate=True)
    except (binascii.Error, ValueError) as error:
        on_fault(Fault(str(path), f"imageData cannot be read ({error})", "restore the image file"))
        return image


def _texts_in(data: dict[str, Any], shapes: list[dict[str, Any]]) -> str:
    if data.get("text_field") == "description" or any(shape.get("description") for shape in shapes):
        return "description"
    labels = {str(shape.get("label")) for shape in shapes}
    return "none" if labels <= {*CATEGORIES, "text"} else "label"


def _box(shape: dict[str, Any], texts: str) -> TextBox:
    label = worded(shape.get("label"), "label")
    text = label if texts == "label" else worded(shape.get("description") or "", "description")
    flags = shape.get("flags")
    set_flags = {str(name) for name, is_set in flags.items() if is_set is True} if isinstance(flags, dict) else set()
    ignore = _IGNORE in set_flags or shape.get("difficult") is True or text in IGNORE_MARKS
    category = CATEGORIES[0] if texts == "label" else category_of(label)
    box = TextBox(_outline(shape), text or (IGNORED if ignore and texts == "label" else ""), category, ignore)
    found = with_extras(box, shape | {"flags": sorted(set_flags - {_IGNORE})}, _SHAPE - {"flags"})
    kept: dict[str, Any] = {key: shape[key] for key in ("group_id", "score", "attributes") if key in shape}
    if kept.get("group_id") is None:
        kept.pop("group_id", None)
    return replace(found, extra={**kept, **found.extra})


def _outline(shape: dict[str, Any]) -> Floats:
    points = shape.get("points")
    kind = shape.get("shape_type") or "polygon"
    if kind == "rectangle" and isinstance(points, list) and len(points) == 2:
        (x0, y0), (x1, y1) = outline_of([*points, points[0]])[:2].tolist()
        left, right, top, bottom = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
        return outline_of([[left, top], [right, top], [right, bottom], [left, bottom]])
    if kind not in (*_QUADS, "rectangle"):
        raise ValueError(f"a {kind} has no outline")
    return outline_of(points)


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*.json")):
        if not any(name.startswith(".") for name in path.relative_to(folder).parts):
            yield path
