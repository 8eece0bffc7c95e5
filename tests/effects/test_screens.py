"""Screens have their grids, and fields of a video their combs."""

from __future__ import annotations

import numpy as np
import pytest
from pictures import bars, flat, period_px

from synthtext.effects.screens import interlace, lcd, led, moire, scanlines

LED = {"dot": 0.8, "mono": 1.0, "hue": 0.0, "lit": 1.0, "dead": 0.0, "at": 0.5}


def test_led__has_a_grid_of_the_pitch_on_black() -> None:
    made = led(flat(200), pitch_px=6.0, **(LED | {"mono": 0.0, "lit": 0.0}))[:, :, 0].astype(float)
    assert abs(period_px(made.mean(axis=0)) - 6.0) < 0.1
    assert abs(period_px(made.mean(axis=1)) - 6.0) < 0.4
    assert made[3::6, 3::6].mean() > 200
    assert made[::6, ::6].mean() < 60


@pytest.mark.parametrize(("dark", "bright"), [(30, 220), (90, 150)])
def test_led__makes_text_glow_whatever_it_was(dark: int, bright: int) -> None:
    ink = bars(0, 255)[:, :, 0] == 0
    for source in (bars(dark, bright), bars(bright, dark)):
        made = led(source, pitch_px=3.0, **LED)
        assert made[ink][:, 0].mean() > 2.0 * made[~ink][:, 0].mean()
        assert made[..., 0].mean() > 5.0 * made[..., 2].mean()  # red lamps


def test_led__dead_lamps_are_dark() -> None:
    lit = LED | {"mono": 0.0, "lit": 0.0}
    whole = led(flat(255), pitch_px=6.0, **lit)[3::6, 3::6, 0]
    broken = led(flat(255), pitch_px=6.0, **(lit | {"dead": 0.2}))[3::6, 3::6, 0]
    assert whole.min() > 250
    assert 0.08 < (broken < 100).mean() < 0.35


def test_lcd__stripes_of_three_colours_follow_each_other() -> None:
    made = lcd(flat(128), pitch_px=6.0, depth=0.8, gap=0.0, phase=0.0).astype(float).mean(axis=0)
    assert all(abs(period_px(made[:, channel]) - 6.0) < 0.1 for channel in range(3))
    peaks = [int(np.argmax(made[:6, channel])) for channel in range(3)]
    assert peaks == sorted(peaks)
    assert len(set(peaks)) == 3
    assert abs(made.mean() - 128) < 8


def test_scanlines__darken_rows_at_the_period() -> None:
    made = scanlines(flat(128), period_px=4.0, depth=0.5, phase=0.0)[:, :, 0].astype(float)
    assert made.std(axis=1).max() == 0
    assert abs(period_px(made[:, 0]) - 4.0) < 0.2


def test_moire__bands_have_their_period_and_colours() -> None:
    settings = {"angle_deg": 0.0, "bend": 0.0, "strength": 0.3, "phase": 0.0}
    gray = moire(flat(128), period_frac=0.5, color=0.0, **settings)
    assert np.ptp(gray, axis=2).max() == 0
    assert abs(period_px(gray[0, :, 0].astype(float)) - 24.0) < 0.5
    assert np.ptp(moire(flat(128), period_frac=0.5, color=1.0, **settings).astype(int), axis=2).max() > 30


def test_interlace__alternates_rows_about_the_true_place() -> None:
    source = flat(255)
    source[:, 100:110] = 0
    made = interlace(source, shift_px=6.0, share=1.0)[:, :, 0]
    assert np.array_equal(np.nonzero(made[0] < 128)[0], np.arange(103, 113))
    assert np.array_equal(np.nonzero(made[1] < 128)[0], np.arange(97, 107))
    assert np.array_equal(made[0::2], np.tile(made[0], (24, 1)))
    assert np.array_equal(made[1::2], np.tile(made[1], (24, 1)))
