"""Batches without end: no epochs, no length, the same ones for any number of workers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

from torch import distributed
from torch.utils.data import IterableDataset, get_worker_info

from synthtext.errors import UserError
from synthtext.online.epochs import EpochDataset
from synthtext.online.recognition import RecognitionDataset
from synthtext.online.widths import by_length

_Item = TypeVar("_Item")
_Items = TypeVar("_Items")


class Stream(IterableDataset[_Items], Generic[_Item, _Items]):
    """Batch after batch of a dataset's samples, each sample once; give it to `DataLoader(stream, batch_size=None)`.

    Batch n of rank r of w holds the samples `(n * w + r) * batch_size` and those that follow, whatever the number of
    workers, and DataLoader hands batches over in this order. With a `window`, so many batches of crops are made
    together and sorted by length; the batches are the same for any number of workers, their order is not.

    Args:
        dataset: what is made; its size and epoch do not matter.
        batch_size: samples in a batch.
        window: batches that are sorted by length together, for crops with natural lengths.
        start: the first batch, to go on after a break.
        rank, world: of a distributed training; None for what torch.distributed says, if it is in use.

    Raises:
        UserError: a number makes no sense.
    """

    def __init__(
        self,
        dataset: EpochDataset[_Item, _Items],
        batch_size: int,
        *,
        window: int = 1,
        start: int = 0,
        rank: int | None = None,
        world: int | None = None,
    ) -> None:
        used = distributed.is_available() and distributed.is_initialized()
        self._rank = (distributed.get_rank() if used else 0) if rank is None else rank
        self._world = (distributed.get_world_size() if used else 1) if world is None else world
        if min(batch_size, window) < 1 or start < 0:
            raise UserError(
                f"Stream: batch_size ({batch_size}) and window ({window}) have to be at least 1, start ({start}) 0"
            )
        if not 0 <= self._rank < self._world:
            raise UserError(f"Stream: rank ({self._rank}) has to be at least 0 and below world ({self._world})")
        if window > 1 and not (isinstance(dataset, RecognitionDataset) and not dataset.is_fixed):
            raise UserError("Stream: a window sorts crops by their length, and all have one size here; leave it out")
        self.dataset = dataset
        self._batch_size = batch_size
        self._window = window
        self._start = start

    def __iter__(self) -> Iterator[_Items]:
        """Yield this worker's batches."""
        worker = get_worker_info()
        number, step = (worker.id, worker.num_workers) if worker else (0, 1)
        first, skipped = divmod(self._start, self._window)
        at = first + number
        while True:
            batches = self._made(at)
            yield from batches[skipped if at == first else 0 :]
            at += step

    def _made(self, at: int) -> list[_Items]:
        """Return the batches of a window of this rank."""
        size = self._batch_size * self._window
        place = (at * self._world + self._rank) * size
        items = self.dataset.items(range(place, place + size))
        if self._window == 1:
            return [self.dataset.collate(items)]
        lengths = [item.extent for item in items]  # type: ignore[attr-defined]
        return [self.dataset.collate(batch) for batch in by_length(items, lengths, self._batch_size)]
