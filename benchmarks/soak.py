"""Pull the plug, again and again: kill a worker or the main process of real runs at random moments, and go on.

    python benchmarks/soak.py --rounds 20 --count 3000 --preset rec-en

Every round is a run of its own, killed until it is through (at most six times), and prints a row: what was killed, how
many shards were there then, and whether the files are those of an undisturbed run. Exit code 1 when one is not, or
when a round was through before anything was killed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

_MOST_KILLS = 6


def _generate(out: Path, options: argparse.Namespace) -> list[str]:
    return [
        sys.executable, "-m", "synthtext", "generate", "--preset", options.preset, "--count", str(options.count),
        "--out", str(out), "--workers", str(options.workers), "--format", options.format, "--quiet",
        "--set", f"engine.shard_size={options.shard_size}",
    ]  # fmt: skip


def _digest(out: Path) -> str:
    """Digest of everything that a reader sees: names and bytes."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(out.rglob("*")):
        name = path.relative_to(out).as_posix()
        if path.is_file() and not name.startswith((".synthtext/", "manifest.json")):
            digest.update(name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _shards(out: Path) -> int:
    return len(list((out / ".synthtext/shards").glob("*.json")))


def _children(pid: int) -> list[int]:
    """The workers of a run: children that have threads of their own, not the helper of multiprocessing."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rsplit(")", 1)[1].split()[1])
            command = (status.parent / "cmdline").read_bytes()
        except (OSError, ValueError, IndexError):
            continue
        if parent == pid and b"spawn_main" in command:
            found.append(int(status.parent.name))
    return found


def _disturbed(out: Path, options: argparse.Namespace, shards: int, whole_s: float, chance: random.Random) -> list[str]:
    """Run until it is through, killing on the way; return what was done.

    Args:
        shards, whole_s: how many an undisturbed run has, and how long it takes.
    """
    done: list[str] = []
    while True:
        process = subprocess.Popen(_generate(out, options), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        if len(done) < _MOST_KILLS:
            if done:  # while it starts, finds what is there, or goes on
                _wait(process, out, 0, chance.uniform(0.0, 0.6 * whole_s))
            else:  # soon enough that it is not through before
                _wait(process, out, chance.randint(0, shards // 2), chance.uniform(0.0, 1.0))
            if process.poll() is None:
                workers = _children(process.pid)
                who = chance.choice(["main", "worker"]) if workers else "main"
                os.kill(process.pid if who == "main" else chance.choice(workers), signal.SIGKILL)
                done.append(f"{who} at {_shards(out)}")
        _, said = process.communicate()
        if process.returncode == 0:
            return done
        if process.returncode != -signal.SIGKILL:
            raise SystemExit(f"the run failed by itself ({process.returncode}): {said.decode()}")


def _wait(process: subprocess.Popen[bytes], out: Path, shards: int, seconds: float) -> None:
    """Wait until there are so many shards, then for a moment more; or until the run has ended."""
    while process.poll() is None and _shards(out) < shards:
        time.sleep(0.05)
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--preset", default="rec-en")
    parser.add_argument("--format", default="paddleocr,lmdb,webdataset")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--shard-size", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0, help="of the random moments")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    root = Path(tempfile.mkdtemp(prefix="soak-"))
    wrong = 0
    try:
        began = time.monotonic()
        subprocess.run(_generate(root / "whole", options), check=True, stdout=subprocess.DEVNULL)
        seconds = time.monotonic() - began
        wanted = _digest(root / "whole")
        shards = _shards(root / "whole")
        print(f"undisturbed: {options.count} samples, {shards} shards, {seconds:.1f} s, {wanted}", flush=True)
        print("| round | killed, at so many shards | bytes |\n| ---: | --- | --- |", flush=True)
        for number in range(1, options.rounds + 1):
            out = root / f"round-{number}"
            kills = _disturbed(out, options, shards, seconds, chance)
            same = _digest(out) == wanted and not list((out / ".synthtext").glob("partial/*"))
            wrong += not same or not kills
            print(f"| {number} | {', '.join(kills) or 'nothing'} | {'equal' if same else 'DIFFERENT'} |", flush=True)
            if same:
                shutil.rmtree(out)
        print(f"{options.rounds - wrong} of {options.rounds} equal, {time.monotonic() - began:.0f} s")
    finally:
        if not wrong:
            shutil.rmtree(root, ignore_errors=True)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
