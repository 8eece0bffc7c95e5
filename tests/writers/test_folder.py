from __future__ import annotations

from pathlib import Path

import pytest
from fake_sampler import CHARSET, make

from synthtext.writers.base import WriterOptions
from synthtext.writers.folder import FolderWriter


def _publish(out: Path, shard: int, parts: list[int]) -> None:
    room = out / f"room-{shard}"
    room.mkdir()
    writer = FolderWriter(out, WriterOptions(CHARSET)).open_shard(shard, room)
    for position, part in enumerate(parts):
        writer.add(shard * 10 + position, part, b"image", make(position))
    for output in writer.seal():
        (out / output.target).parent.mkdir(parents=True, exist_ok=True)
        output.source.rename(out / output.target)
    room.rmdir()


def test_finalise__lists_are_in_index_order(tmp_path: Path) -> None:
    for shard in (2, 0, 1):
        _publish(tmp_path, shard, [0, 1, 0])

    FolderWriter(tmp_path, WriterOptions(CHARSET)).finalise([0, 1, 2])

    lines = (tmp_path / "rec/train.txt").read_bytes().decode().split("\n")
    assert [line.split("\t")[0] for line in lines] == [
        "images/00000/000000000.jpg",
        "images/00000/000000002.jpg",
        "images/00001/000000010.jpg",
        "images/00001/000000012.jpg",
        "images/00002/000000020.jpg",
        "images/00002/000000022.jpg",
        "",
    ]


def test_finalise__only_finished_shards_are_listed(tmp_path: Path) -> None:
    for shard in (0, 1):
        _publish(tmp_path, shard, [0])

    FolderWriter(tmp_path, WriterOptions(CHARSET)).finalise([1])

    assert (tmp_path / "rec/train.txt").read_text().count("\n") == 1


def test_finalise__part_without_samples_has_no_file(tmp_path: Path) -> None:
    _publish(tmp_path, 0, [0, 2])

    FolderWriter(tmp_path, WriterOptions(CHARSET)).finalise([0])

    assert sorted(path.name for path in (tmp_path / "rec").glob("*.txt")) == [
        "dict.txt",
        "test.txt",
        "train.txt",
    ]


def test_outputs__names_everything_in_place(tmp_path: Path) -> None:
    _publish(tmp_path, 4, [0])

    found = sorted(FolderWriter(tmp_path, WriterOptions(CHARSET)).outputs())

    assert found == [".synthtext/lists/00004", "rec/images/00004"]


def test_add__png_files_are_called_so(tmp_path: Path) -> None:
    writer = FolderWriter(tmp_path, WriterOptions(CHARSET, image_format="png")).open_shard(0, tmp_path)
    writer.add(7, 0, b"image", make(7))

    assert (tmp_path / "images/000000007.png").read_bytes() == b"image"


def test_add__text_that_would_be_misread_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fake_sampler.text_of", lambda index: "a\tb")
    writer = FolderWriter(tmp_path, WriterOptions(CHARSET)).open_shard(0, tmp_path)

    with pytest.raises(ValueError, match="cut the text"):
        writer.add(7, 0, b"image", make(7))

    writer.discard()
    assert list(tmp_path.iterdir()) == []
