"""Shows that effects do to a reader what they do to an eye: its error rate on the same crops as one effect grows.

    python benchmarks/effect_strength.py [--crops 60] [--effects blur,noise,...] [--write]

RapidOCR's recogniser reads crops of `rec-zh` without any effect, and the same crops under one effect at the weak,
medium and strong numbers of docs/effect_strengths.py, and beyond them. Needs the extra `test`.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "docs"), str(ROOT / "tests" / "readers")]

from effect_strengths import STRENGTHS  # noqa: E402
from rapidocr_cer import Crop, compare, fold_no_space, open_reader, summary  # noqa: E402

from synthtext.api import load_config, samples  # noqa: E402
from synthtext.config import build_config  # noqa: E402
from synthtext.effects.table import BY_NAME  # noqa: E402
from synthtext.spec import Within  # noqa: E402
from synthtext.values import Sample  # noqa: E402

GUIDE = ROOT / "docs" / "guides" / "effects.md"
EFFECTS = (
    "halftone", "thermal", "led", "crease", "fence", "veil", "blur", "motion_blur", "resample", "interlace",
    "rolling_shutter", "ripple", "low_light", "noise", "dead_pixels", "posterise", "fax", "webp", "video", "jpeg",
)  # fmt: skip


def error_rate(made: list[Sample], change: Callable[[Sample, int], np.ndarray], folder: Path) -> float:
    """Return the reader's character error rate, without white space, on changed crops."""
    read = _reader()
    readings = []
    for number, sample in enumerate(made):
        path = folder / f"{number}.png"
        cv2.imwrite(str(path), cv2.cvtColor(change(sample, number), cv2.COLOR_RGB2BGR))
        readings.append(compare(Crop(number, path, sample.text), read(path), fold_no_space))
    return float(summary(readings)["cer"])


def _reader(kept: list[Callable[[Path], str]] = []) -> Callable[[Path], str]:  # noqa: B006 - opened once
    if not kept:
        kept.append(open_reader())
    return kept[0]


def clean_crops(count: int) -> list[Sample]:
    """Return crops that no effect has touched."""
    data = load_config("rec-zh").model_dump(mode="json")
    data["effects"] = {}
    return list(samples(build_config(data), count))


def varied(numbers: dict[str, float], index: int) -> dict[str, float]:
    """Return the numbers of an effect at another place for every crop."""
    places = {"at": 0.37, "at_x": 0.37, "at_y": 0.59, "phase": 0.41}
    return numbers | {name: (index * step) % 1.0 for name, step in places.items() if name in numbers}


def beyond(name: str) -> dict[str, float]:
    """Return numbers as far beyond the strong ones as these are from the weak ones, within what may be asked for."""
    weak, _, strong = STRENGTHS[name]
    bounds = {
        key: mark
        for key, field in BY_NAME[name].spec.model_fields.items()
        for mark in field.metadata
        if isinstance(mark, Within)
    }
    return {key: min(bounds[key].high, max(bounds[key].low, 2 * strong[key] - weak[key])) for key in strong}


def main() -> int:
    """Read, print the table, and write it into the guide when asked to."""
    parser = argparse.ArgumentParser(description="Error rate of a reader by strength of an effect.")
    parser.add_argument("--crops", type=int, default=60)
    parser.add_argument("--effects", default=",".join(EFFECTS))
    parser.add_argument("--write", action="store_true", help="write the table into docs/guides/effects.md")
    arguments = parser.parse_args()
    made = clean_crops(arguments.crops)
    rows = ["| effect | none | weak | medium | strong | beyond |", "| --- | --- | --- | --- | --- | --- |"]
    with TemporaryDirectory() as folder:
        none = error_rate(made, lambda sample, _: sample.image, Path(folder))
        for name in arguments.effects.split(","):
            rates = [
                error_rate(
                    made,
                    lambda sample, index, n=name, v=values: BY_NAME[n].apply(sample.image, varied(v, index)),
                    Path(folder),
                )
                for values in (*STRENGTHS[name], beyond(name))
            ]
            rows.append(f"| `{name}` | " + " | ".join(f"{100 * rate:.1f} %" for rate in (none, *rates)) + " |")
            sys.stdout.write(rows[-1] + "\n")
            sys.stdout.flush()
    if arguments.write:
        begin, end = "<!-- error rates -->\n", "<!-- end of error rates -->"
        table = begin + "\n".join(rows) + "\n" + end
        text = GUIDE.read_text("utf-8")
        GUIDE.write_text(re.sub(f"{begin}.*?{end}", lambda _: table, text, flags=re.DOTALL), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
