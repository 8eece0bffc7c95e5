"""PaddleOCR's folders: `det/` with pages to train a detector, `rec/` with crops to train a recogniser.

    det/images/train/a.jpg    det/train.txt val.txt test.txt    `images/train/a.jpg<TAB>[{"transcription": ...}, ...]`
    rec/images/train/b.jpg    rec/train.txt val.txt test.txt    `images/train/b.jpg<TAB>text`

Read from a folder with these two, or from one of them; where both are, `rec/` is taken for crops of `det/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from synthtext.labels.codec.base import Keeps, Target, Unfit
from synthtext.labels.codec.files import Root, below, part_folder
from synthtext.labels.codec.lists import Lists
from synthtext.labels.codec.recognition import RecognitionSink
from synthtext.labels.faults import Fault, OnFault
from synthtext.labels.levels import TextBox
from synthtext.labels.picture import Picture
from synthtext.labels.ppocr import read_labels
from synthtext.labels.ppocr_det import det_line, read_det
from synthtext.writers.base import PageOptions
from synthtext.writers.recipe import det_recipe

_LISTS = ("train", "val", "test")
_OTHERS = ("rec_gt.txt", "labels.txt", "gt.txt", "rec_gt_train.txt", "rec_gt_test.txt")
_DET, _REC = "det", "rec"
_TAB = re.compile(rb"[^\t\n]+\t")


class PaddleOcr:
    """The codec `paddleocr`."""

    name = "paddleocr"
    summary = "PaddleOCR's det/ and rec/ folders"
    keeps = Keeps(kinds=("pages", "crops"), blank=False, about=False)
    drawn = False

    def fits(self, root: Path) -> bool:
        """Return whether label lists are there."""
        return any(_is_list(path) for place in _places(root) for path in _lists(place).values())

    def read(self, root: Path, on_fault: OnFault) -> Iterator[Picture]:
        """Yield the pages of `det/`, or the crops of `rec/` where there is no `det/`."""
        for place in _places(root):
            lists = _lists(place)
            if not lists:
                continue
            read = _read_pages if has_pages(lists) else _read_crops
            for part, path in lists.items():
                yield from read(part, path, Root(place), on_fault)
            return

    def sink(self, target: Target) -> PaddleSink:
        """Start writing below a folder."""
        return PaddleSink(target)


class PaddleSink:
    """Writes `det/` and `rec/`."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._root = target.root / _DET
        self._lists = Lists(self._root)
        self._crops = RecognitionSink(target, target.root / _REC)
        self._bent = False

    def add(self, picture: Picture) -> None:
        """Write a page with its crops, or a crop."""
        if picture.kind == "crops":
            self._crops.add(picture)
            return
        if not picture.boxes:
            raise Unfit("no text at all: PaddleOCR skips such a page, and hangs when there are only such")
        part = picture.part or "train"
        path = picture.path
        if self._target.images.how != "none":
            path = self._target.images.put(picture, self._root, f"images/{part_folder(part)}{path}")
        self._lists.write(part, det_line(path, picture.boxes, blank_texts=True))
        self._bent = self._bent or any(len(box.outline) != 4 for box in picture.boxes)
        if self._target.images.how != "none":
            self._crops.add_crops(picture)

    def close(self) -> None:
        """Write dictionary and configurations."""
        parts = self._lists.close()
        if parts:
            recipe = det_recipe(PageOptions(polygons=self._bent), parts)
            (self._root / "det.yml").write_text(recipe, "utf-8")
        self._crops.close()


def _read_pages(part: str, path: Path, root: Root, on_fault: OnFault) -> Iterator[Picture]:
    for line in read_det(path, on_fault):
        where = f"{path}:{line.number}"
        image = find_image(root, line.path, where, on_fault)
        if image is not None:
            boxes: tuple[TextBox, ...] = line.boxes
            yield Picture(below(line.path, "images", part), part, image, where, boxes=boxes)


def _read_crops(part: str, path: Path, root: Root, on_fault: OnFault) -> Iterator[Picture]:
    name = str(path)
    folder = f"{part}/"
    for line in read_labels(path, on_fault):
        where = f"{name}:{line.number}"
        image = find_image(root, line.path, where, on_fault)
        if image is not None:
            yield Picture(line.path.removeprefix("images/").removeprefix(folder), part, image, where, line.text)


def find_image(root: Root, path: str, where: str, on_fault: OnFault) -> str | None:
    """Return the image that a line of a list means; None, and a report, when it is not below the root."""
    if path.startswith("["):
        on_fault(Fault(where, f"names a list of alternative images ({path})", "write one path"))
        return None
    if path.startswith(("http://", "https://")):
        on_fault(Fault(where, f"names an image on the net ({path})", "save it and write its path"))
        return None
    found = root.find(path)
    if path.startswith("/") and found is not None:
        what = f"{path} is absolute, and will mean nothing when the folder is moved"
        on_fault(Fault(where, what, f"write it relative to {root.folder}"))
    if found is None:
        # Lists with absolute paths, as PPOCRLabel's own splitting writes them, break when the folder is moved.
        name = path.replace("\\", "/").rpartition("/")[2]
        if path.startswith("/") and name and (root.folder / name).is_file():
            return str(root.folder / name)
        root.report_outside(path, where, on_fault)
    return found


def has_bent_pages_only(root: Path, on_fault: OnFault) -> None:
    """Report pages of which none has quads alone, where the trainer's configuration waits for one."""
    for place in _places(root):
        lists = _lists(place)
        recipe = place / "det.yml"
        if not lists or not has_pages(lists):
            continue
        if recipe.is_file() and "CopyPaste" not in _settings(recipe):
            return
        pages = (line for path in lists.values() for line in read_det(path, lambda _: None) if line.boxes)
        if all(any(len(box.outline) != 4 for box in line.boxes) for line in pages):
            what = "no page has quads alone; PaddleOCR's CopyPaste waits for one for ever"
            on_fault(Fault(str(place), what, "leave CopyPaste out of the configuration, or write quads"))
        return


def _settings(recipe: Path) -> str:
    """Return the lines of a configuration that are no comments."""
    lines = recipe.read_text("utf-8", errors="replace").splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("#"))


def _places(root: Path) -> list[Path]:
    return [place for place in (root / _DET, root, root / _REC) if place.is_dir()]


def _lists(place: Path) -> dict[str, Path]:
    found = {part: place / f"{part}.txt" for part in _LISTS if (place / f"{part}.txt").is_file()}
    if found:
        return found
    other = next((place / name for name in _OTHERS if (place / name).is_file()), None)
    return {"": other} if other is not None and _is_list(other) else {}


def _is_list(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.readline(1 << 20)
        return _TAB.match(head) is not None or head in (b"", b"\n")


def has_pages(lists: dict[str, Path]) -> bool:
    """Return whether label files are of pages: their lines go on with lists of boxes, not with a text such as `[1]`."""
    blank = False
    for path in lists.values():
        with path.open("rb") as file:
            for line in file:
                if not line.strip():
                    continue
                text = line.partition(b"\t")[2].strip()
                if text != b"[]":
                    return text.startswith(b"[") and b'"points"' in text
                blank = True
    return blank
