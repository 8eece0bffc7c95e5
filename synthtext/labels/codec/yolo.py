"""Ultralytics' labels, a file a picture: upright boxes (`class x y w h`) or oriented ones (`class x1 y1 ... x4 y4`).

    data.yaml    images/train/a.jpg    labels/train/a.txt

All numbers but the class are fractions of the image's size. A file that is empty or missing is a picture without text.
A coordinate outside [0, 1], or a class that `data.yaml` does not name, makes the trainer leave out the whole picture.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from synthtext.geometry import Floats
from synthtext.labels.codec.base import Keeps, Target, Unfit
from synthtext.labels.codec.crops import quad_round
from synthtext.labels.codec.files import PARTS, dump, part_folder, part_of, relative, text_lines
from synthtext.labels.codec.images import image_files, stem_of
from synthtext.labels.faults import Fault, OnFault
from synthtext.labels.levels import CATEGORIES, TextBox
from synthtext.labels.picture import Picture
from synthtext.labels.upright import look_at_file

_IMAGES, _LABELS, _DATA = "images", "labels", "data.yaml"
_COLUMNS = {"yolo": 5, "yolo-obb": 9}
_SLACK = 0.01
LEAST_IMAGE_PX = 10
_DO = {
    "yolo": "write class x y w h, as fractions of the image's size",
    "yolo-obb": "write class x1 y1 x2 y2 x3 y3 x4 y4, as fractions of the image's size",
}


@dataclass(frozen=True, slots=True)
class Yolo:
    """The codecs `yolo` and `yolo-obb`."""

    name: str
    summary: str
    keeps: Keeps
    drawn: bool = False

    def fits(self, root: Path) -> bool:
        """Return whether a label file beside an image has as many columns."""
        for part, folder in _image_folders(root, lambda _: None):
            for image in image_files(folder):
                label = _label_of(image)
                if label.is_file() and (head := label.read_bytes().split(b"\n", 1)[0].split()):
                    return len(head) == _COLUMNS[self.name] and all(map(_is_number, head))
                if part and not label.parent.is_dir():
                    break
        return False

    def read(self, root: Path, on_fault: OnFault) -> Iterator[Picture]:
        """Yield all images of the folders that `data.yaml` names, or else of `images/`."""
        names = _names(root, on_fault)
        for part, folder in _image_folders(root, on_fault):
            for image in image_files(folder):
                look = look_at_file(str(image))
                if look is None:
                    on_fault(Fault(str(image), "the image cannot be read", "restore or remove it"))
                    continue
                label = _label_of(image)
                boxes = list(self._boxes(label, look.size_wh, names, on_fault)) if label.is_file() else []
                path = relative(image, folder)
                yield Picture(path, part, str(image), str(label), boxes=tuple(boxes), size_wh=look.size_wh)

    def sink(self, target: Target) -> YoloSink:
        """Start writing."""
        return YoloSink(self.name == "yolo-obb", target)

    def _boxes(
        self, path: Path, size_wh: tuple[int, int], names: Sequence[str], on_fault: OnFault
    ) -> Iterator[TextBox]:
        for number, line in text_lines(path, on_fault):
            fields = line.split()
            try:
                if len(fields) != _COLUMNS[self.name]:
                    raise ValueError(f"{len(fields)} columns instead of {_COLUMNS[self.name]}")
                place = int(fields[0])
                if not 0 <= place < len(names):
                    raise ValueError(f"class {place} is not named in {_DATA}")
                outline = _outline(np.array([float(field) for field in fields[1:]]))
            except ValueError as error:
                on_fault(Fault(f"{path}:{number}", f"cannot be read ({error})", _DO[self.name]))
                continue
            yield TextBox((outline * size_wh).astype(np.float32), category=names[place])


class YoloSink:
    """Writes `images/`, `labels/` and `data.yaml`."""

    def __init__(self, oriented: bool, target: Target) -> None:
        self._oriented = oriented
        self._target = target
        self._names = list(CATEGORIES)
        self._parts: set[str] = set()

    def add(self, picture: Picture) -> None:
        """Write one picture."""
        if picture.size_wh is None:
            raise Unfit("the image cannot be read, and its size is not known")
        if min(picture.size_wh) < LEAST_IMAGE_PX:
            raise Unfit(f"the image is smaller than {LEAST_IMAGE_PX} pixels, which the trainer refuses")
        part = picture.part or "train"
        every = [self._line(box, picture.size_wh) for box in picture.boxes if not box.ignore]
        lines = list(dict.fromkeys(every))
        if len(lines) < len(every):
            self._target.dropped["box for the second time, which the trainer removes"] += len(every) - len(lines)
        path = self._target.images.put_alone(picture, self._target.root, f"{_IMAGES}/{part_folder(part)}{picture.path}")
        label = self._target.root / f"{_LABELS}{stem_of(path).removeprefix(_IMAGES)}.txt"
        label.parent.mkdir(parents=True, exist_ok=True)
        label.write_bytes("".join(lines).encode())
        self._parts.add(part)

    def close(self) -> None:
        """Write `data.yaml`."""
        parts = [part for part in PARTS if part in self._parts]
        if parts:
            (self._target.root / _DATA).write_text(data_yaml(parts, self._names, self._oriented), "utf-8")

    def _line(self, box: TextBox, size_wh: tuple[int, int]) -> str:
        if box.category not in self._names:
            self._names.append(box.category)
        whole = len(box.outline) == 4 or not self._oriented
        outline = box.outline if whole else quad_round(box.outline)
        numbers = np.clip(outline.astype(np.float64) / size_wh, 0.0, 1.0)
        if not self._oriented:
            low, high = numbers.min(axis=0), numbers.max(axis=0)
            numbers = np.concatenate([(low + high) / 2, high - low])
        return f"{self._names.index(box.category)} {' '.join(f'{number:.7f}' for number in numbers.ravel())}\n"


def data_yaml(parts: Sequence[str], names: Sequence[str], oriented: bool) -> str:
    """Return `data.yaml` for a dataset with these parts and classes; its paths are relative to its own folder."""
    task, model = ("obb", "yolo11n-obb.yaml") if oriented else ("detect", "yolo11n.yaml")
    lines = [f"# Ultralytics: yolo {task} train data={_DATA} model={model} fliplr=0"]
    # The trainer wants train and val, also where the split left one empty.
    lines += [f"{part}: {_IMAGES}/{part if part in parts else parts[0]}" for part in ("train", "val")]
    lines += [f"test: {_IMAGES}/test"] if "test" in parts else []
    return "\n".join([*lines, "names:", *(f"  {number}: {dump(name)}" for number, name in enumerate(names)), ""])


def _outline(numbers: Floats) -> Floats:
    if len(numbers) == 4:
        x, y, width, height = numbers.tolist()
        x0, y0, x1, y1 = x - width / 2, y - height / 2, x + width / 2, y + height / 2
        numbers = np.array([x0, y0, x1, y0, x1, y1, x0, y1])
    if not np.isfinite(numbers).all() or numbers.min() < -_SLACK or numbers.max() > 1 + _SLACK:
        raise ValueError("a coordinate is outside [0, 1]")
    return np.clip(numbers, 0.0, 1.0).reshape(4, 2)


def _label_of(image: Path) -> Path:
    """Return the label file of an image: the last folder `images` of its path becomes `labels`."""
    before, found, after = str(image).rpartition(f"/{_IMAGES}/")
    return Path(f"{before}/{_LABELS}/{after}" if found else str(image)).with_suffix(".txt")


def _data(root: Path, on_fault: OnFault) -> dict[str, Any]:
    path = next((path for name in (_DATA, "*.yaml", "*.yml") for path in sorted(root.glob(name))), None)
    if path is None:
        return {}
    try:
        data = yaml.safe_load(path.read_bytes())
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        on_fault(Fault(str(path), f"is not YAML ({str(error).splitlines()[0]})", "mend or remove it"))
        return {}
    return data if isinstance(data, dict) else {}


def _names(root: Path, on_fault: OnFault) -> list[str]:
    names = _data(root, on_fault).get("names")
    if isinstance(names, dict):
        try:
            ordered = sorted((int(place), str(name)) for place, name in names.items())
        except ValueError:
            return list(CATEGORIES)
        most = min(ordered[-1][0], 10_000) if ordered else -1
        known = dict(ordered)
        return [known.get(place, f"class {place}") for place in range(most + 1)]
    return [str(name) for name in names] if isinstance(names, list) else list(CATEGORIES)


def _image_folders(root: Path, on_fault: OnFault) -> list[tuple[str, Path]]:
    """Return the folders of images by part: those that `data.yaml` names inside the root, else those that are there."""
    data = _data(root, lambda _: None)
    found: dict[str, Path] = {}
    for part in PARTS:
        named = data.get(part, data.get("valid") if part == "val" else None)
        if isinstance(named, str):
            place = _inside(root, named)
            if place is None or not place.is_dir():
                on_fault(Fault(str(root / _DATA), f"{part} is {named}, no folder in here", "correct the path"))
            elif place not in found.values():
                # Where the split left a part empty, another's folder stands in for it.
                found[part_of(place.name) or part] = place
    if found:
        return list(found.items())
    images = root / _IMAGES if (root / _IMAGES).is_dir() else root
    parts = [(part, path) for path in sorted(images.iterdir()) if path.is_dir() and (part := part_of(path.name))]
    return sorted(parts, key=lambda pair: PARTS.index(pair[0])) or [("", images)]


def _inside(root: Path, named: str) -> Path | None:
    """Return the folder that `data.yaml` means; exported ones say `../train/images` for a folder beside the file."""
    for text in (named, named.removeprefix("../")):
        place = (root / text).resolve()
        if place.is_relative_to(root.resolve()):
            return root / text
    return None


def _is_number(field: bytes) -> bool:
    try:
        float(field)
    except ValueError:
        return False
    return True


_POOR = {"texts": False, "ignored": "left out", "language": False, "direction": False, "chars": False}
_POORER = {"rest": False, "about": False, "twins": False}

YOLO = Yolo("yolo", "Ultralytics' boxes", Keeps(("pages",), "box", **_POOR, **_POORER))  # type: ignore[arg-type]
YOLO_OBB = Yolo(
    "yolo-obb",
    "Ultralytics' oriented boxes",
    Keeps(("pages",), "quad", **_POOR, **_POORER),  # type: ignore[arg-type]
)
