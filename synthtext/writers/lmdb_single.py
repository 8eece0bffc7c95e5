"""One LMDB a part, put together from those of all shards, for readers that take a single file.

    lmdb-merged/train/data.mdb      keys image-%09d and label-%09d from 1, num-samples; shards in their order
    lmdb-merged/dict.txt rec.yml

The shards stay: a run that goes on needs them. It is made when a run is complete, and again when that is asked for and
the shards are others than before.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import lmdb

from synthtext.errors import DatasetError
from synthtext.labels.ppocr import write_dict
from synthtext.writers import lmdb_pairs
from synthtext.writers.base import PARTS, STATE_DIR, WriterOptions, shard_name
from synthtext.writers.disk import replace_file, sync_folder, sync_tree
from synthtext.writers.lmdb_pairs import Appending
from synthtext.writers.recipe import lmdb_recipe

ROOT = "lmdb-merged"
_STAMP = f"{STATE_DIR}/{ROOT}"
_ROOM = f"{STATE_DIR}/partial/{ROOT}"


def is_wanted(out: Path) -> bool:
    """Return whether a dataset has such files already, which are then kept up to date."""
    return (out / _STAMP).is_file()


def write_single(out: Path, shards: Sequence[int], stamp: str, options: WriterOptions) -> None:
    """Put the LMDBs of a complete dataset together, unless those of the same stamp are there.

    Args:
        shards: all of them, ascending.
        stamp: another one says that samples are others, or more.

    Raises:
        OSError: the disk is full or cannot be written.
    """
    root = out / ROOT
    if not (is_wanted(out) and root.is_dir() and (out / _STAMP).read_text() == stamp):
        room = out / _ROOM
        shutil.rmtree(room, ignore_errors=True)
        room.mkdir(parents=True)
        for part in PARTS:
            places = [out / lmdb_pairs.ROOT / part / shard_name(shard) for shard in shards]
            found = [place for place in places if place.is_dir()]
            if found:
                _join(found, room / part)
        sync_tree(room)
        shutil.rmtree(root, ignore_errors=True)
        room.rename(root)
        sync_folder(out)
        replace_file(out / _STAMP, stamp.encode())
    parts = [part for part in PARTS if (root / part).is_dir()]
    replace_file(root / "dict.txt", write_dict(options.charset))
    replace_file(root / "rec.yml", lmdb_recipe(options, parts).encode())


def _join(sources: Sequence[Path], target: Path) -> None:
    joined = Appending(target)
    try:
        count = 0
        # Labels come after all images in the order of keys: a second pass, not five million texts in memory.
        for kind in (b"image", b"label"):
            count = 0
            for source in sources:
                for value in _values(source, kind):
                    count += 1
                    joined.put(b"%s-%09d" % (kind, count), value)
        joined.put(b"num-samples", b"%d" % count)
        joined.close()
    except BaseException:
        joined.abandon()
        raise


def _values(source: Path, kind: bytes) -> Iterator[bytes]:
    try:
        environment = lmdb_pairs.open_lmdb(source)
    except lmdb.Error as error:
        raise DatasetError(f"{source}: cannot be read ({error}); make this shard again") from None
    try:
        with environment.begin() as transaction:
            for number in range(1, int(transaction.get(b"num-samples", b"0")) + 1):
                yield bytes(transaction.get(b"%s-%09d" % (kind, number), b""))
    finally:
        environment.close()
