from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenes import PAGE_WH, at, corners, instance, page, tilted

from synthtext.geometry import Floats, Mesh
from synthtext.labels.maps import MapStyle, affinity_quads, confidence_mask, heat, instance_links, score_maps
from synthtext.quads import signed_area

SIMPLE = MapStyle()
CRAFT = MapStyle("craft")


def inside(quad: Floats, size_wh: tuple[int, int]) -> np.ndarray:
    """Which pixels have their centre in a convex, clockwise quad: on the right of all of its sides."""
    width, height = size_wh
    x, y = np.arange(width) + 0.5, np.arange(height)[:, None] + 0.5
    result = np.ones((height, width), bool)
    for (x0, y0), (x1, y1) in zip(quad.tolist(), np.roll(quad, -1, axis=0).tolist(), strict=True):
        result &= (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0) >= 0
    return result


def simplest(quads: Floats, size_wh: tuple[int, int]) -> np.ndarray:
    """A 31x31 Gaussian for each box: resized to its longer side, scaled, warped over the whole page, merged."""
    result = np.zeros(size_wh[::-1])
    grid = np.arange(31) - 15.0
    for quad in quads:
        side = round(float(np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1).max()))
        patch = cv2.resize(np.exp(-(grid[:, None] ** 2 + grid**2) / 200), (side, side))
        patch = 0.001 + 0.999 * (patch - patch.min()) / (patch.max() - patch.min())
        square = corners((0, 0), (side, 0), (side, side), (0, side))
        half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
        matrix = np.linalg.inv(half) @ cv2.getPerspectiveTransform(square, quad) @ half
        warped = cv2.warpPerspective(patch, matrix, size_wh, borderMode=cv2.BORDER_REPLICATE)
        result = np.maximum(result, np.where(inside(quad, size_wh), warped, 0))
    return result


def easyocr(quads: Floats, size_wh: tuple[int, int]) -> np.ndarray:
    """What EasyOCR's trainer does with a box, but for cutting its corners to whole pixels."""
    y, x = np.mgrid[:200, :200] - 99.5
    patch = np.exp(-(x**2 + y**2) / (2 * 40**2)) * (x**2 + y**2 < 100**2)
    square = corners((0, 0), (200, 0), (200, 200), (0, 200))
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    result = np.zeros(size_wh[::-1])
    for quad in quads:
        large = quad + 0.5 * (quad - quad.mean(axis=0))
        matrix = np.linalg.inv(half) @ cv2.getPerspectiveTransform(square, large) @ half
        result = np.maximum(result, cv2.warpPerspective(patch, matrix, size_wh))
    return result


def cells() -> Floats:
    return np.concatenate([line.cell_quads for line in page().instances if line.ignore is None])


def test_heat__no_quads() -> None:
    region = heat(np.zeros((0, 4, 2), np.float32), (30, 20), SIMPLE)

    assert region.shape == (20, 30)
    assert region.dtype == np.float32
    assert not region.any()


def test_heat__upright_box_by_hand() -> None:
    region = heat(corners((10, 5), (41, 5), (41, 36), (10, 36))[None], (60, 50), SIMPLE)

    assert region[20, 25] == pytest.approx(1.0, abs=0.005)  # the centre of pixel 15 of 31
    corner, middle = np.exp(-450 / 200), np.exp(-225 / 200)
    assert region[20, 10] == pytest.approx(0.001 + 0.999 * (middle - corner) / (1 - corner), abs=0.005)
    assert region[5, 10] == pytest.approx(0.001, abs=0.005)
    region[5:36, 10:41] = 0
    assert not region.any()


def test_heat__equals_the_simplest_form() -> None:
    region = heat(cells(), PAGE_WH, SIMPLE)

    assert np.abs(region - simplest(cells(), PAGE_WH)).max() < 0.012


def test_heat__craft_equals_the_trainers_form() -> None:
    region = heat(cells(), PAGE_WH, CRAFT)
    expected = easyocr(cells(), PAGE_WH)

    off = np.abs(region - expected)
    off[expected < 0.06] = 0  # the circle's edge is a step of 0.044, which linear interpolation softens
    assert off.max() < 0.012
    assert np.abs(region - expected).max() < 0.05


def test_heat__outside_of_boxes_exactly_zero() -> None:
    quads = cells()
    covered = np.any([inside(quad, PAGE_WH) for quad in quads], axis=0)

    region = heat(quads, PAGE_WH, SIMPLE)

    assert not region[~covered].any()
    assert (region[covered] > 0).mean() > 0.999


@pytest.mark.parametrize("mode", ["simple", "craft"])
def test_heat__bytes_are_the_rounded_floats(mode: str) -> None:
    exact = heat(cells(), PAGE_WH, MapStyle(mode))  # type: ignore[arg-type]
    small = heat(cells(), PAGE_WH, MapStyle(mode, depth="uint8"))  # type: ignore[arg-type]

    assert small.dtype == np.uint8
    assert np.array_equal(small, np.round(exact * 255))


@pytest.mark.parametrize(("image_wh", "map_wh"), [((640, 360), (320, 180)), ((641, 361), (321, 181))])
def test_heat__half_size(image_wh: tuple[int, int], map_wh: tuple[int, int]) -> None:
    full = heat(cells(), image_wh, SIMPLE)
    half = heat(cells(), image_wh, MapStyle("simple", "half"))

    assert half.shape[::-1] == map_wh
    shrunk = cv2.resize(full[:360, :640], (320, 180), interpolation=cv2.INTER_AREA)
    assert np.abs(half[:180, :320] - shrunk).mean() < 0.002


BOX = corners((20, 20), (40, 20), (40, 40), (20, 40))


