from __future__ import annotations

from pathlib import Path

import pytest
from fake_sampler import WithGaps, job, text_of

from synthtext.engine.run import run
from synthtext.inspect.dataset import open_dataset
from synthtext.labels.faults import Fault


@pytest.mark.parametrize("name", ["paddleocr", "lmdb"])
def test_records__every_sample_with_its_index(tmp_path: Path, name: str) -> None:
    run(job(WithGaps((33,)), formats=(name,)), tmp_path, 250, method="inline")

    records = list(open_dataset(tmp_path).records())

    assert sorted(record.index for record in records if record.index is not None) == [
        *range(33),
        *range(34, 250),
    ]
    assert all(record.text == text_of(record.index or 0) for record in records)
    parts = [record.part for record in records]
    assert [parts.count(part) for part in ("train", "val", "test")] == [150, 49, 50]
    assert all(record.image is not None and record.image.startswith(b"\xff\xd8") for record in records)


def test_records__both_formats_hold_the_same_files(tmp_path: Path) -> None:
    run(job(formats=("paddleocr", "lmdb")), tmp_path, 120, method="inline")

    folder, pairs = (list(store.scan(lambda _: None)) for store in open_dataset(tmp_path).stores)

    assert [(r.index, r.part, r.text, r.image) for r in folder] == [(r.index, r.part, r.text, r.image) for r in pairs]


def test_records__missing_image_is_reported_and_left_out(tmp_path: Path) -> None:
    run(job(), tmp_path, 20, method="inline")
    (tmp_path / "rec/images/00000/000000003.jpg").unlink()
    faults: list[Fault] = []

    records = list(open_dataset(tmp_path).records(faults.append))

    assert len(records) == 19
    assert [fault.where.endswith("000000003.jpg") for fault in faults] == [True]


def test_open_dataset__list_of_another_tool(tmp_path: Path) -> None:
    (tmp_path / "crop.png").write_bytes(b"image")
    (tmp_path / "rec_gt.txt").write_text("crop.png\ttext\n")

    (record,) = open_dataset(tmp_path).records()

    assert (record.index, record.part, record.text, record.image) == (None, "train", "text", b"image")


def test_open_dataset__folder_above_the_bare_one(tmp_path: Path) -> None:
    run(job(), tmp_path, 20, method="inline")
    (tmp_path / "manifest.json").unlink()

    assert len(list(open_dataset(tmp_path).records())) == 20
