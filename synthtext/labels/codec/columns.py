"""Parquet files as Hugging Face's `datasets` loads them: a column of images, and the columns of `neutral`.

data/train-00000.parquet    image {bytes, path}, text, part, width, height, more, lines
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from synthtext.errors import UserError
from synthtext.labels.codec.base import Keeps, Target, Unfit
from synthtext.labels.codec.files import PARTS, part_of
from synthtext.labels.codec.neutral import from_json, to_json
from synthtext.labels.faults import Fault, OnFault
from synthtext.labels.picture import Picture

_BATCH = 200
_A_FILE = 20_000
_FOLDER = "data"


class Columns:
    """The codec `parquet`."""

    name = "parquet"
    summary = "Parquet files for Hugging Face's datasets"
    keeps = Keeps(kinds=("pages", "crops"))
    drawn = False

    def fits(self, root: Path) -> bool:
        """Return whether there are Parquet files."""
        return bool(_files(root))

    def read(self, root: Path, on_fault: OnFault) -> Iterator[Picture]:
        """Yield the rows of all files, a batch in memory at a time."""
        _, parquet = _arrow()
        for part, path in _files(root):
            number = 0
            try:
                file = parquet.ParquetFile(path)
                if "image" not in file.schema_arrow.names:
                    on_fault(Fault(str(path), "no column is called image", "write image {bytes, path} and text"))
                    continue
                for batch in file.iter_batches(_BATCH):
                    for row in batch.to_pylist():
                        number += 1
                        picture = _picture(row, part, f"{path} row {number}", on_fault)
                        if picture is not None:
                            yield picture
            except (OSError, ValueError) as error:
                on_fault(Fault(f"{path} row {number}", f"cannot be read on ({error})", "make it again"))

    def sink(self, target: Target) -> ColumnsSink:
        """Start writing."""
        return ColumnsSink(target)


class ColumnsSink:
    """Writes files of 20,000 rows at most."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._arrow, self._parquet = _arrow()
        self._schema = _schema(self._arrow)
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._writers: dict[str, Any] = {}
        self._counts: dict[str, int] = {}

    def add(self, picture: Picture) -> None:
        """Write one picture."""
        data = picture.read_image()
        if not data:
            raise Unfit("the image is missing")
        label = to_json(picture)
        row = {"image": {"bytes": data, "path": label.pop("path")}, **label}
        rows = self._rows.setdefault(picture.part, [])
        rows.append(row)
        if len(rows) == _BATCH:
            self._flush(picture.part)

    def close(self) -> None:
        """Finish the files."""
        for part in self._rows:
            self._flush(part)
        for writer in self._writers.values():
            writer.close()

    def _flush(self, part: str) -> None:
        rows = self._rows[part]
        done = self._counts.get(part, 0)
        if not rows:
            return
        if done % _A_FILE == 0:
            if part in self._writers:
                self._writers[part].close()
            folder = self._target.root / _FOLDER
            folder.mkdir(exist_ok=True)
            path = folder / f"{part or 'train'}-{done // _A_FILE:05d}.parquet"
            self._writers[part] = self._parquet.ParquetWriter(path, self._schema)
        self._writers[part].write_table(self._arrow.Table.from_pylist(rows, self._schema))
        self._counts[part] = done + len(rows)
        rows.clear()


def _arrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise UserError("parquet needs pyarrow: pip install 'synthtext[containers]'") from None
    return pyarrow, pyarrow.parquet


def _schema(pa: Any) -> Any:
    """Return the columns, with what makes `datasets` show the images."""
    text, number, flag = pa.string(), pa.float64(), pa.bool_()
    point = pa.list_(number)
    line = pa.struct(
        {
            "text": text,
            "polygon": pa.list_(point),
            "category": text,
            "ignore": flag,
            "direction": text,
            "language": text,
            "flags": pa.list_(text),
            "chars": pa.list_(pa.list_(point)),
            "more": text,
        }
    )
    fields = {
        "image": pa.struct({"bytes": pa.binary(), "path": text}),
        "part": text,
        "width": pa.int64(),
        "height": pa.int64(),
        "text": text,
        "more": text,
        "lines": pa.list_(line),
    }
    features = {"image": {"_type": "Image"}}
    features |= {name: _feature(pa, kind) for name, kind in fields.items() if name != "image"}
    return pa.schema(fields, {"huggingface": json.dumps({"info": {"features": features}})})


def _feature(pa: Any, kind: Any) -> Any:
    """Return a column's type in the words of `datasets`."""
    if pa.types.is_list(kind):
        return {"_type": "List", "feature": _feature(pa, kind.value_type)}
    if pa.types.is_struct(kind):
        return {field.name: _feature(pa, field.type) for field in kind}
    return {"_type": "Value", "dtype": {"double": "float64"}.get(str(kind), str(kind))}


def _picture(row: dict[str, Any], part: str, where: str, on_fault: OnFault) -> Picture | None:
    image = row.pop("image")
    data = image.get("bytes") if isinstance(image, dict) else image
    if not isinstance(data, bytes) or not data:
        on_fault(Fault(where, "there is no image", "write image {bytes, path}"))
        return None
    path = image.get("path") if isinstance(image, dict) else None
    try:
        if row.get("text") is None and row.get("lines") is None:
            raise ValueError("neither text nor lines are there")
        picture = from_json(row, data, where)
    except ValueError as error:
        on_fault(Fault(where, f"cannot be read ({error})", "mend or remove it"))
        return None
    said = row.get("part")
    name = path if isinstance(path, str) and path else f"{where.rpartition(' ')[2]}.jpg"
    return replace(picture, path=name, part=said if isinstance(said, str) else part)


def _files(root: Path) -> list[tuple[str, Path]]:
    paths = [root] if root.is_file() else sorted(root.rglob("*.parquet"))
    found = []
    for path in paths:
        if path.suffix == ".parquet":
            words = [*path.stem.replace("_", "-").split("-"), path.parent.name]
            found.append((next((part for word in words if (part := part_of(word))), ""), path))
    return sorted(found, key=lambda pair: ([*PARTS, ""].index(pair[0]), str(pair[1])))
