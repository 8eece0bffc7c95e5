"""Whether a dataset is right: every label against its image, its dictionary and its manifest.

An image whose checksum is the recorded one is the image that was encoded: its header is read, its pixels are
decoded only on request. Images without a checksum are always decoded.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from synthtext.engine.manifest import dict_digest
from synthtext.inspect.checks import ImageRules, TextRules
from synthtext.inspect.cut_texts import CutTexts
from synthtext.inspect.dataset import Dataset, FolderStore, open_dataset
from synthtext.inspect.fault_list import FaultList
from synthtext.inspect.foreign import CodecStore
from synthtext.inspect.made import Made
from synthtext.inspect.map_files import MapFiles
from synthtext.inspect.mask_files import check_masks
from synthtext.inspect.page_checks import Agreement, check_boxes
from synthtext.inspect.pages import CraftStore, DetStore, IcdarStore, PairStore
from synthtext.inspect.recipes import check_recipe, text_limit
from synthtext.inspect.records import Record, Store, find_lists
from synthtext.labels.faults import Fault
from synthtext.labels.ppocr import read_dict
from synthtext.labels.upright import look_at
from synthtext.writers import folder
from synthtext.writers.base import PARTS, STATE_DIR, shard_name

__all__ = ["Fault", "verify"]

_PROGRESS_EVERY = 1_000
_DO_LABEL = "run the same generate command again: it writes the lists anew"


def verify(
    root: Path,
    *,
    deep: bool = False,
    limit: int = 1_000,
    name: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[Fault]:
    """Return what is wrong with a dataset; an empty list when nothing is.

    Args:
        root: a folder that synthtext generated or converted, or one in any format that it knows.
        deep: decode every image.
        limit: faults after which the rest is only counted.
        name: of the format of a dataset that synthtext did not make; what it looks like when left out.
        progress: called with the labels checked so far, every thousand.

    Raises:
        UserError: there is no dataset.
        DatasetError: the manifest is damaged.
    """
    dataset = open_dataset(root, name)
    report = FaultList(limit)
    made = Made(root, dataset.manifest, report) if dataset.manifest is not None else None
    agreement, cut_texts = Agreement(), CutTexts()
    for store in dataset.stores:
        if isinstance(store, CraftStore) and made is not None and made.pages is not None and made.pages.maps != "none":
            store = replace(store, maps=MapFiles(made.pages))
        _StoreCheck(dataset, store, made, report, deep, agreement, cut_texts).run(progress or _ignore)
    crops = find_lists(root / folder.ROOT)
    if made is not None and made.pages is not None and crops:
        # Crops cut out of pages have no checksums of their own.
        cut = FolderStore(root / folder.ROOT, crops, numbered=False)
        _StoreCheck(Dataset(root, None, (cut,)), cut, None, report, True, agreement, cut_texts).run(progress or _ignore)
        cut_texts.check_missing(cut.root, report)
    if made is not None and made.pages is not None and made.pages.masks:
        for shard in sorted(made.stops):
            check_masks(root, shard_name(shard), sorted(made.images(shard)), report)
    return report.result()


class _StoreCheck:
    """One pass over one format."""

    def __init__(
        self,
        dataset: Dataset,
        store: Store,
        made: Made | None,
        report: FaultList,
        deep: bool,
        agreement: Agreement,
        cut_texts: CutTexts,
    ) -> None:
        self._store = store
        self._agreement = agreement
        self._cut_texts = cut_texts
        self._made = made
        self._report = report
        self._deep = deep
        manifest = dataset.manifest
        options = manifest.options if manifest else {}
        # Texts of pages are as long as they are; only their crops have a limit, which `rec.yml` says.
        pages = made is not None and made.pages is not None
        limit = None if pages else options.get("max_text_length") or text_limit(store.root / "rec.yml")
        self._text_rules = TextRules(self._read_chars(options), limit)
        complete = manifest is not None and manifest.status == "complete"
        heights = frozenset(map(int, manifest.statistics.get("heights", ()))) if manifest and complete else None
        self._image_rules = ImageRules(options.get("image_format"), heights)
        self._seen = np.zeros(made.plan.count if made else 0, np.uint8)
        self._paths: set[int] = set()

    def run(self, progress: Callable[[int], None]) -> None:
        done = 0
        for record in self._store.scan(self._report):
            self._check(record)
            done += 1
            if done % _PROGRESS_EVERY == 0:
                progress(done)
        progress(done)
        if self._made is not None:
            self._check_missing(self._made)
            if isinstance(self._store, (FolderStore, DetStore)):
                self._check_extra(self._store, self._made)
        elif not done:
            self._report.add(self._store.root, "there is no label at all", "check the path")
        if self._store.name in ("paddleocr", "lmdb"):
            pages = isinstance(self._store, DetStore) or (self._store.root / "det.yml").is_file()
            recipe = self._store.root / ("det.yml" if pages else "rec.yml")
            check_recipe(recipe, self._made is not None, self._report)
        names = self._store.root / "data.yaml"
        if self._store.name == "yolo-obb" and self._made is not None and not names.is_file():
            self._report.add(names, "the names of the classes are missing", _DO_LABEL)

    def _check(self, record: Record) -> None:
        # A line that the record vouches for needs no word about its own rules, unless it breaks them.
        for text in self._texts(record):
            for what, do in self._text_rules.check(text):
                self._report.add(record.where, what, do)
        self._check_page(record)
        same_image = self._check_identity(record)
        if record.image is None:
            do = "make its shard again" if self._made else "restore it, or remove its label"
            self._report.add(record.image_where, f"the image is missing (label at {record.where})", do)
            return
        found = False
        for what, do in self._image_rules.check(record.image, self._deep or not same_image):
            found = True
            self._report.add(record.image_where, what, self._remedy(record, do))
        if self._made is not None and record.index is not None and not same_image and not found:
            what = "the image is not the one that was made (changed, or swapped with another)"
            self._report.add(record.image_where, what, self._remedy(record, "make its shard again"))

    def _texts(self, record: Record) -> list[str]:
        if record.boxes is None:
            return [record.text]
        # Pages that were not made here may have boxes whose text nobody knows.
        texts = [box.text for box in record.boxes if not box.ignore and (box.text or self._made is not None)]
        return texts if self._store.tells_text else []

    def _check_page(self, record: Record) -> None:
        if record.boxes is None:
            for what, do in self._cut_texts.check(record.image_where, record.text):
                self._report.add(record.where, what, do)
            return
        look = look_at(record.image) if record.image else None
        for what, do in check_boxes(record.boxes, look.size_wh if look else None):
            self._report.add(record.where, what, self._remedy(record, do))
        if record.index is None or isinstance(self._store, CraftStore):
            return
        if not isinstance(self._store, (DetStore, IcdarStore, PairStore)):
            return
        if isinstance(self._store, DetStore):
            self._cut_texts.remember(record.index, record.boxes)
        for what, do in self._agreement.check(record.index, record.boxes, self._store.tells_category):
            self._report.add(record.where, what, self._remedy(record, do))

    def _check_identity(self, record: Record) -> bool:
        """Check index, part and text against the record; return whether the image has its checksum."""
        made = self._made
        if made is None:
            self._check_repeat(record)
            return False
        facts = made.facts(record.index) if record.index is not None and record.index < made.plan.count else None
        if record.index is None or facts is None:
            why = "a gap" if record.index in made.gaps else "not a sample of this dataset"
            self._report.add(record.where, f"{record.text!r} belongs to {why}", "remove it from the dataset")
            return False
        part, image_crc, text_crc = facts
        if self._seen[record.index]:
            self._report.add(record.where, f"sample {record.index} is here for the second time", _DO_LABEL)
        self._seen[record.index] = 1
        if PARTS[part] != record.part:
            what = f"sample {record.index} belongs to {PARTS[part]}, not to {record.part}"
            self._report.add(record.where, what, _DO_LABEL)
        if self._store.tells_text and zlib.crc32(record.text.encode()) != text_crc:
            what = f"{record.text!r} is not the text made for sample {record.index} (changed or swapped)"
            self._report.add(record.where, what, _DO_LABEL)
        return record.image is not None and zlib.crc32(record.image) == image_crc

    def _check_repeat(self, record: Record) -> None:
        # Without a manifest the only names are the paths themselves; their hashes take 60 bytes each.
        key = hash(record.image_where)
        if key in self._paths:
            self._report.add(record.where, f"{record.image_where} is labelled for the second time", "keep one line")
        self._paths.add(key)

    def _check_missing(self, made: Made) -> None:
        for index in made.missing(self._seen):
            if self._store.skips_blank and self._left_out(index, made):
                continue
            where = f"{self._store.root} sample {index}"
            self._report.add(where, "has no label, though it was made and is no gap", _DO_LABEL)

    def _left_out(self, index: int, made: Made) -> bool:
        """Return whether a page belongs in no list: it has no text, or for `gt.mat` none that can be read."""
        facts = made.facts(index)
        if isinstance(self._store, CodecStore):
            return True  # text that is to be ignored alone is none to some formats
        if facts is None or not isinstance(self._store, CraftStore):
            return facts is not None and facts[2] == zlib.crc32(b"")
        suffix = made.manifest.options.get("image_format", "jpg")
        return (self._store.root / PARTS[facts[0]] / "img" / f"img_{index}.{suffix}").is_file()

    def _check_extra(self, store: FolderStore | DetStore, made: Made) -> None:
        images = store.root / "images"
        for shard in made.stops:
            place = images / shard_name(shard)
            if not place.is_dir():
                continue
            wanted = made.images(shard)
            for path in sorted(path for path in place.iterdir() if path.name not in wanted):
                self._report.add(path, "a file that this dataset did not make", "remove it")
        for path in sorted(images.iterdir()) if images.is_dir() else ():
            if not path.name.isdigit():
                self._report.add(path, "a file that this dataset did not make", "remove it")

    def _remedy(self, record: Record, do: str) -> str:
        if self._made is None or record.index is None:
            return "restore it, or remove its label"
        name = shard_name(self._made.plan.shard_of(record.index))
        path = f"{self._made.root / STATE_DIR}/shards/{name}.json"
        return f"{do}: remove {path}, then run the same generate command again"

    def _read_chars(self, options: dict[str, object]) -> frozenset[str] | None:
        pages = self._made is not None and self._made.pages is not None
        path = (self._made.root / folder.ROOT if self._made and pages else self._store.root) / "dict.txt"
        if not path.is_file():
            if self._made is not None and (not pages or "paddleocr" in self._made.manifest.formats):
                self._report.add(path, "the dictionary is missing", _DO_LABEL)
            return None
        digest = options.get("charset_digest")
        if digest is not None and dict_digest(path.read_bytes()) != digest:
            what = "the dictionary was changed: class ids are no longer those of the dataset"
            self._report.add(path, what, _DO_LABEL)
        chars = frozenset(read_dict(path, self._report))
        return chars | {" "} if options.get("use_space", True) else chars


def _ignore(_: int) -> None:
    return None
