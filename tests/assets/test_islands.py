"""What hangs on walls already is no place for anything: pictures, televisions, curtains below glaring windows."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from synthtext.assets.bare import below_window
from synthtext.assets.islands import islands
from synthtext.assets.regions import Region, RegionMap, analyse
from synthtext.geometry import Image
from synthtext.paths import data_dir

# Boxes x0, y0, x1, y1 in shares of shipped photographs, as a person sees them.
_TELEVISION = ("hdri-interior-270", (0.6, 0.28, 0.98, 0.48))
_PICTURE = ("hdri-interior-180", (0.6, 0.14, 0.8, 0.6))
_CURTAIN = ("hdri-interior-000", (0.6, 0.72, 0.95, 0.98))
_WALLS = (("hdri-interior-270", (0.25, 0.1, 0.5, 0.45)), ("hdri-interior-180", (0.55, 0.75, 0.95, 0.9)))


def _photo(name: str) -> Image:
    photo = cv2.imread(str(data_dir("backgrounds") / "cc0" / f"{name}.jpg"))
    assert photo is not None
    return cv2.cvtColor(photo, cv2.COLOR_BGR2RGB)  # type: ignore[return-value]


def _part(found: RegionMap, box: tuple[float, float, float, float]) -> np.ndarray:
    rows, columns = found.labels.shape
    x0, y0, x1, y1 = box
    return found.labels[int(y0 * rows) : int(y1 * rows), int(x0 * columns) : int(x1 * columns)]


@pytest.mark.parametrize(("name", "box"), [_TELEVISION, _PICTURE, _CURTAIN])
@pytest.mark.parametrize("larger", [1.0, 2.0])
def test_analyse__keeps_off_what_hangs_on_walls(
    name: str, box: tuple[float, float, float, float], larger: float
) -> None:
    photo = cv2.resize(_photo(name), None, fx=larger, fy=larger, interpolation=cv2.INTER_CUBIC)
    assert (_part(analyse(photo), box) == 0).all()  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "box"), _WALLS)
@pytest.mark.parametrize("larger", [1.0, 2.0])
def test_analyse__walls_are_no_sky(name: str, box: tuple[float, float, float, float], larger: float) -> None:
    photo = cv2.resize(_photo(name), None, fx=larger, fy=larger, interpolation=cv2.INTER_CUBIC)
    found = analyse(photo)  # type: ignore[arg-type]
    walls = {region.number for region in found.regions if not region.sky}
    assert np.isin(_part(found, box), list(walls)).mean() > 0.9


def _wall_with(shade: int, calm: float) -> tuple[np.ndarray, list[Region], Image]:
    """Return a light wall round a thing of this shade."""
    labels = np.ones((60, 80), np.uint8)
    labels[18:42, 24:56] = 0
    labels[20:40, 26:54] = 2
    lab = np.full((60, 80, 3), (200, 130, 132), np.uint8)
    lab[20:40, 26:54, 0] = shade
    plane = ((0.0, 0.0), (0.0, 0.0))
    wall = Region(1, float((labels == 1).mean()), 0.2, 0.95, (0.1, 0.1), *plane)
    thing = Region(2, float((labels == 2).mean()), 0.1, calm, (0.5, 0.4), *plane)
    return labels, [wall, thing], lab


@pytest.mark.parametrize(
    ("name", "shade", "calm", "expected"),
    [
        ("a television", 25, 0.95, True),
        ("a picture", 170, 0.5, True),
        ("a board to write on", 235, 0.95, False),
        ("a paler stretch of the wall", 195, 0.95, False),
    ],
)
def test_islands__dark_and_busy_things_within_a_wall(name: str, shade: int, calm: float, expected: bool) -> None:
    labels, regions, lab = _wall_with(shade, calm)
    assert (2 in islands(labels, regions, lab)) is expected, name


def test_islands__what_stands_beside_a_wall_is_none() -> None:
    labels, regions, lab = _wall_with(25, 0.95)
    labels[:, 24:][labels[:, 24:] == 1] = 0
    assert islands(labels, regions, lab) == frozenset()
    assert islands(labels, [], lab) == frozenset()


def test_below_window__what_begins_under_glaring_light() -> None:
    lab = np.full((100, 100, 3), 128, np.uint8)
    lab[:40, :, 0] = 255
    under, beside = np.zeros((100, 100), np.uint8), np.zeros((100, 100), np.uint8)
    under[48:90, 10:90] = 1
    beside[75:98, 10:90] = 1
    assert below_window(under, lab)
    assert not below_window(beside, lab)
