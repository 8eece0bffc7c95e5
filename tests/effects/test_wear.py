"""Folds, dust and stains on paper."""

from __future__ import annotations

import numpy as np
from pictures import flat

from synthtext.effects.wear import crease, dust, stain


def test_crease__is_bright_on_one_side_and_dark_on_the_other() -> None:
    made = crease(flat(128), count=1.0, depth=0.4, width_frac=0.2, wear=0.0, angle_deg=0.0, at=0.13)[:, :, 0]
    assert made.max() > 160
    assert made.min() < 96
    steps = np.abs(np.diff(made.astype(int), axis=1)).max(axis=1)
    assert (steps > 40).all()  # the fold runs from the upper to the lower edge


def test_crease__wear_shows_as_a_pale_line() -> None:
    settings = {"count": 1.0, "depth": 0.0, "width_frac": 0.2, "angle_deg": 0.0, "at": 0.13}
    made = crease(flat(40), wear=1.0, **settings)[:, :, 0]
    assert (made.max(axis=1) > 110).all()
    assert (made > 60).mean() < 0.03


def test_dust__there_is_more_of_it_with_amount_and_it_has_its_value() -> None:
    for value, ground in ((0.0, 255), (255.0, 0)):
        hit = [
            (dust(flat(ground), amount=amount, strength=1.0, value=value, at_x=0.2, at_y=0.7) != ground).mean()
            for amount in (0.1, 0.4, 0.8)
        ]
        assert 0 < hit[0] < hit[1] < hit[2] < 0.2


def test_stain__covers_its_share_and_is_darkest_at_the_rim() -> None:
    settings = {"strength": 0.4, "rim": 1.0, "size_frac": 0.5, "hue": 0.08, "saturation": 0.5}
    shares, rims = [], []
    for place in range(20):
        made = stain(flat(200, (96, 400)), share=0.4, at_x=place / 20, at_y=0.37 * place % 1, **settings)
        stained = made[:, :, 2] < 195
        shares.append(stained.mean())
        rims.append(made[:, :, 2].min())
        assert made[stained][:, 0].mean() > made[stained][:, 2].mean() + 10  # coffee is brown
    assert abs(np.mean(shares) - 0.4) < 0.08
