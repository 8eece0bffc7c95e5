"""Two processes that train together: what `torch.distributed` and its sampler give each rank of an epoch."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.distributed as dist
from torch.utils.data import DataLoader, DistributedSampler

from synthtext.api import load_config
from synthtext.online import CraftDataset, RecognitionDataset
from synthtext.online.epochs import EpochDataset

pytestmark = pytest.mark.slow

WORLD, EPOCHS, BATCH = 2, 2, 3
SIZES = {"words": 18, "pages": 4}


def opened(kind: str) -> EpochDataset[Any, Any]:
    if kind == "words":
        return RecognitionDataset("rec-en-word", SIZES[kind], seed=3, size_hw=(32, 128))
    return CraftDataset(load_config("scene", sets=["page.sizes={320x256: 1}"]), SIZES[kind], seed=3, size_hw=(128, 128))


def digest(item: Any) -> str:
    """What an item of a batch or dataset is, to the last bit."""
    parts = [part.numpy().tobytes() if isinstance(part, torch.Tensor) else repr(part).encode() for part in item]
    return hashlib.sha256(b"|".join(parts)).hexdigest()


def indexed(kind: str) -> Any:
    """A dataset whose items know their index."""

    class Indexed(torch.utils.data.Dataset[Any]):
        def __init__(self) -> None:
            self.inner = opened(kind)

        def __len__(self) -> int:
            return len(self.inner)

        def __getitems__(self, indices: list[int]) -> list[tuple[int, str]]:
            return [(i, digest(item)) for i, item in zip(indices, self.inner.__getitems__(indices), strict=True)]

    return Indexed()


def be_a_rank(kind: str, meeting: str, rank: int, workers: int) -> None:
    """Go through some epochs as one of the ranks, gather what all were given, and let the first one print it."""
    dist.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=WORLD)
    dataset = indexed(kind)
    sampler: DistributedSampler[Any] = DistributedSampler(dataset)  # asks the group for rank and world
    loader = DataLoader(
        dataset, batch_size=BATCH, sampler=sampler, num_workers=workers, collate_fn=list,
        multiprocessing_context="fork" if workers else None,
    )  # fmt: skip
    for epoch in range(EPOCHS):
        dataset.inner.set_epoch(epoch)
        sampler.set_epoch(epoch)
        given = [item for batch in loader for item in batch]
        gathered: list[Any] = [None] * WORLD
        dist.all_gather_object(gathered, given)
        if rank == 0:
            sys.stdout.write(json.dumps(gathered) + "\n")
    dist.destroy_process_group()


@pytest.mark.parametrize(("kind", "workers"), [("words", 2), ("pages", 0)])
def test_two_ranks__share_each_epoch_and_its_samples(tmp_path: Path, kind: str, workers: int) -> None:
    ranks = [
        subprocess.Popen(
            [sys.executable, __file__, kind, str(tmp_path / "meeting"), str(rank), str(workers)],
            stdout=subprocess.PIPE, env={**os.environ, "GLOO_SOCKET_IFNAME": "lo"},
        )
        for rank in range(WORLD)
    ]  # fmt: skip
    try:
        said = [rank.communicate(timeout=240)[0].decode() for rank in ranks]
    finally:
        for rank in ranks:
            rank.kill()
    assert [rank.returncode for rank in ranks] == [0, 0]
    epochs = [json.loads(line) for line in said[0].splitlines()]
    assert len(epochs) == EPOCHS

    alone = opened(kind)
    orders, seen = [], set()
    for epoch, given in enumerate(epochs):
        alone.set_epoch(epoch)
        size = SIZES[kind]
        wanted = [digest(item) for item in alone.__getitems__(range(size))]
        assert [len(of_rank) for of_rank in given] == [size // WORLD] * WORLD
        together = {index: what for of_rank in given for index, what in of_rank}
        assert sorted(index for of_rank in given for index, _ in of_rank) == list(range(size))  # each index once
        assert [together[index] for index in range(size)] == wanted  # what one process makes, to the bit
        orders.append([[index for index, _ in of_rank] for of_rank in given])
        seen |= set(wanted)
    assert orders[0] != orders[1]
    assert len(seen) == EPOCHS * SIZES[kind]  # nothing comes again in another epoch


if __name__ == "__main__":
    be_a_rank(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
