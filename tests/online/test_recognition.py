"""Crops for recognisers: the corridor's own pixels, the same for any workers, new ones in every epoch."""

from __future__ import annotations

import pickle
import random
from typing import Any

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, DistributedSampler, Subset

from synthtext.api import load_config, open_assets
from synthtext.config import Config
from synthtext.errors import Exhausted, RunError, UserError
from synthtext.online import CropBatch, RecognitionDataset, WidthBatchSampler
from synthtext.pipeline import Batch, sample

EN = load_config("rec-en-word")
SIZE = 24


@pytest.fixture(scope="module")
def fixed() -> RecognitionDataset:
    return RecognitionDataset(EN, SIZE, seed=3, size_hw=(32, 128))


@pytest.fixture(scope="module")
def natural() -> RecognitionDataset:
    return RecognitionDataset("rec-en", SIZE, seed=3)


def digest(batch: Any) -> list[Any]:
    kinds = {torch.Tensor: torch.Tensor.tolist, tuple: list}
    return [kinds.get(type(part), lambda same: same)(part) for part in batch]


def read(dataset: RecognitionDataset, **options: Any) -> list[Any]:
    """All batches of an epoch, as plain lists."""
    loader = DataLoader(dataset, batch_size=8, collate_fn=dataset.collate, timeout=60 * bool(options), **options)
    return [digest(batch) for batch in loader]


@pytest.fixture(scope="module")
def alone(fixed: RecognitionDataset) -> list[Any]:
    fixed.set_epoch(0)
    return read(fixed)


def test_getitem__holds_the_corridors_pixels_and_text(fixed: RecognitionDataset) -> None:
    config = fixed.config
    made = sample(3, 5, config, open_assets(config, 3))
    crop = fixed[5]
    assert crop.image.dtype == torch.uint8
    assert crop.image.shape == (3, 32, 128)
    np.testing.assert_array_equal(crop.image.numpy().transpose(1, 2, 0), made.image)
    assert crop.text == made.text
    assert crop.target.shape == (EN.text.length.max,)
    assert fixed.classes.text(crop.target[: crop.length].tolist()) == made.text
    assert not crop.target[crop.length :].any()
    assert (crop.length, crop.extent) == (len(made.text), 128)


def test_getitems__any_order_gives_the_same_as_one_by_one(fixed: RecognitionDataset) -> None:
    order = random.Random(0).sample(range(SIZE), SIZE)
    batch = fixed.__getitems__(order)
    for place, crop in zip(order, batch, strict=True):
        assert digest(crop) == digest(fixed[place])


def test_getitems__numbers_of_other_kinds(fixed: RecognitionDataset) -> None:
    (crop,) = fixed.__getitems__([torch.tensor(4)])  # type: ignore[list-item]
    assert crop.text == fixed[np.int64(4)].text == fixed[4].text  # type: ignore[call-overload]


@pytest.mark.parametrize("index", [-1, SIZE, 10**12, "3", 1.0, None])
def test_getitem__bad_index(fixed: RecognitionDataset, index: Any) -> None:
    with pytest.raises(IndexError, match=rf"^index '?{index}'? is not (in this dataset; an epoch has 24|a whole)"):
        fixed[index]


@pytest.mark.parametrize(("workers", "method"), [(1, "fork"), (2, "fork"), (2, "spawn")])
def test_loader__same_batches_for_any_workers(
    fixed: RecognitionDataset, alone: list[Any], workers: int, method: str
) -> None:
    assert len(fixed[0].text)  # OpenCV has been used in this process: forked workers must not wait for its threads
    assert read(fixed, num_workers=workers, multiprocessing_context=method) == alone


def test_loader__stacks_crops_of_one_size_by_itself(fixed: RecognitionDataset) -> None:
    batch = next(iter(DataLoader(fixed, batch_size=6)))
    mine = fixed.collate(fixed.__getitems__(range(6)))
    assert isinstance(mine, CropBatch)
    assert digest(batch) == digest(mine)


