"""Third-party trainers' own readers accept a recognition dataset, and say so when it is damaged.

Each reader runs as a script in an environment of its own (`reader_envs`), or in ours where `lmdb` is
enough. Run with `pytest -m "slow and readers"`. An environment that cannot be made skips its tests; in CI
it fails them.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from reader_envs import PADDLE, PADDLEX, Environment, EnvironmentUnavailableError, clean_environ, interpreter

pytestmark = [pytest.mark.slow, pytest.mark.readers]

HERE = Path(__file__).parent
COUNT = 300
SPLITS = ("train", "val", "test")
LIMIT = ("timeout", "-k", "5", "300")
GENERATE = ("--preset", "rec-zh", "--count", str(COUNT), "--format", "paddleocr,lmdb", "--quiet")


@dataclass(frozen=True)
class Run:
    """How a reader ended: its exit code, all that it printed, and the report in its last line."""

    code: int
    output: str
    report: dict[str, Any]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a dataset of 300 crops as a user would make it."""
    out = tmp_path_factory.mktemp("third_party") / "rec"
    command = [*LIMIT, sys.executable, "-m", "synthtext", "generate", *GENERATE, "--out", str(out)]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    return out


@pytest.fixture(scope="module")
def label_lines(dataset: Path) -> dict[str, int]:
    """Return how many lines the label file of each split has."""
    return {split: (dataset / "rec" / f"{split}.txt").read_bytes().count(b"\n") for split in SPLITS}


@pytest.fixture(scope="module")
def paddle_python() -> Path:
    """Return the Python that has PaddleOCR's loaders."""
    return _python_of(PADDLE)


@pytest.fixture(scope="module")
def paddlex_python() -> Path:
    """Return the Python that has PaddleX's dataset checker."""
    return _python_of(PADDLEX)


def _python_of(environment: Environment) -> Path:
    try:
        return interpreter(environment)
    except EnvironmentUnavailableError as error:
        give_up = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        give_up(str(error))
        raise


def _run(python: Path | str, script: str, dataset: Path, home: Path) -> Run:
    """Run a reader's script on a dataset, with `home` for its caches, and end it after five minutes."""
    command = [*LIMIT, str(python), str(HERE / script), str(dataset)]
    done = subprocess.run(command, capture_output=True, check=False, env=clean_environ(home), cwd=home)
    printed = done.stdout.decode("utf-8", "replace")
    last = printed.rstrip("\n").rpartition("\n")[2]
    report = json.loads(last) if last.startswith("{") else {}
    return Run(done.returncode, printed + done.stderr.decode("utf-8", "replace"), report)


def test_manifest__counts_the_lines_of_the_label_files(dataset: Path, label_lines: dict[str, int]) -> None:
    counts = json.loads((dataset / "manifest.json").read_bytes())["counts"]

    assert counts == label_lines
    assert sum(label_lines.values()) == COUNT


def test_paddleocr__reads_every_sample(
    dataset: Path, label_lines: dict[str, int], paddle_python: Path, tmp_path: Path
) -> None:
    run = _run(paddle_python, "paddle_reader.py", dataset, tmp_path)

    assert run.code == 0, run.output
    assert "ppocr ERROR" not in run.output
    assert (run.report["error_lines"], run.report["failed"]) == (0, [])
    samples = {this["name"]: this["samples"] for this in run.report["passes"]}
    decoded = {this["name"]: this["decoded"] for this in run.report["passes"]}
    assert decoded == samples
    for where in ("folder", "lmdb"):
        assert {split: samples[f"{where} {split}"] for split in SPLITS} == label_lines
        assert samples[f"{where} train, shuffled"] == label_lines["train"]
        assert samples[f"{where} rec.yml Train"] == label_lines["train"]
        assert samples[f"{where} rec.yml Eval"] == label_lines["val"]
    assert samples["folder train, multi-scale"] >= label_lines["train"]


def test_paddlex__counts_every_sample(
    dataset: Path, label_lines: dict[str, int], paddlex_python: Path, tmp_path: Path
) -> None:
    run = _run(paddlex_python, "paddlex_check.py", dataset, tmp_path)

    assert run.code == 0, run.output
    assert run.report == {"counts": label_lines, "faults": []}


def test_lmdb_readers__find_the_samples_of_the_folder(
    dataset: Path, label_lines: dict[str, int], tmp_path: Path
) -> None:
    run = _run(sys.executable, "lmdb_readers.py", dataset, tmp_path)

    assert run.code == 0, run.output
    assert {split: run.report[split]["samples"] for split in SPLITS} == label_lines
    assert [run.report[split]["faults"] for split in SPLITS] == [[], [], []]


def _remove_picture(dataset: Path) -> None:
    next((dataset / "rec" / "images").rglob("*.jpg")).unlink()


def _break_picture(dataset: Path) -> None:
    next((dataset / "rec" / "images").rglob("*.jpg")).write_bytes(b"not a picture")


def _mark_dictionary(dataset: Path) -> None:
    path = dataset / "rec" / "dict.txt"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())


def _drop_character(dataset: Path) -> None:
    lines = (dataset / "rec" / "val.txt").read_text("utf-8").split("\n")
    char = next(text for _, text in (line.split("\t") for line in lines) if len(text) > 1)[0]
    path = dataset / "rec" / "dict.txt"
    path.write_bytes(path.read_bytes().replace(f"\n{char}\n".encode(), b"\n", 1))


def _lengthen_label(dataset: Path) -> None:
    path = dataset / "rec" / "val.txt"
    path.write_bytes(path.read_bytes().removesuffix(b"\n") + b"0" * 24 + b"\n")


@pytest.mark.parametrize(
    "damage", [_remove_picture, _break_picture, _mark_dictionary, _drop_character, _lengthen_label]
)
def test_paddleocr__sees_damage(
    damage: Callable[[Path], None], dataset: Path, paddle_python: Path, tmp_path: Path
) -> None:
    damaged = tmp_path / "damaged"
    shutil.copytree(dataset, damaged)
    damage(damaged)

    run = _run(paddle_python, "paddle_reader.py", damaged, tmp_path)

    assert run.code == 1, run.output
    failed = run.report["failed"]
    assert failed, run.output
    assert [name for name in failed if name.startswith("lmdb")] == [], run.output


def test_paddlex__sees_a_missing_picture(dataset: Path, paddlex_python: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged"
    shutil.copytree(dataset, damaged)
    _remove_picture(damaged)

    run = _run(paddlex_python, "paddlex_check.py", damaged, tmp_path)

    assert run.code != 0, run.output
    assert "DatasetFileNotFoundError" in run.output
