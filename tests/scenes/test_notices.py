"""Notices have a heading over smaller lines; what is laid over a picture of near things stands at its edges."""

from __future__ import annotations

import numpy as np
import pytest

from synthtext.api import load_config
from synthtext.assets.library import open_assets
from synthtext.pipeline import sample
from synthtext.rng import Streams
from synthtext.scenes.block import Wish, compose, deep
from synthtext.values import TextInstance

_ONE = ("page.designs=1", "effects={}", "page.edge_chance=0", "bend.chance=0", "page.lean_deg=0")


def _height(one: TextInstance) -> float:
    return float(np.linalg.norm(one.quad[3] - one.quad[0]))


def test_compose__lines_have_the_sizes_asked_for() -> None:
    config = load_config("scene", sets=("effects={}", "layout.jitter_chance=0"))
    assets = open_assets(config, 1)
    children = [Streams(1, 0, 0, child) for child in range(1, 4)]
    wish = Wish(texts=["国国国", "国国国国国国", "国国国国国国"], leading_em=1.5, align=0.5, scales=[2.0, 1.0, 1.0])
    block = compose(wish, children, config, assets)
    wide = [(x1 - x0) * line.scale for line in block.lines for x0, _, x1, _ in (line.ink_xyxy,)]
    assert wide[0] == pytest.approx(wide[1], rel=0.05)  # half as many characters, twice as large
    tops = [line.y + line.scale * line.ink_xyxy[1] for line in block.lines]
    ends = [line.y + line.scale * line.ink_xyxy[3] for line in block.lines]
    assert all(end < top for end, top in zip(ends, tops[1:], strict=False))
    assert tops[1] - tops[0] > tops[2] - tops[1]
    assert block.size == pytest.approx((max(wide), ends[-1] - tops[0]), rel=1e-3)
    assert block.size[1] == pytest.approx(deep([2.0, 1.0, 1.0], 1.5), rel=0.1)


def test_sample__notices_begin_with_their_largest_line() -> None:
    sets = ("page.carriers={paper: 1}", "page.forms={notice: 1}", "page.block_lines=4", "background.kinds={wall: 1}")
    config = load_config("scene", sets=(*sets, *_ONE, "page.lines=4", "text.languages={zh: 1}", "text.mix={words: 1}"))
    assets = open_assets(config, 4)
    larger = 0
    for index in range(10):
        first, *rest = sample(4, index, config, assets).instances
        assert len(rest) >= 2
        larger += _height(first) > 1.15 * max(map(_height, rest))
    assert larger >= 8


def test_sample__captions_of_near_pictures_stand_at_the_edges() -> None:
    sets = ("page.carriers={caption: 1}", "page.distant_chance=0", "page.compose_chance=0", "page.lines=9")
    config = load_config("scene", sets=(*sets, *_ONE, "background.kinds={photo: 1}"))
    assets = open_assets(config, 6)
    assert assets.grounds is not None
    seen = 0
    for index in range(16):
        page = sample(6, index, config, assets)
        attempt = page.provenance.attempt
        ground = assets.grounds.draw(Streams(6, index, attempt).column("surface"), index)
        if ground.distant or ground.wide:  # both are written over as posters are
            continue
        height = page.image.shape[0]
        for one in page.instances:
            seen += 1
            assert one.quad[:, 1].max() < 0.36 * height or one.quad[:, 1].min() > 0.6 * height
        assert len(page.instances) <= 6  # two captions
    assert seen >= 8