def test_set_epoch__gives_new_samples_and_the_old_ones_again(fixed: RecognitionDataset, alone: list[Any]) -> None:
    fixed.set_epoch(1)
    second = read(fixed)
    wide = RecognitionDataset(EN, 2 * SIZE, seed=3, size_hw=(32, 128))
    assert second == read(wide)[SIZE // 8 :]  # epochs follow each other in one row of samples
    images = [image for batch in (*alone, *second) for image in batch[0]]
    assert len({str(image) for image in images}) == 2 * SIZE
    fixed.set_epoch(0)
    assert read(fixed) == alone


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_set_epoch__workers_that_live_on_hear_of_it(method: str) -> None:
    dataset = RecognitionDataset(EN, 8, size_hw=(32, 128))
    loader = DataLoader(
        dataset, batch_size=4, num_workers=1, persistent_workers=True, multiprocessing_context=method, timeout=60
    )
    seen = []
    for epoch in (0, 1, 0):
        dataset.set_epoch(epoch)
        seen.append([digest(batch) for batch in loader])
    assert seen[0] == seen[2] != seen[1]


@pytest.mark.parametrize("epoch", [-1, 1.5, None, 2**61])
def test_set_epoch__bad_epoch(fixed: RecognitionDataset, epoch: Any) -> None:
    with pytest.raises(UserError, match=r"^epoch: has to be a whole number from 0 to [\d,]+, found"):
        fixed.set_epoch(epoch)


@pytest.mark.parametrize("shuffle", [False, True])
def test_distributed_sampler__ranks_share_an_epoch(fixed: RecognitionDataset, shuffle: bool) -> None:
    def texts(rank: int) -> list[str]:
        sampler: DistributedSampler[Any] = DistributedSampler(fixed, num_replicas=3, rank=rank, shuffle=shuffle)
        loader = DataLoader(fixed, batch_size=4, sampler=sampler)
        return [str(image) for batch in loader for image in batch.image.tolist()]

    ranks = [texts(rank) for rank in range(3)]
    together = [image for rank in ranks for image in rank]
    assert len(set(together)) == len(together) == SIZE
    assert set(together) == {str(crop.image.tolist()) for crop in fixed.__getitems__(range(SIZE))}


def test_subset__is_made_in_batches_too(fixed: RecognitionDataset) -> None:
    part = Subset(fixed, [7, 2])
    assert [crop.text for crop in part.__getitems__([0, 1])] == [fixed[7].text, fixed[2].text]


def test_seed__gives_other_samples() -> None:
    texts = [[crop.text for crop in RecognitionDataset(EN, 20, seed=seed).__getitems__(range(20))] for seed in (0, 1)]
    assert len(set(texts[0]) & set(texts[1])) < 3


def test_pickle__is_a_small_recipe(fixed: RecognitionDataset) -> None:
    data = pickle.dumps(fixed)
    assert len(data) < 100_000
    assert digest(pickle.loads(data)[9]) == digest(fixed[9])  # noqa: S301 - written a line above


def test_collate__pads_natural_lengths(natural: RecognitionDataset) -> None:
    crops = natural.__getitems__(range(8))
    batch = natural.collate(crops)
    assert batch.image.shape == (8, 3, 48, max(crop.extent for crop in crops))
    assert len(set(batch.extent.tolist())) > 4
    for image, crop in zip(batch.image, crops, strict=True):
        assert torch.equal(image[:, :, : crop.extent], crop.image)
        assert not image[:, :, crop.extent :].any()


@pytest.mark.parametrize(("pad", "value"), [("white", 255), ("gray", 127), ("edge", None)])
def test_collate__pads_as_the_configuration_says(pad: str, value: int | None) -> None:
    dataset = RecognitionDataset(load_config("rec-en", sets=[f"crop.pad={pad}"]), 4)
    crops = dataset.__getitems__(range(4))
    batch = dataset.collate(crops)
    shortest = min(range(4), key=lambda place: crops[place].extent)
    extent = crops[shortest].extent
    padding = batch.image[shortest, :, :, extent:]
    wanted = crops[shortest].image[:, :, -1:] if value is None else torch.tensor(value, dtype=torch.uint8)
    assert padding.shape[2] > 0
    assert torch.equal(padding, wanted.expand_as(padding))


def test_buckets__few_lengths_and_what_is_longer_is_squeezed() -> None:
    dataset = RecognitionDataset("rec-en", 40, buckets=(100, 200, 320))
    free = RecognitionDataset("rec-en", 40)
    crops, whole = dataset.__getitems__(range(40)), free.__getitems__(range(40))
    assert any(crop.extent > 320 for crop in whole)
    assert [crop.extent for crop in crops] == [min(320, crop.extent) for crop in whole]
    for crop in crops:
        width = dataset.collate([crop]).image.shape[3]
        assert width == next(bucket for bucket in (100, 200, 320) if bucket >= crop.extent)


def test_columns__stand_upright_or_lie_down() -> None:
    standing = RecognitionDataset("rec-vertical", 4, size_hw=(512, 32))
    assert standing.collate(standing.__getitems__(range(4))).image.shape == (4, 3, 512, 32)
    config = load_config("rec-vertical", sets=["output.rotate_vertical=true"])
    lying = RecognitionDataset(config, 4, size_hw=(32, 512))
    crop, upright = lying[1], standing[1]
    assert torch.equal(crop.image, torch.rot90(upright.image, 1, (1, 2)))
    assert crop.extent == 512
    free = RecognitionDataset(
        load_config("rec-vertical", sets=["output.rotate_vertical=true", "text.length.min=1"]), 60
    )
    batch = free.collate(free.__getitems__(range(60)))
    assert batch.image.shape[2] == 48
    natural = RecognitionDataset("rec-vertical", 6)
    batch = natural.collate(natural.__getitems__(range(6)))
    assert batch.image.shape[2:] == (int(batch.extent.max()), 48)


def test_gray__has_one_channel() -> None:
    dataset = RecognitionDataset(load_config("rec-en-word", sets=["crop.color=gray"]), 3, size_hw=(32, 100))
    assert dataset.collate(dataset.__getitems__(range(3))).image.shape == (3, 1, 32, 100)


def test_right_to_left__targets_run_as_the_text_stands() -> None:
    dataset = RecognitionDataset("rec-ar", 30)
    turned = 0
    for crop in dataset.__getitems__(range(30)):
        written = dataset.classes.text(crop.target.tolist())
        assert sorted(written) == sorted(crop.text)
        turned += written == crop.text[::-1]
    assert turned > 5  # those without digits or Latin words


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"size": 0}, r"size: an epoch needs at least 1 sample, found 0"),
        ({"size": 2.5}, r"size: an epoch needs at least 1 sample, found 2.5"),
        ({"seed": -1}, r"seed: has to be a whole number from 0 on, found -1"),
        ({"config": "scene"}, r"preset scene makes pages with many lines; RecognitionDataset needs .* rec-zh"),
        ({"config": "rec-zn"}, r"preset 'rec-zn' does not exist; did you mean 'rec-zh'\?"),
        ({"size_hw": (512, 32)}, r"size_hw: preset rec-en-word makes lines, .* write \(32, 512\)"),
        ({"config": "rec-vertical", "size_hw": (32, 512)}, r"makes columns, .* write \(512, 32\)"),
        ({"size_hw": (2, 100)}, r"size_hw=\(2, 100\): crop.height: has to be at least 8, found 2"),
        ({"size_hw": (32,)}, r"size_hw: has to be \(height, width\), found \(32,\)"),
        ({"size_hw": 32}, r"size_hw: has to be \(height, width\), found 32"),
        ({"size_hw": (32, "a")}, r"size_hw: has to be \(height, width\), found \(32, 'a'\)"),
        ({"buckets": ()}, r"buckets: has to be lengths in pixels in ascending order, found \[\]"),
        ({"buckets": (200, 100)}, r"buckets: has to be lengths in pixels in ascending order"),
        ({"buckets": (0, 100)}, r"buckets: has to be lengths"),
        ({"buckets": (100,), "size_hw": (32, 100)}, r"buckets: all crops are 100 pixels long here"),
    ],
)
def test_dataset__bad_input(options: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message):
        RecognitionDataset(**{"config": EN, "size": 4, **options})


