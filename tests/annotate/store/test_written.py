"""Texts are found by any part of them, through the index, on both databases; every write of labels keeps it right."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import create_engine, text
from stored_pictures import fill

from annotate.records import Reading, Region
from annotate.store import images, written
from annotate.store.database import Database, Session, now
from annotate.store.labels import add_readings, save_doc
from annotate.store.upgrade import migrate

SQUARE = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))
SIGNS = "安全生产恭贺新禧ABab1 %_\\\"'é"
DROPPED = ("trigger written_insert", "trigger written_update", "trigger written_delete", "table written_terms")


def _save(session: Session, image_id: str, *lines: str, rev: int = 0) -> None:
    regions = [Region(f"{n}", "quad", SQUARE, line) for n, line in enumerate(lines)]
    save_doc(session, image_id, rev, regions, who="t", action="save", at=now())


def _numbers(session: Session, ids: list[str]) -> list[int]:
    return [picture.number for picture in images.get_many(session, ids).values()]


@pytest.mark.parametrize("indexed", [True, False])
def test_containing__finds_what_python_finds(db: Database, indexed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(0)
    made = {f"{n}": ["".join(rng.choices(SIGNS, k=rng.randrange(7))) for _ in range(3)] for n in range(120)}
    with db.writing() as session:
        if not indexed:
            if not db.sqlite:
                pytest.skip("PostgreSQL always has an index")
            for one in (*DROPPED, "table written_index"):
                session.execute(text(f"drop {one}"))
        ids = dict(zip(made, fill(session, *made), strict=True))
        for name, lines in made.items():
            _save(session, ids[name], *lines[:2])
            add_readings(session, ids[name], {"0": [Reading("a", lines[2], 0.5)]}, now())
    words = [word for length in (1, 2, 3, 4) for word in {"".join(rng.choices(SIGNS, k=length)) for _ in range(60)}]
    with db.reading() as session:
        numbers = dict(zip(made, _numbers(session, list(ids.values())), strict=True))
        some = 0
        for word in words:
            expected = [numbers[n] for n, lines in made.items() if any(word.lower() in one.lower() for one in lines)]
            assert written.containing(session, [word]) == sorted(expected), word
            first = written.next_containing(session, [word], 0, 2)
            rest = written.next_containing(session, [word], first[-1], 1000) if first else []
            assert first + rest == sorted(expected), word
            some += bool(expected)
        assert some > 60
        both = {*written.containing(session, ["安全"]), *written.containing(session, ["a"])}
        assert set(written.containing(session, ["安全", "A"])) == both
        assert written.next_containing(session, ["安全", "A"], 0, 1000) == sorted(both)
        monkeypatch.setattr(written, "_COMMON", len(both))
        assert not written.is_common(session, ["安全", "nowhere"])
        monkeypatch.setattr(written, "_COMMON", 3)
        assert written.is_common(session, ["nowhere", "a"])


def test_containing__follows_every_change(db: Database) -> None:
    with db.writing() as session:
        one, two = fill(session, "1", "2")
        _save(session, one, "恭贺新禧", "SALE")
        _save(session, two, "恭贺新禧")
        first, second = _numbers(session, [one, two])
        assert written.containing(session, ["贺新"]) == [first, second]
        _save(session, one, "安全", "SALE", rev=1)
        assert written.containing(session, ["贺"]) == [second]
        assert written.containing(session, ["sale"]) == [first]
        add_readings(session, two, {"0": [Reading("a", "安金", 0.5)]}, now())
        assert written.containing(session, ["安"]) == [first, second]
        add_readings(session, two, {"0": [Reading("a", "", 0.5)]}, now())  # the same reader's takes its place
        assert written.containing(session, ["安"]) == [first]
        _save(session, one, rev=2)
        assert written.containing(session, ["安", "sale"]) == []
        assert written.lines_of(session, [first, second]) == {first: [], second: ["恭贺新禧"]}
        assert [line for some in written.texts(session) for line in some] == [(second, "恭贺新禧")]
        session.execute(text("update images set deleted_at = :now where number = :n"), {"now": now(), "n": second})
        assert written.containing(session, ["贺"]) == []
        session.execute(text("delete from images where number = :n"), {"n": second})
        assert session.scalar(text("select count(*) from written")) == 0


def test_containing__asks_the_index(db: Database) -> None:
    """Not one statement may go through the table."""
    with db.writing() as session:
        ids = fill(session, *(f"{n}" for n in range(50)))
        for image_id in ids:
            _save(session, image_id, image_id)
        if not db.sqlite:
            for way in ("seqscan", "indexscan", "nestloop"):  # which so few pictures would be gone through by
                session.execute(text(f"set enable_{way} = off"))
        for word in ("安", "安全", "安全生产"):
            statement, values = written._looking_for(session, word)
            explain = "explain query plan " if db.sqlite else "explain "
            plan = " ".join(str(row) for row in session.execute(text(explain + statement), values))
            assert ("written_index" if len(word) > 2 and db.sqlite else "written_") in plan
            assert ("VIRTUAL TABLE INDEX" if db.sqlite else "Bitmap Index Scan on ix_written_grams") in plan


def test_upgrade__finds_texts_of_an_older_database(db_url: str) -> None:
    engine = create_engine(db_url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        migrate(connection, "0002")
        for statement in (
            "insert into sources (kind, path, added_at) values ('folder', '/p', '2026-01-01')",
            "insert into images (id, source_id, name, path, copied, width, height, bytes, md5, phash, added_at, "
            "status, rev, box_count) select 'a', id, 'n', '/p', true, 1, 1, 1, '', '', '2026-01-01', 'todo', 0, 1 "
            "from sources",
            "insert into regions (image_id, id, position, kind, points, text, state, category, ignore, direction, "
            "origin, tags, extra) values ('a', 'r', 0, 'quad', '[]', '恭贺新禧', 'todo', 'printed', false, 'ltr', "
            "'', '[]', '{}')",
            "insert into readings (image_id, region_id, reader, text, score, at) values "
            "('a', 'r', 'x', 'Sale', 0.5, '2026-01-01')",
        ):
            connection.execute(text(statement))
    engine.dispose()
    db = Database(db_url)
    with db.reading() as session:
        (number,) = _numbers(session, ["a"])
        for word in ("新", "贺新", "贺新禧", "sal"):
            assert written.containing(session, [word]) == [number], word
        assert written.containing(session, ["禧s"]) == []
        assert written.lines_of(session, [number]) == {number: ["恭贺新禧", "Sale"]}
    db.close()
