"""What users hand in that makes no page: one clear answer, or a page all the same."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow

from synthtext.api import load_config
from synthtext.assets.library import open_assets
from synthtext.errors import ConfigError, Exhausted
from synthtext.pipeline import sample
from synthtext.quads import is_convex

_WIDE, _HIGH = 640, 400


def _photograph(seed: int) -> np.ndarray:
    """Return (H, W, 3) uint8: a wall with a door, dark above and bright below, so that turning it shows."""
    photo = np.full((_HIGH, _WIDE, 3), (60, 70, 90), np.uint8)
    photo[_HIGH // 2 :] = (190, 180, 160)
    cv2.rectangle(photo, (80 + 40 * seed, 120), (240 + 40 * seed, 380), (140, 60, 40), cv2.FILLED)
    noise = np.random.default_rng(seed).normal(0, 3, photo.shape)
    return np.clip(photo + noise, 0, 255).astype(np.uint8)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of photographs of every unusual kind, each one a file that cameras and scanners make."""
    photo = _photograph(0)
    gray = cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY)
    Pillow.fromarray(gray).save(tmp_path / "gray.jpg")
    Pillow.fromarray(photo).convert("CMYK").save(tmp_path / "cmyk.jpg")
    cv2.imwrite(str(tmp_path / "deep.png"), gray.astype(np.uint16) * 257)
    turned = Pillow.fromarray(np.rot90(_photograph(1)))
    exif = turned.getexif()
    exif[0x0112] = 6  # to be turned clockwise by a quarter
    turned.save(tmp_path / "turned.jpg", exif=exif)
    Pillow.fromarray(photo[:20, :20]).save(tmp_path / "tiny.png")
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8 no photograph")
    return tmp_path


def test_load_config__names_the_limits_of_a_page() -> None:
    for size in ("48x48", "8193x100"):
        with pytest.raises(ConfigError, match=f"'{size}' cannot be a page; sides have 64 to 8192 pixels"):
            load_config("scene", sets=(f"page.sizes={{{size}: 1}}",))
    with pytest.raises(ConfigError, match="'big' is no page size; write width x height"):
        load_config("scene", sets=("page.sizes={big: 1}",))


def test_sample__pages_on_photographs_of_every_kind(folder: Path) -> None:
    sets = (f"background.dirs=['{folder}']", "background.kinds={photo: 1}", "effects={}", "page.compose_chance=0")
    config = load_config("scene", sets=sets)
    assets = open_assets(config, 3)
    assert assets.grounds is not None
    seen = set()
    for index in range(12):
        page = sample(3, index, config, assets)
        seen.add(page.provenance.background)
        assert page.image.dtype == np.uint8
        assert page.image.ndim == 3
        for one in page.instances:
            assert is_convex(one.ink_quads).all()
        if page.provenance.background == "photo:turned":  # upright: as wide as it was taken, dark above
            assert page.image.shape[1] > page.image.shape[0] or page.image.shape[0] <= _HIGH * 1.5
            assert page.image[: page.image.shape[0] // 8].mean() < page.image[-page.image.shape[0] // 8 :].mean()
        if page.provenance.background in ("photo:gray", "photo:deep"):
            spread = np.ptp(page.image.astype(int), axis=2)
            assert np.median(spread) <= 2
    assert seen <= {"photo:gray", "photo:cmyk", "photo:deep", "photo:turned"}
    assert len(seen) >= 3


def test_load_config__refuses_pages_smaller_than_their_text() -> None:
    with pytest.raises(ConfigError, match=r"em_px begins at 200 px, but no page is higher and wider than 64 px"):
        load_config("scene", sets=("page.sizes={64x64: 1}", "page.em_px=[200, 300]"))


def test_sample__page_without_room_is_a_named_gap() -> None:
    sets = ("page.sizes={64x64: 1}", "page.em_px=[64, 64]", "engine.tries=2", "background.kinds={wall: 1}")
    config = load_config("scene", sets=sets)
    with pytest.raises(Exhausted, match="no room for a line"):
        sample(0, 0, config, open_assets(config, 0))


@pytest.mark.parametrize("preset", ["video", "banner", "form", "document"])
def test_sample__layouts_on_the_smallest_page_never_break(preset: str) -> None:
    config = load_config(preset, sets=("page.sizes={64x64: 1}", "engine.tries=2"))
    assets = open_assets(config, 0)
    for index in range(3):
        try:
            page = sample(0, index, config, assets)
        except Exhausted:
            continue
        for one in page.instances:
            assert one.quad.min() >= -1.0
            assert one.quad.max() <= 65.0
