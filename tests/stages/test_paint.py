"""Colours of the ink: the floor holds whatever they come from, schemes give what they promise."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from synthtext.api import load_config
from synthtext.assets.backgrounds import Surface
from synthtext.assets.library import open_assets
from synthtext.assets.pairs import Pair
from synthtext.assets.schemes import TONE, Scheme
from synthtext.color import difference, lab, lab_of
from synthtext.config import Config
from synthtext.errors import ConfigError, Rejected
from synthtext.pipeline import Batch, color, ink, letter
from synthtext.rng import Streams
from synthtext.stages.paint import InkSpec, paint
from synthtext.stages.write import anchors_for
from synthtext.values import Ink
from synthtext.walks import through

PLAIN = dict.fromkeys(("opacity_chance", "stroke_chance", "shadow_chance"), 0.0)
STYLED = dict.fromkeys(("stroke_chance", "shadow_chance", "opacity_chance"), 1.0)


def board(color: tuple[int, int, int]) -> Surface:
    return Surface(np.full((48, 200, 3), color, np.uint8), "plain")


def pair_scheme(
    text: tuple[int, int, int],
    surface: tuple[int, int, int] | None,
    outline: tuple[int, int, int] | None = None,
    styled: bool = True,
) -> Scheme:
    ground = None if surface is None else lab_of(surface)
    pair = Pair("sign", 1.0, lab_of(text), ground, ("plain",), 0, 0, outline, styled)
    return Scheme("pair", pair, surface, text)


def painted(spec: InkSpec, surface: Surface, scheme: Scheme, index: int = 0) -> Ink:
    return paint(Streams(0, index).column("paint"), spec, surface, 48, scheme)


def test_paint__a_pair_keeps_its_colours() -> None:
    blue, white = (20, 70, 150), (250, 250, 245)
    for index in range(20):
        made = painted(InkSpec(**PLAIN), board(blue), pair_scheme(white, blue), index)
        assert made.fill == white
        assert made.contrast == pytest.approx(difference(white, blue), abs=2)
        assert made.origin == "sign"
        assert made.styles() == ["sign"]


def test_paint__a_pair_that_drowns_is_lightened_until_it_can_be_read() -> None:
    spec = InkSpec(**PLAIN)
    made = painted(spec, board((120, 20, 24)), pair_scheme((150, 40, 30), (60, 10, 12)))
    assert made.origin == "sign"
    assert made.contrast >= spec.floor
    red, green, blue = made.fill
    assert red > green
    assert red > blue


def test_paint__an_outline_of_the_table_is_always_there() -> None:
    for gray in ((255, 255, 255), (128, 128, 128), (0, 0, 0)):
        made = painted(InkSpec(**PLAIN), board(gray), pair_scheme((250, 250, 250), None, (10, 10, 10)))
        assert (made.fill, made.stroke) == ((250, 250, 250), (10, 10, 10))
        assert made.stroke_px >= 2
        assert made.opacity == 1.0


def test_paint__ink_that_is_printed_has_no_styles() -> None:
    spec = InkSpec(**STYLED)
    plain = painted(spec, board((240, 240, 235)), pair_scheme((20, 20, 20), (240, 240, 235), styled=False))
    assert (plain.stroke, plain.shadow, plain.opacity) == (None, None, 1.0)
    styled = painted(spec, board((240, 240, 235)), pair_scheme((20, 20, 20), (240, 240, 235)))
    assert styled.shadow is not None


def test_paint__text_on_a_photograph_asks_for_the_contrast_drawn() -> None:
    """A caption in the photograph's own lightness gives way to another colour."""
    spec = InkSpec(**PLAIN, contrast=[50, 50])
    made = painted(spec, board((150, 150, 150)), pair_scheme((200, 200, 200), None))
    assert made.origin == ""
    assert made.contrast >= 50


def test_paint__restless_surfaces_get_more_contrast() -> None:
    rng = np.random.default_rng(0)
    noise = np.clip(rng.normal(90, 30, (48, 300, 1)), 0, 255).astype(np.uint8).repeat(3, axis=2)
    surface = Surface(noise, "photo:x", noise)

    def mean(busy: float) -> float:
        spec = InkSpec(**PLAIN, contrast=[30, 30], busy=busy)
        fills = []
        for index in range(200):
            try:
                fills.append(paint(Streams(0, index).column("paint"), spec, surface, 48).fill)
            except Rejected:
                continue
        return float(np.mean([difference(fill, (90, 90, 90)) for fill in fills]))

    assert mean(1.2) > mean(0.0) + 5


def test_paint__an_outline_saves_what_no_colour_can() -> None:
    """On every gray from black to white nothing can be read but a fill with an outline of its own."""
    grays = np.repeat(np.linspace(0, 255, 9).astype(np.uint8), 48)
    image = np.ascontiguousarray(np.broadcast_to(grays[None, :, None], (48, 432, 3)))
    surface = Surface(image, "photo:x", image)
    sometimes = InkSpec(stroke_chance=0.01, opacity_chance=0.5, stroke_frac=[0.05, 0.05])
    for index in range(30):
        made = painted(sometimes, surface, TONE, index)
        assert made.stroke is not None
        assert made.opacity == 1.0
    with pytest.raises(Rejected, match="low contrast"):
        painted(InkSpec(**PLAIN), surface, TONE)


