from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import update
from stored_pictures import fill, picture

from annotate.errors import NotFound
from annotate.records import Filter, Pick
from annotate.store import batches, images, sources, tallies
from annotate.store.database import Database
from annotate.store.schema import ImageRow


def test_add__twice_changes_nothing(db: Database) -> None:
    with db.writing() as session:
        source = sources.put(session, "folder", "/photos")
        first = images.add(session, [picture("a", source), picture("b", source)])
    with db.writing() as session:
        again = images.add(session, [picture("b", source, width=1), picture("c", source)])
        assert sources.put(session, "folder", "/photos") == source
    with db.reading() as session:
        found = images.page(session, Filter()).pictures
    assert len(first) == 2
    assert again == {picture("c", source).id}
    assert [p.name for p in found] == ["a", "b", "c"]
    assert [p.width for p in found] == [64, 64, 64]


def test_add__by_two_at_once_in_opposite_orders(db: Database) -> None:
    names = [f"{n}" for n in range(150)]
    with db.writing() as session:
        sources.put(session, "folder", "/photos")  # else whoever makes it holds the other up
    faults: list[Exception] = []

    def adding(order: list[str]) -> None:
        try:
            for _ in range(2):
                with db.writing() as session:
                    for name in order:
                        fill(session, name)
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=adding, args=(order,)) for order in (names, names[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with db.reading() as session:
        assert images.count(session, Filter()) == 150
        assert tallies.by_status(session) == {"todo": 150}


def test_get__gives_back_what_was_added(db: Database) -> None:
    with db.writing() as session:
        source = sources.put(session, "folder", "/photos")
        given = picture("横幅\n 1.jpg", source, tags=("pennant", "晚上"), min_score=0.25, box_count=3, page=2, md5="m")
        images.add(session, [given])
    with db.reading() as session:
        got = images.get(session, given.id)
        with pytest.raises(NotFound, match="not in this workspace"):
            images.get(session, "nothing")
    assert got.number > 0
    assert got.added_at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert {f: getattr(got, f) for f in got.__dataclass_fields__ if f != "number"} == {
        f: getattr(given, f) for f in given.__dataclass_fields__ if f != "number"
    }


@pytest.mark.parametrize("newest", [False, True])
def test_page__walks_over_all_and_ends(db: Database, newest: bool) -> None:
    names = [f"{n:03}" for n in range(25)]
    with db.writing() as session:
        fill(session, *names)
    walked: list[str] = []
    after: int | None = None
    with db.reading() as session:
        for _ in range(3):
            found = images.page(session, Filter(), after=after, limit=10, newest=newest)
            walked += [p.name for p in found.pictures]
            after = found.next
    assert walked == (names[::-1] if newest else names)
    assert after is None


def test_page__ends_without_an_empty_page_when_the_last_is_full(db: Database) -> None:
    with db.writing() as session:
        fill(session, "a", "b")
    with db.reading() as session:
        assert images.page(session, Filter(), limit=2).next is None


def test_page__of_filters_agrees_with_counting_by_hand(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "_WINDOW", 7)
    with db.writing() as session:
        other = sources.put(session, "folder", "/other")
        for n in range(60):
            tags = tuple(tag for tag, every in (("even", 2), ("third", 3)) if n % every == 0)
            status = ("todo", "confirmed", "rejected")[n % 3]
            boxes = {"box_count": n % 5, "min_score": None if n % 5 == 0 else (n % 10) / 10}
            fill(session, f"{n}", tags=tags, status=status, **boxes, **({"source_id": other} if n % 4 == 0 else {}))
        batch = batches.create(session, "b", "me")
        everything = images.page(session, Filter()).pictures
        batches.add(session, batch, [Pick(p.id) for p in everything[10:20]])
    cases = [
        (Filter(), lambda p, n: True),
        (Filter(statuses=("confirmed",)), lambda p, n: p.status == "confirmed"),
        (Filter(statuses=("todo", "rejected")), lambda p, n: p.status != "confirmed"),
        (Filter(tags=("even", "third")), lambda p, n: n % 6 == 0),
        (Filter(source_id=other), lambda p, n: n % 4 == 0),
        (Filter(min_boxes=2, max_boxes=3), lambda p, n: n % 5 in (2, 3)),
        (Filter(max_score=0.3), lambda p, n: n % 5 != 0 and n % 10 <= 3),
        (Filter(min_score=0.7, tags=("even",)), lambda p, n: n % 10 == 8),
        (Filter(batch_id=batch, statuses=("todo",)), lambda p, n: 10 <= n < 20 and n % 3 == 0),
        (Filter(clip_id="no"), lambda p, n: False),
    ]
    with db.reading() as session:
        for which, keeps in cases:
            expected = [n for n, p in enumerate(everything) if keeps(p, n)]
            got = [p for some in images.each(db, which, size=4) for p in some]
            assert [int(p.name) for p in got] == expected, which
            assert images.count(session, which) == len(expected), which
            newest = images.page(session, which, newest=True, limit=5).pictures
            assert [int(p.name) for p in newest] == expected[::-1][:5], which


def test_get_many__keeps_the_order_and_leaves_out_what_is_not_there(db: Database) -> None:
    with db.writing() as session:
        ids = fill(session, "a", "b", "c")
    with db.reading() as session:
        found = images.get_many(session, [ids[2], "nothing", ids[0]])
        numbers = [p.number for p in found.values()]
        assert list(found) == [ids[2], ids[0]]
        assert {p.id for p in images.by_number(session, [*numbers, 10_000]).values()} == set(found)
        assert images.known(session, [ids[1], "nothing"]) == {ids[1]}


def test_tag_pictures__adds_once_and_removes(db: Database) -> None:
    with db.writing() as session:
        ids = fill(session, "a", "b")
        images.tag_pictures(session, ids, add=("x", "y"))
        images.tag_pictures(session, ids, add=("x",))
        images.tag_pictures(session, ids[:1], remove=("x",))
        assert images.get(session, ids[0]).tags == ("y",)
        assert images.get(session, ids[1]).tags == ("x", "y")
        assert images.tags(session) == ["x", "y"]


def test_tallies__follow_every_change(db: Database) -> None:
    with db.writing() as session:
        ids = fill(session, "a", "b", "c", "d")
        fill(session, "a")  # known already
        session.execute(update(ImageRow).where(ImageRow.id == ids[0]).values(status="confirmed"))
        session.execute(update(ImageRow).where(ImageRow.id == ids[1]).values(status="confirmed"))
        session.execute(update(ImageRow).where(ImageRow.id == ids[1]).values(deleted_at=datetime.now(UTC)))
        session.execute(ImageRow.__table__.delete().where(ImageRow.id == ids[2]))
    with db.reading() as session:
        assert tallies.by_status(session) == {"todo": 1, "confirmed": 1}
        assert list(tallies.by_source(session).values()) == [2]
    with db.writing() as session:
        tallies._TIDY_ABOVE, old = 0, tallies._TIDY_ABOVE
        try:
            tallies.tidy(session)
        finally:
            tallies._TIDY_ABOVE = old
        assert tallies.by_status(session) == {"todo": 1, "confirmed": 1}
