from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from annotate.mine.pick import Candidate, Picked, pick


def _pick(candidates: list[Candidate], count: int, **changes: object) -> list[Picked]:
    asked = {"random_share": 0.0, "per_clip": 100, "rng": np.random.default_rng(0), **changes}
    return pick(candidates, count, **asked)  # type: ignore[arg-type]


def test_pick__takes_the_hardest_of_each_kind() -> None:
    """Ten near copies of the hardest picture are worth less than an easier one that looks different."""
    copies = [Candidate(f"copy{number}", 1.0 - number / 1000, phash="ffffffffffffffff") for number in range(10)]
    other = Candidate("other", 0.4, phash="0000000000000000")
    found = [one.candidate.id for one in _pick([*copies, other], 3)]
    assert found[:2] == ["copy0", "other"]


def test_pick__goes_by_vectors_where_there_are_any() -> None:
    east, north = np.array([1, 0], np.float32), np.array([0, 1], np.float32)
    candidates = [Candidate("a", 1.0), Candidate("b", 0.9), Candidate("c", 0.5)]
    found = _pick(candidates, 3, vectors_of=lambda _: {"a": east, "b": east, "c": north})
    assert [one.candidate.id for one in found] == ["a", "c", "b"]
    assert [one.apart for one in found] == [None, 1.0, 0.0]


def test_pick__caps_a_clip_and_draws_at_random_without_regard_to_scores() -> None:
    rng = np.random.default_rng(3)
    candidates = [
        Candidate(f"{n}", n / 1000, clip_id=f"{n % 50}", phash=f"{rng.integers(2**63):016x}") for n in range(1000)
    ]
    found = _pick(candidates, 100, random_share=0.2, per_clip=2)
    clips = Counter(one.candidate.clip_id for one in found)
    assert len(found) == 100
    assert max(clips.values()) == 2
    at_random = [one.candidate.score for one in found if one.at_random]
    hard = [one.candidate.score for one in found if not one.at_random]
    assert len(at_random) == 20
    assert 0.3 < np.mean(at_random) < 0.7
    assert np.mean(hard) > 0.7
    again = _pick(candidates, 100, random_share=0.2, per_clip=2)
    assert [one.candidate.id for one in again] == [one.candidate.id for one in found]


@given(
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 4)), max_size=40),
    st.integers(1, 50),
    st.floats(0, 1),
    st.integers(1, 5),
)
def test_pick__never_twice_never_too_many(rows: list[tuple[float, int]], count: int, share: float, cap: int) -> None:
    candidates = [Candidate(f"{n}", score, clip_id=f"{clip}") for n, (score, clip) in enumerate(rows)]
    found = _pick(candidates, count, random_share=share, per_clip=cap)
    ids = [one.candidate.id for one in found]
    clips = Counter(one.candidate.clip_id for one in found)
    most = sum(min(cap, number) for number in Counter(f"{clip}" for _, clip in rows).values())
    assert len(set(ids)) == len(ids) == min(count, most)
    assert max(clips.values(), default=0) <= cap
