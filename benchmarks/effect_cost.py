"""Measures what each effect costs on a crop and writes the last column of the tables of docs/guides/effects.md.

    python benchmarks/effect_cost.py [--write]

CPU time of one thread, median over draws of the effect's default ranges, warm, on a crop of 320 x 48 pixels in RGB.
An effect above half a millisecond is marked slow: presets use it rarely.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import time
from pathlib import Path

import cv2
import numpy as np

from synthtext.api import load_config, samples
from synthtext.effects.base import Effect, draw
from synthtext.effects.table import EFFECTS
from synthtext.geometry import Image
from synthtext.rng import Streams

GUIDE = Path(__file__).resolve().parent.parent / "docs" / "guides" / "effects.md"
SIZE_WH = (320, 48)
DRAWS = 150
SLOW_US = 500.0


def cost_us(effect: Effect, crops: list[Image]) -> float:
    """Return the median CPU microseconds of one application."""
    ranges = effect.spec().ranges()
    drawn = [draw(ranges, Streams(0, index).effect(effect.slot)) for index in range(DRAWS)]
    for values in drawn:
        effect.apply(crops[0], values)
    spent = []
    for number, values in enumerate(drawn):
        crop = crops[number % len(crops)]
        began = time.thread_time_ns()
        effect.apply(crop, values)
        spent.append(time.thread_time_ns() - began)
    return statistics.median(spent) / 1000.0


def shown(microseconds: float) -> str:
    """Return a cost as the guide writes it."""
    digits = f"{microseconds:,.0f}" if microseconds >= 10 else f"{microseconds:.1f}"
    return f"{digits}, **slow**" if microseconds > SLOW_US else digits


def main() -> int:
    """Measure all effects; print the costs, and write them into the guide when asked to."""
    parser = argparse.ArgumentParser(description="Measure what each effect costs.")
    parser.add_argument("--write", action="store_true", help="write the costs into docs/guides/effects.md")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    config = load_config("rec-zh", sets=["effects={chain: []}", "text.length={min: 8, max: 16, mean: 12}"])
    crops = [
        np.ascontiguousarray(cv2.resize(made.image, SIZE_WH, interpolation=cv2.INTER_AREA), np.uint8)
        for made in samples(config, 20)
    ]
    text = GUIDE.read_text("utf-8")
    for effect in EFFECTS:
        cost = cost_us(effect, crops)
        sys.stdout.write(f"{effect.name:14} {cost:9.1f} us{'  slow' if cost > SLOW_US else ''}\n")
        text = re.sub(rf"(?m)^(\| `{effect.name}` \|.*\| )[^|]*( \|)$", rf"\g<1>{shown(cost)}\g<2>", text)
    if arguments.write:
        GUIDE.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
