"""Pages: lines stand where there is room, in the regions of the photograph, and their labels fit."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
import pytest

from synthtext.api import load_config, preset_names
from synthtext.assets.library import Assets, open_assets
from synthtext.assets.regions import analyse
from synthtext.config import Config
from synthtext.errors import ConfigError
from synthtext.geometry import Warp
from synthtext.pipeline import Batch, sample
from synthtext.quads import is_convex, side_lengths
from synthtext.rng import Streams
from synthtext.scenes.cut import cut_to_page
from synthtext.values import Sample, TextInstance

_QUIET = (
    "effects={}",
    "lettering={}",
    "decorate={}",
    "ink.shadow_chance=0",
    "ink.stroke_chance=0",
    "ink.opacity_chance=0",
)


@lru_cache(maxsize=8)
def _open(*sets: str, preset: str = "scene") -> tuple[Config, Assets]:
    config = load_config(preset, sets=sets)
    return config, open_assets(config, 5)


@lru_cache(maxsize=2)
def _pages() -> tuple[Sample, ...]:
    config, assets = _open()
    return tuple(sample(5, index, config, assets) for index in range(8))


def test_sample__page_again_gives_the_same_bytes_and_labels() -> None:
    config, assets = _open()
    made = Batch(5, config, assets)(3)
    np.testing.assert_array_equal(made.image, _pages()[3].image)
    assert [one.text for one in made.instances] == [one.text for one in _pages()[3].instances]
    for one, other in zip(made.instances, _pages()[3].instances, strict=True):
        np.testing.assert_array_equal(one.quad, other.quad)


def test_sample__page_has_lines_whose_quads_are_sound() -> None:
    assert sum(len(page.instances) for page in _pages()) > 60
    for page in _pages():
        for one in page.instances:
            for quads in (one.ink_quads, one.cell_quads, one.word_quads):
                assert is_convex(quads).all()
                assert side_lengths(quads).min() >= 0.5
            assert len(one.chars) == len(one.ink_quads)


def test_sample__lines_of_a_page_keep_apart() -> None:
    for page in _pages():
        taken = np.zeros(page.image.shape[:2], np.uint8)
        for one in page.instances:
            own = np.zeros_like(taken)
            cv2.fillConvexPoly(own, np.rint(one.quad - 0.5).astype(np.int32), 1)
            shared = int((own & (taken > 0)).sum())
            assert shared <= 0.2 * max(1, int(own.sum())), one.text
            taken += own


def test_sample__ink_of_each_line_lies_in_its_quad() -> None:
    """Drawn again on a page of one line, with everything else as it was: what differs is that line."""
    config, assets = _open(
        "page.lines=1",
        "page.light=0",
        "page.edge_chance=0",
        "page.carriers={caption: 1}",
        "ink.source={tone: 1}",
        *_QUIET,
    )
    near = 0
    for index in range(48):
        page = sample(5, index, config, assets)
        assert assets.grounds is not None
        attempt = page.provenance.attempt
        ground = assets.grounds.draw(Streams(5, index, attempt).column("surface"), index)
        if ground.distant or ground.wide:  # views may have veils under their words
            continue
        near += 1
        changed = np.abs(page.image.astype(int) - ground.image).max(axis=2) > 40
        allowed = np.zeros(changed.shape, np.uint8)
        for one in page.instances:
            for quad in one.ink_quads:
                cv2.fillConvexPoly(allowed, np.rint(quad - 0.5).astype(np.int32), 1)
        allowed = cv2.dilate(allowed, np.ones((3, 3), np.uint8))  # type: ignore[assignment]
        assert (changed & (allowed == 0)).sum() <= 0.01 * max(1, changed.sum())
    assert near >= 6


def test_analyse__finds_a_wall_and_how_its_rows_run() -> None:
    photo = np.full((360, 640, 3), (120, 170, 230), np.uint8)
    wall = np.array([[100, 60], [600, 140], [600, 300], [100, 340]], np.int32)
    cv2.fillConvexPoly(photo, wall, (180, 90, 70))
    for share in np.linspace(0.1, 0.9, 9):
        left = wall[0] + share * (wall[3] - wall[0])
        right = wall[1] + share * (wall[2] - wall[1])
        cv2.line(photo, left.astype(int).tolist(), right.astype(int).tolist(), (160, 76, 60), 2, cv2.LINE_AA)
    found = analyse(photo)
    inside = found.labels[int(200 / 640 * found.labels.shape[1]), int(350 / 640 * found.labels.shape[1])]
    region = next(region for region in found.regions if region.number == inside)
    upper = np.array(region.corners((0.55, 130 / 640), 0.3, 0.02))
    lower = np.array(region.corners((0.55, 295 / 640), 0.3, 0.02))
    slope_upper = (upper[1] - upper[0])[1] / (upper[1] - upper[0])[0]
    slope_lower = (lower[1] - lower[0])[1] / (lower[1] - lower[0])[0]
    assert slope_upper > 0.03
    assert slope_lower < slope_upper - 0.05


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("page.lines=0", "at least 1"),
        ('page.sizes={"12": 1}', "no page size"),
        ("page.carriers={sign: 0}", "every weight is 0"),
        ("page.lnies=3", "did you mean 'lines'"),
        ("page.em_px=[50, 20]", "upside down"),
    ],
)
def test_load_config__refuses_a_page_that_makes_no_sense(setting: str, expected: str) -> None:
    with pytest.raises(ConfigError, match=expected):
        load_config("scene", sets=[setting])


_PAGES = [name for name in preset_names() if load_config(name).page is not None]


@pytest.mark.parametrize("preset", _PAGES)
def test_sample__every_layout_has_labels_within_its_page(preset: str) -> None:
    config, assets = _open(preset=preset)
    lines = 0
    for index in range(10):
        page = sample(5, index, config, assets)
        width, height = page.size_wh
        for one in page.instances:
            lines += 1
            assert one.ink_quads.min() >= -1.0
            assert (one.ink_quads.max(axis=(0, 1)) <= (width + 1, height + 1)).all()
            assert is_convex(one.ink_quads).all()
            assert len(one.chars) == len(one.ink_quads) == len(one.words)
            assert "".join(one.text.split()) == "".join(one.chars)
    assert lines >= 30


def test_sample__form_tells_printed_from_filled() -> None:
    config, assets = _open(preset="form")
    categories = {one.category for index in range(6) for one in sample(5, index, config, assets).instances}
    assert categories == {"printed", "filled"}


def test_cut_to_page__keeps_what_can_be_seen_and_says_only_that() -> None:
    text = "AB CDE"
    boxes = np.array([[10 * n, 0, 10 * n + 8, 10] for n in range(5)], np.float32)
    instance = TextInstance(text, tuple("ABCDE"), (0, 0, 1, 1, 1), boxes, boxes, Warp.identity())
    seen = cut_to_page(instance, (35, 20))
    assert seen is not None
    assert seen.text == "AB CD"
    np.testing.assert_allclose(seen.ink_boxes[-1], [30, 0, 35, 10], atol=0.05)
    np.testing.assert_array_equal(seen.ink_boxes[:3], boxes[:3])
    moved = instance.moved(Warp(np.array([[1.0, 0, -22.0], [0, 1.0, 0], [0, 0, 1.0]])))
    seen = cut_to_page(moved, (100, 20))
    assert seen is not None
    assert seen.text == "CDE"
    assert cut_to_page(instance.moved(Warp.scaling(1, 1)), (100, 100)) is not None
    assert cut_to_page(moved, (100, 2)) is None
