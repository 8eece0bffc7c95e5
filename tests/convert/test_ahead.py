"""Work on pictures goes on ahead, in threads and then in processes: what comes back is in order and complete."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
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


def _page(number: int) -> Picture:
    return Picture(f"{number}.jpg", "", f"{number}.jpg", "", text="crop" if number % 50 == 49 else None)


def _pages_until(done: Callable[[], bool]) -> Iterator[Picture]:
    """Yield pages until processes have come so far, and two hundred more."""
    number, last = 0, time.monotonic() + 60.0
    while not done() and time.monotonic() < last:
        yield _page(number)
        number += 1
        time.sleep(0.001)
    yield from map(_page, range(number, number + 200))


def _told(picture: Picture, deadly: Path | None = None) -> tuple[str, int]:
    if deadly is not None and parent_process() is not None and not deadly.exists():
        deadly.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return picture.path, os.getpid()


def _wrong(picture: Picture) -> int:
    return int(picture.path[:-4] if parent_process() is None else "no number")


def test_ahead__in_order_and_in_processes() -> None:
    pids: set[int] = set()
    done = []
    for picture, (path, pid) in ahead(_pages_until(lambda: len(pids) > 1), _told, 2):
        assert path == picture.path
        assert picture.text is None or pid == os.getpid()  # crops stay here
        pids.add(pid)
        done.append(path)
    assert done == [f"{number}.jpg" for number in range(len(done))]
    assert len(pids) > 1


def test_ahead__one_worker_needs_no_process() -> None:
    assert {made[1] for _, made in ahead(map(_page, range(200)), _told, 1)} == {os.getpid()}


def test_ahead__a_process_that_dies_loses_nothing(tmp_path: Path) -> None:
    deadly = tmp_path / "died"
    done = [made[0] for _, made in ahead(_pages_until(deadly.exists), partial(_told, deadly=deadly), 2)]
    assert done == [f"{number}.jpg" for number in range(len(done))]
    assert deadly.exists()


def test_ahead__what_goes_wrong_there_is_told_here() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        list(ahead(_pages_until(lambda: False), _wrong, 2))


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
