"""Let PaddleX's dataset checker judge `det/`, as `main.py -o Global.mode=check_dataset` would.

Runs inside an environment that holds paddlex (`reader_envs.PADDLEX`), never in the project's own:

    python paddlex_pages.py DATASET_DIR

The last line of standard output is the report as JSON; the exit code is 1 when it holds a fault.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from paddlex_check import line_count


def main() -> int:
    """Run the checker, print the report, return 1 if anything is off."""
    from paddlex.modules.text_detection.dataset_checker.dataset_src.check_dataset import check

    parser = argparse.ArgumentParser(description="Let PaddleX's dataset checker judge a dataset of pages.")
    parser.add_argument("dataset", type=Path)
    root = parser.parse_args().dataset.resolve() / "det"
    with tempfile.TemporaryDirectory() as output:
        found = check(str(root), output)
    counts = {"train": found["train_samples"], "val": found["val_samples"]}
    lines = {split: line_count(root / f"{split}.txt") for split in counts}
    faults = [] if counts == lines else [f"PaddleX counts {counts}, the label files have {lines} lines"]
    print(json.dumps({"counts": counts, "faults": faults}, ensure_ascii=False), flush=True)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
