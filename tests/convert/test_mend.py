from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthtext.convert.mend import clockwise, from_top_left, mended_page, mended_text
from synthtext.labels.levels import TextBox
from synthtext.labels.picture import Picture
from synthtext.quads import is_convex, signed_area

TL, TR, BR, BL = (10.0, 10.0), (50.0, 10.0), (50.0, 30.0), (10.0, 30.0)


def outline(*points: tuple[float, float]) -> np.ndarray:
    return np.array(points, np.float32)


def page(*boxes: TextBox) -> Picture:
    return Picture("a.jpg", "", b"", "here", boxes=boxes)


@pytest.mark.parametrize(
    ("name", "points", "expected"),
    [
        ("right already", (TL, TR, BR, BL), (TL, TR, BR, BL)),
        ("anticlockwise", (TL, BL, BR, TR), (TL, TR, BR, BL)),
        ("upside down is no fault", (BR, BL, TL, TR), (BR, BL, TL, TR)),
        ("crosses itself", (TL, TR, BL, BR), (TL, TR, BR, BL)),
        ("six points, anticlockwise", (TL, BL, (30, 30), BR, TR, (30, 10)), (TL, (30, 10), TR, BR, (30, 30), BL)),
    ],
)
def test_clockwise__first_corner_stays(name: str, points: tuple, expected: tuple) -> None:
    assert clockwise(outline(*points), Counter()).tolist() == outline(*expected).tolist()


@given(st.lists(st.integers(0, 200), min_size=8, max_size=8))
def test_clockwise__any_four_points_become_a_convex_quad_or_are_flat(numbers: list[int]) -> None:
    found = clockwise(np.array(numbers, np.float32).reshape(4, 2), Counter())

    flat = np.ptp(found, axis=0).min() < 1 or abs(float(signed_area(found[None])[0])) < 1e-3
    assert flat or is_convex(found[None])[0] or signed_area(found[None])[0] > 0


@pytest.mark.parametrize("first", range(4))
@pytest.mark.parametrize("backwards", [False, True])
def test_from_top_left__a_rectangle_drawn_from_any_corner_either_way(first: int, backwards: bool) -> None:
    points = np.roll(outline(TL, TR, BR, BL)[:: -1 if backwards else 1], first, axis=0)

    found = from_top_left(clockwise(points, Counter()), Counter())

    assert found.tolist() == outline(TL, TR, BR, BL).tolist()


def test_from_top_left__turned_quads_say_which_way_is_up() -> None:
    turned = outline((30, 10), (50, 30), (30, 50), (10, 30))

    assert from_top_left(np.roll(turned, 2, axis=0), Counter()).tolist() == np.roll(turned, 2, axis=0).tolist()


def test_mended_page__only_drawn_rectangles_of_unknown_direction_are_turned() -> None:
    upside_down = outline(BR, BL, TL, TR)
    boxes = (TextBox(upside_down, "a"), TextBox(upside_down, "b", direction="ltr"))

    drawn = mended_page(page(*boxes), (100, 100), True, Counter())
    made = mended_page(page(*boxes), (100, 100), False, Counter())

    assert [box.outline[0].tolist() for box in drawn.boxes] == [list(TL), list(BR)]
    assert [box.outline[0].tolist() for box in made.boxes] == [list(BR), list(BR)]


@pytest.mark.parametrize(
    ("name", "points", "kept", "ignored"),
    [
        ("inside", (TL, TR, BR, BL), 1, False),
        ("a little outside", ((-2, 10), (50, 10), (50, 30), (-2, 30)), 1, False),
        ("most of it outside", ((-80, 10), (20, 10), (20, 30), (-80, 30)), 1, True),
        ("outside", ((-80, 10), (-20, 10), (-20, 30), (-80, 30)), 0, False),
        ("a line", ((10, 10), (50, 10), (50, 10), (10, 10)), 0, False),
        ("a point", ((10, 10), (10, 10), (10, 10), (10, 10)), 0, False),
    ],
)
def test_mended_page__borders(name: str, points: tuple, kept: int, ignored: bool) -> None:
    tally: Counter[str] = Counter()

    found = mended_page(page(TextBox(outline(*points), "x")), (100, 100), False, tally)

    assert len(found.boxes) == kept
    assert [box.ignore for box in found.boxes] == [ignored] * kept
    assert all((box.outline >= 0).all() and (box.outline <= 100).all() for box in found.boxes)
    assert bool(tally) == (name != "inside")


def test_mended_page__small_ones_are_ignored() -> None:
    boxes = (
        TextBox(outline(TL, TR, BR, BL), "a", "stamp"),
        TextBox(outline(TL, TR, (50, 14), (10, 14)), "b", "filled"),
    )

    found = mended_page(page(*boxes), (100, 100), False, Counter(), least_px=8)

    assert [(box.ignore, box.category) for box in found.boxes] == [(False, "stamp"), (True, "filled")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("plain", "plain"),
        ("  two  words ", "two words"),
        ("tab\there", "tab here"),
        ("line\nbreak\r\n", "line break"),
        ("e\u0301", "é"),
        ("张　三", "张 三"),
        ("a\u200db", "a\u200db"),
        ("bell\x07", "bell"),
        ("\ufeffmark", "\ufeffmark"),
    ],
)
def test_mended_text__table(text: str, expected: str) -> None:
    assert mended_text(text) == expected


@given(st.text())
def test_mended_text__mended_once_is_mended_for_good(text: str) -> None:
    assert mended_text(mended_text(text)) == mended_text(text)
