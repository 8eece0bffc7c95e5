from __future__ import annotations

import cv2
import numpy as np
import pytest

from synthtext.labels.headers import read_header
from synthtext.writers.encode import encode, lie_down


def _ramp(height: int, width: int) -> np.ndarray:
    image = np.zeros((height, width, 3), np.uint8)
    image[..., 0] = 200  # red
    image[..., 1] = np.linspace(0, 255, width, dtype=np.uint8)
    return image


@pytest.mark.parametrize(
    ("size_hw", "turned"), [((48, 32), True), ((47, 32), False), ((32, 48), False), ((96, 32), True)]
)
def test_lie_down__turns_tall_crops_counter_clockwise(size_hw: tuple[int, int], turned: bool) -> None:
    image = _ramp(*size_hw)

    result = lie_down(image)

    assert result.shape[:2] == (size_hw[::-1] if turned else size_hw)
    if turned:  # the right edge comes to the top
        assert np.array_equal(result[0], image[:, -1])


def test_encode__png_keeps_every_pixel_in_rgb() -> None:
    image = _ramp(20, 30)

    data = encode(image, "png", 0)

    assert np.array_equal(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)[..., ::-1], image)


@pytest.mark.parametrize("gray", [True, False])
def test_encode__jpeg_is_whole_and_without_exif(gray: bool) -> None:
    image = _ramp(20, 30)[..., 1] if gray else _ramp(20, 30)

    header = read_header(encode(image, "jpg", 90))

    assert header is not None
    assert (header.suffix, header.size_wh, header.exif, header.whole) == ("jpg", (30, 20), False, True)


def test_encode__quality_changes_the_size() -> None:
    image = np.random.default_rng(0).integers(0, 255, (48, 200, 3), np.uint8)

    assert len(encode(image, "jpg", 50)) < len(encode(image, "jpg", 95))


def test_encode__turned_view_is_encoded_as_it_looks() -> None:
    image = _ramp(60, 20)

    data = encode(lie_down(image), "png", 0)

    assert np.array_equal(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)[..., ::-1], np.rot90(image))
