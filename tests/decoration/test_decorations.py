"""Where decorations lie: told in the line's own frame, and brought into the picture by the warp of the ink."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from synthtext.color import difference
from synthtext.decoration.base import Extent, Frame
from synthtext.decoration.table import DECORS, Decor, DecorateSpec, Decoration
from synthtext.geometry import Mesh, Transform, Warp
from synthtext.rng import Streams
from synthtext.values import Color, Direction

EM = 40
GROUND: Color = (236, 234, 228)
# Ink from (20, 14) to (180, 50) in pixels: the line's origin is (20, 44).
ORIGIN = (20.0, 44.0)
EXTENT = Extent(0.0, 4.0, -0.75, 0.15)
INK = (slice(14, 50), slice(20, 180))


def _frame(
    warp: Transform | None = None,
    direction: Direction = "ltr",
    ground: Color = GROUND,
    index: int = 0,
    cjk: bool = True,
) -> Frame:
    surface = np.empty((80, 200, 3) if direction == "ltr" else (200, 80, 3), np.uint8)
    surface[:] = ground
    luck = Streams(5, index).column("decorate")
    luck.units(15)
    origin = ORIGIN if direction == "ltr" else (40.0, 20.0)
    extent = EXTENT if direction == "ltr" else Extent(0.0, 4.0, -0.45, 0.45)
    return Frame(surface, extent, direction, cjk, EM, origin, warp or Warp.identity(), EM, luck, (20, 20, 30))


def _decor(name: str) -> Decor:
    return next(decor for decor in DECORS if decor.name == name)


def _drawn(name: str, frame: Frame | None = None, **given: float) -> np.ndarray:
    """Return where a decoration has changed the surface."""
    frame = frame or _frame()
    decor = _decor(name)
    before = frame.surface.copy()
    decor.function(frame, **{key: span.at(0.5) for key, span in decor.spec().ranges()} | given)
    return np.abs(frame.surface.astype(int) - before).max(axis=2) > 24


@pytest.mark.parametrize("name", ["underline", "double_underline", "wavy_underline", "field_line", "leader"])
def test_rule__lies_below_the_ink_within_its_room(name: str) -> None:
    for index in range(6):
        marks = _drawn(name, _frame(index=index))
        values = {key: span.at(0.5) for key, span in _decor(name).spec().ranges()}
        room = _decor(name).room(**values).below * EM
        rows = np.flatnonzero(marks.any(axis=1))
        assert rows[0] >= 50
        assert rows[-1] <= 50 + room + 1
        assert marks.any(axis=0)[30:170].mean() > (0.3 if name in ("field_line", "leader") else 0.95)


def test_rule__has_no_bars_at_its_ends() -> None:
    """A rule is no taller at its ends than in its middle: nothing there could be read as a 1 or an l."""
    for name in ("underline", "double_underline", "overline", "strike"):
        heights = _drawn(name).sum(axis=0)
        assert heights.max() <= np.median(heights[30:170]) + 2, name


def test_underline__crosses_what_hangs_below_the_baseline_of_letters() -> None:
    frame = _frame(cjk=False)
    frame.extent = Extent(0.0, 4.0, -0.75, 0.3)
    rows = np.flatnonzero(_drawn("underline", frame, gap_em=0.05, thick_em=0.05).any(axis=1))
    assert 44 < rows[0] < rows[-1] < 44 + 0.3 * EM


def test_double_underline__is_two() -> None:
    frame = _frame()
    _drawn("double_underline", frame)
    dark = (frame.surface[:, 100].max(axis=1) < 130).astype(int)
    assert (np.diff(dark) == 1).sum() == 2


def test_strike__goes_through_the_middle_and_stays_thin() -> None:
    marks = _drawn("strike", thick_em=0.04, tilt=0.0)
    rows = np.flatnonzero(marks.any(axis=1))
    assert abs(rows.mean() - 32) < 3
    assert len(rows) <= 4


def test_overline__lies_above_the_ink() -> None:
    assert np.flatnonzero(_drawn("overline").any(axis=1))[-1] < 14


def test_box__closes_round_the_ink_and_leaves_it_alone() -> None:
    for corner in (0.0, 1.0):
        for index in range(6):
            marks = _drawn("box", _frame(index=index), corner=corner)
            assert not marks[14:50, 22:178].any()
            outside = (~marks).astype(np.uint8)
            parts = cv2.connectedComponents(outside, connectivity=4)[1]
            assert parts[32, 100] != parts[0, 0]


def test_plate__covers_what_the_ink_lies_on_and_stands_off() -> None:
    for index in range(8):
        frame = _frame(index=index)
        _drawn("plate", frame, opacity=1.0, corner=1.0)
        inside = frame.surface[20:44, 30:170].reshape(-1, 3)
        assert np.ptp(inside, axis=0).max() == 0
        color = tuple(inside[0].tolist())
        assert difference(color, GROUND) > 20
        np.testing.assert_array_equal(frame.surface[0, 0], GROUND)


def test_highlighter__is_transparent_on_paper_and_covers_dark_grounds() -> None:
    paper = _frame()
    _drawn("highlighter", paper, opacity=1.0)
    assert (paper.surface[32, 100] <= np.array(GROUND)).all()
    board = _frame(ground=(30, 32, 36))
    _drawn("highlighter", board, opacity=1.0)
    assert board.surface[32, 100].max() > 120


def test_seal__is_drawn_and_bounded() -> None:
    shares = []
    for index in range(30):
        frame = _frame(index=index)
        marks = _drawn("seal", frame, opacity=0.6)
        shares.append(marks[INK].mean())
        assert (frame.surface <= np.array(GROUND)).all()  # transparent ink never lightens paper
    assert 0.03 < np.mean(shares) < 0.3
    assert max(shares) < 0.55


def test_tick__is_thin() -> None:
    for index in range(10):
        share = _drawn("tick", _frame(index=index))[INK].mean()
        assert 0.0 < share < 0.12


@pytest.mark.parametrize("warp_deg", [-8.0, 5.0])
def test_underline__tilts_with_the_text(warp_deg: float) -> None:
    turn = np.radians(warp_deg)
    warp = Warp(np.array([[np.cos(turn), -np.sin(turn), 4.0], [np.sin(turn), np.cos(turn), 6.0], [0, 0, 1]]))
    rows, columns = np.nonzero(_drawn("underline", _frame(warp)))
    slope = np.polyfit(columns, rows, 1)[0]
    assert abs(slope - np.tan(turn)) < 0.02
    values = {key: span.at(0.5) for key, span in _decor("underline").spec().ranges()}
    middle = np.array([[100.0, 50.0 + (values["gap_em"] + 0.5 * values["thick_em"]) * EM]], np.float32)
    x, y = warp.points(middle)[0]
    assert abs(np.polyval(np.polyfit(columns, rows, 1), x - 0.5) + 0.5 - y) < 0.6  # the dot test


def test_rules__of_columns_stand_at_their_left() -> None:
    marks = _drawn("underline", _frame(direction="ttb"))
    columns = np.flatnonzero(marks.any(axis=0))
    assert columns[-1] < 40 - 0.45 * EM
    assert marks.any(axis=1)[30:170].mean() > 0.95


def test_decoration__draws_one_of_a_group() -> None:
    spec = DecorateSpec.model_validate({"underline": {"chance": 0.5}, "box": {"chance": 0.5}, "seal": {"chance": 0.5}})
    counts = {"underline": 0, "box": 0, "seal": 0}
    for index in range(400):
        dress = Decoration(spec).draw(Streams(1, index).column("decorate"))
        assert dress is not None
        assert ("underline" in dress.names) != ("box" in dress.names)
        for name in dress.names:
            counts[name] += 1
    assert all(150 < count < 250 for count in counts.values()), counts


def test_underline__bends_with_the_text() -> None:
    def pull(points: np.ndarray) -> np.ndarray:
        return points - np.stack([np.zeros(len(points)), 8.0 * np.sin(points[:, 0] / 30.0)], axis=1)

    bend = Mesh.sampled(pull, (200, 80), 8)
    rows, columns = np.nonzero(_drawn("underline", _frame(bend), thick_em=0.05))
    straight = np.flatnonzero(_drawn("underline", _frame(), thick_em=0.05).any(axis=1)).mean()
    for at in range(30, 170, 10):
        assert abs(rows[columns == at].mean() - (straight + 8.0 * np.sin((at + 0.5) / 30.0))) < 1.2, at
