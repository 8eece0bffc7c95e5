"""Routes of the flow: what comes next, and how long people were active."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, TypeAdapter
from starlette.responses import Response

from annotate.records import Batch
from annotate.rest.caller import Here, answer
from annotate.workflow import tasks
from annotate.workflow.tasks import Queue

router = APIRouter(prefix="/api", tags=["flow"])
_QUEUE = TypeAdapter(Queue)
_BATCHES = TypeAdapter(list[Batch])


class WorkIn(BaseModel):
    """What a person did on a picture since the last report; pauses of more than 30 s do not count as active."""

    image_id: Annotated[str, Field(max_length=64)]
    active_ms: int
    actions: dict[str, int] = {}


@router.get("/queue", response_model=Queue)
def get_queue(
    here: Here,
    batch: int | None = None,
    image_id: Annotated[str | None, Query(alias="from", max_length=64)] = None,
    step: Annotated[int, Query(description="1 for after, -1 for before", ge=-1, le=1)] = 1,
    todo: bool = False,
    limit: Annotated[int, Query(ge=1, le=200)] = 1,
    counted: bool = False,
) -> Response:
    """Return the pictures that come after (or before) one in a batch or in the pool; `held_by` tells who has one."""
    found = tasks.upcoming(here, batch_id=batch, image_id=image_id, step=step, todo=todo, limit=limit, counted=counted)
    return answer(_QUEUE, found)


@router.get("/batches", response_model=list[Batch])
def get_batches(here: Here) -> Response:
    """Return all batches with their counts, the latest first."""
    return answer(_BATCHES, tasks.batches(here))


@router.post("/work", status_code=204)
def post_work(work: WorkIn, here: Here) -> None:
    """Keep active time and actions."""
    tasks.log_work(here, work.image_id, work.active_ms, work.actions)
