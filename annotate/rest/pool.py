"""Routes of the pool itself: look through it, tag, sort out, take pictures out, bring them back, settle twins."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from starlette.responses import Response

from annotate.pool_records import PoolChange, PoolChoices, PoolPage, TwinGroups
from annotate.records import Filter, Status, User
from annotate.rest.caller import Caller, Here, answer, at_least
from annotate.workflow import people, pool, twins
from annotate.workflow.pool import Changes

router = APIRouter(prefix="/api/pool", tags=["pool"])
_PAGE, _CHOICES, _CHANGE = TypeAdapter(PoolPage), TypeAdapter(PoolChoices), TypeAdapter(PoolChange)
_GROUPS = TypeAdapter(TwinGroups)
Reviewer = Annotated[User, Depends(at_least("reviewer"))]
Ids = Annotated[list[Annotated[str, Field(max_length=64)]], Field(min_length=1, max_length=pool.MOST_IDS)]


class IdsIn(BaseModel):
    """Which pictures."""

    model_config = ConfigDict(extra="forbid")
    image_ids: Ids


class ChangeIn(IdsIn):
    """What to change of which pictures; `source` moves them to a source of that name (for admins)."""

    add_tags: Annotated[list[str], Field(max_length=50)] = []
    remove_tags: Annotated[list[str], Field(max_length=50)] = []
    status: Status | None = None
    source: str | None = None


class SettleIn(IdsIn):
    """All pictures of a group, and those of them that stay."""

    keep: Ids


def which_of(
    status: Annotated[list[Status] | None, Query()] = None,
    tag: Annotated[list[str] | None, Query(max_length=20)] = None,
    source: int | None = None,
    clip: Annotated[str | None, Query(max_length=64)] = None,
    batch: int | None = None,
    text: Annotated[str, Query(max_length=200, description="in its name, or written on it")] = "",
    min_side: Annotated[int | None, Query(ge=0)] = None,
    max_side: Annotated[int | None, Query(ge=0)] = None,
    min_boxes: int | None = None,
    max_boxes: int | None = None,
    added_from: Annotated[datetime | None, Query(description="with its time zone; else UTC")] = None,
    added_to: datetime | None = None,
) -> Filter:
    """Return the filter that a request asks for."""
    return Filter(
        statuses=tuple(status or ()),
        tags=tuple(tag or ()),
        source_id=source,
        clip_id=clip,
        batch_id=batch,
        text=text.strip() or None,
        min_side=min_side,
        max_side=max_side,
        min_boxes=min_boxes,
        max_boxes=max_boxes,
        added_from=_utc(added_from),
        added_to=_utc(added_to),
    )


def taken_out(
    user: Caller,
    deleted: Annotated[bool, Query(description="those that were taken out, in place of the pool; reviewers")] = False,
) -> bool:
    """Return whether a request asks for what was taken out; only who may bring it back sees it."""
    if deleted:
        people.require(user, "reviewer")
    return deleted


Which = Annotated[Filter, Depends(which_of)]
TakenOut = Annotated[bool, Depends(taken_out)]


@router.get("", response_model=PoolPage)
def get_pool(
    here: Here,
    which: Which,
    deleted: TakenOut,
    after: int | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 60,
    newest: bool = True,
) -> Response:
    """Return a page of the pool, the latest pictures first."""
    return answer(_PAGE, pool.pool_page(here, which, after, limit, newest, deleted=deleted))


@router.get("/ids")
def get_ids(here: Here, which: Which, deleted: TakenOut) -> list[str]:
    """Return the ids of the latest pictures that pass a filter, at most 10,000."""
    return pool.pool_ids(here, which, deleted=deleted)


@router.get("/choices", response_model=PoolChoices)
def get_choices(here: Here) -> Response:
    """Return sources, clips and tags, and how many pictures have each status."""
    return answer(_CHOICES, pool.choices(here))


@router.post("/change", response_model=PoolChange)
def post_change(asked: ChangeIn, here: Here, user: Reviewer) -> Response:
    """Change tags or status of pictures (for reviewers), or their source (for admins)."""
    if asked.source is not None:
        people.require(user, "admin")
    changes = Changes(tuple(asked.add_tags), tuple(asked.remove_tags), asked.status, asked.source)
    return answer(_CHANGE, pool.change(here, asked.image_ids, changes))


@router.post("/delete", response_model=PoolChange)
def post_delete(asked: IdsIn, here: Here, _: Reviewer) -> Response:
    """Take pictures out of the pool (for reviewers); they can be restored, and files of the user are not touched."""
    return answer(_CHANGE, pool.take_out(here, asked.image_ids))


@router.post("/restore", response_model=PoolChange)
def post_restore(asked: IdsIn, here: Here, _: Reviewer) -> Response:
    """Bring pictures back into the pool (for reviewers)."""
    return answer(_CHANGE, pool.bring_back(here, asked.image_ids))


@router.get("/twins", response_model=TwinGroups)
def get_twins(
    here: Here,
    after: Annotated[str, Query(max_length=64)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Response:
    """Return groups of pictures that are nearly the same; the first of each came first."""
    return answer(_GROUPS, twins.twin_groups(here, after, limit))


@router.post("/twins/settle", response_model=PoolChange)
def post_settle(asked: SettleIn, here: Here, _: Reviewer) -> Response:
    """Keep some pictures of a group, or all, and take the others out of the pool (for reviewers)."""
    return answer(_CHANGE, twins.settle_twins(here, asked.image_ids, asked.keep))


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment
