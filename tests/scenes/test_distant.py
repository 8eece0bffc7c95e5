"""Views of something far away: told from near things, and nothing hangs in them."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from synthtext.api import load_config
from synthtext.assets.library import open_assets
from synthtext.assets.regions import analyse
from synthtext.paths import data_dir
from synthtext.pipeline import sample
from synthtext.rng import Streams
from synthtext.scenes import carriers

# What a person says of some of the shipped photographs.
_CLOSE_UPS = ("palapeli-european-honey-bee", "skimage-coffee", "palapeli-citrus-fruits")
_VIEWS = ("es-beach2", "es-city12", "es-fog0", "es-mountain5", "es-sky8", "es-desert2", "es-hills2", "skimage-grass")
_NEAR = ("hdri-city-180", "hdri-courtyard-090", "hdri-interior-270", "es-space2", "skimage-brick")


@pytest.mark.parametrize(
    ("name", "expected"), [*((n, True) for n in (*_VIEWS, *_CLOSE_UPS)), *((n, False) for n in _NEAR)]
)
def test_analyse__tells_views_from_near_things(name: str, expected: bool) -> None:
    photo = cv2.imread(str(data_dir("backgrounds") / "cc0" / f"{name}.jpg"))
    assert photo is not None
    assert analyse(cv2.cvtColor(photo, cv2.COLOR_BGR2RGB)).distant is expected


def test_analyse__walls_may_be_yellow_and_skies_may_not() -> None:
    photo = cv2.imread(str(data_dir("backgrounds") / "cc0" / "hdri-interior-270.jpg"))
    assert photo is not None
    assert not any(region.sky for region in analyse(cv2.cvtColor(photo, cv2.COLOR_BGR2RGB)).regions)


def _views(folder: Path) -> Path:
    for name in _VIEWS[:3]:
        (folder / f"{name}.jpg").write_bytes((data_dir("backgrounds") / "cc0" / f"{name}.jpg").read_bytes())
    return folder


def test_sample__nothing_is_hung_into_views(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    laid: list[str] = []
    make = carriers.make
    monkeypatch.setattr(carriers, "make", lambda kind, *rest: laid.append(kind) or make(kind, *rest))
    sets = (f"background.dirs=['{_views(tmp_path)}']", "background.kinds={photo: 1}", "effects={}")
    config = load_config("scene", sets=sets)
    assets = open_assets(config, 1)
    pages = [sample(1, index, config, assets) for index in range(8)]
    assert not laid
    assert np.mean([len(page.instances) for page in pages]) > 5
    assert all(abs(one.quad[0, 1] - one.quad[1, 1]) < 2 for page in pages for one in page.instances)


@pytest.mark.parametrize("name", ["skimage-grass", "skimage-gravel"])
def test_sample__what_holds_every_colour_gets_a_sheet_below_its_words(name: str, tmp_path: Path) -> None:
    (tmp_path / f"{name}.jpg").write_bytes((data_dir("backgrounds") / "cc0" / f"{name}.jpg").read_bytes())
    sets = (f"background.dirs=['{tmp_path}']", "background.kinds={photo: 1}", "effects={}", "page.lines=12")
    config = load_config("scene", sets=sets)
    assets = open_assets(config, 1)
    lines = [len(sample(1, index, config, assets).instances) for index in range(10)]
    assert min(lines) > 1
    assert np.mean(lines) > 6


def test_sample__views_are_left_out_as_often_as_asked(tmp_path: Path) -> None:
    folder = _views(tmp_path)
    for name in _NEAR[:3]:
        (folder / f"{name}.jpg").write_bytes((data_dir("backgrounds") / "cc0" / f"{name}.jpg").read_bytes())
    shares = {}
    for chance in (0, 1):
        sets = (f"background.dirs=['{folder}']", "background.kinds={photo: 1}", f"page.distant_chance={chance}")
        config = load_config("scene", sets=(*sets, "page.compose_chance=0"))
        grounds = open_assets(config, 1).grounds
        assert grounds is not None
        drawn = [grounds.draw(Streams(1, index, 0).column("surface"), index) for index in range(60)]
        shares[chance] = sum(ground.distant for ground in drawn) / 60
    assert shares[0] < 0.05
    assert 0.3 < shares[1] < 0.7
