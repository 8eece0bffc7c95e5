"""What map-style datasets share: numbers of samples that are new in every epoch, and batches of them at once."""

from __future__ import annotations

import operator
from abc import abstractmethod
from collections.abc import Sequence
from typing import Generic, TypeVar

import torch
from torch.utils.data import Dataset

from synthtext.config import Config, load_config
from synthtext.errors import UserError
from synthtext.online.source import NUMBERS, Source
from synthtext.values import Sample

_Item = TypeVar("_Item")
_Items = TypeVar("_Items")


class EpochDataset(Dataset[_Item], Generic[_Item, _Items]):
    """`size` samples an epoch, made when they are asked for: in epoch e, item i is sample `e * size + i`.

    So an item depends on nothing but the configuration, the seed, the epoch and its index: not on the number of
    workers, the order, or the batches. DataLoader asks for whole batches at once, which is faster.
    """

    def __init__(self, config: Config, size: int, seed: int, use_cache: bool) -> None:
        if not isinstance(size, int) or not 1 <= size <= NUMBERS:
            raise UserError(f"size: an epoch needs at least 1 sample, found {size!r}")
        if not isinstance(seed, int) or seed < 0:
            raise UserError(f"seed: has to be a whole number from 0 on, found {seed!r}")
        self.source = Source(config, seed, use_cache)
        self._size = size
        # In shared memory: workers that live for many epochs have to hear of a new one.
        self._epoch = torch.zeros(1, dtype=torch.int64).share_memory_()  # type: ignore[no-untyped-call]

    @property
    def config(self) -> Config:
        """What is made, with the size that was asked for."""
        return self.source.config

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the user should know about the assets: characters that no face draws, fonts that are broken."""
        return self.source.warnings

    @property
    def epoch(self) -> int:
        """The epoch whose samples are made now."""
        return int(self._epoch.item())

    def set_epoch(self, epoch: int) -> None:
        """Go to the samples of an epoch, in all workers; call it before each pass, as that of a DistributedSampler.

        Raises:
            UserError: no such epoch.
        """
        last = NUMBERS // self._size - 1
        if not isinstance(epoch, int) or not 0 <= epoch <= last:
            raise UserError(f"epoch: has to be a whole number from 0 to {last:,}, found {epoch!r}")
        self._epoch[0] = epoch

    def __len__(self) -> int:
        """How many samples an epoch has."""
        return self._size

    def __getitem__(self, index: int) -> _Item:
        """Return one item.

        Raises:
            IndexError: there is no such item.
        """
        return self.__getitems__([index])[0]

    def __getitems__(self, indices: Sequence[int]) -> list[_Item]:
        """Return the items of a batch.

        Raises:
            IndexError: there is no such item.
        """
        return self.items(self.numbers(indices))

    def numbers(self, indices: Sequence[int]) -> list[int]:
        """Return which samples the items of this epoch are.

        Raises:
            IndexError: there is no such item.
        """
        first = self.epoch * self._size
        return [first + self._checked(index) for index in indices]

    def items(self, numbers: Sequence[int]) -> list[_Item]:
        """Return items by the numbers of their samples, whatever the epoch."""
        return [self.item(sample) for sample in self.source.samples(numbers)]

    @abstractmethod
    def item(self, sample: Sample) -> _Item:
        """Return what a model needs of a sample."""

    @abstractmethod
    def collate(self, items: Sequence[_Item]) -> _Items:
        """Return a batch of items: what goes to DataLoader as `collate_fn`."""

    def _checked(self, index: int) -> int:
        try:
            place = operator.index(index)
        except TypeError:
            raise IndexError(f"index {index!r} is not a whole number") from None
        if not 0 <= place < self._size:
            raise IndexError(f"index {place} is not in this dataset; an epoch has {self._size} (0..{self._size - 1})")
        return place


def opened_config(config: Config | str) -> Config:
    """Return the configuration of a preset or YAML file; one that is made already as it is.

    Raises:
        ConfigError: as `load_config`.
    """
    return config if isinstance(config, Config) else load_config(config)
