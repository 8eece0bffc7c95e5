from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from drawn_records import image

from synthtext.labels.codec.base import Target, Unfit
from synthtext.labels.codec.images import Images
from synthtext.labels.codec.table import CODECS
from synthtext.labels.levels import TextBox
from synthtext.labels.maps import linked
from synthtext.labels.picture import Picture

WH = (200, 100)
LEFT = np.array([[20, 20], [60, 20], [60, 60], [20, 60]], np.float32)


def test_saved_maps__hot_where_characters_are_and_between_them(tmp_path: Path) -> None:
    right = LEFT + np.array([40, 0], np.float32)
    whole = np.array([[20, 20], [100, 20], [100, 60], [20, 60]], np.float32)
    word = TextBox(whole, "ab", char_quads=np.stack([LEFT, right]))
    gone = TextBox(LEFT + np.array([120, 20], np.float32), "x", ignore=True)
    unknown = TextBox(LEFT, "c")
    target = Target(tmp_path, "out", Images(), saved_maps=True)
    sink = CODECS["craft"].sink(target)
    sink.add(Picture("photo 0.jpg", "train", image("0"), "", None, (word, gone), WH))
    with pytest.raises(Unfit, match="no score maps"):  # the trainer fails at a picture without maps
        sink.add(Picture("photo 1.jpg", "train", image("1"), "", None, (unknown,), WH))
    sink.add(Picture("photo 2.jpg", "train", image("2"), "", None, (), WH))
    sink.close()

    folder = tmp_path / "easyocr/saved_gt"
    assert sorted(path.name for path in folder.iterdir()) == [
        f"res_img_{number}_{name}.jpg" for number in (1, 2) for name in ("affi", "cf_mask_thresh_0.6", "region")
    ]
    region, affinity, trust = (
        cv2.imread(str(folder / f"res_img_1_{name}.jpg"), cv2.IMREAD_GRAYSCALE)
        for name in ("region", "affi", "cf_mask_thresh_0.6")
    )
    assert region.shape == (50, 100)
    assert min(region[20, 20], region[20, 40]) > 240  # the middles, at half the size
    assert affinity[20, 30] > 240
    assert region[45, 90] < 5
    assert trust[30, 80] < 10
    assert trust[20, 20] > 245
    assert cv2.imread(str(folder / "res_img_2_region.jpg"), cv2.IMREAD_GRAYSCALE).max() < 5


@pytest.mark.parametrize(("name", "step"), [("line", (40, 0)), ("column", (0, 40)), ("to the left", (-40, 0))])
def test_gt_mat__neighbours_can_be_linked_from_corners_as_they_are(
    name: str, step: tuple[int, int], tmp_path: Path
) -> None:
    """Trainers know no columns, and no text that runs to the left: the corners have to tell."""
    first = LEFT + np.array([60, 0] if name == "to the left" else [0, -15], np.float32)
    chars = np.stack([first, first + np.array(step, np.float32)])
    low, high = chars.min(axis=(0, 1)), chars.max(axis=(0, 1))
    whole = np.array([low, [high[0], low[1]], high, [low[0], high[1]]], np.float32)
    boxes = (TextBox(whole, "ab", char_quads=chars), TextBox(whole, "a b", char_quads=chars))
    sink = CODECS["craft"].sink(Target(tmp_path, "out", Images()))
    sink.add(Picture("photo.jpg", "train", image("0"), "", None, boxes, WH))
    sink.close()

    (page,) = CODECS["craft"].read(tmp_path, lambda fault: pytest.fail(str(fault)))

    word, *letters = page.boxes
    assert word.char_quads is not None
    assert linked(word.char_quads)
    assert (name == "line") == linked(chars)
    assert np.array_equal(word.outline, whole)
    for letter, quad in zip(letters, chars, strict=True):
        assert np.array_equal(letter.outline.min(axis=0), quad.min(axis=0))
        assert np.array_equal(letter.outline.max(axis=0), quad.max(axis=0))
