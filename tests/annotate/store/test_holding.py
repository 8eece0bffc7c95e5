"""Pictures are listed by a word in their name or text, through the indexes when it is rare, on both databases."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import create_engine, text
from stored_pictures import fill

from annotate.records import Filter, Region
from annotate.store import holding, images
from annotate.store.database import Database, now
from annotate.store.labels import save_doc
from annotate.store.upgrade import migrate

SQUARE = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))
SIGNS = "安全生产锦旗ABab1 %_\\\"'."
WITHOUT_INDEX = (
    *(f"trigger {table}_{change}" for table in ("written", "names") for change in ("insert", "update", "delete")),
    *("table written_terms", "table written_index", "table names_terms", "table names_index", "view names"),
)


@pytest.mark.parametrize("few", [5_000, 3], ids=["rare", "common"])
@pytest.mark.parametrize("indexed", [True, False])
def test_page__of_a_word_is_what_python_finds(
    db: Database, indexed: bool, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "_FEW", few)
    rng = random.Random(0)
    made = {"".join(rng.choices(SIGNS, k=rng.randrange(1, 7))) + f"{n}": "" for n in range(90)}
    for name in made:
        made[name] = "".join(rng.choices(SIGNS, k=rng.randrange(7)))
    with db.writing() as session:
        if not indexed:
            if not db.sqlite:
                pytest.skip("PostgreSQL always has an index")
            for one in WITHOUT_INDEX:
                session.execute(text(f"drop {one}"))
        ids = fill(session, *made)
        for image_id, line in zip(ids, made.values(), strict=True):
            save_doc(session, image_id, 0, [Region("r", "quad", SQUARE, line)], who="t", action="save", at=now())
        # A picture may be called otherwise later, and may go.
        session.execute(text("update images set name = 'Renamed 锦' where id = :id"), {"id": ids[0]})
        session.execute(text("update images set deleted_at = :now where id = :id"), {"now": now(), "id": ids[1]})
        session.execute(text("delete from images where id = :id"), {"id": ids[2]})
    words = [word for length in (1, 2, 3) for word in {"".join(rng.choices(SIGNS, k=length)) for _ in range(50)}]
    with db.reading() as session:
        kept = [("Renamed 锦", next(iter(made.values()))), *list(made.items())[3:]]
        for word in [*words, "rename", "D 锦"]:
            found = [name for name, line in kept if word.lower() in name.lower() or word.lower() in line.lower()]
            which = Filter(text=word)
            newest = images.page(session, which, limit=100, newest=True).pictures
            assert [picture.name for picture in newest] == found[::-1], word
            some = images.page(session, which, limit=4)
            assert [picture.name for picture in some.pictures] == found[:4], word
            if some.next is not None:
                rest = images.page(session, which, after=some.next, limit=100).pictures
                assert [picture.name for picture in rest] == found[4:], word
            assert images.count(session, which) == len(found), word
            assert images.count(session, which, 2) == min(2, len(found)), word
            assert len(images.numbers(session, which, 100)) == len(found), word
        assert images.count(session, Filter(text="a", tags=("none",))) == 0


def test_holding__asks_the_indexes(db: Database) -> None:
    """Not one statement may go through a table."""
    with db.writing() as session:
        fill(session, *(f"{n}.jpg" for n in range(50)))
        if not db.sqlite:
            for way in ("seqscan", "indexscan", "nestloop"):  # which so few pictures would be gone through by
                session.execute(text(f"set enable_{way} = off"))
        for word in ("7", "17", "17.jpg"):
            asked = holding._looked_up(session, word, 10).compile(
                session.get_bind(), compile_kwargs={"literal_binds": True}
            )
            explain = "explain query plan " if db.sqlite else "explain "
            joined = "\n".join(str(row[-1]) for row in session.execute(text(explain + str(asked).replace(":", "\\:"))))
            if db.sqlite:
                assert joined.count("VIRTUAL TABLE INDEX") == 2, joined
            else:
                assert "ix_written_grams" in joined
                assert "ix_names_grams" in joined
            assert holding.holding(session, word).few


def test_upgrade__finds_names_of_an_older_database(db_url: str) -> None:
    engine = create_engine(db_url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        migrate(connection, "0003")
        for statement in (
            "insert into sources (kind, path, added_at) values ('folder', '/p', '2026-01-01')",
            "insert into images (id, source_id, name, path, copied, width, height, bytes, md5, phash, added_at, "
            "status, rev, box_count) select 'a', id, '锦旗 Photo.JPG', '/p', true, 1, 1, 1, '', '', '2026-01-01', "
            "'todo', 0, 0 from sources",
        ):
            connection.execute(text(statement))
    engine.dispose()
    db = Database(db_url)
    with db.reading() as session:
        for word in ("锦", "旗 p", "photo.jpg", "G"):
            assert holding.holding(session, word).few
            assert images.count(session, Filter(text=word)) == 1, word
        assert images.count(session, Filter(text="photo.png")) == 0
    db.close()
