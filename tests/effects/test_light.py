"""Shadows, glare and air take and add light as they do outside."""

from __future__ import annotations

import numpy as np
import pytest
from pictures import bars, flat

from synthtext.effects.air import rain, veil
from synthtext.effects.flare import bloom, glare
from synthtext.effects.lens import chromatic, vignette
from synthtext.effects.shadow import blinds, dapple, shadow


def test_shadow__darkens_one_side_by_its_depth_and_is_cooler_there() -> None:
    made = shadow(flat(160), depth=0.5, angle_deg=0.0, at=0.5, softness_frac=0.02).astype(float)
    assert np.all(made[:, :110] == 160)
    assert abs(made[:, 130:].mean() - 80) < 6
    assert made[:, 130:, 2].mean() > made[:, 130:, 0].mean() + 4


@pytest.mark.parametrize("softness", [0.05, 1.0, 3.0])
def test_shadow__its_edge_is_as_soft_as_asked(softness: float) -> None:
    made = shadow(flat(200), depth=0.5, angle_deg=0.0, at=0.5, softness_frac=softness)[0, :, 1].astype(int)
    between = np.count_nonzero((made > 101) & (made < 199))
    assert 0.7 * softness * 48 - 3 <= between <= softness * 48 + 2


def test_blinds__have_their_period_and_share() -> None:
    settings = {"depth": 0.5, "angle_deg": 0.0, "softness": 0.0, "phase": 0.0}
    for duty in (0.3, 0.6):
        row = blinds(flat(200), period_frac=0.5, duty=duty, **settings)[0, :, 1].astype(int)
        assert abs((row < 150).mean() - duty) < 0.06
        rises = np.nonzero(np.diff((row < 150).astype(int)) == 1)[0]
        assert set(np.diff(rises)) == {24}


def test_dapple__shades_its_share_of_the_picture() -> None:
    shares = [
        (dapple(flat(200), depth=0.6, share=0.4, size_frac=0.4, softness=0.05, at_x=n / 9, at_y=n / 7) < 140).mean()
        for n in range(20)
    ]
    assert abs(np.mean(shares) - 0.4) < 0.08
    assert min(shares) < max(shares)


def test_glare__is_brightest_in_its_middle_and_hides_what_it_bleaches() -> None:
    settings = {"radius_frac": 0.5, "stretch": 1.0, "angle_deg": 0.0}
    made, cover = glare(bars(), x=0.5, y=0.5, strength=1.0, **settings)
    assert made[24, 114:126].min() == 255
    assert cover[24, 120] == 255
    assert np.abs(made[:, :40].astype(int) - bars()[:, :40]).max() < 16
    assert cover[:, :60].max() == 0
    assert glare(bars(), x=0.5, y=0.5, strength=0.3, **settings)[1].max() == 0


def test_bloom__clips_what_is_bright_and_spills_over_what_is_dark() -> None:
    made = bloom(bars(60, 230), gain=1.8, spill=0.6, radius_frac=0.1)
    assert made[:, 8:16].min() == 255
    assert made[:, 2:4].mean() > 60 * 1.8 + 5
    np.testing.assert_allclose(bloom(flat(60), gain=1.5, spill=0.6, radius_frac=0.1), 90, atol=1)


def test_veil__takes_contrast_by_its_density() -> None:
    settings = {"patches": 0.0, "size_frac": 1.0, "value": 220.0, "at_x": 0.1, "at_y": 0.1}
    ranges = [np.ptp(veil(bars(), density=density, **settings).astype(int)) for density in (0.0, 0.3, 0.6)]
    np.testing.assert_allclose(ranges, [170, 119, 68], atol=3)


def test_rain__streaks_are_longer_than_wide_and_brighten_the_dark() -> None:
    made = rain(flat(40), amount=0.6, tilt_deg=0.0, strength=0.8, at_x=0.3, at_y=0.3)[:, :, 0].astype(int)
    assert made.min() == 40
    assert 0.005 < (made > 80).mean() < 0.3
    assert np.abs(np.diff(made, axis=1)).mean() > 2 * np.abs(np.diff(made, axis=0)).mean()


def test_chromatic__red_and_blue_stray_from_green_in_opposite_directions() -> None:
    source = flat(255)
    source[:, 100:110] = 0
    made = chromatic(source, shift_px=3.0, angle_deg=0.0, radial=0.0)
    places = [np.nonzero(made[10, :, channel] < 128)[0].mean() for channel in range(3)]
    np.testing.assert_allclose(places, [107.5, 104.5, 101.5], atol=0.1)


def test_chromatic__radial_leaves_the_middle_alone() -> None:
    made = chromatic(bars(), shift_px=3.0, angle_deg=0.0, radial=1.0)
    fringes = np.ptp(made.astype(int), axis=2)
    assert fringes[:, 110:130].max() < 40
    assert fringes[:, :30].max() > 100


def test_vignette__takes_light_from_the_corners() -> None:
    made = vignette(flat(200, (96, 96)), strength=0.5, x=0.5, y=0.5)[:, :, 0].astype(float)
    assert abs(made[48, 48] - 200) < 3
    assert abs(made[0, 0] - 100) < 10
    assert made[0, 0] < made[0, 48] < made[48, 48]
