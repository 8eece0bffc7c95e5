"""A run on a Ray cluster of several machines, each a group of processes here; one may be killed in the middle.

run_ray.py OUT COUNT NODES KILLS SECONDS_A_SAMPLE prints the summary as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path

from fake_sampler import job as job_of
from ray.cluster_utils import Cluster as Machines
from shelf import SlowByShelf

from synthtext.engine.cluster import Cluster
from synthtext.engine.run import run


def main() -> None:
    out, count, nodes, kills, seconds = sys.argv[1:]
    machines = Machines(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    workers = [machines.add_node(num_cpus=1) for _ in range(int(nodes))]
    machines.wait_for_nodes()
    records = Path(out) / ".synthtext/shards"

    def kill() -> None:
        while len(list(records.glob("*.json"))) < 2:
            time.sleep(0.05)
        machines.remove_node(workers[0], allow_graceful=False)

    if int(kills):
        threading.Thread(target=kill, daemon=True).start()
    try:
        job = job_of(SlowByShelf(float(seconds)), formats=("paddleocr", "lmdb"))
        summary = run(job, out, int(count), cluster=Cluster(machines.address))
        alive = len(machines.list_all_nodes())
        print(json.dumps({"status": summary.status, "made": summary.made, "nodes": alive, "notes": summary.notes}))
    finally:
        sys.stdout.flush()
        machines.shutdown()


if __name__ == "__main__":
    os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    main()
