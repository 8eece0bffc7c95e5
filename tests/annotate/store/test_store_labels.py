"""Saving labels: nothing lost, nothing overwritten unseen, every revision can be had back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_pool import box, put_picture
from sqlalchemy import event, select

from annotate.errors import Conflict, NotFound
from annotate.records import Reading, Region
from annotate.store import images, written
from annotate.store.database import now
from annotate.store.journal import list_edits, regions_at
from annotate.store.labels import add_readings, load_doc, save_doc
from annotate.store.saving import Save, save_docs
from annotate.store.schema import WrittenRow
from annotate.workflow.context import Context, open_context


def _save(context: Context, image_id: str, base_rev: int, regions: list[Region], **more: object) -> int:
    settings: dict = {"who": "wang", "action": "save", "at": now()}
    with context.db.writing() as session:
        return save_doc(session, image_id, base_rev, regions, **{**settings, **more})


def _load(context: Context, image_id: str) -> tuple[Region, ...]:
    with context.db.reading() as session:
        return load_doc(session, image_id).regions


def test_save_doc__keeps_regions_in_their_order(context: Context) -> None:
    image_id = put_picture(context)
    regions = [box("c"), box("a", y=50), box("b", y=90)]
    assert _save(context, image_id, 0, regions) == 1
    assert [region.id for region in _load(context, image_id)] == ["c", "a", "b"]
    assert _save(context, image_id, 1, regions[::-1]) == 2
    assert [region.id for region in _load(context, image_id)] == ["b", "a", "c"]


def test_save_doc__of_the_same_again_changes_nothing(context: Context) -> None:
    image_id = put_picture(context)
    assert _save(context, image_id, 0, [box("a")]) == 1
    # The answer got lost and the browser asks again with the revision that it knows.
    assert _save(context, image_id, 0, [box("a")]) == 1
    with context.db.reading() as session:
        assert len(list_edits(session, image_id)) == 1


def test_save_doc__from_an_older_revision_is_a_conflict(context: Context) -> None:
    image_id = put_picture(context)
    _save(context, image_id, 0, [box("a", text="first")])
    with pytest.raises(Conflict, match="revision 1, yours is based on 0") as caught:
        _save(context, image_id, 0, [box("a", text="second")])
    assert caught.value.rev == 1
    assert _load(context, image_id)[0].text == "first"


def test_save_doc__journals_only_what_has_changed(context: Context) -> None:
    image_id = put_picture(context)
    _save(context, image_id, 0, [box("a"), box("b", y=50), box("c", y=90)])
    _save(context, image_id, 1, [box("a"), box("c", y=90, text="new")], who="li", status="confirmed")
    with context.db.reading() as session:
        edit = list_edits(session, image_id)[-1]
    assert (edit.who, edit.rev, edit.status) == ("li", 2, "confirmed")
    assert [region.id for region in edit.put] == ["c"]
    assert edit.removed == ("b",)
    assert edit.order is None


def test_save_doc__keeps_counts_for_filters(context: Context) -> None:
    image_id = put_picture(context)
    _save(context, image_id, 0, [replace(box("a"), score=0.9), replace(box("b", y=50), score=0.4), box("c", y=90)])
    with context.db.reading() as session:
        row = session.execute(_image_columns()).one()
    assert row == (3, 0.4)


def _image_columns():  # type: ignore[no-untyped-def]
    from sqlalchemy import select

    from annotate.store.schema import ImageRow

    return select(ImageRow.box_count, ImageRow.min_score)


def test_save_doc__of_an_unknown_picture(context: Context) -> None:
    with pytest.raises(NotFound, match="no image 'nowhere'"):
        _save(context, "nowhere", 0, [])


def test_add_readings__replaces_those_of_the_same_reader(context: Context) -> None:
    image_id = put_picture(context)
    _save(context, image_id, 0, [box("a")])
    with context.db.writing() as session:
        add_readings(session, image_id, {"a": [Reading("one", "lime", 0.5), Reading("two", "line", 0.9)]}, now())
        add_readings(session, image_id, {"a": [Reading("one", "line 1", 0.95, (0.9,) * 6)]}, now())
    readings = _load(context, image_id)[0].readings
    assert [(reading.reader, reading.text) for reading in readings] == [("one", "line 1"), ("two", "line")]
    assert readings[0].char_scores == (0.9,) * 6


_TEXTS = st.text(max_size=12)
_STATES = st.lists(
    st.dictionaries(st.sampled_from("abcdef"), _TEXTS, max_size=6).flatmap(
        lambda texts: st.permutations(sorted(texts)).map(lambda order: [(key, texts[key]) for key in order])
    ),
    min_size=1,
    max_size=6,
)


@pytest.mark.slow
@given(_STATES)
def test_regions_at__gives_every_state_back(tmp_path_factory: pytest.TempPathFactory, states: list) -> None:
    with open_context(tmp_path_factory.mktemp("states") / "w", create=True) as context:
        image_id = put_picture(context, size_wh=(64, 48))
        seen = {}
        rev = 0
        for state in states:
            wanted = [box(key, text=text.replace("\x00", "")) for key, text in state]
            rev = _save(context, image_id, rev, wanted)
            seen[rev] = wanted
        with context.db.reading() as session:
            for past, wanted in seen.items():
                if past:
                    assert list(regions_at(session, image_id, past)[0]) == wanted
        assert list(_load(context, image_id)) == wanted


def test_save_docs__each_by_its_own_revision(context: Context) -> None:
    ids = [put_picture(context, f"{seed}.jpg", seed=seed) for seed in range(4)]
    one, two = box("r1", text="one"), box("r2", y=60, text="two")
    for image_id in ids[:3]:
        _save(context, image_id, 0, [one, two])
    saves = [
        Save(ids[0], 1, (one, two)),  # nothing has changed
        Save(ids[1], 1, (two, replace(one, text="eins")), "confirmed"),
        Save(ids[2], 0, (two,)),  # made from what is no longer there
        Save(ids[3], 0, (one,)),
    ]

    with context.db.writing() as session:
        results = save_docs(session, saves, who="ann", action="import", at=now())

    conflict = results.pop(ids[2])
    assert isinstance(conflict, Conflict)
    assert conflict.rev == 1
    assert results == {ids[0]: 1, ids[1]: 2, ids[3]: 1}
    with context.db.reading() as session:
        found = [load_doc(session, image_id) for image_id in ids]
        counted = [images.get(session, image_id).box_count for image_id in ids]
        edits = [len(list_edits(session, image_id)) for image_id in ids]
        assert written.containing(session, ["eins"]) == [images.get(session, ids[1]).number]
    assert [[region.text for region in doc.regions] for doc in found] == [
        ["one", "two"],
        ["two", "eins"],
        ["one", "two"],
        ["one"],
    ]
    assert [doc.status for doc in found] == ["todo", "confirmed", "todo", "todo"]
    assert (counted, edits) == ([2, 2, 2, 1], [1, 2, 1, 1])


def test_save_docs__of_an_unknown_picture_saves_nothing(context: Context) -> None:
    image_id = put_picture(context)
    saves = [Save(image_id, 0, (box("r1"),)), Save("gone", 0, ())]

    with pytest.raises(NotFound, match="gone"), context.db.writing() as session:
        save_docs(session, saves, who="ann", action="import", at=now())

    with context.db.reading() as session:
        assert load_doc(session, image_id).rev == 0


def test_save_doc__asks_the_database_few_questions(context: Context) -> None:
    image_id = put_picture(context)
    many = [box(f"r{n}", y=n, text=f"text {n}") for n in range(80)]
    _save(context, image_id, 0, many)
    with context.db.reading() as session:
        doc = load_doc(session, image_id, readings=False)
    asked: list[str] = []
    event.listen(context.db.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))

    typed = [replace(many[0], text="typed"), *many[1:]]
    assert _save(context, image_id, 1, typed, known=doc) == 2
    # Picture, region, readings, texts, journal, revision; on SQLite the transaction begins with one more.
    assert len(asked) - context.db.sqlite == 6

    asked.clear()
    doc = replace(doc, rev=2, regions=tuple(typed))
    assert _save(context, image_id, 2, [replace(typed[0], category="filled"), *typed[1:]], known=doc) == 3
    assert not any("written" in one for one in asked)  # no text has changed


def test_save_doc__keeps_texts_for_searching_in_their_new_order_and_without_those_removed(context: Context) -> None:
    image_id = put_picture(context)
    one, two = box("a", text="Erste"), box("b", y=60, text="Zweite")
    _save(context, image_id, 0, [one, two])
    with context.db.writing() as session:
        add_readings(session, image_id, {"a": [Reading("r 1", "GELESEN", 0.5)]}, now())
    number = next(iter(_written(context)))
    assert _written(context)[number] == "erste\n\nzweite\n\ngelesen\n\n"
    _save(context, image_id, 1, [two, one])
    assert _written(context)[number] == "zweite\n\nerste\n\ngelesen\n\n"
    _save(context, image_id, 2, [two])
    assert _written(context)[number] == "zweite\n\ngelesen\n\n"
    _save(context, image_id, 3, [])
    assert _written(context)[number] == "gelesen\n\n"


def _written(context: Context) -> dict[int, str]:
    with context.db.reading() as session:
        return {row[0]: row[1] for row in session.execute(select(WrittenRow.number, WrittenRow.text))}
