from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import update
from stored_pictures import fill

from annotate.records import Clip, Pick, Twin
from annotate.store import batches, clips, sources, twins
from annotate.store.database import Database
from annotate.store.schema import ImageRow
from synthtext.errors import UserError


def test_batches__keep_order_score_and_why(db: Database) -> None:
    with db.writing() as session:
        ids = fill(session, "a", "b", "c")
        batch = batches.create(session, "hard ones", "ann", note="mined")
        assert batches.add(session, batch, [Pick(ids[2], 0.9, {"lowest": "春 0.1"}), Pick(ids[0], 0.5)]) == 2
        assert batches.add(session, batch, [Pick(ids[0], 0.1), Pick(ids[1])]) == 1
        with pytest.raises(UserError, match="choose another"):
            batches.create(session, "hard ones", "bob")
    with db.reading() as session:
        items = batches.items(session, batch)
        assert [item.image_id for item in items] == [ids[2], ids[0], ids[1]]
        assert items[0].why == {"lowest": "春 0.1"}
        assert [item.score for item in items] == [0.9, 0.5, None]
        assert batches.items(session, batch, after=items[0].position, limit=1) == [items[1]]
        assert batches.of_image(session, ids[0]) == [(batch, items[1])]


def test_next_todo__passes_over_what_is_done(db: Database) -> None:
    with db.writing() as session:
        ids = fill(session, "a", "b", "c")
        batch = batches.create(session, "one", "ann")
        batches.add(session, batch, [Pick(image_id) for image_id in ids])
        session.execute(update(ImageRow).where(ImageRow.id == ids[0]).values(status="confirmed"))
        first = batches.next_todo(session, batch)
        assert first is not None
        assert first.image_id == ids[1]
        second = batches.next_todo(session, batch, after=first.position)
        assert second is not None
        assert batches.next_todo(session, batch, after=second.position) is None
        found = batches.find(session, "one")
        assert found is not None
        assert (found.size, found.done) == (3, 1)
        assert batches.all_of(session) == [found]
        assert batches.find(session, "two") is None


def test_twins__are_linked_once_and_found_from_both_ends(db: Database) -> None:
    with db.writing() as session:
        ids = fill(session, "a", "b", "c")
        links = [
            Twin(ids[1], ids[0], "phash", 0.95),
            Twin(ids[2], ids[0], "clip", 0.99),
            Twin(ids[0], ids[0], "clip", 1),
        ]
        assert twins.link(session, links) == 2
        assert twins.link(session, links) == 0
        assert [t.similarity for t in twins.of_image(session, ids[0])] == [0.99, 0.95]
        assert [t.other_id for t in twins.of_image(session, ids[1])] == [ids[0]]
        assert twins.later_ones(session, ids) == {ids[1], ids[2]}
        assert twins.count(session) == {"phash": 1, "clip": 1}
        first = twins.page(session, limit=1)
        rest = twins.page(session, after=(first[0].image_id, first[0].other_id))
        assert len(first + rest) == 2


def test_clips__are_paged_from_the_latest(db: Database) -> None:
    with db.writing() as session:
        source = sources.put(session, "video", "/clips/a.mp4")
        for n in range(5):
            clip = Clip(
                f"{n}", f"{n}.mp4", f"/clips/{n}.mp4", source, datetime(2026, 1, 1 + n // 2, tzinfo=UTC), 1, 25, 2, 2, 9
            )
            assert clips.add(session, clip)
            assert not clips.add(session, clip)
        fill(session, "x", "y", clip_id="3")
        assert not clips.put(session, replace(clips.get(session, "3"), complete=True, mode="2 fps"))
        assert clips.in_mode(session, ["2", "3"], "2 fps") == {"3"}
        walked = [c.id for c in clips.page(session, limit=2)]
        walked += [c.id for c in clips.page(session, before=walked[-1])]
        assert walked == ["4", "3", "2", "1", "0"]
        assert clips.get(session, "3").kept_count == 2
        assert clips.get(session, "3").complete
        assert clips.find(session, "none") is None
