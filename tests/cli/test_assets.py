"""`synthtext fonts` and `charset`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from command_line import Command, fault

from synthtext.assets.charset import shipped_charsets


def test_fonts__shipped(command: Command) -> None:
    result = command("fonts")
    assert result.code == 0
    lines = result.out.splitlines()
    assert lines[0].split() == ["face", "style", "chars", "scripts"]
    assert lines[-1] == f"{len(lines) - 2} faces"


def test_fonts__coverage(command: Command) -> None:
    result = command("fonts", "--charset", "zh_en")
    assert result.code == 0
    assert "together they draw all" in result.out
    assert "100.0 %" in result.out


def test_fonts__own_folder(command: Command, font: Path) -> None:
    Path("own").mkdir()
    shutil.copy(font, "own")
    Path("own/junk.ttf").write_bytes(b"junk")
    result = command("fonts", "own", "--charset", "greek")
    assert result.code == 0
    assert "Roboto-Regular" in result.out
    assert "left out: own/junk.ttf: not a usable font" in result.out


def test_fonts__wrong(command: Command) -> None:
    assert "own: no such file or folder" in fault(command("fonts", "own"))
    assert "no charset is called 'zh'" in fault(command("fonts", "--charset", "zh"))


def test_charset__list_and_show(command: Command) -> None:
    names = [line.split()[0] for line in command("charset", "list").out.splitlines()]
    assert names == list(shipped_charsets())
    assert command("charset", "show", "digits").out == "".join(f"{digit}\n" for digit in range(10))
    assert "did you mean digits?" in fault(command("charset", "show", "digit"))


def test_charset__check(command: Command) -> None:
    Path("own.txt").write_text("a\nb\na\n")
    result = command("charset", "check", "own.txt")
    assert (result.code, result.err) == (1, "")
    assert "own.txt: line 3: 'a' (U+0061) was in line 1 already" in result.out
    Path("own.txt").write_text("a\nb\n")
    assert command("charset", "check", "own.txt").out == "own.txt: 2 characters, no faults\n"
    assert "gone.txt: cannot be read" in fault(command("charset", "check", "gone.txt"))


def test_charset__build(command: Command) -> None:
    Path("text.txt").write_bytes("中文中 a\n".encode("gbk"))
    result = command("charset", "build", "text.txt", "--out", "made/own.txt")
    assert (result.code, result.out) == (0, "3 characters in made/own.txt\n")
    assert Path("made/own.txt").read_text("utf-8") == "中\n文\na\n"
    assert command("charset", "check", "made/own.txt").code == 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["gone.txt", "--out", "x.txt"], "gone.txt: there is no such file"),
        (["text.txt", "--out", "."], "--out: . is a folder"),
        (["text.txt", "--out", "text.txt/x.txt"], "--out: the folder of text.txt/x.txt cannot be made"),
        (["text.txt", "--out", "x.txt", "--order", "age"], "--order: 'age' is not known"),
        (["text.txt", "--out", "x.txt", "--min-count", "9"], "no character occurs 9 times"),
    ],
)
def test_charset__build_wrong(command: Command, options: list[str], words: str) -> None:
    Path("text.txt").write_text("abc\n")
    assert words in fault(command("charset", "build", *options))
