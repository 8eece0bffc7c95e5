"""Things that lie over the text lie where they say, in the colour they say."""

from __future__ import annotations

import numpy as np
import pytest
from pictures import flat

from synthtext.effects.obstacles import fence, fingers, leaves
from synthtext.effects.overlay import blots, sticker, stroke, tape


def test_stroke__runs_from_start_to_end_with_its_thickness() -> None:
    settings = {"wander": 0.0, "opacity": 1.0, "hue": 0.0, "value": 0.0, "at": 0.2}
    made, cover = stroke(flat(255), start=0.2, end=0.8, thickness_frac=0.125, **settings)
    columns = np.nonzero(cover.max(axis=0))[0]
    assert np.ptp(columns) > 120
    heights = np.array([np.nonzero(cover[:, x] > 128)[0].mean() for x in columns[5:-5]])
    assert heights[0] < 22 < 26 < heights[-1]
    thick = (cover[:, columns[20:-20]] > 128).sum(axis=0)
    assert 4 <= np.median(thick) <= 9
    assert made[cover == 255].max() == 0


def test_tape__is_a_straight_strip_of_its_width_and_lets_text_through() -> None:
    settings = {"hue": 0.1, "saturation": 0.3, "at": 0.4}
    _, cover = tape(flat(90), x=0.5, width_frac=0.5, angle_deg=90.0, opacity=0.4, **settings)
    stuck = cover > 0
    assert stuck.any(axis=0).sum() == pytest.approx(24, abs=2)
    assert np.array_equal(stuck.any(axis=0), stuck.all(axis=0))
    assert 60 <= cover.max() <= 103


def test_sticker__hides_a_disc_or_a_square_of_its_size() -> None:
    settings = {"angle_deg": 0.0, "opacity": 1.0, "hue": 0.5, "value": 0.8}
    _, disc = sticker(flat(), x=0.5, y=0.5, radius_frac=0.25, square=0.0, **settings)
    assert np.count_nonzero(disc > 128) == pytest.approx(np.pi * 12**2, rel=0.05)
    _, square = sticker(flat(), x=0.5, y=0.5, radius_frac=0.25, square=1.0, **settings)
    assert np.count_nonzero(square > 128) == pytest.approx(24 * 19.2, rel=0.08)
    assert abs(np.nonzero(disc)[1].mean() + 0.5 - 120) < 0.6


def test_blots__hide_their_share() -> None:
    settings = {"size_frac": 0.3, "opacity": 1.0, "hue": 0.0, "saturation": 0.0, "value": 0.1}
    shares = [blots(flat(), share=0.2, at_x=n / 9, at_y=n / 7, **settings)[1].mean() / 255 for n in range(20)]
    assert abs(np.mean(shares) - 0.2) < 0.05


@pytest.mark.parametrize("at", [0.05, 0.3, 0.55, 0.8, 0.95])
def test_leaves_and_fingers__come_in_from_an_edge(at: float) -> None:
    _, cover = leaves(flat(), count=5.0, size_frac=0.4, reach=0.1, hue=0.3, value=0.5, at=at)
    rows = cover.max(axis=1)
    assert min(rows[:12].max(), rows[-12:].max()) == 0 or max(rows[0], rows[-1]) > 0
    _, cover = fingers(flat(), count=2.0, width_frac=0.5, reach=0.3, at=at, tone=0.5)
    rows = np.nonzero(cover.max(axis=1) > 128)[0]
    assert rows.size == 0 or ((rows[0] == 0) != (rows[-1] == 47))
    assert rows.size <= 0.3 * 48 * 1.25 + 2


def test_fence__wires_have_their_pitch() -> None:
    settings = {"angle_deg": 0.0, "cross_deg": 90.0, "value": 60.0, "phase": 0.0}
    _, cover = fence(flat(200), pitch_frac=0.5, thickness_frac=0.08, **settings)
    clear = cover[:, np.arange(240)][12 + 6, :]
    starts = np.nonzero(np.diff((clear > 128).astype(int)) == 1)[0]
    assert set(np.diff(starts)) == {24}
    assert (clear > 128).mean() == pytest.approx(0.08 / 0.5, abs=0.05)
