"""Searching what has been labelled: under filters, by what is written, into a batch for labelling."""

from __future__ import annotations

import pytest

from annotate.queries import Example, Query, TextQuery
from annotate.records import Filter, Reading, Region
from annotate.store import batches, images, labels, removing
from annotate.store.database import now
from annotate.workflow import search as search_module
from annotate.workflow.context import Context
from annotate.workflow.search import Searcher, more_like, send_to_batch
from annotate.workflow.written import find_written

TEXTS = ("恭贺新禧", "SALE 50%", "sale", "ＳＡＬＥ", "salt", "大減价", "open", "as_le")


@pytest.fixture
def labelled(pool: Context) -> Context:
    """A pool, embedded, of which some pictures have been labelled since."""
    from annotate.workflow.embedding import EmbedOptions, embed

    embed(pool, EmbedOptions(twins=None))
    with pool.db.writing() as session:
        some = images.page(session, Filter(), limit=8).pictures
        for place, (picture, text) in enumerate(zip(some, TEXTS, strict=True)):
            region = Region("r", "rect", ((1, 1), (60, 1), (60, 20), (1, 20)), text, score=place / 10)
            labels.save_doc(
                session,
                picture.id,
                0,
                [region],
                who="t",
                action="save",
                at=now(),
                status="confirmed" if place < 3 else None,
            )
        images.tag_pictures(session, [some[1].id, some[5].id], add=("night",))
        labels.add_readings(session, some[6].id, {"r": (Reading("reader 1", "大甩卖", 0.7),)}, now())
    return pool


@pytest.mark.parametrize("listed", [5000, 0])
def test_search__passes_what_the_store_says(labelled: Context, listed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_module, "_LISTED", listed)  # 0: the index's own fields narrow the search
    with labelled.db.writing() as session:  # the vectors stay
        (gone,) = removing.take_out(session, [images.page(session, Filter(), limit=1).pictures[0].id])
    filters = [
        Filter(),
        Filter(statuses=("confirmed",)),
        Filter(tags=("night",)),
        Filter(min_boxes=1, max_score=0.35),
        Filter(statuses=("todo",), min_boxes=1),
        Filter(min_side=97),
    ]
    with Searcher(labelled) as searcher:
        for which in filters:
            with labelled.db.reading() as session:
                expected = {picture.id for picture in images.page(session, which, limit=100).pictures}
            if which.tags and not listed:
                continue  # tags are no part of the journal: `embed` and `doctor` bring them into the index
            found = [
                hit.picture.id
                for hit in searcher.search(Query((Example("text", "red"),), which=which, twins=None), size=100).hits
            ]
            assert sorted(found) == sorted(expected - {gone}), which


@pytest.mark.parametrize("common", [5000, 1])
def test_search__finds_what_is_written(labelled: Context, common: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotate.store.written._COMMON", common)
    with labelled.db.reading() as session:
        some = {text: p.id for text, p in zip(TEXTS, images.page(session, Filter(), limit=8).pictures, strict=True)}
    cases = [
        (TextQuery(("sale",)), {"SALE 50%", "sale"}),
        (TextQuery(("50%",)), {"SALE 50%"}),
        (TextQuery(("s_le",)), {"as_le"}),
        (TextQuery(("新禧", "減")), {"恭贺新禧", "大減价"}),
        (TextQuery(("甩卖",)), {"open"}),
        (TextQuery(("nothing",)), set()),
        (TextQuery(("sale",), fuzzy=100), {"SALE 50%", "sale", "ＳＡＬＥ"}),
        (TextQuery(("sale",), fuzzy=70), {"SALE 50%", "sale", "ＳＡＬＥ", "salt", "as_le"}),
        (TextQuery(("恭贺新喜",), fuzzy=75), {"恭贺新禧"}),
    ]
    with Searcher(labelled) as searcher:
        for written, expected in cases:
            alone = searcher.search(Query(written=written))
            assert {hit.picture.id for hit in alone.hits} == {some[text] for text in expected}, written
            joined = searcher.search(Query((Example("text", "red"),), written, twins=None))
            assert {hit.picture.id for hit in joined.hits} == {some[text] for text in expected}, written
            assert all(hit.written and hit.written_score for hit in joined.hits)
            scores = [hit.score for hit in joined.hits]
            assert scores == sorted(scores, reverse=True)
        best = searcher.search(Query(written=TextQuery(("sale",), fuzzy=70))).hits[0]
        assert best.score == 1.0
        both = Query(written=TextQuery(("sale",)), which=Filter(tags=("night",)))
        assert [hit.written for hit in searcher.search(both).hits] == ["SALE 50%"]


@pytest.mark.parametrize("looked_at", [5000, 40, 0])
def test_search__of_common_words_gives_what_is_found_by_going_through_all(
    labelled: Context, looked_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    gathered = []
    monkeypatch.setattr(search_module, "_LOOKED_AT", looked_at)
    monkeypatch.setattr(search_module, "find_written", lambda *asked: gathered.append(1) or find_written(*asked))
    queries = [
        Query((Example("text", words),), TextQuery(("a", "l", "新")), which, twins=twins)
        for words in ("red", "a pennant")
        for which in (Filter(), Filter(statuses=("confirmed",)), Filter(tags=("night",)))
        for twins in (None, 0.97)
    ]
    answers = []
    with Searcher(labelled) as searcher:
        for common in (1, 5000):
            monkeypatch.setattr("annotate.store.written._COMMON", common)
            gathered.clear()
            found = [searcher.search(query, page, 2) for query in queries for page in (0, 1)]
            answers.append(
                [[(hit.picture.id, hit.score, hit.written, hit.written_score) for hit in r.hits] for r in found]
            )
            answers[-1].append([(one.more, one.cut) for one in found])  # type: ignore[arg-type]
            assert len(gathered) == len(found) if common > 1 or not looked_at else len(gathered) < len(found)
    assert any(answers[0][0])
    assert answers[0] == answers[1]


def test_send_to_batch__keeps_score_and_query(labelled: Context) -> None:
    with Searcher(labelled) as searcher:
        results = searcher.search(Query((Example("text", "red"),), twins=None), size=5)
        again = searcher.search(more_like([results.hits[0].picture.id]), size=1)
    batch_id, new = send_to_batch(labelled, "hard ones", results.hits, results.query)
    assert new == 5
    assert send_to_batch(labelled, "hard ones", results.hits[:2], results.query) == (batch_id, 0)
    with labelled.db.reading() as session:
        picks = batches.items(session, batch_id)
    assert [pick.image_id for pick in picks] == [hit.picture.id for hit in results.hits]
    assert picks[0].why["query"] == "red"
    assert picks[0].score == pytest.approx(results.hits[0].score)
    assert again.hits[0].picture == results.hits[0].picture
