"""Let a reader that never saw our pages find and read their lines, each preset with its effects off and on.

    python benchmarks/read_pages.py [--count 24] [--presets scene,video] [--out table.md]

Needs `rapidocr` and `rapidfuzz` (`pip install .[test]`); the models are part of RapidOCR's wheel. Lines marked `ignore`
do not count. A line is covered when 80 % of its quad lie in detected boxes, and found when one box is its own: IoU 0.5
or more with its quad, grown by the quarter of its height that the reader leaves round ink. Its error rate is the edit
distance to what was read in that box over its length, NFKC-folded and without white space.
"""

from __future__ import annotations

import argparse
import logging
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from rapidfuzz.distance import Levenshtein

from synthtext.api import load_config
from synthtext.assets.library import open_assets
from synthtext.pipeline import sample

_PAGES = ("scene", "video", "banner", "form", "document")
_LEAST_IOU, _LEAST_COVER = 0.5, 0.8
_MARGIN = 0.25
_LARGE_PX = 16.0


@dataclass
class Score:
    """What was found and read over some pages."""

    lines: int = 0
    found: int = 0
    large: int = 0
    covered: int = 0
    large_covered: int = 0
    edits: int = 0
    chars: int = 0
    rates: list[float] = field(default_factory=list)

    def row(self, name: str) -> str:
        """Return a row of the table."""
        found, covered = self.found / max(1, self.lines), self.covered / max(1, self.lines)
        large = self.large_covered / max(1, self.large)
        exact = float(np.mean([rate == 0 for rate in self.rates])) if self.rates else 0.0
        median = float(np.median(self.rates)) if self.rates else 1.0
        error = self.edits / max(1, self.chars)
        shares = f"{covered:.2f} | {large:.2f} | {found:.2f} | {error:.3f} | {median:.3f} | {exact:.2f}"
        return f"| {name} | {self.lines} | {shares} |"


HEAD = (
    "| preset | lines | covered | covered, 16 px and more | found | error rate | median | without error |\n"
    "|---|---|---|---|---|---|---|---|"
)


def main() -> None:
    """Print the table, row by row."""
    parser = argparse.ArgumentParser(description="Find and read the lines of pages with RapidOCR.")
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("--presets", default=",".join(_PAGES))
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    reader = open_reader()
    rows = [HEAD]
    print(HEAD, flush=True)
    for preset in args.presets.split(","):
        for named, sets in ((f"{preset}, no effects", ("effects={}",)), (f"{preset}, effects", ())):
            rows.append(read(preset, sets, args.count, reader).row(named))
            print(rows[-1], flush=True)
            if args.out:
                args.out.write_text("\n".join(rows) + "\n", "utf-8")


def open_reader() -> Any:
    """Return RapidOCR, quiet and on one thread."""
    from rapidocr import RapidOCR

    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return RapidOCR(params={"EngineConfig.onnxruntime.intra_op_num_threads": 1, "Global.log_level": "error"})


def read(preset: str, sets: tuple[str, ...], count: int, reader: Any) -> Score:
    """Return how much of the first pages of a preset is found and read."""
    config = load_config(preset, sets=sets)
    assets = open_assets(config, 11)
    score = Score()
    for index in range(count):
        page = sample(11, index, config, assets)
        answer = reader(cv2.cvtColor(page.image, cv2.COLOR_RGB2BGR))
        boxes = [] if answer.boxes is None else [np.asarray(box, np.float32) for box in answer.boxes]
        texts = list(answer.txts or [])
        for line in page.instances:
            if line.ignore is None:
                _judge(score, line.text, line.quad, boxes, texts)
    return score


def _judge(score: Score, text: str, quad: np.ndarray, boxes: list[np.ndarray], texts: list[str]) -> None:
    sides = np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1)
    large = float(sides.min()) >= _LARGE_PX
    overlaps = [iou(grown(quad, _MARGIN * float(sides.min())), box) for box in boxes]
    covered = share_in(quad, boxes) >= _LEAST_COVER
    best = int(np.argmax(overlaps)) if overlaps else -1
    found = best >= 0 and overlaps[best] >= _LEAST_IOU
    score.lines += 1
    score.found += found
    score.large += large
    score.covered += covered
    score.large_covered += large and covered
    if found:
        wanted, got = folded(text), folded(texts[best])
        edits = Levenshtein.distance(wanted, got)
        score.edits += min(edits, len(wanted))
        score.chars += len(wanted)
        score.rates.append(min(1.0, edits / max(1, len(wanted))))


def grown(quad: np.ndarray, by_px: float) -> np.ndarray:
    """Return a quad whose sides lie so much further out."""
    across, down = quad[1] - quad[0] + quad[2] - quad[3], quad[3] - quad[0] + quad[2] - quad[1]
    across, down = (way / max(1e-6, float(np.hypot(*way))) * by_px for way in (across, down))
    return (quad + np.stack([-across - down, across - down, across + down, down - across])).astype(np.float32)  # type: ignore[no-any-return]


def share_in(quad: np.ndarray, boxes: list[np.ndarray]) -> float:
    """Return how much of a quad lies in any of the boxes."""
    low = quad.min(axis=0)
    width, height = (2 * np.ptp(quad, axis=0) + 2).astype(int).tolist()
    own, any_box = np.zeros((height, width), np.uint8), np.zeros((height, width), np.uint8)
    cv2.fillPoly(own, [np.rint(2 * (quad - low)).astype(np.int32)], 1)
    for box in boxes:
        cv2.fillPoly(any_box, [np.rint(2 * (box - low)).astype(np.int32)], 1)
    return float((own & any_box).sum() / max(1, own.sum()))


def iou(one: np.ndarray, other: np.ndarray) -> float:
    """Return the area that two quads share over the area that either covers, on a grid of half pixels."""
    low = np.minimum(one.min(axis=0), other.min(axis=0))
    high = np.maximum(one.max(axis=0), other.max(axis=0))
    if (np.minimum(one.max(axis=0), other.max(axis=0)) < np.maximum(one.min(axis=0), other.min(axis=0))).any():
        return 0.0
    width, height = (2 * (high - low) + 2).astype(int).tolist()
    masks = []
    for quad in (one, other):
        mask = np.zeros((height, width), np.uint8)
        masks.append(cv2.fillPoly(mask, [np.rint(2 * (quad - low)).astype(np.int32)], 1) > 0)
    return float((masks[0] & masks[1]).sum() / max(1, (masks[0] | masks[1]).sum()))


def folded(text: str) -> str:
    """Return a text in its compatibility form and without white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


if __name__ == "__main__":
    main()
