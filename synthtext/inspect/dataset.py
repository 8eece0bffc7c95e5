"""Opening a dataset on disk, with a manifest or without, and reading its crops in constant memory; see also `pages`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import lmdb

from synthtext.engine.manifest import Manifest, read_manifest, restore_options
from synthtext.engine.record import read_record, recorded_shards
from synthtext.errors import UserError
from synthtext.inspect.containers import ContainerStore, container_stores, find_containers
from synthtext.inspect.foreign import CodecStore, made_formats, written_formats
from synthtext.inspect.pages import DetStore, is_det, page_stores
from synthtext.inspect.records import Record, Store, find_lists, image_index, read_image
from synthtext.labels.codec.table import CODECS, find_codec, guess_codec
from synthtext.labels.faults import Fault, OnFault
from synthtext.labels.ppocr import read_labels
from synthtext.writers import folder, lmdb_pairs, lmdb_single, paddle_pages
from synthtext.writers.base import PARTS, shard_name

Indices = Callable[[Path, str], list[int]]
# Formats with a store of their own here, which knows of damaged ones as well.
_OWN_STORES = frozenset({"paddleocr", "lmdb", "webdataset", "parquet"})


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset on disk.

    Attributes:
        root: its folder.
        manifest: None for one that was not made by synthtext.
        stores: its formats; all hold the same samples.
    """

    root: Path
    manifest: Manifest | None
    stores: tuple[Store, ...]

    def records(self, on_fault: OnFault | None = None) -> Iterator[Record]:
        """Yield the samples of its first format; those without an image are reported and left out."""
        report = on_fault or _ignore
        for record in self.stores[0].scan(report):
            if record.image is None:
                report(Fault(record.image_where, "the image is missing", "restore it, or remove its label"))
            else:
                yield record


def open_dataset(root: Path, name: str | None = None) -> Dataset:
    """Open a folder that synthtext generated or converted, or one in any format that it knows.

    Args:
        name: of the format; what the folder looks like when left out.

    Raises:
        UserError: there is none of these.
        DatasetError: the manifest is damaged.
    """
    if name is not None and root.exists():
        return Dataset(root, None, (CodecStore(root, find_codec(name)),))
    if root.is_file():
        codec = guess_codec(root)
        if codec is not None:
            return Dataset(root, None, (CodecStore(root, codec),))
    if not root.is_dir():
        raise UserError(f"{root}: there is no such folder")
    manifest = read_manifest(root)
    if manifest is not None:
        return Dataset(root, manifest, _stores_of(root, manifest))
    written = written_formats(root)
    if written:
        return Dataset(root, None, tuple(written))
    codec = guess_codec(root)
    if codec is not None and codec.name not in _OWN_STORES:
        return Dataset(root, None, (CodecStore(root, codec),))
    stores: list[Store] = []
    for place in (root, root / folder.ROOT, root / paddle_pages.ROOT):
        lists = find_lists(place)
        if lists and not stores:
            pages = is_det(lists)
            stores.append(DetStore(place, lists, False) if pages else FolderStore(place, lists, numbered=False))
    for place in (root, root / lmdb_pairs.ROOT):
        folders = find_lmdbs(place)
        if folders and not stores:
            stores.append(LmdbStore(place, folders, None))
    for name in ("webdataset", "parquet"):
        for place in (root, root / name):
            files = find_containers(place, name)
            if files and not stores:
                stores.append(ContainerStore(place, name, files, numbered=False))
    if not stores:
        raise UserError(
            f"{root}: no dataset is here: neither a manifest.json, nor label lists (train.txt, val.txt, "
            "...), nor an LMDB (data.mdb), archives (*.tar), tables (*.parquet), or anything that looks like "
            f"another known format; name it with --format ({', '.join(CODECS)})"
        )
    return Dataset(root, None, tuple(stores))


def is_pages(dataset: Dataset) -> bool:
    """Return whether a dataset holds pictures with many lines."""
    if dataset.manifest is not None:
        return restore_options(dataset.manifest.options).pages is not None
    first = dataset.stores[0]
    if isinstance(first, CodecStore):
        return first.is_pages
    return not isinstance(dataset.stores[0], (FolderStore, LmdbStore, ContainerStore))


@dataclass(frozen=True, slots=True)
class FolderStore:
    """PaddleOCR's recognition folder.

    Attributes:
        root: the folder that the paths in its lists are relative to.
        lists: label files by part.
        numbered: the images are named after their indices.
    """

    root: Path
    lists: dict[str, Path]
    numbered: bool
    name: str = "paddleocr"
    tells_text: bool = True
    skips_blank: bool = False

    def scan(self, on_fault: OnFault) -> Iterator[Record]:
        """Yield the records of all lists."""
        root = self.root.resolve()
        inside = f"{root}/"
        for part, path in self.lists.items():
            for line in read_labels(path, on_fault):
                where = f"{path}:{line.number}"
                image_path = f"{self.root}/{line.path}"
                if _climbs(line.path) and not str(Path(image_path).resolve()).startswith(inside):
                    do = "write a path relative to the folder of the list"
                    on_fault(Fault(where, f"the image {line.path} lies outside the dataset", do))
                    continue
                yield Record(
                    image_index(line.path) if self.numbered else None,
                    part,
                    line.text,
                    read_image(image_path),
                    where,
                    image_path,
                )


