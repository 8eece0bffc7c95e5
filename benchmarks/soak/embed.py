"""Kill `annotate embed` again and again, at moments of chance, and see that nothing is lost or doubled.

    python benchmarks/soak/embed.py --kills 20 --pictures 2000

Each time the process is killed with signal 9 after a random time; every third time the server of vectors is killed with
it. In the end the index must hold every picture once, with the vector that the model gives.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "annotate"))

import clip_scenes  # noqa: E402
import tiny_clip  # noqa: E402
from running import rows  # noqa: E402

from annotate.embed.towers import load_tower  # noqa: E402
from annotate.index.connect import connect  # noqa: E402
from annotate.index.lite import is_open, shared_server, stop_server  # noqa: E402
from annotate.index.rows import WHOLE  # noqa: E402
from annotate.workspace import open_workspace  # noqa: E402


def main() -> None:
    """Make a pool, kill, finish, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--pictures", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    with tempfile.TemporaryDirectory(prefix="soak-embed-") as folder:
        photos, workspace = Path(folder, "photos"), Path(folder, "workspace")
        photos.mkdir()
        for place in range(asked.pictures):
            scene = clip_scenes.ALL[place % len(clip_scenes.ALL)]
            Image.fromarray(clip_scenes.draw(scene, place)).save(photos / f"{place:06d}.png", compress_level=1)
        model = tiny_clip.untrained(Path(folder), "soak")
        annotate = [sys.executable, "-m", "annotate"]
        subprocess.run([*annotate, "add", photos, "-w", workspace, "-q"], check=True, cwd=ROOT)
        embed = [*annotate, "embed", "-w", workspace, "-q", "--twins", "0"]
        embed += ["--clip-model", str(model[0]), "--clip-pretrained", str(model[1])]
        kills = 0
        while kills < asked.kills:
            kills += _kill_once(embed, workspace, chance, server=kills % 3 == 2)
            done = len(rows(workspace, "select 1 from vectors"))
            print(f"kill {kills}: {done} of {asked.pictures} remembered", flush=True)
            if done >= asked.pictures:  # all done too early: begin again, so that there is something to kill
                embed = [*embed, "--rebuild"] if "--rebuild" not in embed else embed
        plain = [part for part in embed if part != "--rebuild"]
        subprocess.run(plain, check=True, cwd=ROOT)
        _compare(workspace, photos, model, asked.pictures)
        stop_server(open_workspace(workspace))


def _kill_once(command: list[str], workspace: Path, chance: random.Random, server: bool) -> bool:
    """Start the command and kill it a moment after it has begun to write; False when it ended before."""
    before = len(rows(workspace, "select 1 from vectors"))
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True)
    while running.poll() is None and len(rows(workspace, "select 1 from vectors")) == before:
        time.sleep(0.01)
    time.sleep(chance.uniform(0, 0.4))
    if running.poll() is not None:
        return False
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    opened = open_workspace(workspace)
    if server and is_open(opened.vectors):
        os.kill(shared_server(opened).pid, signal.SIGKILL)
    return True


def _compare(workspace: Path, photos: Path, model: tuple[Path, Path], count: int) -> None:
    (name,) = rows(workspace, "select name from collections where active")[0]
    numbers = dict(rows(workspace, "select number, name from images"))
    index = connect(open_workspace(workspace))
    held = [row["number"] for first in range(0, count + 1, 10_000) for row in index.held(name, first, first + 10_000)]
    assert sorted(held) == sorted(numbers), f"{len(held)} rows, {len(set(held))} pictures, of {len(numbers)}"
    assert rows(workspace, f"select count(*) from vectors where collection = '{name}'") == [(count,)]
    some = sorted(numbers)[:: max(1, count // 200)]
    expected = load_tower(str(model[0]), str(model[1])).images(
        [np.asarray(Image.open(photos / numbers[number])) for number in some]
    )
    found = index.vectors(name, some, WHOLE)
    worst = float(np.abs(np.stack([found[number] for number in some]) - expected).max())
    assert worst < 1e-3, worst
    index.close()
    print(f"all {count} pictures are there, once; {len(some)} vectors compared, largest difference {worst:.1e}")


if __name__ == "__main__":
    main()
