"""What hangs on a wall takes on the wall's fall of light and its grain, and no more than that; it casts a shadow."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import pytest

from synthtext.geometry import Image
from synthtext.native import native
from synthtext.scenes.hang import Shadow, hang, light_on, plain_hang, shade


def _light(wall: Image, fall: Image | None = None) -> Image:
    light = light_on((wall.shape[1], wall.shape[0]), cv2.cvtColor(wall, cv2.COLOR_RGB2GRAY), fall)  # type: ignore[arg-type]
    assert light is not None
    return light


def _wall(left: float, right: float, grain: float = 0.0) -> Image:
    ramp = np.linspace(left, right, 160)[None, :, None] + np.zeros((80, 1, 3))
    noise = np.random.default_rng(1).normal(0, 1, (80, 160, 1)) * grain
    return np.clip(ramp + noise, 0, 255).astype(np.uint8)


def test_light_on__is_even_on_an_even_wall() -> None:
    assert np.abs(_light(_wall(140, 140)).astype(int) - 128).max() <= 1


def test_light_on__falls_as_on_the_wall() -> None:
    light = _light(_wall(120, 180)).astype(float)
    assert light[:, :20].mean() < 116
    assert light[:, -20:].mean() > 140
    assert np.abs(light[:20].mean() - light[-20:].mean()) < 1


def test_light_on__has_the_grain_of_the_wall_there() -> None:
    wall = _wall(140, 140, 3.0)
    light = _light(wall).astype(float)
    grain = wall[..., 0].astype(float)
    assert np.corrcoef((light - light.mean()).ravel(), (grain - grain.mean()).ravel())[0, 1] > 0.8


def test_light_on__things_behind_do_not_show_through() -> None:
    wall = _wall(140, 140)
    wall[:, 70:90] = 10  # a lamp's dark foot
    light = _light(wall).astype(int)
    assert np.abs(light - 128).max() <= 32 + 4 + 1


def test_light_on__joints_of_bricks_do_not_show_through() -> None:
    wall = _wall(140, 140)
    wall[::12] = wall[:, ::30] = 70
    assert np.abs(_light(wall).astype(int) - 128).max() <= 16


def test_light_on__is_the_things_own_fall_or_none() -> None:
    fall = np.tile(np.linspace(110, 146, 8).astype(np.uint8), (8, 1))
    assert light_on((40, 20), None, None) is None
    large = light_on((40, 20), None, fall)
    assert large is not None
    assert large.shape == (20, 40)
    assert large[:, 0].mean() < 114 < 142 < large[:, -1].mean()
    both = _light(_wall(140, 140), fall).astype(int)
    assert both[:, 0].mean() < 114 < 142 < both[:, -1].mean()


def test_shade__lies_below_and_to_the_right_and_is_soft() -> None:
    alpha = np.zeros((80, 120), np.uint8)
    alpha[20:50, 30:80] = 255
    left = shade(alpha, Shadow(9.0, 0.4).numbers)
    assert left.min() == pytest.approx(255 * 0.6, abs=2)
    dark = 255.0 - left
    rows, columns = np.indices(left.shape)
    assert (dark * rows).sum() / dark.sum() == pytest.approx(34.5 + 4, abs=0.6)  # half of the reach further down
    assert (dark * columns).sum() / dark.sum() == pytest.approx(54.5 + 3, abs=0.6)
    assert np.abs(np.diff(left.astype(int), axis=0)).max() < 40
    assert (left[:12] == 255).all()
    assert (left[:, :20] == 255).all()


@pytest.mark.usefixtures("native_module")
@pytest.mark.parametrize("size_wh", [(1, 1), (2, 5), (5, 3), (6, 4), (61, 40), (128, 9), (300, 77)])
def test_hang__same_bytes_in_c_and_in_python(size_wh: tuple[int, int]) -> None:
    draws = np.random.default_rng(3)
    (width, height), page = size_wh, draws.integers(0, 256, (90, 330, 3), np.uint8)
    where = np.s_[7 : 7 + height, 3 : 3 + width]
    for reach, on_wall, falls in itertools.product((None, 0.5, 4.0, 9.0), (False, True), (False, True)):
        alpha = (draws.random((height, width, 1)) < 0.8) * draws.integers(0, 256, (height, width, 1))
        stamp = np.concatenate([draws.integers(0, 256, (height, width, 3)) * alpha // 255, alpha], axis=2)
        fall = draws.integers(60, 256, (8, 8), np.uint8) if falls else None
        shadow = None if reach is None else Shadow(reach, float(draws.random()))
        ours, theirs = page.copy(), page.copy()
        hang(ours[where], stamp.astype(np.uint8), shadow, fall, on_wall)
        gray = cv2.cvtColor(page[where], cv2.COLOR_RGB2GRAY) if on_wall else None
        numbers = (0, 0, 0, 0) if shadow is None else shadow.numbers
        plain_hang(theirs[where], stamp.astype(np.uint8), gray, fall, numbers)  # type: ignore[arg-type]
        np.testing.assert_array_equal(ours, theirs)  # and nothing beside it has changed


@pytest.mark.usefixtures("native_module")
def test_hang__leaves_other_pictures_to_python() -> None:
    draws = np.random.default_rng(4)
    page, stamp = draws.integers(0, 256, (20, 30, 3), np.uint8), draws.integers(0, 256, (20, 30, 4), np.uint8)
    assert native is not None
    assert not native.hang(page[:, ::-1], stamp, None, None, 0, 0, 0, 0)
    assert not native.hang(page, stamp[:10], None, None, 0, 0, 0, 0)
    assert not native.hang(page, stamp, None, np.zeros((4, 4), np.uint8), 0, 0, 0, 0)