def test_paint__an_outline_is_likelier_where_the_contrast_wanted_is_not_there() -> None:
    def share(gray: int) -> float:
        spec = InkSpec(stroke_chance=0.2, contrast=[70, 70], tones={"light": 1, "dark": 1})
        made = [painted(spec, board((gray, gray, gray)), TONE, index) for index in range(400)]
        return sum(each.stroke is not None for each in made) / len(made)

    assert share(250) == pytest.approx(0.2, abs=0.06)
    assert share(120) > 0.45


def test_paint__vivid_colours_do_not_flicker() -> None:
    surface = board((30, 60, 190))
    spec = InkSpec(**PLAIN, tones={"vivid": 1}, contrast=[20, 30])
    strict = spec.model_copy(update={"vivid_lightness": 26.0})

    def flickering(used: InkSpec) -> int:
        count = 0
        for index in range(300):
            lightness, a, b = lab_of(paint(Streams(0, index).column("paint"), used, surface, 48).fill)
            there = lab_of((30, 60, 190))
            count += abs(lightness - there[0]) < 25 and a * a + b * b > 1000 and a * there[1] + b * there[2] < 0
        return count

    assert flickering(spec) > 5
    assert flickering(strict) == 0


@pytest.fixture(scope="module")
def schemed() -> Config:
    sets = ["ink.source={pair: 0.4, palette: 0.4, tone: 0.2}", "ink.vivid_lightness=24", "ink.busy=0.6"]
    return load_config("rec-zh", sets=sets)


def test_sample__no_source_breaks_the_floor(schemed: Config) -> None:
    assets = open_assets(schemed, 3)
    make = Batch(3, schemed, assets)
    seen: Counter[str] = Counter()
    situations = set(assets.schemes.table.situations())  # type: ignore[union-attr]
    for index in range(500):
        provenance = make(index).provenance
        assert provenance.contrast >= schemed.ink.floor
        origin = next((name for name in provenance.effects if name == "palette" or name in situations), "tone")
        seen["pair" if origin in situations else origin] += 1
    assert seen["pair"] > 120
    assert seen["palette"] > 100
    assert seen["tone"] > 60


def test_color__fill_or_outline_stands_off_the_pixels_under_it(schemed: Config) -> None:
    """Measured again on all pixels of the surface, in eight stretches."""
    assets = open_assets(schemed, 4)
    checked = 0
    for index in range(300):
        try:
            draft = through(letter(Streams(4, index), index, 0, anchors_for(4, index, assets.texts), schemed, assets))
            made = through(color(through(ink(draft, schemed, assets)), schemed, assets))
        except Rejected:
            continue
        colors = made.colors
        surface = lab(made.ground.image).astype(float)
        if made.ground.kind.startswith("photo"):
            surface = surface.mean(axis=(0, 1), keepdims=True)
        stretches = [part.mean(axis=(0, 1)) for part in np.array_split(surface, 8, axis=1) if part.size]
        apart = min(np.linalg.norm(each - lab_of(colors.fill)) for each in stretches) * colors.opacity
        if colors.stroke is not None:
            apart = max(apart, 0.6 * difference(colors.fill, colors.stroke))
        assert apart >= schemed.ink.floor - 2.5, (index, made.ground.kind, colors)
        checked += 1
    assert checked > 270


def test_sample__same_bytes_with_pairs_in_any_order(schemed: Config) -> None:
    forward, back = (Batch(3, schemed, open_assets(schemed, 3), size=size) for size in (16, 5))
    there = [forward(index).image for index in range(40)]
    for index in range(40):
        np.testing.assert_array_equal(back(index).image, there[index])


def test_sample__colours_move_nothing_else(schemed: Config) -> None:
    bare = load_config("rec-zh", sets=["ink.source={tone: 1}"])
    one, other = (Batch(3, config, open_assets(config, 3)) for config in (schemed, bare))
    same = [(one(index), other(index)) for index in range(60)]
    tried = [pair for pair in same if pair[0].provenance.attempt == pair[1].provenance.attempt]
    assert len(tried) > 50
    for first, second in tried:
        assert first.text == second.text
        assert first.image.shape == second.image.shape
        assert first.provenance.fonts == second.provenance.fonts
        if "stroke" not in first.provenance.effects + second.provenance.effects:  # an outline belongs to the ink
            np.testing.assert_array_equal(first.instances[0].ink_quads, second.instances[0].ink_quads)


def test_config__source_needs_a_weight() -> None:
    with pytest.raises(ConfigError, match=r"source: every weight is 0"):
        load_config("rec-zh", sets=["ink.source={tone: 0}"])
    with pytest.raises(ConfigError, match=r"ink\.source"):
        load_config("rec-zh", sets=["ink.source={pairs: 1}"])
