"""Chains of one's own: order, groups, repeated effects, and numbers that stay where they are."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from synthtext.config import build_config, load_config
from synthtext.effects.chain import Chain, Shot
from synthtext.effects.settings import EffectsSpec
from synthtext.errors import ConfigError
from synthtext.rng import Streams

IMAGE = np.random.default_rng(3).integers(0, 256, (24, 60, 3), np.uint8)


def _shots(effects: Any, count: int = 200) -> list[Shot]:
    chain = Chain(EffectsSpec.model_validate(effects))
    return [chain.apply(Streams(0, index), IMAGE) for index in range(count)]


def test_list__is_applied_as_it_is_written() -> None:
    assert {tuple(shot.names) for shot in _shots(["jpeg", "blur", {"lines": {}}], 20)} == {("jpeg", "blur", "lines")}


def test_mapping__is_applied_in_the_order_of_physics() -> None:
    effects = {"jpeg": {"chance": 1}, "lines": {"chance": 1}, "one_of": [{"of": ["blur", "noise"]}]}
    assert {tuple(shot.names) for shot in _shots(effects)} == {("lines", "blur", "jpeg"), ("lines", "noise", "jpeg")}


def test_list_and_mapping__draw_the_same_numbers() -> None:
    mapping = {"blur": {"chance": 0.5}, "noise": {"chance": 0.3}}
    listed = [{"blur": {"chance": 0.5}}, {"noise": {"chance": 0.3}}]
    for one, other in zip(_shots(mapping), _shots(listed), strict=True):
        assert one.drawn == other.drawn
        np.testing.assert_array_equal(one.image, other.image)


def test_one_of__chooses_one_by_weight_as_often_as_its_chance() -> None:
    group = {"chance": 0.4, "of": [{"blur": {"weight": 3}}, {"jpeg": {"weight": 1}}, {"noise": {"weight": 0}}]}
    counts = Counter(tuple(shot.names) for shot in _shots([{"one_of": group}], 4000))
    assert set(counts) == {(), ("blur",), ("jpeg",)}
    assert abs(counts[("blur",)] / 4000 - 0.3) < 0.03
    assert abs(counts[("jpeg",)] / 4000 - 0.1) < 0.02


def test_one_of__nests() -> None:
    inner = {"one_of": {"weight": 1, "of": ["jpeg", "noise"]}}
    counts = Counter(tuple(shot.names) for shot in _shots([{"one_of": {"of": ["blur", inner]}}], 4000))
    for name, share in {"blur": 0.5, "jpeg": 0.25, "noise": 0.25}.items():
        assert abs(counts[(name,)] / 4000 - share) < 0.03, name


def test_repeated_effect__has_numbers_of_its_own() -> None:
    shots = _shots([{"blur": {"chance": 0.5}}, {"blur": {"chance": 0.5}}], 1000)
    counts = Counter(len(shot.names) for shot in shots)
    assert all(abs(counts[number] / 1000 - share) < 0.05 for number, share in {0: 0.25, 1: 0.5, 2: 0.25}.items())
    both = next(shot.drawn for shot in shots if len(shot.names) == 2)
    assert list(both) == ["blur", "blur 2"]
    assert both["blur"] != both["blur 2"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["blur", "noise"], [{"shade": {}}, "blur", "noise"]),
        (["noise"], [{"one_of": {"of": ["blur", "jpeg"]}}, "noise"]),
        ([{"one_of": {"of": ["noise"]}}], ["jpeg", {"one_of": {"of": ["noise"]}}]),
        ([{"blur": {}}, {"noise": {}}], [{"blur": {"chance": 0.1, "sigma_frac": 0.1}}, {"noise": {}}]),
        ({"noise": {"chance": 1}}, {"noise": {"chance": 1}, "one_of": [{"of": ["noise", "blur"]}]}),
    ],
)
def test_numbers__stay_when_another_entry_changes(before: Any, after: Any) -> None:
    for one, other in zip(_shots(before, 50), _shots(after, 50), strict=True):
        assert one.drawn["noise"] == other.drawn["noise"]


def test_one_of__a_nested_group_leaves_the_next_groups_choice_alone() -> None:
    second = {"one_of": {"of": ["jpeg", "noise"]}}
    plain = _shots([{"one_of": {"of": ["blur"]}}, second])
    nested = _shots([{"one_of": {"of": ["blur", {"one_of": {"of": ["shade", "tint"]}}]}}, second])
    assert [shot.names[-1] for shot in plain] == [shot.names[-1] for shot in nested]


def test_one_of__of_a_mapping_stays_when_a_named_effect_is_switched_on() -> None:
    group = [{"of": ["blur", "jpeg"]}]
    quiet, loud = _shots({"one_of": group}), _shots({"one_of": group, "blur": {"chance": 1}})
    for one, other in zip(quiet, loud, strict=True):
        if one.names == ["blur"]:
            assert one.drawn["blur"] == other.drawn["blur 2"]
        else:
            assert other.names == ["blur", "jpeg"]


@pytest.mark.parametrize(
    ("effects", "message"),
    [
        ("[blurr]", "effects.0.blurr: no such effect; did you mean 'blur'?"),
        ("[{blur: {chance: 1.5}}]", "effects.0.blur.chance: has to be at most 1, found 1.5"),
        ("[{blur: {chance: often}}]", "effects.0.blur.chance: has to be a number, found 'often'"),
        ("[{blur: {chanc: 1}}]", "effects.0.blur.chanc: no such setting; did you mean 'chance'?"),
        ("[{blur: {weight: 1}}]", "effects.0.blur.weight: a weight counts inside one_of only; write chance"),
        ("[{blur: {sigma_frac: [1, 0]}}]", "effects.0.blur.sigma_frac: the range [1, 0] is upside down"),
        ("[{blur: {}, jpeg: {}}]", "effects.0: expected one effect, found 2 (blur, jpeg)"),
        ("[{one_of: {of: []}}]", "effects.0.one_of.of: is empty; name the effects to choose from"),
        ("[{one_of: {of: [{blur: {weight: 0}}]}}]", "effects.0.one_of.of: all weights are 0; give at least one"),
        ("[{one_of: {of: [{blur: {weight: -1}}]}}]", "effects.0.one_of.of.0.blur.weight: has to be at least 0"),
        ("[{one_of: {of: [{blur: {chance: 1}}]}}]", "effects.0.one_of.of.0.blur.chance: inside one_of an effect"),
        ("[{one_of: {chance: 1.5, of: [blur]}}]", "effects.0.one_of.chance: has to be at most 1, found 1.5"),
        ("{one_of: [{of: [nois]}]}", "effects.one_of.0.of.0.nois: no such effect; did you mean 'noise'?"),
        ("{one_of: 3}", "effects.one_of: expected {chance: ..., of: [effects to choose from]}"),
        ("{chain: [blur], jpeg: {chance: 1}}", "effects: has both a chain and jpeg; put all into the chain"),
    ],
)
def test_effects__errors_name_the_place(tmp_path: Path, effects: str, message: str) -> None:
    file = tmp_path / "my.yaml"
    file.write_text(f"effects: {effects}\n")
    with pytest.raises(ConfigError) as caught:
        load_config(str(file))
    assert str(caught.value).startswith(f"{file}: {message}")


CHAIN = "[{shade: {chance: 0.3}}, {one_of: {chance: 0.4, of: [{blur: {weight: 2}}, jpeg]}}, blur, blur]"


@pytest.mark.parametrize("effects", [CHAIN, "{jpeg: {chance: 0.1}, one_of: {chance: 0.5, of: [blur, noise]}}", "[]"])
def test_effects__plain_data_gives_the_same_configuration(tmp_path: Path, effects: str) -> None:
    file = tmp_path / "my.yaml"
    file.write_text(f"effects: {effects}\n")
    config = load_config(str(file))
    again = build_config(config.model_dump(mode="json"))
    assert again == config
    assert again.digest() == config.digest() != load_config("rec-zh").digest()


def test_set__reaches_into_a_list_by_its_place(tmp_path: Path) -> None:
    file = tmp_path / "my.yaml"
    file.write_text(f"effects: {CHAIN}\n")
    config = load_config(str(file), sets=["effects.1.one_of.of.0.blur.weight=5", "effects.0.shade.chance=0.7"])
    plain = config.model_dump(mode="json")["effects"]
    assert plain[0]["shade"]["chance"] == 0.7
    assert plain[1]["one_of"]["of"][0]["blur"]["weight"] == 5
    message = r"--set effects.shade.chance: effects is a list here, .*; write effects.0.shade.chance$"
    with pytest.raises(ConfigError, match=message):
        load_config(str(file), sets=["effects.shade.chance=0.7"])
