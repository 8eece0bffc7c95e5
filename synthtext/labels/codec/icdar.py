"""ICDAR's ground truths, a text file a picture: 2013 (boxes), 2015 (quads), and MLT 2017 and 2019 (quads and scripts).

    2013   `x1 y1 x2 y2 "text"`, or with commas; words cut out have a list `word_1.png, "text"`
    2015   `x1,y1,...,x4,y4,text`
    MLT    `x1,y1,...,x4,y4,script,text`

Whole pixels, `###` for what is ignored, an empty file for a picture without text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from synthtext.geometry import Floats
from synthtext.labels.codec.base import Keeps, Target, Unfit
from synthtext.labels.codec.crops import quad_round
from synthtext.labels.codec.files import Root, part_folders, relative, text_lines
from synthtext.labels.codec.images import flat, stem_of
from synthtext.labels.codec.lists import Lists
from synthtext.labels.codec.pairs import has_pairs, pair_up
from synthtext.labels.faults import Fault, OnFault
from synthtext.labels.levels import IGNORE_MARKS, IGNORED, TextBox
from synthtext.labels.picture import Picture

_Parse = Callable[[str], TextBox]
_FOLDERS = {"train": "training", "val": "validation", "test": "test"}
SCRIPTS = (*("Arabic", "Latin", "Chinese", "Japanese", "Korean", "Bangla", "Hindi", "Symbols", "Mixed", "None"),)
_NUMBER = r"-?\d+(?:\.\d+)?"
_BOX = re.compile(rf'\s*({_NUMBER})[\s,]+({_NUMBER})[\s,]+({_NUMBER})[\s,]+({_NUMBER})[\s,]+"(.*)"\s*$', re.DOTALL)
_WORD = re.compile(r'\s*(\S.*?)\s*,\s*"(.*)"\s*$', re.DOTALL)
_ANY_2013 = re.compile(rf'(?:{_NUMBER}[\s,]+){{4}}"')
_ANY_2015 = re.compile(rf"(?:{_NUMBER},){{8}}")
_ANY_MLT = re.compile(rf"(?:{_NUMBER},){{8}}(?:{'|'.join(SCRIPTS)}),")
_WORDS_LIST = "gt.txt"


@dataclass(frozen=True, slots=True)
class Icdar:
    """The codecs `icdar2013`, `icdar2015` and `mlt`."""

    name: str
    summary: str
    keeps: Keeps
    parse: _Parse
    line: Callable[[TextBox], str]
    looks: re.Pattern[str]
    folders: tuple[str, str]
    drawn: bool = False

    def fits(self, root: Path) -> bool:
        """Return whether label files of this form are there."""
        others = self.name == "icdar2015" and has_pairs(root, _ANY_MLT)
        return not others and (has_pairs(root, self.looks) or ("crops" in self.keeps.kinds and _has_words(root)))

    def read(self, root: Path, on_fault: OnFault) -> Iterator[Picture]:
        """Yield the pictures that have a label file, or the words of a list."""
        if "crops" in self.keeps.kinds and _has_words(root):
            yield from _read_words(root, on_fault)
            return
        for part, image, label in pair_up(root, on_fault):
            boxes = _read_boxes(label, self.parse, on_fault)
            yield Picture(image.name, part, str(image), str(label), boxes=tuple(boxes))

    def sink(self, target: Target) -> IcdarSink:
        """Start writing."""
        return IcdarSink(self, target)


class IcdarSink:
    """Writes a folder of images and one of label files for each part."""

    def __init__(self, codec: Icdar, target: Target) -> None:
        self._codec = codec
        self._target = target
        self._words = Lists(target.root)

    def add(self, picture: Picture) -> None:
        """Write one picture."""
        if picture.kind == "crops":
            self._add_word(picture)
            return
        part = _FOLDERS.get(picture.part, "all")
        images, labels = (folder.format(part=part) for folder in self._codec.folders)
        lines = "".join(self._lines(picture))
        path = self._target.images.put_alone(picture, self._target.root, f"{images}/{flat(picture.path)}")
        label = self._target.root / labels / f"gt_{stem_of(flat(path))}.txt"
        label.parent.mkdir(parents=True, exist_ok=True)
        label.write_bytes(lines.encode())

    def close(self) -> None:
        """Close the lists of words."""
        self._words.close()

    def _lines(self, picture: Picture) -> Iterator[str]:
        for box in picture.boxes:
            if any(char in box.label for char in "\r\n"):
                raise Unfit("a text has a line break")
            if not box.label:
                self._target.dropped["box without a text, which stands for one to be ignored here"] += 1
                continue
            yield self._codec.line(box) + "\n"

    def _add_word(self, picture: Picture) -> None:
        text = picture.text or ""
        if "crops" not in self._codec.keeps.kinds:
            raise Unfit("a crop, where pages belong")
        if not text or any(char in text for char in "\r\n"):
            raise Unfit("the text is empty, or has a line break")
        folder = f"{picture.part}/" if picture.part else ""
        path = self._target.images.put(picture, self._target.root, f"{folder}{flat(picture.path)}")
        self._words.write(f"{folder}{_WORDS_LIST[:-4]}", f"{flat(path)}, {quoted(text)}\n")


def quoted(text: str) -> str:
    """Return a text in double quotes, with a backslash before each of those in it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def unquoted(text: str) -> str:
    """Return what stands between the quotes."""
    return re.sub(r'\\(["\\])', r"\1", text)


