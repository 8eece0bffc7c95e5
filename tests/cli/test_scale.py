"""Shares, merging, containers, URLs and clusters, as they are typed."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from command_line import SMALL, Command, fault


def _files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".synthtext" not in path.parts and path.name != "manifest.json"
    }


def test_generate__shares_merged_are_the_whole(command: Command) -> None:
    options = (*SMALL, "--count", 20, "--set", "engine.shard_size=10", "--format", "lmdb,webdataset", "--quiet")
    assert command("generate", *options, "--out", "whole", "--merge-lmdb").code == 0
    first = command("generate", *options, "--out", "a", "--shards", "0/2")
    assert first.code == 0
    assert "note: these are shards 0 of 0-1; `synthtext merge` puts the parts of a dataset together" in first.out
    assert command("generate", *options, "--out", "b", "--shards", "1/2").code == 0
    assert "shards are in no part: 1" in fault(command("merge", "a", "--out", "c"))

    merged = command("merge", "a", "b", "--out", "c", "--merge-lmdb")

    assert merged.code == 0
    assert "20 samples in " in merged.out
    assert _files(Path("c")) == _files(Path("whole"))
    assert command("verify", "c").code == 0
    assert command("verify", "a").code == 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--shards", "5-3/10"], "--shards: '5-3/10' ends before it begins; write first-last/all"),
        (["--shards", "0/9"], "use at most 1 pieces"),
        (["--engine", "spark"], "--engine: 'spark' is not known; there are local and ray"),
        (["--ray-address", "auto"], "--ray-address: belongs to --engine ray"),
        (["--engine", "ray", "--ray-address", "nowhere"], "'nowhere' is not an address; write auto, host:port"),
        (["--out", "nope://bucket/x"], "nobody knows nope://"),
        (["--out", "memory://bucket/x", "--engine", "ray"], "seen by a single process"),
        (["--merge-lmdb"], "none are made; add --format lmdb"),
    ],
)
def test_generate__refuses(generate: Command, options: list[str], words: str) -> None:
    assert words in fault(generate(*options))
    assert not Path("d/manifest.json").exists()


def test_generate__unreachable_cluster_is_one_line(generate: Command) -> None:
    pytest.importorskip("ray")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    line = fault(generate("--engine", "ray", "--ray-address", f"127.0.0.1:{port}"))

    assert f"--ray-address: no Ray cluster answers at 127.0.0.1:{port}" in line


def test_generate__to_a_url(generate: Command) -> None:
    fsspec = pytest.importorskip("fsspec")

    made = generate("--out", "memory://typed/data", "--format", "webdataset")

    assert made.code == 0
    assert "12 samples in memory://typed/data" in made.out
    assert "synthtext verify" not in made.out
    files = fsspec.filesystem("memory")
    assert json.loads(files.cat_file("/typed/data/manifest.json"))["status"] == "complete"
    assert files.exists("/typed/data/webdataset/train-000000.tar")


def test_merge__says_what_is_no_part(command: Command, dataset: Path) -> None:
    assert "no manifest.json here" in fault(command("merge", "nowhere", "--out", "c"))
    assert "is the only part" in fault(command("merge", dataset, "--out", dataset))
