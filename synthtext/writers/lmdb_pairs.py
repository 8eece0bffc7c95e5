"""LMDB of image and label pairs, as PaddleOCR, PARSeq, mmocr and deep-text-recognition-benchmark read it.

    lmdb/train/00012/data.mdb    keys image-%09d and label-%09d from 1, num-samples
    lmdb/dict.txt rec.yml

One LMDB a shard and part: readers walk the tree and take every folder without sub-folders for an LMDB.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import lmdb

from synthtext.labels.ppocr import label_line, write_dict
from synthtext.values import Sample
from synthtext.writers.base import PARTS, Output, WriterOptions, numbered, shard_name
from synthtext.writers.disk import replace_file
from synthtext.writers.recipe import lmdb_recipe

ROOT = "lmdb"
# The size of the map is written to the file: it grows by a fixed rule, so that equal samples give equal
# bytes.
_FIRST_MAP_BYTES = 1 << 26
_BATCH = 500
_DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EIO)
_NEARLY_FULL_BYTES = 1 << 23

_Pair = tuple[bytes, bytes]


class LmdbWriter:
    """Writes `lmdb/` below a dataset's folder."""

    def __init__(self, out: Path, options: WriterOptions) -> None:
        self._out = out
        self._options = options

    def open_shard(self, shard: int, room: Path) -> _LmdbShard:
        """Start a shard in `room`."""
        return _LmdbShard(shard, room)

    def outputs(self) -> Iterator[str]:
        """Yield the path of every output that is in place."""
        for part in PARTS:
            yield from numbered(self._out, f"{ROOT}/{part}")

    def finalise(self, shards: Sequence[int]) -> None:
        """Write dictionary and configuration."""
        root = self._out / ROOT
        root.mkdir(parents=True, exist_ok=True)
        parts = [part for part in PARTS if any(True for _ in numbered(self._out, f"{ROOT}/{part}"))]
        replace_file(root / "dict.txt", write_dict(self._options.charset))
        replace_file(root / "rec.yml", lmdb_recipe(self._options, parts).encode())


class _LmdbShard:
    def __init__(self, shard: int, room: Path) -> None:
        self._name = shard_name(shard)
        self._room = room
        self._parts: list[Pairs | None] = [None] * len(PARTS)

    def add(self, index: int, part: int, image: bytes, sample: Sample) -> None:
        pairs = self._parts[part]
        if pairs is None:
            pairs = self._parts[part] = Pairs(self._room / PARTS[part])
        label_line(f"sample {index}", sample.text)  # what a list could not say must not hide in an LMDB
        pairs.add(image, sample.text)

    def seal(self) -> list[Output]:
        outputs = []
        for part, pairs in zip(PARTS, self._parts, strict=True):
            if pairs is not None:
                pairs.close()
                outputs.append(Output(pairs.folder, f"{ROOT}/{part}/{self._name}"))
        return outputs

    def discard(self) -> None:
        for pairs in self._parts:
            if pairs is not None:
                pairs.abandon()


def open_lmdb(folder: Path) -> lmdb.Environment:
    """Open an LMDB to read from it.

    Raises:
        lmdb.Error: it is none, or the file ends before its last page: LMDB maps the file into memory without a look at
            its length, and a read beyond the end kills the process.
    """
    environment = lmdb.open(str(folder), readonly=True, lock=False, create=False)
    wanted = (environment.info()["last_pgno"] + 1) * environment.stat()["psize"]
    found = (folder / "data.mdb").stat().st_size
    if found < wanted:
        environment.close()
        raise lmdb.CorruptedError(f"data.mdb is cut short: {found:,} bytes where {wanted:,} belong")
    return environment


class Appending:
    """One LMDB being written. Keys arrive in sorted order and are appended, which fills every page."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pending: list[_Pair] = []
        with _DiskErrors(folder):
            # No lock file: nobody else sees the folder yet. Flushing is left to the engine, once a shard.
            self._env = lmdb.open(
                str(folder), map_size=_FIRST_MAP_BYTES, lock=False, sync=False, metasync=False, meminit=True
            )

    def put(self, key: bytes, value: bytes) -> None:
        """Keep a pair, whose key is greater than all before."""
        self._pending.append((key, value))
        if len(self._pending) == _BATCH:
            self._flush()

    def put_all(self, pairs: list[_Pair]) -> None:
        """Write pairs that come after all others in a transaction of their own."""
        self._flush()
        self._pending = pairs

    def close(self) -> None:
        """Write what is left, and close the file."""
        self._flush()
        with _DiskErrors(self.folder):
            self._env.sync(True)
            self._env.close()

    def abandon(self) -> None:
        """Remove everything."""
        self._env.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _flush(self) -> None:
        pairs, self._pending = self._pending, []
        with _DiskErrors(self.folder):
            while True:
                try:
                    with self._env.begin(write=True) as transaction:
                        transaction.cursor().putmulti(pairs, append=True)
                    return
                except lmdb.MapFullError:
                    self._env.set_mapsize(2 * self._env.info()["map_size"])


class Pairs:
    """An LMDB of samples: their images as they come, then their labels."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file = Appending(folder)
        self._labels: list[bytes] = []

    def add(self, image: bytes, text: str) -> None:
        self._labels.append(text.encode())
        self._file.put(b"image-%09d" % len(self._labels), image)

    def close(self) -> None:
        self._file.put_all([(b"label-%09d" % number, label) for number, label in enumerate(self._labels, 1)])
        self._file.put_all([(b"num-samples", b"%d" % len(self._labels))])
        self._file.close()

    def abandon(self) -> None:
        self._file.abandon()


class _DiskErrors:
    """Turns LMDB's words for a full disk into the OSError that all other files give."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if not isinstance(error, lmdb.Error) or isinstance(error, lmdb.MapFullError):
            return
        number = next((number for number in _DISK_ERRORS if os.strerror(number) in str(error)), None)
        if number is None:
            return
        # LMDB calls it an I/O error when the disk took only a part of a page.
        if number == errno.EIO and shutil.disk_usage(self._folder).free < _NEARLY_FULL_BYTES:
            number = errno.ENOSPC
        raise OSError(number, os.strerror(number), self._folder) from error
