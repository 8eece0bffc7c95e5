from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from drawn_records import image

from synthtext.labels.codec.base import Target
from synthtext.labels.codec.images import Images
from synthtext.labels.codec.table import CODECS
from synthtext.labels.levels import TextBox
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
    for number, boxes in enumerate([(word, gone), (unknown,), ()]):
        sink.add(Picture(f"photo {number}.jpg", "train", image(str(number)), "", None, boxes, WH))
    sink.close()

    folder = tmp_path / "easyocr/saved_gt"
    assert sorted(path.name for path in folder.iterdir()) == [
        f"res_img_{number}_{name}.jpg" for number in (1, 3) for name in ("affi", "cf_mask_thresh_0.6", "region")
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
    assert cv2.imread(str(folder / "res_img_3_region.jpg"), cv2.IMREAD_GRAYSCALE).max() < 5
