"""PPOCRLabel's folder: images, `Label.txt`, `Cache.cach`, `fileState.txt`, and crops in `crop_img/` with `rec_gt.txt`.

Keys are `<folder>/<file>`, so that they break when the folder is renamed or moved: here the file's name alone counts.
`Label.txt` holds what was confirmed, `Cache.cach` what a model read; a picture that `fileState.txt` lists and neither
of them names was confirmed as one without text. PPOCRLabel reads its files with `eval` after turning true, false and
null into Python's words, also inside of texts; they are written so that it finds none to turn.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from synthtext.labels.codec.base import Keeps, Target
from synthtext.labels.codec.crops import counts
from synthtext.labels.codec.files import dump, part_folders, text_lines
from synthtext.labels.codec.images import flat, image_files, stem_of
from synthtext.labels.codec.lists import Lists
from synthtext.labels.faults import Fault, OnFault
from synthtext.labels.picture import Picture
from synthtext.labels.ppocr import label_line
from synthtext.labels.ppocr_det import box_of, det_item

LABELS, CACHE, STATE = "Label.txt", "Cache.cach", "fileState.txt"
CROPS, CROP_LABELS = "crop_img", "rec_gt.txt"
# What PPOCRLabel writes where nobody has typed a text yet.
PLACEHOLDERS = frozenset({"TEMPORARY", "待识别", "NULL", "无法识别", "锁定框：待检测"})
PLACEHOLDER = "placeholder"
CONFIRMED = "confirmed"

_OWN = ("transcription", "points", "difficult")
_WORDS = re.compile(r"\\(?:u[0-9a-fA-F]{4}|.)|true|false|null")
_ESCAPED = {"\\n": "\\u000a", "\\t": "\\u0009", "\\f": "\\u000c"}


class PpocrLabel:
    """The codec `ppocrlabel`."""

    name = "ppocrlabel"
    summary = "a folder of PPOCRLabel"
    keeps = Keeps(off_px=0.51, about=False, names="file")
    drawn = True

    def fits(self, root: Path) -> bool:
        """Return whether one of PPOCRLabel's files is there."""
        return any((folder / name).is_file() for _, folder in part_folders(root) for name in (LABELS, CACHE))

    def read(self, root: Path, on_fault: OnFault) -> Iterator[Picture]:
        """Yield the pictures with labels, then those confirmed as having none; each says whether it was confirmed."""
        for part, folder in [*part_folders(root), *([("", root)] if part_folders(root)[0][0] else [])]:
            images = {path.name: path for path in image_files(folder) if path.parent == folder}
            confirmed = _states(folder, on_fault)
            seen: dict[str, str] = {}
            for name in (LABELS, CACHE):
                for where, file, boxes in _lines(folder / name, on_fault):
                    if file in seen:
                        if name == LABELS:
                            on_fault(Fault(where, f"{file} stands here again, after {seen[file]}", "keep one line"))
                        continue
                    seen[file] = where
                    # A folder without states, such as one that was made by a script, was meant as it is.
                    sure = file in confirmed if confirmed is not None else name == LABELS
                    image = str(images.get(file, folder / file))
                    yield replace(boxes, path=file, part=part, image=image, extra={CONFIRMED: sure})
            for file in confirmed or ():
                if file not in seen and file in images:
                    where = f"{folder / STATE} {file}"
                    yield Picture(file, part, str(images[file]), where, extra={CONFIRMED: True})

    def sink(self, target: Target) -> PpocrLabelSink:
        """Start writing a folder, or one a part."""
        return PpocrLabelSink(target)


class PpocrLabelSink:
    """Writes folders that PPOCRLabel opens, all pictures confirmed but those that say they are not."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._files = Lists(target.root, "{part}")

    def add(self, picture: Picture) -> None:
        """Write one picture, and the crops of its texts."""
        folder = f"{picture.part}/" if picture.part else ""
        name = flat(self._target.images.put(picture, self._target.root, f"{folder}{flat(picture.path)}"))
        key = f"{picture.part or self._target.name}/{name}"
        sure = picture.extra.get(CONFIRMED) is not False
        if picture.boxes:
            items = dump([_item(box) for box in picture.boxes])
            self._files.write(f"{folder}{LABELS if sure else CACHE}", f"{key}\t{without_words(items)}\n")
        if sure:
            self._files.write(f"{folder}{STATE}", f"{key}\t1\n")
        if sure and self._target.images.how != "none" and any(counts(box) for box in picture.boxes):
            for crop in self._target.cut(picture):
                place = f"{folder}{CROPS}/{stem_of(name)}_crop_{crop.number}.jpg"
                path = self._target.images.write(crop.data, self._target.root, place)
                self._files.write(f"{folder}{CROP_LABELS}", label_line(path.removeprefix(folder), crop.text))

    def close(self) -> None:
        """Close all files."""
        self._files.close()


def without_words(text: str) -> str:
    """Return JSON whose texts hold no true, false or null, yet mean the same."""

    def quoted(found: re.Match[str]) -> str:
        return _WORDS.sub(lambda word: _escaped(word[0]), found[0])

    return re.sub(r'"(?:[^"\\]|\\.)*"', quoted, text)


def _escaped(word: str) -> str:
    if word.startswith("\\"):
        return _ESCAPED.get(word, word)
    return f"\\u{ord(word[0]):04x}{word[1:]}"


def _item(box: Any) -> dict[str, Any]:
    item = det_item(box)
    own = {
        "transcription": box.text if PLACEHOLDER in box.flags else item.pop("transcription"),
        "points": np.round(np.asarray(item.pop("points"))).astype(int).tolist(),
        "difficult": False,
    }
    if box.text in PLACEHOLDERS and PLACEHOLDER not in box.flags:
        own[PLACEHOLDER] = False  # somebody's text that happens to be the same word
    return own | {key: value for key, value in item.items() if key not in own}


def _states(folder: Path, on_fault: OnFault) -> list[str] | None:
    """Return the names of confirmed files, in order; None when the folder keeps no states."""
    path = folder / STATE
    if not path.is_file():
        return None
    names = (flat(line.partition("\t")[0].replace("\\", "/")) for _, line in text_lines(path, on_fault) if line)
    return list(dict.fromkeys(names))


def _lines(path: Path, on_fault: OnFault) -> Iterator[tuple[str, str, Picture]]:
    if not path.is_file():
        return
    for number, line in text_lines(path, on_fault):
        where = f"{path}:{number}"
        key, tab, items = line.partition("\t")
        file = flat(key.replace("\\", "/"))
        if not tab or not file:
            on_fault(Fault(where, "no tab between path and list", "write <folder>/<file>TAB<JSON list>"))
            continue
        try:
            boxes = tuple(_box(item) for item in json.loads(items)) if items else ()
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            what = f"the list cannot be read ({type(error).__name__}: {error})"
            on_fault(Fault(where, what, 'write [{"transcription": ..., "points": [[x, y], ...]}, ...]'))
            continue
        yield where, file, Picture(file, "", "", where, boxes=boxes)


def _box(item: dict[str, Any]) -> Any:
    difficult = item.get("difficult") is True
    box = box_of({key: value for key, value in item.items() if key not in ("difficult", PLACEHOLDER)})
    if box.text in PLACEHOLDERS and item.get(PLACEHOLDER) is not False:
        return replace(box, ignore=True, flags=tuple(sorted({*box.flags, PLACEHOLDER})))
    return replace(box, ignore=True) if difficult else box
