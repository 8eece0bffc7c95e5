"""The cubic warp: against OpenCV 4 itself, and against what a warp has to keep."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pytest
from reader_envs import OPENCV_4, EnvironmentUnavailableError, interpreter

from synthtext.labels.cubic import cubic_warp, weights

READERS = Path(__file__).parents[1] / "readers"


def crops(count: int) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """Return a picture of noise, matrices, and the crops that they cut, some over the edge."""
    draws = np.random.default_rng(3)
    image = draws.integers(0, 256, (360, 640, 3), np.uint8)
    matrices, made = [], []
    for _ in range(count):
        width, height = (int(side) for side in draws.integers(4, 300, 2))
        frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(draws.uniform(0, 360)), 1.0)
        quad = frame @ turn[:, :2].T + turn[:, 2] + draws.uniform(-20, 400, 2) + draws.normal(0, 4, (4, 2))
        matrices.append(cv2.getPerspectiveTransform(quad.astype(np.float32), frame))
        made.append(cubic_warp(image, matrices[-1], (width, height)))
    return image, np.array(matrices), made


@pytest.mark.slow
@pytest.mark.readers
def test_cubic_warp__gives_the_bytes_of_opencv_4(tmp_path: Path) -> None:
    try:
        python = interpreter(OPENCV_4)
    except EnvironmentUnavailableError as error:
        give_up = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        give_up(str(error))
    image, matrices, made = crops(300)
    file = tmp_path / "crops.npz"
    np.savez(file, image=image, matrices=matrices, **{str(number): crop for number, crop in enumerate(made)})

    command = [str(python), str(READERS / "cubic_crops.py"), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout.splitlines()[-1])
    assert report == {"opencv": "4.10.0", "crops": 300, "other": []}


def test_cubic_warp__is_near_what_the_installed_opencv_gives() -> None:
    image, matrices, made = crops(20)
    for matrix, crop in zip(matrices, made, strict=True):
        size = crop.shape[1::-1]
        other = cv2.warpPerspective(image, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        off = np.abs(crop.astype(int) - other)
        assert off.max() <= 16  # of noise between black and white, 1/64 pixel
        assert off.mean() < 2


def test_cubic_warp__by_whole_pixels_copies() -> None:
    image = np.random.default_rng(0).integers(0, 256, (40, 60, 3), np.uint8)
    matrix = np.array([[1.0, 0, -7], [0, 1, -5], [0, 0, 1]])
    assert np.array_equal(cubic_warp(image, matrix, (20, 10)), image[5:15, 7:27])


def test_cubic_warp__of_one_colour_is_that_colour() -> None:
    image = np.full((20, 30, 3), (7, 130, 255), np.uint8)
    matrix = np.array([[1.3, 0.2, -3], [-0.1, 0.8, 2], [1e-4, 2e-4, 1]])
    assert (cubic_warp(image, matrix, (50, 40)) == image[0, 0]).all()


@pytest.mark.parametrize("fill", [0.0, 1e-300, np.nan, np.inf])
def test_cubic_warp__without_sense_gives_some_picture(fill: float) -> None:
    image = np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)
    assert cubic_warp(image, np.full((3, 3), fill), (9, 4)).shape == (4, 9, 3)


def test_weights__sum_to_one() -> None:
    table = weights()
    assert (table.sum(axis=1, dtype=np.int64) == 1 << 15).sum() == len(table)
