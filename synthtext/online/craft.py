"""Pages with CRAFT's score maps, for detectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import default_collate

from synthtext.config import Config
from synthtext.errors import UserError
from synthtext.geometry import Image, Warp
from synthtext.labels.maps import MapMode, MapStyle, confidence_mask, score_maps
from synthtext.online.epochs import EpochDataset, opened_config
from synthtext.rng import Streams
from synthtext.values import Sample

_LEAST_PX, _MOST_PX, _STEP_PX = 64, 8192, 2
# A line of a page is a child of its streams; this one is none of them.
_WINDOW_CHILD = (1 << 16) - 1


class MapPage(NamedTuple):
    """One picture for a detector; a batch has the same fields with N in front.

    Attributes:
        image: (3, H, W) uint8 RGB.
        region: (H/2, W/2) float32 in [0, 1]: where characters are.
        affinity: (H/2, W/2) float32 in [0, 1]: where neighbours belong to one word.
        confidence: (H/2, W/2) float32: 0 where text is to be ignored, else 1.
    """

    image: Tensor
    region: Tensor
    affinity: Tensor
    confidence: Tensor


class CraftDataset(EpochDataset[MapPage, MapPage]):
    """Pages of a preset with their score maps, made when they are asked for.

    All have one size, so that they stack: a window is cut out of each page, at a place that depends on the sample
    alone. A page that is smaller lies somewhere in the window, on black.

    Args:
        config: a configuration, or the name of a preset or YAML file.
        size: samples an epoch.
        seed: another seed gives other samples throughout.
        size_hw: of the window, even numbers; pages come as `page.sizes` says, and pages of the window's own size cost
            the least.
        mode: how heat is drawn, `craft` as EasyOCR's trainer does, or `simple`.
        use_cache: whether results of earlier looks at fonts and folders may be read and written.

    Raises:
        UserError: the configuration makes no pages, or a size makes no sense.
        AssetError: something that the configuration draws from is missing or broken.
    """

    def __init__(
        self,
        config: Config | str = "scene",
        size: int = 10_000,
        *,
        seed: int = 0,
        size_hw: tuple[int, int] = (640, 640),
        mode: MapMode = "craft",
        use_cache: bool = True,
    ) -> None:
        chosen = opened_config(config)
        if chosen.page is None:
            raise UserError(
                f"preset {chosen.preset} makes crops of single lines; CraftDataset needs one of pages, such as scene "
                "(crops are for RecognitionDataset)"
            )
        if mode not in ("craft", "simple"):
            raise UserError(f"mode: has to be 'craft' or 'simple', found {mode!r}")
        self._size_wh = _checked(size_hw)
        self._style = MapStyle(mode, "half")
        super().__init__(chosen, size, seed, use_cache)

    def item(self, sample: Sample) -> MapPage:
        """Return the window of a page, with its maps, as tensors."""
        left, top = self._corner(sample)
        move = Warp.shift(-left, -top)
        instances = [instance.moved(move) for instance in sample.instances]
        region, affinity = score_maps(instances, self._size_wh, self._style)
        trust = confidence_mask(instances, self._size_wh, self._style)
        return MapPage(
            torch.from_numpy(np.ascontiguousarray(_cut(sample.image, left, top, self._size_wh).transpose(2, 0, 1))),
            torch.from_numpy(region),
            torch.from_numpy(affinity),
            torch.from_numpy((trust > 0).astype(np.float32)),
        )

    def collate(self, items: Sequence[MapPage]) -> MapPage:
        """Return a batch."""
        batch: MapPage = default_collate(list(items))
        return batch

    def _corner(self, sample: Sample) -> tuple[int, int]:
        """Return where in the page the window begins, pixels, even numbers; below 0 in a page that is smaller.

        The middle of some line that counts lies in it, if there is one: what is beside all text teaches little.
        """
        draws = Streams(self.source.seed, sample.provenance.index, child=_WINDOW_CHILD).column("place")
        middles = [instance.quad.mean(axis=0).tolist() for instance in sample.instances if instance.ignore is None]
        x, y = middles[int(draws.unit() * len(middles))] if middles else (None, None)
        width, height = sample.size_wh
        return _start(width, self._size_wh[0], x, draws.unit()), _start(height, self._size_wh[1], y, draws.unit())


def _start(page: int, window: int, middle: float | None, unit: float) -> int:
    """Return where a window of so many pixels begins along one side of a page."""
    low, high = float(min(0, page - window)), float(max(0, page - window))
    if middle is not None:
        low, high = max(low, min(high, middle - window + _STEP_PX)), min(high, max(low, middle - _STEP_PX))
    return _STEP_PX * round((low + (high - low) * unit) / _STEP_PX)


def _cut(image: Image, left: int, top: int, size_wh: tuple[int, int]) -> Image:
    """Return a window of an image (H, W) or (H, W, 3), always (h, w, 3); black where there is no image."""
    width, height = size_wh
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(image.shape[1], left + width), min(image.shape[0], top + height)
    window: Image = np.zeros((height, width, 3), np.uint8)
    part = image[y0:y1, x0:x1]
    window[y0 - top : y1 - top, x0 - left : x1 - left] = part if part.ndim == 3 else part[..., None]
    return window


def _checked(size_hw: tuple[int, int]) -> tuple[int, int]:
    sound = isinstance(size_hw, (tuple, list)) and [type(side) for side in size_hw] == [int, int]
    sound = sound and all(_LEAST_PX <= side <= _MOST_PX and side % 2 == 0 for side in size_hw)
    if not sound:
        raise UserError(
            f"size_hw: has to be (height, width), even numbers from {_LEAST_PX} to {_MOST_PX}, found {size_hw!r}"
        )
    return size_hw[1], size_hw[0]
