from __future__ import annotations

import pytest

from annotate.watch import NearMiss, WatchList

WORDS = WatchList(("红旗飘扬", "SALE", "ab", "congratulations"))


@pytest.mark.parametrize(
    ("text", "hits", "near"),
    [
        ("", [], []),
        ("ＳＡＬＥ 50%", ["SALE"], []),
        ("今天 红 旗飘扬了", ["红旗飘扬"], []),
        ("红旗飘场", [], [NearMiss("红旗飘扬", "红旗飘场", 1)]),
        ("big saie!", [], [NearMiss("SALE", "saie", 1)]),
        ("congratulatons", [], [NearMiss("congratulations", "congratulatons", 1)]),
        ("congratulatiens!", [], [NearMiss("congratulations", "congratulatiens", 1)]),
        ("ac", [], []),  # everything is near to a word of two characters
        ("绿旗飘荡", [], []),
    ],
)
def test_watch_list__finds_words_and_near_misses(text: str, hits: list[str], near: list[NearMiss]) -> None:
    assert WORDS.hits(text) == hits
    assert WORDS.near_misses(text) == near
