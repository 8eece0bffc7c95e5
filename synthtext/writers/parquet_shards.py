"""Parquet with the images inside, as Hugging Face's `datasets` loads them: one file a shard and part.

    parquet/train-00012.parquet     image {bytes, path}, text, index, ...; pages have lines and words as lists
    parquet/dict.txt                of crops

`datasets.load_dataset("<out>/parquet")` gives the splits train, validation and test, with `image` as pictures. Its
package `pyarrow` belongs to the extra `containers`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from synthtext.errors import UserError
from synthtext.labels.ppocr import label_line, write_dict
from synthtext.values import Sample
from synthtext.writers.base import PARTS, Output, WriterOptions, names_in, shard_name
from synthtext.writers.disk import replace_file
from synthtext.writers.facts import crop_facts, page_facts

ROOT = "parquet"
_SUFFIX = ".parquet"
# A row group is what readers take into memory at once: about 4 MB of crops, 30 MB of pages.
_CROPS_A_GROUP, _PAGES_A_GROUP = 1_000, 100

# Features as `datasets` writes them; Arrow's types follow from them.
_TEXT, _LONG, _REAL, _TRUTH = ({"dtype": kind, "_type": "Value"} for kind in ("string", "int64", "float32", "bool"))
_Feature = dict[str, Any] | list[Any]
_CROP: dict[str, _Feature] = {
    "image": {"_type": "Image"},
    "text": _TEXT,
    "index": _LONG,
    "source": _TEXT,
    "fonts": [_TEXT],
    "background": _TEXT,
    "effects": [_TEXT],
    "contrast": _REAL,
    "em_px": _REAL,
}
_BOX: _Feature = {"text": _TEXT, "points": [[_REAL]], "category": _TEXT, "ignore": _TRUTH}
_PAGE: dict[str, _Feature] = {
    "image": {"_type": "Image"},
    "text": _TEXT,
    "index": _LONG,
    "width": _LONG,
    "height": _LONG,
    "level": _TEXT,
    "lines": [_BOX],
    "words": [_BOX],
    "chars": [{"text": _TEXT, "points": [[_REAL]]}],
}


class ParquetWriter:
    """Writes `parquet/` below a dataset's folder."""

    def __init__(self, out: Path, options: WriterOptions) -> None:
        self._out = out
        self._options = options

    def open_shard(self, shard: int, room: Path) -> _ParquetShard:
        """Start a shard in `room`."""
        return _ParquetShard(shard, room, self._options)

    def outputs(self) -> Iterator[str]:
        """Yield the path of every output that is in place."""
        for name in names_in(self._out / ROOT):
            if name.endswith(_SUFFIX):
                yield f"{ROOT}/{name}"

    def finalise(self, shards: Sequence[int]) -> None:
        """Write the dictionary."""
        if self._options.pages is None:
            root = self._out / ROOT
            root.mkdir(parents=True, exist_ok=True)
            replace_file(root / "dict.txt", write_dict(self._options.charset))


def file_name(part: str, shard: int) -> str:
    """Return the name of the file that holds a part of a shard."""
    return f"{part}-{shard_name(shard)}{_SUFFIX}"


def require_arrow() -> tuple[Any, Any]:
    """Return the modules `pyarrow` and `pyarrow.parquet`.

    Raises:
        UserError: they are not installed.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise UserError(
            f"the format parquet needs pyarrow ({error}); pip install 'synthtext[containers]', or choose lmdb"
        ) from None
    return pyarrow, pyarrow.parquet


class _ParquetShard:
    def __init__(self, shard: int, room: Path, options: WriterOptions) -> None:
        self._shard = shard
        self._room = room
        self._options = options
        self._parts: dict[int, _Rows] = {}

    def add(self, index: int, part: int, image: bytes, sample: Sample) -> None:
        rows = self._parts.get(part)
        if rows is None:
            rows = self._parts[part] = _Rows(
                self._room / file_name(PARTS[part], self._shard), self._options.pages is not None
            )
        name = f"{index:09d}.{self._options.image_format}"
        if self._options.pages is None:
            label_line(name, sample.text)  # what a list could not say must not hide in a table
            facts = crop_facts(index, sample)
        else:
            facts = page_facts(index, sample, self._options.pages)
        rows.add({"image": {"bytes": image, "path": name}, **facts})

    def seal(self) -> list[Output]:
        names = []
        for part in sorted(self._parts):
            self._parts[part].close()
            names.append(file_name(PARTS[part], self._shard))
        return [Output(self._room / name, f"{ROOT}/{name}") for name in names]

    def discard(self) -> None:
        for rows in self._parts.values():
            rows.abandon()


class _Rows:
    """One file being written, a row group at a time."""

    def __init__(self, path: Path, pages: bool) -> None:
        self._arrow, self._parquet = require_arrow()
        self._group = _PAGES_A_GROUP if pages else _CROPS_A_GROUP
        self._schema = _schema(self._arrow, _PAGE if pages else _CROP)
        self._pending: list[dict[str, Any]] = []
        # A Python file, so that a full disk is the same OSError as everywhere.
        self._file: BinaryIO = path.open("xb")
        images = ("image.bytes",)
        self._writer = self._parquet.ParquetWriter(
            self._file,
            self._schema,
            compression={column: "NONE" if column in images else "ZSTD" for column in _columns(self._schema)},
            use_dictionary=[column for column in _columns(self._schema) if column not in images],
            write_statistics=[column for column in _columns(self._schema) if column not in images],
        )

    def add(self, row: dict[str, Any]) -> None:
        self._pending.append(row)
        if len(self._pending) == self._group:
            self._flush()

    def close(self) -> None:
        if self._pending:
            self._flush()
        self._writer.close()
        self._file.close()

    def abandon(self) -> None:
        try:
            self._writer.close()
            self._file.close()
        except (OSError, ValueError):  # the disk took no more, which is why it is abandoned
            pass

    def _flush(self) -> None:
        self._writer.write_table(self._arrow.Table.from_pylist(self._pending, schema=self._schema))
        self._pending = []


def _schema(arrow: Any, features: dict[str, _Feature]) -> Any:
    fields = [arrow.field(name, _arrow_type(arrow, feature)) for name, feature in features.items()]
    return arrow.schema(fields, metadata={"huggingface": json.dumps({"info": {"features": features}})})


def _arrow_type(arrow: Any, feature: _Feature) -> Any:
    if isinstance(feature, list):
        return arrow.list_(_arrow_type(arrow, feature[0]))
    match feature.get("_type"):
        case "Image":
            return arrow.struct([("bytes", arrow.binary()), ("path", arrow.string())])
        case "Value":
            kinds = {
                "string": arrow.string(),
                "int64": arrow.int64(),
                "float32": arrow.float32(),
                "bool": arrow.bool_(),
            }
            return kinds[feature["dtype"]]
    return arrow.struct([(name, _arrow_type(arrow, inner)) for name, inner in feature.items()])


def _columns(schema: Any) -> list[str]:
    """Return the paths of all leaf columns, as Parquet names them."""
    found: list[str] = []

    def walk(path: str, kind: Any) -> None:
        if hasattr(kind, "value_type"):
            walk(f"{path}.list.element", kind.value_type)
        elif getattr(kind, "num_fields", 0):
            for number in range(kind.num_fields):
                inner = kind.field(number)
                walk(f"{path}.{inner.name}", inner.type)
        else:
            found.append(path)

    for field in schema:
        walk(field.name, field.type)
    return found
