"""Third-party readers accept a dataset of pages, and say so when it is damaged.

Each runs as a script in an environment of its own (`reader_envs`). Run with `pytest -m "slow and readers"`. An
environment that cannot be made skips its tests; in CI it fails them.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from reader_envs import PADDLE, PADDLEX, PAGES
from test_third_party import LIMIT, _python_of, _run

pytestmark = [pytest.mark.slow, pytest.mark.readers]

COUNT = 40
FORMATS = "paddleocr,craft,icdar2015,plain,yolo-obb"
GENERATE = ("--preset", "scene", "--count", str(COUNT), "--quiet")


def _made(out: Path, *options: str) -> Path:
    command = [*LIMIT, sys.executable, "-m", "synthtext", "generate", *GENERATE, "--out", str(out), *options]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    return out


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return 40 pages as a user would make them."""
    return _made(tmp_path_factory.mktemp("pages") / "scene", "--format", FORMATS, "--maps", "npy")


@pytest.fixture(scope="module")
def small_maps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the same pages with maps of half the size, in bytes, as EasyOCR's trainer draws them."""
    out = tmp_path_factory.mktemp("pages") / "half"
    maps = ("--maps", "u8", "--maps-size", "half", "--maps-mode", "craft")
    return _made(out, "--format", "craft,yolo-obb", *maps)


def _lines(dataset: Path, root: str) -> dict[str, int]:
    return {split: (dataset / root / f"{split}.txt").read_bytes().count(b"\n") for split in ("train", "val", "test")}


def test_paddleocr__trains_a_detector_and_a_recogniser(dataset: Path, tmp_path: Path) -> None:
    run = _run(_python_of(PADDLE), "paddle_pages.py", dataset, tmp_path)

    assert run.code == 0, run.output
    assert "ppocr ERROR" not in run.output
    assert (run.report["error_lines"], run.report["failed"]) == (0, [])
    samples = {this["name"]: this["samples"] for this in run.report["passes"]}
    pages, crops = _lines(dataset, "det"), _lines(dataset, "rec")
    assert {split: samples[f"det {split}"] for split in pages} == pages
    assert samples["det det.yml Train"] == pages["train"]
    assert {split: samples[f"folder {split}"] for split in crops} == crops


def test_paddlex__counts_every_page(dataset: Path, tmp_path: Path) -> None:
    run = _run(_python_of(PADDLEX), "paddlex_pages.py", dataset, tmp_path)

    assert run.code == 0, run.output
    lines = _lines(dataset, "det")
    assert run.report == {"counts": {"train": lines["train"], "val": lines["val"]}, "faults": []}


def test_page_readers__accept_all(dataset: Path, tmp_path: Path) -> None:
    run = _run(_python_of(PAGES), "page_readers.py", dataset, tmp_path)

    assert run.code == 0, run.output
    assert run.report["doctr"]["train"]["pictures"] == run.report["ultralytics"]["train"]["pictures"]
    craft = run.report["craft"]
    assert craft["words"] > 200
    assert craft["mean_iou"] > 0.75


def test_page_readers__decode_small_maps_of_the_trainers_form(small_maps: Path, tmp_path: Path) -> None:
    """Half-size maps are decoded as well; the trainer's wider heat makes boxes larger than the ink."""
    run = _run(_python_of(PAGES), "page_readers.py", small_maps, tmp_path)

    assert run.report["doctr"]["faults_total"] == run.report["ultralytics"]["faults_total"] == 0
    craft = run.report["craft"]
    assert craft["found"] > 0.9 * craft["words"], run.output


def _swap_corners(dataset: Path) -> None:
    """Make a coordinate reach out of its picture."""
    label = next(path for path in (dataset / "yolo-obb/labels/train").rglob("*.txt") if path.stat().st_size)
    label.write_text(label.read_text().replace(" 0.", " 2.", 1))


def test_ultralytics__sees_a_box_outside(dataset: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged"
    shutil.copytree(dataset, damaged)
    _swap_corners(damaged)

    run = _run(_python_of(PAGES), "page_readers.py", damaged, tmp_path)

    assert run.code == 1
    assert "out of bounds" in run.report["ultralytics"]["faults"][0]


def test_paddlex__sees_a_missing_page(dataset: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged"
    shutil.copytree(dataset, damaged)
    next((damaged / "det" / "images").rglob("*.jpg")).unlink()

    run = _run(_python_of(PADDLEX), "paddlex_pages.py", damaged, tmp_path)

    assert run.code != 0, run.output
