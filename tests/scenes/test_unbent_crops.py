"""Recognition crops of text that runs along an arc: unbent, they look like the same text set straight."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from synthtext.api import load_config
from synthtext.assets.library import Assets, open_assets
from synthtext.geometry import Image
from synthtext.labels.rectify import rectified
from synthtext.rng import Streams
from synthtext.scenes.block import Children, Wish
from synthtext.scenes.draw import Canvas
from synthtext.scenes.ground import Ground
from synthtext.scenes.page import Page, Spot
from synthtext.values import TextInstance

_TEXTS = ("安全生产人人有责", "PARKING ONLY", "欢迎光临 Welcome")


def _written(text: str, seed: int, chance: int, assets: Assets | None = None) -> tuple[Image, TextInstance]:
    sets = (f"bend.chance={chance}", "bend.kinds={arc: 1}", "effects={}", "lettering={}", "decorate={}")
    config = load_config("scene", sets=(*sets, "layout.jitter_chance=0", "ink.shadow_chance=0", "ink.opacity_chance=0"))
    assets = assets or open_assets(config, 3)
    image = np.full((700, 1200, 3), 250, np.uint8)
    ground = Ground(image, "plain", np.ones((175, 300), np.uint8), [])
    canvas = Canvas(image, np.zeros(image.shape[:2], np.uint8))
    page = Page(canvas, ground, Children(seed, 0, 0), Streams(seed, 0, 0).column("place"), config, assets)
    wish = Wish(texts=[text], styles=frozenset({"sans", "serif"}), bends=True)
    assert page.write(wish, Spot((600.0, 350.0), 60.0, (0.5, 0.5))) is not None
    return canvas.image, canvas.instances[0]


def _ink(crop: Image) -> np.ndarray:
    """Return (48, W) how dark a crop is, its ink filling the height."""
    gray = 255.0 - cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
    rows = np.flatnonzero(gray.max(axis=1) > 60)
    columns = np.flatnonzero(gray.max(axis=0) > 60)
    return gray[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]  # type: ignore[no-any-return]


@pytest.mark.parametrize("text", _TEXTS)
@pytest.mark.parametrize("seed", [1, 2])
def test_rectified__an_arc_looks_like_the_straight_line(text: str, seed: int) -> None:
    arc, bent = _written(text, seed, 1)
    flat, straight = _written(text, seed, 0)
    assert len(bent.polygon) > 4
    assert len(straight.polygon) == 4
    assert bent.text == straight.text == text

    unbent = _ink(rectified(arc, bent.polygon, column=False))
    expected = _ink(rectified(flat, straight.quad, column=False))

    assert unbent.shape[1] / unbent.shape[0] == pytest.approx(expected.shape[1] / expected.shape[0], rel=0.12)
    size = (expected.shape[1], expected.shape[0])
    alike = np.corrcoef(cv2.resize(unbent, size).ravel(), expected.ravel())[0, 1]
    plain = np.corrcoef(cv2.resize(_ink(_boxed(arc, bent)), size).ravel(), expected.ravel())[0, 1]
    assert alike > 0.6
    assert alike > plain + 0.2


def _boxed(image: Image, line: TextInstance) -> Image:
    """Return what a crop of the upright box round a line shows."""
    (x0, y0), (x1, y1) = line.polygon.min(axis=0).astype(int), line.polygon.max(axis=0).astype(int) + 1
    return image[max(0, y0) : y1, max(0, x0) : x1]
