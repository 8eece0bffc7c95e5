"""Word images with their texts, read from the folders that people have.

`read_words` finds out by itself which form a folder has: an LMDB of `image-%09d` and `label-%09d` (also
many of them, in folders below), or a label file beside or above its images in one of these forms:

    word_1.png, "text"          ICDAR: gt.txt, Challenge4_Test_Task3_GT.txt
    images/1.jpg<TAB>text       PaddleOCR, SynthTIGER, most others
    0.jpg text                  TRDG: labels.txt
    {"1.jpg": "text"}           docTR: labels.json

A TRDG folder without a label file is read from its file names, `text_0.jpg`.
"""

import importlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from .errors import BadInput

IMAGE_SUFFIXES = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".webp"})
_LABEL_NAMES = ("labels.json", "gt.txt", "labels.txt", "label.txt", "train.txt", "val.txt", "test.txt")
_ICDAR_LINE = re.compile(r'\s*([^,]+?)\s*,\s*"(.*)"\s*$')
_TRDG_NAME = re.compile(r"(.+)_\d+$")
_NOT_LABELS = frozenset({"dict.txt", "lexicon.txt", "SOURCE.txt", "README.txt", "requirements.txt"})


@dataclass(frozen=True, slots=True)
class Word:
    """One word image: `name` says where it is from, `load` returns its encoded bytes."""

    name: str
    text: str
    load: Callable[[], bytes]


def read_words(folder: Path) -> list[Word]:
    """Return the words of a folder, or of one label file, in the order of the labels.

    Raises:
        BadInput: nothing there is a label form that is known, or a label names an image that is not there.
    """
    if folder.is_file():
        words = _words_of([folder])
        if not words:
            raise BadInput(f"{folder}: not a list of images and their texts")
        return words
    if not folder.is_dir():
        raise BadInput(f"{folder}: no such folder")
    databases = sorted(path.parent for path in folder.rglob("data.mdb"))
    if databases:
        return [word for database in databases for word in _lmdb_words(database)]
    for labels in _label_files(folder):
        words = _words_of(labels)
        if words:
            return words
    named = [_named_word(path) for path in sorted(folder.iterdir()) if path.suffix.lower() in IMAGE_SUFFIXES]
    words = [word for word in named if word]
    if words and len(words) == len(named):
        return words
    raise BadInput(
        f"{folder}: no labels found; wanted an LMDB, or one of {', '.join(_LABEL_NAMES)} with lines like "
        '`word_1.png, "text"`, `path<TAB>text` or `0.jpg text`'
    )


def _label_files(folder: Path) -> Iterator[list[Path]]:
    """Yield groups of label files to try: the PaddleOCR splits together, else one file at a time."""
    for place in (folder, folder / "rec"):
        splits = [path for name in ("train.txt", "val.txt", "test.txt") if (path := place / name).is_file()]
        if splits:
            yield splits
    for place in (folder, folder / "images", *sorted(path for path in folder.glob("*") if path.is_dir())):
        found = [place / name for name in _LABEL_NAMES if (place / name).is_file()]
        others = sorted(path for path in place.glob("*.txt") if path not in found and path.name not in _NOT_LABELS)
        yield from ([path] for path in [*found, *others])


def _words_of(labels: list[Path]) -> list[Word]:
    rows = [(path, *row) for path in labels for row in _rows(path)]
    return [_file_word(path, name, text) for path, name, text in rows]


def _rows(labels: Path) -> list[tuple[str, str]]:
    """Return (image, text) of every line; nothing when the file is no list of images."""
    if labels.suffix == ".json":
        return _json_rows(labels)
    try:
        lines = labels.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise BadInput(f"{labels}: not UTF-8 at byte {error.start}; convert the file first") from error
    lines = [line for line in lines if line.strip()]
    if not lines:
        return []
    parse = next((parse for parse in (_icdar_row, _tab_row, _space_row) if parse(lines[0])), None)
    if parse is None:
        return []
    rows = []
    for number, line in enumerate(lines, 1):
        row = parse(line)
        if row is None:
            raise BadInput(f"{labels}, line {number}: {line[:60]!r} is not of the form of line 1, {lines[0][:60]!r}")
        rows.append(row)
    return rows


def _icdar_row(line: str) -> tuple[str, str] | None:
    match = _ICDAR_LINE.match(line)
    return (match[1], match[2].replace('\\"', '"')) if match and _is_image(match[1]) else None


def _tab_row(line: str) -> tuple[str, str] | None:
    name, tab, text = line.partition("\t")
    return (name, text) if tab and _is_image(name) else None


def _space_row(line: str) -> tuple[str, str] | None:
    name, _, text = line.partition(" ")
    return (name, text) if _is_image(name) else None


def _json_rows(labels: Path) -> list[tuple[str, str]]:
    try:
        content = json.loads(labels.read_text("utf-8"))
    except ValueError as error:
        raise BadInput(f"{labels}: not JSON: {error}") from error
    if isinstance(content, dict) and isinstance(content.get("labels"), dict):
        content = content["labels"]
    if not isinstance(content, dict) or not all(isinstance(text, str) for text in content.values()):
        raise BadInput(f'{labels}: wanted one object of the form {{"1.jpg": "text"}}')
    return list(content.items())


def _is_image(name: str) -> bool:
    return Path(name.strip()).suffix.lower() in IMAGE_SUFFIXES


def _file_word(labels: Path, name: str, text: str) -> Word:
    for place in (labels.parent, labels.parent / "images", labels.parent.parent):
        path = place / name.strip()
        if path.is_file():
            return Word(str(path), text.strip(), path.read_bytes)
    raise BadInput(f"{labels}: names {name!r}, which is neither beside it nor in an images folder there")


def _named_word(path: Path) -> Word | None:
    match = _TRDG_NAME.match(path.stem)
    return Word(str(path), match[1], path.read_bytes) if match else None


def _lmdb_words(folder: Path) -> Iterator[Word]:
    """Yield the samples of one database, read whole: a word keeps its bytes, not a transaction."""
    try:
        lmdb: Any = importlib.import_module("lmdb")
    except ImportError as error:
        raise BadInput(f"{folder}: needs lmdb; pip install lmdb") from error
    try:
        with lmdb.open(str(folder), readonly=True, lock=False) as database, database.begin() as read:
            count = int(read.get(b"num-samples") or 0)
            pairs = [(read.get(b"image-%09d" % key), read.get(b"label-%09d" % key)) for key in range(1, count + 1)]
    except lmdb.Error as error:
        raise BadInput(f"{folder}: {error}") from error
    for number, (image, label) in enumerate(pairs, 1):
        if image is None or label is None:
            raise BadInput(f"{folder}: sample {number} of {count} is missing")
        yield Word(f"{folder}#{number}", label.decode("utf-8"), partial(bytes, image))
