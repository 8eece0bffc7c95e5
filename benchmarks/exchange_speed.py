"""How fast datasets are converted, imported and exported: a long recognition list, pages with labels alone, with crops.

    python benchmarks/exchange_speed.py --lines 1000000 --pages 2000

Everything is the command line in a process of its own, with the processes that it starts. Told are its items a second
of wall time and of CPU time, and the most memory that it held. `--lines` is run at a tenth as well: memory must not
grow with the list.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np

TEXTS_A_PAGE = 20
PAGE_WH = (1280, 720)


def write_list(root: Path, lines: int) -> Path:
    """Write a recognition list without its images."""
    root.mkdir()
    with (root / "train.txt").open("w", encoding="utf-8") as file:
        file.writelines(f"crops/{number // 1000}/{number}.jpg\t中文 text {number % 9973}\n" for number in range(lines))
    (root / "dict.txt").write_text("".join(f"{char}\n" for char in "0123456789extnum中文"), "utf-8")
    return root


def write_pages(root: Path, pages: int, tilt_px: int) -> Path:
    """Write pages of photographs' weight, with twenty texts each, as boxes or as quads whose sides are that far out."""
    (root / "images").mkdir(parents=True)
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 255, (PAGE_WH[1] // 8, PAGE_WH[0] // 8, 3), np.uint8)
    data = cv2.imencode(".jpg", cv2.resize(noise, PAGE_WH))[1].tobytes()
    items = []
    for place in range(TEXTS_A_PAGE):
        x, y = 40 + 600 * (place % 2), 20 + 68 * (place // 2)
        in_x = tilt_px // 4
        points = [[x, y], [x + 300, y + tilt_px], [x + 300 - in_x, y + 38 + tilt_px], [x - in_x, y + 38]]
        items.append({"transcription": f"text {place}", "points": points})
    label = json.dumps(items)
    with (root / "train.txt").open("w", encoding="utf-8") as file:
        for number in range(pages):
            # After the end of the picture: each is another file, as in a pool.
            (root / f"images/{number}.jpg").write_bytes(data + number.to_bytes(4, "big"))
            file.write(f"images/{number}.jpg\t{label}\n")
    return root


def draw_scenes(root: Path, pages: int, photographs: str | None) -> Path:
    """Return the folder of pages of the preset `scene`, with about twenty lines each, tilted or bent."""
    command = f"{sys.executable} -m synthtext generate --preset scene --set page.lines=22 --count {pages}".split()
    command += ["--set", "page.sizes={1280x720: 1}", "--out", str(root)]
    command += ["--backgrounds", photographs] if photographs else []
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return root / "det"


def convert(name: str, count: int, source: Path, out: Path, *options: str) -> None:
    """Convert and print what it took."""
    measure(name, count, "synthtext", "convert", str(source), "--out", str(out), "--quiet", *options)


def measure(name: str, count: int, *arguments: str) -> None:
    """Run a command in a process of its own and print what it took."""
    command = [sys.executable, "-m", *arguments]
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall, cpu = time.perf_counter() - began, used.ru_utime + used.ru_stime
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{name}: {' '.join(command)} ended with {process.returncode}")
    rates = f"{count / wall:10,.0f} a second {count / cpu:10,.0f} a CPU second"
    print(f"{name:<28} {count:>9,} {rates} {used.ru_maxrss / 1024:7.0f} MB at most", flush=True)


def main() -> None:
    """Run all, in a temporary folder."""
    parser = argparse.ArgumentParser(description="How fast datasets are converted.")
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--dir", type=Path, help="Where the temporary folder is made.")
    parser.add_argument("--backgrounds", help="Near photographs at least 1280 px wide, for scenes of that size.")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.dir) as folder:
        home = Path(folder)
        for lines in (asked.lines // 10, asked.lines):
            source = write_list(home / f"list-{lines}", lines)
            options = ("--to", "trdg", "--images", "none", "--from", "paddleocr", "--split", "6:2:2")
            convert("recognition list", lines, source, home / f"lists-{lines}", *options)
        pages = write_pages(home / "pages", asked.pages, 0)
        convert("pages, labels alone", asked.pages, pages, home / "labels", "--to", "coco", "--split", "6:2:2")
        convert("pages, 20 boxes cut out", asked.pages, pages, home / "boxes", "--to", "paddleocr", "--split", "6:2:2")
        tilted = write_pages(home / "tilted", asked.pages, 6)
        convert("pages, 20 quads cut out", asked.pages, tilted, home / "quads", "--to", "paddleocr", "--split", "6:2:2")
        scenes = draw_scenes(home / "scenes", asked.pages, asked.backgrounds)
        convert("scenes, lines cut out", asked.pages, scenes, home / "lines", "--to", "paddleocr", "--split", "6:2:2")
        for kind, source in (("boxes", pages), ("quads", tilted), ("lines", scenes)):
            pool = ("--workspace", str(home / f"pool-{kind}"))
            measure(f"imported, 20 {kind}", asked.pages, "annotate", "import", str(source), *pool)
            for what, to in (("labels alone", "coco"), (f"20 {kind} cut out", "paddleocr")):
                out = ("--format", to, "--out", str(home / f"{kind}-{to}"))
                measure(f"exported, {what}", asked.pages, "annotate", "export", *out, *pool)


if __name__ == "__main__":
    main()
