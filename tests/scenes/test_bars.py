"""Bars of videos have the colour that their text was made for, and no text of pages is fainter than it may be."""

from __future__ import annotations

import pytest

from synthtext.api import load_config
from synthtext.assets.library import open_assets
from synthtext.assets.schemes import Scheme
from synthtext.pipeline import sample
from synthtext.scenes.page import Page

_FLOORS = {"scene": 26.0, "video": 26.0, "banner": 26.0, "form": 18.0, "document": 18.0}


def test_video__bars_have_the_colour_of_their_texts_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs: list[Scheme] = []
    bars: list[tuple[float, float, float]] = []
    matched = plain = 0
    pair, bar, write = Page.pair, Page.bar, Page.write

    def noted_pair(page: Page, *situations: str) -> Scheme:
        pairs.append(pair(page, *situations))
        return pairs[-1]

    def noted_bar(page: Page, box: object, color: tuple[float, float, float], opacity: float) -> None:
        bars.append(color)
        bar(page, box, color, opacity)  # type: ignore[arg-type]

    def noted_write(page: Page, wish: object, spot: object, scheme: Scheme, *rest: object, **named: object) -> object:
        nonlocal matched, plain
        if bars and pairs and scheme is pairs[-1]:  # what is written right after a bar stands on it
            if scheme.surface is not None:
                assert scheme.surface == bars[-1]
                matched += 1
            else:
                plain += 1
            bars.clear()
        return write(page, wish, spot, scheme, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Page, "pair", noted_pair)
    monkeypatch.setattr(Page, "bar", noted_bar)
    monkeypatch.setattr(Page, "write", noted_write)
    config = load_config("video", sets=("effects={}", "page.sizes={960x540: 1}"))
    assets = open_assets(config, 9)
    for index in range(40):
        bars.clear()
        sample(9, index, config, assets)
    assert matched >= 5
    assert plain >= 1


@pytest.mark.parametrize(("preset", "floor"), _FLOORS.items())
def test_sample__no_text_is_fainter_than_the_preset_allows(preset: str, floor: float) -> None:
    config = load_config(preset, sets=("effects={}",))
    assert config.ink.floor >= floor
    if floor > 20.0:
        assert config.ink.lightness >= floor  # hue without a difference in lightness does not count
    assets = open_assets(config, 2)
    for index in range(10):
        contrast = sample(2, index, config, assets).provenance.contrast
        assert contrast is not None
        assert contrast >= floor
