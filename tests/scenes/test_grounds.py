"""What the grounds of pages keep of photographs."""

from __future__ import annotations

import weakref
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import cv2
import numpy as np
import pytest

from synthtext.api import load_config
from synthtext.assets.backgrounds import Backgrounds, BackgroundSpec
from synthtext.assets.library import open_assets
from synthtext.assets.photos import Photo
from synthtext.paths import data_dir
from synthtext.rng import Streams
from synthtext.scenes.composition import Composition
from synthtext.scenes.ground import Ground
from synthtext.scenes.grounds import Grounds, _cut, _extended
from synthtext.scenes.settings import PageSpec


def test_known__keeps_what_was_found_only_as_long_as_the_pool_keeps_the_photograph() -> None:
    levels = tuple(np.full((side, side, 3), 120, np.uint8) for side in (128, 64))
    photo = Photo("wall", levels)
    backgrounds = cast(Backgrounds, SimpleNamespace(spec=BackgroundSpec()))
    grounds = Grounds(PageSpec(), backgrounds, use_cache=False)

    first = grounds._known(photo)
    assert grounds._known(photo).found is first.found  # analysed once

    gone = weakref.ref(photo)
    del first, photo
    assert gone() is None


def _photo(name: str) -> Photo:
    image = cv2.imread(str(data_dir("backgrounds") / "cc0" / f"{name}.jpg"))
    assert image is not None
    image = cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
    return Photo(name, (image, cv2.resize(image, None, fx=0.5, fy=0.5)))  # type: ignore[arg-type]


def _grounds() -> Grounds:
    backgrounds = cast(Backgrounds, SimpleNamespace(spec=BackgroundSpec()))
    return Grounds(PageSpec(), backgrounds, use_cache=False)


def _floor_share(ground: Ground, rows: slice) -> float:
    """Return how much of some rows of a page belongs to the ground that one walks on."""
    floors = [region.number for region in ground.regions if ground.is_floor(region)]
    return float(np.isin(ground.labels[rows], floors).mean())


def test_composed__each_photograph_keeps_its_own_floor() -> None:
    """The asphalt of the upper photograph lies in the middle of the page, where walls of others do."""
    upper, lower = _photo("hdri-city-270"), _photo("hdri-interior-270")
    cells = [(upper, (0, 0, 720, 536)), (lower, (0, 544, 720, 1080))]
    ground = _grounds()._composed(Composition(cells, (255, 255, 255)), (720, 1080), flip=False)
    assert ground.composed
    assert _floor_share(ground, slice(90, 130)) > 0.4
    assert _floor_share(ground, slice(140, 220)) < 0.02  # the wall of the room below


def test_extended__the_floor_is_that_of_the_photograph() -> None:
    known = _grounds()._known(_photo("hdri-city-270"))
    ground = _extended(known, (720, 1280), flip=False)
    rows = len(ground.labels)
    assert _floor_share(ground, slice(rows * 5 // 9, rows * 2 // 3)) > 0.4
    assert not _floor_share(ground, slice(0, rows // 2))


def test_wide__squares_and_streets_but_no_rooms() -> None:
    for name, expected in (("hdri-city-180", True), ("hdri-city-270", True), ("hdri-interior-090", False)):
        photo = _photo(name)
        ground = _cut(_grounds()._known(photo), (640, 480), 1.0, (0.5, 0.5), flip=False)
        assert ground.wide is expected, name


def test_wall_share__bricks_are_a_wall_though_they_are_not_calm() -> None:
    ground = _cut(_grounds()._known(_photo("skimage-brick")), (512, 512), 1.0, (0.5, 0.5), flip=False)
    assert ground.wall_share(np.array([[100, 100], [400, 100], [400, 200], [100, 200]], np.float32)) > 0.95


@pytest.mark.parametrize(
    ("layout", "name", "expected"),
    [
        ("banner", "es-sky8", True),
        ("banner", "skimage-coffee", False),
        ("banner", "skimage-chelsea", False),
        ("scene", "skimage-chelsea", True),
        ("video", "skimage-chelsea", True),
        ("form", "es-sky8", False),
        ("document", "es-sky8", False),
    ],
)
def test_draw__where_nothing_but_views_is_at_hand(layout: str, name: str, expected: bool, tmp_path: Path) -> None:
    """Banners hang under the open sky, words lie over everything, paper lies on no view."""
    (tmp_path / f"{name}.jpg").write_bytes((data_dir("backgrounds") / "cc0" / f"{name}.jpg").read_bytes())
    sets = (f"background.dirs=['{tmp_path}']", "background.kinds={photo: 1, wall: 0.0001}")
    assets = open_assets(load_config(layout, sets=sets), 1)
    assert assets.grounds is not None
    kinds = {assets.grounds.draw(Streams(1, index, 0).column("surface"), index).kind for index in range(4)}
    assert all(kind.startswith("photo:") is expected for kind in kinds), kinds
