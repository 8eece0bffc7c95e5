"""Masks: laying through them, against floating-point references, and how well what is shown can be read."""

from __future__ import annotations

import numpy as np
import pytest

from synthtext.api import load_config, samples
from synthtext.assets.catalogue import shipped_fonts
from synthtext.color import difference
from synthtext.layers import embolden, lay, lay_image, may_be_bolder, moved, shine, swept
from synthtext.legibility import _means, _starts, shown_contrast


def _picture(seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (20, 31, 3), dtype=np.uint8), rng.integers(0, 256, (20, 31), dtype=np.uint8)


@pytest.mark.parametrize("color", [(0, 0, 0), (255, 255, 255), (200, 30, 7)])
def test_lay__is_the_mean_weighted_by_the_mask(color: tuple[int, int, int]) -> None:
    surface, mask = _picture()
    share = mask[..., None] / 255.0
    expected = surface * (1 - share) + np.array(color) * share
    lay(surface, mask, color)
    np.testing.assert_allclose(surface, expected, atol=1.01)


def test_lay__without_ink_changes_nothing() -> None:
    surface, mask = _picture()
    before = surface.copy()
    lay(surface, np.zeros_like(mask), (200, 30, 7))
    np.testing.assert_array_equal(surface, before)


def test_lay_image__is_the_mean_weighted_by_the_mask() -> None:
    surface, mask = _picture()
    coat, _ = _picture(4)
    share = mask[..., None] / 255.0
    expected = surface * (1 - share) + coat * share
    lay_image(surface, mask, coat)
    np.testing.assert_allclose(surface, expected, atol=1.01)


def test_shine__adds_and_saturates() -> None:
    surface, mask = _picture()
    expected = np.minimum(255, surface + mask[..., None] / 255.0 * np.array((255, 100, 0)))
    shine(surface, mask, (255, 100, 0))
    np.testing.assert_allclose(surface, expected, atol=1.01)


@pytest.mark.parametrize(("dx", "dy"), [(0, 0), (3, 1), (-4, 2), (40, 0)])
def test_moved__comes_in_empty(dx: int, dy: int) -> None:
    _, mask = _picture()
    expected = np.zeros_like(mask)
    for y in range(20):
        for x in range(31):
            if 0 <= x - dx < 31 and 0 <= y - dy < 20:
                expected[y, x] = mask[y - dy, x - dx]
    np.testing.assert_array_equal(moved(mask, dx, dy), expected)


@pytest.mark.parametrize("reach", [1, 2, 5, 8, 13])
def test_swept__covers_every_step(reach: int) -> None:
    mask = np.zeros((40, 40), np.uint8)
    mask[5, 6] = 255
    expected = np.zeros_like(mask)
    for step in range(reach + 1):
        expected[5 + step, 6 + step] = 255
    np.testing.assert_array_equal(swept(mask, reach, reach), expected)


def test_embolden__reaches_so_far() -> None:
    mask = np.zeros((21, 21), np.uint8)
    mask[10, 10] = 255
    rows, columns = np.nonzero(embolden(mask, 3))
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (7, 13, 7, 13)


def _letters(ink: tuple[int, int, int], ground: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray]:
    image = np.empty((48, 320, 3), np.uint8)
    image[:] = ground
    mask = np.zeros((48, 320), np.uint8)
    for left in range(10, 300, 30):
        mask[10:38, left : left + 6] = 255
    lay(image, mask, ink)
    return image, mask


@pytest.mark.parametrize(("ink", "ground"), [((20, 20, 20), (200, 200, 200)), ((180, 60, 60), (120, 90, 60))])
def test_shown_contrast__is_the_lab_difference(ink: tuple[int, int, int], ground: tuple[int, int, int]) -> None:
    image, mask = _letters(ink, ground)
    assert abs(shown_contrast(image, mask) - difference(ink, ground)) < 1.5


def test_means__are_those_of_the_pixels_of_each_cell() -> None:
    colors, mask = _picture()
    rows, columns = _starts(20, 3), _starts(31, 2)
    means, counts = _means(colors, mask, 110, (rows, columns))
    for row in range(3):
        for column in range(2):
            cell = slice(rows[row], rows[row + 1]), slice(columns[column], columns[column + 1])
            chosen = colors[cell][mask[cell] > 110]
            assert counts[row, column] == len(chosen)
            np.testing.assert_allclose(means[row, column], chosen.mean(axis=0))


def test_shown_contrast__is_that_of_the_weakest_part() -> None:
    image, mask = _letters((20, 20, 20), (200, 200, 200))
    image[24:, 160:] = (20, 20, 20)  # half of the line is lost in its lower part
    assert shown_contrast(image, mask) < 8
    tall = np.ascontiguousarray(image.transpose(1, 0, 2))
    assert shown_contrast(tall, np.ascontiguousarray(mask.T)) < 8


def test_shown_contrast__without_ink_is_nothing() -> None:
    image, mask = _letters((20, 20, 20), (200, 200, 200))
    assert shown_contrast(image, np.zeros_like(mask)) == 0.0


@pytest.mark.parametrize(
    ("name", "bolder"),
    [
        ("BlackHanSans-400", False),
        ("DelaGothicOne-400", False),
        ("NotoSansSC-Black", False),
        ("NotoSansSC-Regular", True),
        ("Montserrat-900", True),
    ],
)
def test_may_be_bolder__not_black_faces_of_many_strokes(name: str, bolder: bool) -> None:
    (font,) = [font for font in shipped_fonts().fonts if font.name == name]
    assert may_be_bolder(font) is bolder


def test_crops__black_hangul_is_never_made_bolder() -> None:
    config = load_config("rec-ko", sets=["ink.bold_chance=1", "text.length={min: 1, max: 6}"])
    faces = {True: set[str](), False: set[str]()}
    for sample in samples(config, 60):
        faces["bold" in sample.provenance.effects].add(sample.provenance.fonts[0])
    assert "BlackHanSans-400" in faces[False]
    assert "BlackHanSans-400" not in faces[True]
    assert "Jua-400" in faces[True]
