"""Ink lies in its quad and fills it, told from pixels alone."""

from __future__ import annotations

import pytest

from synthtext.api import load_config
from synthtext.assets.library import open_assets
from tests.scenes.ink_off import CharInk, check_page, summary

_SETS = (
    "effects={}", "lettering={}", "decorate={}", "ink.shadow_chance=0", "ink.stroke_chance=0", "ink.opacity_chance=0",
    "ink.source={tone: 1}",
)  # fmt: skip


def _found(preset: str, pages: int, patch: pytest.MonkeyPatch, *sets: str) -> list[CharInk]:
    config = load_config(preset, sets=(*_SETS, *sets))
    assets = open_assets(config, 5)
    return [one for index in range(pages) for one in check_page(index, 3 * index, config, assets, patch)]


@pytest.mark.parametrize("preset", ["scene", "video", "banner", "form", "document"])
def test_ink__of_a_char_lies_in_its_quad_and_fills_it(preset: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = _found(preset, 5, monkeypatch)
    assert len(found) > 12
    assert [one for one in found if one.inside < 0.97] == []
    assert [one for one in found if max(one.gaps_px) > 2.0] == []


def test_ink__of_outlined_text_holds_the_outline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Outlines belong to the ink; where they run into a neighbour's, nothing can be said of how far they reach."""
    found = _found("scene", 5, monkeypatch, "ink.stroke_chance=1", "ink.stroke_frac=[0.05, 0.08]")
    assert len(found) > 30
    assert [one for one in found if one.inside < 0.97] == []


@pytest.mark.slow
def test_ink__of_400_scenes(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    figures = summary(_found("scene", 400, monkeypatch))
    with capsys.disabled():
        print(f"\nink of 400 scenes: {figures}")
    assert figures["chars"] > 4000
    assert figures["inside_97"] >= 0.999
    assert figures["fills_2px"] >= 0.999
