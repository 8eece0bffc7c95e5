"""Samples a second with one and two workers, and with one and two machines of a Ray cluster (processes here).

    python benchmarks/scaling.py --preset rec-zh --count 20k --shard-size 1000

The rate is counted from the first finished shard to the last one, without the start, which has a column of its own. All
four make the same bytes, which is checked. On a machine with other work the figures are as good as what is left of it.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from synthtext import api
from synthtext.cli.options import parse_count
from synthtext.engine.progress import Progress


@contextmanager
def _machines(number: int) -> Iterator[str]:
    """Hold a Ray cluster with so many machines of one processor each, and return its address."""
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    for _ in range(number):
        cluster.add_node(num_cpus=1)
    cluster.wait_for_nodes()
    try:
        yield cluster.address
    finally:
        cluster.shutdown()


def _digest(out: Path) -> str:
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted((out / "lmdb").rglob("data.mdb")):
        digest.update(path.relative_to(out).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def _run(options: argparse.Namespace, workers: int, address: str | None) -> tuple[float, float, float, str]:
    """Return the rate after the first shard, the seconds until then and in all, and the digest of what was made."""
    seen: list[tuple[float, int]] = []
    began = time.monotonic()

    def look(state: Progress) -> None:
        shards = len(list((out / ".synthtext/shards").glob("*.json")))
        if shards and (not seen or seen[-1][1] != shards):
            seen.append((time.monotonic() - began, shards))

    config = api.load_config(options.preset, sets=[f"engine.shard_size={options.shard_size}"])
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        cluster = api.Cluster(address) if address is not None else None
        count = parse_count(options.count)
        api.generate(config, out, count, workers=workers, formats=("lmdb",), progress=look, cluster=cluster)
        (first, before), (last, after) = seen[0], seen[-1]
        rate = (after - before) * options.shard_size / (last - first) if last > first else 0.0
        return rate, first, time.monotonic() - began, _digest(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", default="rec-zh")
    parser.add_argument("--count", default="20k")
    parser.add_argument("--shard-size", type=int, default=1000)
    options = parser.parse_args()
    print("| engine | samples a second after the first shard | first shard after, s | all, s | bytes |")
    print("| --- | ---: | ---: | ---: | --- |", flush=True)
    digests = set()
    for name, number in (("local", 1), ("local", 2), ("Ray", 1), ("Ray", 2)):
        if name == "local":
            rate, first, seconds, digest = _run(options, number, None)
        else:
            with _machines(number) as address:
                rate, first, seconds, digest = _run(options, 1, address)
        digests.add(digest)
        what = f"{number} {'worker' if name == 'local' else 'machine'}{'s' if number > 1 else ''}"
        print(f"| {name}, {what} | {rate:,.0f} | {first:.0f} | {seconds:.0f} | {digest} |", flush=True)
    print("all the same bytes" if len(digests) == 1 else "DIFFERENT BYTES")


if __name__ == "__main__":
    main()
