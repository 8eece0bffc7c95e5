"""Hugging Face's imagefolder: a folder a part, with images and `metadata.jsonl` beside them.

    train/metadata.jsonl    {"file_name": "a.jpg", "text": "..."}
                            {"file_name": "b.jpg", "words": [{"text": "...", "polygon": ...}, ...]}

`load_dataset("imagefolder", data_dir=...)` makes columns of all keys; those of `neutral` are the same in all lines.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from synthtext.labels.codec.base import Keeps, Target, Unfit
from synthtext.labels.codec.files import Root, dump, mapping, parse_json, part_folders, text_lines, worded
from synthtext.labels.codec.lists import Lists
from synthtext.labels.codec.neutral import from_json, to_json
from synthtext.labels.faults import Fault, OnFault
from synthtext.labels.picture import Picture

_ROWS, _TABLE = "metadata.jsonl", "metadata.csv"
# Hugging Face's own names of parts.
_FOLDERS = {"": "", "train": "train/", "val": "validation/", "test": "test/"}


class ImageFolder:
    """The codec `imagefolder`."""

    name = "imagefolder"
    summary = "Hugging Face's imagefolder"
    keeps = Keeps(kinds=("pages", "crops"))
    drawn = False

    def fits(self, root: Path) -> bool:
        """Return whether metadata are there."""
        return any((folder / name).is_file() for _, folder in part_folders(root) for name in (_ROWS, _TABLE))

    def read(self, root: Path, on_fault: OnFault) -> Iterator[Picture]:
        """Yield the pictures of all parts."""
        for part, folder in part_folders(root):
            place = Root(folder)
            if part and not any((folder / name).is_file() for name in (_ROWS, _TABLE)):
                do = f"write {_ROWS} into each part's own folder, with names relative to it"
                on_fault(Fault(str(folder), f"has no {_ROWS}: its images have no labels", do))
            for where, item in _items(folder, on_fault):
                try:
                    name = worded(item.pop("file_name", None), "file_name")
                    image = place.find(name)
                    if image is None:
                        place.report_outside(name, where, on_fault)
                        continue
                    if "words" in item:
                        item["lines"] = item.pop("words")
                    if item.get("text") is None and "lines" not in item:
                        raise ValueError("neither text nor words are there")
                    picture = from_json(item, image, where)
                except ValueError as error:
                    do = 'write {"file_name": ..., "text": ...}'
                    on_fault(Fault(where, f"cannot be read ({error})", do))
                    continue
                yield replace(picture, path=picture.path or name, part=part)

    def sink(self, target: Target) -> ImageFolderSink:
        """Start writing."""
        return ImageFolderSink(target)


class ImageFolderSink:
    """Writes a folder for each part."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._lists = Lists(target.root, "{part}")

    def add(self, picture: Picture) -> None:
        """Write one picture."""
        if picture.kind == "crops" and not picture.text:
            raise Unfit("the text is empty")
        folder = _FOLDERS[picture.part]
        path = self._target.images.put(picture, self._target.root, f"{folder}{picture.path}")
        item: dict[str, Any] = {"file_name": path.removeprefix(folder), **to_json(picture)}
        words = item.pop("lines")
        if picture.kind == "pages":
            del item["text"]
            item["words"] = words
        self._lists.write(f"{folder}{_ROWS}", dump(item) + "\n")

    def close(self) -> None:
        """Close the lists."""
        self._lists.close()


def _items(folder: Path, on_fault: OnFault) -> Iterator[tuple[str, dict[str, Any]]]:
    rows, table = folder / _ROWS, folder / _TABLE
    if rows.is_file():
        for number, line in text_lines(rows, on_fault):
            where = f"{rows}:{number}"
            data = parse_json(line, where, on_fault)
            if data is None:
                continue
            try:
                yield where, dict(mapping(data, "the line"))
            except ValueError as error:
                on_fault(Fault(where, f"cannot be read ({error})", 'write {"file_name": ..., "text": ...}'))
    elif table.is_file():
        try:
            with table.open(encoding="utf-8-sig", newline="") as file:
                for number, row in enumerate(csv.DictReader(file), 2):
                    yield f"{table}:{number}", {key: row.get(key) for key in ("file_name", "text") if row.get(key)}
        except (csv.Error, UnicodeDecodeError) as error:
            on_fault(Fault(str(table), f"cannot be read on ({error})", "save it as UTF-8 with commas"))