def test_gaps__another_sample_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = RecognitionDataset(EN, 8, size_hw=(32, 128))
    whole = [crop.text for crop in dataset.__getitems__(range(8))]
    many = Batch.many

    def leaky(self: Batch, indices: Any) -> list[Any]:
        made = zip(indices, many(self, indices), strict=True)
        return [Exhausted(at, ("no room",)) if at == 5 else one for at, one in made]

    monkeypatch.setattr(Batch, "many", leaky)
    texts = [crop.text for crop in dataset.__getitems__(range(8))]
    assert [place for place in range(8) if texts[place] != whole[place]] == [5]
    assert dataset[5].text == texts[5]


def test_gaps__a_configuration_that_leaves_no_room_is_an_error() -> None:
    config = load_config("rec-en-word", sets=["crop.most=16", "crop.height=48", "text.length.min=9"])
    with pytest.raises(RunError, match=r"^sample 0: refused 12 times \(too long for a crop\), and so were 3 samples"):
        RecognitionDataset(config, 4)[0]


def test_width_batch_sampler__every_index_once_and_less_padding(natural: RecognitionDataset) -> None:
    sampler = WidthBatchSampler(natural, 5, window=2)
    batches = list(sampler)
    assert len(batches) == len(sampler) == 5
    assert sorted(index for batch in batches for index in batch) == list(range(SIZE))
    assert batches == list(sampler)

    def padding(groups: list[list[int]]) -> int:
        extents = [[natural[index].extent for index in group] for group in groups]
        return sum(max(group) - extent for group in extents for extent in group)

    assert padding(batches) < 0.6 * padding([list(range(at, min(SIZE, at + 5))) for at in range(0, SIZE, 5)])
    loader = DataLoader(natural, batch_sampler=sampler, collate_fn=natural.collate)
    assert sum(len(batch.text) for batch in loader) == SIZE


