"""PaddleOCR's recognition labels: `<path>TAB<text>LF` lines and the character dictionary.

Both are UTF-8 without BOM, LF only, no blank line. The readers here name what is wrong by file and line and
go on.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from synthtext.labels.faults import Fault, OnFault

_FORBIDDEN = ("\t", "\n", "\r")


@dataclass(frozen=True, slots=True)
class LabelLine:
    """One line of a label file.

    Attributes:
        number: of the line, from 1.
        path: of the image, relative to the folder of the label file unless absolute.
        text: as it stands in the file.
    """

    number: int
    path: str
    text: str


def label_line(path: str, text: str) -> str:
    """Return the line for one image, with its line break.

    Raises:
        ValueError: PaddleOCR would misread it: an empty text, or a tab or line break in either field.
    """
    if not text:
        raise ValueError(f"{path}: the text is empty; PaddleOCR skips such a sample silently")
    for char in _FORBIDDEN:
        if char in text or char in path:
            raise ValueError(f"{path}: {char!r} in {text!r}; PaddleOCR would cut the text there")
    return f"{path}\t{text}\n"


def read_labels(path: Path, on_fault: OnFault) -> Iterator[LabelLine]:
    """Yield the lines of a label file, in constant memory; those that cannot be read are reported."""
    carriage_returns = 0
    with path.open("rb") as file:
        for number, raw in enumerate(file, 1):
            if number == 1 and raw.startswith(codecs.BOM_UTF8):
                on_fault(_bom(path))
                raw = raw[len(codecs.BOM_UTF8) :]
            if raw.endswith(b"\r\n"):
                carriage_returns += 1
                raw = raw[:-2]
            line = _parse(path, number, raw.removesuffix(b"\n"), on_fault)
            if line is not None:
                yield line
    if carriage_returns:
        on_fault(_crlf(path, carriage_returns))


def write_dict(chars: Iterable[str]) -> bytes:
    """Return the dictionary file: one character a line in the order of class ids, without the space.

    PaddleOCR adds the space itself, at the end, when `use_space_char` is true.
    """
    return "".join(f"{char}\n" for char in chars if char != " ").encode()


def read_dict(path: Path, on_fault: OnFault) -> list[str]:
    """Return the characters of a dictionary file in order; what PaddleOCR would misread is reported."""
    raw = path.read_bytes()
    if raw.startswith(codecs.BOM_UTF8):
        on_fault(_bom(path))
        raw = raw[len(codecs.BOM_UTF8) :]
    if b"\r\n" in raw:
        on_fault(_crlf(path, raw.count(b"\r\n")))
        raw = raw.replace(b"\r\n", b"\n")
    chars: list[str] = []
    seen: set[str] = set()
    for number, line in enumerate(raw.removesuffix(b"\n").split(b"\n") if raw else [], 1):
        where = f"{path}:{number}"
        try:
            char = line.decode()
        except UnicodeDecodeError as error:
            on_fault(Fault(where, f"not UTF-8 ({error.reason})", "save the file as UTF-8"))
            char = line.decode(errors="replace")
        if not char:
            on_fault(Fault(where, "a blank line, which PaddleOCR takes for a class", "remove the line"))
        elif char in seen:
            on_fault(Fault(where, f"{char!r} stands here for the second time", "remove one of the two lines"))
        elif unicodedata.normalize("NFC", char) != char:
            on_fault(Fault(where, f"{char!r} is not NFC, texts are", "write the composed character"))
        seen.add(char)
        chars.append(char)
    return chars


def _parse(path: Path, number: int, raw: bytes, on_fault: OnFault) -> LabelLine | None:
    where = f"{path}:{number}"
    try:
        line = raw.decode()
    except UnicodeDecodeError as error:
        on_fault(Fault(where, f"not UTF-8 ({error.reason} at byte {error.start})", "save the file as UTF-8"))
        return None
    if not line:
        on_fault(Fault(where, "a blank line, which trainers count as a sample", "remove the line"))
        return None
    fields = line.split("\t")
    if len(fields) == 1:
        on_fault(Fault(where, "no tab between path and text", "write <path>TAB<text>"))
        return None
    # PaddleOCR's `ds_width: true` wants the image's size in two more columns.
    if len(fields) > 2 and not (len(fields) == 4 and fields[2].isdigit() and fields[3].isdigit()):
        what = f"{len(fields)} fields; PaddleOCR would cut the text to {fields[1]!r}"
        on_fault(Fault(where, what, "remove the tabs from the text"))
        return None
    return LabelLine(number, fields[0], fields[1])


def _bom(path: Path) -> Fault:
    return Fault(f"{path}:1", "starts with a byte-order mark", "save the file as UTF-8 without BOM")


def _crlf(path: Path, count: int) -> Fault:
    return Fault(str(path), f"{count} lines end in CR LF", "save the file with LF line ends")
