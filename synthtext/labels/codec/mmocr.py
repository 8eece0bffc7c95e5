"""MMOCR 1.x: `textdet_train.json` for pages, `textrecog_train.json` for crops, images in folders of like names.

Paths are relative to the root (`data_root`). Recognition is read from JSON lines as well:
`{"filename": ..., "text": ...}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from synthtext.geometry import Floats
from synthtext.labels.codec.base import Keeps, Target, Unfit
from synthtext.labels.codec.coco import ImageFinder, annotation_outline, category_of, has_keys
from synthtext.labels.codec.extras import extras_of, with_extras
from synthtext.labels.codec.files import (
    PARTS,
    below,
    dump,
    listed,
    load_json,
    mapping,
    outline_of,
    pairs,
    parse_json,
    part_folder,
    part_of,
    size_of,
    text_lines,
    worded,
)
from synthtext.labels.codec.jsonfile import JsonFile
from synthtext.labels.faults import Fault, OnFault
from synthtext.labels.levels import CATEGORIES, IGNORE_MARKS, TextBox
from synthtext.labels.picture import Picture

_DET, _REC = "textdet", "textrecog"
_TYPES = {_DET: "TextDetDataset", _REC: "TextRecogDataset"}
_OWN = frozenset({"polygon", "bbox", "bbox_label", "ignore", "text"})
_PICTURE = frozenset({"img_path", "height", "width", "instances"})


class MmOcr:
    """The codec `mmocr`."""

    name = "mmocr"
    summary = "MMOCR 1.x, for detection and recognition"
    keeps = Keeps(kinds=("pages", "crops"))
    drawn = False

    def fits(self, root: Path) -> bool:
        """Return whether there is a JSON file with a data list."""
        return any(True for _ in _files(root))

    def read(self, root: Path, on_fault: OnFault) -> Iterator[Picture]:
        """Yield pages and crops of all files."""
        for part, path in _files(root):
            finder = ImageFinder(root, path.parent, "")
            if path.suffix == ".jsonl":
                yield from _read_lines(path, part, finder, on_fault)
                continue
            data = load_json(path, on_fault)
            if data is None:
                continue
            try:
                items = listed(mapping(data, "the file").get("data_list"), "data_list")
                names = _names(data.get("metainfo"))
            except ValueError as error:
                on_fault(Fault(str(path), str(error), "write MMOCR's metainfo and data_list"))
                continue
            crops = _is_recognition(data.get("metainfo"))
            for number, item in enumerate(items):
                where = f"{path} picture {number}"
                try:
                    picture = _picture(mapping(item, "it"), crops, names, part, finder, where, on_fault)
                except ValueError as error:
                    on_fault(Fault(where, f"cannot be read ({error})", "mend or remove it"))
                    continue
                if picture is not None:
                    yield picture

    def sink(self, target: Target) -> MmOcrSink:
        """Start writing."""
        return MmOcrSink(target)


class MmOcrSink:
    """Writes the JSON files and folders of images."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._files: dict[tuple[str, str], JsonFile] = {}
        self._names = list(CATEGORIES)

    def add(self, picture: Picture) -> None:
        """Write one page or crop."""
        task = _DET if picture.kind == "pages" else _REC
        if task == _DET and picture.size_wh is None:
            raise Unfit("the image cannot be read, and its size is not known")
        if task == _REC and not picture.text:
            raise Unfit("the text is empty")
        folder = f"{task}_imgs/{part_folder(picture.part)}"
        path = self._target.images.put(picture, self._target.root, f"{folder}{picture.path}")
        item: dict[str, Any] = {"img_path": path}
        if picture.size_wh is not None:
            item |= {"height": picture.size_wh[1], "width": picture.size_wh[0]}
        item["instances"] = [{"text": picture.text}] if task == _REC else [self._instance(box) for box in picture.boxes]
        rest = {key: value for key, value in picture.extra.items() if key not in _PICTURE}
        self._file(task, picture.part).add("data_list", item | rest)

    def close(self) -> None:
        """Finish the files."""
        category = [{"id": number, "name": name} for number, name in enumerate(self._names)]
        for (task, _), file in self._files.items():
            info: dict[str, Any] = {"dataset_type": _TYPES[task], "task_name": task}
            file.close(metainfo=info | ({"category": category} if task == _DET else {}))

    def _file(self, task: str, part: str) -> JsonFile:
        file = self._files.get((task, part))
        if file is None:
            name = f"{task}_{part}.json" if part else f"{task}.json"
            file = self._files[task, part] = JsonFile(self._target.root / name, {"data_list": "[]"})
        return file

    def _instance(self, box: TextBox) -> dict[str, Any]:
        if box.category not in self._names:
            self._names.append(box.category)
        flat = [value for point in pairs(box.outline) for value in point]
        own = {
            "polygon": flat,
            "bbox": [min(flat[::2]), min(flat[1::2]), max(flat[::2]), max(flat[1::2])],
            "bbox_label": self._names.index(box.category),
            "ignore": box.ignore,
            "text": box.text,
        }
        return own | extras_of(box, _OWN)