def test_width_batch_sampler__knows_lengths_without_drawing(natural: RecognitionDataset) -> None:
    drawn = [crop.extent for crop in natural.__getitems__(range(SIZE))]
    known = natural.extents(range(SIZE))
    assert sum(a == b for a, b in zip(drawn, known, strict=True)) >= SIZE - 1


def test_width_batch_sampler__ranks_have_equally_many_batches(natural: RecognitionDataset) -> None:
    samplers: list[Any] = [DistributedSampler(natural, num_replicas=2, rank=rank) for rank in range(2)]
    batches = [list(WidthBatchSampler(natural, 5, sampler)) for sampler in samplers]
    assert len(batches[0]) == len(batches[1]) == 3
    assert sorted(index for rank in batches for batch in rank for index in batch) == list(range(SIZE))


def test_width_batch_sampler__bad_input(fixed: RecognitionDataset, natural: RecognitionDataset) -> None:
    with pytest.raises(UserError, match="all crops have one size here"):
        WidthBatchSampler(fixed, 4)
    with pytest.raises(UserError, match=r"batch_size \(0\) and window \(16\) have to be at least 1"):
        WidthBatchSampler(natural, 0)


def test_config__is_the_one_that_was_given() -> None:
    assert isinstance(EN, Config)
    assert RecognitionDataset(EN, 2).config == EN
