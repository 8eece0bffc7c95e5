"""Pages for detectors: maps lie where the picture's characters lie."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

from synthtext.api import load_config, open_assets
from synthtext.errors import UserError
from synthtext.labels.maps import MapStyle, confidence_mask, score_maps
from synthtext.online import CraftDataset
from synthtext.online.craft import _cut
from synthtext.pipeline import sample

SCENE = load_config("scene", sets=["page.sizes={640x480: 1}", "page.least_px=16"])


@pytest.fixture(scope="module")
def pages() -> CraftDataset:
    return CraftDataset(SCENE, 4, seed=2, size_hw=(256, 320))


def whole_maps(index: int) -> tuple[Any, Any, Any, Any]:
    made = sample(2, index, SCENE, open_assets(SCENE, 2))
    style = MapStyle("craft", "half")
    region, affinity = score_maps(made.instances, made.size_wh, style)
    return made.image, region, affinity, confidence_mask(made.instances, made.size_wh, style)


def place_of(window: Any, image: Any) -> tuple[int, int]:
    """The only place (top, left) of a page where a window fits, by looking for it."""
    height, width = window.shape[:2]
    found = [
        (top, left)
        for top in range(image.shape[0] - height + 1)
        for left in range(image.shape[1] - width + 1)
        if (image[top, left : left + 8] == window[0, :8]).all()
        and (image[top : top + height, left] == window[:, 0]).all()
    ]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("index", range(4))
def test_getitem__is_a_window_of_the_page_and_of_its_maps(pages: CraftDataset, index: int) -> None:
    image, region, affinity, trust = whole_maps(index)
    page = pages[index]
    window = page.image.numpy().transpose(1, 2, 0)
    top, left = place_of(window, image)
    np.testing.assert_array_equal(window, image[top : top + 256, left : left + 320])
    assert (top % 2, left % 2) == (0, 0)
    half = (slice(top // 2, top // 2 + 128), slice(left // 2, left // 2 + 160))
    for mine, whole in ((page.region, region), (page.affinity, affinity), (page.confidence, trust / 255.0)):
        assert mine.shape == (128, 160)
        assert mine.dtype == torch.float32
        off = np.abs(mine.numpy() - whole[half])
        assert np.mean(off > 0.02) < 0.002  # the nearest entry of the table may be the next one


def test_getitem__window_holds_text_wherever_the_page_has_some() -> None:
    pages = CraftDataset(SCENE, 12, seed=2, size_hw=(128, 128))
    assets = open_assets(SCENE, 2)
    for index in range(12):
        counts = any(line.ignore is None for line in sample(2, index, SCENE, assets).instances)
        assert (pages[index].region.max() > 0.5) == counts


def test_confidence__is_nought_on_what_is_ignored(pages: CraftDataset) -> None:
    batch = next(iter(DataLoader(pages, batch_size=4)))
    assert set(batch.confidence.unique().tolist()) == {0.0, 1.0}
    assert batch.image.shape == (4, 3, 256, 320)


def test_loader__same_pages_for_any_workers_and_new_ones_in_an_epoch(pages: CraftDataset) -> None:
    def read(**options: Any) -> list[Any]:
        return [[part.tolist() for part in batch] for batch in DataLoader(pages, batch_size=2, **options)]

    alone = read()
    assert read(num_workers=2, multiprocessing_context="fork", timeout=60) == alone
    pages.set_epoch(1)
    assert read(num_workers=1, multiprocessing_context="spawn", timeout=60) != alone
    pages.set_epoch(0)


def test_windows__a_smaller_page_lies_on_black_with_its_maps() -> None:
    config = load_config("scene", sets=["page.sizes={128x128: 1}", "page.em_px=[12, 20]"])
    page = CraftDataset(config, 2, size_hw=(300, 300))[0]
    lit = page.image.amax(0).numpy() > 0
    rows, columns = np.flatnonzero(lit.any(1)), np.flatnonzero(lit.any(0))
    assert np.ptp(rows) <= 128
    assert np.ptp(columns) <= 128
    heat = np.argwhere(page.region.numpy() > 0.5)
    assert len(heat)
    assert heat[:, 0].min() * 2 >= rows[0] - 2
    assert heat[:, 0].max() * 2 <= rows[-1] + 2


def test_cut__outside_is_black_and_gray_has_three_channels() -> None:
    image = np.arange(12, dtype=np.uint8).reshape(3, 4) + 1
    window = _cut(image, -1, 1, (4, 4))
    assert window.shape == (4, 4, 3)
    np.testing.assert_array_equal(window[..., 0], [[0, 5, 6, 7], [0, 9, 10, 11], [0, 0, 0, 0], [0, 0, 0, 0]])


def test_mode__simple_is_narrower() -> None:
    craft, simple = (CraftDataset(SCENE, 1, size_hw=(256, 256), mode=mode)[0] for mode in ("craft", "simple"))
    assert torch.equal(craft.image, simple.image)
    assert (craft.region > 0).sum() > (simple.region > 0).sum() > 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"config": "rec-zh"}, r"preset rec-zh makes crops of single lines; CraftDataset needs one of pages"),
        (
            {"size_hw": (63, 640)},
            r"size_hw: has to be \(height, width\), even numbers from 64 to 8192, found \(63, 640\)",
        ),
        ({"size_hw": (640, 641)}, r"size_hw: .* even numbers"),
        ({"size_hw": 640}, r"size_hw: .* found 640"),
        ({"mode": "gauss"}, r"mode: has to be 'craft' or 'simple', found 'gauss'"),
        ({"size": 0}, r"size: an epoch needs at least 1 sample"),
    ],
)
def test_dataset__bad_input(options: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message):
        CraftDataset(**{"config": SCENE, "size": 2, **options})
