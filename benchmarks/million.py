"""One long run, watched: its rate from start to end, the memory of every process, its size on disk.

    python benchmarks/million.py --count 1M --format lmdb --workers 2 --plot memory.svg

Prints a row every --every seconds and a summary: samples a second in all (by the clock, and by CPU time, which other
work on the machine does not change), largest memory of a worker and of the main process, bytes on disk. The plot shows
rate and memory. Nothing is verified: `synthtext verify DIR` does that.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from synthtext.cli.options import parse_count

_PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1e6
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Look:
    """One look at a run: seconds since its start, samples in finished shards, megabytes by process, CPU seconds."""

    seconds: float
    samples: int
    main_mb: float
    workers_mb: tuple[float, ...]
    cpu_s: float


def _family(root: int) -> list[int]:
    """The process and all below it."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rsplit(")", 1)[1].split()[1])
        except (OSError, ValueError, IndexError):
            continue
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def _memory_mb(pid: int) -> float:
    """Resident memory that is not a mapped file: the shared glyphs and fonts count once, for the system."""
    try:
        resident, shared = map(int, Path(f"/proc/{pid}/statm").read_text().split()[1:3])
    except (OSError, ValueError):
        return 0.0
    return (resident - shared) * _PAGE_MB


def _cpu_s(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return 0.0
    return sum(map(int, fields[11:15])) / _TICKS


def _made(out: Path, size: int) -> int:
    shards = out / ".synthtext/shards"
    return size * sum(1 for name in os.listdir(shards) if name.endswith(".json")) if shards.is_dir() else 0


def _watch(process: subprocess.Popen[bytes], out: Path, options: argparse.Namespace) -> list[Look]:
    began = time.monotonic()
    looks: list[Look] = []
    print(
        "| seconds | samples | a second since | workers, MB | main, MB |\n| ---: | ---: | ---: | --- | ---: |",
        flush=True,
    )
    while process.poll() is None:
        family = _family(process.pid)
        memory = [_memory_mb(pid) for pid in family]
        workers = tuple(mb for mb in memory[1:] if mb > 30)  # not the helpers of multiprocessing
        cpu = sum(map(_cpu_s, family))
        looks.append(Look(time.monotonic() - began, _made(out, options.shard_size), memory[0], workers, cpu))
        last = looks[-1]
        before = next((look for look in reversed(looks[:-1]) if look.samples < last.samples), looks[0])
        rate = (last.samples - before.samples) / max(last.seconds - before.seconds, 1e-9)
        shown = " ".join(f"{mb:.0f}" for mb in last.workers_mb)
        print(f"| {last.seconds:.0f} | {last.samples:,} | {rate:,.0f} | {shown} | {last.main_mb:.0f} |", flush=True)
        try:
            process.wait(options.every)
        except subprocess.TimeoutExpired:
            continue
    return looks


def _disk(out: Path) -> tuple[int, int]:
    """Bytes and files of a dataset."""
    files = [path.stat() for path in out.rglob("*") if path.is_file()]
    return sum(stat.st_blocks * 512 for stat in files), len(files)


def _plot(looks: list[Look], path: Path, title: str) -> None:
    """Write rate (blue) and each worker's memory (red) over time as SVG."""
    width, height, left, top = 900, 320, 60, 30
    end = looks[-1].seconds or 1.0
    rates = [
        (b.seconds, (b.samples - a.samples) / (b.seconds - a.seconds)) for a, b in zip(looks, looks[6:], strict=False)
    ]
    most_rate = max((rate for _, rate in rates), default=1.0) or 1.0
    most_mb = max((mb for look in looks for mb in look.workers_mb), default=1.0)

    def line(points: list[tuple[float, float]], most: float, color: str) -> str:
        dots = " ".join(f"{left + width * x / end:.1f},{top + height * (1 - y / (1.1 * most)):.1f}" for x, y in points)
        return f'<polyline fill="none" stroke="{color}" stroke-width="1.5" points="{dots}"/>'

    most_workers = max((len(look.workers_mb) for look in looks), default=0)
    curves = [line(rates, most_rate, "#2563eb")]
    for number in range(most_workers):
        memory = [(look.seconds, look.workers_mb[number]) for look in looks if len(look.workers_mb) > number]
        curves.append(line(memory, most_mb, "#dc2626"))
    below = top + height + 30
    texts = [
        f'<text x="{left}" y="18">{title}</text>',
        f'<text x="{left}" y="{below}" fill="#2563eb">samples a second, top {1.1 * most_rate:,.0f}</text>',
        f'<text x="{left + 330}" y="{below}" fill="#dc2626">MB of each worker, top {1.1 * most_mb:,.0f}</text>',
        f'<text x="{left + width - 70}" y="{below}">{end:,.0f} s</text>',
    ]
    frame = f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="none" stroke="#999"/>'
    body = "\n".join([frame, *curves, *texts])
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width + 2 * left}" height="{height + 80}" '
        f'font-family="sans-serif" font-size="14">\n<rect width="100%" height="100%" fill="white"/>\n{body}\n</svg>\n'
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", default="rec-zh")
    parser.add_argument("--count", default="1M")
    parser.add_argument("--format", default="lmdb")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--shard-size", type=int, default=10_000)
    parser.add_argument("--every", type=float, default=5.0, help="seconds")
    parser.add_argument("--out", type=Path, help="kept when named; otherwise a temporary folder that is removed")
    parser.add_argument("--plot", type=Path, help="SVG of rate and memory")
    options = parser.parse_args()
    count = parse_count(options.count)
    out = options.out or Path(tempfile.mkdtemp(prefix="million-")) / "out"
    command = [
        *(sys.executable, "-m", "synthtext", "generate", "--quiet", "--preset", options.preset, "--count", str(count)),
        *("--out", str(out), "--workers", str(options.workers), "--format", options.format),
        *("--set", f"engine.shard_size={options.shard_size}"),
    ]
    try:
        before = os.times()
        began = time.monotonic()
        process = subprocess.Popen(command)
        looks = _watch(process, out, options)
        seconds = time.monotonic() - began
        after = os.times()
        if process.returncode:
            sys.exit(process.returncode)
        cpu = after.children_user + after.children_system - before.children_user - before.children_system
        used, files = _disk(out)
        worker_mb = max((mb for look in looks for mb in look.workers_mb), default=0.0)
        main_mb = max(look.main_mb for look in looks)
        print(f"\n{count:,} samples of {options.preset} as {options.format} with {options.workers} workers:")
        print(f"{seconds:,.0f} s, {count / seconds:,.0f} a second by the clock")
        own = options.workers * count / cpu
        print(
            f"{cpu / count * 1e6:,.0f} us of CPU a sample: {own:,.0f} a second on {options.workers} cores of their own"
        )
        print(f"memory: a worker {worker_mb:,.0f} MB at most, the main process {main_mb:,.0f} MB")
        print(f"on disk: {used / 1e9:,.2f} GB in {files:,} files, {used / count:,.0f} bytes a sample")
        if options.plot is not None:
            _plot(looks, options.plot, f"{count:,} {options.preset}, {options.format}, {options.workers} workers")
    finally:
        if options.out is None:
            shutil.rmtree(out.parent, ignore_errors=True)


if __name__ == "__main__":
    main()
