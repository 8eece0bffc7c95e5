"""Contact sheets: everything is where it should be, and outlines lie on the pixels they name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from synthtext.errors import RunError
from synthtext.geometry import Warp
from synthtext.preview import (
    CELL_COLOR,
    INK_COLOR,
    LINE_COLOR,
    WORD_COLOR,
    contact_sheet,
    draw_quads,
    usual_columns,
    write_sheet,
)
from synthtext.values import Provenance, Sample, TextInstance


def sample(size_wh: tuple[int, int] = (60, 30), text: str = "a b", gray: bool = False) -> Sample:
    """A gray picture with two characters, each its own word."""
    width, height = size_wh
    ink = np.array([[10, 8, 20, 20], [35, 8, 45, 20]], np.float32) + np.float32(0.5)  # centres of pixels
    cell = ink + np.array([-4, -3, 4, 3], np.float32)
    instance = TextInstance(text, tuple(text.split()), (0, 1), ink, cell, Warp.identity())
    image = np.full((height, width) if gray else (height, width, 3), 128, np.uint8)
    return Sample(image, (instance,), Provenance(0, 0, "x", (), "plain", (), 1.0, 1.0))


def holds(image: np.ndarray, color: tuple[int, int, int]) -> bool:
    return bool((np.abs(image.astype(int) - color).max(axis=2) < 12).any())


@pytest.mark.parametrize(
    ("count", "columns", "captions"), [(1, 4, True), (4, 4, True), (5, 4, True), (5, 1, False), (3, 2, False)]
)
def test_contact_sheet__grid(count: int, columns: int, captions: bool) -> None:
    sheet = contact_sheet([sample() for _ in range(count)], columns, captions=captions)
    cell_h = 30 + (24 if captions else 0)
    across, down = min(columns, count), -(-count // columns)
    assert sheet.shape == (14 + down * (cell_h + 14), 14 + across * (60 + 14), 3)
    assert sheet.dtype == np.uint8
    assert int((sheet == 128).all(axis=2).sum()) >= count * 60 * 30


def test_contact_sheet__pictures_keep_their_size_but_for_long_ones() -> None:
    sheet = contact_sheet([sample((100, 40)), sample((4000, 40))], 4, captions=False)
    assert sheet.shape[1] < 1700
    assert (sheet[14:54, 14:114] == 128).all()
    assert not (sheet[14:54, 114:120] == 128).any()
    tall = contact_sheet([sample((40, 5000))], 4, captions=False)
    assert tall.shape[0] < 1000


def test_contact_sheet__gray_pictures() -> None:
    sheet = contact_sheet([sample(gray=True)], 1, "chars", captions=False)
    assert holds(sheet, INK_COLOR)


def test_contact_sheet__rejects_nothing() -> None:
    with pytest.raises(ValueError, match="at least one"):
        contact_sheet([])
    with pytest.raises(ValueError, match="at least one"):
        contact_sheet([sample()], 0)


@pytest.mark.parametrize(
    ("boxes", "drawn", "absent"),
    [
        (None, [], [INK_COLOR, CELL_COLOR, WORD_COLOR, LINE_COLOR]),
        ("chars", [INK_COLOR, CELL_COLOR, LINE_COLOR], [WORD_COLOR]),
        ("words", [WORD_COLOR, LINE_COLOR], [INK_COLOR, CELL_COLOR]),
        ("lines", [LINE_COLOR], [INK_COLOR, CELL_COLOR, WORD_COLOR]),
    ],
)
def test_contact_sheet__boxes(boxes, drawn, absent) -> None:
    item = sample()
    before = item.image.copy()
    sheet = contact_sheet([item], 1, boxes, captions=False)
    assert all(holds(sheet, color) for color in drawn)
    assert not any(holds(sheet, color) for color in absent)
    assert np.array_equal(item.image, before)


@pytest.mark.parametrize(
    "text", ["满减 活动", "Sale 50", "한국 어", "ไทย ก", "عرب ي", "हिन्दी क", "a" * 400 + " b", "\ue000 x"]
)
def test_contact_sheet__caption_stays_in_its_cell(text: str) -> None:
    sheet = contact_sheet([sample(text=text), sample()], 2)
    end = 14 + (sheet.shape[1] - 14) // 2 - 14  # of the first cell, which is as wide as its caption may be
    assert (sheet[44:68, 14:end] != (244, 244, 241)).any()
    assert (sheet[44:68, end + 1 : end + 14] == (244, 244, 241)).all()


def test_usual_columns__columns_of_text_stand_closer() -> None:
    wide, tall = sample((300, 48), "横"), sample((48, 300), "竖")
    assert [usual_columns(shown) for shown in ([wide], [tall], [wide, tall], [wide, tall, tall])] == [3, 12, 3, 12]
    assert contact_sheet([tall] * 24, usual_columns([tall])).shape[1] <= 1680


def test_contact_sheet__captions_of_columns_are_whole() -> None:
    narrow = sample((48, 300), "热烈欢迎各位领导莅临指导")
    sheet = contact_sheet([narrow], 3)
    caption = (sheet[314:] != (244, 244, 241)).any(axis=(0, 2))
    assert np.flatnonzero(caption).max() > 14 + 12 * 13  # twelve characters of 15 px, none cut off
    assert sheet.shape[1] < 560 + 28


def test_draw_quads__lies_on_the_edge_pixels() -> None:
    image = np.zeros((20, 30, 3), np.uint8)
    quad = np.array([[5.5, 4.5], [24.5, 4.5], [24.5, 14.5], [5.5, 14.5]], np.float32)  # centres of pixels
    found = draw_quads(image, quad, (255, 0, 0))
    expected = np.zeros((20, 30), bool)
    expected[4, 5:25] = expected[14, 5:25] = expected[4:15, 5] = expected[4:15, 24] = True
    assert np.array_equal(found[..., 0] > 127, expected)
    assert not image.any()
    assert not found[..., 1:].any()


def test_draw_quads__none_one_many_and_far_outside() -> None:
    image = np.zeros((10, 10, 3), np.uint8)
    quad = np.array([[1, 1], [8, 1], [8, 8], [1, 8]], np.float32)
    assert not draw_quads(image, np.zeros((0, 4, 2), np.float32), (9, 9, 9)).any()
    assert np.array_equal(draw_quads(image, quad, (9, 9, 9)), draw_quads(image, quad[None], (9, 9, 9)))
    draw_quads(image, quad * np.float32(1e9), (9, 9, 9))
    assert draw_quads(image, np.array([[1, 1], [8, 1], [4, 8]], np.float32), (9, 9, 9)).any()


@pytest.mark.parametrize("name", ["sheet.png", "sheet.jpg"])
def test_write_sheet__is_read_back(tmp_path: Path, name: str) -> None:
    sheet = np.zeros((20, 30, 3), np.uint8)
    sheet[...] = (200, 100, 50)
    write_sheet(tmp_path / name, sheet)
    with Pillow.open(tmp_path / name) as back:
        assert back.format == ("PNG" if name.endswith("png") else "JPEG")
        assert np.abs(np.asarray(back).astype(int) - sheet).max() < 6


def test_write_sheet__names_the_folder_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="missing"):
        write_sheet(tmp_path / "missing" / "sheet.png", np.zeros((4, 4, 3), np.uint8))
