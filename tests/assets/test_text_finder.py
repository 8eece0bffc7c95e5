"""The finder that works with rapidocr: what it takes for text, on photographs with and without."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from synthtext.assets.photo_files import decode_photo
from synthtext.assets.text_finder import Find, _surest, evidence, shipped_finder
from synthtext.assets.text_search import LOOKED_AT, TextRule
from synthtext.geometry import Floats, Image
from synthtext.quads import box_quads, enclosing_boxes

# Those of the shipped ones in which the detector alone sees text: lit windows, lava, a wall, a cup, curtains.
TEMPTING = [
    *("es-city4", "es-city12", "es-lava1", "es-fog4", "hdri-city-180", "hdri-city-270"),
    *("hdri-interior-000", "hdri-courtyard-180", "skimage-coffee"),
]


@pytest.fixture(scope="module")
def find() -> Find:
    finder = shipped_finder()
    if finder is None:
        give_up = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        give_up("rapidocr is not installed: pip install -e '.[test]'")
    return finder.open()


@pytest.mark.parametrize(
    ("detected", "reading", "share", "short_px", "score"),
    [
        (0.3, ("EXIT", 0.99), 0.01, 20, 0.99),  # what can be read is text
        (0.4, ("出口", 0.95), 0.4, 200, 0.95),  # however large it is
        (0.4, ("M", 0.97), 0.01, 20, 0.4),  # a single letter is none
        (0.4, ("---", 0.97), 0.01, 20, 0.4),
        (0.9, ("", 0.0), 0.01, 20, 0.9),  # a script that cannot be read
        (0.9, ("", 0.0), 0.9, 600, 0.45),  # a picture full of sand
        (0.9, ("", 0.0), 0.0001, 8, 0.45),  # a leaf
        (0.6, ("nnm", 0.64), 0.01, 20, 0.64),  # a fence
    ],
)
def test_evidence__table(
    detected: float, reading: tuple[str, float], share: float, short_px: float, score: float
) -> None:
    assert evidence(detected, reading, share, short_px) == pytest.approx(score)


def test_surest__of_two_places_that_are_one() -> None:
    quads = box_quads(np.array([[0, 0, 100, 20], [2, 1, 100, 20], [0, 30, 100, 50], [10, 0, 40, 20]], np.float32))
    assert _surest(quads, np.array([0.5, 0.9, 0.3, 0.6], np.float32)) == [1, 2, 3]
    assert _surest(quads[:0], np.zeros(0, np.float32)) == []


def drawn(photo: Path, repository: Path, font: str, text: str, size_px: int) -> tuple[Image, Floats]:
    """A photograph with white text in a dark outline in its middle, and the box of the text."""
    image = Pillow.fromarray(decode_photo(str(photo), LOOKED_AT).image)
    draw = ImageDraw.Draw(image)
    face = ImageFont.truetype(str(repository / "fonts" / font), size_px)
    at = image.width / 2, image.height / 2
    draw.text(at, text, fill="white", font=face, anchor="mm", stroke_width=2, stroke_fill="black")
    box = draw.textbbox(at, text, font=face, anchor="mm")
    return np.array(image), np.array(box, np.float32)


@pytest.mark.parametrize(
    ("photo", "font", "text", "size_px"),
    [
        ("es-beach0", "latin/OpenSans-400.ttf", "Main Street", 24),
        ("es-city12", "zh/NotoSansSC-Regular.otf", "停车场出口", 30),
        ("hdri-forest-090", "latin/OpenSans-400.ttf", "2024-03-15", 40),
        ("skimage-brick", "zh/NotoSerifSC-Black.otf", "欢迎光临", 70),
        ("lomiri-seeding", "latin/OpenSans-400.ttf", "WELCOME", 160),
    ],
)
def test_find__text_drawn_onto_a_photograph(
    find: Find, repository: Path, photo: str, font: str, text: str, size_px: int
) -> None:
    image, box = drawn(repository / "backgrounds" / "cc0" / f"{photo}.jpg", repository, font, text, size_px)
    found = find(image).sure(TextRule().score)
    assert found.size_wh == (image.shape[1], image.shape[0])
    assert len(found) == 1
    # All of the text lies inside, and no more than a line's height is round it.
    place = enclosing_boxes(found.quads)[0]
    assert (place[:2] < box[:2] + 4).all()
    assert (place[2:] > box[2:] - 4).all()
    assert (np.abs(place - box) < size_px + 4).all()
    assert found.share == pytest.approx((place[2:] - place[:2]).prod() / image[..., 0].size, rel=0.2)


def test_find__a_column(find: Find, repository: Path) -> None:
    picture = Pillow.open(repository / "backgrounds" / "cc0" / "es-fog0.jpg").convert("RGB")
    face = ImageFont.truetype(str(repository / "fonts" / "zh" / "NotoSansSC-Regular.otf"), 36)
    for number, char in enumerate("谢绝外带"):
        ImageDraw.Draw(picture).text((300, 60 + 42 * number), char, fill="black", font=face)
    assert TextRule()(find(np.array(picture)))


@pytest.mark.parametrize("name", TEMPTING)
def test_find__no_text_in_a_shipped_photograph(find: Find, repository: Path, name: str) -> None:
    image = decode_photo(str(repository / "backgrounds" / "cc0" / f"{name}.jpg"), LOOKED_AT).image
    assert not TextRule()(find(image))


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["cc0", "by", "by-sa"])
def test_find__no_text_in_any_shipped_photograph(find: Find, repository: Path, folder: str) -> None:
    photos = sorted((repository / "backgrounds" / folder).glob("*.jpg"))
    assert len(photos) >= 10
    assert [p.name for p in photos if TextRule()(find(decode_photo(str(p), LOOKED_AT).image))] == []


@pytest.mark.parametrize("size_wh", [(32, 32), (33, 1280), (1280, 40), (700, 500)])
def test_find__any_size_and_nothing_in_it(find: Find, size_wh: tuple[int, int]) -> None:
    image = np.full((size_wh[1], size_wh[0], 3), 128, np.uint8)
    found = find(image)
    assert found.quads.shape == (len(found), 4, 2)
    assert not TextRule()(found)
    assert (image == 128).all()


def test_find__same_every_time(find: Find, repository: Path) -> None:
    image = cv2.resize(
        decode_photo(str(repository / "backgrounds" / "cc0" / "es-city12.jpg"), LOOKED_AT).image, (400, 300)
    )
    first, second = find(image), find(image)  # type: ignore[arg-type]
    assert np.array_equal(first.quads, second.quads)
    assert np.array_equal(first.scores, second.scores)


def test_package__loads_no_ocr_engine_until_it_is_needed() -> None:
    code = "import sys, synthtext.cli; sys.exit(bool({'rapidocr', 'onnxruntime'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
