"""The guide's code is what is run here: it learns, on tasks that are easy enough for a few minutes of a processor."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib import util
from pathlib import Path
from statistics import mean
from types import ModuleType
from typing import Any

import pytest
import torch

from synthtext.api import load_config

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "guides" / "online.md").read_text("utf-8")
FILES = dict(re.findall(r"<!-- file: (\w+)\.py -->\n```python\n(.*?)```", GUIDE, re.DOTALL))
SNIPPETS = [code for code in re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL) if code not in FILES.values()]

# One or two digits, in many faces and colours, on plain grounds.
DIGITS = (
    "charset=digits",
    "text.mix={random: 1, words: 0, mixed: 0, patterns: 0, names: 0, lines: 0}",
    "text.length={min: 1, max: 2, weights: {1: 1, 2: 1}}",
    "fonts.styles={sans: 1}",
    "background.kinds={plain: 1}",
    *("effects={}", "lettering={}", "decorate={}", "intrude={}", "bend.chance=0"),
    *("place.rotation_chance=0", "place.perspective_chance=0"),
)
SMALL_PAGES = ("page.sizes={192x192: 1}", "page.lines=[2, 5]", "page.em_px=[14, 30]")


def opened(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A file of the guide as a module."""
    path = folder / f"{name}.py"
    path.write_text(FILES[name], "utf-8")
    made = util.spec_from_file_location(name, path)
    assert made is not None
    assert made.loader is not None
    module = util.module_from_spec(made)
    monkeypatch.setitem(sys.modules, name, module)
    made.loader.exec_module(module)
    return module


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)  # of two cores, the workers have one
    yield
    torch.set_num_threads(before)


def test_guide__has_both_files_and_two_snippets() -> None:
    assert set(FILES) == {"crnn_online", "craft_online"}
    assert len(SNIPPETS) == 2


@pytest.mark.parametrize("code", SNIPPETS)
def test_snippets__run(code: str) -> None:
    small = code.replace("100_000", "64").replace("range(10)", "range(2)").replace("num_workers=2", "num_workers=1")
    scope: dict[str, Any] = {}
    exec(small, scope)
    batch = next(iter(scope["loader"]))
    assert batch.image.shape[:3] == (64, 3, 32 if "size_hw" in code else 48)
    assert batch.target.shape == (64, 23)


@pytest.mark.slow
def test_crnn__loss_falls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    crnn = opened("crnn_online", tmp_path, monkeypatch)
    config = load_config("rec-en-word", sets=DIGITS)
    model, losses, matches = crnn.train(config, steps=40, batch_size=16, workers=1, every=40, width=64)
    assert mean(losses[-10:]) < 0.5 * mean(losses[:5])
    assert len(matches) == 1
    assert model.classes.out_features == 11


@pytest.mark.slow
def test_crnn__reads_more_and_more_of_what_it_never_saw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    crnn = opened("crnn_online", tmp_path, monkeypatch)
    config = load_config("rec-en-word", sets=DIGITS)
    _, losses, matches = crnn.train(config, steps=600, batch_size=16, rate=2e-3, workers=1, every=100, width=64)
    assert mean(losses[-50:]) < 0.4 * mean(losses[50:100])
    assert matches[0] < 0.25
    assert matches[-1] > max(0.5, 2 * matches[0])


@pytest.mark.slow
def test_craft__loss_falls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    craft = opened("craft_online", tmp_path, monkeypatch)
    config = load_config("scene", sets=SMALL_PAGES)
    options = {"size_hw": (128, 128), "held": 2, "rate": 3e-3}
    model, losses, overlaps = craft.train(config, steps=20, batch_size=2, workers=1, every=20, **options)
    assert mean(losses[-5:]) < 0.8 * mean(losses[:3])
    assert len(overlaps) == 1
    assert model(torch.zeros(1, 3, 64, 96)).shape == (1, 2, 32, 48)


@pytest.mark.slow
def test_craft__finds_more_and_more_of_what_it_never_saw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    craft = opened("craft_online", tmp_path, monkeypatch)
    config = load_config("scene", sets=SMALL_PAGES)
    options = {"size_hw": (192, 192), "held": 16, "rate": 3e-3}
    _, losses, overlaps = craft.train(config, steps=120, batch_size=4, workers=1, every=30, **options)
    assert mean(losses[-20:]) < 0.5 * mean(losses[:5])
    assert overlaps[-1] > max(0.3, overlaps[0] + 0.1)


def test_map_loss__counts_the_hardest_of_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    craft = opened("craft_online", tmp_path, monkeypatch)
    wanted = torch.zeros(1, 2, 40, 40)
    wanted[:, :, :10, :20] = 1.0
    trust = torch.ones(1, 1, 40, 40)
    assert craft.map_loss(wanted, wanted, trust) == 0
    found = wanted.clone()
    found[0, 0, :10, :10] = 0.0  # half of the text of one map
    assert craft.map_loss(found, wanted, trust) == pytest.approx(0.5)
    found = wanted.clone()
    found[0, 1, 20:40, 10:40] = 1.0  # 600 pixels too many, as many as three for each of 200
    assert craft.map_loss(found, wanted, trust) == pytest.approx(1.0)
    trust[:, :, 20:40] = 0.0
    assert craft.map_loss(found, wanted, trust) == 0
