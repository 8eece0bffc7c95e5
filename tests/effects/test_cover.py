"""What covers text is counted, character by character, and a label never names what nobody can see."""

from __future__ import annotations

import numpy as np
import pytest

from synthtext.assets.library import Assets, open_assets
from synthtext.config import Config, load_config
from synthtext.effects.cover import hidden_shares
from synthtext.errors import Exhausted
from synthtext.pipeline import Batch, ink, letter, sample
from synthtext.rng import Streams
from synthtext.stages.write import anchors_for
from synthtext.values import Sample
from synthtext.walks import through

QUIET = ("intrude.side_chance=0", "ink.stroke_chance=0", "ink.shadow_chance=0", "ink.opacity_chance=0")


def _open(*sets: str) -> tuple[Config, Assets]:
    config = load_config("rec-zh", sets=[*QUIET, *sets])
    return config, open_assets(config, 0)


def _inside(quad: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Which pixel centres lie in a convex quad that runs clockwise on screen."""
    y, x = np.mgrid[: shape[0], : shape[1]] + 0.5
    inside = np.ones(shape, bool)
    for (x0, y0), (x1, y1) in zip(quad, np.roll(quad, -1, axis=0), strict=True):
        inside &= (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0) >= 0
    return inside


def _shares(mask: np.ndarray, quads: np.ndarray, cover: np.ndarray) -> np.ndarray:
    counted = []
    for quad in quads:
        own = mask * _inside(quad, mask.shape).astype(float)
        counted.append((own * cover / 255.0).sum() / max(1.0, own.sum()))
    return np.array(counted)


def test_hidden_shares__of_boxes_can_be_counted_by_hand() -> None:
    mask = np.zeros((10, 30), np.uint8)
    mask[2:8, 2:8] = 255
    mask[2:8, 12:18] = 255
    boxes = np.array([[2, 2, 8, 8], [12, 2, 18, 8], [22, 2, 28, 8]], np.float32)
    quads = boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(3, 4, 2)
    cover = np.zeros_like(mask)
    cover[:, :5] = 255
    cover[:, 12:18] = 51
    np.testing.assert_allclose(hidden_shares(mask, quads, cover), [0.5, 0.2, 0.0], atol=0.005)


def test_hidden__equals_what_is_counted_pixel_by_pixel() -> None:
    config, assets = _open("effects=[{lines: {thickness_frac: [0.05, 0.15]}}]", "crop.max_hidden=1")
    line = assets.chain
    for index in range(25):
        streams = Streams(0, index)
        draft = through(letter(streams, index, 0, anchors_for(0, index, assets.texts), config, assets))
        inked = through(ink(draft, config, assets))
        height, width = inked.mask.shape
        shot = line.apply(streams, np.full((height, width, 3), 128, np.uint8))
        made = sample(0, index, config, assets).instances[0]
        assert shot.cover is not None
        assert made.hidden is not None
        assert made.hidden.shape == (len(made.chars),)
        np.testing.assert_allclose(made.hidden, _shares(inked.mask, made.ink_quads, shot.cover), atol=0.06)


def test_lines__cover_what_they_change() -> None:
    _, assets = _open("effects=[lines]")
    for index in range(20):
        image = np.full((48, 200, 3), 77, np.uint8)
        shot = assets.chain.apply(Streams(5, index), image)
        changed = np.abs(shot.image.astype(int) - 77).max(axis=2) > 0
        assert not (changed & (shot.cover == 0)).any()


def _hidden(made: Sample) -> float:
    shares = made.instances[0].hidden
    return 0.0 if shares is None else float(shares.max())


def test_max_hidden__draws_a_crop_again() -> None:
    thick = "effects=[{lines: {chance: 0.5, thickness_frac: [0.1, 0.2]}}]"
    loose, tight = _open(thick, "crop.max_hidden=1"), _open(thick, "crop.max_hidden=0.3")
    batch = Batch(0, *tight)
    refused = 0
    for index in range(60):
        first, second = sample(0, index, *loose), sample(0, index, *tight)
        assert _hidden(second) <= 0.3
        assert np.array_equal(batch(index).image, second.image)
        if first.provenance.attempt == second.provenance.attempt:
            assert np.array_equal(first.image, second.image)
        else:
            assert _hidden(first) > 0.3
            refused += 1
    assert refused > 5


def test_max_hidden__too_strict_is_a_gap_with_its_reason() -> None:
    config, assets = _open("effects=[{lines: {thickness_frac: 0.2, start: 0.5, end: 0.5}}]", "crop.max_hidden=0")
    with pytest.raises(Exhausted, match="a character is hidden"):
        sample(0, 1, config, assets)
