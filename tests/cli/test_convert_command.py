"""`synthtext convert` at the command line: one line for what is wrong, a report for what was done."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from command_line import run_command as run

LINE = [{"transcription": "ab", "points": [[5, 5], [40, 5], [40, 20], [5, 20]]}]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    root = tmp_path / "source"
    root.mkdir()
    for number in range(5):
        image = np.full((40, 60, 3), 40 * number, np.uint8)
        cv2.imwrite(str(root / f"{number}.png"), image)
    lines = [f"{number}.png\t{json.dumps(LINE)}\n" for number in range(5)]
    (root / "train.txt").write_text("".join(lines))
    return root


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere", "--to", "coco"], "nowhere"),
        (["{source}", "--to", "cocoa"], "did you mean 'coco'"),
        (["{source}", "--to", "coco", "--from", "voc"], "--from"),
        (["{source}", "--to", "coco", "--split", "a"], "--split"),
        (["{source}", "--to", "coco", "--split", "0:0:0"], "--split"),
        (["{source}", "--to", "coco", "--images", "move"], "--images"),
        (["{source}", "--to", "coco", "--group-by", "("], "--group-by"),
        (["{source}", "--to", "coco", "--mix", "x"], "--mix"),
        (["{source}", "--to", "coco", "--category", "filed"], "there are printed (5)"),
        (["{source}", "--to", "coco", "--category", "printed", "--others", "hide"], "--others"),
        (["{source}", "--to", "lmdb", "--charset", "none.txt"], "none.txt"),
        (["{source}/train.txt/x", "--to", "coco"], "no such"),
    ],
)
def test_convert__bad_input_is_one_line(source: Path, tmp_path: Path, arguments: list[str], message: str) -> None:
    words = [word.format(source=source) for word in arguments]

    result = run("convert", *words, "--out", str(tmp_path / "out"))

    assert result.code == 2
    assert message in result.err
    assert len(result.err.strip().splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_convert__says_what_it_did(source: Path, tmp_path: Path) -> None:
    result = run("convert", str(source), "--to", "yolo,labelme", "--split", "3:1:1", "--out", str(tmp_path / "out"))

    assert result.code == 0, result.err
    assert "read 5 pictures with 5 texts" in result.out
    assert "train 3" in result.out
    assert "wrote 5 pictures as labelme" in result.out
    checked = run("verify", str(tmp_path / "out"))
    assert (checked.code, checked.out) == (0, f"{tmp_path / 'out'}: no faults\n")


def test_convert__json_and_strict(source: Path, tmp_path: Path) -> None:
    with (source / "train.txt").open("a") as file:
        file.write("5.png\n")

    told = run("convert", str(source), "--to", "coco", "--json", "--out", str(tmp_path / "out"))
    strict = run("convert", str(source), "--to", "coco", "--strict", "--out", str(tmp_path / "strict"))

    assert json.loads(told.out)["faults"] == [
        f"{source}/train.txt:6: no tab between path and list; write <path>TAB<JSON list>"
    ]
    assert strict.code == 1
    assert "train.txt:6" in strict.err
    assert not (tmp_path / "strict").exists()


def test_convert__reads_one_format_of_a_run_of_several(tmp_path: Path) -> None:
    made = tmp_path / "made"
    several = ("--preset", "scene", "--count", "10", "--format", "plain,yolo-obb,icdar2015", "--quiet")
    assert run("generate", *several, "--out", str(made)).code == 0

    told = run("convert", str(made), "--to", "coco", "--out", str(tmp_path / "coco"))
    named = run("convert", str(made), "--from", "plain", "--to", "coco", "--out", str(tmp_path / "plain"))
    lacking = run("convert", str(made), "--from", "craft", "--to", "coco", "--out", str(tmp_path / "craft"))
    inside = run("convert", str(made), "--to", "coco", "--out", str(made / "coco"))

    assert told.code == named.code == 0
    assert f"reading {made / 'icdar2015'} as icdar2015: all formats there hold the same pictures" in told.err
    assert "read 10 pictures" in told.out
    assert "read 10 pictures" in named.out
    assert "faults" not in told.out + named.out
    assert lacking.code == inside.code == 2
    assert "was not written as 'craft'; it has plain, icdar2015, yolo-obb" in lacking.err
    assert "which is read; choose another folder" in inside.err


def test_convert__mostly_faults_is_no_success(source: Path, tmp_path: Path) -> None:
    """A few faults are named and the rest is good; where most is at fault, the format is probably another one."""
    lines = (source / "train.txt").read_text().splitlines()
    (source / "train.txt").write_text("\n".join([*lines[:3], "3.png", "4.png"]) + "\n")
    few = run("convert", str(source), "--to", "coco", "--quiet", "--out", str(tmp_path / "few"))
    (source / "0.png").unlink()
    most = run("convert", str(source), "--to", "coco", "--quiet", "--out", str(tmp_path / "most"))

    assert few.code == 0
    assert few.err.startswith("2 faults in what was read, such as ")
    assert most.code == 1
    assert "3 of 5 pictures have faults" in most.err.splitlines()[-1]


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("1,1,9,1,9,9,1,9,a\r\n5,5,9,5,9,9,5,9,b\r\n", 0),  # line ends of another system
        ("1,1,9,1,9,9,1,9,a\n5,5,9\n", 1),  # pictures with faults are most
    ],
)
def test_convert__faults_within_label_files(label: str, code: int, tmp_path: Path) -> None:
    root = tmp_path / "source"
    root.mkdir()
    for number in range(4):
        cv2.imwrite(str(root / f"{number}.png"), np.full((40, 60, 3), 40 * number, np.uint8))
        (root / f"gt_{number}.txt").write_text("1,1,9,1,9,9,1,9,a\n5,5,9\n")

    told = run("convert", str(root), "--from", "icdar2015", "--to", "coco", "--out", str(tmp_path / "out"))

    assert told.code == 1
    assert "4 of 4 pictures have faults, 4 of 8 texts could not be read" in told.err


def test_convert__most_texts_misread_is_no_success(tmp_path: Path) -> None:
    """Pictures of another format have no labels where this one looks for them, and count as empty."""
    root = tmp_path / "source"
    for name in ("images", "labels"):
        (root / name).mkdir(parents=True)
    (root / "data.yaml").write_text("path: .\ntrain: images\nnames: [printed]\n")
    for number in range(6):
        cv2.imwrite(str(root / f"images/{number}.png"), np.full((40, 60, 3), 40 * number, np.uint8))
    (root / "labels/0.txt").write_text("0 0.1 0.1 0.9 0.1 0.9 0.9 0.1 0.9\n")
    (root / "labels/1.txt").write_text("1,1,9,1\n1,1,9,1\n")

    told = run("convert", str(root), "--from", "yolo-obb", "--to", "coco", "--out", str(tmp_path / "out"))

    assert told.code == 1
    assert "1 of 6 pictures have faults, 2 of 3 texts could not be read" in told.err

    (root / "labels/1.txt").unlink()
    for number in range(6):
        (root / f"labels/{number}.txt").write_bytes(b"0 0.1 0.1 0.9 0.1 0.9 0.9 0.1 0.9\r\n")

    remarks = run("convert", str(root), "--from", "yolo-obb", "--to", "coco", "--out", str(tmp_path / "out"))

    assert remarks.code == 0  # every file has a remark on its line ends, and every text was read
    assert "6 faults" in remarks.out
