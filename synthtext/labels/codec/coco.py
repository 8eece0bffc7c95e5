"""COCO's instances, one JSON file a part: images, annotations with box and polygon, categories.

    annotations/instances_train.json    images/train/a.jpg    file names are relative to the part's folder

The text is in `attributes.transcription`; what is to be ignored has `iscrowd` 1. Read from any folder with such files,
those of Roboflow and Label Studio as well.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from synthtext.geometry import Floats
from synthtext.labels.codec.base import Keeps, Target, Unfit
from synthtext.labels.codec.extras import extras_of, with_extras
from synthtext.labels.codec.files import (
    PARTS,
    Root,
    listed,
    load_json,
    mapping,
    number_of,
    outline_of,
    pairs,
    part_folder,
    part_of,
    size_of,
    worded,
)
from synthtext.labels.codec.jsonfile import JsonFile
from synthtext.labels.faults import Fault, OnFault
from synthtext.labels.levels import CATEGORIES, IGNORE_MARKS, IGNORED, TextBox
from synthtext.labels.picture import Picture

_FOLDER = "annotations"
_TEXT_KEYS = ("transcription", "text", "utf8_string", "caption")
_IMAGE_KEYS = frozenset({"id", "file_name", "width", "height"})
_OWN = frozenset({*_TEXT_KEYS, "ignore"})
# What tools call the one class that is there when nobody thought of classes.
_ANY_TEXT = frozenset({"text", "word", "words", "line"})


class Coco:
    """The codec `coco`."""

    name = "coco"
    summary = "COCO instances with texts as attributes"
    keeps = Keeps()
    drawn = False

    def fits(self, root: Path) -> bool:
        """Return whether there is a JSON file with images and a list of annotations."""
        return any(True for _ in _files(root))

    def read(self, root: Path, on_fault: OnFault) -> Iterator[Picture]:
        """Yield the pictures of all files."""
        for part, path in _files(root):
            data = load_json(path, on_fault)
            if not isinstance(data, dict):
                continue
            try:
                images, annotations = (
                    listed(data.get("images"), "images"),
                    listed(data.get("annotations"), "annotations"),
                )
                names = {mapping(c, "a category").get("id"): str(c.get("name")) for c in data.get("categories") or []}
            except ValueError as error:
                on_fault(Fault(str(path), str(error), "write COCO's instances"))
                continue
            yield from _read_file(root, path, part, images, _by_image(annotations, names, path, on_fault), on_fault)

    def sink(self, target: Target) -> CocoSink:
        """Start writing."""
        return CocoSink(target)


class CocoSink:
    """Writes `annotations/` and `images/`."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._files: dict[str, JsonFile] = {}
        self._names = list(CATEGORIES)
        self._images = 0
        self._boxes = 0

    def add(self, picture: Picture) -> None:
        """Write one picture."""
        if picture.size_wh is None:
            raise Unfit("the image cannot be read, and its size is not known")
        folder = f"images/{part_folder(picture.part)}"
        path = self._target.images.put(picture, self._target.root, f"{folder}{picture.path}").removeprefix(folder)
        file = self._files.get(picture.part)
        if file is None:
            name = f"instances_{picture.part}.json" if picture.part else "instances.json"
            file = self._files[picture.part] = JsonFile(
                self._target.root / _FOLDER / name, {"images": "[]", "annotations": "[]"}
            )
        self._images += 1
        width, height = picture.size_wh
        image = {"id": self._images, "file_name": path, "width": width, "height": height}
        file.add("images", image | {key: value for key, value in picture.extra.items() if key not in image})
        for box in picture.boxes:
            self._boxes += 1
            file.add("annotations", {"id": self._boxes, "image_id": self._images, **self._annotation(box)})

    def close(self) -> None:
        """Put the files together."""
        categories = [
            {"id": number, "name": name, "supercategory": "text"} for number, name in enumerate(self._names, 1)
        ]
        for file in self._files.values():
            file.close(info={"description": "text in pictures"}, licenses=[], categories=categories)

    def _annotation(self, box: TextBox) -> dict[str, Any]:
        if box.category not in self._names:
            self._names.append(box.category)
        points = pairs(box.outline)
        bbox, area = box_and_area(points)
        return {
            "category_id": self._names.index(box.category) + 1,
            "bbox": bbox,
            "area": area,
            "iscrowd": int(box.ignore),
            "segmentation": [[value for point in points for value in point]],
            "attributes": {"transcription": box.text, **extras_of(box, _OWN)},
        }


def box_and_area(points: list[list[float]]) -> tuple[list[float], float]:
    """Return x, y, width and height of the upright box round a polygon, and the polygon's area."""
    xs, ys = zip(*points, strict=True)
    left, top = min(xs), min(ys)
    following = [*points[1:], points[0]]
    twice = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(points, following, strict=True))
    return [left, top, round(max(xs) - left, 2), round(max(ys) - top, 2)], round(abs(twice) / 2, 2)


