"""One LMDB a part, put together from those of all shards, read back by plain `lmdb`."""

from __future__ import annotations

import os
from pathlib import Path

import lmdb
import pytest
from fake_sampler import WithGaps, job, tree

from synthtext.engine.merge import merge
from synthtext.engine.run import run
from synthtext.engine.subset import parse_share
from synthtext.errors import DatasetError, UserError
from synthtext.inspect.verify import verify
from synthtext.writers.base import PARTS

COUNT = 650


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("made")
    run(job(WithGaps((33,)), formats=("lmdb", "paddleocr")), out, COUNT, method="inline", merge_lmdb=True)
    return out


def _pairs(folder: Path) -> list[tuple[bytes, str]]:
    with lmdb.open(str(folder), readonly=True, lock=False) as environment, environment.begin() as transaction:
        count = int(transaction.get(b"num-samples"))
        assert environment.stat()["entries"] == 2 * count + 1
        return [
            (transaction.get(b"image-%09d" % number), transaction.get(b"label-%09d" % number).decode())
            for number in range(1, count + 1)
        ]


@pytest.mark.parametrize("part", PARTS)
def test_write_single__pairs_of_all_shards_in_order(made: Path, part: str) -> None:
    lines = [line.split("\t") for line in (made / f"rec/{part}.txt").read_text("utf-8").splitlines()]

    assert _pairs(made / f"lmdb-merged/{part}") == [((made / "rec" / path).read_bytes(), text) for path, text in lines]
    shards = [pair for shard in sorted((made / f"lmdb/{part}").iterdir()) for pair in _pairs(shard)]
    assert _pairs(made / f"lmdb-merged/{part}") == shards


def test_write_single__is_verified(made: Path, tmp_path: Path) -> None:
    assert verify(made) == []

    run(job(formats=("lmdb",)), tmp_path, 60, method="inline", merge_lmdb=True)
    with lmdb.open(str(tmp_path / "lmdb-merged/train"), lock=False) as environment, environment.begin(write=True) as t:
        t.put(b"label-000000003", "中文 59".encode())
    faults = verify(tmp_path)
    assert any("lmdb-merged/train label-000000003" in fault.where for fault in faults)


def test_write_single__equal_runs_and_merged_parts_are_equal_bytes(made: Path, tmp_path: Path) -> None:
    parts = []
    for share in ("0-1/3", "2/3"):
        parts.append(tmp_path / share.replace("/", "of"))
        part = job(WithGaps((33,)), formats=("lmdb", "paddleocr"))
        run(part, parts[-1], COUNT, workers=2, method="fork", share=parse_share(share))
    assert not (parts[0] / "lmdb-merged").exists()

    merge(parts, tmp_path / "merged", merge_lmdb=True)

    assert tree(tmp_path / "merged", "lmdb-merged") == tree(made, "lmdb-merged")


def test_write_single__follows_a_raised_count(tmp_path: Path) -> None:
    run(job(formats=("lmdb",)), tmp_path, 120, method="inline", merge_lmdb=True)
    before = (tmp_path / "lmdb-merged/train/data.mdb").stat().st_mtime_ns
    run(job(formats=("lmdb",)), tmp_path, 120, method="inline")
    assert (tmp_path / "lmdb-merged/train/data.mdb").stat().st_mtime_ns == before  # nothing is new

    run(job(formats=("lmdb",)), tmp_path, 250, method="inline")

    assert len(_pairs(tmp_path / "lmdb-merged/train")) == 150
    assert verify(tmp_path) == []
    assert not (tmp_path / ".synthtext/partial/lmdb-merged").exists()


def test_write_single__of_a_shard_cut_short(tmp_path: Path) -> None:
    run(job(formats=("lmdb",)), tmp_path, 120, method="inline")
    os.truncate(tmp_path / "lmdb/train/00000/data.mdb", 20_000)

    with pytest.raises(DatasetError, match=r"lmdb/train/00000: cannot be read \(.*cut short.*make this shard again"):
        run(job(formats=("lmdb",)), tmp_path, 120, method="inline", merge_lmdb=True)


def test_write_single__without_lmdb_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="add --format lmdb"):
        run(job(), tmp_path / "out", 20, method="inline", merge_lmdb=True)
    with pytest.raises(UserError, match="name a folder"):
        run(job(formats=("lmdb",)), "memory://x/y", 20, method="inline", merge_lmdb=True)
