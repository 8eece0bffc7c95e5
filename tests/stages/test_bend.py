"""Bent lines: every label goes where its ink goes, and the crop holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import cv2
import numpy as np
import pytest

from synthtext.assets.catalogue import shipped_fonts
from synthtext.assets.glyphs import GlyphStore
from synthtext.config import build_config
from synthtext.errors import ConfigError
from synthtext.geometry import Floats, Image, Warp
from synthtext.quads import is_convex, side_lengths, signed_area
from synthtext.rng import Streams
from synthtext.stages import raster as raster_stage
from synthtext.stages.arrange import LayoutSpec, arrange
from synthtext.stages.bend import BendSpec, Kind, bend
from synthtext.stages.drape import drape, shine
from synthtext.stages.place import CropSpec, Placement, PlaceSpec, place_crop
from synthtext.stages.raster import DrawnInstance, em_tier, project, raster
from synthtext.stages.segment import segment
from synthtext.stages.shape import shape
from synthtext.values import Font, FontStack, TextLine, Writing

KINDS: tuple[Kind, ...] = get_args(Kind)
TURNED = ("arc", "circle", "wave", "steps")
PLAIN = LayoutSpec(spacing_chance=0, jitter_chance=0)
LEVEL = PlaceSpec(rotation_chance=0, perspective_chance=0, slant_chance=0, margin_frac=0.15, end_margin_frac=0.2)
TILTED = PlaceSpec(rotation_chance=1, perspective_chance=1, slant_chance=1, margin_frac=0.15, end_margin_frac=0.2)
SEEN = 100


@pytest.fixture(scope="module")
def fonts() -> dict[str, Font]:
    return {font.name: font for font in shipped_fonts(tiers=("core", "optional")).fonts}


@pytest.fixture(scope="module")
def store(fonts: dict[str, Font]) -> GlyphStore:
    return GlyphStore(tuple(fonts.values()))


@dataclass
class Scene:
    """A bent line in its crop."""

    line: TextLine
    placement: Placement
    mask: Image
    instance: DrawnInstance


def _line(text: str, store: GlyphStore, font: Font, direction: str = "ltr") -> TextLine:
    writing = Writing(text, "test", direction)  # type: ignore[arg-type]
    return arrange(
        Streams(0, 0).column("arrange"), PLAIN, text, shape(segment(writing, FontStack((font,))), store), direction
    )  # type: ignore[arg-type]


def _bent(line: TextLine, kind: str, index: int = 1, **settings: object) -> TextLine:
    spec = BendSpec(chance=1, kinds={kind: 1}, **settings)  # type: ignore[arg-type, dict-item]
    return bend(Streams(0, index).column("bend"), spec, line)


def _scene(line: TextLine, store: GlyphStore, place: PlaceSpec = LEVEL, index: int = 1, height: int = 72) -> Scene:
    placement = place_crop(Streams(0, index).column("place"), place, CropSpec(height=height), line)
    mask, instance = _drawn(line, placement, store)
    return Scene(line, placement, mask, instance)


def _drawn(line: TextLine, placement: Placement, store: GlyphStore) -> tuple[Image, DrawnInstance]:
    layer = raster(line, em_tier(placement.em_px), store)
    mask, warp = project(layer, placement.warp, placement.size_wh)
    return mask, DrawnInstance(layer, warp)


def _outside(polygon: Floats, mask: Image) -> float:
    """How far the ink of a mask reaches out of a polygon, pixels; the middles of pixels count."""
    rows, columns = np.nonzero(mask > SEEN)
    outline = polygon.astype(np.float32).reshape(-1, 1, 2)
    spots = zip(columns.tolist(), rows.tolist(), strict=True)
    return -min(cv2.pointPolygonTest(outline, (x + 0.5, y + 0.5), True) for x, y in spots)


def _without(line: TextLine, number: int | None) -> TextLine:
    """The line with the glyphs of one char alone."""
    kept = [glyph for glyph in line.glyphs if glyph[2] == number]
    return TextLine(
        line.text,
        line.chars,
        line.words,
        kept,
        line.ligatures,
        line.starts,
        line.ends,
        line.ink_xyxy,
        line.direction,
        line.bend,
    )


@pytest.mark.parametrize("place", [LEVEL, TILTED], ids=["level", "tilted"])
@pytest.mark.parametrize("direction", ["ltr", "ttb"])
@pytest.mark.parametrize("kind", KINDS)
def test_bend__each_chars_ink_lies_in_its_quads(
    kind: str,
    direction: str,
    place: PlaceSpec,
    fonts: dict[str, Font],
    store: GlyphStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(raster_stage, "_check_inked", lambda line, spots: None)
    text = "口f张Wg一" if direction == "ttb" else "Wf口g -Aj"
    line = _bent(_line(text, store, fonts["NotoSansSC-Regular"], direction), kind)
    scene = _scene(line, store, place)
    quads, cells = scene.instance.ink_quads, scene.instance.cell_quads
    for found in (quads, cells):
        assert found.shape == (len(line.chars), 4, 2)
        assert is_convex(found).all()
        assert side_lengths(found).min() >= 0.99
    for number, char in enumerate(line.chars):
        alone, _ = _drawn(_without(line, number), scene.placement, store)
        assert (alone > SEEN).any(), char
        assert _outside(quads[number], alone) < 1.0, char
        assert _outside(cells[number], alone) < 1.0, char
        assert _outside(scene.instance.polygon, alone) < 1.0, char
        assert _outside(scene.instance.word_polygons[line.words[number]], alone) < 1.0, char
        assert _outside(scene.instance.quad, alone) < 1.0, char
        if char == "口":  # fills its quad
            rows, columns = np.nonzero(alone > SEEN)
            seen = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
            wanted = np.clip(
                [*quads[number].min(axis=0), *quads[number].max(axis=0)], 0, [*scene.placement.size_wh] * 2
            )
            np.testing.assert_allclose(seen, wanted, atol=3.0)


@pytest.mark.parametrize("direction", ["ltr", "ttb"])
@pytest.mark.parametrize("kind", KINDS)
def test_bend__polygon_is_clockwise_and_begins_where_the_reader_does(
    kind: str, direction: str, fonts: dict[str, Font], store: GlyphStore
) -> None:
    line = _bent(_line("口口口口口口", store, fonts["NotoSansSC-Regular"], direction), kind)
    instance = _scene(line, store).instance
    polygon = instance.polygon
    assert signed_area(polygon[None])[0] > 0
    assert np.linalg.norm(polygon[0] - instance.ink_quads[0, 0]) < 8
    last = 3 if direction == "ltr" else 2
    there = polygon[-1] if direction == "ltr" else polygon[len(polygon) // 2]
    assert np.linalg.norm(there - instance.ink_quads[0 if direction == "ltr" else -1, last]) < 8
    area = np.abs(signed_area(instance.ink_quads)).sum()
    assert area < signed_area(polygon[None])[0] < 2.2 * area
    assert is_convex(instance.quad[None])[0]
    right = instance.quad[1] - instance.quad[0]
    assert right @ (instance.ink_quads[:, 1] - instance.ink_quads[:, 0]).sum(axis=0) > 0


@pytest.mark.parametrize("kind", KINDS)
def test_bend__the_crop_holds_the_ink(kind: str, fonts: dict[str, Font], store: GlyphStore) -> None:
    for index in range(12):
        line = _bent(_line("HARBOUR FIORD", store, fonts["OpenSans-400"]), kind, index)
        scene = _scene(line, store, index=index)
        width, height = scene.placement.size_wh
        assert scene.instance.polygon.min() > -1.0
        assert (scene.instance.polygon.max(axis=0) < (width + 1.0, height + 1.0)).all()
        rows, columns = np.nonzero(scene.mask > SEEN)
        assert min(rows.min(), columns.min(), height - 1 - rows.max(), width - 1 - columns.max()) > 0
        # The cut is no looser than its margins, which are shares of the ink's own height.
        assert rows.max() - rows.min() > 0.6 * height


def test_bend__letters_keep_their_form_and_distance(fonts: dict[str, Font], store: GlyphStore) -> None:
    straight = _line("口口口口口口口", store, fonts["NotoSansSC-Regular"])
    line = _bent(straight, "arc", arc_deg=80, sag=0)
    cells = _scene(line, store, PlaceSpec(stretch=1, rotation_chance=0, perspective_chance=0, slant_chance=0)).instance
    sides = side_lengths(cells.ink_quads)
    assert sides.std(axis=0).max() < 0.5
    assert sides[:, 0] == pytest.approx(sides[:, 2], abs=0.5)
    apart = np.linalg.norm(np.diff(cells.ink_quads[:, 2:].mean(axis=1), axis=0), axis=1)
    assert apart.std() < 0.3
    edges = cells.ink_quads[:, 1] - cells.ink_quads[:, 0]
    turns = np.degrees(np.arctan2(edges[:, 1], edges[:, 0]))
    np.testing.assert_allclose(np.diff(turns), np.diff(turns).mean(), atol=0.5)
    assert line.bend is not None
    assert turns[-1] - turns[0] == pytest.approx(line.bend.numbers["turn_deg"] * 6 / 7, rel=0.06)


@pytest.mark.parametrize("kind", ["arc", "circle", "wave", "rise", "steps", "flag"])
@pytest.mark.parametrize("direction", ["ltr", "ttb"])
def test_bend__long_lines_are_no_deeper_than_asked(
    kind: str, direction: str, fonts: dict[str, Font], store: GlyphStore
) -> None:
    straight = _line("口口口口口口口口口口口口口口口口口口口口", store, fonts["NotoSansSC-Regular"], direction)
    across = 0 if direction == "ttb" else 1
    thick = straight.ink_xyxy[across + 2] - straight.ink_xyxy[across]
    for index in range(8):
        line = _bent(straight, kind, index, deepest=2.0, arc_deg=120, circle_deg=200, wave_deg=45, rise_deg=40)
        assert line.bend is not None
        spread = np.ptp(line.bend.outline[:, across])
        assert thick < spread < 2.0 * thick + 0.25


@pytest.mark.parametrize("kind", KINDS)
def test_bend__connected_scripts_are_never_torn(kind: str, fonts: dict[str, Font], store: GlyphStore) -> None:
    arabic = next(font for font in fonts.values() if "Arab" in font.scripts)
    line = _bent(_line("سسسسسس", store, arabic, "rtl"), kind)
    assert line.bend is not None
    assert line.bend.turns is None
    pieces, _ = cv2.connectedComponents((_scene(line, store).mask > 60).astype(np.uint8))
    assert pieces == 2  # the ground, and one stroke


@pytest.mark.parametrize("kind", TURNED)
def test_bend__other_scripts_turn_chars_whole(kind: str, fonts: dict[str, Font], store: GlyphStore) -> None:
    """A vowel sign stays with its consonant: a char has one matrix however many glyphs it is made of."""
    thai = next(font for font in fonts.values() if "Thai" in font.scripts)
    line = _bent(_line("น้ำกี่ปู่", store, thai), kind)
    assert line.bend is not None
    assert line.bend.turns is not None
    assert len(line.bend.turns) == len(line.chars) < len(line.glyphs)
    np.testing.assert_allclose(np.linalg.det(line.bend.turns), 1.0)


@pytest.mark.parametrize("kind", KINDS)
def test_bend__chars_of_one_glyph_turn_together(kind: str, fonts: dict[str, Font], store: GlyphStore) -> None:
    latin = [font for font in fonts.values() if {"f", "i"} <= font.chars]
    font = next(font for font in latin if _line("fi", store, font).ligatures)
    line = _bent(_line("XfiXX", store, font), kind)
    scene = _scene(line, store)
    assert is_convex(scene.instance.ink_quads).all()
    if line.bend is not None and line.bend.turns is not None:
        np.testing.assert_array_equal(line.bend.turns[1], line.bend.turns[2])


def test_bend__one_char_alone_has_no_curve(fonts: dict[str, Font], store: GlyphStore) -> None:
    line = _line("A", store, fonts["OpenSans-400"])
    for kind in KINDS:
        bent = _bent(line, kind)
        assert (bent is line) == (kind not in ("elastic", "cloth", "crumple"))


def test_bend__never_at_chance_0_and_always_the_same(fonts: dict[str, Font], store: GlyphStore) -> None:
    line = _line("Harbour", store, fonts["OpenSans-400"])
    assert all(bend(Streams(0, index).column("bend"), BendSpec(), line) is line for index in range(50))
    half = BendSpec(chance=0.5)
    count = sum(bend(Streams(0, index).column("bend"), half, line) is not line for index in range(400))
    assert 150 < count < 250
    for kind in KINDS:
        one, two = _scene(_bent(line, kind), store), _scene(_bent(line, kind), store)
        np.testing.assert_array_equal(one.mask, two.mask)
        assert one.line.bend is not None
        assert two.line.bend is not None
        assert one.line.bend.numbers == two.line.bend.numbers


@pytest.mark.parametrize("kind", ["cloth", "crumple"])
def test_drape__a_spot_of_the_surface_goes_where_a_spot_of_ink_goes(
    kind: str, fonts: dict[str, Font], store: GlyphStore
) -> None:
    line = _bent(_line("Harbour Fjord", store, fonts["OpenSans-400"]), kind, fold_depth=0.5)
    placement = _scene(line, store, TILTED).placement
    width, height = placement.size_wh
    assert line.bend is not None
    to_em = placement.page.inverse()
    for spot in ((width // 2, height // 2), (width // 4, height // 3), (3 * width // 4, 2 * height // 3)):
        surface = np.zeros((height, width, 3), np.uint8)
        cv2.circle(surface, spot, 3, (255, 255, 255), -1)
        moved = drape(surface, line.bend, placement.page)[..., 0].astype(float)
        rows, columns = np.mgrid[0:height, 0:width] + 0.5
        centroid = [(columns * moved).sum() / moved.sum(), (rows * moved).sum() / moved.sum()]
        em = to_em.points(np.array(spot, np.float32) + np.float32(0.5))
        assert np.linalg.norm(centroid - placement.warp.points(em)) < 0.6
        assert np.linalg.norm(centroid - placement.page.points(em)) < 12


@pytest.mark.parametrize("kind", ["cloth", "crumple"])
def test_shine__lights_one_flank_and_darkens_the_other(kind: str, fonts: dict[str, Font], store: GlyphStore) -> None:
    line = _bent(_line("Harbour Fjord", store, fonts["OpenSans-400"]), kind, light=0.4)
    placement = _scene(line, store).placement
    width, height = placement.size_wh
    gray = np.full((height, width, 3), 128, np.uint8)
    assert line.bend is not None
    lit = shine(gray, line.bend, placement.page)
    assert lit.min() < 118
    assert lit.max() > 138
    assert abs(lit.mean() - 128) < 16
    assert (gray == 128).all()


def test_shine__leaves_what_has_no_folds(fonts: dict[str, Font], store: GlyphStore) -> None:
    line = _bent(_line("Harbour", store, fonts["OpenSans-400"]), "arc")
    gray = np.full((20, 30, 3), 128, np.uint8)
    assert line.bend is not None
    assert shine(gray, line.bend, Warp.identity()) is gray


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"kinds": {"arc": 0}}, "every weight is 0"),
        ({"kinds": {"spiral": 1}}, "bend.kinds"),
        ({"arc_deg": [40, 20]}, "upside down"),
        ({"circle_deg": 500}, "leaves [60, 240]"),
        ({"chance": 2}, "bend.chance: has to be at most 1"),
        ({"arc": 20}, "did you mean 'arc_deg'"),
    ],
)
def test_bend_spec__says_what_is_wrong(data: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        build_config({"bend": data})
    assert message in str(caught.value)
