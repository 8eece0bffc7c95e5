"""Label Studio's tasks in one JSON file, with boxes, labels and texts that share an id.

    tasks.json    config.xml    images/train/a.jpg

Coordinates are percent of the image's size; rectangles are turned about their top-left corner. Read as exported
(`annotations`) or as made for import (`predictions`). `config.xml` is the labelling interface for what is written here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import numpy as np

from synthtext.geometry import Floats
from synthtext.labels.codec.base import Keeps, Target, Unfit
from synthtext.labels.codec.coco import ImageFinder, category_of, json_files
from synthtext.labels.codec.extras import extras_of, with_extras
from synthtext.labels.codec.files import (
    listed,
    load_json,
    mapping,
    number_of,
    outline_of,
    part_folder,
    part_of,
    size_of,
    worded,
)
from synthtext.labels.codec.jsonfile import JsonRows
from synthtext.labels.faults import Fault, OnFault
from synthtext.labels.levels import CATEGORIES, IGNORE_MARKS, TextBox
from synthtext.labels.picture import Picture

_TASKS, _CONFIG = "tasks.json", "config.xml"
_LOCAL = "/data/local-files/?d="
_SHAPES = ("rectangle", "polygon", "rectanglelabels", "polygonlabels")
_OWN_DATA = frozenset({"image", "ocr", "part", "path"})
_META = frozenset({"text", "ignore"})
_INTERFACE = """\
<View>
  <Image name="image" value="$image" zoom="true" rotateControl="false"/>
  <Labels name="label" toName="image">
{labels}
  </Labels>
  <Rectangle name="bbox" toName="image" strokeWidth="2"/>
  <Polygon name="poly" toName="image" strokeWidth="2"/>
  <TextArea name="transcription" toName="image" editable="true" perRegion="true" required="false" maxSubmissions="1"
            rows="2" placeholder="text" displayMode="region-list"/>
</View>
"""


class LabelStudio:
    """The codec `labelstudio`."""

    name = "labelstudio"
    summary = "Label Studio's tasks for OCR"
    keeps = Keeps()
    drawn = True

    def fits(self, root: Path) -> bool:
        """Return whether there is a JSON list of tasks."""
        return any(True for _ in _files(root))

    def read(self, root: Path, on_fault: OnFault) -> Iterator[Picture]:
        """Yield the pictures of all tasks."""
        for path in _files(root):
            tasks = load_json(path, on_fault)
            if not isinstance(tasks, list):
                on_fault(Fault(str(path), "no list of tasks", "export as JSON, not as JSON-MIN or CSV"))
                continue
            finders: dict[str, ImageFinder] = {}
            for number, task in enumerate(tasks):
                where = f"{path} task {number}"
                try:
                    picture = _picture(root, path, finders, mapping(task, "a task"), where, on_fault)
                except ValueError as error:
                    on_fault(Fault(where, f"cannot be read ({error})", "export it again"))
                    continue
                if picture is not None:
                    yield picture

    def sink(self, target: Target) -> LabelStudioSink:
        """Start writing."""
        return LabelStudioSink(target)


class LabelStudioSink:
    """Writes `tasks.json`, `config.xml` and `images/`."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._tasks = JsonRows(target.root / _TASKS)
        self._names = list(CATEGORIES)
        self._number = 0

    def add(self, picture: Picture) -> None:
        """Write one task."""
        if picture.size_wh is None:
            raise Unfit("the image cannot be read, and its size is not known")
        path = self._target.images.put(picture, self._target.root, f"images/{part_folder(picture.part)}{picture.path}")
        result = []
        for box in picture.boxes:
            self._number += 1
            if box.category not in self._names:
                self._names.append(box.category)
            result += _regions(box, f"t{self._number}", picture.size_wh)
        data = {"image": f"{_LOCAL}{quote(path)}", "part": picture.part, "path": picture.path}
        rest = {key: value for key, value in picture.extra.items() if key not in _OWN_DATA}
        self._tasks.add({"data": data | rest, "annotations": [{"result": result}]})

    def close(self) -> None:
        """Finish the file of tasks and write the labelling interface."""
        self._tasks.close()
        labels = "\n".join(f"    <Label value={_quoted(name)}/>" for name in self._names)
        (self._target.root / _CONFIG).write_text(_INTERFACE.format(labels=labels), "utf-8")


def _quoted(name: str) -> str:
    escaped = name.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return f'"{escaped}"'


def _regions(box: TextBox, name: str, size_wh: tuple[int, int]) -> list[dict[str, Any]]:
    common: dict[str, Any] = {
        "id": name,
        "to_name": "image",
        "original_width": size_wh[0],
        "original_height": size_wh[1],
        "image_rotation": 0,
    }
    percent = np.round(box.outline.astype(np.float64) * 100.0 / size_wh, 7)
    value: dict[str, Any] = {"points": percent.tolist(), "closed": True}
    meta = extras_of(box, _META) | ({"ignore": True} if box.ignore else {})
    shape = {**common, "type": "polygon", "from_name": "poly", "value": value}
    return [
        shape | ({"meta": meta} if meta else {}),
        {**common, "type": "labels", "from_name": "label", "value": {**value, "labels": [box.category]}},
        {**common, "type": "textarea", "from_name": "transcription", "value": {**value, "text": [box.text]}},
    ]


