"""Random streams depend on (seed, index, attempt, column) and on nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthtext.rng import Streams, permutation, split_parts

_SMALL = st.integers(0, 2**40)


@given(_SMALL, _SMALL)
def test_streams__repeat_whatever_came_between(seed: int, index: int) -> None:
    first = Streams(seed, index).column("paint").units(8)
    Streams(seed + 1, index + 1).column("write").units(200)
    assert Streams(seed, index).column("paint").units(8) == first


def test_column__is_not_moved_by_another_column() -> None:
    plain = Streams(3, 5)
    busy = Streams(3, 5)
    busy.column("write").units(500)
    assert plain.column("place").units(10) == busy.column("place").units(10)


def test_streams__differ_by_seed_index_attempt_and_child() -> None:
    made = [Streams(*key).column("write").unit() for key in [(0, 0), (1, 0), (0, 1), (0, 0, 1), (0, 0, 0, 1)]]
    assert len(set(made)) == len(made)


def test_draws__go_on_beyond_their_column_without_repeating() -> None:
    units = Streams(0, 0).column("encode").units(500)
    assert len(set(units)) == 500
    assert Streams(0, 0).column("encode").units(500) == units


def test_draws__are_uniform() -> None:
    units = np.array([Streams(0, index).column("paint").unit() for index in range(4000)])
    histogram = np.histogram(units, 10, (0, 1))[0]
    assert abs(histogram - 400).max() < 90
    assert units.min() >= 0
    assert units.max() < 1


def test_draws_integer__reaches_both_ends_and_no_further() -> None:
    seen = {Streams(0, index).column("write").integer(2, 4) for index in range(200)}
    assert seen == {2, 3, 4}


def test_effect__refuses_a_slot_that_does_not_exist() -> None:
    with pytest.raises(ValueError, match="slot 96"):
        Streams(0, 0).effect(96)


def test_effect_gates__are_one_for_each_slot_and_no_numbers_of_a_stage() -> None:
    streams = Streams(1, 2)
    gates = streams.effect_gates()
    assert len(set(gates)) == 96
    assert not set(gates) & set(streams.column("spare").units(32))


def test_effect__has_numbers_of_its_own() -> None:
    streams = Streams(1, 2)
    drawn = [streams.effect(slot).units(100) for slot in range(96)]
    assert len({number for numbers in drawn for number in numbers}) == 9600
    assert streams.effect(7).units(100) == drawn[7]


@given(st.integers(1, 300), st.integers(0, 5))
def test_permutation__holds_everything_once(size: int, epoch: int) -> None:
    assert sorted(permutation(9, size, epoch).tolist()) == list(range(size))


@pytest.mark.parametrize("ratio", [(6, 2, 2), (8, 1, 1), (1, 0, 0), (95, 5)])
def test_split_parts__each_block_holds_the_ratio(ratio: tuple[int, ...]) -> None:
    block = sum(ratio)
    parts = split_parts(4, 0, block * 30, ratio).reshape(-1, block)
    for row in parts:
        assert tuple(np.bincount(row, minlength=len(ratio))) == ratio


@given(st.integers(0, 500), st.integers(1, 300))
def test_split_parts__never_moves_with_the_range(start: int, length: int) -> None:
    whole = split_parts(4, 0, 900, (6, 2, 2))
    np.testing.assert_array_equal(split_parts(4, start, start + length, (6, 2, 2)), whole[start : start + length])
