"""Contrast on every stretch, the rules of legibility, and accents that keep to them."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from synthtext.accents import accent, at_distance
from synthtext.color import lab, lab_of
from synthtext.contrast import Rules, Stretch, contrast, even, probe

LOOSE = Rules(lightness=12.0)
_CHANNEL = st.integers(0, 255)
_COLOR = st.tuples(_CHANNEL, _CHANNEL, _CHANNEL)
_UNIT = st.floats(0, 1, exclude_max=True)


def stretch(color: tuple[int, int, int], lost: float = 0.0) -> Stretch:
    return (*lab_of(color), lost)


@given(_COLOR, st.lists(_COLOR, min_size=1, max_size=5))
def test_contrast__is_the_least_of_all_stretches(color: tuple, surface: list) -> None:
    labs = np.array([lab_of(each) for each in surface])
    apart = labs - lab_of(color)
    expected = np.sqrt((apart**2).sum(axis=1)).min() if (abs(apart[:, 0]) >= 12.0).all() else 0.0
    assert contrast(color, [stretch(each) for each in surface], LOOSE) == pytest.approx(expected)


@given(_COLOR, st.lists(_COLOR, min_size=1, max_size=5), st.floats(0, 100))
def test_contrast__stopping_early_never_changes_whether_it_is_enough(
    color: tuple, surface: list, wanted: float
) -> None:
    stretches = [stretch(each, 3.0) for each in surface]
    whole, early = contrast(color, stretches, LOOSE), contrast(color, stretches, LOOSE, wanted)
    assert early == whole if whole >= wanted else early < wanted


@pytest.mark.parametrize(
    ("name", "text", "surface", "legible"),
    [
        ("red on blue", (220, 20, 30), (30, 60, 190), False),
        ("green on red", (20, 150, 50), (200, 20, 40), False),
        ("white on blue", (250, 250, 250), (30, 60, 190), True),
        ("yellow on red", (250, 210, 40), (200, 20, 30), True),
        ("light blue on navy", (130, 180, 250), (20, 40, 110), True),
        ("dark red on pink", (150, 10, 40), (240, 120, 160), True),
        ("grays", (90, 90, 90), (140, 140, 140), True),
    ],
)
def test_contrast__strong_colours_of_other_hues_need_more_lightness(
    name: str, text: tuple[int, int, int], surface: tuple[int, int, int], legible: bool
) -> None:
    strict = Rules(lightness=12.0, vivid_lightness=26.0)
    assert (contrast(text, [stretch(surface)], strict) > 0) == legible, name
    if abs(lab_of(text)[0] - lab_of(surface)[0]) > 12:
        assert contrast(text, [stretch(surface)], LOOSE) > 0, name


def test_contrast__a_restless_stretch_takes_its_part() -> None:
    white = (255, 255, 255)
    calm, restless = stretch((120, 120, 120)), stretch((120, 120, 120), 15.0)
    alone = contrast(white, [calm], LOOSE)
    assert contrast(white, [calm, restless], LOOSE) == pytest.approx(alone - 15.0)
    assert contrast(white, [stretch((120, 120, 120), 500.0)], LOOSE) == 0.0


@pytest.mark.parametrize("size_hw", [(48, 400), (400, 48), (48, 48), (8, 8), (1, 1), (3, 700)])
def test_probe__finds_each_stretch_of_a_line(size_hw: tuple[int, int]) -> None:
    height, width = size_hw
    image = np.full((height, width, 3), 40, np.uint8)
    along = image if width >= height else image.transpose(1, 0, 2)
    length = along.shape[1]
    along[:, length // 2 :] = 220
    found = probe(image, 0.0)
    lightness = [each[0] for each in found]
    assert len(found) >= 3
    assert min(lightness) == pytest.approx(lab_of((40, 40, 40))[0], abs=1) or length == 1
    assert max(lightness) == pytest.approx(lab_of((220, 220, 220))[0], abs=1)
    assert all(each[3] == 0.0 for each in found)


def test_probe__has_a_stretch_for_each_character() -> None:
    """A single square of another colour in a line of squares is seen, wherever it is."""
    for number in range(12):
        image = np.full((48, 12 * 48, 3), 60, np.uint8)
        image[:, number * 48 : (number + 1) * 48] = 200
        found = probe(image, 0.0)
        assert max(each[0] for each in found) == pytest.approx(lab_of((200, 200, 200))[0], abs=1)
        assert sum(each[0] > 60 for each in found) <= 2


def test_probe__agrees_with_all_pixels() -> None:
    rng = np.random.default_rng(2)
    coarse = rng.integers(0, 256, (2, 5, 3), np.uint8)
    image = cv2.resize(coarse, (480, 48), interpolation=cv2.INTER_CUBIC)
    found = probe(image, 1.0)
    parts = np.array_split(lab(image), len(found), axis=1)
    for (light, red, yellow, lost), part in zip(found, parts, strict=True):
        middle = part[:, part.shape[1] // 2].astype(float)
        assert (light, red, yellow) == pytest.approx(tuple(middle.mean(axis=0)), abs=3)
        assert lost == pytest.approx(middle[:, 0].std(), abs=1.5)
    assert even((10, 200, 30))[0][:3] == lab_of((10, 200, 30))


def test_probe__tells_restless_from_calm() -> None:
    rng = np.random.default_rng(0)
    calm = np.full((48, 400, 3), 128, np.uint8)
    noisy = np.repeat(rng.integers(0, 256, (48, 400, 1), np.uint8), 3, axis=2)
    assert max(each[3] for each in probe(calm, 1.0)) < 0.5
    measured = np.mean([each[3] for each in probe(noisy, 1.0)])
    assert measured == pytest.approx(lab(noisy)[..., 0].std(), rel=0.25)
    halved = np.mean([each[3] for each in probe(noisy, 0.5)])
    assert halved == pytest.approx(measured / 2)


@given(st.lists(_COLOR, min_size=1, max_size=4), _COLOR, st.floats(18, 60), _UNIT, st.floats(0, 12))
def test_at_distance__is_as_far_from_the_surface_as_was_asked(
    surface: list, hue: tuple, wanted: float, unit: float, lost: float
) -> None:
    stretches = [stretch(color, lost) for color in surface]
    rules = Rules(12.0, 24.0)
    _, a, b = lab_of(hue)
    made = at_distance(a, b, stretches, rules, wanted, unit)
    assume(made is not None)
    color, found = made  # type: ignore[misc]
    assert found >= wanted
    assert found == contrast(color, stretches, rules)


def test_at_distance__is_none_where_no_lightness_is_left() -> None:
    assert at_distance(0, 0, [stretch((0, 0, 0)), stretch((255, 255, 255))], LOOSE, 30.0, 0.5) is None


@given(st.tuples(*[_UNIT] * 7), _COLOR, st.integers(0, 1000))
def test_accent__on_a_photograph_is_a_colour_of_it_or_can_be_read_at_least(
    numbers: tuple, ground: tuple, seed: int
) -> None:
    whole = np.random.default_rng(seed).integers(0, 256, (5, 8, 3), np.uint8)
    stretches = [stretch(ground)]
    made = accent(numbers, whole, stretches, LOOSE, 30.0)
    assume(made is not None)
    color, found = made  # type: ignore[misc]
    assert found == contrast(color, stretches, LOOSE) >= 30.0


def test_accent__half_of_them_are_found_in_the_photograph() -> None:
    rng = np.random.default_rng(1)
    whole = rng.integers(0, 256, (60, 90, 3), np.uint8)
    pixels = {tuple(pixel) for pixel in whole.reshape(-1, 3).tolist()}
    stretches = [stretch((30, 30, 34))]
    count = 600
    made = [accent(rng.random(7).tolist(), whole, stretches, LOOSE, 25.0) for _ in range(count)]
    found = sum(each is not None and each[0] in pixels for each in made)
    assert found / count == pytest.approx(0.5, abs=0.06)
    assert len({each[0] for each in made if each}) > 300


def test_accent__opposite_hues_are_opposite() -> None:
    surface = [stretch((40, 70, 130))]
    _, a, b = lab_of((40, 70, 130))
    for light in (0.1, 0.5, 0.9):
        made = accent([0.1, 0, 0, light, 0.3, 0, 0], None, surface, LOOSE, 25.0)
        assert made is not None
        _, red, yellow = lab_of(made[0])
        angle = (a * red + b * yellow) / (math.hypot(a, b) * math.hypot(red, yellow))
        assert angle < -0.8
