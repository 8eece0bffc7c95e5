"""`synthtext backgrounds`, and runs that leave out photographs which hold text."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_line import Command, fault
from fake_text import RedFinder, red_finder, save_photo, save_photos

from synthtext import api
from synthtext.assets import text_search
from synthtext.config import load_config

PHOTOS = ("--set", "background.kinds={photo: 1}")
SKIP = (*PHOTOS, "--set", "background.skip_text=true")


@pytest.fixture
def red(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> RedFinder:
    """The fake finder in place of rapidocr, and a cache that knows nothing."""
    monkeypatch.setenv("SYNTHTEXT_CACHE", str(tmp_path_factory.mktemp("cache")))
    find = RedFinder()
    monkeypatch.setattr(text_search, "shipped_finder", lambda: red_finder(find))
    return find


def test_backgrounds__folder(command: Command, photo: Path) -> None:
    Path("own").mkdir()
    Path("own/cut.jpg").write_bytes(photo.read_bytes()[:5000])
    Path("own/notes.txt").write_text("no photograph")
    result = command("backgrounds", "own")
    assert result.code == 1
    assert "1 image files, 1 looked at, 0 can be used" in result.out
    shutil.copy(photo, "own")
    result = command("backgrounds", "own")
    assert result.code == 0
    assert result.err == ""
    assert "2 image files, 2 looked at, 1 can be used\n1 other files were passed over\n" in result.out
    assert "cut.jpg: damaged" in result.out
    assert "gone is neither a folder nor a list of photographs" in fault(command("backgrounds", "gone"))


def test_backgrounds__limit(command: Command, photo: Path) -> None:
    result = command("backgrounds", photo.parent, "--limit", 5)
    assert result.code == 0
    assert "5 looked at, 5 can be used" in result.out
    assert "110 image files, 5 looked at, 5 can be used" in command("backgrounds", "--limit", 5).out


def test_backgrounds__shipped(command: Command) -> None:
    result = command("backgrounds")
    assert result.code == 0
    assert "cannot be used" not in result.out


def test_backgrounds__find_text(command: Command, red: RedFinder) -> None:
    save_photos(Path("own"), 9, with_text=[1, 4])
    save_photo(Path("own/faint.png"), (0, 0, 60, 40), weakness=4)
    Path("own/junk.jpg").write_bytes(b"junk")
    result = command("backgrounds", "own", "--find-text")
    assert (result.code, result.err) == (0, "")
    assert "11 image files, 11 looked at, 10 can be used" in result.out
    assert "2 of them hold text (score at least 0.8)\n" in result.out
    own = Path("own").absolute()
    assert f"  {own}/p001.png: 1 place, 6.25% of the picture, best score 1.00\n" in result.out
    again = command("backgrounds", "own", "--find-text", "--text-score", 0.5, "--text-share", 0.1)
    assert "1 of them hold text (score at least 0.5, on more than 0.1 of the picture)\n" in again.out
    assert "faint.png: 1 place, 25.00% of the picture, best score 0.60" in again.out
    assert len(red.seen) == 10
    assert command("backgrounds", "own", "--find-text", "--no-cache").code == 0
    assert len(red.seen) == 20


def test_backgrounds__list_that_generate_takes(command: Command, red: RedFinder) -> None:
    save_photos(Path("own"), 9, with_text=[1, 4])
    Path("own/junk.jpg").write_bytes(b"junk")
    result = command("backgrounds", "own", "--find-text", "--write-list", "lists/clean.txt")
    assert result.code == 0
    assert "7 photographs in lists/clean.txt: use it with --backgrounds lists/clean.txt\n" in result.out
    lines = Path("lists/clean.txt").read_text("utf-8").splitlines()
    own = Path("own").absolute()
    assert lines == [f"{own}/p{number:03}.png" for number in range(9) if number not in (1, 4)]
    small = ("generate", "--charset", "digits", "--count", 40, "--quiet", *PHOTOS, "--out", "d")
    assert command(*small, "--backgrounds", "lists/clean.txt").code == 0
    assert shown("d") == {f"photo:p{number:03}" for number in range(9) if number not in (1, 4)}
    assert command("backgrounds", "own", "--write-list", "all.txt").code == 0
    assert len(Path("all.txt").read_text().splitlines()) == 9


def test_backgrounds__list_wrong(command: Command, red: RedFinder) -> None:
    save_photos(Path("own"), 2, with_text=[0, 1])
    assert "--write-list: . is a folder" in fault(command("backgrounds", "own", "--write-list", "."))
    result = command("backgrounds", "own", "--find-text", "--write-list", "clean.txt")
    assert result.code == 1
    assert "2 of them hold text" in result.out
    assert not Path("clean.txt").exists()


def test_backgrounds__without_the_extra(command: Command, red: RedFinder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_search, "shipped_finder", lambda: None)
    save_photos(Path("own"), 2, with_text=[0])
    line = fault(command("backgrounds", "own", "--find-text"))
    assert "nobody has looked for text in 2 photographs" in line
    assert "pip install 'synthtext[textfinder]'" in line
    line = fault(command("generate", "--charset", "digits", "--count", 12, "--out", "d", "--backgrounds", "own", *SKIP))
    assert "pip install 'synthtext[textfinder]'" in line
    assert not Path("d").exists()


def shown(out: str) -> set[str]:
    """Which photographs a dataset shows."""
    return set(json.loads(Path(out, "manifest.json").read_text("utf-8"))["statistics"]["backgrounds"])


def test_generate__leaves_out_photographs_with_text(command: Command, red: RedFinder) -> None:
    save_photos(Path("own"), 8, with_text=[0, 3, 7])
    small = ("generate", "--charset", "digits", "--count", 60, "--quiet", "--backgrounds", "own")
    result = command(*small, *SKIP, "--out", "d")
    assert result.code == 0
    assert "note: backgrounds: 3 of 8 photographs hold text and are left out" in result.err
    assert shown("d") == {f"photo:p{number:03}" for number in (1, 2, 4, 5, 6)}
    assert command(*small, *PHOTOS, "--out", "e").code == 0
    assert len(shown("e")) == 8
    with_text, without = (json.loads(Path(out, "manifest.json").read_text("utf-8")) for out in ("e", "d"))
    assert (with_text["config"]["background"]["skip_text"], without["config"]["background"]["skip_text"]) == (0, 1)
    assert with_text["assets"]["backgrounds"] != without["assets"]["backgrounds"]
    assert with_text["config_digest"] != without["config_digest"]
    # It goes on with what is known; a photograph that has come since makes another dataset.
    more = command(*small, *SKIP, "--out", "d", "--count", 80)
    assert more.code == 0
    assert len(red.seen) == 8
    save_photo(Path("own/new.png"), (30, 20, 30, 20))
    assert command(*small, *SKIP, "--out", "d", "--count", 90).code == 0
    save_photo(Path("own/other.png"))
    assert "assets.backgrounds: " in fault(command(*small, *SKIP, "--out", "d", "--count", 100))


def test_preview__leaves_them_out_as_well(command: Command, red: RedFinder) -> None:
    save_photos(Path("own"), 3, with_text=[0])
    result = command("preview", "--charset", "digits", "--count", 3, "--backgrounds", "own", *SKIP)
    assert result.code == 0
    assert "1 of 3 photographs hold text" in result.err


@pytest.mark.slow
@pytest.mark.parametrize("method", ["spawn", "fork"])
@pytest.mark.parametrize("use_cache", [True, False])
def test_generate__workers_draw_from_what_was_chosen(
    tmp_path: Path, red: RedFinder, method: Any, use_cache: bool
) -> None:
    """The finder is in this process only: a worker that chose by itself would find no text."""
    save_photos(tmp_path / "own", 8, with_text=[0, 3, 7])
    config = load_config(
        "rec-zh",
        {"background.dirs": [str(tmp_path / "own")], "background.kinds": {"photo": 1}, "background.skip_text": True},
        ["charset=digits", "engine.shard_size=20"],
    )

    def run(out: str, **options: Any) -> Callable[[], bytes]:
        done = api.generate(config, tmp_path / out, 80, use_cache=use_cache, method=method, **options)
        assert done.status == "complete"
        images = sorted((tmp_path / out / "rec" / "images").rglob("*.jpg"))
        assert len(images) == 80
        return lambda: b"".join(image.read_bytes() for image in images)

    two = run("two", workers=2)
    assert shown(str(tmp_path / "two")) == {f"photo:p{number:03}" for number in (1, 2, 4, 5, 6)}
    assert len(red.seen) == 8
    assert run("one", workers=1)() == two()