@dataclass(frozen=True, slots=True)
class LmdbStore:
    """A tree of LMDBs with image and label pairs.

    Attributes:
        root: its folder.
        folders: those of the LMDBs, by part, ascending.
        indices: gives the index of each sample that a folder holds for a part; None when nothing tells.
    """

    root: Path
    folders: dict[str, list[Path]]
    indices: Indices | None = field(repr=False)
    name: str = "lmdb"
    tells_text: bool = True
    skips_blank: bool = False

    def scan(self, on_fault: OnFault) -> Iterator[Record]:
        """Yield the records of all LMDBs."""
        for part, folders in self.folders.items():
            for path in folders:
                known = self.indices(path, part) if self.indices else []
                try:
                    yield from _scan_lmdb(path, part, known, on_fault)
                except lmdb.Error as error:
                    on_fault(Fault(str(path), f"cannot be read ({error})", "make this shard again"))


def find_lmdbs(root: Path) -> dict[str, list[Path]]:
    """Return the folders of all LMDBs below a folder by part; those below no part count as train."""
    found: dict[str, list[Path]] = {part: [] for part in PARTS}
    for data in root.rglob("data.mdb") if root.is_dir() else ():
        place = data.parent
        part = next((name for name in place.relative_to(root).parts if name in PARTS), PARTS[0])
        found[part].append(place)
    return {part: sorted(folders, key=_shard_order) for part, folders in found.items() if folders}


def _stores_of(root: Path, manifest: Manifest) -> tuple[Store, ...]:
    pages = restore_options(manifest.options).pages
    containers = container_stores(root, manifest.formats, pages)
    if pages is not None:
        # Formats that tell texts come first, and those with label files before the others; `gt.mat` says more than the
        # text files for EasyOCR beside it.
        others = made_formats(root, manifest.formats)
        stores_of_pages: list[Store] = [*page_stores(root, manifest.formats), *others, *containers]
        return tuple(sorted(stores_of_pages, key=lambda store: not store.tells_text or "craft" in store.name))
    stores: list[Store] = []
    if "paddleocr" in manifest.formats:
        place = root / folder.ROOT
        stores.append(FolderStore(place, find_lists(place), numbered=True))
    if "lmdb" in manifest.formats:
        place = root / lmdb_pairs.ROOT
        found = find_lmdbs(place)
        shards = {part: [path for path in paths if path.name.isdigit()] for part, paths in found.items()}
        stores.append(LmdbStore(place, shards, _indices_of(root, manifest)))
        if lmdb_single.is_wanted(root):
            single = root / lmdb_single.ROOT
            stores.append(LmdbStore(single, find_lmdbs(single), _all_indices(root, manifest)))
    return (*stores, *made_formats(root, manifest.formats), *containers)


def _indices_of(root: Path, manifest: Manifest) -> Indices:
    plan = manifest.plan

    def indices(path: Path, part: str) -> list[int]:
        shard = int(path.name)
        record = read_record(root, shard)
        if record is None or shard >= plan.shards:
            return []
        gaps = {gap.index for gap in record.gaps}
        wanted = PARTS.index(part)
        pairs = zip(range(record.start, record.stop), plan.parts(shard).tolist(), strict=False)
        return [index for index, number in pairs if number == wanted and index not in gaps]

    return indices


def _all_indices(root: Path, manifest: Manifest) -> Indices:
    of_shard = _indices_of(root, manifest)

    def indices(_: Path, part: str) -> list[int]:
        return [index for shard in recorded_shards(root) for index in of_shard(Path(shard_name(shard)), part)]

    return indices


def _scan_lmdb(path: Path, part: str, known: list[int], on_fault: OnFault) -> Iterator[Record]:
    environment = lmdb_pairs.open_lmdb(path)
    try:
        with environment.begin() as transaction:
            said = transaction.get(b"num-samples", b"")
            entries = environment.stat()["entries"]
            if not said.isdigit():
                do = "make this shard again"
                on_fault(Fault(f"{path} num-samples", f"{said!r} is not a number of samples", do))
            count = int(said[:12]) if said.isdigit() else entries // 2
            if entries != 2 * count + 1:
                what = f"num-samples is {count}, but there are {entries} keys where {2 * count + 1} belong"
                on_fault(Fault(str(path), what, "make this shard again"))
            for number in range(1, min(count, entries) + 1):
                where, image_where = f"{path} label-{number:09d}", f"{path} image-{number:09d}"
                label = transaction.get(b"label-%09d" % number)
                if label is None:
                    on_fault(Fault(where, "the label is missing", "make this shard again"))
                    continue
                try:
                    text = label.decode()
                except UnicodeDecodeError as error:
                    on_fault(Fault(where, f"not UTF-8 ({error.reason})", "make this shard again"))
                    continue
                image = transaction.get(b"image-%09d" % number)
                index = known[number - 1] if number <= len(known) else None
                yield Record(index, part, text, image, where, image_where)
    finally:
        environment.close()


def _climbs(path: str) -> bool:
    """Return whether a path could lead out of its root; only then is it resolved, which costs 30 us."""
    return ".." in path or ":" in path or "\\" in path


def _shard_order(path: Path) -> tuple[int, str]:
    return (int(path.name) if path.name.isascii() and path.name.isdigit() else -1, str(path))


def _ignore(_: Fault) -> None:
    return None
