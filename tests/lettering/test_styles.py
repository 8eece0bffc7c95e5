"""What each style does to a face: told by a look at the pixels of a square and a bar on a flat ground."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from flat_sheet import BAR, FACE, GROUND, make_sheet, middle_values, style

from synthtext.color import difference, lab
from synthtext.lettering.base import Sheet
from synthtext.lettering.screens import dot_cells, dot_tiles

Apply = Callable[..., Sheet]
FILL = (30, 40, 160)


def light(image: np.ndarray) -> float:
    """Mean lightness."""
    return float(lab(np.ascontiguousarray(image.reshape(1, -1, 3)))[..., 0].mean())


def near(image: np.ndarray, color: tuple[int, int, int], within: int = 12) -> np.ndarray:
    """Where the picture has a colour."""
    return np.abs(image.astype(int) - color).max(axis=-1) <= within


def test_gradient__runs_from_top_to_bottom_and_is_legible_throughout(apply: Apply) -> None:
    for index in range(20):
        sheet = apply("gradient", make_sheet(index=index), angle_deg=90.0)
        rows = sheet.surface[FACE].mean(axis=1)
        assert np.abs(sheet.surface[FACE] - rows[:, None]).max() < 3  # along the line nothing changes
        steps = np.abs(np.diff(rows, axis=0)).max(axis=1)
        assert steps.max() < 30  # and down it there is no edge
        assert np.abs(rows - rows[0]).max() > 15
        for row in rows.round().astype(int).tolist():
            assert difference(tuple(row), GROUND) > 18, (index, row)


def test_two_tone__has_two_colours_and_an_edge(apply: Apply) -> None:
    face = apply("two_tone", at=0.5, angle_deg=90.0).surface[FACE]
    top, bottom = face[:10].reshape(-1, 3), face[-10:].reshape(-1, 3)
    assert np.ptp(top, axis=0).max() == np.ptp(bottom, axis=0).max() == 0
    assert np.abs(top[0].astype(int) - bottom[0]).max() > 15


def test_hatch__repeats_along_its_normal(apply: Apply) -> None:
    sheet = apply("hatch", period_em=0.2, angle_deg=0.0, duty=0.5)
    row = sheet.surface[24, FACE[1], 1].astype(int)
    np.testing.assert_allclose(row[:-8], row[8:], atol=3)
    assert np.ptp(row) > 20
    assert np.ptp(sheet.surface[FACE][:, 3].astype(int), axis=0).max() == 0


def test_hatch__leaves_thin_strokes_alone() -> None:
    sheet = make_sheet()
    sheet.mask = np.zeros_like(sheet.mask)
    sheet.mask[20:22, 10:190] = 255
    assert not style("hatch").function(sheet, **middle_values(style("hatch")))
    assert not style("inline").function(sheet, **middle_values(style("inline")))
    assert not style("hollow").function(sheet, **middle_values(style("hollow")))
    assert sheet.coat is None
    assert not sheet.over
    assert not sheet.under


def test_inline__runs_along_the_middle_of_a_stroke(apply: Apply) -> None:
    column = apply("inline", width=0.4, depth=0.9).surface[BAR][:, 50].astype(int)
    away = np.abs(column - FILL).max(axis=1)
    assert away[0] < 8
    assert away[-1] < 8
    assert away[2:4].min() > 60


@pytest.mark.parametrize("name", ["wood", "metal", "stone", "paper"])
def test_material__has_a_grain_and_is_legible(name: str, apply: Apply) -> None:
    for index in range(10):
        face = apply(name, make_sheet(index=index)).surface[FACE]
        assert face.std(axis=(0, 1)).max() > 1.0
        mean = tuple(face.mean(axis=(0, 1)).round().astype(int).tolist())
        assert difference(mean, GROUND) > 18, (index, mean)


def test_photo_fill__shows_the_photograph_about_the_fill(apply: Apply) -> None:
    sheet = apply("photo_fill", make_sheet(fill=(120, 30, 40)), strength=0.3)
    inside = sheet.surface[sheet.mask > 0]
    np.testing.assert_allclose(inside.mean(axis=0), (120, 30, 40), atol=8)
    assert inside.std(axis=0).max() > 8


def test_photo_fill__without_photographs_does_nothing() -> None:
    sheet = make_sheet()
    sheet.photograph = lambda size_wh, draws: None
    assert not style("photo_fill").function(sheet, strength=0.5)
    assert sheet.coat is None


def test_foil__is_metal_with_bands_of_light(apply: Apply) -> None:
    gold = 0
    for index in range(12):
        face = apply("foil", make_sheet(index=index, ground=(120, 10, 20))).surface[FACE].astype(float)
        red, green, blue = face.mean(axis=(0, 1))
        assert red >= green - 3
        assert face.mean(axis=2).std() > 6
        gold += red - blue > 50
    assert gold >= 4


def test_glitter__sparkles(apply: Apply) -> None:
    face = apply("glitter", sparkle=0.06).surface[FACE].min(axis=2)
    assert 0.01 < (face > 190).mean() < 0.2
    assert face.std() > 15


def test_inner_shadow__falls_from_the_upper_edge(apply: Apply) -> None:
    face = apply("inner_shadow", make_sheet(fill=(240, 230, 220)), angle_deg=90.0).surface[FACE]
    assert light(face[0]) < light(face[-1]) - 15
    np.testing.assert_array_equal(face[-1, 20], (240, 230, 220))


def test_bevel__lights_the_edge_towards_the_light(apply: Apply) -> None:
    face = apply("bevel", angle_deg=90.0).surface[FACE]
    assert light(face[0]) > light(face[12]) + 5
    assert light(face[-1]) < light(face[12]) - 2


def test_extrude__shows_sides_where_the_depth_goes(apply: Apply) -> None:
    surface = apply("extrude", make_sheet(fill=(230, 220, 60)), depth_em=0.1, angle_deg=45.0).surface
    np.testing.assert_array_equal(surface[FACE], np.broadcast_to((230, 220, 60), (24, 40, 3)))
    below, above = surface[37, 40], surface[10, 40]
    assert light(below) < light(surface[20, 40]) - 20
    np.testing.assert_array_equal(above, GROUND)


def test_long_shadow__reaches_far_to_one_side(apply: Apply) -> None:
    surface = apply("long_shadow", length_em=0.5, opacity=0.4).surface
    left, right = light(surface[40, 16 - 4]), light(surface[40, 64])
    assert min(left, right) < light(np.array([[GROUND]], np.uint8)) - 10
    np.testing.assert_array_equal(surface[6, 40], GROUND)


def test_reliefs__are_lit_from_opposite_sides(apply: Apply) -> None:
    raised = apply("emboss", tint=0.0, angle_deg=90.0).surface
    sunk = apply("engrave", tint=0.0, angle_deg=90.0).surface
    ground = light(np.array([[GROUND]], np.uint8))
    assert light(raised[12, 25:55]) > ground + 15
    assert light(raised[37, 25:55]) < ground - 15
    assert light(sunk[12, 25:55]) < ground - 15
    assert light(sunk[37, 25:55]) > ground + 10
    np.testing.assert_array_equal(raised[24, 40], GROUND)  # without tint the face is the ground


def test_double_stroke__is_two_rings(apply: Apply) -> None:
    sheet = apply("double_stroke", inner_em=0.05, outer_em=0.075)
    walk = sheet.surface[24, 60:70].astype(int)  # outwards from the right edge of the face
    assert difference(tuple(walk[0].tolist()), FILL) > 30
    assert difference(tuple(walk[3].tolist()), tuple(walk[0].tolist())) > 30
    np.testing.assert_array_equal(walk[5], GROUND)
    assert sheet.reach_px == 5


def test_hollow__is_empty_inside(apply: Apply) -> None:
    sheet = apply("hollow", make_sheet(fill=(250, 250, 240)), width_em=0.05, inside=0.0)
    np.testing.assert_array_equal(sheet.surface[24, 40], GROUND)
    assert near(sheet.surface[24, 20:22], (250, 250, 240)).all()
    assert sheet.reach_px == 0


def test_offset_outline__lies_beside_the_face(apply: Apply) -> None:
    sheet = apply("offset_outline", shift_em=0.05, width_em=0.025)
    outside = sheet.surface.copy()
    outside[FACE] = outside[BAR] = GROUND
    changed = ~near(outside, GROUND, 4)
    assert changed.any()
    assert changed.sum() < 700
    reach = sheet.reach_px
    assert not changed[: 12 - reach].any()
    assert not changed[36 + reach :].any()


def test_gap_outline__keeps_its_distance(apply: Apply) -> None:
    sheet = apply("gap_outline", gap_em=0.05, width_em=0.05)
    walk = sheet.surface[24, 60:65]
    np.testing.assert_array_equal(walk[:2], np.broadcast_to(GROUND, (2, 3)))
    assert not near(walk[2:4], GROUND, 20).any()
    np.testing.assert_array_equal(walk[4], GROUND)
    assert sheet.reach_px == 4


def test_glow__fades_with_the_distance(apply: Apply) -> None:
    sheet = apply("glow", make_sheet(fill=(20, 20, 24)), reach_em=0.2)
    walk = np.abs(sheet.surface[24, 19:4:-1].astype(int) - GROUND).max(axis=1)
    assert walk[0] > 30
    assert (np.diff(walk) <= 2).all()
    assert walk[-1] < walk[0] / 2
    assert sheet.reach_px == 0  # light is no body


def test_bleed__spreads_and_is_ragged(apply: Apply) -> None:
    sheet = apply("bleed", reach_em=0.05, rough=1.0)
    grown = sheet.mask > 127
    assert grown.sum() > (make_sheet().mask > 127).sum()
    edge = grown[:, 25:55].argmax(axis=0)
    assert len(set(edge.tolist())) > 1


def test_fade__keeps_at_least_so_much(apply: Apply) -> None:
    spans = []
    for index in range(8):
        sheet = make_sheet(index=index)
        sheet.mask[:] = 255
        apply("fade", sheet, least=0.4)
        assert sheet.mask.min() >= 0.4 * 255 - 1
        spans.append(int(np.ptp(sheet.mask)))
    assert np.median(spans) > 50


@pytest.mark.parametrize("grain", [0.0, 0.5, 1.0])
def test_worn__takes_about_so_much_away(grain: float, apply: Apply) -> None:
    lost = []
    for index in range(12):
        sheet = make_sheet(index=index)
        sheet.mask[:] = 255
        apply("worn", sheet, amount=0.2, grain=grain)
        lost.append((sheet.mask < 128).mean())
    assert 0.1 < np.mean(lost) < 0.3


def test_uneven__squeezes_ink_to_the_edges(apply: Apply) -> None:
    sheet = apply("uneven", squeeze=0.5, pressure=0.0, salt=0.0)
    assert sheet.mask[24, 40] < 0.6 * sheet.mask[12, 40]


def test_stamp_ink__is_blotchy(apply: Apply) -> None:
    inside = apply("stamp_ink").mask[FACE]
    assert inside.std() > 15
    assert inside.mean() > 100


def test_dry_brush__takes_out_streaks_along_the_line(apply: Apply) -> None:
    sheet = make_sheet()
    sheet.mask[:] = 255
    mask = apply("dry_brush", sheet, amount=0.3, length=1.0).mask.astype(float)
    assert np.abs(np.diff(mask, axis=0)).mean() > 2 * np.abs(np.diff(mask, axis=1)).mean()


def test_spray__strews_drops_beside_the_letters(apply: Apply) -> None:
    sheet = apply("spray", mist=1.0)
    assert (sheet.mask[5:11, 20:60] > 20).any()
    assert (sheet.mask[:2] < 40).all()


def test_chalk__is_pale_and_leaves_the_grain_bare(apply: Apply) -> None:
    sheet = apply("chalk", make_sheet(fill=(10, 10, 10), ground=(20, 60, 40)), amount=0.3)
    assert light(np.array([[sheet.ink.fill]], np.uint8)) > 70
    assert 0.05 < (sheet.mask[FACE] < 128).mean() < 0.6


def test_pencil__is_lead_on_light_paper_only(apply: Apply) -> None:
    sheet = apply("pencil", make_sheet(ground=(245, 244, 240)))
    assert light(np.array([[sheet.ink.fill]], np.uint8)) < 45
    assert sheet.mask[FACE].max() < 255
    assert not style("pencil").function(make_sheet(ground=(20, 20, 22)), opacity=0.8, amount=0.2)


def test_dot_cells__strike_dots_on_a_grid() -> None:
    mask = np.zeros((64, 128), np.uint8)
    mask[16:48, 16:112] = 255
    dots = dot_cells(mask, 64, 64.0, 16, 0.8, 0.45)
    assert dots.shape == mask.shape
    np.testing.assert_allclose(dots[32, 20:100].astype(int), dots[32, 24:104], atol=2)  # one dot in four pixels
    assert np.ptp(dots[32, 20:100]) > 80
    assert not dots[:14].any()
    every = dot_tiles(mask.shape[:2], 64, 64.0, 16, 0.8)
    assert (every >= dots).all()


def test_stencil__bridges_never_wipe_out_a_stroke() -> None:
    from synthtext.lettering.screens import stencil_layer
    from synthtext.values import TextLayer

    mask = np.zeros((60, 60), np.uint8)
    mask[8:52, 27:33] = 255  # an upright in the middle, as in 中
    mask[26:32, 8:52] = 255
    layer = TextLayer(None, mask, [(0, 8, 8, 52, 52)], (0, 0), 50)  # type: ignore[arg-type]
    cut = stencil_layer(layer, 50.0, gap_em=0.06).mask
    lost = (mask > 0).sum() - (cut > 0).sum()
    assert 0 < lost < 0.1 * (mask > 0).sum()
    assert cv2.connectedComponents(cut)[0] > cv2.connectedComponents(mask)[0]
    np.testing.assert_array_equal(layer.mask, mask)
