"""Reading order of pages whose layout is known: it is that of the instances, whatever file they are written to."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from synthtext.api import load_config
from synthtext.assets.library import Assets, open_assets
from synthtext.config import Config
from synthtext.pipeline import sample
from synthtext.rng import Streams
from synthtext.scenes import form
from synthtext.scenes.block import Children, Wish
from synthtext.scenes.draw import Canvas
from synthtext.scenes.ground import Ground
from synthtext.scenes.page import Page, Spot
from synthtext.scenes.paperwork import ZH


def _blank(config: Config, assets: Assets, seed: int = 0) -> Page:
    image = np.full((720, 960, 3), 240, np.uint8)
    ground = Ground(image, "plain", np.ones((180, 240), np.uint8), [])
    canvas = Canvas(image, np.zeros(image.shape[:2], np.uint8))
    return Page(canvas, ground, Children(seed, 0, 0), Streams(seed, 0, 0).column("place"), config, assets)


@pytest.fixture(scope="module")
def config() -> Config:
    return load_config("form", sets=("effects={}", "decorate={}", "lettering={}"))


@pytest.fixture(scope="module")
def assets(config: Config) -> Assets:
    return open_assets(config, 3)


def test_instances__two_columns_are_read_one_after_the_other(config: Config, assets: Assets) -> None:
    page = _blank(config, assets)
    left, right = ["第一行", "第二行", "第三行"], ["第四行", "第五行"]
    for x, texts in ((60.0, left), (520.0, right)):
        assert page.write(Wish(texts=texts), Spot((x, 80.0), 40.0)) is not None

    assert [one.text for one in page.canvas.instances] == [*left, *right]
    middles = np.array([one.quad.mean(axis=0) for one in page.canvas.instances])
    assert (middles[:3, 0] < 480).all()
    assert (middles[3:, 0] > 480).all()
    assert (np.diff(middles[:3, 1]) > 0).all()
    assert (np.diff(middles[3:, 1]) > 0).all()


def test_instances__vertical_columns_are_read_from_the_right(config: Config, assets: Assets) -> None:
    page = _blank(config, assets)
    texts = ["床前明月光", "疑是地上霜", "举头望明月"]
    assert page.write(Wish(texts=texts, direction="ttb"), Spot((300.0, 60.0), 50.0)) is not None

    assert [one.text for one in page.canvas.instances] == texts
    assert {one.direction for one in page.canvas.instances} == {"ttb"}
    middles = np.array([one.quad.mean(axis=0) for one in page.canvas.instances])
    assert (np.diff(middles[:, 0]) < -40).all()
    for one in page.canvas.instances:  # and each from above
        assert (np.diff(one.cell_quads.mean(axis=1)[:, 1]) > 0).all()


def test_instances__rows_of_a_table_are_read_cell_by_cell(config: Config, assets: Assets) -> None:
    rows = 0
    for seed in range(4):
        page = _blank(config, assets, seed)
        form._table(page, ZH)
        _, *cells = page.canvas.instances  # the first is the title
        middles = np.array([one.quad.mean(axis=0) for one in cells])
        height = np.median([one.quad[3, 1] - one.quad[0, 1] for one in cells])
        along = np.sum([one.quad[1] - one.quad[0] for one in cells], axis=0)  # the sheet lies askew
        along = along / np.linalg.norm(along)
        middles = middles @ np.array([[along[0], -along[1]], [along[1], along[0]]])
        for (x, y), (next_x, next_y) in itertools.pairwise(middles):
            goes_on, breaks = next_x > x, next_x < x and next_y > y + 0.4 * height
            assert goes_on or breaks
            rows += breaks
    assert rows > 12


def test_sample__a_document_is_read_column_by_column() -> None:
    config = load_config("document", sets=("effects={}",))
    assets = open_assets(config, 5)
    for index in range(4):
        page = sample(5, index, config, assets)
        tops = np.array([one.quad[0, 1] for one in page.instances])
        # Within a column lines follow each other downwards; a page has three columns at most, a head and a foot.
        assert (np.diff(tops) < -0.25 * page.image.shape[0]).sum() <= 4
