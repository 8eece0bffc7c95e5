"""What reviewers do: confirm, send back with a reason, label a few pictures again without seeing the labels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import UTC, datetime

from annotate.errors import Conflict
from annotate.reasons import Reason
from annotate.records import Doc, Region
from annotate.review_records import Agreement, PairAgreement, Review, ReviewItem, Verdict
from annotate.store import reviews
from annotate.store.database import now
from annotate.store.journal import regions_at
from annotate.store.labels import load_doc, save_doc
from annotate.workflow.agreement import agreement
from annotate.workflow.context import LOCAL, Context
from annotate.workflow.outlines import mended
from synthtext.errors import UserError

# Three to five pictures in a hundred tell how good labels are, and cost little.
BLIND_SHARE = 0.04
_MAX_REASON = 500


def queue(context: Context, batch_id: int | None = None, after: int = 0, limit: int = 50) -> list[ReviewItem]:
    """Return finished pictures of other people that nobody has reviewed as they are now.

    Args:
        after: the number of the last picture of the page before.
    """
    with context.db.reading() as session:
        return reviews.to_review(
            session, context.who, own=context.who == LOCAL, batch_id=batch_id, after=after, limit=limit
        )


def judge(context: Context, image_id: str, rev: int, verdict: Verdict, reason: str = "") -> Review:
    """Confirm a picture's labels, or send the picture back to be done again.

    Args:
        rev: that the reviewer has seen.
        reason: needed to send back; the annotator reads it.

    Raises:
        NotFound: no such picture is in the pool.
        UserError: no reason, or the picture is not finished.
        Conflict: the labels have changed meanwhile.
    """
    if verdict not in ("confirm", "reject"):
        raise UserError(Reason("review.verdict", verdict=verdict))
    reason = reason.strip()
    if verdict == "reject" and not reason:
        raise UserError(Reason("review.reason"))
    if len(reason) > _MAX_REASON:
        raise UserError(Reason("review.long", most=_MAX_REASON, count=len(reason)))
    with context.db.writing() as session:
        doc = load_doc(session, image_id)
        if doc.rev != rev:
            raise Conflict(Reason("review.changed", name=doc.name, rev=doc.rev, seen=rev), doc.rev)
        annotator = reviews.annotator_of(session, image_id)
        if doc.status not in ("confirmed", "no_text") or annotator is None:
            raise UserError(Reason("review.early", name=doc.name, status=doc.status))
        review = Review(image_id, rev, context.who, annotator, verdict, reason, now())
        reviews.add_review(session, review)
        if verdict == "reject":
            save_doc(
                session, image_id, rev, doc.regions, who=context.who, action="send_back", at=review.at, status="todo"
            )
    return review


def blind_queue(context: Context, share: float = BLIND_SHARE, limit: int = 50) -> list[ReviewItem]:
    """Return finished pictures of other people that are to be labelled again without seeing the labels.

    Raises:
        UserError: the share is no share.
    """
    if not 0 < share <= 1:
        raise UserError(Reason("review.share", share=share))
    with context.db.reading() as session:
        return reviews.to_check(session, context.who, share, own=context.who == LOCAL, limit=limit)


def blind_doc(context: Context, image_id: str) -> Doc:
    """Return a picture as the first annotator got it: with what readers or imports had put there.

    Raises:
        NotFound: no such picture is in the pool.
    """
    with context.db.reading() as session:
        doc = load_doc(session, image_id)
        rev = reviews.untouched_rev(session, image_id)
        before = regions_at(session, image_id, rev)[0] if rev else ()
    return Doc(doc.image_id, doc.name, doc.width, doc.height, doc.rev, "todo", before)


def give_blind(context: Context, image_id: str, regions: Iterable[Region]) -> Review:
    """Keep a second person's labels beside the first one's, and return how far they agree.

    Raises:
        NotFound: no such picture is in the pool.
        UserError: a region cannot be stored, or no person has labelled the picture yet.
    """
    with context.db.writing() as session:
        doc = load_doc(session, image_id)
        annotator = reviews.annotator_of(session, image_id)
        if annotator is None:
            raise UserError(Reason("review.nobody", name=doc.name))
        second = [mended(region, doc.width, doc.height) for region in regions]
        review = Review(
            image_id,
            doc.rev,
            context.who,
            annotator,
            "blind",
            "",
            now(),
            agreement(doc.regions, second),
        )
        reviews.add_review(session, review, second)
    return review


def agreements(context: Context) -> list[PairAgreement]:
    """Return how far people agree in what two of them have labelled, by their names."""
    with context.db.reading() as session:
        said = reviews.reviews_since(session, datetime(1970, 1, 1, tzinfo=UTC))
    pairs: dict[tuple[str, str], list[Agreement]] = {}
    for one in said:
        if one.agreement is not None:
            pairs.setdefault((one.annotator, one.user), []).append(one.agreement)
    names = [field.name for field in fields(Agreement)]
    return [
        PairAgreement(*pair, len(found), **{name: sum(getattr(one, name) for one in found) for name in names})
        for pair, found in sorted(pairs.items())
    ]


def reviews_of(context: Context, image_id: str) -> tuple[Review, ...]:
    """Return what was said of a picture, oldest first."""
    with context.db.reading() as session:
        return reviews.reviews_of(session, image_id)
