from __future__ import annotations

import math
from pathlib import Path

import pytest

from annotate.mine.hardness import Signs, hardness, line_signs
from annotate.mine.training import count_chars
from annotate.records import Reading, Region
from annotate.watch import WatchList
from synthtext.errors import UserError

SQUARE = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))


def _line(*readings: Reading, origin: str = "reader:a") -> Region:
    return Region("r", "quad", SQUARE, readings[0].text if readings else "", origin=origin, readings=readings)


A = Reading("a", "春风", 0.9, (0.95, 0.3))
SIGNS = Signs(chars={"春": 400, "风": 25}, wanted=100, watch=WatchList(("春风得意",)))


@pytest.mark.parametrize(
    ("line", "readers", "expected"),
    [
        (_line(Reading("a", "春", 1.0)), {"a"}, {"low_score": 0.0, "rare_char": 0.0}),
        (_line(A), {"a"}, {"low_score": 0.1, "lowest_char": 0.7, "rare_char": 0.75}),
        (_line(A, Reading("b", "春凤", 0.8)), {"a", "b"}, {"low_score": 0.1, "readers_differ": 0.5}),
        (_line(A, Reading("b", "春风", 0.8)), {"a", "b"}, {"readers_differ": 0.0}),
        (_line(A), {"a", "b"}, {"one_detector": 0.5}),
        (_line(A, origin="person:ann"), {"a", "b"}, {}),
        (_line(Reading("a", "春风得衣", 0.99)), {"a"}, {"near_miss": 1.0, "rare_char": 1.0}),
    ],
)
def test_line_signs__by_hand(line: Region, readers: set[str], expected: dict[str, float]) -> None:
    found = line_signs(line, readers, SIGNS)
    assert {sign: found[sign][0] for sign in expected} == pytest.approx(expected)
    assert all(why for _, why in found.values())
    assert ("one_detector" in found) == ("one_detector" in expected)


def test_hardness__is_the_mean_of_the_three_hardest_lines_and_explained() -> None:
    lines = [_line(Reading("a", "x", score)) for score in (1.0, 0.5, 0.9, 0.2, 0.7)]
    found = hardness(lines, {"a"}, Signs())
    assert found.score == pytest.approx((0.8 + 0.5 + 0.3) / 3 + 0.05 * math.log(6), abs=1e-3)
    assert found.parts["lines"] == 5
    assert found.parts["low_score"] == {"value": 0.8, "why": "'x' read with 0.20", "region": "r"}


def test_hardness__of_nothing_that_was_read_is_none() -> None:
    ignored = Region("r", "quad", SQUARE, ignore=True, readings=(Reading("a", "x", 0.1),))
    assert hardness([], {"a"}, Signs()).score == 0
    assert hardness([_line(), ignored], {"a"}, Signs()).parts == {}


def test_count_chars__reads_labels_folders_and_counts(tmp_path: Path) -> None:
    (tmp_path / "rec").mkdir()
    (tmp_path / "rec" / "train.txt").write_text("images/1.jpg\t春 风\nimages/2.jpg\t春\n", "utf-8")
    (tmp_path / "plain.txt").write_text("春风\n风\n", "utf-8")
    (tmp_path / "counts.json").write_text('{"春": 7}', "utf-8")
    assert count_chars(tmp_path) == {"春": 2, "风": 1}
    assert count_chars(tmp_path / "plain.txt") == {"春": 1, "风": 2}
    assert count_chars(tmp_path / "counts.json") == {"春": 7}
    (tmp_path / "empty.txt").touch()
    (tmp_path / "list.json").write_text("[]")
    for name, said in (
        ("empty.txt", "no text in it"),
        ("list.json", "expected an object"),
        ("none", "no list of labels"),
    ):
        with pytest.raises(UserError, match=said):
            count_chars(tmp_path / name)
