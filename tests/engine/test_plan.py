from __future__ import annotations

import numpy as np
import pytest

from synthtext.engine.plan import Plan, parse_split
from synthtext.errors import UserError


@pytest.mark.parametrize(
    ("count", "size", "expected"),
    [
        (1, 10, [range(1)]),
        (10, 10, [range(10)]),
        (11, 10, [range(10), range(10, 11)]),
        (25, 10, [range(10), range(10, 20), range(20, 25)]),
    ],
)
def test_indices__every_sample_is_in_one_shard(count: int, size: int, expected: list[range]) -> None:
    plan = Plan(0, count, size, (6, 2, 2))

    assert [plan.indices(shard) for shard in range(plan.shards)] == expected
    assert all(plan.shard_of(index) == shard for shard, part in enumerate(expected) for index in part)


def test_parts__raised_count_moves_nothing() -> None:
    small, large = Plan(3, 25, 10, (6, 2, 2)), Plan(3, 999, 10, (6, 2, 2))

    assert np.array_equal(small.parts(2), large.parts(2)[:5])
    assert np.array_equal(small.parts(1), large.parts(1))


def test_parts__each_block_of_ten_has_the_ratio() -> None:
    parts = Plan(0, 1000, 1000, (6, 2, 2)).parts(0).reshape(-1, 10)

    assert all(np.bincount(block, minlength=3).tolist() == [6, 2, 2] for block in parts)


def test_parts__zero_ratio_gives_none() -> None:
    assert set(Plan(0, 100, 100, (1, 0, 0)).parts(0).tolist()) == {0}


@pytest.mark.parametrize(
    "values",
    [
        (-1, 1, 1, (1,)),
        (0, 0, 1, (1,)),
        (0, 1, 0, (1,)),
        (0, 1, 10_001, (1,)),
        (0, 1, 1, ()),
        (0, 1, 1, (0, 0, 0)),
    ],
)
def test_plan__senseless_numbers_are_the_users_error(values: tuple[int, int, int, tuple[int, ...]]) -> None:
    with pytest.raises(UserError):
        Plan(*values)


@pytest.mark.parametrize(
    ("text", "expected"), [("6:2:2", (6, 2, 2)), ("1", (1,)), ("9:1", (9, 1)), ("1:0:0", (1, 0, 0))]
)
def test_parse_split__ratios(text: str, expected: tuple[int, ...]) -> None:
    assert parse_split(text) == expected


@pytest.mark.parametrize("text", ["", "a:b", "6:2:2:1", "6:-2:2", "0.6:0.2:0.2", "6,2,2"])
def test_parse_split__refuses(text: str) -> None:
    with pytest.raises(UserError, match="6:2:2"):
        parse_split(text)
