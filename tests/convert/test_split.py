from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthtext.convert.split import Splitter, default_group, group_by
from synthtext.labels.picture import Picture


def picture(path: str, **extra: object) -> Picture:
    return Picture(path, "", b"", "here", extra=extra)


def parts(splitter: Splitter, paths: list[str]) -> list[str]:
    return [splitter.part(picture(path)) for path in paths]


@pytest.mark.parametrize(
    ("ratio", "count", "expected"),
    [
        ((6, 2, 2), 10, (6, 2, 2)),
        ((6, 2, 2), 1_000, (600, 200, 200)),
        ((70, 20, 10), 50, (35, 10, 5)),
        ((98, 1, 1), 100, (98, 1, 1)),
        ((9, 1), 10, (9, 1, 0)),
        ((1, 0, 0), 7, (7, 0, 0)),
        ((3, 3, 3), 12, (4, 4, 4)),
    ],
)
def test_splitter__any_ratio_of_any_sum(ratio: tuple[int, ...], count: int, expected: tuple[int, ...]) -> None:
    found = Counter(parts(Splitter(ratio, 0, default_group), [f"{number}.jpg" for number in range(count)]))

    assert tuple(found[part] for part in ("train", "val", "test")) == expected


@given(sizes=st.lists(st.integers(1, 5), min_size=40, max_size=80), seed=st.integers(0, 9))
def test_splitter__groups_stay_together_and_the_ratio_is_near(sizes: list[int], seed: int) -> None:
    names = [(group, number) for group, size in enumerate(sizes) for number in range(size)]
    pictures = [picture(f"{group}_{number}.jpg", clip=group) for group, number in names]
    splitter = Splitter((6, 2, 2), seed, default_group)

    found = [splitter.part(one) for one in pictures]

    by_group: dict[object, set[str]] = {}
    for one, part in zip(pictures, found, strict=True):
        by_group.setdefault(one.extra["clip"], set()).add(part)
    assert all(len(these) == 1 for these in by_group.values())
    counts = Counter(found)
    for part, share in (("train", 0.6), ("val", 0.2), ("test", 0.2)):
        assert abs(counts[part] - share * len(found)) <= 12


def test_splitter__same_seed_same_split_another_seed_another() -> None:
    paths = [f"{number}.jpg" for number in range(200)]

    once, again, other = (parts(Splitter((6, 2, 2), seed, default_group), paths) for seed in (3, 3, 4))

    assert once == again
    assert once != other


def test_splitter__is_no_pattern_of_the_order() -> None:
    found = parts(Splitter((1, 1), 0, default_group), [f"{number}.jpg" for number in range(400)])

    runs = sum(one != other for one, other in pairwise(found))
    assert 150 < runs < 300  # 399 when they take turns


def test_splitter__many_groups_take_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("synthtext.convert.split._MOST_KNOWN", 100)
    paths = [f"{number}.jpg" for number in range(2_000)]
    splitter = Splitter((6, 2, 2), 0, default_group)

    found = parts(splitter, [*paths, *paths])

    assert found[:2_000] == found[2_000:]
    counts = Counter(found[:2_000])
    assert abs(counts["train"] - 1_200) < 80
    assert abs(counts["val"] - 400) < 60


def test_default_group__crops_of_one_page() -> None:
    crops = [Picture(f"a/page_{number:03d}.jpg", "", b"", "here", text="x") for number in range(3)]
    label = [Picture(f"a/page_crop_{number}.jpg", "", b"", "here", text="x") for number in range(3)]

    assert {default_group(crop) for crop in [*crops, *label]} == {"a/page"}


def test_group_by__what_the_pattern_finds() -> None:
    group = group_by(re.compile(r"(clip\d+)_"))

    assert group(picture("x/clip12_0001.jpg")) == group(picture("y/clip12_0777.png"))
    assert group(picture("clip13_1.jpg")) != group(picture("clip12_1.jpg"))
    assert group(picture("other.jpg")) == default_group(picture("other.jpg"))
