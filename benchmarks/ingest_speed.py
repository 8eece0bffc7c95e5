"""How many pictures a second a core adds to a pool, and how long a video takes.

    python benchmarks/ingest_speed.py [--count 1000] [--rounds 3]

CPU seconds (user and system) of one process; the clock is no measure on a machine that is shared.
"""

from __future__ import annotations

import argparse
import io
import statistics
import tempfile
import time
from pathlib import Path

import av
import cv2
import numpy as np
from PIL import Image

from annotate.workflow.add import AddOptions, add
from annotate.workflow.context import Context, open_context

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        size = make_pictures(root / "photos", asked.count)
        print(f"{asked.count:,} JPEGs, longer side 640, {size / 1000:.0f} kB on average")
        rates: dict[str, list[float]] = {"added": [], "copied in": [], "known": []}
        for number in range(asked.rounds):
            for name, copy in (("added", False), ("copied in", True)):
                with open_context(root / f"{name} {number}", create=True) as context:
                    rates[name].append(asked.count / spent_on(context, root / "photos", copy))
                    if not copy:
                        rates["known"].append(asked.count / spent_on(context, root / "photos", copy))
        for name, values in rates.items():
            print(f"{name:10} {statistics.median(values):8.0f} a CPU second")
        seconds, frames = 60, 60 * 25
        make_video(root / "clip.mp4", frames)
        with open_context(root / "clips", create=True) as context:
            spent = spent_on(context, root / "clip.mp4")
        print(f"video      {frames / spent:8.0f} frames a CPU second (1280 x 720; {seconds} s took {spent:.1f} s)")


def spent_on(context: Context, path: Path, copy: bool = False) -> float:
    """Return the CPU seconds that adding takes."""
    began = time.process_time()
    add(context, [str(path)], AddOptions(workers=1, copy=copy))
    return time.process_time() - began


def make_pictures(folder: Path, count: int) -> float:
    """Write small JPEGs, all different, and return their mean size."""
    folder.mkdir(parents=True)
    photos = [Image.open(path).convert("RGB") for path in sorted((ROOT / "backgrounds").rglob("*.jpg"))[:40]]
    for photo in photos:
        photo.thumbnail((640, 640))
    sizes = []
    for number in range(count):
        stream = io.BytesIO()
        photos[number % len(photos)].save(stream, "JPEG", quality=80 + number // len(photos) % 18)
        data = stream.getvalue() + number.to_bytes(4, "big")  # after the end of the picture: another file
        (folder / f"{number:06}.jpg").write_bytes(data)
        sizes.append(len(data))
    return statistics.mean(sizes)


def make_video(path: Path, frames: int) -> None:
    """Write a clip that pans over photographs, with a cut every five seconds."""
    paths = sorted((ROOT / "backgrounds" / "cc0").glob("*.jpg"))[:12]
    photos = [np.asarray(Image.open(path).convert("RGB").resize((1700, 720))) for path in paths]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
        for number in range(frames):
            left = number % 125 * 3
            image = np.ascontiguousarray(photos[number // 125 % len(photos)][:, left : left + 1280])
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode(None))


if __name__ == "__main__":
    main()
