"""`synthtext generate` of pictures with many lines: options, and what users get wrong about them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
from command_line import Command, fault
from PIL import Image as Pillow

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
        (("--set", "page.lines=0"), ["a page without lines has no labels; ask for at least 1"]),
        (("--set", "page.em_px=[400, 500]"), ["em_px begins at 400 px", "no page is higher and wider than 360 px"]),
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


def _mixed_folder(folder: Path) -> None:
    """Fill a folder with photographs of all kinds that people have, some of which cannot be used."""
    folder.mkdir()
    noise = np.random.default_rng(1).normal(0, 6, (480, 640, 3))
    wall = np.clip(noise + np.linspace(70, 190, 640)[None, :, None], 0, 255).astype(np.uint8)
    written = cv2.putText(wall.copy(), "PARKING 24h", (40, 250), cv2.FONT_HERSHEY_SIMPLEX, 2.6, (20, 20, 20), 8)
    Pillow.fromarray(written).save(folder / "written.jpg")
    Pillow.fromarray(wall).convert("L").save(folder / "gray.jpg")
    Pillow.fromarray(wall).convert("CMYK").save(folder / "cmyk.jpg")
    cv2.imwrite(str(folder / "deep.png"), wall.astype(np.uint16) * 257)
    turned = Pillow.fromarray(np.rot90(wall))
    exif = turned.getexif()
    exif[0x0112] = 6
    turned.save(folder / "turned.jpg", exif=exif)
    Pillow.fromarray(wall[:20, :20]).save(folder / "tiny.png")
    (folder / "broken.jpg").write_bytes(b"\xff\xd8 no photograph")
    (folder / "drawn.svg").write_text("<svg/>")
    (folder / "notes.txt").write_text("no picture")


def test_generate__photographs_of_every_kind(command: Command) -> None:
    _mixed_folder(Path("photos"))
    lines = ("--set", "page.lines=[0, 9]", "--set", "background.kinds={photo: 1}")

    result = command(*SCENE, "--backgrounds", "photos", *lines)

    assert result.code == 0, result
    notes = result.out + result.err
    assert "backgrounds: 3 files cannot be used" in notes
    assert "`synthtext backgrounds FOLDER` looks at all" in notes
    assert len(list(Path("d/det").rglob("*.jpg"))) == 10
    assert command("verify", "d").code == 0
    listed = command("backgrounds", "photos").out
    assert "drawn.svg: is of a kind that is not read; convert it" in listed
    assert all(name in listed for name in ("tiny.png", "broken.jpg"))
    assert "notes.txt" not in listed


@pytest.mark.slow
def test_generate__scene_with_maps(command: Command) -> None:
    result = command(*SCENE, "--maps", "u8", "--maps-size", "half", "--level", "word")

    assert result.code == 0, result
    assert "score maps and masks" in result.out.splitlines()[0]
    manifest = json.loads(Path("d/manifest.json").read_bytes())
    assert manifest["formats"] == ["paddleocr", "craft"]
    assert len(list(Path("d/craft").glob("*/region/img_region_*.png"))) == 10
