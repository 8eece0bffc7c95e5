"""Let PaddleX's dataset checker judge `rec/`, as `main.py -o Global.mode=check_dataset` would.

Runs inside an environment that holds paddlex (`reader_envs.PADDLEX`), never in the project's own:

    python paddlex_check.py DATASET_DIR

What is checked: PaddleX finds the root of the data set by its one `train.txt`; the checker for text
recognition accepts it (`dict.txt`, `train.txt` and `val.txt` there, two columns a line, every picture
there, the first ten pictures of a split readable); the samples that it counts are the lines of the label
files.

The checker does not look at `test.txt`, so that file is handed to it in the place of `val.txt` in a
second run.

The last line of standard output is the report as JSON; the exit code is 1 when it holds a fault.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

Report = dict[str, Any]


def line_count(label_file: Path) -> int:
    """Return how many lines a label file has; one without its final line feed counts in full."""
    data = label_file.read_bytes()
    return data.count(b"\n") + (not data.endswith(b"\n") and bool(data))


def found_root(folder: Path) -> Path:
    """Return what PaddleX takes for the root of the data set when a user names `folder`."""
    from paddlex.modules.text_recognition.dataset_checker import TextRecDatasetChecker

    return Path(TextRecDatasetChecker.get_dataset_root(None, str(folder)))


def check(root: Path) -> Report:
    """Return what the checker says of one root; the example pictures that it saves are thrown away."""
    from paddlex.modules.text_recognition.dataset_checker.dataset_src.check_dataset import (
        check as paddlex_check,
    )

    with tempfile.TemporaryDirectory() as output:
        report: Report = paddlex_check(str(root), output, dataset_type="MSTextRecDataset")
    return report


def stand_in(root: Path, folder: Path) -> Path:
    """Return a root in `folder` that shares `root`'s files but has its `test.txt` as `val.txt`."""
    for name, target in (("images", "images"), ("dict.txt", "dict.txt"), ("train.txt", "train.txt")):
        (folder / name).symlink_to(root / target)
    (folder / "val.txt").symlink_to(root / "test.txt")
    return folder


def counts(root: Path) -> dict[str, int]:
    """Return the samples of each split as the checker counts them."""
    first = check(root)
    with tempfile.TemporaryDirectory() as folder:
        second = check(stand_in(root, Path(folder)))
    return {"train": first["train_samples"], "val": first["val_samples"], "test": second["val_samples"]}


def main() -> int:
    """Run the checker, print the report, return 1 if anything is off."""
    parser = argparse.ArgumentParser(description="Let PaddleX's dataset checker judge a dataset.")
    parser.add_argument("dataset", type=Path)
    root = parser.parse_args().dataset.resolve() / "rec"
    faults = []
    if (found := found_root(root)) != root:
        faults.append(f"PaddleX takes {found} for the root, not {root}")
    counted = counts(root)
    lines = {split: line_count(root / f"{split}.txt") for split in counted}
    if counted != lines:
        faults.append(f"PaddleX counts {counted}, the label files have {lines} lines")
    print(json.dumps({"counts": counted, "faults": faults}, ensure_ascii=False), flush=True)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
