"""What is made of a picture before it is embedded, and how pictures reach the model."""

from __future__ import annotations

import threading

import clip_scenes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.embed.loader import load_ahead
from annotate.embed.towers import unit
from annotate.embed.views import Recipe, blurred, cut, recipe_of, vectors_of, views_of
from annotate.errors import NotFound
from annotate.index.rows import PLAIN, WHOLE
from synthtext.errors import UserError

WORD = ((30.0, 40.0), (90.0, 40.0), (90.0, 60.0), (30.0, 60.0))


def _striped() -> np.ndarray:
    image = np.full((120, 160, 3), 200, np.uint8)
    image[42:58, 32:88:4] = 20  # strokes, thinner than any letter's
    image[:, 140:144] = 0
    return image


def test_blurred__takes_the_strokes_and_leaves_the_rest() -> None:
    image = _striped()
    found = blurred(image, [WORD])
    assert image[44:56, 34:86].std() > 50
    assert found[44:56, 34:86].std() < 10
    assert abs(float(found[44:56, 34:86].mean()) - float(image[44:56, 34:86].mean())) < 25
    assert (found[:, 120:] == image[:, 120:]).all()
    assert (found[:20] == image[:20]).all()
    assert (blurred(image, []) == image).all()


def test_views_of__mirror_blur_tiles_and_contexts() -> None:
    image = clip_scenes.draw(clip_scenes.ALL[0], 0)
    outline = ((20.0, 40.0), (60.0, 40.0), (60.0, 52.0), (20.0, 52.0))
    mirror = views_of(image, [outline], Recipe())
    assert len(mirror.images) == 2
    assert (mirror.images[1] == image[:, ::-1]).all()
    assert mirror.boxes == ()
    full = views_of(image, [outline], Recipe("blur", tiles=True, contexts=True))
    assert len(full.images) == 2 + len(full.boxes) == 2 + 4 + 1
    seen = np.zeros(image.shape[:2], bool)
    for (x0, y0, x1, y1), part in zip(full.boxes, full.images[2:], strict=True):
        assert (part == image[y0:y1, x0:x1]).all()
    for x0, y0, x1, y1 in full.boxes[:4]:
        seen[y0:y1, x0:x1] = True
    assert seen.all()
    x0, y0, x1, y1 = full.boxes[4]
    assert x0 < 20 < 60 < x1
    assert y0 < 40 < 52 < y1
    assert len(views_of(image, [], Recipe("none")).images) == 1


def test_vectors_of__gives_each_kind_its_own() -> None:
    image = clip_scenes.draw(clip_scenes.ALL[0], 0)
    vectors = unit(np.random.default_rng(0).standard_normal((6, 8)))
    kinds, parts = vectors_of(views_of(image, [], Recipe("mirror", tiles=True)), vectors)
    assert (kinds[WHOLE] == vectors[0]).all()
    assert kinds[PLAIN] == pytest.approx((vectors[0] + vectors[1]) / np.linalg.norm(vectors[0] + vectors[1]), abs=1e-6)
    assert (np.stack(parts) == vectors[2:]).all()
    kinds, parts = vectors_of(views_of(image, [], Recipe("none", tiles=True)), vectors[:5])
    assert set(kinds) == {WHOLE}
    assert (np.stack(parts) == vectors[1:5]).all()


@given(
    st.integers(10, 200),
    st.integers(10, 200),
    st.lists(st.tuples(*(st.floats(-50, 250) for _ in range(4))), max_size=40),
)
def test_views_of__never_leaves_the_picture(width: int, height: int, boxes: list[tuple[float, ...]]) -> None:
    image = np.zeros((height, width, 3), np.uint8)
    outlines = [((a, b), (c, b), (c, d), (a, d)) for a, b, c, d in boxes]
    views = views_of(image, outlines, Recipe("blur", tiles=True, contexts=True))
    for (x0, y0, x1, y1), part in zip(views.boxes, views.images[2:], strict=True):
        assert 0 <= x0 < x1 <= width
        assert 0 <= y0 < y1 <= height
        assert min(part.shape[:2]) >= 8


def test_recipe_of__is_what_was_stored() -> None:
    recipe = Recipe("blur", contexts=True)
    assert recipe_of(recipe.as_json()) == recipe
    with pytest.raises(UserError, match="does not know"):
        recipe_of({"plain": "mirror", "later": True})
    with pytest.raises(UserError, match="less than 8 pixels"):
        cut(_striped(), (158, 0, 300, 100))


def test_load_ahead__keeps_the_order_and_the_bound() -> None:
    inside, most, lock = 0, 0, threading.Lock()

    def load(key: int) -> int:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        if key % 5 == 0:
            raise NotFound(f"{key} is gone")
        if key == 7:
            raise MemoryError
        return key * key

    found = []
    for loaded in load_ahead(range(1, 40), load, ahead=6, threads=3):
        with lock:
            inside -= 1
        found.append(loaded)
    assert [one.key for one in found] == list(range(1, 40))
    assert all(one.value == one.key**2 for one in found if one.error is None)
    assert [one.key for one in found if one.error is not None] == [5, 7, *range(10, 40, 5)]
    assert most <= 7

    def bug(key: int) -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(load_ahead([1], bug, ahead=2))
