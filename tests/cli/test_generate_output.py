"""`synthtext generate` and its folder: what is there already, going on, and what is printed."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from command_line import SMALL, Command, fault


def test_generate__goes_on(generate: Command) -> None:
    first = generate()
    assert first.code == 0
    assert first.err == ""
    assert "12 samples in " in first.out
    assert "made 12 in " in first.out
    assert "check it with: synthtext verify " in first.out
    again = generate()
    assert again.code == 0
    assert "12 samples in " in again.out
    assert "made " not in again.out
    more = generate("--count", 15)
    assert more.code == 0
    assert "15 samples in " in more.out
    assert "was begun with --count 15, which cannot shrink to 12" in fault(generate())


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--seed", "1"], "seed: 0 there, 1 now"),
        (["--split", "8:1:1"], "split: 6:2:2 there, 8:1:1 now"),
        (["--format", "lmdb"], "formats: paddleocr there, lmdb now"),
        (["--set", "crop.height=32"], "config.crop.height: 48 there, 32 now"),
        (["--preset", "rec-en"], "config.preset: rec-zh there, rec-en now"),
    ],
)
def test_generate__another_run_is_there(command: Command, dataset: Path, options: list[str], words: str) -> None:
    before = (dataset / "manifest.json").read_bytes()
    small = ["generate", *SMALL, "--count", 40, "--out", dataset, "--quiet"]
    line = fault(command(*small, *options))
    assert "holds another dataset" in line
    assert words in line
    assert "choose another --out, or ask for the same again" in line
    assert (dataset / "manifest.json").read_bytes() == before


def test_generate__same_again_after_a_refusal(command: Command, dataset: Path) -> None:
    result = command("generate", *SMALL, "--count", 40, "--out", dataset, "--quiet")
    assert result.code == 0
    assert "made " not in result.out
    assert command("verify", dataset).code == 0


def test_generate__foreign_files(generate: Command) -> None:
    Path("d").mkdir()
    Path("d/thesis.tex").write_text("mine")
    line = fault(generate())
    assert "d: holds other things (thesis.tex) and no manifest" in line
    assert [path.name for path in Path("d").iterdir()] == ["thesis.tex"]
    Path("d/thesis.tex").unlink()
    assert generate().code == 0


def test_generate__out_is_a_file(generate: Command) -> None:
    Path("d").write_text("mine")
    assert "d: is a file; choose another --out" in fault(generate())
    assert Path("d").read_text() == "mine"


def test_generate__out_cannot_be_written(generate: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    make = Path.mkdir

    def refuse(self: Path, mode: int = 0o777, parents: bool = False, exist_ok: bool = False) -> None:
        if self.name == "d":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))
        make(self, mode, parents, exist_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "mkdir", refuse)
        line = fault(generate(), code=1)
    assert "d: cannot be written (Permission denied" in line
    assert "choose another --out or its permissions" in line
    assert generate().code == 0


@pytest.mark.parametrize(
    ("out", "words"),
    [
        ("file/d", "file/d: cannot be written (Not a directory"),
        ("x" * 300, "cannot be written (File name too long"),
        ("lost", "lost: cannot be written (File exists"),
        ("lost/d", "lost/d: cannot be written ("),
    ],
)
def test_generate__out_cannot_be_made(generate: Command, out: str, words: str) -> None:
    Path("file").write_text("mine")
    Path("lost").symlink_to("gone")
    line = fault(generate("--out", out), code=1)
    assert words in line
    assert "choose another --out" in line
    assert "goes on" not in line


def test_generate__damaged_manifest(generate: Command) -> None:
    assert generate().code == 0
    Path("d/manifest.json").write_text("{")
    assert "manifest.json: not a manifest of synthtext, or damaged" in fault(generate(), code=1)


def test_generate__default_folder_and_progress(command: Command) -> None:
    result = command("generate", *SMALL, "--count", 10, "--preset", "rec-en-word")
    assert result.code == 0
    assert result.err == "rec-en-word -> data/rec-en-word: 10 samples\n"
    assert Path("data/rec-en-word/manifest.json").is_file()


def test_generate__every_character(generate: Command) -> None:
    result = generate("--per-char", 2, "--count", 20)
    assert result.code == 0
    labels = "".join(path.read_text("utf-8") for path in sorted(Path("d/rec").glob("t*.txt")))
    labels += Path("d/rec/val.txt").read_text("utf-8")
    text = "".join(line.split("\t")[1] for line in labels.splitlines())
    assert all(text.count(digit) >= 2 for digit in "0123456789")


def test_generate__both_formats(generate: Command) -> None:
    assert generate("--format", "lmdb,paddleocr").code == 0
    assert Path("d/lmdb/train").is_dir()
    assert Path("d/rec/train.txt").is_file()
