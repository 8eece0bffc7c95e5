"""`synthtext generate` of pictures with many lines: options, and what users get wrong about them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from command_line import Command, fault

SCENE = ("generate", "--preset", "scene", "--count", 10, "--out", "d", "--set", "page.sizes={480x360: 1}")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--maps", "npz"), ["--maps: 'npz' is not known", "none, npy, u8"]),
        (("--maps", "u8", "--maps-mode", "hard"), ["--maps-mode", "simple, craft"]),
        (("--maps-size", "half"), ["--maps-size", "add --maps npy or --maps u8"]),
        (("--level", "char"), ["--level: 'char' is not known", "line, word"]),
        (("--format", "lmdb"), ["lmdb holds crops of single lines", "paddleocr, webdataset, parquet, craft, plain"]),
        (("--format", "paddleocr", "--maps", "npy"), ["--maps", "--format paddleocr,craft"]),
        (("--format", "yolo-ob"), ["did you mean yolo-obb"]),
    ],
)
def test_generate__what_does_not_fit_pages(options: tuple[str, ...], words: list[str], command: Command) -> None:
    line = fault(command(*SCENE, *options))

    assert all(word in line for word in words), line
    assert not Path("d").exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--format", "craft"), ["craft holds pictures with many lines", "paddleocr, lmdb"]),
        (("--maps", "npy"), ["--maps: belongs to pictures with many lines", "preset rec-zh", "such as scene"]),
        (("--level", "word"), ["--level"]),
        (("--masks",), ["--masks"]),
        (("--polygons",), ["--polygons"]),
    ],
)
def test_generate__what_does_not_fit_crops(options: tuple[str, ...], words: list[str], generate: Command) -> None:
    line = fault(generate(*options))

    assert all(word in line for word in words), line
    assert not Path("d").exists()


def test_generate__maps_beyond_the_disk(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(".")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=10**9))

    line = fault(command(*SCENE[:3], "--count", "50k", "--out", "d", "--maps", "npy", "--quiet"), 1)

    assert "need about" in line
    assert "1.0 GB free" in line
    assert "--maps u8 needs less" in line


@pytest.mark.slow
def test_generate__scene_with_maps(command: Command) -> None:
    result = command(*SCENE, "--maps", "u8", "--maps-size", "half", "--level", "word")

    assert result.code == 0, result
    assert "score maps and masks" in result.out.splitlines()[0]
    manifest = json.loads(Path("d/manifest.json").read_bytes())
    assert manifest["formats"] == ["paddleocr", "craft"]
    assert len(list(Path("d/craft").glob("*/region/img_region_*.png"))) == 10
