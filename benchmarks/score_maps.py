"""Compare score maps as synthtext draws them with the simplest form, on one page: time and values.

    python benchmarks/score_maps.py --chars 200

The simplest form of a map: for each box a 31x31 Gaussian resized to the box's longer side, warped over a whole
page, scaled to [0.001, 1] and merged by maximum. Both draw a region and an affinity map of the same 1280x720 page in
this one run, on one thread. Values are compared with the same form cut off at the very sides of its boxes, which
costs it more time and is not counted.
"""

import argparse
import sys
import time
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from synthtext.labels.maps import MapStyle, affinity_quads, heat

PAGE_WH = (1280, 720)
WORD = 5
FLOOR = 0.001
# From pixel edges to the pixel centres that OpenCV counts from, and back.
TO_EDGES = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5], [0.0, 0.0, 1.0]])
TO_CENTRES = np.array([[1.0, 0.0, -0.5], [0.0, 1.0, -0.5], [0.0, 0.0, 1.0]])


def gaussian() -> NDArray[np.float32]:
    """Return the 31x31 Gaussian of sigma 10, scaled to [0.001, 1]."""
    at = np.arange(31) - 15
    values = np.exp(-(at[:, None] ** 2 + at[None] ** 2) / 200.0)
    scaled = FLOOR + (1 - FLOOR) * (values - values.min()) / (values.max() - values.min())
    return scaled.astype(np.float32)


def simplest(quads: NDArray[np.float32], cut: bool = False) -> NDArray[np.float32]:
    """Return the map of the page in the simplest form, cut off where pixels have their centres outside or not."""
    width, height = PAGE_WH
    page = np.zeros((height, width), np.float32)
    for quad in quads:
        side = max(2, round(float(np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1).max())))
        patch = cv2.resize(gaussian(), (side, side), interpolation=cv2.INTER_LINEAR)
        corners = np.array([[0, 0], [side, 0], [side, side], [0, side]], np.float32)
        matrix = TO_CENTRES @ cv2.getPerspectiveTransform(corners, quad) @ TO_EDGES
        border = cv2.BORDER_REPLICATE if cut else cv2.BORDER_CONSTANT
        warped = cv2.warpPerspective(patch, matrix, PAGE_WH, flags=cv2.INTER_LINEAR, borderMode=border)
        low, high = np.float32(patch.min()), np.float32(patch.max())
        scaled = FLOOR + (1 - FLOOR) * (warped - low) / (high - low)
        page = np.maximum(page, np.where(inside(quad) if cut else warped > 0, scaled, np.float32(0)))
    return page


def inside(quad: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return which pixels of the page have their centre in a quad."""
    width, height = PAGE_WH
    x, y = np.arange(width) + 0.5, np.arange(height)[:, None] + 0.5
    result = np.ones((height, width), bool)
    for (x0, y0), (x1, y1) in zip(quad.tolist(), np.roll(quad, -1, axis=0).tolist(), strict=True):
        result &= (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0) >= 0
    return result


def words(chars: int, seed: int) -> list[NDArray[np.float32]]:
    """Return tilted words of five characters each, as char quads (5, 4, 2), all on the page."""
    rng = np.random.default_rng(seed)
    made = []
    for _ in range(-(-chars // WORD)):
        high = rng.uniform(20, 48)
        wide = high * rng.uniform(0.5, 1.0)
        left = np.arange(WORD) * wide
        boxes = np.stack([left, 0 * left, left + wide, 0 * left + high], axis=1)
        quads = boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2) - [WORD * wide / 2, high / 2]
        angle = np.radians(rng.uniform(-30, 30))
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        stray = 1 + 4e-4 * rng.uniform(-1, 1) * quads[..., :1]
        made.append((quads @ turn / stray + rng.uniform([150, 90], [1130, 630])).astype(np.float32))
    return made


def milliseconds(draw: Callable[[], object], repeats: int) -> float:
    """Return the shortest time of a call: what other work on the machine adds is left out."""
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        draw()
        times.append(1e3 * (time.perf_counter() - began))
    return min(times)


def main() -> int:
    """Run the comparison and print it."""
    parser = argparse.ArgumentParser(description="Compare score maps with their simplest form.")
    parser.add_argument("--chars", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    cells = words(options.chars, options.seed)
    region = np.concatenate(cells)
    links = np.concatenate([affinity_quads(quads) for quads in cells])
    both = (region, links)
    slow = [simplest(quads, cut=True) for quads in both]
    slow_ms = milliseconds(lambda: [simplest(quads) for quads in both], 3)
    print(f"{len(region)} characters, {len(links)} links, page {PAGE_WH[0]}x{PAGE_WH[1]}, two maps, one thread")
    print(f"simplest form      {slow_ms:9.2f} ms")
    for depth in ("float32", "uint8"):
        style = MapStyle("simple", "full", depth)
        fast_ms = milliseconds(lambda style=style: [heat(quads, PAGE_WH, style) for quads in both], 50)
        unit = 255.0 if depth == "uint8" else 1.0
        pairs = zip(both, slow, strict=True)
        off = max(float(np.abs(heat(quads, PAGE_WH, style) / unit - page).max()) for quads, page in pairs)
        print(
            f"synthtext, {depth:8s} {fast_ms:8.2f} ms, {slow_ms / fast_ms:6.0f} times as fast, off by at most {off:.4f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
