"""Print dots, receipts, copies and faxes behave as the machines do."""

from __future__ import annotations

import numpy as np
import pytest
from pictures import bars, flat, period_px

from synthtext.effects.printing import fax, halftone, photocopy, scan_streaks, thermal


@pytest.mark.parametrize("level", [60, 128, 190])
def test_halftone__keeps_the_mean_brightness(level: int) -> None:
    made = halftone(flat(level, (96, 240)), pitch_px=6.0, strength=1.0, color=0.0, angle_deg=0.0)
    assert made.std() > 60
    assert abs(made.mean() - level) < 16


def test_halftone__dots_come_at_the_pitch() -> None:
    # The black screen stands at 45 degrees; turned by -45 its rows lie level.
    made = halftone(flat(128, (64, 320)), pitch_px=5.0, strength=1.0, color=0.0, angle_deg=-45.0)
    assert abs(period_px(made[:, :, 0].mean(axis=0)) - 5.0) < 0.1
    assert abs(period_px(made[:, :, 0].mean(axis=1)) - 5.0) < 0.4


def test_halftone__four_inks_print_colours_and_one_ink_prints_gray() -> None:
    red = flat()
    red[:] = (200, 60, 50)
    color = halftone(red, pitch_px=4.0, strength=1.0, color=1.0, angle_deg=0.0).reshape(-1, 3).mean(axis=0)
    assert color[0] - color[1] > 80
    mono = halftone(red, pitch_px=4.0, strength=1.0, color=0.0, angle_deg=0.0)
    assert np.ptp(mono, axis=2).max() == 0


def test_thermal__dead_elements_leave_white_upright_lines() -> None:
    black = flat(0)
    made = thermal(black, fade=0.0, patches=0.0, gaps=2.0, gap_px=1.5, bands=0.0, at=0.4)[:, :, 0]
    white = (made > 200).all(axis=0)
    assert 2 <= np.count_nonzero(np.diff(white.astype(int)) == 1) <= 6
    assert made[:, ~white].mean() < 90


def test_thermal__fades_ink_and_leaves_paper_white() -> None:
    settings = {"patches": 0.0, "gaps": 0.0, "gap_px": 1.0, "bands": 0.0, "at": 0.1}
    inks = [thermal(bars(bright=240), fade=fade, **settings)[:, :6].mean() for fade in (0.0, 0.3, 0.6)]
    papers = [thermal(bars(bright=240), fade=fade, **settings)[:, 9:15].mean() for fade in (0.0, 0.3, 0.6)]
    assert inks[0] + 40 < inks[1] < inks[2] - 40
    assert min(papers) > 235


def test_photocopy__is_nearly_black_and_white_and_keeps_the_bars() -> None:
    source = bars(90, 160)
    made = photocopy(source, contrast=12.0, level=0.0, dirt=0.0, at=0.5)
    assert ((made < 20) | (made > 235)).mean() > 0.95
    assert ((made[:, :, 0] < 128) == (source[:, :, 0] < 128)).mean() > 0.98


def test_photocopy__uneven_ground_stays_white() -> None:
    source = bars(20, 90).astype(float) * np.linspace(0.6, 2.4, 240)[None, :, None]
    made = photocopy(np.clip(source, 0, 255).astype(np.uint8), contrast=12.0, level=0.0, dirt=0.0, at=0.5)
    truth = bars()[:, :, 0] < 128
    assert ((made[:, :, 0] < 128) == truth).mean() > 0.93


@pytest.mark.parametrize("drop", [0.0, 0.1])
def test_fax__is_bilevel(drop: float) -> None:
    rng = np.random.default_rng(0)
    noisy = np.clip(bars().astype(int) + rng.normal(0, 20, (48, 240, 3)), 0, 255).astype(np.uint8)
    made = fax(noisy, row_px=2.0, dot_px=1.0, level=0.0, drop=drop, at=0.3)
    assert set(np.unique(made)) == {0, 255}


def test_fax__rows_have_the_height_and_lost_ones_are_white_or_repeated() -> None:
    slanted = flat(230)
    for row in range(48):
        slanted[row, 20 + row : 60 + row] = 10
    whole = fax(slanted, row_px=2.0, dot_px=1.0, level=0.0, drop=0.0, at=0.3)[:, :, 0]
    assert np.array_equal(whole[::2], whole[1::2])
    lost = fax(slanted, row_px=2.0, dot_px=1.0, level=0.0, drop=0.3, at=0.3)[::2, :, 0]
    changed = [row for row in range(24) if not np.array_equal(lost[row], whole[2 * row])]
    assert 3 <= len(changed) <= 13
    assert all(lost[row].min() == 255 or np.array_equal(lost[row], lost[row - 1]) for row in changed)


@pytest.mark.parametrize(("angle", "along"), [(0.0, 0), (1.0, 1)])
def test_scan_streaks__run_from_edge_to_edge(angle: float, along: int) -> None:
    made = scan_streaks(flat(128), amount=8.0, strength=0.4, width_px=1.5, angle=angle, at=0.6)[:, :, 0]
    assert made.std(axis=along).max() == 0
    assert made.std(axis=1 - along).max() > 4
