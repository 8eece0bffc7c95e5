"""Runs as programs of their own, killed or interrupted in the middle, then taken up again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fake_sampler import job, tree

from synthtext.engine.run import run

COUNT = 600  # as many as `long_reference` has
BOTH = ("paddleocr", "lmdb")
SCRIPT = Path(__file__).with_name("run_fake.py")


def _start(out: Path, method: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), str(out), str(COUNT), "2", method, "0.005"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _wait_for_shards(out: Path, wanted: int, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 60
    while len(list((out / ".synthtext/shards").glob("*.json"))) < wanted:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _workers(out: Path, process: subprocess.Popen[str]) -> list[int]:
    """Workers that write a shard. Between two shards a worker has no folder, so this waits until one does."""
    deadline = time.monotonic() + 60
    while not (rooms := list((out / ".synthtext/partial").iterdir())):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.002)
    return [int(room.name.split("-")[1]) for room in rooms]


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def _wait_until_gone(pids: list[int]) -> None:
    deadline = time.monotonic() + 10
    while any(map(_alive, pids)):
        assert time.monotonic() < deadline, f"workers {pids} outlived their parent"
        time.sleep(0.05)


@pytest.mark.parametrize("method", ["spawn", pytest.param("fork", marks=pytest.mark.slow)])
def test_run__killed_parent(tmp_path: Path, long_reference: dict[str, bytes], method: str) -> None:
    process = _start(tmp_path, method)
    _wait_for_shards(tmp_path, 2, process)
    workers = _workers(tmp_path, process)

    process.kill()
    process.communicate()

    _wait_until_gone(workers)
    summary = run(job(formats=BOTH), tmp_path, COUNT, workers=2)
    assert 0 < summary.made < COUNT
    assert tree(tmp_path) == long_reference


@pytest.mark.parametrize("method", ["spawn", pytest.param("fork", marks=pytest.mark.slow)])
def test_run__ctrl_c(tmp_path: Path, long_reference: dict[str, bytes], method: str) -> None:
    process = _start(tmp_path, method)
    _wait_for_shards(tmp_path, 2, process)

    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: parent and workers alike
    said, errors = process.communicate(timeout=30)

    status, samples = said.split()
    assert (process.returncode, errors, status) == (0, "", "stopped")
    assert 200 <= int(samples) < COUNT
    lines = sum(len((tmp_path / f"rec/{part}.txt").read_text().splitlines()) for part in ("train", "val", "test"))
    assert lines == int(samples)
    assert list((tmp_path / ".synthtext/partial").iterdir()) == []
    run(job(formats=BOTH), tmp_path, COUNT, method="inline")
    assert tree(tmp_path) == long_reference


@pytest.mark.slow
def test_run__ctrl_c_while_workers_start(tmp_path: Path) -> None:
    process = _start(tmp_path, "spawn")
    deadline = time.monotonic() + 60
    while not (tmp_path / "manifest.json").exists():
        assert time.monotonic() < deadline
        time.sleep(0.005)
    time.sleep(0.1)

    os.killpg(process.pid, signal.SIGINT)
    said, errors = process.communicate(timeout=30)

    assert (process.returncode, errors) == (0, "")
    assert said.startswith("stopped")


@pytest.mark.slow
def test_run__killed_worker_from_outside(tmp_path: Path, long_reference: dict[str, bytes]) -> None:
    process = _start(tmp_path, "spawn")
    _wait_for_shards(tmp_path, 1, process)

    for pid in _workers(tmp_path, process):
        os.kill(pid, signal.SIGKILL)
    said, errors = process.communicate(timeout=60)

    assert (process.returncode, errors, said.split()) == (0, "", ["complete", str(COUNT)])
    assert tree(tmp_path) == long_reference
