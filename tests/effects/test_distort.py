"""Effects that move pixels move labels with them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from synthtext.assets.library import open_assets
from synthtext.config import load_config
from synthtext.effects.base import Effect, draw
from synthtext.effects.chain import Chain
from synthtext.effects.settings import EffectsSpec
from synthtext.effects.table import BY_NAME, EFFECTS
from synthtext.pipeline import sample
from synthtext.rng import Streams

WARPS = [effect for effect in EFFECTS if effect.kind == "warp"]
QUIET = (
    "intrude.side_chance=0", "ink.stroke_chance=0", "ink.shadow_chance=0", "ink.opacity_chance=0",
    "background.kinds={plain: 1}", "ink.contrast=[50, 100]",
    "place.margin_frac=[0.15, 0.3]", "place.end_margin_frac=[0.2, 0.4]",
)  # fmt: skip

every_warp = pytest.mark.parametrize("effect", WARPS, ids=lambda effect: effect.name)


def _values(effect: Effect, index: int) -> dict[str, float]:
    return draw(effect.spec().ranges(), Streams(0, index).effect(effect.slot))


@pytest.mark.parametrize("size_wh", [(320, 48), (48, 320), (640, 360)])
@every_warp
def test_warp__a_dot_goes_where_its_point_goes(effect: Effect, size_wh: tuple[int, int]) -> None:
    width, height = size_wh
    farthest = 0.0
    for index in range(12):
        transform = effect.function(size_wh, **_values(effect, index))
        for x, y in ((0.2, 0.3), (0.5, 0.5), (0.85, 0.7)):
            point = np.array([[x * width, y * height]], np.float32)
            across, down = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
            dot = 255 * np.exp(-((across - point[0, 0]) ** 2 + (down - point[0, 1]) ** 2) / (2 * 2.0**2))
            moved = transform.image(dot.astype(np.uint8), size_wh, 0).astype(float)
            moved[moved < 20] = 0
            centroid = np.array([(across * moved).sum(), (down * moved).sum()]) / moved.sum()
            expected = transform.points(point)[0]
            assert np.abs(centroid - expected).max() < 0.4, (index, x, y)
            farthest = max(farthest, float(np.abs(expected - point[0]).max()))
    assert farthest > 0.5


@every_warp
def test_warp__the_ink_lies_in_its_quads(effect: Effect) -> None:
    strong = {"lens": "strength_frac=0.12", "rolling_shutter": "lean_frac=0.3", "ripple": "height_frac=0.05"}
    name, value = strong[effect.name].split("=")
    config = load_config("rec-zh", sets=[*QUIET, f"effects=[{{{effect.name}: {{{name}: {value}}}}}]"])
    assets = open_assets(config, 0)
    checked = 0
    for index in range(25):
        made = sample(0, index, config, assets)
        image, line = made.image.astype(int), made.instances[0]
        difference = np.abs(image - np.median(image.reshape(-1, 3), axis=0)).sum(axis=2)
        ink = difference > 0.5 * difference.max()
        rim = np.concatenate([ink[0], ink[-1], ink[:, 0], ink[:, -1]])
        if rim.any():
            continue  # at the edge it is not told from what is mirrored there
        allowed = np.zeros(ink.shape, np.uint8)
        for quad in line.ink_quads:
            cv2.fillConvexPoly(allowed, np.rint(quad).astype(np.int32), 1)
        grown = cv2.dilate(allowed, np.ones((3, 3), np.uint8))
        assert (ink & (grown == 0)).sum() <= 0.02 * ink.sum() + 2, (index, made.text)
        # The line's polygon follows the bend; a straight box would not do.
        inside = np.zeros(ink.shape, np.uint8)
        cv2.fillPoly(inside, [np.rint(line.polygon).astype(np.int32)], 1)
        assert (ink & (cv2.dilate(inside, np.ones((3, 3), np.uint8)) == 0)).sum() <= 0.02 * ink.sum() + 2
        checked += 1
    assert checked >= 8


def test_lens__bends_the_edges_of_a_line_and_leaves_its_mean_place() -> None:
    transform = BY_NAME["lens"].function((320, 48), strength_frac=0.1, x=0.5, y=-3.0)
    line = np.stack([np.linspace(0, 320, 33), np.full(33, 24.0)], axis=1).astype(np.float32)
    moved = transform.points(line)[:, 1] - 24.0
    assert 3.0 < np.ptp(moved) < 10.0
    assert abs(moved.mean()) < 2.0
    assert np.all(np.diff(np.sign(np.diff(moved)))[5:10] == 0)


def test_rolling_shutter__rows_stay_rows() -> None:
    transform = BY_NAME["rolling_shutter"].function((320, 48), lean_frac=0.2, wobble_frac=0.0, waves=1.0, phase=0.0)
    moved = transform.points(np.array([[100, 0], [100, 24], [100, 48]], np.float32))
    np.testing.assert_allclose(moved, [[95.2, 0], [100, 24], [104.8, 48]], atol=0.1)


def test_chain__cover_moves_with_the_picture() -> None:
    effects = [
        {"sticker": {"x": 0.5, "y": 0.5, "opacity": 1, "hue": 0, "value": 1}},
        {"rolling_shutter": {"lean_frac": 0.5}},
    ]
    chain = Chain(EffectsSpec.model_validate(effects))
    for index in range(10):
        shot = chain.apply(Streams(0, index), np.full((48, 200, 3), 255, np.uint8))
        assert shot.cover is not None
        changed = np.abs(shot.image.astype(int) - 255).max(axis=2) > 100
        assert changed.any()
        assert not (changed & (shot.cover < 60)).any()


def test_hidden__is_counted_after_the_ink_was_moved() -> None:
    """Half of every character lies in the shadow of a band that comes after the warp."""
    effects = "[{lens: {strength_frac: 0.1}}, {lines: {start: 0.5, end: 0.5, thickness_frac: 0.2, value: 0}}]"
    config = load_config("rec-zh", sets=[*QUIET, f"effects={effects}", "crop.max_hidden=1"])
    assets = open_assets(config, 0)
    for index in range(8):
        made = sample(0, index, config, assets)
        line = made.instances[0]
        assert line.hidden is not None
        for share, quad in zip(line.hidden, line.ink_quads, strict=True):
            top, bottom = quad[:, 1].min(), quad[:, 1].max()
            middle = made.image.shape[0] / 2
            if bottom < middle - 6 or top > middle + 6:
                assert share == 0
            elif top < middle - 3 and bottom > middle + 3:
                assert share < 1
