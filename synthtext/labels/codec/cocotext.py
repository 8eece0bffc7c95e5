"""COCO-Text version 2, one JSON file for all parts, and TextOCR, which is laid out alike.

    cocotext.v2.json    images/a.jpg

`imgs` have a `set` (train, val, test), `anns` a `mask` (x1, y1, ...) and box, legibility, language, class and
`utf8_string`. An illegible text is one to be ignored; its string is left out, and stands in `ignored_text`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from synthtext.labels.codec.base import Keeps, Target, Unfit
from synthtext.labels.codec.coco import ImageFinder, annotation_outline, box_and_area, has_keys, json_files
from synthtext.labels.codec.extras import extras_of, with_extras
from synthtext.labels.codec.files import load_json, mapping, pairs, part_folder, part_of, size_of, worded
from synthtext.labels.codec.jsonfile import JsonFile
from synthtext.labels.faults import Fault, OnFault
from synthtext.labels.levels import CATEGORIES, IGNORE_MARKS, IGNORED, TextBox
from synthtext.labels.picture import Picture

_NAME = "cocotext.v2.json"
_FOLDERS = ("images", "train2014", "train_images")
_CLASSES = {"printed": "machine printed", "filled": "handwritten"}
_IMAGE_KEYS = frozenset({"id", "set", "width", "height", "file_name"})
_OWN = frozenset(
    ("id", "image_id", "mask", "points", "bbox", "area", "language", "legibility", "class", "utf8_string", "set")
)
# What its languages are called that say nothing.
_NO_LANGUAGE = ("na", "")


class CocoText:
    """The codec `cocotext`."""

    name = "cocotext"
    summary = "COCO-Text version 2 and TextOCR"
    keeps = Keeps(ignored="flag")
    drawn = False

    def fits(self, root: Path) -> bool:
        """Return whether there is a JSON file with `imgs` and `anns`."""
        return any(True for _ in _files(root))

    def read(self, root: Path, on_fault: OnFault) -> Iterator[Picture]:
        """Yield the pictures of all files."""
        for path in _files(root):
            data = load_json(path, on_fault)
            if not isinstance(data, dict):
                continue
            try:
                images = mapping(data.get("imgs"), "imgs")
                annotations = mapping(data.get("anns"), "anns")
                links = mapping(data.get("imgToAnns", data.get("imgtoAnns", data.get("img2Anns"))), "imgToAnns")
            except ValueError as error:
                on_fault(Fault(str(path), str(error), "write COCO-Text's imgs, anns and imgToAnns"))
                continue
            finders: dict[str, ImageFinder] = {}
            for key, value in images.items():
                part = part_of(str(value.get("set", ""))) if isinstance(value, dict) else ""
                finder = finders.get(part) or finders.setdefault(part, ImageFinder(root, path.parent, part, _FOLDERS))
                picture = _picture(finder, f"{path} image {key}", part, value, annotations, links.get(key), on_fault)
                if picture is not None:
                    yield picture

    def sink(self, target: Target) -> CocoTextSink:
        """Start writing."""
        return CocoTextSink(target)


class CocoTextSink:
    """Writes `cocotext.v2.json` and `images/`."""

    def __init__(self, target: Target) -> None:
        self._target = target
        members = {"imgs": "{}", "anns": "{}", "imgToAnns": "{}"}
        self._file = JsonFile(target.root / _NAME, members)
        self._images = 0
        self._boxes = 0

    def add(self, picture: Picture) -> None:
        """Write one picture."""
        if picture.size_wh is None:
            raise Unfit("the image cannot be read, and its size is not known")
        part = picture.part
        path = self._target.images.put(picture, self._target.root, f"images/{part_folder(part)}{picture.path}")
        self._images += 1
        width, height = picture.size_wh
        image = {
            "id": self._images,
            "set": part,
            "width": width,
            "height": height,
            "file_name": path.removeprefix("images/"),
        }
        rest = {key: value for key, value in picture.extra.items() if key not in image}
        key = str(self._images)
        self._file.add("imgs", image | rest, key)
        numbers = []
        for box in picture.boxes:
            self._boxes += 1
            numbers.append(self._boxes)
            self._file.add("anns", {"id": self._boxes, "image_id": self._images, **_item(box)}, str(self._boxes))
        self._file.add("imgToAnns", numbers, key)

    def close(self) -> None:
        """Put the file together."""
        self._file.close(cats={}, info={"description": "text in pictures"})


def _item(box: TextBox) -> dict[str, Any]:
    points = pairs(box.outline)
    bbox, area = box_and_area(points)
    item: dict[str, Any] = {
        "mask": [value for point in points for value in point],
        "bbox": bbox,
        "area": area,
        "language": box.language or "na",
        "legibility": "illegible" if box.ignore else "legible",
        "class": _CLASSES.get(box.category, box.category),
    }
    if not box.ignore:
        item["utf8_string"] = box.text
    elif box.text and box.text not in IGNORE_MARKS:
        item["ignored_text"] = box.text
    extras = extras_of(box, _OWN)
    extras.pop("language", None)
    return item | extras


def _box(value: Any) -> TextBox:
    item = dict(mapping(value, "an annotation"))
    text = worded(item.get("utf8_string") or "", "utf8_string")
    # TextOCR's files tell no legibility: there a full stop is what nobody can read.
    legible = item["legibility"] == "legible" if "legibility" in item else text != "."
    ignore = not legible or text in IGNORE_MARKS
    told = item.pop("ignored_text", None)
    if ignore:
        text = told if isinstance(told, str) and told else IGNORED
    kinds = {name: category for category, name in _CLASSES.items()}
    named = worded(item.get("class") or CATEGORIES[0], "class")
    outline = annotation_outline(item, "mask" if item.get("mask") else "points")
    language = worded(item.get("language") or "", "language")
    box = TextBox(outline, text, kinds.get(named, named), ignore)
    found = with_extras(box, item, _OWN)
    return replace(found, language="" if language in _NO_LANGUAGE else language)


def _picture(
    finder: ImageFinder,
    where: str,
    part: str,
    value: Any,
    annotations: dict[str, Any],
    links: Any,
    on_fault: OnFault,
) -> Picture | None:
    try:
        item = mapping(value, "an image")
        name = worded(item.get("file_name"), "file_name")
    except ValueError as error:
        on_fault(Fault(where, f"cannot be read ({error})", "mend or remove it"))
        return None
    image = finder.find(name, where, on_fault)
    if image is None:
        return None
    boxes = []
    for number in links if isinstance(links, list) else ():
        try:
            if str(number) not in annotations:
                raise ValueError("it is not there")
            boxes.append(_box(annotations[str(number)]))
        except (ValueError, TypeError) as error:
            on_fault(Fault(f"{where}, annotation {number}", f"cannot be read ({error})", "mend or remove it"))
    extra = {key: value for key, value in item.items() if key not in _IMAGE_KEYS}
    size = size_of(item.get("width"), item.get("height"))
    return Picture(name.removeprefix(part_folder(part)), part, image, where, None, tuple(boxes), size, extra)


def _files(root: Path) -> Iterator[Path]:
    return (path for path in json_files(root) if has_keys(path, "imgs", "anns"))
