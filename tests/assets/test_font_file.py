from __future__ import annotations

import shutil
from pathlib import Path

import freetype as ft
import numpy as np
import pytest
from numpy.typing import NDArray

from synthtext.assets.font_file import FontFile
from synthtext.paths import data_dir

FACE = data_dir("fonts") / "zh/NotoSansSC-Regular.otf"


def _drawn(face: ft.Face, char: str) -> NDArray[np.uint8]:
    face.set_pixel_sizes(0, 32)
    face.load_char(char, ft.FT_LOAD_RENDER)
    bitmap = face.glyph.bitmap
    return np.array(bitmap.buffer, np.uint8).reshape(bitmap.rows, bitmap.pitch)


def _resident_kb(path: Path) -> int:
    wanted, total, inside = str(path.resolve()), 0, False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        if line.split(" ", 1)[0].count("-") == 1:
            inside = line.endswith(wanted) and " rw-p " in line
        elif inside and line.startswith("Rss:"):
            total += int(line.split()[1])
    return total


def test_font_file__draws_as_before_after_it_has_let_go() -> None:
    file, own = FontFile(str(FACE)), ft.Face(str(FACE))
    face = ft.Face(file)
    for char in "永和九年":
        assert np.array_equal(_drawn(face, char), _drawn(own, char))
        file.let_go()
        assert np.array_equal(_drawn(face, char), _drawn(own, char))


@pytest.mark.skipif(not Path("/proc/self/smaps").exists(), reason="reads the memory map that Linux shows")
def test_font_file__gives_its_pages_back(tmp_path: Path) -> None:
    path = tmp_path / FACE.name  # a file of its own: other tests' faces may hold pages of the shipped one
    shutil.copy(FACE, path)
    file = FontFile(str(path))
    face = ft.Face(file)
    for code in range(0x4E00, 0x5E00, 16):
        face.load_char(chr(code), ft.FT_LOAD_RENDER)
    held = _resident_kb(path)

    file.let_go()

    assert held > 1_000
    assert _resident_kb(path) < held / 10


def test_font_file__missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        FontFile(str(tmp_path / "none.ttf"))
