"""What of a photograph nothing is put on."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from synthtext.assets.bare import calmness, one_wall, usable
from synthtext.assets.regions import analyse
from synthtext.geometry import Image
from synthtext.paths import data_dir

_HIGH, _WIDE = 300, 400
_BOX = (slice(60, 240), slice(120, 280))


def _wall() -> Image:
    noise = np.random.default_rng(1).normal(0, 2, (_HIGH, _WIDE, 1))
    return np.clip(np.array([176, 164, 150]) + noise, 0, 255).astype(np.uint8)


def _free(image: Image) -> np.ndarray:
    lab = cv2.cvtColor(image, cv2.COLOR_RGB2Lab)
    return usable(image, lab, calmness(image))  # type: ignore[arg-type]


def _with(patch: np.ndarray) -> Image:
    image = _wall()
    image[_BOX] = patch
    return image


def _leaves() -> np.ndarray:
    rng = np.random.default_rng(2)
    coarse = rng.integers(-45, 45, (60, 54, 1)).repeat(3, 0).repeat(3, 1)[:180, :160]
    return np.clip(np.array([70, 110, 40]) + coarse, 0, 255).astype(np.uint8)


def _folds() -> np.ndarray:
    ripple = 30 * np.sin(np.arange(160) * 2 * np.pi / 14)
    return np.clip(np.array([150, 120, 90]) + ripple[None, :, None] + np.zeros((180, 1, 1)), 0, 255).astype(np.uint8)


def test_usable__is_nearly_all_of_a_calm_wall() -> None:
    assert _free(_wall()).mean() > 0.98


@pytest.mark.parametrize(
    ("name", "patch"),
    [
        ("light that the camera could not take", np.full((180, 160, 3), 255, np.uint8)),
        ("leaves", _leaves()),
        ("folds of a curtain", _folds()),
    ],
)
def test_usable__leaves_out(name: str, patch: np.ndarray) -> None:
    free = _free(_with(patch))
    inside = free[80:220, 140:260]
    assert inside.mean() < 0.1, name
    assert free[:, :80].mean() > 0.9, name


def test_usable__ends_at_the_edges_of_things() -> None:
    free = _free(_with(np.full((180, 160, 3), (90, 60, 50), np.uint8)))
    for y, x in ((60, 200), (239, 200), (150, 120), (150, 279)):
        assert not free[y, x]
    assert free[90:210, 150:250].all()
    assert free[20:40, 40:360].all()


def test_one_wall__is_bricks_and_not_a_room() -> None:
    for name, expected in (("skimage-brick", True), ("hdri-interior-270", False), ("hdri-courtyard-090", False)):
        photo = cv2.imread(str(data_dir("backgrounds") / "cc0" / f"{name}.jpg"))
        assert photo is not None
        small: Image = cv2.resize(cv2.cvtColor(photo, cv2.COLOR_BGR2RGB), (400, 300))  # type: ignore[assignment]
        assert one_wall(small, cv2.cvtColor(small, cv2.COLOR_RGB2Lab)) is expected, name  # type: ignore[arg-type]


def test_analyse__bricks_are_one_region() -> None:
    photo = cv2.imread(str(data_dir("backgrounds") / "cc0" / "skimage-brick.jpg"))
    assert photo is not None
    assert len(analyse(cv2.cvtColor(photo, cv2.COLOR_BGR2RGB)).regions) == 1  # type: ignore[arg-type]


def test_analyse__a_window_with_curtains_is_no_place_for_signs() -> None:
    photo = cv2.imread(str(data_dir("backgrounds") / "cc0" / "hdri-interior-000.jpg"))
    assert photo is not None
    found = analyse(cv2.cvtColor(photo, cv2.COLOR_BGR2RGB))  # type: ignore[arg-type]
    rows, columns = found.labels.shape
    window = found.labels[: rows * 6 // 10, columns * 4 // 10 : columns * 9 // 10]
    assert (window > 0).mean() < 0.03
    assert not found.distant