def _picture(
    root: Path, file: Path, finders: dict[str, ImageFinder], task: dict[str, Any], where: str, on_fault: OnFault
) -> Picture | None:
    data = mapping(task.get("data"), "data")
    name = _image_name(worded(data.get("image", data.get("ocr")), "data.image"))
    part = part_of(str(data.get("part", "")))
    finder = finders.get(part) or finders.setdefault(part, ImageFinder(root, file.parent, part))
    image = finder.find(name, where, on_fault)
    if image is None:
        return None
    results = _results(task)
    regions: dict[str, list[dict[str, Any]]] = {}
    for number, item in enumerate(results):
        region = mapping(item, f"result {number}")
        regions.setdefault(str(region.get("id", number)), []).append(region)
    size = None
    boxes = []
    for key, items in regions.items():
        if not any(item.get("type") in _SHAPES for item in items):
            continue
        try:
            size = size or size_of(items[0].get("original_width"), items[0].get("original_height"))
            boxes.append(_box(items))
        except ValueError as error:
            on_fault(Fault(f"{where}, region {key}", f"cannot be read ({error})", "draw it again"))
    given = data.get("path")
    inside = name.removeprefix("images/").removeprefix(part_folder(part))
    extra = {key: value for key, value in data.items() if key not in _OWN_DATA}
    return Picture(
        given if isinstance(given, str) and given else inside, part, image, where, None, tuple(boxes), size, extra
    )


def _image_name(url: str) -> str:
    """Return the path below the root that a task's address means."""
    if url.startswith(_LOCAL):
        return parse_qs(urlsplit(url).query).get("d", [""])[0].lstrip("/")
    if "://" in url:
        raise ValueError(f"the image is at {url}, not in the folder")
    if url.startswith("/data/upload/"):
        return unquote(url.rpartition("/")[2])
    return unquote(url)


def _results(task: dict[str, Any]) -> list[Any]:
    """Return the regions of the first annotation that was not cancelled, else of the first prediction."""
    for key in ("annotations", "completions", "predictions"):
        for value in task.get(key) or []:
            annotation = mapping(value, f"an entry of {key}")
            if annotation.get("was_cancelled") is not True:
                return listed(annotation.get("result") or [], "result")
    return []


def _box(items: list[dict[str, Any]]) -> TextBox:
    shape = next(item for item in items if item.get("type") in _SHAPES)
    if number_of(shape.get("image_rotation") or 0, "image_rotation") != 0:
        raise ValueError("it was drawn on a turned image")
    size = size_of(shape.get("original_width"), shape.get("original_height"))
    if size is None:
        raise ValueError("original_width and original_height are missing")
    text, category = "", CATEGORIES[0]
    for item in items:
        value = mapping(item.get("value"), "value")
        written = value.get("text")
        if item.get("type") == "textarea" or (written is not None and not text):
            text = "\n".join(map(str, written)) if isinstance(written, list) else str(written or "")
        for key in ("labels", "rectanglelabels", "polygonlabels"):
            named = value.get(key)
            if isinstance(named, list) and named:
                category = category_of(str(named[0]))
    meta = shape.get("meta")
    told: dict[str, Any] = dict(meta) if isinstance(meta, dict) else {}
    ignore = told.get("ignore") is True or text in IGNORE_MARKS
    box = TextBox(_outline(mapping(shape.get("value"), "value"), size), text, category, ignore)
    return with_extras(box, told, _META)


def _outline(value: dict[str, Any], size_wh: tuple[int, int]) -> Floats:
    if "points" in value:
        outline = outline_of(value["points"]).astype(np.float64)
    else:
        x, y, width, height = (number_of(value.get(key), key) for key in ("x", "y", "width", "height"))
        angle = np.radians(number_of(value.get("rotation") or 0, "rotation"))
        # Turned about the corner, in pixels: a percent is not as long across as it is down.
        across, down = width * size_wh[0] / 100.0, height * size_wh[1] / 100.0
        right = np.array([np.cos(angle), np.sin(angle)]) * across
        below = np.array([-np.sin(angle), np.cos(angle)]) * down
        corner = np.array([x * size_wh[0] / 100.0, y * size_wh[1] / 100.0])
        return np.stack([corner, corner + right, corner + right + below, corner + below]).astype(np.float32)
    return (outline * size_wh / 100.0).astype(np.float32)


def _files(root: Path) -> Iterator[Path]:
    for path in json_files(root):
        with path.open("rb") as file:
            head = file.read(1 << 16)
        if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"[") and b'"data"' in head:
            yield path
