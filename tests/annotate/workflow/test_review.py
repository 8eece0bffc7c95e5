"""Reviewing: who sees what, what is sent back comes back, and blind checks compare two people."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_pool import box, put_picture

from annotate.errors import Conflict
from annotate.records import Region
from annotate.review_records import Agreement
from annotate.workflow import labels, review
from annotate.workflow.agreement import agreement, iou, paired
from annotate.workflow.context import Context
from synthtext.errors import UserError


def _as(context: Context, who: str) -> Context:
    return replace(context, who=who)


def _done(context: Context, name: str, who: str = "wang", regions: tuple[Region, ...] = ()) -> str:
    image_id = put_picture(context, name)
    labels.save(_as(context, who), image_id, 0, regions or (box("a"),), "confirmed")
    return image_id


def test_queue__other_peoples_finished_pictures(context: Context) -> None:
    first, second = _done(context, "1.jpg"), _done(context, "2.jpg", who="li")
    put_picture(context, "3.jpg")
    assert [item.image_id for item in review.queue(_as(context, "chen"))] == [first, second]
    assert [item.image_id for item in review.queue(_as(context, "li"))] == [first]
    (own, other) = review.queue(context)
    assert (own.annotator, other.annotator) == ("wang", "li")
    assert [item.image_id for item in review.queue(context, after=own.number)] == [second]


def test_judge__confirmed_once_until_the_labels_change(context: Context) -> None:
    image_id = _done(context, "1.jpg")
    chen = _as(context, "chen")
    given_review = review.judge(chen, image_id, 1, "confirm")
    assert (given_review.annotator, given_review.user) == ("wang", "chen")
    assert review.queue(chen) == []
    labels.save(_as(context, "wang"), image_id, 1, (box("a", text="other"),), "confirmed")
    assert [item.rev for item in review.queue(chen)] == [2]
    assert [found.verdict for found in review.reviews_of(context, image_id)] == ["confirm"]


def test_judge__sent_back_with_a_reason(context: Context) -> None:
    image_id = _done(context, "1.jpg")
    chen = _as(context, "chen")
    review.judge(chen, image_id, 1, "reject", "  the second line is missing ")
    doc = labels.open_doc(context, image_id)
    assert (doc.status, doc.rev, len(doc.regions)) == ("todo", 2, 1)
    assert review.reviews_of(context, image_id)[0].reason == "the second line is missing"
    assert review.queue(chen) == []
    labels.save(_as(context, "wang"), image_id, 2, (box("a"), box("b", y=80)), "confirmed")
    assert [(item.image_id, item.annotator) for item in review.queue(chen)] == [(image_id, "wang")]


def test_judge__what_cannot_be(context: Context) -> None:
    image_id, fresh = _done(context, "1.jpg"), put_picture(context, "2.jpg")
    with pytest.raises(UserError, match="say in a few words"):
        review.judge(context, image_id, 1, "reject", " ")
    with pytest.raises(UserError, match="at most 500"):
        review.judge(context, image_id, 1, "reject", "x" * 501)
    with pytest.raises(UserError, match="no verdict"):
        review.judge(context, image_id, 1, "blind")
    with pytest.raises(UserError, match="nothing to review"):
        review.judge(context, fresh, 0, "confirm")
    with pytest.raises(Conflict):
        review.judge(context, image_id, 0, "confirm")
    assert review.reviews_of(context, image_id) == ()


def test_blind_doc__as_it_was_before_people(context: Context) -> None:
    image_id = put_picture(context)
    read = replace(box("r", text="reed"), origin="reader:test")
    labels.save(_as(context, "reader:test"), image_id, 0, (read,), action="prelabel")
    labels.save(_as(context, "wang"), image_id, 1, (replace(read, text="read"), box("s", y=90)), "confirmed")
    doc = review.blind_doc(_as(context, "chen"), image_id)
    assert [(region.id, region.text) for region in doc.regions] == [("r", "reed")]


def test_give_blind__kept_beside_the_labels(context: Context) -> None:
    image_id = _done(context, "1.jpg", regions=(box("a", text="hello"), box("b", y=100, text="中文")))
    chen = _as(context, "chen")
    assert [item.image_id for item in review.blind_queue(chen, share=1)] == [image_id]
    given_review = review.give_blind(chen, image_id, [box("x", x=12, text="hallo"), box("z", x=200, y=200, w=50)])
    assert given_review.agreement == Agreement(1, 1, 1, 5, 1)
    assert review.blind_queue(chen, share=1) == []
    assert [region.text for region in labels.open_doc(context, image_id).regions] == ["hello", "中文"]
    assert [item.image_id for item in review.queue(chen)] == [image_id]


def test_blind_queue__a_share_that_stays(context: Context) -> None:
    ids = [_done(context, f"{n}.jpg") for n in range(24)]
    chen = _as(context, "chen")
    few = {item.image_id for item in review.blind_queue(chen, share=0.3)}
    more = {item.image_id for item in review.blind_queue(chen, share=0.6)}
    assert few < more < set(ids)
    with pytest.raises(UserError, match="above 0"):
        review.blind_queue(chen, share=0)


def test_iou__shifted_squares() -> None:
    assert iou(box("a", 0, 0, 10, 10), box("b", 5, 0, 10, 10)) == pytest.approx(1 / 3)
    assert iou(box("a", 0, 0, 10, 10), box("b", 10, 0, 10, 10)) == 0
    turned = replace(box("c"), kind="quad", points=((5, 0), (10, 5), (5, 10), (0, 5)))
    assert iou(box("a", 0, 0, 10, 10), turned) == pytest.approx(0.5)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.text(max_size=8)), max_size=8))
def test_agreement__with_itself_in_any_order(places: list[tuple[int, int, str]]) -> None:
    regions = [box(str(n), 70 * x, 30 * y, 60, 20, text) for n, (x, y, text) in enumerate(places)]
    found = agreement(regions, regions[::-1])
    assert (found.both, found.only_first, found.only_second) == (len(regions), 0, 0)
    if len({(x, y) for x, y, _ in places}) == len(places):
        assert found.char_errors == 0
    assert sorted(b for _, b in paired(regions, regions[::-1])) == list(range(len(regions)))
