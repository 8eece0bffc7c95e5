"""LMDB of image and label pairs, for PaddleOCR, PARSeq, mmocr and deep-text-recognition-benchmark.

    train/00000/data.mdb    keys image-%09d and label-%09d from 1, num-samples    dict.txt rec.yml

Read from any tree of LMDBs; the part is a folder's name on the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import lmdb

from synthtext.labels.codec.base import Keeps, Target, Unfit
from synthtext.labels.codec.files import PARTS, part_of
from synthtext.labels.faults import Fault, OnFault
from synthtext.labels.picture import Picture
from synthtext.labels.ppocr import label_line, write_dict
from synthtext.writers.base import WriterOptions
from synthtext.writers.lmdb_pairs import Pairs, open_lmdb
from synthtext.writers.recipe import lmdb_recipe

_DATA = "data.mdb"
_A_SHARD = 100_000
_DO = "make it again"


class LmdbPairs:
    """The codec `lmdb`."""

    name = "lmdb"
    summary = "LMDB of image and label pairs"
    keeps = Keeps(kinds=("crops",), about=False, names="none")
    drawn = False

    def fits(self, root: Path) -> bool:
        """Return whether an LMDB is there."""
        return root.is_dir() and next(root.rglob(_DATA), None) is not None

    def read(self, root: Path, on_fault: OnFault) -> Iterator[Picture]:
        """Yield the crops of all LMDBs, train first."""
        found: dict[str, list[Path]] = {}
        for data in root.rglob(_DATA):
            place = data.parent
            parts = [part for name in place.relative_to(root).parts if (part := part_of(name))]
            found.setdefault(parts[0] if parts else "", []).append(place)
        for part in ("", *PARTS):
            for place in sorted(found.get(part, ())):
                try:
                    yield from _read(place, part, place.relative_to(root).as_posix(), on_fault)
                except lmdb.Error as error:
                    on_fault(Fault(str(place), f"cannot be read ({error})", _DO))

    def sink(self, target: Target) -> LmdbSink:
        """Start writing."""
        return LmdbSink(target)


class LmdbSink:
    """Writes an LMDB for each part and 100,000 crops, dictionary and configuration."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._open: dict[str, Pairs] = {}
        self._counts: dict[str, int] = {}
        self._met: set[str] = set()
        self._longest = 0

    def add(self, picture: Picture) -> None:
        """Write one crop."""
        text = picture.text or ""
        try:
            label_line("here", text)
        except ValueError as error:
            raise Unfit("the text is empty, or has a tab or line break") from error
        known = self._target.charset
        if known is not None and not set(text) <= {*known, " "}:
            raise Unfit("a character is not in the dictionary")
        data = picture.read_image()
        if not data:
            raise Unfit("the image is missing")
        part = picture.part or "train"
        self._pairs(part).add(data, text)
        self._met.update(text)
        self._longest = max(self._longest, len(text))

    def close(self) -> None:
        """Finish the LMDBs, write dictionary and configuration."""
        for pairs in self._open.values():
            pairs.close()
        parts = [part for part in PARTS if part in self._open]
        if parts:
            charset = self._target.charset or tuple(sorted(self._met - {" "}))
            options = WriterOptions(charset, " " in self._met, max(1, self._longest))
            (self._target.root / "dict.txt").write_bytes(write_dict(charset))
            (self._target.root / "rec.yml").write_text(lmdb_recipe(options, parts), "utf-8")

    def _pairs(self, part: str) -> Pairs:
        done = self._counts.get(part, 0)
        self._counts[part] = done + 1
        if done % _A_SHARD == 0:
            if part in self._open:
                self._open[part].close()
            folder = self._target.root / part / f"{done // _A_SHARD:05d}"
            folder.parent.mkdir(parents=True, exist_ok=True)
            self._open[part] = Pairs(folder)
        return self._open[part]


def _read(folder: Path, part: str, name: str, on_fault: OnFault) -> Iterator[Picture]:
    environment = open_lmdb(folder)
    try:
        with environment.begin() as transaction:
            said = transaction.get(b"num-samples", b"")
            if not said.isdigit():
                on_fault(Fault(f"{folder} num-samples", f"{said!r} is not a number of samples", _DO))
            most = environment.stat()["entries"]
            for number in range(1, min(int(said[:12]) if said.isdigit() else most // 2, most) + 1):
                where = f"{folder} label-{number:09d}"
                label, image = transaction.get(b"label-%09d" % number), transaction.get(b"image-%09d" % number)
                if label is None or image is None:
                    on_fault(Fault(where, f"the {'label' if label is None else 'image'} is missing", _DO))
                    continue
                try:
                    text = label.decode()
                except UnicodeDecodeError as error:
                    on_fault(Fault(where, f"not UTF-8 ({error.reason})", _DO))
                    continue
                suffix = ".png" if image.startswith(b"\x89PNG") else ".jpg"
                path = f"{name}/" if name not in ("", ".", part) else ""
                yield Picture(f"{path.removeprefix(f'{part}/')}{number:09d}{suffix}", part, image, where, text)
    finally:
        environment.close()