def _picture(
    item: dict[str, Any],
    crops: bool,
    names: dict[Any, str],
    part: str,
    finder: ImageFinder,
    where: str,
    on_fault: OnFault,
) -> Picture | None:
    name = worded(item.get("img_path"), "img_path")
    image = finder.find(name, where, on_fault)
    if image is None:
        return None
    path = below(name, f"{_REC if crops else _DET}_imgs", part)
    instances = listed(item.get("instances") or [], "instances")
    extra = {key: value for key, value in item.items() if key not in _PICTURE}
    size = size_of(item.get("width"), item.get("height"))
    if crops:
        if len(instances) != 1:
            raise ValueError(f"{len(instances)} texts of one crop")
        text = worded(mapping(instances[0], "an instance").get("text"), "text")
        return Picture(path, part, image, where, text, (), size, extra)
    boxes = []
    for number, instance in enumerate(instances):
        try:
            boxes.append(_box(mapping(instance, "an instance"), names))
        except ValueError as error:
            on_fault(Fault(f"{where}, instance {number}", f"cannot be read ({error})", "mend or remove it"))
    return Picture(path, part, image, where, None, tuple(boxes), size, extra)


def _box(item: dict[str, Any], names: dict[Any, str]) -> TextBox:
    text = worded(item.get("text") or "", "text")
    ignore = item.get("ignore") is True or text in IGNORE_MARKS
    category = category_of(names.get(item.get("bbox_label", 0), CATEGORIES[0]))
    return with_extras(TextBox(_outline(item), text, category, ignore), item, _OWN)


def _outline(item: dict[str, Any]) -> Floats:
    if item.get("polygon"):
        return annotation_outline(item, "polygon")
    x0, y0, x1, y1 = listed(item.get("bbox"), "bbox")[:4]
    return outline_of([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], "bbox")


def _read_lines(path: Path, part: str, finder: ImageFinder, on_fault: OnFault) -> Iterator[Picture]:
    for number, line in text_lines(path, on_fault):
        where = f"{path}:{number}"
        data = parse_json(line, where, on_fault)
        if data is None:
            continue
        try:
            item = mapping(data, "the line")
            name, text = worded(item.get("filename"), "filename"), worded(item.get("text"), "text")
        except ValueError as error:
            on_fault(Fault(where, f"cannot be read ({error})", dump({"filename": "a.jpg", "text": "..."})))
            continue
        image = finder.find(name, where, on_fault)
        if image is not None:
            yield Picture(below(name, f"{_REC}_imgs", part), part, image, where, text)


def _names(metainfo: Any) -> dict[Any, str]:
    categories = metainfo.get("category") if isinstance(metainfo, dict) else None
    return {item.get("id"): str(item.get("name")) for item in categories or [] if isinstance(item, dict)}


def _is_recognition(metainfo: Any) -> bool:
    if not isinstance(metainfo, dict):
        return False
    return metainfo.get("task_name") == _REC or metainfo.get("dataset_type") == _TYPES[_REC]


def _files(root: Path) -> Iterator[tuple[str, Path]]:
    found = []
    for path in [root] if root.is_file() else [*sorted(root.glob("*.json")), *sorted(root.glob("*.jsonl"))]:
        wanted = ("filename", "text") if path.suffix == ".jsonl" else ("data_list",)
        if path.suffix in (".json", ".jsonl") and has_keys(path, *wanted):
            words = path.stem.replace("-", "_").split("_")
            found.append((next((part for word in words if (part := part_of(word))), ""), path))
    yield from sorted(found, key=lambda pair: ([*PARTS, ""].index(pair[0]), str(pair[1])))
