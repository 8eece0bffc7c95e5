"""Datasets at a URL: the same files as in a folder, a record after its shard, and one clear line when it fails."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest
from fake_pages import page_job, page_tree
from fake_sampler import Broken, WithGaps, job, tree
from fsspec.implementations.memory import MemoryFileSystem
from shelf import Shelf

from synthtext.engine.remote import place_of
from synthtext.engine.run import run
from synthtext.engine.subset import parse_share
from synthtext.errors import RunError, UserError
from synthtext.inspect.verify import verify
from synthtext.writers.base import PageOptions

ALL = ("paddleocr", "lmdb", "webdataset", "parquet")
ROOTS = ("rec", "lmdb", "webdataset", "parquet")
URL = "memory://bucket/data"
COUNT = 250


@pytest.fixture(autouse=True)
def _stores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    MemoryFileSystem.store.clear()
    MemoryFileSystem.pseudo_dirs[:] = [""]
    Shelf.seen.clear()
    Shelf.fails.clear()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "stages"))
    (tmp_path / "stages").mkdir()
    monkeypatch.setattr("synthtext.engine.remote._PAUSE_SECONDS", 0.0)
    yield
    assert list((tmp_path / "stages").iterdir()) == []


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("folder")
    run(job(WithGaps((33,)), formats=ALL), out, COUNT, method="inline")
    return out


def _down(url: str, out: Path) -> Path:
    """Copy everything at a URL into a folder."""
    fs, root = fsspec.core.url_to_fs(url)
    for path in fs.find(root):
        target = out / path[len(root) :].lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(fs.cat_file(path))
    return out


def _seen_tree(url: str, out: Path) -> dict[str, bytes]:
    return tree(_down(url, out), *ROOTS)


def test_run__url_holds_what_a_folder_would(folder: Path, tmp_path: Path) -> None:
    summary = run(job(WithGaps((33,)), formats=ALL), URL, COUNT, method="inline")

    assert (summary.out, summary.status, summary.samples) == (URL, "complete", COUNT - 1)
    assert _seen_tree(URL, tmp_path / "down") == tree(folder, *ROOTS)
    assert verify(tmp_path / "down") == []
    mine, other = (json.loads((root / "manifest.json").read_text()) for root in (tmp_path / "down", folder))
    assert {**mine, "seconds": 0, "samples_per_second": 0} == {**other, "seconds": 0, "samples_per_second": 0}


def test_run__pages_at_a_url(tmp_path: Path) -> None:
    wanted = page_job(PageOptions(maps="u8"), formats=("paddleocr", "craft", "yolo-obb"))
    run(wanted, tmp_path / "folder", 11, method="inline")

    run(wanted, URL, 11, method="inline")

    assert page_tree(_down(URL, tmp_path / "down")) == page_tree(tmp_path / "folder")
    assert verify(tmp_path / "down") == []


def test_run__goes_on_at_a_url(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="sample 215"):
        run(job(Broken(215, (33,)), formats=ALL), URL, COUNT, method="inline")
    fs = fsspec.filesystem("memory")
    assert json.loads(fs.cat_file("/bucket/data/manifest.json"))["status"] == "stopped"

    summary = run(job(WithGaps((33,)), formats=ALL), URL, COUNT, method="inline")

    assert summary.made == 50
    assert _seen_tree(URL, tmp_path / "down") == tree(folder, *ROOTS)


def test_run__lost_output_at_a_url_is_made_again(folder: Path, tmp_path: Path) -> None:
    run(job(WithGaps((33,)), formats=ALL), URL, COUNT, method="inline")
    fsspec.filesystem("memory").rm("/bucket/data/webdataset/val-000001.tar")

    summary = run(job(WithGaps((33,)), formats=ALL), URL, COUNT, method="inline")

    assert summary.made == 100
    assert _seen_tree(URL, tmp_path / "down") == tree(folder, *ROOTS)


def test_run__raised_count_at_a_url(folder: Path, tmp_path: Path) -> None:
    run(job(WithGaps((33,)), formats=ALL), URL, 130, method="inline")

    summary = run(job(WithGaps((33,)), formats=ALL), URL, COUNT, method="inline")

    assert summary.made == 150
    assert _seen_tree(URL, tmp_path / "down") == tree(folder, *ROOTS)


def test_run__shares_meet_at_a_url(folder: Path, tmp_path: Path) -> None:
    first = run(job(WithGaps((33,)), formats=ALL), URL, COUNT, method="inline", share=parse_share("2/3"))
    second = run(job(WithGaps((33,)), formats=ALL), URL, COUNT, method="inline", share=parse_share("0-1/3"))

    assert (first.status, second.status) == ("complete", "complete")
    down = _down(URL, tmp_path / "down")
    assert tree(down, *ROOTS) == tree(folder, *ROOTS)
    assert json.loads((down / "manifest.json").read_text())["asked"] is None
    assert verify(down) == []


def test_run__workers_send_their_shards_the_record_last(folder: Path, tmp_path: Path) -> None:
    url = f"shelf://{tmp_path}/shelf"

    run(job(WithGaps((33,)), formats=ALL), url, COUNT, workers=2, method="fork")

    assert tree(tmp_path / "shelf", *ROOTS) == tree(folder, *ROOTS)
    assert verify(tmp_path / "shelf") == []
    assert not list((tmp_path / "shelf").rglob("*.part"))


def test_run__order_of_what_appears(tmp_path: Path) -> None:
    run(job(formats=("webdataset",)), f"shelf://{tmp_path}/shelf", 100, method="inline")

    names = [path.split("/shelf/")[1].removesuffix(".part") for path in Shelf.seen]
    record = names.index(".synthtext/shards/00000.json")
    assert all(names.index(f"webdataset/{part}-000000.tar") < record for part in ("train", "val", "test"))
    assert names.index(".synthtext/shards/00000.crc") < record < names.index("webdataset/train.json")
    assert names[-1] == "manifest.json"
    assert all(path.endswith(".part") for path in Shelf.seen)  # nobody reads a file that is still growing


def test_run__a_failing_store_is_asked_again(folder: Path, tmp_path: Path) -> None:
    Shelf.fails += ["train-000001.tar", "00002.json", "train-000001.tar"]

    run(job(WithGaps((33,)), formats=ALL), f"shelf://{tmp_path}/shelf", COUNT, method="inline")

    assert Shelf.fails == []
    assert tree(tmp_path / "shelf", *ROOTS) == tree(folder, *ROOTS)


def test_run__a_store_that_keeps_failing_is_one_line(folder: Path, tmp_path: Path) -> None:
    url = f"shelf://{tmp_path}/shelf"
    Shelf.fails += ["train-000001.tar"] * 3

    with pytest.raises(RunError, match=r"TimeoutError: no answer.*same command again") as caught:
        run(job(WithGaps((33,)), formats=ALL), url, COUNT, method="inline")
    assert "\n" not in str(caught.value)

    assert run(job(WithGaps((33,)), formats=ALL), url, COUNT, method="inline").made == 150
    assert tree(tmp_path / "shelf", *ROOTS) == tree(folder, *ROOTS)


def test_run__file_url_is_a_folder(tmp_path: Path) -> None:
    run(job(formats=("lmdb",)), f"file://{tmp_path}/out%20here", 20, method="inline")

    assert verify(tmp_path / "out here") == []


@pytest.mark.parametrize(
    ("out", "place"),
    [
        ("data/x", Path("data/x")),
        (Path("data"), Path("data")),
        ("file:///data/x", Path("/data/x")),
        ("s3://bucket/x/", "s3://bucket/x"),
    ],
)
def test_place_of__folders_and_urls(out: Path | str, place: Path | str) -> None:
    assert place_of(out) == place


def test_run__foreign_url_is_refused() -> None:
    fsspec.filesystem("memory").pipe_file("/bucket/data/thesis.tex", b"")

    with pytest.raises(UserError, match=r"thesis\.tex"):
        run(job(), URL, 20, method="inline")


def test_run__another_dataset_at_the_url_is_refused() -> None:
    run(job(), URL, 20, method="inline")

    with pytest.raises(UserError, match=f"{URL}: holds another dataset .seed: 7 there, 8 now"):
        run(job(seed=8), URL, 20, method="inline")


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("nope://x/y", "nobody knows nope://"),
        ("memory://x/y", "seen by a single process"),
    ],
)
def test_run__useless_urls_are_one_line(url: str, message: str) -> None:
    with pytest.raises(UserError, match=message) as caught:
        run(job(), url, 20, workers=1, method="fork")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "missing", "message"),
    [
        ("s3://bucket/x", "s3fs", "s3:// needs s3fs .*; pip install s3fs"),
        ("gs://bucket/x", "gcsfs", "gs:// needs gcsfs .*; pip install gcsfs"),
        ("s3://bucket/x", "fsspec", r"pip install 'synthtext\[containers\]'"),
    ],
)
def test_run__url_without_its_package_is_one_line(
    url: str, missing: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)  # importing it then fails

    with pytest.raises(UserError, match=message) as caught:
        run(job(), url, 20, method="inline")
    assert "\n" not in str(caught.value)
