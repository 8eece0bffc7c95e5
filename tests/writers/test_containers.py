"""WebDataset archives and Parquet files: read back by their own readers, equal for equal runs, checked by `verify`."""

from __future__ import annotations

import builtins
import gc
import io
import json
import re
import tarfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fake_pages import page_job
from fake_sampler import HEIGHT, WithGaps, job, text_of
from PIL import Image

from synthtext.engine.run import run
from synthtext.errors import UserError
from synthtext.inspect.report import inspect_dataset
from synthtext.inspect.verify import verify
from synthtext.labels.formats import crowded
from synthtext.writers.base import PARTS, PageOptions
from synthtext.writers.tar import tar_header

BOTH = ("webdataset", "parquet")
COUNT = 250


def _files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for name in BOTH
        for path in sorted((root / name).rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def crops(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("crops")
    run(job(WithGaps((33,)), formats=("paddleocr", *BOTH)), out, COUNT, method="inline")
    return out


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("pages")
    run(page_job(PageOptions(maps="npy"), formats=("paddleocr", *BOTH)), out, 20, method="inline")
    return out


def _listed(root: Path) -> dict[str, list[tuple[str, str, bytes]]]:
    """What the label lists say, by part: name, text, image file."""
    found = {}
    for part in PARTS:
        lines = [line.split("\t") for line in (root / f"rec/{part}.txt").read_text("utf-8").splitlines()]
        found[part] = [(Path(path).stem, text, (root / "rec" / path).read_bytes()) for path, text in lines]
    return found


def _read_webdataset(urls: list[str]) -> list[dict[str, Any]]:
    import webdataset

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # it leaves archives open
        samples = list(webdataset.WebDataset(urls, shardshuffle=False).decode("rgb8"))
        gc.collect()
    return samples


def test_tar_header__is_the_one_of_tarfile() -> None:
    for name, size in (("000000012.jpg", 0), ("a" * 99, 8**11 - 1), ("000120345.region.npy", 123_456)):
        member = tarfile.TarInfo(name)
        member.size = size

        assert tar_header(name, size) == member.tobuf(tarfile.USTAR_FORMAT)


@pytest.mark.parametrize(("name", "size"), [("a" * 100, 1), ("", 1), ("x", 8**11), ("字.jpg", 1)])
def test_tar_header__what_does_not_fit_is_refused(name: str, size: int) -> None:
    with pytest.raises(ValueError):
        tar_header(name, size)


def test_webdataset__read_by_tarfile(crops: Path) -> None:
    for part, wanted in _listed(crops).items():
        found = []
        for path in sorted((crops / "webdataset").glob(f"{part}-*.tar")):
            with tarfile.open(path) as archive:
                members = archive.getmembers()
                data = [archive.extractfile(member).read() for member in members]  # type: ignore[union-attr]
            assert {(member.mtime, member.uid, member.uname) for member in members} == {(0, 0, "")}
            for at in range(0, len(members), 3):
                stems, suffixes = zip(*(member.name.split(".", 1) for member in members[at : at + 3]), strict=True)
                assert suffixes == ("jpg", "txt", "json")
                assert len(set(stems)) == 1
                found.append((stems[0], data[at + 1].decode(), data[at]))
        assert found == wanted


def test_webdataset__read_by_webdataset(crops: Path) -> None:
    index = json.loads((crops / "webdataset/train.json").read_text())
    urls = [str(crops / "webdataset" / entry["url"]) for entry in index["shardlist"]]
    samples = _read_webdataset(urls)

    assert sum(entry["nsamples"] for entry in index["shardlist"]) == len(samples)
    assert [(sample["__key__"], sample["txt"]) for sample in samples] == [
        (stem, text) for stem, text, _ in _listed(crops)["train"]
    ]
    for sample in samples[:20]:
        assert sample["jpg"].shape[0] == HEIGHT
        assert sample["json"]["index"] == int(sample["__key__"])
        assert sample["json"]["text"] == sample["txt"] == text_of(sample["json"]["index"])


def test_webdataset__pages_with_maps_read_by_webdataset(pages: Path) -> None:
    urls = [str(path) for path in sorted((pages / "webdataset").glob("train-*.tar"))]
    samples = _read_webdataset(urls)

    lines = dict(line.split("\t") for line in (pages / "det/train.txt").read_text("utf-8").splitlines())
    wanted = {Path(name).stem: json.loads(items) for name, items in lines.items()}
    assert {sample["__key__"] for sample in samples} == set(wanted)
    for sample in samples:
        facts = sample["json"]
        assert sample["jpg"].shape == (facts["height"], facts["width"], 3)
        assert sample["region.npy"].shape == sample["affinity.npy"].shape == sample["jpg"].shape[:2]
        assert [line["points"] for line in facts["lines"]] == [item["points"] for item in wanted[sample["__key__"]]]
        assert "".join(char["text"] for char in facts["chars"][:2]) == "中文"
        heat = sample["region.npy"]
        for char in facts["chars"][:5]:
            x, y = np.mean(char["points"], axis=0)
            assert heat[int(y), int(x)] > 0.9


def test_parquet__read_by_datasets(crops: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import datasets

    found = datasets.load_dataset(str(crops / "parquet"), cache_dir=str(tmp_path))

    listed = _listed(crops)
    assert {"train": "train", "validation": "val", "test": "test"}.keys() == found.keys()
    assert isinstance(found["train"].features["image"], datasets.Image)
    for split, part in (("train", "train"), ("validation", "val"), ("test", "test")):
        rows = found[split]
        assert rows["text"][:] == [text for _, text, _ in listed[part]]
        picture, (_, _, data) = rows[0]["image"], listed[part][0]
        assert np.array_equal(np.asarray(picture), np.asarray(Image.open(io.BytesIO(data))))
        assert rows[0]["fonts"] == [f"font-{rows[0]['index'] % 3}"]


def test_parquet__pages_read_by_datasets(pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import datasets

    rows = datasets.load_dataset(str(pages / "parquet"), split="train", cache_dir=str(tmp_path))

    line = next(iter((pages / "det/train.txt").read_text("utf-8").splitlines()))
    name, items = line.split("\t")
    row = next(row for row in rows if row["image"].size == (640, 360) and row["index"] == int(Path(name).stem))
    wanted = json.loads(items)
    assert [box["category"] for box in row["lines"]] == [item["category"] for item in wanted]
    assert [box["ignore"] for box in row["lines"]] == [item["transcription"] == "###" for item in wanted]
    for box, item in zip(row["lines"], wanted, strict=True):
        assert np.allclose(box["points"], item["points"], atol=1e-3)


@pytest.mark.parametrize("made", ["crops", "pages"])
def test_containers__two_runs_are_the_same_bytes(
    made: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = request.getfixturevalue(made)
    formats = ("paddleocr", *BOTH)
    if made == "crops":
        run(job(WithGaps((33,)), formats=formats), tmp_path, COUNT, workers=2, method="fork")
    else:
        run(page_job(PageOptions(maps="npy"), formats=formats), tmp_path, 20, workers=2, method="fork")

    assert _files(tmp_path) == _files(first)


def test_containers__raised_count_keeps_the_first_shards(crops: Path, tmp_path: Path) -> None:
    run(job(WithGaps((33,)), formats=BOTH), tmp_path, 130, method="inline")
    whole = {name: data for name, data in _files(tmp_path).items() if "00000." in name}

    run(job(WithGaps((33,)), formats=BOTH), tmp_path, COUNT, method="inline")

    assert len(whole) == 6
    assert whole.items() <= _files(crops).items()
    assert _files(tmp_path) == _files(crops)


@pytest.mark.parametrize("made", ["crops", "pages"])
def test_verify__sound_containers(made: str, request: pytest.FixtureRequest) -> None:
    root = request.getfixturevalue(made)

    assert verify(root, deep=True) == []
    assert verify(root / "parquet") == [] or made == "pages"  # pages' dictionary stands elsewhere
    assert verify(root / "webdataset") == [] or made == "pages"


@pytest.mark.parametrize("formats", [("webdataset",), ("parquet",)])
def test_verify__pages_in_a_container_alone(formats: tuple[str, ...], tmp_path: Path) -> None:
    maps = "u8" if formats == ("webdataset",) else "none"
    run(page_job(PageOptions(level="word", polygons=True, maps=maps), formats=formats), tmp_path, 20, method="inline")

    assert verify(tmp_path) == []
    assert inspect_dataset(tmp_path).samples == 20


def test_inspect__crops_in_a_container(tmp_path: Path) -> None:
    run(job(formats=("parquet",)), tmp_path, 60, method="inline")

    report = inspect_dataset(tmp_path)

    assert (report.samples, report.faults_total) == (60, 0)
    assert report.coverage is not None


def _first(root: Path, pattern: str) -> Path:
    return sorted(root.glob(pattern))[0]


def _edit(old: bytes, new: bytes) -> Callable[[Path], None]:
    def plant(root: Path) -> None:
        path = _first(root, "webdataset/train-*.tar")
        data = path.read_bytes()
        assert old in data
        path.write_bytes(data.replace(old, new, 1))

    return plant


def _cut(pattern: str, keep: float) -> Callable[[Path], None]:
    def plant(root: Path) -> None:
        path = _first(root, pattern)
        path.write_bytes(path.read_bytes()[: int(keep * path.stat().st_size)])

    return plant


def _rows(change: Callable[[list[dict[str, Any]]], None]) -> Callable[[Path], None]:
    def plant(root: Path) -> None:
        import pyarrow
        from pyarrow import parquet

        path = _first(root, "parquet/train-*.parquet")
        table = parquet.read_table(path)
        rows = table.to_pylist()
        change(rows)
        parquet.write_table(pyarrow.Table.from_pylist(rows, schema=table.schema), path)

    return plant


FAULTS: list[tuple[str, Callable[[Path], None], str, str]] = [
    ("tar text", _edit(f"{text_of(0)}\0".encode(), f"{text_of(9)}\0".encode()), "000000000", "not the text made"),
    ("tar json", _edit(b'"index":0,', b'"index":7,'), "000000000.json", "says that it is sample 7"),
    ("tar cut", _cut("webdataset/train-*.tar", 0.5), "train-000000.tar", "cannot be read"),
    ("tar lost", lambda root: _first(root, "webdataset/train-*.tar").unlink(), "00000", "missing or damaged"),
    ("tar left over", lambda root: (root / "webdataset/val-000077.tar").touch(), "val-000077.tar", "interrupted"),
    ("table text", _rows(lambda rows: rows[3].update(text="中文 9")), "row 3", "not the text made"),
    ("table swap", _rows(lambda rows: rows[3].update(image=rows[4]["image"])), "row 3", "holds the image"),
    ("table row lost", _rows(lambda rows: rows.pop() and None), "sample", "has no label"),
    ("table cut", _cut("parquet/train-*.parquet", 0.7), "train-00000.parquet", "cannot be read"),
    ("dictionary", lambda root: (root / "parquet/dict.txt").unlink(), "parquet/dict.txt", "dictionary is missing"),
]


@pytest.mark.parametrize(("name", "plant", "where", "what"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_verify__finds_in_containers(
    name: str, plant: Callable[[Path], None], where: str, what: str, tmp_path: Path
) -> None:
    run(job(formats=BOTH, split=(1,)), tmp_path, 40, method="inline")
    plant(tmp_path)

    faults = verify(tmp_path)

    assert any(where in fault.where + fault.what and what in fault.what for fault in faults), [
        str(fault) for fault in faults[:5]
    ]


@pytest.mark.parametrize(
    ("formats", "samples", "pages", "wanted"),
    [
        (("paddleocr",), 200_000, False, None),
        (("paddleocr",), 200_001, False, "paddleocr: 200,001 files.*lmdb or webdataset or parquet hold"),
        (("lmdb", "webdataset", "parquet"), 5_000_000, False, None),
        (("icdar2015", "yolo-obb"), 150_000, True, "icdar2015,yolo-obb: 600,000 files.*; webdataset or parquet hold"),
    ],
)
def test_crowded__names_better_formats(formats: tuple[str, ...], samples: int, pages: bool, wanted: str | None) -> None:
    note = crowded(formats, samples, pages)

    assert (note is None) if wanted is None else re.search(wanted, note or "")


def test_parquet__without_its_package_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("pyarrow"):
            raise ImportError("No module named 'pyarrow'")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)

    with pytest.raises(UserError, match=r"pip install 'synthtext\[containers\]'") as caught:
        run(job(formats=("parquet",)), tmp_path / "out", 20, method="inline")

    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()
