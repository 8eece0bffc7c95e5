"""Batches of crops of about the same length, so that little of a batch is padding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TypeVar

import numpy as np
from torch.utils.data import Sampler, SequentialSampler

from synthtext.errors import UserError
from synthtext.online.recognition import RecognitionDataset
from synthtext.rng import permutation

_T = TypeVar("_T")
_PURPOSE = 7


class WidthBatchSampler(Sampler[list[int]]):
    """Puts indices whose crops will be about equally long into one batch.

    Within a window of so many batches they are sorted by length, cut, and the batches shuffled. How many batches
    there are depends on the number of indices alone, so that every rank of a distributed training has as many. The
    lengths are found in this process, at a sixth of the work of making the crops.

    Args:
        dataset: of crops with natural lengths.
        batch_size: of all but the last, which may have fewer.
        sampler: gives the indices, such as a DistributedSampler; None for all in order.
        window: batches that are sorted together.

    Raises:
        UserError: crops have one size, or a number makes no sense.
    """

    def __init__(
        self,
        dataset: RecognitionDataset,
        batch_size: int,
        sampler: Sampler[int] | None = None,
        window: int = 16,
    ) -> None:
        if dataset.is_fixed:
            raise UserError("WidthBatchSampler: all crops have one size here; give batch_size to DataLoader instead")
        if min(batch_size, window) < 1:
            raise UserError(f"WidthBatchSampler: batch_size ({batch_size}) and window ({window}) have to be at least 1")
        self._dataset = dataset
        self._batch_size = batch_size
        self._sampler: Sampler[int] = SequentialSampler(dataset) if sampler is None else sampler
        self._window = window

    def __iter__(self) -> Iterator[list[int]]:
        """Yield batches of indices of the dataset's present epoch."""
        indices = iter(self._sampler)
        number = 0
        while chosen := list(islice(indices, self._batch_size * self._window)):
            batches = by_length(chosen, self._dataset.extents(chosen), self._batch_size)
            for place in permutation(self._dataset.source.seed, len(batches), number, _PURPOSE):
                yield batches[place]
            number += 1

    def __len__(self) -> int:
        """How many batches there are."""
        return -(-len(self._sampler) // self._batch_size)  # type: ignore[arg-type]


def by_length(items: Sequence[_T], lengths: Sequence[int], batch_size: int) -> list[list[_T]]:
    """Return items in batches of about the same length, the shortest first; the last batch may have fewer."""
    order = np.argsort(np.asarray(lengths), kind="stable")
    return [[items[place] for place in order[at : at + batch_size]] for at in range(0, len(order), batch_size)]
