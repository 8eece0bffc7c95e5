"""What every style and decoration must keep, told on whole samples."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from synthtext import styling
from synthtext.assets.library import Assets, open_assets
from synthtext.config import Config, load_config
from synthtext.decoration.table import DECORS, Decoration
from synthtext.errors import ConfigError
from synthtext.lettering.base import Sheet
from synthtext.lettering.table import STYLES, Lettering, LetteringSpec
from synthtext.pipeline import Batch, sample
from synthtext.values import Sample

QUIET = ("effects=[]", "intrude.side_chance=0", "ink.opacity_chance=0", "ink.stroke_chance=0", "ink.shadow_chance=0")
SECTIONS = {style.name: "lettering" for style in STYLES} | {decor.name: "decorate" for decor in DECORS}
# Faults that take ink away need none of it outside; these put a little beside the glyphs, by softening and mist.
SOFT_PX = 4


@pytest.fixture(scope="module")
def plain() -> tuple[Config, Assets]:
    config = load_config("rec-mixed", sets=QUIET)
    return config, open_assets(config, 0)


def _with(plain: tuple[Config, Assets], *sets: str) -> tuple[Config, Assets]:
    config = load_config("rec-mixed", sets=[*QUIET, *sets])
    return config, replace(plain[1], lettering=Lettering(config.lettering), decoration=Decoration(config.decorate))


def _equal(first: Sample, second: Sample) -> bool:
    return np.array_equal(first.image, second.image) and first.provenance == second.provenance


@pytest.mark.parametrize("name", SECTIONS)
def test_style__same_draws_same_bytes_and_a_name(name: str, plain: tuple[Config, Assets]) -> None:
    config, assets = _with(plain, f"{SECTIONS[name]}.{name}.chance=1")
    batch = Batch(0, config, assets, size=5)
    named = 0
    for index in range(10):
        made = batch(index)
        assert made.image.dtype == np.uint8
        assert made.image.shape[0] == 48
        assert made.provenance.contrast >= config.ink.floor
        assert _equal(made, sample(0, index, config, assets))
        named += name in made.provenance.effects
    assert named >= 2


@pytest.mark.parametrize("name", SECTIONS)
def test_style__changes_the_picture_and_not_the_text(name: str, plain: tuple[Config, Assets]) -> None:
    config, assets = _with(plain, f"{SECTIONS[name]}.{name}.chance=1")
    changed = compared = 0
    for index in range(12):
        made, before = sample(0, index, config, assets), sample(0, index, *plain)
        if made.provenance.attempt:
            continue
        assert made.text == before.text
        compared += 1
        changed += not np.array_equal(made.image, before.image)
        if name not in made.provenance.effects:
            assert np.array_equal(made.image, before.image), index
    assert compared >= 6
    assert changed >= 2


def test_style__that_is_not_drawn_leaves_no_trace(plain: tuple[Config, Assets]) -> None:
    sets = [f"{section}.{name}.chance=1e-9" for name, section in SECTIONS.items()]
    config, assets = _with(plain, *sets)
    for index in range(12):
        assert _equal(sample(0, index, config, assets), sample(0, index, *plain))


def test_style__another_one_leaves_its_draws_alone(plain: tuple[Config, Assets]) -> None:
    alone = _with(plain, "lettering.gradient.chance=1")
    beside = _with(plain, "lettering.gradient.chance=1", "decorate.underline.chance=1e-9", "lettering.neon.chance=1e-9")
    for index in range(8):
        assert _equal(sample(0, index, *alone), sample(0, index, *beside))


@pytest.fixture
def sheets(monkeypatch: pytest.MonkeyPatch) -> list[Sheet]:
    """The sheets that are painted while the test runs."""
    seen: list[Sheet] = []
    letter_on = styling.letter_on

    def watched(sheet: Sheet, look: object) -> list[str]:
        seen.append(sheet)
        return letter_on(sheet, look)  # type: ignore[arg-type]

    monkeypatch.setattr(styling, "letter_on", watched)
    return seen


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_style__its_body_lies_in_the_ink_quads(
    style: object, plain: tuple[Config, Assets], sheets: list[Sheet]
) -> None:
    name = style.name  # type: ignore[attr-defined]
    config, assets = _with(plain, f"lettering.{name}.chance=1")
    grown = 0
    for index in range(10):
        made = sample(0, index, config, assets)
        sheet = sheets[-1]
        allowed = np.zeros(sheet.mask.shape, np.uint8)
        for quad in made.instances[0].ink_quads:
            cv2.fillConvexPoly(allowed, np.rint(quad).astype(np.int32), 255)
        soft = SOFT_PX if style.group == "print" else 1  # type: ignore[attr-defined]
        allowed = cv2.dilate(allowed, np.ones((2 * soft + 1,) * 2, np.uint8))
        body = sheet.body > 127
        assert (body & (allowed == 0)).sum() <= 0.01 * body.sum() + 2, (index, made.text)
        grown += sheet.reach_px > 0
    assert (grown > 0) == (name in {"double_stroke", "offset_outline", "gap_outline", "hollow"})


def test_outline__grows_the_quads_by_its_width(plain: tuple[Config, Assets]) -> None:
    wide = "lettering.gap_outline={chance: 1, gap_em: 0.05, width_em: 0.05}"
    config, assets = _with(plain, wide, "place.perspective_chance=0", "place.rotation_chance=0", "place.slant_chance=0")
    before = _with(plain, "place.perspective_chance=0", "place.rotation_chance=0", "place.slant_chance=0")
    for index in range(6):
        made, bare = sample(0, index, config, assets), sample(0, index, *before)
        if made.provenance.attempt:
            continue
        wider = bare.instances[0].quad - made.instances[0].quad
        em = made.provenance.em_px
        reach = 2 * max(1, round(0.05 * em))
        np.testing.assert_allclose(wider[0], (reach, reach), rtol=0.25)
        np.testing.assert_allclose(wider[2], (-reach, -reach), rtol=0.25)


def test_spec__names_every_style_and_bounds_a_group() -> None:
    assert list(LetteringSpec.model_fields) == [style.name for style in STYLES]
    with pytest.raises(ConfigError, match=r"lettering: .*gradient.* add up to 1\.4"):
        load_config("rec-zh", sets=["lettering.gradient.chance=0.7", "lettering.wood.chance=0.7"])


@pytest.mark.parametrize("preset", ["rec-vertical"])
def test_style__columns_too(preset: str) -> None:
    config = load_config(preset, sets=[*QUIET])
    assets = open_assets(config, 0)
    for name, section in SECTIONS.items():
        config = load_config(preset, sets=[*QUIET, f"{section}.{name}.chance=1"])
        own = replace(assets, lettering=Lettering(config.lettering), decoration=Decoration(config.decorate))
        made = sample(0, 1, config, own)
        assert made.image.shape[1] == 48


@pytest.mark.slow
def test_style__on_pages_too() -> None:
    styles = ["lettering.gap_outline.chance=1", "lettering.gradient.chance=0.5", "decorate.underline.chance=0.5"]
    config, bare = load_config("scene", sets=["effects=[]", *styles]), load_config("scene", sets=["effects=[]"])
    assets, plain_assets = open_assets(config, 0), open_assets(bare, 0)
    named: set[str] = set()
    for index in range(3):
        made = sample(0, index, config, assets)
        assert np.array_equal(made.image, sample(0, index, config, assets).image)
        assert made.image.shape == sample(0, index, bare, plain_assets).image.shape
        named.update(made.provenance.effects)
        assert all(len(line.chars) == len(line.ink_quads) for line in made.instances)
    assert {"gap_outline", "gradient", "underline"} <= named
