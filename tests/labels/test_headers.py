from __future__ import annotations

import cv2
import numpy as np
import pytest

from synthtext.labels.headers import read_header

_IMAGE = np.random.default_rng(1).integers(0, 255, (37, 53, 3), np.uint8)


def _file(suffix: str, *options: int) -> bytes:
    return cv2.imencode(suffix, _IMAGE, list(options))[1].tobytes()


@pytest.mark.parametrize(
    "data",
    [_file(".jpg"), _file(".jpg", cv2.IMWRITE_JPEG_PROGRESSIVE, 1), _file(".png")],
    ids=["jpg", "progressive", "png"],
)
def test_read_header__size(data: bytes) -> None:
    header = read_header(data)

    assert header is not None
    assert (header.size_wh, header.exif, header.whole) == ((53, 37), False, True)


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_read_header__any_truncation_is_seen(suffix: str) -> None:
    data = _file(suffix)

    for length in range(len(data)):
        header = read_header(data[:length])
        assert header is None or not header.whole


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\xff\xd8", b"\xff\xd8\xff", b"\xff\xd8ab", b"\x89PNG\r\n\x1a\n"])
def test_read_header__no_image(data: bytes) -> None:
    assert read_header(data) is None
