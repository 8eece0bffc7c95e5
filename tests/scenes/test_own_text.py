"""New text keeps off the lettering that a photograph already holds."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow

from synthtext.api import load_config
from synthtext.assets import own_text as finding
from synthtext.assets.library import open_assets
from synthtext.assets.likely_text import likely_text
from synthtext.assets.photo_files import PhotoLimit, decode_photo
from synthtext.assets.photos import Photo
from synthtext.assets.regions import analyse
from synthtext.assets.text_finder import TextFinder, TextFound
from synthtext.errors import AssetError
from synthtext.geometry import Image
from synthtext.paths import data_dir
from synthtext.pipeline import sample

_LINES = (("FRESH BREAD", 310), ("open daily 9-18", 395))


def _ink() -> Image:
    """Return (H, W) uint8, 1 where the words of the shop front are."""
    ink = np.zeros((720, 1280), np.uint8)
    for text, y in _LINES:
        cv2.putText(ink, text, (255, y), cv2.FONT_HERSHEY_DUPLEX, 2.6, 1, 5)
    return ink


def _shop_front() -> Image:
    """Return a wall with a board in its middle, and two lines on the board."""
    photo = np.full((720, 1280, 3), (176, 160, 140), np.uint8)
    cv2.rectangle(photo, (200, 200), (1080, 470), (30, 60, 120), cv2.FILLED)
    photo[_ink() > 0] = (240, 235, 220)
    soft = cv2.GaussianBlur(photo, (0, 0), 0.8)
    noise = np.random.default_rng(0).normal(0, 3, photo.shape)
    return np.clip(soft + noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("scale", [0.35, 0.6, 1.0])
@pytest.mark.parametrize("turned", [False, True])
def test_likely_text__names_words_on_a_board_and_little_else(scale: float, turned: bool) -> None:
    photo = np.full((720, 1280, 3), (176, 160, 140), np.uint8)
    ink = np.zeros((720, 1280), np.uint8)
    small = cv2.resize(_shop_front(), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    photo[: small.shape[0], : small.shape[1]] = small
    ink[: small.shape[0], : small.shape[1]] = cv2.resize(_ink(), small.shape[1::-1], interpolation=cv2.INTER_NEAREST)
    if turned:
        photo, ink = np.ascontiguousarray(photo.transpose(1, 0, 2)), np.ascontiguousarray(ink.T)
    mask = likely_text(photo, ink.shape)
    assert mask[ink > 0].mean() > 0.9
    _, _, wide, high = cv2.boundingRect(ink)
    assert mask.sum() < 1.6 * wide * high


def test_likely_text__of_most_photographs_takes_little_room() -> None:
    shares = []
    for path in sorted((data_dir("backgrounds") / "cc0").glob("*.jpg"))[:24]:
        photo = decode_photo(str(path), PhotoLimit(1280, 1280 * 1280)).image
        shares.append(float(likely_text(photo, (180, 320)).mean()))
    assert np.median(shares) < 0.03
    assert np.mean(shares) < 0.08


def _share_on_words(folder: Path, keep_off: str) -> float:
    """Return the share of the lines of 24 pages that touch the words of the photograph."""
    sets = (
        f"background.dirs=['{folder}']", "background.kinds={photo: 1}", "background.flip=0", "effects={}",
        "page.sizes={1920x1080: 1}", "page.lines=[12, 20]", "page.em_px=[16, 40]",
        f"background.keep_off_text={keep_off}",
    )  # fmt: skip
    config = load_config("scene", sets=sets)
    assets = open_assets(config, 5)
    words = cv2.morphologyEx(_ink(), cv2.MORPH_CLOSE, np.ones((9, 31), np.uint8))
    words = cv2.resize(words, (1920, 1080))  # as large as a photograph may be made: no page shows a part of it
    touching = []
    for index in range(24):
        for one in sample(5, index, config, assets).instances:
            own = np.zeros_like(words)
            cv2.fillConvexPoly(own, np.rint(one.quad).astype(np.int32), 1)
            touching.append(bool(cv2.countNonZero(own & words)))
    return float(np.mean(touching))


def test_sample__lines_of_pages_keep_off_the_words_of_the_photograph(tmp_path: Path) -> None:
    Pillow.fromarray(_shop_front()).save(tmp_path / "shop.png")
    everywhere = _share_on_words(tmp_path, "none")
    assert everywhere > 0.05
    assert _share_on_words(tmp_path, "likely") <= 0.1 * everywhere


def test_own_text__is_what_the_finder_names_where_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "wall.png"
    Pillow.fromarray(np.full((90, 160, 3), 128, np.uint8)).save(path)
    quad = np.array([[[40, 20], [80, 20], [80, 40], [40, 40]]], np.float32)

    def find(image: Image) -> TextFound:
        return TextFound(quad, np.array([0.9], np.float32), (160, 90))

    monkeypatch.setattr(finding, "shipped_finder", lambda: TextFinder("a finder", lambda: find))
    image = decode_photo(str(path), PhotoLimit(1280, 1280 * 1280)).image
    photo = Photo("wall", (image,), str(path))
    mask = finding.own_text(photo, analyse(image), "found", use_cache=False)
    assert mask is not None
    assert mask[20:40, 40:80].all()
    assert mask.sum() < 45 * 25
    monkeypatch.setattr(finding, "shipped_finder", lambda: None)
    with pytest.raises(AssetError, match=r"nobody has looked for text in .*wall\.png"):
        finding.own_text(photo, analyse(image), "found", use_cache=False)
