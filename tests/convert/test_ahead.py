"""Work on pictures goes on ahead, in threads and then in processes: what comes back is in order and complete."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from functools import partial
from multiprocessing import parent_process
from pathlib import Path

import cv2
import numpy as np
import pytest

from synthtext.convert import ahead as rooms
from synthtext.convert.ahead import ahead
from synthtext.convert.choices import Choices
from synthtext.convert.write import folder_source, write_dataset
from synthtext.labels.codec.table import find_codec
from synthtext.labels.picture import Picture


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "_MANY", 10)


def _pages(count: int) -> Iterator[Picture]:
    for number in range(count):
        time.sleep(0.002)  # so that processes are up before the last one comes
        yield Picture(f"{number}.jpg", "", f"{number}.jpg", "", text="crop" if number % 50 == 49 else None)


def _told(picture: Picture, deadly: str = "") -> tuple[str, int]:
    if picture.path == deadly and parent_process() is not None:
        os.kill(os.getpid(), signal.SIGKILL)
    return picture.path, os.getpid()


def test_ahead__in_order_and_in_processes() -> None:
    done = [(picture.path, *made) for picture, made in ahead(_pages(2000), _told, 2)]
    assert [path for path, _, _ in done] == [f"{number}.jpg" for number in range(2000)]
    assert all(path == told for path, told, _ in done)
    assert len({pid for _, _, pid in done}) >= 2  # this one and others
    assert {pid for path, _, pid in done if int(path[:-4]) % 50 == 49} == {os.getpid()}  # crops stay here


def test_ahead__one_worker_needs_no_process() -> None:
    assert {made[1] for _, made in ahead(_pages(200), _told, 1)} == {os.getpid()}


def test_ahead__a_process_that_dies_loses_nothing() -> None:
    done = [made[0] for _, made in ahead(_pages(2000), partial(_told, deadly="1500.jpg"), 2)]
    assert done == [f"{number}.jpg" for number in range(2000)]


def test_ahead__what_goes_wrong_there_is_told_here() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        list(ahead(_pages(2000), _wrong, 2))


def _wrong(picture: Picture) -> int:
    return int("no number" if picture.path == "1900.jpg" else picture.path[:-4])


def test_write_dataset__the_same_from_threads_and_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "source"
    (source / "images").mkdir(parents=True)
    page = cv2.resize(np.random.default_rng(0).integers(0, 255, (40, 60, 3), np.uint8), (600, 400))
    lines = []
    for number in range(400):
        cv2.imwrite(str(source / f"images/{number}.jpg"), page)
        quad = [[20 + number % 90, 30], [220, 34], [219, 70], [20 + number % 90, 64]]
        lines.append(f'images/{number}.jpg\t[{{"transcription": "number {number}", "points": {quad}}}]\n')
    (source / "train.txt").write_text("".join(lines), "utf-8")
    codec = find_codec("paddleocr")
    trees = []
    for name, many in (("threads", 10_000), ("processes", 10)):
        monkeypatch.setattr(rooms, "_MANY", many)
        choices = Choices(split=(6, 2, 2), workers=2, images="copy")
        report = write_dataset([folder_source(source, codec)], [codec], tmp_path / name, choices)
        assert report.written["paddleocr"] == 400
        root = tmp_path / name
        trees.append({str(file.relative_to(root)): file.read_bytes() for file in root.rglob("*") if file.is_file()})
    assert trees[0] == trees[1]
    assert len([name for name in trees[0] if name.startswith("rec/images")]) == 400
