"""What all readers need: lines and JSON with their faults, paths that stay inside, names of parts."""

from __future__ import annotations

import codecs
import json
import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from synthtext.geometry import Floats
from synthtext.labels.faults import Fault, OnFault

PART_NAMES = {
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "dev": "val",
    "test": "test",
    "testing": "test",
}
PARTS = ("train", "val", "test")
# Deeper JSON is no label file, and brings a recursive parser to its knees.
_UTF8 = "save the file as UTF-8"
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


def part_of(name: str) -> str:
    """Return the part that a folder's or file's name stands for; empty when it stands for none."""
    return PART_NAMES.get(name.lower(), "")


def part_folders(root: Path) -> list[tuple[str, Path]]:
    """Return the folders of a root that are named after parts, train first; the root itself, of no part, if none is."""
    if not root.is_dir():
        return []
    found = [(part, path) for path in sorted(root.iterdir()) if path.is_dir() and (part := part_of(path.name))]
    return sorted(found, key=lambda pair: PARTS.index(pair[0])) or [("", root)]


def part_folder(part: str) -> str:
    """Return how a part's folder begins a path: its name with a slash, or nothing."""
    return f"{part}/" if part else ""


def below(path: str, *folders: str) -> str:
    """Return a path without the first of these folders, one after another, that it begins with."""
    for folder in folders:
        if folder and path.startswith(f"{folder}/"):
            path = path[len(folder) + 1 :]
    return path


class Root:
    """Resolves what a file says about paths inside a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._text = str(folder)
        self._resolved = f"{folder.resolve()}/"

    def find(self, path: str) -> str | None:
        """Return the file that a path means, there or not; None when it lies outside."""
        if not path or "\0" in path:
            return None
        if ".." not in path and ":" not in path and "\\" not in path and path[0] != "/":
            return f"{self._text}/{path}"
        place = Path(path.replace("\\", "/")) if path[0] != "/" and "\\" in path else Path(path)
        whole = (self.folder / place).resolve()
        return str(whole) if str(whole).startswith(self._resolved) else None

    def report_outside(self, path: str, where: str, on_fault: OnFault) -> None:
        """Say that a path lies outside."""
        do = f"write a path relative to {self.folder}"
        on_fault(Fault(where, f"the image {path} lies outside the dataset", do))


def text_lines(path: Path, on_fault: OnFault, *, bom: bool = False) -> Iterator[tuple[int, str]]:
    """Yield number and text of each line, in constant memory; what is not UTF-8, and CR LF, is reported.

    Args:
        bom: a byte-order mark is usual in this format.
    """
    carriage_returns = 0
    with path.open("rb") as file:
        for number, raw in enumerate(file, 1):
            if number == 1 and raw.startswith(codecs.BOM_UTF8):
                raw = raw[len(codecs.BOM_UTF8) :]
                if not bom:
                    what = "starts with a byte-order mark"
                    on_fault(Fault(f"{path}:1", what, "save the file as UTF-8 without BOM"))
            if raw.endswith(b"\r\n"):
                carriage_returns += 1
                raw = raw[:-2]
            try:
                yield number, raw.removesuffix(b"\n").decode()
            except UnicodeDecodeError as error:
                on_fault(Fault(f"{path}:{number}", f"not UTF-8 ({error.reason} at byte {error.start})", _UTF8))
    if carriage_returns and not bom:
        do = "save the file with LF line ends"
        on_fault(Fault(str(path), f"{carriage_returns} lines end in CR LF", do))


def load_json(path: Path, on_fault: OnFault) -> Any:
    """Return the content of a JSON file; None, and a report, when it cannot be read."""
    try:
        data = path.read_bytes()
    except OSError as error:
        on_fault(Fault(str(path), f"cannot be read ({error.strerror})", "check the path and its permissions"))
        return None
    return parse_json(data, str(path), on_fault)


def parse_json(data: bytes | str, where: str, on_fault: OnFault) -> Any:
    """Return what JSON says; None, and a report, when it is none."""
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
        return json.loads(text)
    except UnicodeDecodeError as error:
        on_fault(Fault(where, f"not UTF-8 ({error.reason} at byte {error.start})", _UTF8))
    except (ValueError, RecursionError) as error:
        on_fault(Fault(where, f"not JSON ({error})", "mend or remove it"))
    return None


def dump(value: Any) -> str:
    """Return JSON in one line, as all codecs write it."""
    return _ENCODER.encode(value)


def mapping(value: Any, what: str) -> dict[str, Any]:
    """Return a JSON object.

    Raises:
        ValueError: it is something else.
    """
    if not isinstance(value, dict):
        raise ValueError(f"{what} is {_short(value)}, not an object")
    return value


def listed(value: Any, what: str) -> list[Any]:
    """Return a JSON list.

    Raises:
        ValueError: it is something else.
    """
    if not isinstance(value, list):
        raise ValueError(f"{what} is {_short(value)}, not a list")
    return value


def worded(value: Any, what: str) -> str:
    """Return a JSON text.

    Raises:
        ValueError: it is something else.
    """
    if not isinstance(value, str):
        raise ValueError(f"{what} is {_short(value)}, not a text")
    return value


def outline_of(points: Any, what: str = "points") -> Floats:
    """Return pairs of numbers, nested or one after another, as an outline (P, 2).

    Raises:
        ValueError: they are not three or more pairs of finite numbers.
    """
    try:
        numbers = np.array(points, np.float64)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{what} are not pairs of numbers") from error
    if numbers.ndim == 1 and numbers.size % 2 == 0:
        numbers = numbers.reshape(-1, 2)
    if numbers.ndim != 2 or numbers.shape[1] != 2 or len(numbers) < 3:
        raise ValueError(f"{what} are not three or more pairs")
    # A finite sum has finite terms, and takes a third of the time.
    if not math.isfinite(numbers.sum()) and not np.isfinite(numbers).all():
        raise ValueError(f"{what} are not finite")
    return numbers.astype(np.float32)


def number_of(value: Any, what: str) -> float:
    """Return a JSON number.

    Raises:
        ValueError: it is something else.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"{what} is {_short(value)}, not a number")
    return float(value)


def size_of(width: Any, height: Any) -> tuple[int, int] | None:
    """Return a size that a label says; None when it says none that makes sense."""
    for value in (width, height):
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 1e9:
            return None
    return int(width), int(height)


def pairs(outline: Floats, digits: int = 2) -> list[list[float]]:
    """Return an outline as lists of numbers with so many digits, whole ones without a point."""
    whole = outline.tolist()
    if all(value.is_integer() for point in whole for value in point):
        return [[int(x), int(y)] for x, y in whole]
    rounded = np.round(outline.astype(np.float64), digits).tolist()
    return [[int(value) if value == int(value) else value for value in point] for point in rounded]


def relative(path: Path, folder: Path) -> str:
    """Return a path below a folder, with '/'."""
    return os.path.relpath(path, folder).replace(os.sep, "/")


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
