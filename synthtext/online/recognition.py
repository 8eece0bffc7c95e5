"""Crops of single lines with CTC targets, for recognisers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
import torch
from torch import Tensor

from synthtext.config import Config, build_config
from synthtext.errors import UserError
from synthtext.geometry import Image
from synthtext.online.classes import Classes, as_it_stands
from synthtext.online.epochs import EpochDataset, opened_config
from synthtext.stages.place import PADS
from synthtext.values import Sample
from synthtext.writers.encode import lie_down


class Crop(NamedTuple):
    """One line for a recogniser.

    Attributes:
        image: (3, H, W) uint8 RGB, or (1, H, W) when the configuration says gray.
        target: (L,) int64, class ids (`Classes`) in the order in which the characters stand; L is the longest that a
            text may be, what is left is 0. The same for all crops, so that they stack.
        length: how many ids count.
        text: what is written, in logical order.
        extent: pixels of the image along the line.
    """

    image: Tensor
    target: Tensor
    length: int
    text: str
    extent: int


class CropBatch(NamedTuple):
    """As many lines at once: the fields of `Crop`, (N, ...) each.

    Attributes:
        image: (N, 3, H, W) uint8; shorter ones are padded as `crop.pad` says, on the right or below.
        target: (N, L) int64.
        length: (N,) int64.
        text: N texts.
        extent: (N,) int64, pixels of each image along the line without the padding of the batch.
    """

    image: Tensor
    target: Tensor
    length: Tensor
    text: list[str]
    extent: Tensor


class RecognitionDataset(EpochDataset[Crop, CropBatch]):
    """Crops of a preset, made when they are asked for.

    Crops have one size (`size_hw`), one of a few lengths (`buckets`), or their natural one. Those of one size stack by
    themselves; the others need `collate_fn=dataset.collate`, and little padding with a `WidthBatchSampler`.

    Args:
        config: a configuration, or the name of a preset or YAML file.
        size: samples an epoch.
        seed: another seed gives other samples throughout: take one for training and one for validation.
        size_hw: such as (32, 512), for columns (512, 32); None for what the configuration says. Text keeps its
            proportions and is padded; only what is too long is squeezed (`crop.fit`, `crop.pad`).
        buckets: lengths in pixels, ascending, to one of which each batch is padded; what is longer than the last is
            squeezed to it. Few lengths mean few shapes to compile or tune for.
        use_cache: whether results of earlier looks at fonts and folders may be read and written.

    Raises:
        UserError: the configuration makes pages, or a size makes no sense.
        AssetError: something that the configuration draws from is missing or broken.
    """

    def __init__(
        self,
        config: Config | str = "rec-zh",
        size: int = 100_000,
        *,
        seed: int = 0,
        size_hw: tuple[int, int] | None = None,
        buckets: Sequence[int] | None = None,
        use_cache: bool = True,
    ) -> None:
        chosen = opened_config(config)
        if chosen.page is not None:
            raise UserError(
                f"preset {chosen.preset} makes pages with many lines; RecognitionDataset needs one of single lines, "
                "such as rec-zh (pages are for CraftDataset)"
            )
        if size_hw is not None:
            chosen = _sized(chosen, size_hw)
        self.buckets = None if buckets is None else _checked(buckets, chosen)
        super().__init__(chosen, size, seed, use_cache)
        self.classes = Classes.of(chosen)
        self._standing = _stands(chosen)

    @property
    def is_fixed(self) -> bool:
        """Whether all crops have one size."""
        return self.config.crop.width is not None

    def item(self, sample: Sample) -> Crop:
        """Return a crop as tensors."""
        image = sample.image
        if self.config.output.rotate_vertical:
            image = self._lain(image)
        if self.buckets is not None:
            image = self._squeezed(image)
        (instance,) = sample.instances
        ids = self.classes.encode(as_it_stands(instance.text, instance.direction))
        target = np.zeros(self.config.text.length.max, np.int64)
        target[: len(ids)] = ids
        # Some lie in memory that torch must not write to, or run backwards through it.
        pixels = torch.from_numpy(np.require(image, requirements=["C", "W"]))
        tensor = pixels.permute(2, 0, 1) if image.ndim == 3 else pixels.unsqueeze(0)
        return Crop(tensor, torch.from_numpy(target), len(ids), instance.text, image.shape[0 if self._standing else 1])

    def collate(self, items: Sequence[Crop]) -> CropBatch:
        """Return a batch; its crops are padded to the longest of them, or to the least bucket that holds it."""
        extents = [item.extent for item in items]
        return CropBatch(
            self._stacked([item.image for item in items], self._room(max(extents))),
            torch.stack([item.target for item in items]),
            torch.tensor([item.length for item in items]),
            [item.text for item in items],
            torch.tensor(extents),
        )

    def extents(self, indices: Sequence[int]) -> list[int]:
        """Return how long the crops of this epoch will be, without drawing them; nearly always right.

        Raises:
            IndexError: there is no such item.
        """
        return self.source.lengths(self.numbers(indices))

    def _room(self, longest: int) -> int:
        return longest if self.buckets is None else next(bucket for bucket in self.buckets if bucket >= longest)

    def _stacked(self, images: Sequence[Tensor], room: int) -> Tensor:
        along = 1 if self._standing else 2
        if all(image.shape[along] == room for image in images):
            return torch.stack(list(images))
        shape = list(images[0].shape)
        shape[along] = room
        pad = self.config.crop.pad
        batch = torch.full((len(images), *shape), PADS.get(pad, 0), dtype=torch.uint8)
        for place, image in zip(batch, images, strict=True):
            extent = image.shape[along]
            place.narrow(along, 0, extent).copy_(image)
            if pad == "edge" and extent < room:
                place.narrow(along, extent, room - extent).copy_(image.narrow(along, extent - 1, 1))
        return batch

    def _lain(self, image: Image) -> Image:
        """Return a column's crop as PaddleOCR takes it: turned, or if it is nearly square, brought to the height."""
        lain = lie_down(image)
        height = self.config.crop.height
        if lain.shape[0] == height:
            return lain
        width = max(1, round(lain.shape[1] * height / lain.shape[0]))
        return np.asarray(cv2.resize(lain, (width, height), interpolation=cv2.INTER_AREA), np.uint8)

    def _squeezed(self, image: Image) -> Image:
        assert self.buckets is not None
        along = 0 if self._standing else 1
        most = self.buckets[-1]
        if image.shape[along] <= most:
            return image
        size_wh = (image.shape[1], most) if self._standing else (most, image.shape[0])
        return np.asarray(cv2.resize(image, size_wh, interpolation=cv2.INTER_AREA), np.uint8)


