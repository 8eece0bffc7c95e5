"""Other people's readers on one dataset that was moved: by `synthtext convert`, and through a workspace of `annotate`.

Each runs as a script in an environment of its own (`reader_envs`). Run with `pytest -m "slow and readers"`. An
environment that cannot be made skips its tests; in CI it fails them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from reader_envs import LABEL_TOOLS, PADDLE, PADDLEX, PAGES
from test_third_party import LIMIT, _python_of, _run
from test_third_party_formats import needed

pytestmark = [pytest.mark.slow, pytest.mark.readers]

COUNT = 30
TRAINERS = "paddleocr,doctr,yolo,yolo-obb,craft"
OTHERS = "coco,labelme,imagefolder,webdataset"
PARTS = {"train": 18, "val": 6, "test": 6}


def _command(module: str, *arguments: object) -> None:
    done = subprocess.run(
        [*LIMIT, sys.executable, "-m", module, *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return pages that know the boxes of their characters."""
    out = tmp_path_factory.mktemp("made") / "scene"
    _command("synthtext", "generate", "--preset", "scene", "--count", COUNT, "--format", "webdataset", "--out", out)
    return out / "webdataset"


@pytest.fixture(scope="module")
def converted(made: Path) -> Path:
    """Return them converted, with crops for docTR and score maps for CRAFT."""
    out = made.parent / "converted"
    _command("synthtext", "convert", made, "--to", f"{TRAINERS},{OTHERS}", "--maps", "--split", "6:2:2", "--out", out)
    _command("synthtext", "convert", out / "paddleocr/rec", "--to", "doctr", "--out", out / "doctr-crops")
    return out


@pytest.fixture(scope="module")
def exported(made: Path) -> Path:
    """Return them imported into a workspace and exported again."""
    out = made.parent / "exported"
    workspace = ("--workspace", made.parent / "workspace")
    _command("annotate", "import", made, "--format", "webdataset", *workspace)
    _command("annotate", "export", "--format", f"{TRAINERS},{OTHERS}", "--split", "6:2:2", "--out", out, *workspace)
    _command(
        "annotate",
        "export",
        "--format",
        "doctr",
        "--crops",
        "--split",
        "6:2:2",
        "--out",
        out / "doctr-crops",
        *workspace,
    )
    return out


@pytest.fixture(scope="module", params=["converted", "exported"])
def moved(request: pytest.FixtureRequest) -> Path:
    """Return either of them."""
    found: Path = request.getfixturevalue(request.param)
    return found


def _lines(moved: Path, kind: str) -> dict[str, int]:
    return {part: (moved / "paddleocr" / kind / f"{part}.txt").read_bytes().count(b"\n") for part in PARTS}


def test_paddleocr__trains_with_copy_paste(moved: Path, tmp_path: Path) -> None:
    assert "CopyPaste" in (moved / "paddleocr/det/det.yml").read_text()

    run = _run(_python_of(PADDLE), "paddle_pages.py", moved / "paddleocr", tmp_path)

    assert run.code == 0, run.output
    assert "ppocr ERROR" not in run.output
    samples = {this["name"]: this["samples"] for this in run.report["passes"]}
    assert {part: samples[f"det {part}"] for part in PARTS} == _lines(moved, "det")
    assert {part: samples[f"folder {part}"] for part in PARTS} == _lines(moved, "rec")


@pytest.mark.parametrize("script", ["paddlex_pages.py", "paddlex_check.py"])
def test_paddlex__counts_every_line(script: str, moved: Path, tmp_path: Path) -> None:
    run = _run(_python_of(PADDLEX), script, moved / "paddleocr", tmp_path)

    assert run.code == 0, run.output
    lines = _lines(moved, "det" if script == "paddlex_pages.py" else "rec")
    assert run.report["counts"] == {part: lines[part] for part in run.report["counts"]}


def test_doctr_ultralytics_easyocr__accept_all(moved: Path, tmp_path: Path) -> None:
    run = _run(_python_of(PAGES), "moved_readers.py", moved, tmp_path)

    assert run.code == 0, run.output
    report = run.report
    pages = _lines(moved, "det")
    counts = {name: {part: report[name][part]["pictures"] for part in PARTS} for name in ("doctr", "yolo", "yolo-obb")}
    assert counts["yolo"] == counts["yolo-obb"]
    assert sum(counts["yolo"].values()) >= sum(counts["doctr"].values()) > 0.8 * sum(pages.values())
    assert report["doctr"]["train"]["boxes"] == report["yolo-obb"]["train"]["boxes"] == report["yolo"]["train"]["boxes"]
    assert all(report["doctr-crops"][part] for part in PARTS)
    custom = report["craft"]
    assert custom["pictures"] == sum(counts["yolo"].values())
    assert custom["lines"] > 2 * custom["pictures"]
    if moved.name == "converted":  # the workspace keeps no boxes of characters, so there are no maps
        assert custom["words"] > 30
        assert custom["found"] > 0.9 * custom["words"], run.output


# pycocotools is of the time before NumPy 2; webdataset leaves closing its files to the garbage collector.
@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_other_readers__find_every_page(moved: Path, tmp_path: Path) -> None:
    coco, datasets, webdataset = (needed(name) for name in ("pycocotools.coco", "datasets", "webdataset"))

    tables = [coco.COCO(str(path)) for path in sorted((moved / "coco/annotations").glob("*.json"))]
    assert sum(len(table.getImgIds()) for table in tables) == COUNT
    for table in tables:
        assert all(table.annToMask(item).any() for item in table.loadAnns(table.getAnnIds()))

    run = _run(_python_of(LABEL_TOOLS), "labelme_files.py", moved / "labelme", tmp_path)
    assert (run.code, len(run.report)) == (0, COUNT), run.output

    loaded = datasets.load_dataset("imagefolder", data_dir=str(moved / "imagefolder"), cache_dir=str(tmp_path / "hf"))
    assert sum(map(len, loaded.values())) == COUNT

    tars = sorted(map(str, (moved / "webdataset").glob("*.tar")))
    samples = list(webdataset.WebDataset(tars, shardshuffle=False).decode("rgb8"))
    assert len(samples) == COUNT
    assert {json.dumps(sorted(key for key in sample if not key.startswith("__"))) for sample in samples} == {
        '["jpg", "json"]'
    }
