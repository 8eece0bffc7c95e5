"""Reading WebDataset archives and Parquet files back, in constant memory."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synthtext.inspect.records import Record, image_index
from synthtext.labels.faults import Fault, OnFault
from synthtext.labels.levels import Level, TextBox, label_text
from synthtext.writers import parquet_shards, tar_shards
from synthtext.writers.base import PARTS, PageOptions
from synthtext.writers.facts import read_boxes

_AGAIN = "make this shard again"
_ROWS = 256
_SUFFIXES = {"webdataset": ".tar", "parquet": ".parquet"}
_IMAGES = ("jpg", "jpeg", "png")


@dataclass(frozen=True, slots=True)
class ContainerStore:
    """Archives or tables that hold images and labels together.

    Attributes:
        root: their folder.
        files: by part, ascending.
        numbered: samples are named after their indices.
        pages: what was written about pictures with many lines; None for crops, and when nothing tells.
    """

    root: Path
    name: str
    files: dict[str, list[Path]]
    numbered: bool
    pages: PageOptions | None = None
    tells_text: bool = True
    skips_blank: bool = False

    def scan(self, on_fault: OnFault) -> Iterator[Record]:
        """Yield the records of all files."""
        read = _scan_tar if self.name == "webdataset" else _scan_parquet
        for part, paths in self.files.items():
            for path in paths:
                yield from read(self, path, part, on_fault)


def find_containers(root: Path, name: str) -> dict[str, list[Path]]:
    """Return the files of a container in a folder by part; those of no part count as train."""
    found: dict[str, list[Path]] = {part: [] for part in PARTS}
    suffix = _SUFFIXES[name]
    for path in sorted(root.glob(f"*{suffix}")) if root.is_dir() else ():
        part = path.name.split("-")[0].removesuffix(suffix)
        found[part if part in PARTS else PARTS[0]].append(path)
    return {part: paths for part, paths in found.items() if paths}


def container_stores(out: Path, formats: tuple[str, ...], pages: PageOptions | None) -> list[ContainerStore]:
    """Return the containers of a dataset that was made here."""
    roots = {"webdataset": tar_shards.ROOT, "parquet": parquet_shards.ROOT}
    return [
        ContainerStore(out / root, name, find_containers(out / root, name), True, pages)
        for name, root in roots.items()
        if name in formats
    ]


def _scan_tar(store: ContainerStore, path: Path, part: str, on_fault: OnFault) -> Iterator[Record]:
    key, members = "", dict[str, bytes]()
    try:
        with tarfile.open(path, "r:") as archive:
            for member in archive:
                content = archive.extractfile(member)
                if content is None:
                    continue
                stem, _, suffix = member.name.partition(".")
                if stem != key and members:
                    yield from _tar_record(store, path, part, key, members, on_fault)
                    members = {}
                key = stem
                members[suffix] = content.read()
            if members:
                yield from _tar_record(store, path, part, key, members, on_fault)
    except (tarfile.TarError, OSError, EOFError) as error:
        on_fault(Fault(str(path), f"cannot be read ({error or 'cut off'})", _AGAIN))


def _tar_record(
    store: ContainerStore, path: Path, part: str, key: str, members: dict[str, bytes], on_fault: OnFault
) -> Iterator[Record]:
    where = f"{path} {key}"
    suffix = next((name for name in _IMAGES if name in members), None)
    index = image_index(key) if store.numbered else None
    try:
        facts = json.loads(members["json"]) if "json" in members else {}
        if not isinstance(facts, dict):
            raise TypeError("the JSON is no object")
        text = members["txt"].decode() if "txt" in members else str(facts.get("text", ""))
        boxes = _boxes(store, facts)
    except (ValueError, KeyError, TypeError) as error:
        on_fault(Fault(where, f"the label cannot be read ({type(error).__name__}: {error})", _AGAIN))
        return
    if index is not None and facts.get("index") != index:
        on_fault(Fault(f"{where}.json", f"says that it is sample {facts.get('index')}", _AGAIN))
    if "txt" in members and "text" in facts and facts["text"] != text:
        on_fault(Fault(f"{where}.json", f"says {facts['text']!r}, the text beside it {text!r}", _AGAIN))
    if store.pages is not None:
        for kind in tar_shards.map_members(store.pages):
            if not members.get(kind):
                on_fault(Fault(f"{where}.{kind}", "the map is missing", _AGAIN))
    image = members[suffix] if suffix else None
    yield Record(index, part, _text(boxes, text), image, where, f"{where}.{suffix or _IMAGES[0]}", boxes)


def _scan_parquet(store: ContainerStore, path: Path, part: str, on_fault: OnFault) -> Iterator[Record]:
    arrow, parquet = parquet_shards.require_arrow()
    number = 0
    try:
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=_ROWS):
                for row in batch.to_pylist():
                    where = f"{path} row {number}"
                    number += 1
                    yield from _row_record(store, row, part, where, on_fault)
    except (arrow.ArrowException, OSError) as error:
        on_fault(Fault(str(path), f"cannot be read ({str(error).splitlines()[0]})", _AGAIN))


def _row_record(
    store: ContainerStore, row: dict[str, Any], part: str, where: str, on_fault: OnFault
) -> Iterator[Record]:
    try:
        image = row["image"]
        boxes = _boxes(store, row)
        text = _text(boxes, str(row["text"]))
        data, name = image["bytes"], image["path"]
    except (ValueError, KeyError, TypeError) as error:
        on_fault(Fault(where, f"cannot be read ({type(error).__name__}: {error})", _AGAIN))
        return
    index = row.get("index") if store.numbered else None
    if index is not None and image_index(str(name)) != index:
        on_fault(Fault(where, f"sample {index} holds the image {name}", _AGAIN))
    yield Record(index, part, text, data, where, f"{where} image", boxes)


def _boxes(store: ContainerStore, facts: dict[str, Any]) -> tuple[TextBox, ...] | None:
    level: Level | None = store.pages.level if store.pages is not None else facts.get("level")
    return read_boxes(facts[f"{level}s"]) if level in ("line", "word") else None


def _text(boxes: tuple[TextBox, ...] | None, text: str) -> str:
    return text if boxes is None else label_text(boxes)
