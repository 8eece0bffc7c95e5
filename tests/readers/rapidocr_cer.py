"""Read the crops of a recognition dataset with RapidOCR and print the character error rate.

    python rapidocr_cer.py DATASET_DIR [--limit 500] [--json]

Runs in the project's own test environment (`pip install .[test]`); the models are part of RapidOCR's
wheel. The recogniser alone is asked, crop by crop: no detection, no turning, no resizing before its own.
Reading several crops in one batch is no option: they are padded to the widest, and a text may come out
otherwise.

What it shows: whether a reader that never saw our crops can read them. Error rate = sum of edit distances
/ sum of text lengths, over NFKC-folded text (`nfkc`) and over the same without white space (`no_space`).
A crop whose own rate is 1 or more was not read at all: many of these mean crops that nobody can read, or
labels that are not what is drawn.
"""

import argparse
import json
import os
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rapidfuzz.distance import Levenshtein

SPLITS = ("train", "val", "test")
BUCKETS = ("0", "<=0.2", "<=0.5", "<1", ">=1")
WORST = 20

Reader = Callable[[Path], str]
Fold = Callable[[str], str]


@dataclass(frozen=True)
class Crop:
    """One picture of the data set and the text that it is said to show."""

    index: int
    path: Path
    text: str


@dataclass(frozen=True)
class Reading:
    """What was read in one crop, compared after folding."""

    index: int
    path: str
    text: str
    read: str
    edits: int
    length: int

    @property
    def rate(self) -> float:
        """Return the edit distance per character of the text."""
        return self.edits / max(1, self.length)


def fold_nfkc(text: str) -> str:
    """Return `text` with full-width and other compatibility forms made plain."""
    return unicodedata.normalize("NFKC", text)


def fold_no_space(text: str) -> str:
    """Return `text` in its compatibility form and without any white space."""
    return "".join(fold_nfkc(text).split())


def crops_of(rec: Path) -> list[Crop]:
    """Return the crops of all splits in the order of their index, which is the number in the file name."""
    crops = [crop for split in SPLITS for crop in _split_crops(rec, split)]
    return sorted(crops, key=lambda crop: crop.index)


def _split_crops(rec: Path, split: str) -> Iterator[Crop]:
    label_file = rec / f"{split}.txt"
    if not label_file.exists():
        return
    for line in label_file.read_bytes().decode("utf-8").split("\n"):
        if line:
            path, text = line.split("\t", 1)
            yield Crop(int(Path(path).stem), rec / path, text)


def open_reader() -> Reader:
    """Return a function that reads one crop with RapidOCR's recogniser."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # onnxruntime looks at it when it is imported
    from rapidocr import RapidOCR

    # With use_preprocess_img crops under 30 px are first resized to multiples of 32, which bends their shape.
    steps = {"use_det": False, "use_cls": False, "use_rec": True}
    settings = steps | {"use_preprocess_img": False, "log_level": "warning"}
    one_thread = {"EngineConfig.onnxruntime.intra_op_num_threads": 1}  # two are no faster on one crop
    engine = RapidOCR(params={f"Global.{key}": value for key, value in settings.items()} | one_thread)

    def read(path: Path) -> str:
        texts = getattr(engine(str(path), **steps), "txts", None)
        return str(texts[0]) if texts else ""

    return read


def compare(crop: Crop, read: str, fold: Fold) -> Reading:
    """Return how far `read` is from the crop's text after both are folded."""
    wanted = fold(crop.text)
    return Reading(
        index=crop.index,
        path=str(crop.path),
        text=crop.text,
        read=read,
        edits=Levenshtein.distance(wanted, fold(read)),
        length=len(wanted),
    )


def bucket(rate: float) -> str:
    """Return the name of the bucket that one crop's error rate falls into."""
    if rate == 0:
        return "0"
    if rate >= 1:
        return ">=1"
    return "<=0.2" if rate <= 0.2 else "<=0.5" if rate <= 0.5 else "<1"


def summary(readings: list[Reading]) -> dict[str, Any]:
    """Return the error rate over all characters and how many crops fall into each bucket."""
    histogram = dict.fromkeys(BUCKETS, 0)
    for reading in readings:
        histogram[bucket(reading.rate)] += 1
    edits, length = sum(r.edits for r in readings), sum(r.length for r in readings)
    return {"cer": edits / max(1, length), "edits": edits, "chars": length, "histogram": histogram}


def worst(readings: list[Reading]) -> list[dict[str, Any]]:
    """Return the readings with the highest error rate, the longer text first where rates are equal."""
    ranked = sorted(readings, key=lambda reading: (-reading.rate, -reading.length, reading.index))
    return [asdict(reading) | {"rate": round(reading.rate, 3)} for reading in ranked[:WORST] if reading.edits]


def measure(crops: list[Crop], read: Reader) -> dict[str, Any]:
    """Read all crops and return the report."""
    started = time.perf_counter()
    texts = [read(crop.path) for crop in crops]
    seconds = time.perf_counter() - started
    nfkc, no_space = (
        [compare(crop, text, fold) for crop, text in zip(crops, texts, strict=True)]
        for fold in (fold_nfkc, fold_no_space)
    )
    return {
        "crops": len(crops),
        "nothing_read": sum(not text.strip() for text in texts),
        "ms_per_crop": round(1000 * seconds / max(1, len(crops)), 1),
        "nfkc": summary(nfkc),
        "no_space": summary(no_space),
        "worst": worst(no_space),
    }


def as_text(report: dict[str, Any]) -> str:
    """Return the report as lines for a terminal."""
    lines = ["{crops} crops, {nothing_read} with nothing read, {ms_per_crop} ms a crop".format(**report)]
    for name in ("nfkc", "no_space"):
        part = report[name]
        spread = "  ".join(f"{key}: {count}" for key, count in part["histogram"].items())
        rate = f"CER {part['cer']:.4f} ({part['edits']} of {part['chars']})"
        lines.append(f"{name:8}  {rate}   crops by CER  {spread}")
    lines += ["", "worst, without white space: rate, path, text, read"]
    lines += [f"{w['rate']:6.3f}  {w['path']}  {w['text']!r}  {w['read']!r}" for w in report["worst"]]
    return "\n".join(lines)


def main() -> int:
    """Read the crops and print the report."""
    parser = argparse.ArgumentParser(description="Read crops with RapidOCR, print the error rate.")
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--limit", type=int, default=500, help="only the first N crops by index (0: all)")
    parser.add_argument("--json", action="store_true", help="print the report as one line of JSON")
    arguments = parser.parse_args()
    crops = crops_of(arguments.dataset / "rec")
    if not crops:
        parser.error(f"{arguments.dataset}/rec: no label file with a line in it")
    report = measure(crops[: arguments.limit or None], open_reader())
    print(json.dumps(report, ensure_ascii=False) if arguments.json else as_text(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
