"""What hangs on a wall takes on the wall's fall of light and its grain, and no more than that."""

from __future__ import annotations

import numpy as np

from synthtext.geometry import Image
from synthtext.scenes.wall_light import light_of_wall, spread


def _wall(left: float, right: float, grain: float = 0.0) -> Image:
    ramp = np.linspace(left, right, 160)[None, :, None] + np.zeros((80, 1, 3))
    noise = np.random.default_rng(1).normal(0, 1, (80, 160, 1)) * grain
    return np.clip(ramp + noise, 0, 255).astype(np.uint8)


def test_light_of_wall__is_even_on_an_even_wall() -> None:
    assert np.abs(light_of_wall(_wall(140, 140), None).astype(int) - 128).max() <= 1


def test_light_of_wall__falls_as_on_the_wall() -> None:
    light = light_of_wall(_wall(120, 180), None).astype(float)
    assert light[:, :20].mean() < 116
    assert light[:, -20:].mean() > 140
    assert np.abs(light[:20].mean() - light[-20:].mean()) < 1


def test_light_of_wall__has_the_grain_of_the_wall_there() -> None:
    wall = _wall(140, 140, 3.0)
    light = light_of_wall(wall, None).astype(float)
    grain = wall[..., 0].astype(float)
    assert np.corrcoef((light - light.mean()).ravel(), (grain - grain.mean()).ravel())[0, 1] > 0.8


def test_light_of_wall__things_behind_do_not_show_through() -> None:
    wall = _wall(140, 140)
    wall[:, 70:90] = 10  # a lamp's dark foot
    light = light_of_wall(wall, None).astype(int)
    assert np.abs(light - 128).max() <= 32 + 9 + 1


def test_spread__is_the_things_own_fall_or_none() -> None:
    fall = np.tile(np.linspace(110, 146, 8).astype(np.uint8), (8, 1))
    assert spread(None, (40, 20)) is None
    large = spread(fall, (40, 20))
    assert large is not None
    assert large.shape == (20, 40)
    assert large[:, 0].mean() < 114 < 142 < large[:, -1].mean()
    both = light_of_wall(_wall(140, 140), fall).astype(int)
    assert both[:, 0].mean() < 114 < 142 < both[:, -1].mean()
