"""Runs on a real Ray cluster of several node processes: the bytes of the local engine, also when a node is lost."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from fake_sampler import Broken, job, tree

from synthtext.engine.cluster import Cluster, connect
from synthtext.engine.run import run
from synthtext.errors import UserError

SCRIPT = Path(__file__).with_name("run_ray.py")
COUNT = 600  # as many as `long_reference` has

needs_ray = pytest.mark.skipif(
    not os.environ.get("CI") and not any((Path(path) / "ray").is_dir() for path in sys.path), reason="Ray is missing"
)


def _on_cluster(
    out: Path | str, nodes: int, killed: int, seconds: float = 0.01, count: int = COUNT
) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(out), str(count), str(nodes), str(killed), str(seconds)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    result: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return result


@needs_ray
@pytest.mark.slow
def test_run_cluster__bytes_of_the_local_engine(tmp_path: Path, long_reference: dict[str, bytes]) -> None:
    said = _on_cluster(tmp_path, nodes=2, killed=0)

    assert said == {"status": "complete", "made": COUNT, "nodes": 3, "notes": []}
    assert tree(tmp_path) == long_reference
    assert not (tmp_path / ".synthtext/partial").exists()
    assert not list((tmp_path / ".synthtext").glob("seen-*"))


@needs_ray
@pytest.mark.slow
def test_run_cluster__a_lost_machine_costs_its_shards_only(tmp_path: Path, long_reference: dict[str, bytes]) -> None:
    said = _on_cluster(tmp_path, nodes=2, killed=1, seconds=0.03)

    assert said == {"status": "complete", "made": COUNT, "nodes": 2, "notes": []}
    assert tree(tmp_path) == long_reference
    assert not (tmp_path / ".synthtext/partial").exists()


@needs_ray
@pytest.mark.slow
def test_run_cluster__goes_on_with_what_the_local_engine_began(
    tmp_path: Path, long_reference: dict[str, bytes]
) -> None:
    with pytest.raises(Exception, match="sample 320"):
        run(job(Broken(320), formats=("paddleocr", "lmdb")), tmp_path, COUNT, method="inline")

    said = _on_cluster(tmp_path, nodes=1, killed=0)

    assert said["made"] == 300
    assert tree(tmp_path) == long_reference


@needs_ray
@pytest.mark.slow
def test_run_cluster__to_a_url(tmp_path: Path, long_reference: dict[str, bytes]) -> None:
    # No folder is shared: each machine has a stage of its own, and sends its shards.
    said = _on_cluster(f"shelf://{tmp_path}/shelf", nodes=2, killed=0)

    assert said["status"] == "complete"
    assert tree(tmp_path / "shelf") == long_reference


@needs_ray
@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("nowhere", "is not an address; write auto, host:port"),
        ("host:port", "is not an address"),
        ("ray://", "is not an address"),
        (None, "no Ray cluster answers at 127.0.0.1:"),
    ],
)
def test_connect__useless_addresses_are_one_line(address: str | None, message: str) -> None:
    if address is None:  # a port that nobody listens on
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{free.getsockname()[1]}"

    with pytest.raises(UserError, match=message) as caught:
        connect(address)

    assert "\n" not in str(caught.value)


@needs_ray
def test_connect__auto_without_a_cluster_is_one_line(tmp_path: Path) -> None:
    code = (
        "from synthtext.engine.cluster import connect\nfrom synthtext.errors import UserError\n"
        "try:\n    connect('auto')\nexcept UserError as error:\n    print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        env={**os.environ, "RAY_TMPDIR": str(tmp_path), "RAY_ADDRESS": ""},
    )

    assert done.stdout.count("\n") == 1
    assert "--ray-address: no Ray cluster answers at auto" in done.stdout


def test_run__without_ray_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)

    with pytest.raises(UserError, match=r"pip install 'synthtext\[ray\]'"):
        run(job(), tmp_path, 20, cluster=Cluster())
