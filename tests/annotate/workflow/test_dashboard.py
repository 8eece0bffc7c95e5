"""The dashboard's figures, against sums that can be checked by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from small_pool import box, put_picture

from annotate.records import Reading
from annotate.store.database import now
from annotate.store.labels import add_readings
from annotate.store.work import add_work
from annotate.workflow import labels, review
from annotate.workflow.context import Context, open_context
from annotate.workflow.dashboard import dashboard
from synthtext.errors import UserError


@pytest.fixture
def team(tmp_path: Path, db_url: str) -> Iterator[Context]:
    """A workspace on either database."""
    with open_context(tmp_path / "team", create=True, db=db_url) as opened:
        yield opened


def test_dashboard__of_an_empty_workspace(team: Context) -> None:
    found = dashboard(team)
    assert (found.pictures, found.days, found.people, found.readers, found.done) == ({}, (), (), (), 0.0)


def test_dashboard__a_day_of_two_people(team: Context) -> None:
    wang, li = replace(team, who="wang"), replace(team, who="li")
    ids = [put_picture(team, f"{n}.jpg") for n in range(4)]
    for image_id in ids[:2]:
        labels.save(wang, image_id, 0, (box("a", text="hello"), box("b", y=90, text="世界")), "confirmed")
    labels.save(li, ids[2], 0, (), "no_text")
    with team.db.writing() as session:
        add_work(session, ids[0], "wang", 4_000, {"key": 3, "drag": 1}, now())
        add_work(session, ids[0], "wang", 1_000, {"key": 1}, now())
        add_work(session, ids[1], "wang", 7_000, {}, now())
        add_work(session, ids[2], "li", 500, {"key": 1}, now() - timedelta(days=60))
        add_readings(
            session,
            ids[0],
            {"a": [Reading("one", "hello", 0.9), Reading("two", "hallo", 0.5)], "b": [Reading("one", "世", 0.4)]},
            now(),
        )
    review.judge(li, ids[0], 1, "confirm")
    review.judge(li, ids[1], 1, "reject", "the second text is wrong")
    review.give_blind(li, ids[0], [box("x", text="hallo"), box("y", x=150, y=150, text="no")])

    found = dashboard(team)
    assert found.pictures == {"todo": 2, "confirmed": 1, "no_text": 1}
    assert found.done == 0.5
    today = now().date().isoformat()
    rows = {row.user: row for row in found.days}
    assert {row.day for row in found.days} == {today}
    assert (rows["wang"].finished, rows["wang"].seen, rows["wang"].active_s, rows["wang"].actions) == (2, 2, 12.0, 5)
    assert (rows["wang"].seconds_each, rows["wang"].actions_each) == (6.0, 2.5)
    assert (rows["li"].finished, rows["li"].active_s) == (1, 0.0)
    (quality,) = found.people
    assert (quality.user, quality.reviewed, quality.sent_back, quality.checked) == ("wang", 2, 1, 1)
    assert quality.box_agreement == pytest.approx(1 / 3)
    assert quality.char_disagreement == pytest.approx(1 / 5)
    one, two = found.readers
    assert (one.reader, one.lines, one.right, one.char_errors) == ("one", 2, 0.5, pytest.approx(1 / 7))
    assert (two.lines, two.right, two.char_errors) == (1, 0.0, pytest.approx(1 / 5))


@pytest.mark.parametrize("days", [0, -3, 10_000])
def test_dashboard__not_a_number_of_days(team: Context, days: int) -> None:
    with pytest.raises(UserError, match="days: 1 to 3650"):
        dashboard(team, days)
