"""Batches without end: equal for any number of workers, and shared by ranks."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, islice
from typing import Any

import pytest
from torch.utils.data import DataLoader

from synthtext.errors import UserError
from synthtext.online import CraftDataset, RecognitionDataset, Stream

WORDS = RecognitionDataset("rec-en-word", 10, size_hw=(32, 128))
LINES = RecognitionDataset("rec-en", 10, buckets=(160, 320))


def joined(batches: Iterable[list[str]]) -> list[str]:
    return list(chain.from_iterable(batches))


def texts(stream: Stream[Any, Any], count: int, **options: Any) -> list[list[str]]:
    loader = DataLoader(stream, batch_size=None, **options)
    return [batch.text for batch in islice(iter(loader), count)]


@pytest.mark.parametrize("workers", [1, 2])
def test_stream__same_batches_in_the_same_order_for_any_workers(workers: int) -> None:
    alone = texts(Stream(WORDS, 4), 7)
    assert texts(Stream(WORDS, 4), 7, num_workers=workers, multiprocessing_context="fork", timeout=60) == alone
    assert joined(alone) == [item.text for item in WORDS.items(range(28))]  # beyond the end of an epoch


def test_stream__ranks_share_the_samples() -> None:
    ranks = [joined(texts(Stream(WORDS, 4, rank=rank, world=2), 3)) for rank in range(2)]
    whole = [item.text for item in WORDS.items(range(24))]
    assert ranks[0] == whole[0:4] + whole[8:12] + whole[16:20]
    assert ranks[1] == whole[4:8] + whole[12:16] + whole[20:24]


@pytest.mark.parametrize("window", [1, 3])
def test_stream__goes_on_where_it_stopped(window: int) -> None:
    whole = texts(Stream(LINES, 4, window=window), 8)
    assert texts(Stream(LINES, 4, window=window, start=4), 4) == whole[4:]


def test_stream__a_window_holds_batches_of_like_length() -> None:
    batches = list(islice(iter(Stream(LINES, 8, window=4)), 4))
    assert [int(batch.extent.max()) for batch in batches] == sorted(int(batch.extent.max()) for batch in batches)
    assert batches[0].image.shape[3] == 160 < batches[3].image.shape[3] == 320
    assert sorted(joined(batch.text for batch in batches)) == sorted(item.text for item in LINES.items(range(32)))
    both = texts(Stream(LINES, 8, window=4), 8, num_workers=2, multiprocessing_context="fork", timeout=60)
    assert sorted(both) == sorted(texts(Stream(LINES, 8, window=4), 8))


def test_stream__of_pages() -> None:
    pages = CraftDataset("scene", 2, size_hw=(256, 320))
    batch = next(iter(DataLoader(Stream(pages, 2), batch_size=None)))
    assert batch.image.shape == (2, 3, 256, 320)
    assert batch.region.shape == (2, 128, 160)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batch_size": 0}, r"batch_size \(0\)"),
        ({"start": -1}, r"start \(-1\)"),
        ({"rank": 2, "world": 2}, r"rank \(2\) has to be at least 0 and below world \(2\)"),
        ({"window": 4}, r"a window sorts crops by their length, and all have one size here"),
    ],
)
def test_stream__bad_input(options: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message):
        Stream(WORDS, **{"batch_size": 4, **options})
