"""How large a sheet may be: the native module against Python, and what it promises."""

from __future__ import annotations

import numpy as np
import pytest

from synthtext.assets.regions import Region
from synthtext.scenes.fit import Fit, Place, Sheet, fit, is_sound, plain_fit
from synthtext.scenes.ground import Ground

TRIES = 7


def _cases(seed: int, count: int) -> list[tuple[Ground, Place, Sheet]]:
    """Return grounds of two regions on which things stand, and sheets of any size and slope at free places."""
    draws = np.random.default_rng(seed)
    cases = []
    while len(cases) < count:
        height, width = (int(side) for side in draws.integers(60, 500, 2))
        rows, columns = -(-height // 4), -(-width // 4)
        labels = np.ones((rows, columns), np.uint8)
        labels[:, int(draws.integers(0, columns)) :] = 2
        labels[draws.random(labels.shape) < draws.choice([0.0, 0.03, 0.1])] = 0
        ground = Ground(np.zeros((height, width, 3), np.uint8), "plain", labels, [])
        for _ in range(int(draws.integers(0, 6))):
            row, column = int(draws.integers(0, rows)), int(draws.integers(0, columns))
            ground.taken[row : row + int(draws.integers(1, 9)), column : column + int(draws.integers(1, 9))] = 1
        at = float(draws.uniform(0, width)), float(draws.uniform(0, height))
        number = ground.number(at)
        if not number or not ground.free(at):
            continue
        across, upright = (
            (float(draws.normal(0, 0.2)), float(draws.normal(0, 0.2) / width)),
            (float(draws.normal(0, 0.2)), float(draws.normal(0, 0.2) / width)),
        )
        region = Region(number, 0.5, 0.1, 0.5, (width / 2, height / 2), across, upright)
        low = float(draws.uniform(4, 12))
        size = float(draws.uniform(0.8, 14)), float(draws.uniform(0.8, 6))
        sheet = Sheet(size, float(draws.normal(0, 0.2)), float(draws.uniform(low, 90)), low)
        cases.append((ground, Place(region, at, ground.room(region, at)), sheet))
    return cases


@pytest.mark.usefixtures("native_module")
def test_fit__finds_what_python_finds() -> None:
    kinds = set()
    for ground, place, sheet in _cases(0, 4000):
        found: Fit = fit(ground, place, sheet, TRIES)
        assert found == plain_fit(ground, place, sheet, TRIES)
        kinds.add((found[1], found[2] is None))
    assert len(kinds) >= 2 * TRIES - 1  # any number of tries, with and without success


@pytest.mark.usefixtures("native_module")
def test_fit__cells_on_the_outline_count() -> None:
    for ground, place, sheet in _cases(1, 1500):
        em_px, _, centre = fit(ground, place, sheet, TRIES)
        if centre is None:
            continue
        wide, high = sheet.size
        corners = place.region.corners(centre, wide * em_px, high * em_px, sheet.slope)
        for x, y in corners:
            ground.taken[:] = 0
            ground.taken[round(y / 4 - 0.5), round(x / 4 - 0.5)] = 1
            assert not ground.fits(corners, place.region.number)
            assert fit(ground, place, Sheet(sheet.size, sheet.slope, em_px, em_px), 1)[2] is None


def test_fit__never_more_than_asked_nor_smaller_than_it_may_be() -> None:
    for ground, place, sheet in _cases(2, 300):
        em_px, left, centre = fit(ground, place, sheet, TRIES)
        most, least = sheet.em_px, sheet.least_em_px
        assert 0 <= left < TRIES
        if centre is not None:
            assert least <= em_px <= most
            wide, high = sheet.size
            corners = place.region.corners(centre, wide * em_px, high * em_px, sheet.slope)
            assert ground.fits(corners, place.region.number)
            assert is_sound(corners)


def test_fit__no_tries() -> None:
    ground, place, sheet = _cases(3, 1)[0]
    assert fit(ground, place, sheet, 0) == (sheet.em_px, 0, None)
    assert plain_fit(ground, place, sheet, 0) == (sheet.em_px, 0, None)
