"""The ground of a page: its free stretches and what is taken, against references in NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from synthtext.assets.regions import Region
from synthtext.scenes.ground import STEP_PX, Ground


def _ground() -> Ground:
    rng = np.random.default_rng(7)
    labels = rng.integers(1, 4, (45, 80)).astype(np.uint8)
    labels[10:30, 20:60] = 2
    ground = Ground(np.zeros((180, 320, 3), np.uint8), "plain", labels, [])
    ground.taken[15:18, 30:34] = 1
    return ground


@pytest.mark.parametrize("number", [None, 2])
@pytest.mark.parametrize("cell", [(12, 25), (16, 40), (29, 59), (20, 21)])
def test_room__ends_at_the_first_cell_that_is_taken_or_of_another_region(
    number: int | None, cell: tuple[int, int]
) -> None:
    ground, (row, column) = _ground(), cell
    region = None if number is None else Region(number, 1.0, 1.0, 1.0, (0.0, 0.0), (0.0, 0.0), (0.0, 0.0))
    shut = ground.taken > 0
    if number is not None:
        shut |= ground.labels != number
    left, right = column, column + 1
    while left and not shut[row, left - 1]:
        left -= 1
    while right < shut.shape[1] and not shut[row, right]:
        right += 1
    top, bottom = row, row + 1
    while top and not shut[top - 1, column]:
        top -= 1
    while bottom < shut.shape[0] and not shut[bottom, column]:
        bottom += 1
    found = ground.room(region, ((column + 0.5) * STEP_PX, (row + 0.5) * STEP_PX))
    assert found == (left * STEP_PX, top * STEP_PX, right * STEP_PX, bottom * STEP_PX)


def test_take__marks_the_quad_and_its_margin_and_fits_refuses_it() -> None:
    ground = _ground()
    ground.taken[:] = 0
    quad = np.array([[100, 60], [180, 60], [180, 100], [100, 100]], np.float32)
    assert ground.fits(quad.tolist(), None)
    ground.take(quad, 8.0)
    rows, columns = np.nonzero(ground.taken)
    assert (columns.min(), columns.max()) == (22, 46)
    assert (rows.min(), rows.max()) == (12, 26)
    assert not ground.fits(quad.tolist(), None)
    assert not ground.fits([(176, 96), (200, 96), (200, 110), (176, 110)], None)
    assert ground.fits([(200, 60), (240, 60), (240, 100), (200, 100)], None)


def test_fits__lets_a_line_stick_out_only_where_it_may() -> None:
    ground = _ground()
    ground.taken[:] = 0
    out = [(-30.0, 20.0), (90.0, 20.0), (90.0, 50.0), (-30.0, 50.0)]
    assert not ground.fits(out, None)
    assert ground.fits(out, None, edge=True)
    assert not ground.fits([(x - 100.0, y) for x, y in out], None, edge=True)
