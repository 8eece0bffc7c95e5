"""How often each character is in a training set."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from synthtext.errors import UserError

_NAMES = ("train.txt", "rec_gt_train.txt", "rec_gt.txt", "gt.txt", "labels.txt")


def count_chars(path: Path) -> Counter[str]:
    """Count the characters of a training set.

    Args:
        path: a list of labels (`image<TAB>text`, or text alone, one a line), a folder with one (PaddleOCR's
            `rec/train.txt`), or JSON with an object `{"character": count}`.

    Raises:
        UserError: it cannot be read, or holds no text.
    """
    file = _file(path)
    try:
        text = file.read_text("utf-8-sig")
        counts = _from_json(text) if file.suffix == ".json" else _from_lines(text)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise UserError(f"--train: {file}: cannot be read: {error}") from error
    if not counts:
        raise UserError(f"--train: {file}: there is no text in it")
    return counts


def _file(path: Path) -> Path:
    if path.is_file():
        return path
    for folder in (path, path / "rec"):
        for name in _NAMES:
            if (folder / name).is_file():
                return folder / name
    raise UserError(f"--train: {path}: no list of labels is there; expected a file, or a folder with {_NAMES[0]}")


def _from_json(text: str) -> Counter[str]:
    read = json.loads(text)
    if not isinstance(read, dict) or not all(isinstance(count, int) for count in read.values()):
        raise ValueError('expected an object {"character": count}')
    return Counter(read)


def _from_lines(text: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for line in text.split("\n"):
        counts.update(char for char in line.rstrip("\r").split("\t")[-1] if not char.isspace())
    return counts