def _stands(config: Config) -> bool:
    """Return whether crops are columns that stay upright."""
    return config.text.direction == "ttb" and not config.output.rotate_vertical


def _sized(config: Config, size_hw: tuple[int, int]) -> Config:
    """Return the configuration of crops of one size."""
    sound = isinstance(size_hw, (tuple, list)) and [type(side) for side in size_hw] == [int, int]
    if not sound:
        raise UserError(f"size_hw: has to be (height, width), found {size_hw!r}")
    height, width = size_hw
    across, along = (width, height) if _stands(config) else (height, width)
    if across > along:
        what = "columns" if _stands(config) else "lines"
        raise UserError(
            f"size_hw: preset {config.preset} makes {what}, for which ({height}, {width}) lies the wrong way round; "
            f"write ({width}, {height})"
        )
    data = config.model_dump(mode="json")
    data["crop"] |= {"height": across, "width": along}
    return build_config(data, f"size_hw=({height}, {width})")


def _checked(buckets: Sequence[int], config: Config) -> tuple[int, ...]:
    if config.crop.width is not None:
        raise UserError(
            f"buckets: all crops are {config.crop.width} pixels long here; leave size_hw and crop.width out, or buckets"
        )
    sound = all(isinstance(bucket, int) and bucket > 0 for bucket in buckets)
    if not buckets or not sound or list(buckets) != sorted(set(buckets)):
        raise UserError(f"buckets: has to be lengths in pixels in ascending order, found {list(buckets)!r}")
    return tuple(buckets)