def annotation_outline(item: dict[str, Any], polygon_key: str = "segmentation") -> Floats:
    """Return the outline of an annotation: its polygon, else its box.

    Raises:
        ValueError: it has neither, or a mask instead of a polygon.
    """
    polygon = item.get(polygon_key)
    if isinstance(polygon, dict):
        raise ValueError(f"{polygon_key} is a mask of pixels, not a polygon")
    if isinstance(polygon, list) and polygon:
        rings = polygon if isinstance(polygon[0], list) else [polygon]
        if len(rings) > 1:
            raise ValueError(f"{polygon_key} has {len(rings)} polygons where one belongs")
        return outline_of(rings[0], polygon_key)
    x, y, width, height = (number_of(value, "bbox") for value in listed(item.get("bbox"), "bbox")[:4])
    return outline_of([[x, y], [x + width, y], [x + width, y + height], [x, y + height]], "bbox")


def category_of(name: str) -> str:
    """Return the category that a class stands for: a class of any text is printed text."""
    return CATEGORIES[0] if name.lower() in _ANY_TEXT else name


def _box(item: dict[str, Any], names: dict[Any, str]) -> TextBox:
    given = item.get("attributes")
    told = mapping(given, "attributes") if given is not None else item
    text = next((worded(told[key], key) for key in _TEXT_KEYS if told.get(key) is not None), "")
    ignore = bool(item.get("iscrowd")) or told.get("ignore") is True or text in IGNORE_MARKS
    if item.get("category_id") not in names:
        raise ValueError(f"category_id {item.get('category_id')} is not among the categories")
    category = category_of(names[item["category_id"]])
    box = TextBox(annotation_outline(item), text or (IGNORED if ignore else ""), category, ignore)
    return with_extras(box, told, _OWN) if given is not None else box


def _by_image(annotations: list[Any], names: dict[Any, str], path: Path, on_fault: OnFault) -> dict[Any, list[TextBox]]:
    found: dict[Any, list[TextBox]] = {}
    for number, value in enumerate(annotations):
        try:
            item = mapping(value, "an annotation")
            found.setdefault(item.get("image_id"), []).append(_box(item, names))
        except (ValueError, TypeError) as error:
            on_fault(Fault(f"{path} annotation {number}", f"cannot be read ({error})", "mend or remove it"))
    return found


def _read_file(
    root: Path, path: Path, part: str, images: list[Any], boxes: dict[Any, list[TextBox]], on_fault: OnFault
) -> Iterator[Picture]:
    known: set[Any] = set()
    finder = ImageFinder(root, path.parent, part)
    for number, value in enumerate(images):
        where = f"{path} image {number}"
        try:
            item = mapping(value, "an image")
            name = worded(item.get("file_name"), "file_name")
        except ValueError as error:
            on_fault(Fault(where, f"cannot be read ({error})", "mend or remove it"))
            continue
        known.add(item.get("id"))
        image = finder.find(name, where, on_fault)
        if image is None:
            continue
        extra = {key: value for key, value in item.items() if key not in _IMAGE_KEYS}
        size = size_of(item.get("width"), item.get("height"))
        yield Picture(name, part, image, where, None, tuple(boxes.get(item.get("id"), ())), size, extra)
    strange = [key for key in boxes if key not in known]
    if strange:
        what = f"annotations of {len(strange)} images that are not listed ({strange[0]}, ...)"
        on_fault(Fault(str(path), what, "add the images, or remove the annotations"))


class ImageFinder:
    """Finds images that a JSON file names, wherever its maker put them below the root."""

    def __init__(self, root: Path, beside: Path, part: str, folders: tuple[str, ...] = ("images",)) -> None:
        places = [root / folder / part for folder in folders] if part else []
        places += [root / part] if part else []
        places += [*(root / folder for folder in folders), beside, root]
        self._roots = [Root(place) for place in dict.fromkeys(places) if place.is_dir() and _within(place, root)]
        self._whole = Root(root)

    def find(self, name: str, where: str, on_fault: OnFault) -> str | None:
        """Return the file that a name means; None, and a report, when it lies outside."""
        first = None
        for place in self._roots:
            found = place.find(name)
            if found is not None and Path(found).is_file():
                return found
            first = first or found
        if first is None:
            self._whole.report_outside(name, where, on_fault)
        return first


def _within(place: Path, root: Path) -> bool:
    return place.resolve().is_relative_to(root.resolve())


def json_files(root: Path) -> Iterator[Path]:
    """Yield the JSON files where datasets keep them: in a root, its annotations and the folders of its parts."""
    if root.is_file() and root.suffix == ".json":
        yield root
        return
    for folder in (root / _FOLDER, root, *(path for path in sorted(root.glob("*")) if path.is_dir())):
        if folder.is_dir() and (folder == root or folder.name == _FOLDER or part_of(folder.name)):
            yield from sorted(folder.glob("*.json"))


def has_keys(path: Path, *keys: str) -> bool:
    """Return whether a JSON file seems to have all of these keys, without parsing it."""
    if path.stat().st_size == 0:
        return False
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return all(content.find(f'"{key}"'.encode()) >= 0 for key in keys)


def _files(root: Path) -> Iterator[tuple[str, Path]]:
    seen: set[Path] = set()
    found = []
    for path in json_files(root):
        if path not in seen and has_keys(path, "images", "annotations", "categories"):
            seen.add(path)
            words = [*path.stem.replace("-", "_").split("_"), path.parent.name]
            found.append((next((part for word in words if (part := part_of(word))), ""), path))
    yield from sorted(found, key=lambda pair: ([*PARTS, ""].index(pair[0]), str(pair[1])))