def _line_2013(box: TextBox) -> str:
    (x0, y0), (x1, y1) = box.outline.min(axis=0), box.outline.max(axis=0)
    return f"{round(float(x0))} {round(float(y0))} {round(float(x1))} {round(float(y1))} {quoted(box.label)}"


def _line_2015(box: TextBox) -> str:
    return f"{_corners(box.outline)},{box.label}"


def _line_mlt(box: TextBox) -> str:
    script = box.language if box.language and "," not in box.language else "None"
    return f"{_corners(box.outline)},{script},{box.label}"


def _corners(outline: Floats) -> str:
    quad = outline if len(outline) == 4 else quad_round(outline)
    return ",".join(str(round(value)) for value in quad.ravel().tolist())


def _parse_2013(line: str) -> TextBox:
    found = _BOX.match(line)
    if found is None:
        raise ValueError('it is not x1 y1 x2 y2 "text"')
    x0, y0, x1, y1 = (float(found[number]) for number in range(1, 5))
    return _box(np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32), unquoted(found[5]))


def _parse_2015(line: str) -> TextBox:
    fields = line.split(",", 8)
    return _box(_quad(fields, 9), fields[8])


def _parse_mlt(line: str) -> TextBox:
    fields = line.split(",", 9)
    return _box(_quad(fields, 10), fields[9], "" if fields[8] == "None" else fields[8])


def _quad(fields: list[str], wanted: int) -> Floats:
    if len(fields) != wanted:
        raise ValueError(f"{len(fields)} fields instead of {wanted}")
    return np.array([int(field) for field in fields[:8]], np.float32).reshape(4, 2)


def _box(outline: Floats, text: str, language: str = "") -> TextBox:
    ignore = not text or text in IGNORE_MARKS
    return TextBox(outline, IGNORED if ignore else text, ignore=ignore, language=language)


def _read_boxes(path: Path, parse: _Parse, on_fault: OnFault) -> Iterator[TextBox]:
    for number, line in text_lines(path, on_fault, bom=True):
        try:
            yield parse(line)
        except ValueError as error:
            do = "write the line as the format wants it, with whole numbers"
            on_fault(Fault(f"{path}:{number}", f"cannot be read ({error})", do))


def _has_words(root: Path) -> bool:
    for _, folder in part_folders(root):
        path = folder / _WORDS_LIST
        if path.is_file():
            with path.open(encoding="utf-8-sig", errors="replace") as file:
                return _WORD.match(file.readline().rstrip("\r\n")) is not None
    return False


def _read_words(root: Path, on_fault: OnFault) -> Iterator[Picture]:
    for part, folder in part_folders(root):
        path = folder / _WORDS_LIST
        place = Root(folder)
        for number, line in text_lines(path, on_fault, bom=True) if path.is_file() else ():
            where = f"{path}:{number}"
            found = _WORD.match(line)
            if found is None:
                on_fault(Fault(where, "cannot be read", 'write word_1.png, "text"'))
                continue
            image = place.find(found[1])
            if image is None:
                place.report_outside(found[1], where, on_fault)
                continue
            yield Picture(relative(Path(image), folder), part, image, where, unquoted(found[2]))


_POOR = {"off_px": 0.51, "categories": "none", "direction": False, "chars": False, "rest": False, "about": False}

ICDAR2013 = Icdar(
    "icdar2013",
    "ICDAR 2013: a file a picture, boxes and quoted texts; or cut-out words with a list",
    Keeps(("pages", "crops"), "box", ignored="mark", language=False, names="file", **_POOR),  # type: ignore[arg-type]
    _parse_2013,
    _line_2013,
    _ANY_2013,
    ("Challenge2_{part}_Task12_Images", "Challenge2_{part}_Task1_GT"),
)
ICDAR2015 = Icdar(
    "icdar2015",
    "ICDAR 2015: a file a picture, quads and texts",
    Keeps(("pages",), "quad", ignored="mark", language=False, names="file", **_POOR),  # type: ignore[arg-type]
    _parse_2015,
    _line_2015,
    _ANY_2015,
    ("ch4_{part}_images", "ch4_{part}_localization_transcription_gt"),
)
MLT = Icdar(
    "mlt",
    "MLT 2017 and 2019: a file a picture, quads, scripts and texts",
    Keeps(("pages",), "quad", ignored="mark", language=True, names="file", **_POOR),  # type: ignore[arg-type]
    _parse_mlt,
    _line_mlt,
    _ANY_MLT,
    ("ch8_{part}_images", "ch8_{part}_localization_transcription_gt"),
)
