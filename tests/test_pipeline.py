"""The corridor as a whole: repeatable in any order, labels that fit the ink, text that the faces can write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from synthtext import pipeline
from synthtext.assets.library import Assets, open_assets
from synthtext.config import Config, load_config
from synthtext.errors import Exhausted
from synthtext.pipeline import Batch, sample
from synthtext.quads import is_convex, side_lengths
from synthtext.values import Sample

GOLDEN = Path(__file__).parent / "golden"
QUIET = (
    "effects={}",
    "intrude.side_chance=0",
    "ink.stroke_chance=0",
    "ink.shadow_chance=0",
    "ink.opacity_chance=0",
    "background.kinds={plain: 1}",
    "ink.contrast=[50, 100]",
)


def _open(preset: str, *sets: str) -> tuple[Config, Assets]:
    config = load_config(preset, sets=sets)
    return config, open_assets(config, 0)


@pytest.fixture(scope="module")
def rec_zh() -> tuple[Config, Assets]:
    return _open("rec-zh")


def _same(first: Sample, second: Sample) -> bool:
    return (
        first.text == second.text
        and np.array_equal(first.image, second.image)
        and first.provenance == second.provenance
        and first.jpeg_quality == second.jpeg_quality
    )


def test_sample__is_the_same_in_any_order_and_in_batches(rec_zh: tuple[Config, Assets]) -> None:
    config, assets = rec_zh
    straight = {index: sample(0, index, config, assets) for index in range(40)}
    fresh = open_assets(config, 0, use_cache=False)
    for index in (33, 2, 17, 39, 0):
        assert _same(straight[index], sample(0, index, config, fresh)), index
    batch = Batch(0, config, fresh, size=7)
    for index in range(40):
        assert _same(straight[index], batch(index)), index


def test_sample__differs_by_seed(rec_zh: tuple[Config, Assets]) -> None:
    config, assets = rec_zh
    assert sample(0, 5, config, assets).text != sample(1, 5, config, assets).text


@pytest.mark.parametrize("preset", ["rec-zh", "rec-zh-hant", "rec-en", "rec-en-word", "rec-mixed", "rec-vertical"])
def test_sample__keeps_the_rules_of_the_trainers(preset: str) -> None:
    config, assets = _open(preset)
    make = Batch(0, config, assets)
    allowed = assets.charset.members | ({" "} if config.text.spaces else set())
    for index in range(150):
        made = make(index)
        text, line = made.text, made.instances[0]
        assert set(text) <= allowed
        assert 1 <= len(text) <= config.text.length.max
        assert text == text.strip()
        assert "  " not in text
        short = min(made.image.shape[:2]) if preset == "rec-vertical" else made.image.shape[0]
        assert short == 48 or len(text) == 1
        assert len(line.chars) == len(line.ink_quads) == len(line.cell_quads) == len(text.replace(" ", ""))
        assert is_convex(line.ink_quads).all()
        assert side_lengths(line.cell_quads).min() >= 0.5
        assert made.provenance.contrast >= config.ink.floor
        assert len(line.word_quads) == len(text.split())


@pytest.mark.parametrize("preset", ["rec-zh", "rec-en", "rec-vertical"])
def test_sample__the_ink_lies_in_its_quads(preset: str) -> None:
    """Render on a plain ground: what differs from the ground is ink, and lies in the quads, tilted or not."""
    config, assets = _open(preset, *QUIET)
    checked = 0
    for index in range(60):
        made = sample(0, index, config, assets)
        image, line = made.image.astype(int), made.instances[0]
        ground = np.median(image.reshape(-1, 3), axis=0)
        if np.abs(image[0] - ground).max() > 3 and np.abs(image[-1] - ground).max() > 3:
            continue  # a bold short text may cover more than its ground
        ink = np.abs(image - ground).sum(axis=2) > 0.5 * np.abs(image - ground).sum(axis=2).max()
        allowed = np.zeros(ink.shape, np.uint8)
        for quad in line.ink_quads:
            cv2.fillConvexPoly(allowed, np.rint(quad).astype(np.int32), 1)
        grown = cv2.dilate(allowed, np.ones((3, 3), np.uint8))
        assert (ink & (grown == 0)).sum() <= 0.005 * ink.sum() + 2, (index, made.text)
        for quad in line.ink_quads:
            own = np.zeros(ink.shape, np.uint8)
            cv2.fillConvexPoly(own, np.rint(quad).astype(np.int32), 1)
            if own.sum() > 30 and quad.min() > 1 and (quad < np.array(image.shape[1::-1]) - 1).all():
                assert (ink & (own == 1)).any(), (index, made.text)
        checked += 1
    assert checked > 30


def test_sample__upper_cases_what_a_unicase_face_draws() -> None:
    config, assets = _open("rec-en-word", "fonts.include=[Bangers*]", "fonts.fallback=none", "charset=english")
    assert {font.name for font in assets.fonts.primary} == {"Bangers-400"}
    texts = [sample(0, index, config, assets).text for index in range(60)]
    assert all(text == text.upper() for text in texts), texts


def test_sample__fixed_width_and_gray() -> None:
    config, assets = _open("rec-zh", "crop.height=32", "crop.width=512", "crop.color=gray")
    for index in range(30):
        assert sample(0, index, config, assets).image.shape == (32, 512)
    config, assets = _open("rec-vertical", "crop.height=32", "crop.width=512")
    for index in range(30):
        assert sample(0, index, config, assets).image.shape == (512, 32, 3)


def test_sample__what_cannot_be_drawn_is_a_gap_with_its_reasons() -> None:
    config, assets = _open("rec-zh", "crop.most=16", "crop.least=8", "text.length={min: 20, max: 23, mean: 21}")
    with pytest.raises(Exhausted, match="too long for a crop") as caught:
        sample(0, 3, config, assets)
    assert len(caught.value.reasons) == config.engine.tries
    with pytest.raises(Exhausted):
        Batch(0, config, assets)(3)


def test_sample__every_character_of_the_charset_comes_in_turn() -> None:
    config, assets = _open("rec-zh", "charset=gb2312_level1", "text.per_char=1", "text.anchors=5", *QUIET)
    make = Batch(0, config, assets)
    seen: set[str] = set()
    for index in range(-(-3755 // 5)):
        seen.update(make(index).text)
    assert assets.charset.members <= seen


def test_sample__draws_what_it_drew_before() -> None:
    """Golden pictures: a change here changes every dataset's bytes and belongs into the changelog."""
    # Without names: faker's change from version to version.
    config, assets = _open("rec-mixed", "text.mix.names=0")
    made = [sample(7, index, config, assets) for index in range(6)]
    texts = (GOLDEN / "texts.txt").read_text("utf-8").splitlines()
    assert [item.text for item in made] == texts
    for index, item in enumerate(made):
        golden = cv2.imread(str(GOLDEN / f"{index}.png"), cv2.IMREAD_COLOR_RGB)
        assert golden is not None, f"{index}.png is missing"
        same_size = golden.shape == item.image.shape
        difference = np.abs(golden.astype(int) - item.image).mean() if same_size else np.inf
        if difference >= 1.0:
            cv2.imwrite(str(GOLDEN / f"{index}.actual.png"), cv2.cvtColor(item.image, cv2.COLOR_RGB2BGR))
        assert difference < 1.0, f"{index}.png: mean difference {difference}; compare with {index}.actual.png"


