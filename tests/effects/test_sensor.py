"""What electronics and software do to light and colour."""

from __future__ import annotations

import numpy as np
import pytest
from pictures import bars, flat

from synthtext.config import build_config
from synthtext.effects.process import posterise, sharpen
from synthtext.effects.sensor import bleed, dead_pixels, gamma_curve, low_light, saturate
from synthtext.errors import ConfigError


def _luma(image: np.ndarray) -> np.ndarray:
    return image.astype(float) @ np.array([0.299, 0.587, 0.114])


def _colorful() -> np.ndarray:
    image = flat(120)
    image[:, :80] = (180, 90, 80)
    image[:, 160:] = (70, 110, 170)
    return image


def test_low_light__dims_and_adds_noise_of_its_sigma_and_blotches_of_colour() -> None:
    settings = {"at_x": 0.2, "at_y": 0.6}
    grain = low_light(flat(160), gain=0.5, sigma=10.0, blotches=0.0, **settings).astype(float)
    assert abs(grain.mean() - 86) < 2
    assert abs(grain.std() - 10) < 1
    blotched = low_light(flat(160), gain=0.5, sigma=0.0, blotches=10.0, **settings).astype(float)
    neighbours = np.abs(np.diff(blotched, axis=1)).mean()
    assert blotched.std() > 5
    assert neighbours < 0.5 * blotched.std()  # blotches are wider than a pixel
    assert np.ptp(blotched, axis=2).mean() > 5


def test_dead_pixels__are_as_many_as_asked() -> None:
    made = dead_pixels(flat(128, (200, 500)), salt=0.02, pepper=0.05, at_x=0.3, at_y=0.3)
    assert abs((made == 255).mean() - 0.02) < 0.003
    assert abs((made == 0).mean() - 0.05) < 0.004
    assert set(np.unique(made)) == {0, 128, 255}


def test_gamma__moves_the_middle_and_keeps_the_ends() -> None:
    ends = np.array([[0, 128, 255]], np.uint8)
    assert gamma_curve(ends, gamma=2.0).tolist() == [[0, 64, 255]]
    assert gamma_curve(ends, gamma=0.5).tolist() == [[0, 181, 255]]


@pytest.mark.parametrize("amount", [0.0, 0.5, 1.4])
def test_saturation__keeps_brightness(amount: float) -> None:
    made = saturate(_colorful(), amount=amount)
    np.testing.assert_allclose(_luma(made), _luma(_colorful()), atol=1.5)
    spread = np.ptp(_colorful()[0, 0].astype(float))
    assert abs(np.ptp(made[0, 0].astype(float)) - amount * spread) < 2


def test_chroma_bleed__smears_colour_and_leaves_brightness_sharp() -> None:
    made = bleed(_colorful(), length_px=12.0, lag_px=0.0)
    np.testing.assert_allclose(_luma(made), _luma(_colorful()), atol=3)
    red = made[0, :, 0].astype(int) - made[0, :, 2]
    assert np.count_nonzero((red[:160] > 5) & (red[:160] < 92)) >= 9


@pytest.mark.parametrize(
    ("effects", "path"),
    [
        ({"saturation": {"chance": 0.2}}, "effects.saturation"),
        (["blur", {"one_of": {"of": ["jpeg", "chroma_bleed"]}}], "effects.1.one_of.of.1.chroma_bleed"),
        ({"one_of": [{"of": ["saturation"]}]}, "effects.one_of.0.of.0.saturation"),
    ],
)
def test_color_only__in_gray_is_refused_with_its_place(effects: object, path: str) -> None:
    with pytest.raises(ConfigError) as caught:
        build_config({"effects": effects, "crop": {"color": "gray"}}, "my.yaml")
    expected = f"my.yaml: {path}: changes colours alone, and crop.color is gray, so nothing would show"
    assert str(caught.value).startswith(expected)
    assert "\n" not in str(caught.value)
    build_config({"effects": effects})
    build_config({"effects": {"saturation": {"chance": 0}, "tint": {"chance": 1}}, "crop": {"color": "gray"}})


def test_sharpen__overshoots_at_edges_and_nowhere_else() -> None:
    source = flat(160)
    source[:, 120:] = 90
    made = sharpen(source, amount=2.0, radius_px=1.0)[:, :, 0]
    assert made[:, 119].min() > 190
    assert made[:, 120].max() < 60
    assert np.all(made[:, :112] == 160)


def test_posterise__has_so_many_levels_and_dither_keeps_the_mean() -> None:
    ramp = np.tile(np.linspace(0, 255, 240).astype(np.uint8)[None, :, None], (48, 1, 3))
    banded = posterise(ramp, levels=4.0, dither=0.0)
    assert np.unique(banded).tolist() == [0, 85, 170, 255]
    assert np.all(np.diff(banded[0, :, 0].astype(int)) >= 0)
    dithered = posterise(flat(110), levels=4.0, dither=1.0)
    assert set(np.unique(dithered)) == {85, 170}
    assert abs(dithered.mean() - 110) < 4
    assert set(np.unique(posterise(flat(110), levels=4.0, dither=0.0))) == {85}


def test_bars__are_what_the_other_tests_take_them_for() -> None:
    assert bars()[0, :18, 0].tolist() == [40] * 6 + [210] * 12
