"""Routes of reviewing: what waits for a second person, verdicts, blind checks, and the figures of the work."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from starlette.responses import Response

from annotate.records import Doc, Region, User
from annotate.rest.caller import Caller, Here, answer, at_least
from annotate.review_records import PairAgreement, Review, ReviewItem
from annotate.workflow import review
from annotate.workflow.dashboard import Dashboard, dashboard

router = APIRouter(prefix="/api", tags=["review"])
_ITEMS = TypeAdapter(list[ReviewItem])
_REVIEW = TypeAdapter(Review)
_PAIRS = TypeAdapter(list[PairAgreement])
_REVIEWS = TypeAdapter(list[Review])
_DOC = TypeAdapter(Doc)
_DASHBOARD = TypeAdapter(Dashboard)
Reviewer = Annotated[User, Depends(at_least("reviewer"))]


class VerdictIn(BaseModel):
    """What a reviewer says of a picture at the revision that was looked at; sending back needs a reason."""

    model_config = ConfigDict(extra="forbid")
    rev: Annotated[int, Field(ge=0)]
    verdict: Literal["confirm", "reject"]
    reason: Annotated[str, Field(max_length=1000)] = ""


class BlindIn(BaseModel):
    """A second person's labels."""

    model_config = ConfigDict(extra="forbid")
    regions: list[Region]


@router.get("/reviews", response_model=list[ReviewItem])
def get_reviews(
    here: Here,
    _: Reviewer,
    batch: int | None = None,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """Return finished pictures of other people that nobody has reviewed as they are now (for reviewers)."""
    return answer(_ITEMS, review.queue(here, batch, after, limit))


@router.get("/images/{image_id}/reviews", response_model=list[Review])
def get_reviews_of(image_id: str, here: Here, _: Caller) -> Response:
    """Return what was said of a picture, oldest first."""
    return answer(_REVIEWS, list(review.reviews_of(here, image_id)))


@router.post("/images/{image_id}/reviews", response_model=Review, status_code=201)
def post_review(image_id: str, said: VerdictIn, here: Here, _: Reviewer) -> Response:
    """Confirm a picture's labels, or send the picture back with a reason (for reviewers)."""
    found = review.judge(here, image_id, said.rev, said.verdict, said.reason)
    return Response(_REVIEW.dump_json(found), status_code=201, media_type="application/json")


@router.get("/checks", response_model=list[ReviewItem])
def get_checks(
    here: Here, share: float = review.BLIND_SHARE, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> Response:
    """Return finished pictures of other people that are to be labelled again without seeing the labels."""
    return answer(_ITEMS, review.blind_queue(here, share, limit))


@router.get("/images/{image_id}/check", response_model=Doc)
def get_check(image_id: str, here: Here, _: Caller) -> Response:
    """Return a picture as the first annotator got it."""
    return answer(_DOC, review.blind_doc(here, image_id))


@router.post("/images/{image_id}/check", response_model=Review, status_code=201)
def post_check(image_id: str, said: BlindIn, here: Here, _: Caller) -> Response:
    """Keep a second person's labels beside the first one's, and return how far they agree."""
    found = review.give_blind(here, image_id, said.regions)
    return Response(_REVIEW.dump_json(found), status_code=201, media_type="application/json")


@router.get("/agreements", response_model=list[PairAgreement])
def get_agreements(here: Here, _: Caller) -> Response:
    """Return how far people agree in what two of them have labelled without seeing each other's labels."""
    return answer(_PAIRS, review.agreements(here))


@router.get("/dashboard", response_model=Dashboard)
def get_dashboard(here: Here, _: Caller, days: Annotated[int, Query(ge=1, le=3650)] = 30) -> Response:
    """Return how the work of the last days goes, by person and day."""
    return answer(_DASHBOARD, dashboard(here, days))