@pytest.mark.parametrize(
    ("name", "quad"),
    [
        ("counter-clockwise", BOX[::-1]),
        ("bow-tie", BOX[[0, 2, 1, 3]]),
        ("a point", np.repeat(BOX[:1], 4, axis=0)),
        ("a line", corners((20, 20), (40, 20), (40, 20), (20, 20))),
        ("no width", corners((20, 20), (20.1, 20), (20.1, 40), (20, 40))),
        ("not a number", np.where(BOX == 40, np.nan, BOX)),
        ("infinite", np.where(BOX == 40, np.inf, BOX)),
        ("concave", corners((20, 20), (40, 20), (25, 25), (20, 40))),
        ("outside", BOX + 500),
    ],
)
@pytest.mark.parametrize("style", [SIMPLE, CRAFT], ids=["simple", "craft"])
def test_heat__degenerate_quads_never_reach_the_map(name: str, quad: Floats, style: MapStyle) -> None:
    alone = heat(BOX[None] + 50, (200, 100), style)

    assert not heat(quad[None].astype(np.float32), (200, 100), style).any(), name
    assert np.array_equal(heat(np.stack([quad, BOX + 50]).astype(np.float32), (200, 100), style), alone)


def test_heat__partly_outside_is_cut() -> None:
    quad = BOX - corners((30, 10))
    wide = heat(quad[None] + 100, (200, 200), SIMPLE)

    assert np.array_equal(heat(quad[None], (100, 100), SIMPLE), wide[100:, 100:])


@given(
    st.floats(-40, 140),
    st.floats(-40, 140),
    st.floats(0, 360),
    st.floats(0.1, 3),
    st.sampled_from(["simple", "craft"]),
)
def test_heat__stays_in_range(x: float, y: float, degrees: float, scale: float, mode: str) -> None:
    quads = instance("ab", at(x, y, degrees, scale)).cell_quads

    region = heat(quads, (100, 100), MapStyle(mode))  # type: ignore[arg-type]

    assert region.min() >= 0.0
    assert region.max() <= 1.0
    for centre in quads.mean(axis=1):
        row, column = int(np.floor(centre[1])), int(np.floor(centre[0]))
        if 0 <= row < 100 and 0 <= column < 100 and scale > 0.5:
            assert region[row, column] > 0.85


def test_affinity_quads__line_by_hand() -> None:
    quads = instance("ab", at(0, 0), char_px=12).cell_quads

    # Triangles' centres: 6 and 18 along the line, a sixth of the height from its sides.
    assert np.allclose(affinity_quads(quads)[0], [[6, 2], [18, 2], [18, 10], [6, 10]])


def test_affinity_quads__column_by_hand() -> None:
    quads = instance("大减", at(0, 0), "ttb", char_px=12).cell_quads

    assert np.allclose(affinity_quads(quads, column=True)[0], [[2, 6], [10, 6], [10, 18], [2, 18]])


@pytest.mark.parametrize("count", [0, 1])
def test_affinity_quads__nothing_to_link(count: int) -> None:
    assert affinity_quads(np.repeat(BOX[None], count, axis=0)).shape == (0, 4, 2)


@pytest.mark.parametrize("direction", ["ltr", "rtl", "ttb"])
@pytest.mark.parametrize("degrees", [0, 40, 90, 180, 290])
def test_instance_links__clockwise_and_within_words(direction: str, degrees: float) -> None:
    line = instance("ab cde f", at(300, 180, degrees), direction)  # type: ignore[arg-type]

    links = instance_links(line)

    assert len(links) == 1 + 2
    assert (signed_area(links) > 0).all()
    middles = (line.cell_quads[:-1] + line.cell_quads[1:]).mean(axis=1) / 2
    assert np.allclose(links.mean(axis=1), middles[[0, 2, 3]], atol=0.01)


def test_score_maps__curved_line() -> None:
    def pull(points: np.ndarray) -> np.ndarray:
        x = points[:, 0] - 60
        return np.stack([x, points[:, 1] - 80 - 40 * np.sin(x / 60)], axis=1)

    line = instance("curvedline", Mesh.sampled(pull, (400, 200)))

    region, affinity = score_maps([line], (400, 200), SIMPLE)

    for x, y in line.cell_quads.mean(axis=1).astype(int).tolist():
        assert region[y, x] > 0.9
    for x, y in instance_links(line).mean(axis=1).astype(int).tolist():
        assert affinity[y, x] > 0.9


def test_score_maps__words_are_apart() -> None:
    line = instance("ab cd", at(20, 20))

    _, affinity = score_maps([line], (200, 80), SIMPLE)

    gap = line.cell_quads[1:3].mean(axis=(0, 1)).astype(int)
    assert affinity[gap[1], gap[0]] == 0.0
    assert cv2.connectedComponents((affinity > 0).astype(np.uint8))[0] == 1 + 2


def test_score_maps__ignored_instances_give_no_heat_but_lose_confidence() -> None:
    shown, hidden = instance("ab", at(20, 20)), replace(instance("cd", tilted(120, 40)), ignore="too small")

    region, affinity = score_maps([shown, hidden], (240, 120), SIMPLE)
    mask = confidence_mask([shown, hidden], (240, 120), SIMPLE)

    alone = score_maps([shown], (240, 120), SIMPLE)
    assert np.array_equal(region, alone[0])
    assert np.array_equal(affinity, alone[1])
    covered = inside(hidden.quad, (240, 120))
    assert not mask[covered].any()
    assert (mask == 0).sum() < 1.15 * covered.sum()


def test_confidence_mask__half_size() -> None:
    hidden = replace(instance("cd", at(100, 40)), ignore="faint")

    mask = confidence_mask([hidden], (240, 120), MapStyle(size="half"))

    assert mask.shape == (60, 120)
    assert mask[26, 60] == 0
    assert mask[10, 10] == 255
