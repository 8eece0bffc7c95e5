"""docTR: `train/images/` and `train/labels.json` for each part, of pages or of crops.

A page is `{"img_dimensions": [h, w], "img_hash": ..., "polygons": {category: [[[x, y] * 4], ...]}}`, with its texts
beside it (`texts`), which docTR skips; a crop is its text. docTR wants quads, and cannot take a page without any.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from synthtext.labels.codec.base import Keeps, Target, Unfit
from synthtext.labels.codec.coco import category_of
from synthtext.labels.codec.crops import quad_round
from synthtext.labels.codec.files import (
    Root,
    listed,
    load_json,
    mapping,
    outline_of,
    pairs,
    part_folder,
    part_folders,
    size_of,
    worded,
)
from synthtext.labels.codec.jsonfile import JsonRows
from synthtext.labels.faults import Fault, OnFault
from synthtext.labels.levels import CATEGORIES, IGNORE_MARKS, TextBox
from synthtext.labels.picture import Picture

_LABELS, _IMAGES = "labels.json", "images"
_ONE_CLASS = "words"


class DocTr:
    """The codec `doctr`."""

    name = "doctr"
    summary = "docTR's datasets for detection and recognition"
    keeps = Keeps(
        kinds=("pages", "crops"),
        outlines="quad",
        ignored="left out",
        language=False,
        direction=False,
        chars=False,
        rest=False,
        about=False,
        blank=False,
        spaces=False,
        order=False,
    )
    drawn = False

    def fits(self, root: Path) -> bool:
        """Return whether labels lie beside a folder of images."""
        return any((folder / _LABELS).is_file() and (folder / _IMAGES).is_dir() for _, folder in part_folders(root))

    def read(self, root: Path, on_fault: OnFault) -> Iterator[Picture]:
        """Yield the pages or crops of all parts."""
        for part, folder in part_folders(root):
            path = folder / _LABELS
            data = load_json(path, on_fault) if path.is_file() else None
            if data is None:
                continue
            if not isinstance(data, dict):
                on_fault(Fault(str(path), "no object with file names as keys", "write docTR's labels.json"))
                continue
            place = Root(folder / _IMAGES)
            for name, value in data.items():
                where = f"{path} {name}"
                image = place.find(name)
                if image is None:
                    place.report_outside(name, where, on_fault)
                    continue
                try:
                    yield _picture(name, part, image, where, value)
                except ValueError as error:
                    on_fault(Fault(where, f"cannot be read ({error})", "mend or remove it"))

    def sink(self, target: Target) -> DocTrSink:
        """Start writing."""
        return DocTrSink(target)


class DocTrSink:
    """Writes `images/` and `labels.json` for each part."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._files: dict[str, JsonRows] = {}

    def add(self, picture: Picture) -> None:
        """Write one page or crop."""
        value = self._label(picture)
        root = self._target.root / part_folder(picture.part)
        path = self._target.images.put(picture, root, f"{_IMAGES}/{picture.path}")
        if isinstance(value, dict):
            value["img_hash"] = hashlib.sha256(picture.read_image() or b"").hexdigest()
        rows = self._files.get(picture.part)
        if rows is None:
            rows = self._files[picture.part] = JsonRows(root / _LABELS, "{}")
        rows.add(value, path.removeprefix(f"{_IMAGES}/"))

    def close(self) -> None:
        """Finish the files."""
        for rows in self._files.values():
            rows.close()

    def _label(self, picture: Picture) -> str | dict[str, Any]:
        if picture.text is not None:
            if not picture.text:
                raise Unfit("the text is empty")
            if " " in picture.text:
                raise Unfit("the text has a space, which docTR's recognisers do not know")
            return picture.text
        boxes = [box for box in picture.boxes if not box.ignore]
        if picture.size_wh is None:
            raise Unfit("the image cannot be read, and its size is not known")
        if not boxes:
            raise Unfit("no text that counts: docTR cannot take such a page")
        polygons: dict[str, list[Any]] = {}
        texts: dict[str, list[str]] = {}
        for box in boxes:
            quad = box.outline if len(box.outline) == 4 else quad_round(box.outline)
            polygons.setdefault(box.category, []).append(pairs(quad))
            texts.setdefault(box.category, []).append(box.text)
        return {"img_dimensions": picture.size_wh[::-1], "polygons": polygons, "texts": texts}


def _picture(name: str, part: str, image: str, where: str, value: Any) -> Picture:
    if isinstance(value, str):
        return Picture(name, part, image, where, value)
    item = mapping(value, "the label")
    if "typed_words" in item:
        words = [mapping(word, "a word") for word in listed(item["typed_words"], "typed_words")]
        boxes = [_box(_geometry(word.get("geometry")), word.get("value"), "") for word in words]
        return Picture(name, part, image, where, boxes=tuple(boxes))
    polygons = item.get("polygons")
    groups = polygons if isinstance(polygons, dict) else {_ONE_CLASS: listed(polygons, "polygons")}
    texts = item.get("texts") if isinstance(item.get("texts"), dict) else {}
    boxes = []
    for category, quads in groups.items():
        told = (texts or {}).get(category)
        same = isinstance(told, list) and len(told) == len(listed(quads, "polygons"))
        for number, quad in enumerate(quads):
            outline = outline_of(quad, "a polygon")
            if len(outline) != 4:
                raise ValueError(f"a polygon of {len(outline)} points, where docTR wants four")
            boxes.append(_box(outline, told[number] if same and told is not None else "", category))
    height, width = (item.get("img_dimensions") or [None, None])[:2]
    return Picture(name, part, image, where, None, tuple(boxes), size_of(width, height))


def _geometry(value: Any) -> Any:
    numbers = listed(value, "geometry")
    if len(numbers) == 4 and not isinstance(numbers[0], list):
        x0, y0, x1, y1 = numbers
        numbers = [[x0, y0], [x1, y0], [x1, y1], [x0, y1]]
    return outline_of(numbers, "geometry")


def _box(outline: Any, text: Any, category: str) -> TextBox:
    written = worded(text, "a text")
    return TextBox(outline, written, category_of(category or CATEGORIES[0]), written in IGNORE_MARKS)
