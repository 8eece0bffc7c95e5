"""What every effect must keep."""

from __future__ import annotations

import numpy as np
import pytest

from synthtext.effects.base import Effect, draw
from synthtext.effects.chain import Chain
from synthtext.effects.settings import EffectsSpec
from synthtext.effects.table import EFFECTS
from synthtext.rng import Streams
from synthtext.spec import Within


def _picture(gray: bool = False, size_hw: tuple[int, int] = (48, 200)) -> np.ndarray:
    rng = np.random.default_rng(5)
    height, width = size_hw
    smooth = np.linspace(30, 220, width)[None, :, None] + np.linspace(-20, 20, height)[:, None, None]
    image = np.clip(smooth + rng.normal(0, 25, (height, width, 3)), 0, 255).astype(np.uint8)
    image[height // 4 : 3 * height // 4 : 3, width // 10 : 9 * width // 10 : 5] = (250, 240, 10)
    return image[..., 0].copy() if gray else image


def _draws(effect: Effect, count: int) -> list[dict[str, float]]:
    ranges = effect.spec().ranges()
    return [draw(ranges, Streams(0, index).effect(effect.slot)) for index in range(count)]


every_effect = pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.name)
SIZES = {
    "crop": ((48, 200), 20),
    "column": ((200, 48), 5),
    "tiny": ((8, 8), 20),
    "odd": ((9, 77), 5),
    "scene": ((720, 1280), 1),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("gray", [False, True], ids=["rgb", "gray"])
@every_effect
def test_effect__keeps_shape_dtype_and_its_input(effect: Effect, gray: bool, size: str) -> None:
    size_hw, count = SIZES[size]
    image = _picture(gray, size_hw)
    if gray and effect.color_only:
        with pytest.raises(ValueError, match="changes colours alone"):
            effect.apply(image, _draws(effect, 1)[0])
        return
    before = image.copy()
    for values in _draws(effect, count):
        made = effect.apply(image, values)
        assert made.shape == image.shape
        assert made.dtype == np.uint8
        np.testing.assert_array_equal(image, before)
        np.testing.assert_array_equal(effect.apply(image, values), made)


@pytest.mark.parametrize("gray", [False, True], ids=["rgb", "gray"])
@every_effect
def test_effect__changes_the_picture(effect: Effect, gray: bool) -> None:
    if gray and effect.color_only:
        return
    image = _picture(gray)
    changed = [np.abs(effect.apply(image, values).astype(int) - image).mean() for values in _draws(effect, 10)]
    assert np.mean(changed) > 0.2


@every_effect
def test_effect__bounds_of_its_ranges_can_be_used(effect: Effect) -> None:
    """Whatever a configuration may ask for, the effect does: each number at both ends, the others as they are."""
    image = _picture(size_hw=(32, 90))
    usual = _draws(effect, 1)[0]
    for name, field in effect.spec.model_fields.items():
        for mark in field.metadata:
            for value in (mark.low, mark.high) if isinstance(mark, Within) else ():
                made = effect.apply(image, usual | {name: value})
                assert made.shape == image.shape, (name, value)


@every_effect
def test_effect__cover_is_what_cannot_be_seen(effect: Effect) -> None:
    """Of the difference between two pictures no more is left than what the cover leaves open."""
    if effect.kind != "cover":
        return
    dark, bright = np.full((48, 200, 3), 40, np.uint8), np.full((48, 200, 3), 210, np.uint8)
    for values in _draws(effect, 20):
        (one, cover), (other, same) = (effect.function(image, **values) for image in (dark, bright))
        assert cover.shape == (48, 200)
        assert cover.dtype == np.uint8
        np.testing.assert_array_equal(cover, same)
        left = np.abs(other.astype(float) - one).max(axis=2)
        assert (left <= 170 * (1.0 - cover / 255.0) + 40).all()
        clear = cover == 0
        assert left[clear].mean() > 100 if clear.any() else True


@every_effect
def test_effect__at_chance_0_never_happens(effect: Effect) -> None:
    image = _picture()
    spec = EffectsSpec.model_validate({effect.name: {"chance": 0}})
    assert all(Chain(spec).apply(Streams(0, index), image).image is image for index in range(20))


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.name)
def test_effect__spec_names_the_functions_arguments(effect: Effect) -> None:
    import inspect

    accepted = [p.name for p in inspect.signature(effect.function).parameters.values() if p.kind == p.KEYWORD_ONLY]
    assert [name for name, _ in effect.spec().ranges()] == accepted


def test_effects__have_slots_of_their_own() -> None:
    assert len({effect.slot for effect in EFFECTS}) == len(EFFECTS)
    assert set(EffectsSpec.model_fields) == {effect.name for effect in EFFECTS} | {"one_of", "chain"}


def test_chain__without_chances_is_the_identity() -> None:
    image = _picture()
    shot = Chain(EffectsSpec()).apply(Streams(0, 0), image)
    assert shot.image is image
    assert shot.names == []
    assert shot.cover is None


def test_chain__one_effects_chance_leaves_the_others_draws_alone() -> None:
    image = _picture()
    both = EffectsSpec.model_validate({"blur": {"chance": 1}, "exposure": {"chance": 1}})
    one = EffectsSpec.model_validate({"exposure": {"chance": 1}})
    drawn_both = Chain(both).apply(Streams(0, 3), image).drawn
    drawn_one = Chain(one).apply(Streams(0, 3), image).drawn
    assert list(drawn_both) == ["blur", "exposure"]
    assert drawn_both["exposure"] == drawn_one["exposure"]


def test_blur__lowers_contrast_between_neighbours_with_sigma() -> None:
    from synthtext.effects.focus import blur

    image = _picture()
    steps = [np.abs(np.diff(blur(image, sigma_frac=s).astype(int), axis=1)).mean() for s in (0.0, 0.01, 0.03, 0.06)]
    assert steps == sorted(steps, reverse=True)


def test_add_noise__has_the_sigma_that_was_asked_for() -> None:
    from synthtext.effects.noise import add_noise

    flat = np.full((64, 400, 3), 128, np.uint8)
    for color in (0.0, 1.0):
        noisy = add_noise(flat, sigma=10, color=color, at_x=0.3, at_y=0.7).astype(float)
        assert abs(noisy.std() - 10) < 0.8
        assert abs(noisy.mean() - 128) < 0.8
    same_channels = add_noise(flat, sigma=10, color=0.0, at_x=0, at_y=0)
    np.testing.assert_array_equal(same_channels[..., 0], same_channels[..., 2])


def test_add_noise__covers_pictures_larger_than_its_bank() -> None:
    from synthtext.effects.noise import add_noise

    flat = np.full((700, 3000, 3), 128, np.uint8)
    assert add_noise(flat, sigma=8, color=1, at_x=0.99, at_y=0.99).shape == flat.shape
