"""Routes of the crop wall."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from starlette.responses import Response

from annotate.rest.caller import Here, answer
from annotate.workflow.wall import MAX_CROPS, Mark, Wall, settle, wall

router = APIRouter(prefix="/api/wall", tags=["wall"])
_WALL = TypeAdapter(Wall)


class SettleIn(BaseModel):
    """What a person says of the crops of a screen."""

    model_config = ConfigDict(extra="forbid")
    marks: Annotated[list[Mark], Field(max_length=MAX_CROPS)]


class SettledOut(BaseModel):
    """How many regions changed, and the marks that came too late: somebody had changed the text meanwhile."""

    changed: int
    stale: list[Mark]


@router.get("", response_model=Wall)
def get_wall(
    here: Here,
    order: Literal["score", "text"] = "score",
    after: Annotated[str | None, Query(max_length=1000)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_CROPS)] = 48,
    batch: int | None = None,
    confirmed: bool | None = None,
    category: Annotated[list[str] | None, Query()] = None,
    text: Annotated[str, Query(max_length=200)] = "",
    most_score: float | None = None,
) -> Response:
    """Return a screen of regions, lowest score first or by text; their pictures are at `/crop`."""
    found = wall(
        here,
        order,
        after,
        limit,
        batch_id=batch,
        confirmed=confirmed,
        categories=category or (),
        text=text,
        most_score=most_score,
    )
    return answer(_WALL, found)


@router.post("/settle")
def post_settle(said: SettleIn, here: Here) -> SettledOut:
    """Confirm regions with their texts, or mark them as wrong."""
    changed, stale = settle(here, said.marks)
    return SettledOut(changed=changed, stale=list(stale))
