"""MATLAB files, level 5, as far as `gt.mat` needs them: variables that are rows of cells, written piece by piece.

A cell is made alone (`single_cell`, `text_cell`), kept as bytes, and a file is put together by copying cells one after
another, so that a file of gigabytes needs no memory. Reading goes cell by cell as well. (MAT-File Format, MathWorks.)
"""

from __future__ import annotations

import mmap
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthtext.errors import DatasetError

# Readers keep the length of a variable in 32 bits, MATLAB's own with a sign.
MOST_BYTES = 2**31 - 1

_INT8, _UINT8, _UINT16, _INT32, _UINT32, _SINGLE, _DOUBLE = 1, 2, 4, 5, 6, 7, 9
_MATRIX, _COMPRESSED, _UTF8, _UTF16 = 14, 15, 16, 17
_CELL, _CHAR, _DOUBLES, _SINGLES = 1, 4, 6, 7
_NUMBERS = {_SINGLE: "<f4", _DOUBLE: "<f8", _INT8: "i1", _UINT8: "u1", 3: "<i2", _UINT16: "<u2", 5: "<i4", 6: "<u4"}
_HEAD = b"MATLAB 5.0 MAT-file, written by synthtext".ljust(124) + b"\x00\x01IM"


@dataclass(frozen=True, slots=True)
class Row:
    """One variable: a row of cells.

    Attributes:
        name: ASCII.
        count: of cells.
        size: of all cells together, bytes.
    """

    name: str
    count: int
    size: int

    @property
    def fits(self) -> bool:
        """Whether a file can hold it."""
        return self.size + 1024 <= MOST_BYTES


def single_cell(values: NDArray[np.float32]) -> bytes:
    """Return a cell with an array of numbers, float32, of two or more dimensions."""
    data = np.asfortranarray(values, np.dtype("<f4")).tobytes("F")
    return _matrix(_SINGLES, values.shape, b"", _element(_SINGLE, data))


def text_cell(texts: Sequence[str]) -> bytes:
    """Return a cell with one text a row, filled up with spaces to the longest: `array(texts)` to a reader."""
    width = max(map(len, texts), default=0)
    if not width:
        return _matrix(_CHAR, (0, 0), b"", _element(_UTF8, b""))
    rows = [text.ljust(width) for text in texts]
    # By columns; the sizes count code points, whatever their length in UTF-8.
    by_columns = "".join("".join(column) for column in zip(*rows, strict=True))
    return _matrix(_CHAR, (len(rows), width), b"", _element(_UTF8, by_columns.encode()))


def file_head() -> bytes:
    """Return what a file begins with."""
    return _HEAD


def row_head(row: Row) -> bytes:
    """Return what comes before the cells of a variable."""
    inner = _array_head(_CELL, (1, row.count), row.name.encode("ascii"))
    return struct.pack("<II", _MATRIX, len(inner) + row.size) + inner


def cell_count(path: Path) -> int:
    """Return how many cells a file of nothing but cells holds."""
    count = 0
    with path.open("rb") as file:
        while head := file.read(8):
            file.seek(struct.unpack("<II", head)[1], 1)
            count += 1
    return count


def read_rows(path: Path) -> dict[str, Cells]:
    """Return the variables of a file that are rows of cells; their cells are read when asked for.

    Raises:
        DatasetError: it is no such file, or damaged.
    """
    try:
        with path.open("rb") as file:
            content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if content[124:128] != b"\x00\x01IM":
            raise DatasetError(f"{path}: not a MATLAB file of level 5")
        rows = {}
        for kind, body in _elements(memoryview(content)[128:]):
            data = memoryview(zlib.decompress(body)) if kind == _COMPRESSED else body
            for inner_kind, inner in _elements(data) if kind == _COMPRESSED else ((kind, body),):
                cells = _cells(inner) if inner_kind == _MATRIX else None
                if cells is not None:
                    rows[cells.name] = cells
        return rows
    except (OSError, ValueError, struct.error, zlib.error) as error:
        raise DatasetError(f"{path}: cannot be read as a MATLAB file ({error})") from error


@dataclass(frozen=True, slots=True)
class Cells:
    """A variable of a file; iterating gives each cell as an array of numbers, or of texts."""

    name: str
    count: int
    body: memoryview

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[NDArray[Any]]:
        for _, body in _elements(self.body):
            yield _array(body)


def _element(kind: int, data: bytes) -> bytes:
    return struct.pack("<II", kind, len(data)) + data + b"\0" * (-len(data) % 8)


def _array_head(kind: int, shape: Sequence[int], name: bytes) -> bytes:
    flags = struct.pack("<IIII", _UINT32, 8, kind, 0)
    return flags + _element(_INT32, struct.pack(f"<{len(shape)}i", *shape)) + _element(_INT8, name)


def _matrix(kind: int, shape: Sequence[int], name: bytes, data: bytes) -> bytes:
    inner = _array_head(kind, shape, name) + data
    return struct.pack("<II", _MATRIX, len(inner)) + inner


def _elements(data: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Yield type and content of each element; those of up to four bytes may share the eight bytes of their head."""
    at = 0
    while at + 8 <= len(data):
        kind, size = struct.unpack_from("<II", data, at)
        if kind >> 16:
            yield kind & 0xFFFF, data[at + 4 : at + 4 + (kind >> 16)]
            at += 8
            continue
        if at + 8 + size > len(data):
            raise ValueError(f"broken off after {len(data)} bytes")
        yield kind, data[at + 8 : at + 8 + size]
        at += 8 + size + (0 if kind == _COMPRESSED else -size % 8)


def _parts(body: memoryview) -> tuple[int, tuple[int, ...], str, memoryview]:
    """Return class, sizes, name, and what is left of a matrix."""
    inner: Iterable[tuple[int, memoryview]] = _elements(body)
    found = []
    for kind, data in inner:
        found.append((kind, data))
        if len(found) == 3:
            break
    if len(found) < 3:
        raise ValueError("a matrix without sizes or name")
    (_, flags), (_, sizes), (_, name) = found
    shape = tuple(np.frombuffer(sizes, "<i4").tolist())
    return flags[0], shape, bytes(name).decode("ascii", "replace"), _rest(body, 3)


def _rest(body: memoryview, skipped: int) -> memoryview:
    at = 0
    for _ in range(skipped):
        kind, size = struct.unpack_from("<II", body, at)
        at += 8 if kind >> 16 else 8 + size + -size % 8
    return body[at:]


def _cells(body: memoryview) -> Cells | None:
    kind, shape, name, rest = _parts(body)
    return Cells(name, int(np.prod(shape)), rest) if kind == _CELL else None


def _array(body: memoryview) -> NDArray[Any]:
    kind, shape, _, rest = _parts(body)
    stored, data = next(_elements(rest), (_UINT8, memoryview(b"")))
    if kind != _CHAR:
        return np.frombuffer(data, _NUMBERS[stored]).reshape(shape, order="F")
    if not data:
        return np.zeros(0, "U1")
    text = _text(stored, bytes(data))
    rows = shape[0]
    return np.array([text[row::rows] for row in range(rows)])


def _text(stored: int, data: bytes) -> str:
    if stored == _UTF8:
        return data.decode()
    return data.decode("utf-16-le") if stored in (_UTF16, _UINT16) else data.decode("latin-1")
