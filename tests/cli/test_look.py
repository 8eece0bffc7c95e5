"""`synthtext preview`, `inspect`, `verify` and `bench`."""

from __future__ import annotations

import json
import shutil
from importlib import import_module
from pathlib import Path

import cv2
import pytest
from command_line import SMALL, Command, fault

from synthtext.inspect.bench import BenchResult


@pytest.mark.parametrize("boxes", [None, "chars", "words", "lines"])
def test_preview__sheet(command: Command, boxes: str | None) -> None:
    options = ["--boxes", boxes] if boxes else []
    result = command("preview", *SMALL, "-n", 3, "--out", "looks/sheet.png", *options)
    assert result.code == 0
    assert result.out == "3 samples of rec-zh in looks/sheet.png\n"
    assert cv2.imread("looks/sheet.png").shape[0] > 48


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--out", "sheet.gif"], "--out: sheet.gif is no picture; name a .png or .jpg file"),
        (["--out", "sheet"], "--out: sheet is no picture"),
        (["--out", "."], "--out: . is no picture"),
        (["--out", "folder.png"], "--out: folder.png is a folder"),
        (["--out", "file/sheet.png"], "--out: the folder of file/sheet.png cannot be made"),
        (["--boxes", "letters"], "--boxes: 'letters' is not known; there are chars, words and lines"),
        (["--count", "0"], "--count: '0'"),
        (["--preset", "rec"], "preset 'rec' does not exist"),
    ],
)
def test_preview__wrong_option(command: Command, options: list[str], words: str) -> None:
    Path("folder.png").mkdir()
    Path("file").write_text("")
    assert words in fault(command("preview", *SMALL, *options))


def test_inspect__text(command: Command, dataset: Path) -> None:
    result = command("inspect", dataset)
    assert result.code == 0
    assert "40 samples" in result.out
    assert "charset: 10 of 10 characters occur" in result.out


def test_inspect__json(command: Command, dataset: Path) -> None:
    result = command("inspect", dataset, "--json", "--limit", "10")
    assert result.code == 0
    found = json.loads(result.out)
    assert found["samples"] == 10
    assert found["partial"]


def test_inspect__html(command: Command, dataset: Path) -> None:
    result = command("inspect", dataset, "--html", "looks/report.html")
    assert result.code == 0
    assert result.err == "report in looks/report.html\n"
    assert "<html" in Path("looks/report.html").read_text("utf-8")


@pytest.mark.parametrize("name", ["inspect", "verify"])
def test_look__folder_without_a_dataset(command: Command, name: str) -> None:
    assert "gone: there is no such folder" in fault(command(name, "gone"))
    Path("empty").mkdir()
    assert "empty: no dataset is here" in fault(command(name, "empty"))
    assert "Missing argument" in command(name).err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--limit", "0"], "--limit: '0' is not a whole number"),
        (["--limit", "few"], "--limit: 'few' is not a count"),
        (["--html", "."], "--html: . is a folder"),
    ],
)
def test_inspect__wrong_option(command: Command, dataset: Path, options: list[str], words: str) -> None:
    assert words in fault(command("inspect", dataset, *options))


def test_verify__sound_and_broken(command: Command, dataset: Path) -> None:
    result = command("verify", dataset)
    assert (result.code, result.out, result.err) == (0, f"{dataset}: no faults\n", "")
    shutil.copytree(dataset, "copy")
    sorted(Path("copy").rglob("*.jpg"))[3].unlink()
    result = command("verify", "copy")
    assert result.code == 1
    assert "000000003.jpg: the image is missing" in result.out
    assert result.out.endswith("1 faults in copy\n")


def test_bench__stages(command: Command) -> None:
    result = command("bench", *SMALL, "--count", 50, "--warm", 50)
    assert result.code == 0
    assert "samples a second a core" in result.out
    assert {"write", "shape", "raster", "paint", "encode"} <= {line.split()[0] for line in result.out.splitlines()}


@pytest.mark.parametrize("maps", ["none", "u8", "npy"])
def test_bench__maps_are_a_stage(command: Command, maps: str) -> None:
    pages = ("--preset", "scene", "--set", "page.sizes={320x240: 1}")
    result = command("bench", *pages, "--count", 4, "--warm", 1, "--maps", maps)
    assert result.code == 0
    times = {line.split()[0]: float(line.split()[-1]) for line in result.out.splitlines()[3:]}
    assert ("maps" in times) is (maps != "none")
    assert times.get("maps", 1.0) > 0


@pytest.mark.parametrize(("preset", "usual"), [("rec-en", 5_000), ("document", 300)])
def test_bench__pages_are_few_by_default(
    command: Command, monkeypatch: pytest.MonkeyPatch, preset: str, usual: int
) -> None:
    asked = []

    def counted(config: object, assets: object, samples: int, seed: int, warm: int, _: object) -> BenchResult:
        asked.append((samples, warm))
        return BenchResult(samples, 1.0)

    monkeypatch.setattr(import_module("synthtext.cli.bench"), "run_bench", counted)

    assert command("bench", "--preset", preset).code == 0
    assert command("bench", "--preset", preset, "--count", 7).code == 0
    assert asked == [(usual, usual), (7, usual)]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--count", "0"], "--count: '0'"),
        (["--warm", "x"], "--warm: 'x'"),
        (["--preset", "no"], "preset 'no'"),
        (["--maps", "u8"], "--maps: belongs to pictures with many lines"),
        (["--preset", "scene", "--maps", "u4"], "--maps: 'u4' is not known"),
        (["--preset", "scene", "--maps-size", "half"], "add --maps npy or --maps u8"),
    ],
)
def test_bench__wrong_option(command: Command, options: list[str], words: str) -> None:
    assert words in fault(command("bench", *SMALL, *options))
