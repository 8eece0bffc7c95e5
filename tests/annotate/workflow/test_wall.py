"""The wall of crops: every region once, in order; what is settled is what was seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from small_pool import box, put_batch, put_picture

from annotate.workflow import labels
from annotate.workflow.context import Context, open_context
from annotate.workflow.wall import Crop, Mark, settle, wall
from synthtext.errors import UserError

TEXTS = ["b", "中文", "a", "中文", "", "x" * 60, "A", "100%", "é", "a_b"]


@pytest.fixture
def team(tmp_path: Path, db_url: str) -> Iterator[Context]:
    """A workspace on either database with ten regions on two pictures, scores falling."""
    with open_context(
        tmp_path / "team",
        create=True,
        db=db_url,
    ) as opened:
        for picture in range(2):
            image_id = put_picture(opened, f"{picture}.jpg", seed=picture)
            regions = [
                replace(
                    box(f"r{n}", y=20 * n, h=15, text=text), score=None if n == 3 else 0.9 - 0.1 * n - 0.05 * picture
                )
                for n, text in enumerate(TEXTS[5 * picture : 5 * picture + 5])
            ]
            labels.save(replace(opened, who="reader:test"), image_id, 0, regions, action="prelabel")
        yield opened


def _all(context: Context, **asked: object) -> list[Crop]:
    found: list[Crop] = []
    after = None
    for _ in range(99):
        screen = wall(context, after=after, limit=3, **asked)  # type: ignore[arg-type]
        found += screen.crops
        after = screen.next
        if after is None:
            return found
    raise AssertionError("the wall has no end")


def test_wall__lowest_score_first_each_once(team: Context) -> None:
    found = _all(team)
    scores = [2.0 if crop.region.score is None else crop.region.score for crop in found]
    assert scores == sorted(scores)
    assert len({(crop.image_id, crop.region.id) for crop in found}) == len(TEXTS)


def test_wall__equal_texts_together(team: Context) -> None:
    found = [crop.region.text for crop in _all(team, order="text")]
    assert sorted(found) == sorted(TEXTS)
    first = found.index("中文")
    assert found[first : first + 2] == ["中文", "中文"]


def test_wall__filters(team: Context) -> None:
    assert [crop.region.text for crop in _all(team, text="%")] == ["100%"]
    assert [crop.region.text for crop in _all(team, text="_")] == ["a_b"]
    low = _all(team, most_score=0.5)
    assert low
    assert all(crop.region.score is not None and crop.region.score <= 0.5 for crop in low)
    assert _all(team, confirmed=True) == []
    assert _all(team, categories=("filled",)) == []
    first = _all(team)[0].image_id
    batch_id = put_batch(team, "one", [first])
    assert {crop.image_id for crop in _all(team, batch_id=batch_id)} == {first}


def test_settle__confirms_what_was_seen(team: Context) -> None:
    wang = replace(team, who="wang")
    right, wrong, mended, stale = wall(team, limit=4).crops
    marks = [
        Mark(right.image_id, right.region.id, right.region.text),
        Mark(wrong.image_id, wrong.region.id, wrong.region.text, wrong=True),
        Mark(mended.image_id, mended.region.id, mended.region.text, text="new\ttext"),
        Mark(stale.image_id, stale.region.id, "something else"),
        Mark("0" * 64, "r0", ""),
    ]
    changed, left = settle(wang, marks)
    assert changed == 3
    assert set(left) == {marks[3], marks[4]}
    after = {
        (crop.image_id, region.id): region
        for crop in (right, mended)
        for region in labels.open_doc(team, crop.image_id).regions
    }
    assert after[right.image_id, right.region.id].state == "confirmed"
    new = after[mended.image_id, mended.region.id]
    assert (new.text, new.state, new.origin, new.score) == ("new text", "confirmed", "person:wang", None)
    confirmed = {crop.region.id for crop in _all(team, confirmed=True)}
    assert len(confirmed) <= 2
    last = labels.history(team, right.image_id)[-1]
    assert (last.who, last.action) == ("wang", "wall")


@pytest.mark.parametrize(
    "asked", [{"order": "size"}, {"limit": 0}, {"limit": 999}, {"after": "??"}, {"after": "WyJhIiwgImIiLCAiYyJd"}]
)
def test_wall__what_cannot_be(context: Context, asked: dict[str, object]) -> None:
    with pytest.raises(UserError):
        wall(context, **asked)  # type: ignore[arg-type]
