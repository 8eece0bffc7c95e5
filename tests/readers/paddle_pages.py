"""Read a dataset of pages with PaddleOCR's own loaders: `det/` as a detector is trained, `rec/` as a recogniser is.

Runs inside an environment that holds paddlepaddle and paddleocr (`reader_envs.PADDLE`), never in the project's:

    python paddle_pages.py DATASET_DIR

What is checked: in an evaluation pipeline every split gives each of its pictures, in order, with the outlines and
ignore marks of its line of the label file (these loaders put another picture in the place of one that they cannot
use); `det.yml` works as written, from its own folder, through CopyPaste, augmentation, crops and shrunken maps, which
mark as many pixels as text has; and all passes of `paddle_reader.py` over `rec/`.

The last line of standard output is the report as JSON; the exit code is 1 when it holds a fault.
"""

import argparse
import contextlib
import copy
import json
import logging
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from paddle_reader import SHOWN, SPLITS, Config, ErrorCounter, Outcome, folder_passes, open_loaders, run_folder

IGNORED = ("###", "*")


def label_lines(path: Path) -> list[list[dict[str, Any]]]:
    """Return the items of each line of a label file."""
    return [json.loads(line.split("\t", 1)[1]) for line in path.read_text("utf-8").splitlines()]


def batches(config: Config, mode: str, logger: logging.Logger) -> Any:
    """Return what PaddleOCR's loader gives in one epoch, read in this process."""
    import paddle
    from ppocr.data import build_dataloader

    config = copy.deepcopy(config)
    config[mode]["loader"]["num_workers"] = 0
    return build_dataloader(config, mode, paddle.CPUPlace(), logger, seed=1)


def check_eval(snippet: Config, split: str, logger: logging.Logger) -> Outcome:
    """Compare outlines and ignore marks of one split with its label file."""
    config = copy.deepcopy(snippet)
    config["Eval"]["dataset"]["label_file_list"] = [f"./{split}.txt"]
    wanted = label_lines(Path(f"{split}.txt"))
    outcome = Outcome(f"det {split}", "SimpleDataSet", expected=len(wanted))
    for items, (image, shape, polys, marks) in zip(wanted, batches(config, "Eval", logger), strict=False):
        outcome.batches += 1
        outcome.samples += len(image)
        height, width = shape.numpy()[0, :2]
        scale = shape.numpy()[0, 2:][::-1]
        found = polys.numpy()[0]
        points = np.array([item["points"] for item in items])
        ignored = [item["transcription"] in IGNORED for item in items]
        if found.shape != points.shape or np.abs(found - points).max() > 0.01:
            outcome.faults.append(f"picture {outcome.batches}: outlines differ ({height}x{width}, scale {scale})")
        if marks.numpy()[0].tolist() != ignored:
            outcome.faults.append(f"picture {outcome.batches}: other boxes are to be ignored")
    if outcome.samples != outcome.expected:
        outcome.faults.append(f"{outcome.samples} pictures, expected {outcome.expected}")
    return outcome


def check_train(snippet: Config, logger: logging.Logger) -> Outcome:
    """Run one training epoch; crops show text, and the maps that a detector learns from mark it."""
    wanted = len(label_lines(Path("train.txt")))
    outcome = Outcome("det det.yml Train", "SimpleDataSet", expected=wanted)
    marked = 0.0
    for image, _, _, shrunken, _ in batches(snippet, "Train", logger):
        outcome.batches += 1
        outcome.samples += len(image)
        marked += float(shrunken.numpy().mean())
    if outcome.samples != wanted:
        outcome.faults.append(f"{outcome.samples} pictures, expected {wanted}")
    if not 0.002 < marked / max(1, outcome.batches) < 0.5:
        outcome.faults.append(f"a share of {marked / max(1, outcome.batches):.4f} of the pixels is text")
    return outcome


def main() -> int:
    """Run every pass, print the report, return 1 if anything is off."""
    parser = argparse.ArgumentParser(description="Read a dataset of pages with PaddleOCR's own loaders.")
    parser.add_argument("dataset", type=Path)
    root = parser.parse_args().dataset.resolve()
    logger, errors = open_loaders(), ErrorCounter()
    logger.addHandler(errors)
    snippet = yaml.safe_load((root / "det" / "det.yml").read_text("utf-8"))
    with contextlib.chdir(root / "det"):
        outcomes = [check_eval(snippet, split, logger) for split in SPLITS]
        outcomes.append(check_train(snippet, logger))
    outcomes += run_folder(root / "rec", folder_passes, logger)
    failed = [outcome.name for outcome in outcomes if outcome.faults]
    passes = [asdict(outcome) | {"faults": outcome.faults[:SHOWN]} for outcome in outcomes]
    print(json.dumps({"error_lines": errors.count, "failed": failed, "passes": passes}, ensure_ascii=False), flush=True)
    return 1 if failed or errors.count else 0


if __name__ == "__main__":
    sys.exit(main())
