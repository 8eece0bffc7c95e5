from __future__ import annotations

import pytest

from synthtext.errors import UserError
from synthtext.labels.formats import default_shard_size, disk_need, find_format, parse_formats


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("paddleocr", ("paddleocr",)),
        ("lmdb,paddleocr", ("paddleocr", "lmdb")),
        (" LMDB ", ("lmdb",)),
        (["lmdb", "lmdb"], ("lmdb",)),
    ],
)
def test_parse_formats__order_and_repeats_do_not_matter(names: str | list[str], expected: tuple[str, ...]) -> None:
    assert parse_formats(names) == expected


@pytest.mark.parametrize(
    ("name", "close"), [("paddelocr", "did you mean paddleocr"), ("lmbd", "lmdb"), ("zzz", "there are")]
)
def test_find_format__unknown_name_gets_close_ones(name: str, close: str) -> None:
    with pytest.raises(UserError, match=close):
        find_format(name)


@pytest.mark.parametrize("names", ["", [], "lmdb,"])
def test_parse_formats__refuses_an_empty_name(names: str | list[str]) -> None:
    with pytest.raises(UserError):
        parse_formats(names)


def test_default_shard_size__lmdb_wants_few_large_ones() -> None:
    assert default_shard_size(["paddleocr"]) == 1_000
    assert default_shard_size(["lmdb"]) == default_shard_size(["paddleocr", "lmdb"]) == 10_000


def test_disk_need__grows_with_formats() -> None:
    assert disk_need(["paddleocr"], 1_000, 3_000) < disk_need(["paddleocr", "lmdb"], 1_000, 3_000)