@pytest.mark.parametrize("preset", ["rec-en-word", "rec-vertical", "rec-ar"])
def test_sample__bent_lines_are_recorded_and_labelled(preset: str) -> None:
    config, assets = _open(preset, "bend.chance=0.8")
    batch = Batch(0, config, assets)
    kinds = set()
    for index in range(80):
        made = batch(index)
        assert index % 8 or _same(made, sample(0, index, config, assets))
        line = made.instances[0]
        assert is_convex(line.ink_quads).all()
        assert is_convex(line.cell_quads).all()
        assert side_lengths(line.ink_quads).min() >= 0.5
        assert len(line.word_polygons) == len(line.word_texts)
        names = [name for name in made.provenance.effects if name.startswith("bend.")]
        assert len(names) <= 1
        assert [name for name in made.provenance.drawn if name.startswith("bend.")] == names
        kinds.update(names)
    assert len(kinds) >= 7


def test_sample__what_is_not_bent_stays_as_it_was(rec_zh: tuple[Config, Assets]) -> None:
    config, assets = _open("rec-zh", "bend.chance=0.3")
    straight = 0
    for index in range(40):
        made, before = sample(0, index, config, assets), sample(0, index, *rec_zh)
        if made.provenance.attempt == before.provenance.attempt == 0 and not any(
            name.startswith("bend.") for name in made.provenance.effects
        ):
            straight += 1
            assert _same(made, before)
    assert 15 < straight < 40


def test_batch__a_sample_that_raises_costs_no_other(
    rec_zh: tuple[Config, Assets], monkeypatch: pytest.MonkeyPatch
) -> None:
    config, assets = rec_zh
    wanted = [sample(0, index, config, assets) for index in range(12)]
    real = pipeline.color

    def color(inked: pipeline.Inked, *rest: Any) -> Any:
        if inked.draft.index == 5:
            raise KeyError("colour")
        return real(inked, *rest)

    monkeypatch.setattr(pipeline, "color", color)
    make = Batch(0, config, assets, size=8)

    for index, other in enumerate(wanted):
        if index == 5:
            with pytest.raises(KeyError):
                make(index)
        else:
            assert _same(make(index), other)
