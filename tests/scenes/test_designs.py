"""The things on one picture come in few designs, and views stand alone on their pages."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from synthtext.api import load_config
from synthtext.assets.library import Assets, open_assets
from synthtext.config import Config
from synthtext.errors import ConfigError
from synthtext.pipeline import sample
from synthtext.rng import Streams
from synthtext.scenes import carriers, grounds
from synthtext.scenes.composition import Composition


@lru_cache(maxsize=4)
def _open(*sets: str) -> tuple[Config, Assets]:
    config = load_config("scene", sets=(*sets, "effects={}"))
    return config, open_assets(config, 3)


_SIGNS = ("background.kinds={wall: 1}", "page.lines=16", "page.carriers={sign: 1}", "page.forms={line: 1}")


def test_sample__signs_of_one_design_share_their_face_and_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[str, object]] = []
    make = carriers.make

    def noted(kind: str, draws: object, size: object, backgrounds: object, color: object = None) -> object:
        made.append((kind, color))
        return make(kind, draws, size, backgrounds, color)  # type: ignore[arg-type]

    monkeypatch.setattr(carriers, "make", noted)
    seen: dict[str, tuple[float, float]] = {}
    for designs in ("1", "60"):
        config, assets = _open(*_SIGNS, "fonts.latin_mix=0", f"page.designs={designs}")
        colors, faces = [], []
        for index in range(8):
            made.clear()
            page = sample(3, index, config, assets)
            assert len(page.instances) >= 12
            assert {kind for kind, _ in made} <= {"sign"}
            colors.append(len({color for _, color in made}))
            faces.append(len(page.provenance.fonts))
        seen[designs] = float(np.mean(colors)), float(np.mean(faces))
    assert seen["1"][0] == 1.0
    assert seen["1"][1] <= 3.0  # a face for Chinese, one for Latin text, and one that stands in
    assert seen["60"][0] > 4.0
    assert seen["60"][1] > seen["1"][1] + 3.0


def test_draw__photographs_side_by_side_are_no_views(monkeypatch: pytest.MonkeyPatch) -> None:
    grids: list[Composition] = []
    compose = grounds.composition

    def noted(*given: object) -> Composition | None:
        grid = compose(*given)  # type: ignore[arg-type]
        if grid is not None:
            grids.append(grid)
        return grid

    monkeypatch.setattr(grounds, "composition", noted)
    _, assets = _open("page.compose_chance=1", "page.distant_chance=0.5", "page.sizes={1280x720: 1}")
    assert assets.grounds is not None
    for index in range(120):
        assets.grounds.draw(Streams(3, index, 0).column("surface"), index)
    assert len(grids) >= 5
    assert not any(assets.grounds._known(photo).found.distant for grid in grids for photo, _ in grid.cells)


def test_load_config__refuses_no_designs() -> None:
    with pytest.raises(ConfigError, match="designs"):
        load_config("scene", sets=["page.designs=0"])
