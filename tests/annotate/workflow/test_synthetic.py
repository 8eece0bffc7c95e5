"""Presets as the app turns them: what is changed comes out in the configuration, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from annotate.errors import NotFound
from annotate.jobs.studio import Studio
from annotate.workflow import synthetic
from annotate.workflow.context import Context, open_context
from synthtext.api import load_config, preset_names
from synthtext.errors import ConfigError, UserError


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    with open_context(tmp_path / "workspace", create=True) as opened:
        yield opened


@pytest.mark.parametrize("preset", preset_names())
def test_knobs__show_what_the_preset_says(context: Context, preset: str) -> None:
    found = {knob.key: value for knob, value in synthetic.knobs(context, preset)}
    config = load_config(preset)
    assert found["ink.contrast"] == (config.ink.contrast.low, config.ink.contrast.high)
    assert found["text.length.max"] == (config.text.length.max,)
    assert ("page.lines" in found) == (config.page is not None)
    for knob, value in synthetic.knobs(context, preset):
        assert all(knob.least <= number <= knob.most for number in value), knob.key


def test_overrides__only_what_differs(context: Context) -> None:
    values = {key.key: value for key, value in synthetic.knobs(context, "rec-zh")}
    assert synthetic.overrides(context, "rec-zh", values) == {}
    values["crop.height"] = (32.0,)
    values["place.rotation_deg"] = (7.0, -4.5)
    assert synthetic.overrides(context, "rec-zh", values) == {"crop.height": 32, "place.rotation_deg": [-4.5, 7]}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"crop.height": [4096]}, "crop.height: [4096.0] is not within 16 to 128"),
        ({"crop.height": [16, 32]}, "crop.height"),
        ({"page.lines": [1, 2]}, "page.lines: no such setting of rec-zh"),
    ],
)
def test_overrides__wrong_values(context: Context, values: dict[str, list[float]], words: str) -> None:
    with pytest.raises(UserError) as caught:
        synthetic.overrides(context, "rec-zh", values)
    assert words in str(caught.value)


def test_keep__a_file_that_the_generator_takes(context: Context) -> None:
    file = synthetic.keep(context, "street-1", "rec-zh", {"crop.height": 32, "place.rotation_deg": [-5, 5]})
    config, before = load_config(str(file)), load_config("rec-zh")
    assert config.crop.height == 32
    assert config.place.rotation_deg.high == 5
    assert config.model_copy(update={"crop": before.crop, "place": before.place, "preset": "rec-zh"}) == before
    assert synthetic.presets(context)[-1] == "street-1"
    again = synthetic.keep(context, "street-2", "street-1", {"crop.height": 40})
    assert (load_config(str(again)).crop.height, load_config(str(again)).place.rotation_deg.high) == (40, 5)


@pytest.mark.parametrize("name", ["", "../up", "a b", "scene", "名字", "x" * 65])
def test_keep__names_that_cannot_be(context: Context, name: str) -> None:
    with pytest.raises(UserError):
        synthetic.keep(context, name, "rec-zh", {})
    assert not list(context.workspace.root.rglob("*.yaml")) or not (context.workspace.root / "presets").exists()


def test_keep__values_that_do_not_go_together(context: Context) -> None:
    with pytest.raises(ConfigError):
        synthetic.keep(context, "odd", "rec-zh", {"text.length.max": 1, "text.length.min": 9})
    assert synthetic.presets(context) == preset_names()


@pytest.mark.parametrize("name", ["nothing", "../../etc/passwd", "/etc/hosts"])
def test_source__unknown(context: Context, name: str) -> None:
    with pytest.raises(NotFound):
        synthetic.source(context, name)


def test_studio__draws_in_a_process_of_its_own() -> None:
    studio = Studio()
    try:
        small = {"background.kinds": {"plain": 1}, "fonts.styles": {}, "charset": "digits", "crop.height": 32}
        drawn = studio.draw("rec-en", small, 3, 5, "chars", False)
        again = studio.draw("rec-en", small, 3, 5, "chars", False)
        with pytest.raises(ConfigError):
            studio.draw("rec-en", {"crop.height": -1}, 1, 0, None, False)
    finally:
        studio.close()
    assert drawn == again
    for data, texts in drawn:
        assert cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR).shape[0] == 32
        assert len(texts) == 1
        assert texts[0].isdigit() or " " in texts[0]
