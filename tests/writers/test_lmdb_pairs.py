from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import lmdb
import pytest
from fake_sampler import CHARSET, make

from synthtext.writers.base import Output, WriterOptions
from synthtext.writers.lmdb_pairs import LmdbWriter

_BUILD = """
import random, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from test_lmdb_pairs import build
junk = [bytes([n % 251]) * (n % 9000) for n in range(3000)]
del junk[::2]  # holes in the heap, full of other bytes
build(Path(sys.argv[2]), 1700)
"""


def build(room: Path, count: int) -> list[Output]:
    """Write a shard of so many samples, all train but each tenth, with images of 10 to 9,000 bytes."""
    writer = LmdbWriter(room, WriterOptions(CHARSET)).open_shard(3, room)
    for index in range(count):
        image = bytes([index % 251]) * (10 + index * 7919 % 9000)
        writer.add(index, int(index % 10 == 9), image, make(index))
    return writer.seal()


def test_lmdb__keys_and_values(tmp_path: Path) -> None:
    outputs = build(tmp_path, 1700)

    assert [output.target for output in outputs] == ["lmdb/train/00003", "lmdb/val/00003"]
    with lmdb.open(str(outputs[0].source), readonly=True, lock=False) as env, env.begin() as transaction:
        assert transaction.get(b"num-samples") == b"1530"
        assert env.stat()["entries"] == 2 * 1530 + 1
        assert transaction.get(b"label-000000010") == make(10).text.encode()  # index 9 is in another part
        assert transaction.get(b"image-000000010") == bytes([10]) * (10 + 10 * 7919 % 9000)


def test_lmdb__only_the_data_file_is_left(tmp_path: Path) -> None:
    build(tmp_path, 20)

    assert [path.name for path in (tmp_path / "train").iterdir()] == ["data.mdb"]


def test_lmdb__pages_are_dense(tmp_path: Path) -> None:
    build(tmp_path, 1700)

    images = sum(10 + index * 7919 % 9000 for index in range(1700) if index % 10 != 9)
    assert (tmp_path / "train/data.mdb").stat().st_size < 1.5 * images  # images fill whole pages of 4 kB


def test_lmdb__same_bytes_whatever_the_memory_held(tmp_path: Path) -> None:
    build(tmp_path, 1700)
    expected = (tmp_path / "train/data.mdb").read_bytes()
    here = Path(__file__).parent

    for number, perturb in enumerate(("0", "165")):
        other = tmp_path / f"other-{number}"
        other.mkdir()
        path = os.pathsep.join([str(here), str(here.parent / "engine"), str(here.parents[1])])
        environment = os.environ | {"MALLOC_PERTURB_": perturb, "PYTHONPATH": path}
        subprocess.run([sys.executable, "-c", _BUILD, str(here), str(other)], check=True, env=environment)

        assert (other / "train/data.mdb").read_bytes() == expected


def test_lmdb__grows_beyond_its_first_map(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("synthtext.writers.lmdb_pairs._FIRST_MAP_BYTES", 1 << 16)

    outputs = build(tmp_path, 1700)

    with lmdb.open(str(outputs[0].source), readonly=True, lock=False) as env, env.begin() as transaction:
        assert transaction.get(b"num-samples") == b"1530"
        assert transaction.get(b"image-000001530") is not None


def test_lmdb__discard_leaves_nothing(tmp_path: Path) -> None:
    writer = LmdbWriter(tmp_path, WriterOptions(CHARSET)).open_shard(0, tmp_path)
    writer.add(0, 0, b"image", make(0))

    writer.discard()

    assert list(tmp_path.iterdir()) == []


def _mount(folder: Path) -> bool:
    folder.mkdir()
    mount = shutil.which("mount")
    if mount is None or os.geteuid() != 0:
        return False
    done = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=1m", "none", str(folder)], capture_output=True, check=False
    )
    return done.returncode == 0


@pytest.mark.slow
def test_lmdb__full_disk_is_an_os_error(tmp_path: Path) -> None:
    small = tmp_path / "small"
    if not _mount(small):
        pytest.skip("needs root and tmpfs")
    try:
        with pytest.raises(OSError) as caught:
            build(small, 1700)
        assert caught.value.errno == errno.ENOSPC
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)
