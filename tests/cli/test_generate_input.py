"""`synthtext generate` and what users get wrong: fonts, photographs, charsets, corpora, numbers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from command_line import Command, fault

PHOTOS = ("--set", "background.kinds={photo: 1}")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("gone.ttf", None, ["gone.ttf", "no such file or folder", "check the path"]),
        ("empty.ttf", b"", ["empty.ttf", "not a usable font"]),
        ("junk.ttf", b"junk" * 100, ["junk.ttf", "not a usable font", "replace the file"]),
        ("cut.ttf", 9000, ["cut.ttf", "replace the file or leave it out"]),
    ],
)
def test_fonts__file(generate: Command, font: Path, name: str, data: bytes | int | None, words: list[str]) -> None:
    if data is not None:
        Path(name).write_bytes(font.read_bytes()[:data] if isinstance(data, int) else data)
    line = fault(generate("--fonts", name))
    assert all(word in line for word in words), line
    assert line.count(name) <= 2
    assert not Path("d").exists()


def test_fonts__folder(generate: Command, font: Path) -> None:
    assert "no such file or folder" in fault(generate("--fonts", "own"))
    Path("own").mkdir()
    Path("own/readme.txt").write_text("no font")
    assert "holds no font file (.otc, .otf, .ttc, .ttf)" in fault(generate("--fonts", "own"))
    Path("own/one.ttf").write_bytes(b"junk")
    assert "the only font file cannot be used" in fault(generate("--fonts", "own"))
    Path("own/two.ttf").write_bytes(b"junk")
    assert "none of its 2 font files can be used; the first: " in fault(generate("--fonts", "own"))
    shutil.copy(font, "own")
    result = generate("--fonts", "own")
    assert result.code == 0
    notes = result.err.splitlines()
    assert [note.startswith("synthtext: note: left out: ") for note in notes] == [True, True]


def test_backgrounds__folder(generate: Command, photo: Path) -> None:
    assert "own is neither a folder nor a list of photographs;" in fault(generate("--backgrounds", "own", *PHOTOS))
    Path("own").mkdir()
    assert "holds no image; name a folder" in fault(generate("--backgrounds", "own", *PHOTOS))
    Path("own/notes.txt").write_text("no photograph")
    assert "holds no image; its 1 files are of other types" in fault(generate("--backgrounds", "own", *PHOTOS))
    line = fault(generate("--backgrounds", "own/notes.txt", *PHOTOS))
    assert "notes.txt: line 1: expected the path of an image (.jpg, .png, ...), found 'no photograph'" in line
    Path("own/cut.jpg").write_bytes(photo.read_bytes()[:5000])
    assert "none of the 1 image files" in fault(generate("--backgrounds", "own", *PHOTOS))
    shutil.copy(photo, "own")
    result = generate("--backgrounds", "own", *PHOTOS)
    assert result.code == 0
    assert "note: backgrounds: 1 files cannot be used, with 2 photographs looked at (such as " in result.err
    assert "cut.jpg: damaged" in result.err


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (None, ["charset file own.txt", "there is no such file"]),
        (b"", ["own.txt", "holds no character"]),
        (b"1\n2\n1\n", ["own.txt: line 3", "was in line 1 already"]),
        (b"\xef\xbb\xbf1\n2\n", ["own.txt: line 1", "byte order mark"]),
        (b"12\n3\n", ["own.txt: line 1", "write one a line"]),
        ("的\n".encode("gbk"), ["own.txt: line 1", "is not UTF-8", "save the file as UTF-8"]),
        ("\U00012000\n".encode(), ["no face draws a single character"]),
    ],
)
def test_charset__file(generate: Command, data: bytes | None, words: list[str]) -> None:
    if data is not None:
        Path("own.txt").write_bytes(data)
    line = fault(generate("--charset", "own.txt"))
    assert all(word in line for word in words), line
    assert not Path("d").exists()


def test_charset__character_that_no_face_draws(generate: Command) -> None:
    Path("own.txt").write_text("1\n2\n3\n\U00012000\n", "utf-8")
    result = generate("--charset", "own.txt")
    assert result.code == 0
    assert "note: fonts: no face draws 1 of 4 characters of charset 'own' (\U00012000 U+12000)" in result.err
    line = fault(generate("--charset", "own.txt", "--per-char", 1, "--out", "e"))
    assert "U+12000" in line
    assert "add a font that has them or remove them from the charset" in line


def test_charset__name(generate: Command) -> None:
    assert "no charset is called 'digit'; did you mean digits?" in fault(generate("--charset", "digit"))
    assert "shipped are arabic, " in fault(generate("--charset", "zzz"))


def test_corpus__gbk(generate: Command) -> None:
    Path("own.txt").write_bytes("电话 123\n门牌 4567\n".encode("gbk"))
    mix = "text.mix={words: 0, mixed: 0, patterns: 0, names: 0, random: 0, lines: 1}"
    assert generate("--corpus", "own.txt", "--set", mix).code == 0
    labels = "".join(path.read_text("utf-8") for path in Path("d/rec").glob("t*.txt"))
    assert {line.split("\t")[1] for line in labels.splitlines()} <= {"123", "4567"}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (None, ["own.txt", "check the path"]),
        (b"", ["own.txt", "no line has a character"]),
        (b"letters only\n", ["own.txt", "no line has a character that is in the charset"]),
        (bytes(range(256)) * 4, ["own.txt: line 1", "no text file"]),
        (b"12\n3\x014\n", ["own.txt: line 2", "control character U+0001"]),
    ],
)
def test_corpus__file(generate: Command, data: bytes | None, words: list[str]) -> None:
    if data is not None:
        Path("own.txt").write_bytes(data)
    line = fault(generate("--corpus", "own.txt"))
    assert all(word in line for word in words), line
    assert not Path("d").exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--count", "-5"], ["--count: '-5' is not a count", "write 1000, 10k, 5M"]),
        (["--count", "5X"], ["--count: '5X' is not a count"]),
        (["--count", "0"], ["--count: '0' is not a whole number of at least 1"]),
        (["--count", "1.5"], ["--count: '1.5' is not a whole number"]),
        (["--count", ""], ["--count: '' is not a count"]),
        (["--split", "1:x"], ["--split: '1:x' is not a ratio", "6:2:2"]),
        (["--split", "0:0:0"], ["--split: '0:0:0'"]),
        (["--split", "1:1:1:1"], ["--split: '1:1:1:1'"]),
        (["--format", "nope"], ["--format: 'nope' is not known; there are paddleocr, lmdb"]),
        (["--format", "lmbd"], ["did you mean lmdb?"]),
        (["--format", ""], ["--format: '' is not known"]),
        (["--engine", "spark"], ["--engine: 'spark' is not known; there are local and ray"]),
        (["--start", "thread"], ["--start: 'thread' is not known"]),
        (["--preset", "rec-hz"], ["preset 'rec-hz' does not exist; did you mean 'rec-zh'?"]),
        (["--preset", "missing.yaml"], ["missing.yaml: cannot be read", "check the path"]),
        (["--set", "crop.height"], ["--set crop.height: expected key=value"]),
        (["--set", "=3"], ["--set =3: expected key=value"]),
        (["--set", "effects.blurr.chance=1"], ["--set effects.blurr.chance", "did you mean 'blur'?"]),
        (["--set", "effects.blur.chance=1.5"], ["--set effects.blur.chance: has to be at most 1, found 1.5"]),
        (["--per-char", "2"], ["--count: 12 samples cannot show each of 10 characters 2 times", "takes 20"]),
    ],
)
def test_options__one_line(generate: Command, options: list[str], words: list[str]) -> None:
    line = fault(generate(*options))
    assert all(word in line for word in words), line
    assert not Path("d").exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--workers", "0"], "Invalid value for '--workers'"),
        (["--seed", "-1"], "Invalid value for '--seed'"),
        (["--per-char", "0"], "Invalid value for '--per-char'"),
        (["--cuont", "5"], "No such option: --cuont"),
        (["extra"], "unexpected extra argument"),
    ],
)
def test_options__usage(generate: Command, options: list[str], words: str) -> None:
    result = generate(*options)
    assert result.code == 2
    assert words in " ".join(result.err.split())
    assert "Try 'synthtext generate -h' for help." in result.err
    assert "Traceback" not in result.err


def test_cache__folder_that_cannot_be_made(generate: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("file").write_text("")
    monkeypatch.setenv("SYNTHTEXT_CACHE", "file/cache")
    line = fault(generate())
    assert "set SYNTHTEXT_CACHE to another folder, or use --no-cache" in line
