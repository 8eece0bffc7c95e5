"""`kill -9` in the middle of adding and reading, again and again: nothing may be lost, nothing doubled.

    python benchmarks/soak_pool.py [--kills 20] [--pictures 3000]

Adds made pictures, and reads them with a reader that needs no model, killing each at random moments; what was stored is
then compared with what was made. Exits with 1 when anything differs.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HELPERS = ROOT / "tests" / "annotate" / "prelabel"
sys.path.insert(0, str(HELPERS))

from fake_readers import marked  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--pictures", type=int, default=3000)
    asked = parser.parse_args()
    rng = random.Random(0)
    with tempfile.TemporaryDirectory() as folder:
        photos, workspace = Path(folder) / "photos", Path(folder) / "workspace"
        for number in range(asked.pictures):
            marked(photos / f"{number:05}.png", [20 + number % 150, 21 + number // 150])
        add = ["add", photos, "-w", workspace, "--copy", "--quiet"]
        read = ["prelabel", "-w", workspace, "--reader", "python:fake_readers:SlowMarks", "--quiet"]
        killed = {"add": soak(add, asked.kills, rng), "prelabel": soak(read, asked.kills, rng)}
        faults = check(workspace, asked.pictures)
    print(f"killed: {killed}; {faults or 'nothing lost, nothing doubled'}")
    sys.exit(1 if faults or min(killed.values()) < asked.kills else 0)


def soak(command: list[object], kills: int, rng: random.Random) -> int:
    """Kill a command after a random time, again and again, then let it end; return how often it was killed."""
    killed = 0
    longest = 4.0
    while killed < kills:
        running = _start(command)
        try:
            running.wait(rng.uniform(0.3, longest))
            longest = max(1.0, longest / 2)  # it has come to its end: kill sooner
            print(f"{command[0]}: ended by itself after {killed} kills")
            break
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
            killed += 1
    last = _start(command)
    assert last.wait() == 0, f"{command[0]} failed"
    return killed


def check(workspace: Path, pictures: int) -> list[str]:
    """Return what is wrong with the workspace."""
    connection = sqlite3.connect(workspace / "annotate.db")

    def one(query: str) -> int:
        return int(connection.execute(query).fetchone()[0])

    expected = {
        "select count(*) from images": pictures,
        "select count(distinct id) from images": pictures,
        "select sum(pictures) from tallies": pictures,
        "select count(*) from reads where error is null": pictures,
        "select count(*) from regions": 2 * pictures,
        "select count(distinct image_id || points) from regions": 2 * pictures,
        "select count(*) from readings": 2 * pictures,
        "select sum(box_count) from images": 2 * pictures,
        "select count(*) from edits": pictures,
    }
    faults = [f"{query}: {one(query)}, not {value}" for query, value in expected.items() if one(query) != value]
    paths = [path for (path,) in connection.execute("select path from images where copied")]
    gone = [path for path in paths if not (workspace / path).is_file()]
    connection.close()
    return faults + [f"{path}: gone" for path in gone]


def _start(command: list[object]) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(HELPERS)}
    arguments = [sys.executable, "-m", "annotate", *map(str, command)]
    time.sleep(0.01)
    return subprocess.Popen(arguments, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)


if __name__ == "__main__":
    main()
