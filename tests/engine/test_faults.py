"""Pulled plugs and full disks: real kills at random moments, and a small disk of its own that really runs out."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_sampler import Slow, job, tree

from synthtext.engine.progress import Progress
from synthtext.engine.run import run
from synthtext.errors import RunError
from synthtext.inspect.verify import verify

SCRIPT = Path(__file__).with_name("run_fake.py")
COUNT = 600  # as many as `long_reference` has


def _workers(out: Path) -> list[int]:
    partial = out / ".synthtext/partial"
    return [int(room.name.split("-")[1]) for room in partial.iterdir()] if partial.is_dir() else []


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_run__killed_at_random_moments(tmp_path: Path, long_reference: dict[str, bytes], seed: int) -> None:
    chance = random.Random(seed)
    kills = 0
    for _ in range(40):
        process = subprocess.Popen(
            [sys.executable, str(SCRIPT), str(tmp_path), str(COUNT), "2", "fork", "0.015"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        if kills < 5:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(chance.uniform(0.8, 2.5))
            if process.poll() is None:
                victims = [process.pid, *_workers(tmp_path)]
                with contextlib.suppress(ProcessLookupError):
                    os.kill(chance.choice(victims), signal.SIGKILL)
                    kills += 1
        _, said = process.communicate(timeout=60)
        if process.returncode == 0:
            break
        assert process.returncode == -signal.SIGKILL, said

    assert kills
    assert tree(tmp_path) == long_reference
    assert verify(tmp_path) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 12 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None:
        pytest.skip("only root may mount a small disk")
    if subprocess.run([mount, "-t", "tmpfs", "-o", "size=12m", "none", str(place)], check=False).returncode:
        pytest.skip("a small disk cannot be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=False, stderr=subprocess.DEVNULL)


@pytest.mark.parametrize("name", ["paddleocr", "lmdb", "webdataset", "parquet"])
def test_run__full_disk_in_the_middle_goes_on_when_there_is_space(name: str, small_disk: Path, tmp_path: Path) -> None:
    roots = ("rec", "lmdb", "webdataset", "parquet")
    wanted = job(formats=(name,), image_bytes=100)
    run(wanted, tmp_path / "whole", 350, method="inline")
    filler = small_disk / "filler"

    def fill(state: Progress) -> None:
        if state.done >= 200 and not filler.exists():
            with contextlib.suppress(OSError), filler.open("wb") as file:
                while True:
                    file.write(bytes(4096))
                    file.flush()

    with pytest.raises(RunError, match=r"the disk is full; free some space and run the same command again") as caught:
        run(wanted, small_disk / "out", 350, method="inline", progress=fill)
    assert "\n" not in str(caught.value)
    filler.unlink()

    summary = run(wanted, small_disk / "out", 350, method="inline")

    assert 0 < summary.made < 350
    assert tree(small_disk / "out", *roots) == tree(tmp_path / "whole", *roots)
    assert verify(small_disk / "out") == []


def test_run__full_disk_of_workers(small_disk: Path) -> None:
    def fill(_: Progress) -> None:
        if not (small_disk / "filler").exists():
            with contextlib.suppress(OSError):
                (small_disk / "filler").write_bytes(bytes(12 << 20))

    wanted = job(Slow(0.002), formats=("webdataset",), image_bytes=1, shard_size=1000)
    with pytest.raises(RunError, match="the disk is full"):
        run(wanted, small_disk / "out", 2000, workers=2, method="fork", progress=fill)

    (small_disk / "filler").unlink()
    assert not list((small_disk / "out/.synthtext/partial").iterdir())
    again = job(formats=("webdataset",), image_bytes=1, shard_size=1000)
    assert run(again, small_disk / "out", 2000, method="inline").samples == 2000


def test_run__files_under_temporary_names_are_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / ".manifest.json.123.tmp").write_text("{")  # killed while the first file was written

    run(job(), tmp_path, 20, method="inline")
    for name in ("rec/.train.txt.99.tmp", ".synthtext/shards/.00000.json.99.tmp"):
        (tmp_path / name).touch()
    run(job(), tmp_path, 20, method="inline")

    assert not list(tmp_path.rglob("*.tmp"))


def test_run__disk_that_goes_away_is_one_line(small_disk: Path) -> None:
    def pull(state: Progress) -> None:
        if state.done >= 200:
            subprocess.run(["umount", "-l", str(small_disk)], check=False, stderr=subprocess.DEVNULL)

    with pytest.raises(RunError, match=r"No such file.*run the same command again") as caught:
        run(job(image_bytes=1), small_disk / "out", 350, method="inline", progress=pull)
    assert "\n" not in str(caught.value)
