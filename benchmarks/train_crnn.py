"""Measure what a text recogniser learns from crops: train a small CRNN on them, test it on real words.

    python benchmarks/train_crnn.py --train rec-en-word --test ~/icdar2015,~/forms --out report.json

Every dataset gets the same model, the same recipe and the same number of images, so that the data
alone makes the difference: 36 classes (digits, letters without case), 32 x 100 grey pixels, no
augmentation, no word list. One run of 90,000 passes takes about ten minutes of one core. It needs
torch, which synthtext does not: pip install torch.
"""

import argparse
import importlib
import importlib.metadata
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
from crnnlib.crops import Crops, open_crops, training_words
from crnnlib.errors import BadInput
from crnnlib.report import Reading, confusion_lines, failure_sheet, summary, table
from crnnlib.scores import score
from crnnlib.words import read_words

_SHOWN_PAIRS = 12


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, test, write what was asked for, and return the exit code."""
    options = _parse(arguments)
    try:
        _need_torch()
        tests = [open_crops(folder.name, read_words(folder)) for folder in options.test]
        words = training_words(options.train, options.crops, options.seed, options.set)
        crops = open_crops(options.train, words)
        _say(f"{len(crops.texts):,} of {options.crops:,} crops; {crops.dropped:,} without a letter or digit left out")
        report, readings = _run(options, crops, tests)
    except BadInput as error:
        print(f"train_crnn.py: {error}", file=sys.stderr)
        return 2
    print(table(readings), end="")
    for reading in readings:
        print(f"{reading.crops.name}: {', '.join(confusion_lines(reading.score, _SHOWN_PAIRS))}")
    if options.out:
        options.out.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    if options.sheets:
        options.sheets.mkdir(parents=True, exist_ok=True)
        for reading in readings:
            cv2.imwrite(str(options.sheets / f"{reading.crops.name}.png"), failure_sheet(reading, 96, options.seed))
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    add = parser.add_argument
    add("--train", required=True, help="preset or YAML file of synthtext, or a folder of crops with labels")
    add("--test", required=True, type=_folders, help="folders (or label files) of real words, with commas between")
    add("--crops", type=int, default=15_000, help="crops to train on (default 15,000)")
    add("--passes", type=int, default=90_000, help="images that the model sees, repeats counted (default 90,000)")
    add("--seed", type=int, default=0, help="of the crops, the weights and the order (default 0)")
    add("--set", action="append", default=[], metavar="KEY=VALUE", help="change a setting of the preset")
    add("--threads", type=int, default=1, help="of torch (default 1); another number gives other weights")
    add("--bfloat16", action="store_true", help="multiply in bfloat16: for quick trials on processors with AMX")
    add("--out", type=Path, help="write figures, settings and the loss curve to this JSON file")
    add("--sheets", type=Path, help="folder for one picture a test set of words that were misread")
    options = parser.parse_args(arguments)
    if min(options.crops, options.passes, options.threads) < 1:
        parser.error("--crops, --passes and --threads must be at least 1")
    return options


def _folders(text: str) -> list[Path]:
    return [Path(part).expanduser() for part in text.split(",") if part]


def _need_torch() -> None:
    try:
        importlib.import_module("torch")
    except ImportError as error:
        raise BadInput("needs torch, which is not installed here; pip install torch") from error


def _run(options: argparse.Namespace, crops: Crops, tests: Sequence[Crops]) -> tuple[dict[str, Any], list[Reading]]:
    import torch
    from crnnlib.model import parameter_count
    from crnnlib.training import Plan, read_all, train

    torch.set_num_threads(options.threads)
    trained = train(crops, Plan(options.passes, options.seed, options.bfloat16), _say)
    readings = []
    for test in tests:
        texts = read_all(trained.model, test)
        readings.append(Reading(test, texts, score(test.texts, texts)))
    report = {
        "train": options.train,
        "set": options.set,
        "crops": len(crops.texts),
        "passes": trained.curve[-1][0],
        "seed": options.seed,
        "threads": options.threads,
        "bfloat16": options.bfloat16,
        "parameters": parameter_count(trained.model),
        "versions": {name: importlib.metadata.version(name) for name in ("torch", "numpy", "opencv-python-headless")},
        "cpu_s": round(trained.cpu_s, 1),
        "wall_s": round(trained.wall_s, 1),
        "loss": trained.curve,
        "results": [summary(reading) for reading in readings],
    }
    return report, readings


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
