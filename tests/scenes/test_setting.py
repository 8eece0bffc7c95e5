"""What is laid into a picture takes on its tone, its blur, its folds; and finds a place that exists."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import cv2
import numpy as np
import pytest

from synthtext.api import load_config
from synthtext.assets.library import open_assets
from synthtext.assets.photos import MAX_MAGNIFICATION, Photo
from synthtext.assets.region_traits import softness_px
from synthtext.assets.regions import Region, analyse
from synthtext.paths import data_dir
from synthtext.pipeline import sample
from synthtext.rng import Streams
from synthtext.scenes import hardware
from synthtext.scenes.composition import composition
from synthtext.scenes.draw import Look, _light
from synthtext.scenes.folds import curling, hanging
from synthtext.scenes.ground import STEP_PX, Ground
from synthtext.scenes.page import Page
from synthtext.scenes.tone import tone_of


@pytest.mark.parametrize("sigma", [0.8, 1.5, 2.5])
def test_softness_px__tells_how_far_an_edge_was_blurred(sigma: float) -> None:
    photo = np.zeros((200, 300, 3), np.uint8)
    photo[:, 150:] = 220
    cv2.circle(photo, (70, 100), 40, (200, 180, 160), cv2.FILLED)
    blurred = cv2.GaussianBlur(photo, (0, 0), sigma)
    assert softness_px(blurred) == pytest.approx(sigma, rel=0.25)  # type: ignore[arg-type]


def test_softness_px__of_an_empty_picture_is_none() -> None:
    assert softness_px(np.full((60, 80, 3), 128, np.uint8)) == 0.0


def test_analyse__tells_sky_from_the_house_below() -> None:
    photo = np.full((360, 640, 3), (130, 175, 235), np.uint8)
    photo[200:] = (150, 90, 70)
    for x in range(0, 640, 40):
        cv2.line(photo, (x, 200), (x, 359), (110, 60, 50), 2)
    found = analyse(photo)
    height, width = found.labels.shape
    above, below = found.labels[height // 5, width // 2], found.labels[height * 4 // 5, width // 2 + 3]
    sky = {region.number: region.sky for region in found.regions}
    assert sky[int(above)]
    assert not sky.get(int(below), False)


def test_tone_of__a_picture_in_fog_has_no_black_and_a_gray_one_no_colours() -> None:
    fog = np.random.default_rng(0).integers(150, 230, (60, 80, 3)).astype(np.uint8)
    assert min(tone_of(fog).color((0, 0, 0))) > 50
    gray = np.repeat(np.random.default_rng(0).integers(0, 255, (60, 80, 1)), 3, axis=2).astype(np.uint8)
    red, green, blue = tone_of(gray).color((220, 30, 30))
    assert max(red, green, blue) - min(red, green, blue) <= 6
    page = np.zeros((4, 4, 3), np.uint8)
    page[:] = (220, 30, 30)
    shown = tone_of(gray).shown(page)
    assert int(np.ptp(shown.astype(int), axis=2).max()) <= 6


def test_sample__nothing_has_a_colour_in_a_black_and_white_picture(tmp_path: Path) -> None:
    (tmp_path / "brick.jpg").write_bytes((data_dir("backgrounds") / "cc0" / "skimage-brick.jpg").read_bytes())
    sets = (
        f"background.dirs=['{tmp_path}']", "background.kinds={photo: 1}", "effects={}", "page.lines=12",
        "page.carriers={none: 2, sign: 1, banner: 1, sticker: 1, led: 1, screen: 1}", "lettering.glow.chance=0.4",
        "lettering.gradient.chance=0.4",
    )  # fmt: skip
    config = load_config("scene", sets=sets)
    assets = open_assets(config, 1)
    pages = [sample(1, index, config, assets) for index in range(6)]
    assert {"glow", "gradient"} <= {name for page in pages for name in page.provenance.effects}
    assert max(int(np.ptp(page.image.astype(int), axis=2).max()) for page in pages) <= 6


def test_shown__is_darker_in_the_shadow() -> None:
    photo = np.concatenate([np.full((40, 80, 3), 40), np.full((40, 80, 3), 220)]).astype(np.uint8)
    sheet = np.full((10, 10, 3), 200, np.uint8)
    tone = tone_of(photo)
    assert tone.shown(sheet, photo[:40]).mean() < 0.8 * tone.shown(sheet, photo[40:]).mean()


@pytest.mark.parametrize("seed", range(5))
def test_hanging__pushes_what_it_pulls(seed: int) -> None:
    folds = hanging(Streams(seed, 0, 0).column("place"), (420, 130))
    points = np.random.default_rng(seed).uniform((0, 0), (420, 130), (50, 2))
    np.testing.assert_allclose(folds.pull(folds.push(points)), points, atol=0.05)
    assert np.abs(folds.push(points) - points).max() <= folds.reach + 1e-6


@pytest.mark.parametrize("seed", range(5))
def test_curling__pushes_what_it_pulls(seed: int) -> None:
    curl = curling(Streams(seed, 0, 0).column("place"), (600, 800))
    points = np.random.default_rng(seed).uniform((0, 0), (600, 800), (50, 2))
    np.testing.assert_allclose(curl.shape.pull(curl.shape.push(points)), points, atol=0.05)
    assert np.abs(curl.shape.push(points) - points).max() <= curl.reach + 1e-6


def _photo(width: int, height: int) -> Photo:
    return Photo(f"{width}x{height}", (np.zeros((height, width, 3), np.uint8),))


@pytest.mark.parametrize("unit", [0.0, 0.4, 0.99])
def test_composition__enlarges_no_photograph_too_much(unit: float) -> None:
    grid = composition([_photo(640, 360), _photo(720, 400), _photo(660, 480), _photo(500, 500)], (1280, 720), unit)
    assert grid is not None
    covered = np.zeros((720, 1280), int)
    for photo, (x0, y0, x1, y1) in grid.cells:
        height, width = photo.levels[0].shape[:2]
        assert max((x1 - x0) / width, (y1 - y0) / height) <= MAX_MAGNIFICATION
        assert x0 % STEP_PX == y0 % STEP_PX == 0
        covered[y0:y1, x0:x1] += 1
    assert covered.max() == 1
    assert covered.mean() > 0.9


def test_composition__gives_up_where_all_are_too_small() -> None:
    assert composition([_photo(100, 100)] * 4, (1280, 720), 0.5) is None


def test_room__ends_where_the_region_does_or_something_stands() -> None:
    labels = np.zeros((50, 80), np.uint8)
    labels[10:40, 5:60] = 1
    region = Region(1, 0.4, 10.0, 1.0, (100.0, 100.0), (0.0, 0.0), (0.0, 0.0))
    ground = Ground(np.zeros((200, 320, 3), np.uint8), "photo:x", labels, [region])
    assert ground.room(region, (100.0, 80.0)) == (20, 40, 240, 160)
    ground.taken[:, 40] = 1
    assert ground.room(region, (100.0, 80.0)) == (20, 40, 160, 160)
    assert ground.room(None, (100.0, 80.0)) == (0, 0, 160, 200)


def test_wall_share__is_of_calm_surfaces_above_the_floor() -> None:
    labels = np.zeros((50, 80), np.uint8)
    labels[:20], labels[20:40, :40], labels[20:40, 40:], labels[40:] = 1, 2, 3, 4
    regions = [
        Region(number, 0.3, 9.0, calm, (160.0, y), (0.0, 0.0), (0.0, 0.0), sky)
        for number, calm, y, sky in (
            (1, 1, 40.0, True),
            (2, 1, 120.0, False),
            (3, 0.2, 120.0, False),
            (4, 1, 180.0, False),
        )
    ]
    box = np.array([[0, 0], [40, 0], [40, 20], [0, 20]], np.float32)
    photo = Ground(np.zeros((200, 320, 3), np.uint8), "photo:x", labels, regions)
    for (x, y), expected in (((20, 20), 0.0), ((20, 120), 1.0), ((200, 120), 0.0), ((140, 120), 0.5), ((20, 172), 0.0)):
        assert photo.wall_share(box + np.array([x, y], np.float32)) == pytest.approx(expected, abs=0.06)
    made = Ground(np.zeros((200, 320, 3), np.uint8), "wall", labels, regions)
    assert made.wall_share(box + np.array([20, 172], np.float32)) == 1.0


def test_behind__ropes_never_cross_what_was_hung_before() -> None:
    image = np.zeros((120, 200, 3), np.uint8)
    older = np.array([[120, 20], [220, 24], [220, 90], [120, 86]], np.float32)
    image[30:80, 125:200] = 77
    page = cast(Page, SimpleNamespace(canvas=SimpleNamespace(image=image), hung=[older], size_wh=(200, 120)))

    with hardware.behind(page):
        image[50:54] = 255

    assert (image[50:54, :118] == 255).all()
    assert (image[50:54, 125:] == 77).all()


def test_sample__bent_lines_of_a_page_have_polygons_that_hold_their_ink() -> None:
    config = load_config("scene", sets=("bend.chance=1", "page.forms={line: 1}", "page.edge_chance=0", "effects={}"))
    assets = open_assets(config, 5)
    bent = 0
    for index in range(12):
        for one in sample(5, index, config, assets).instances:
            if len(one.polygon) == 4:
                continue
            bent += 1
            middles = one.ink_quads.mean(axis=1)
            for middle in middles:
                assert cv2.pointPolygonTest(one.polygon[:, None], middle.tolist(), True) > -1.5
    assert bent >= 15


def test_draw__a_small_photograph_is_never_enlarged_beyond_the_limit() -> None:
    config = load_config("scene", sets=("background.kinds={photo: 1}", "page.compose_chance=0"))
    assets = open_assets(config, 5)
    assert assets.grounds is not None
    smaller = 0
    for index in range(40):
        ground = assets.grounds.draw(Streams(5, index, 0).column("surface"), index)
        (file,) = (data_dir("backgrounds") / "cc0").glob(f"{ground.kind.removeprefix('photo:')}.jpg")
        height, width = cv2.imread(str(file)).shape[:2]  # type: ignore[union-attr]
        need = max(ground.size_wh[0] / width, ground.size_wh[1] / height)
        assert need <= MAX_MAGNIFICATION * 1.01
        smaller += ground.size_wh not in config.page.sizes_wh()  # type: ignore[union-attr]
    assert smaller


def test_light__paint_has_the_gradients_of_its_wall_and_keeps_its_colour() -> None:
    """What mixing gradients gives (Pérez et al., Poisson Image Editing, SIGGRAPH 2003, section 3)."""
    draws = np.random.default_rng(5)
    shading = np.linspace(90, 190, 200)[None, :] + np.zeros((80, 1))
    rough = cv2.GaussianBlur(draws.normal(0, 40, (80, 200)), (0, 0), 1.0)
    wall = np.clip(shading + rough, 0, 255).astype(np.uint8)[..., None].repeat(3, axis=2)
    mask = np.zeros((80, 200), np.uint8)
    mask[20:60, 20:180] = 255
    painted = wall.copy()
    painted[mask > 0] = (150, 60, 50)
    _light(painted, wall, mask, Look(light=0.8, grain=0.64))
    inside, own = np.s_[24:56, 24:176], (150.0, 60.0, 50.0)
    for channel, color in enumerate(own):
        paint = painted[..., channel].astype(float)[inside]
        slopes, walls = np.diff(paint, axis=1).ravel(), np.diff(wall[..., 0].astype(float)[inside], axis=1).ravel()
        assert np.corrcoef(slopes, walls)[0, 1] > 0.9
        assert paint.mean() == pytest.approx(color, abs=12)
        assert paint[:, -20:].mean() > 1.3 * paint[:, :20].mean()
    np.testing.assert_array_equal(painted[mask == 0], wall[mask == 0])
