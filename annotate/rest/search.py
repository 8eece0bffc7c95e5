"""Routes of searching: by words, by pictures, by what is written; and results into a batch."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from starlette.responses import Response

from annotate.jobs.finder import Finder
from annotate.prompts import Pack, packs
from annotate.queries import Box, By, Example, Query, Results, TextQuery
from annotate.reasons import Reason
from annotate.records import Batch, Filter, Status
from annotate.rest.caller import Here, answer
from annotate.workflow import tasks
from synthtext.errors import UserError

router = APIRouter(prefix="/api", tags=["search"])
MAX_UPLOAD = 20 * 2**20
_MOST = 200


class ExampleIn(BaseModel):
    """Something to be near to, or far from when its weight is negative."""

    model_config = ConfigDict(extra="forbid")
    kind: Annotated[
        Literal["text", "pack", "image", "upload"],
        Field(description="words; a prompt pack's key; an image of the pool by its id; a file's content in `data`"),
    ]
    value: Annotated[str, Field(max_length=500)]
    weight: Annotated[float, Field(ge=-10, le=10)] = 1.0
    box_xyxy: Box | None = None
    data: Annotated[str | None, Field(description="base64, of an upload", max_length=MAX_UPLOAD * 4 // 3 + 4)] = None


class WrittenIn(BaseModel):
    """What is written on the picture: one of these words, equal or alike (0 to 100)."""

    model_config = ConfigDict(extra="forbid")
    words: Annotated[list[Annotated[str, Field(min_length=1, max_length=200)]], Field(min_length=1, max_length=5000)]
    fuzzy: Annotated[float | None, Field(ge=1, le=100)] = None


class SearchIn(BaseModel):
    """A search; at least one example, or something that is written."""

    model_config = ConfigDict(extra="forbid")
    examples: Annotated[list[ExampleIn], Field(max_length=50)] = []
    written: WrittenIn | None = None
    which: Filter = Filter()
    by: By = "auto"
    liked: Annotated[list[str], Field(max_length=_MOST)] = []
    disliked: Annotated[list[str], Field(max_length=_MOST)] = []
    twins: Annotated[float | None, Field(ge=0.5, le=1)] = 0.97
    page: Annotated[int, Field(ge=0)] = 0
    size: Annotated[int, Field(ge=1, le=_MOST)] = 48


class BatchIn(BaseModel):
    """Pictures for a batch, which is made when there is none of this name."""

    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, Field(min_length=1, max_length=128)]
    image_ids: Annotated[list[str], Field(min_length=1, max_length=10_000)]
    note: Annotated[str, Field(max_length=1000)] = ""


class BatchOut(BaseModel):
    """The batch, and how many of the pictures were new to it."""

    batch: Batch
    added: int


@dataclass(frozen=True, slots=True)
class HitOut:
    """A picture that was found; see `queries.Hit`."""

    image_id: str
    name: str
    width: int
    height: int
    status: Status
    box_count: int
    clip_id: str | None
    time_ms: int | None
    score: float
    parts: dict[str, float]
    written: str | None
    written_score: float | None
    box_xyxy: tuple[int, int, int, int] | None
    twins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ResultsOut:
    """A page of what was found, the best first; see `queries.Results`."""

    label: str
    hits: tuple[HitOut, ...]
    page: int
    more: bool
    model: str
    cut: bool


_RESULTS = TypeAdapter(ResultsOut)


@router.get("/packs")
def get_packs() -> list[Pack]:
    """Return the ready-made queries."""
    return list(packs().values())


@router.post("/search", response_model=ResultsOut)
def post_search(asked: SearchIn, request: Request, here: Here) -> Response:
    """Return pictures by words, by pictures like them, by what is written on them, or all of these at once."""
    finder: Finder = request.app.state.finder
    return answer(_RESULTS, shown(finder.search(query_of(asked), asked.page, asked.size)))


@router.post("/batches", status_code=201)
def post_batch(asked: BatchIn, here: Here) -> BatchOut:
    """Put pictures into a batch for labelling."""
    batch, added = tasks.fill_batch(here, asked.name, asked.image_ids, asked.note)
    return BatchOut(batch=batch, added=added)


def query_of(asked: SearchIn) -> Query:
    """Return the search that was asked for.

    Raises:
        UserError: an upload is missing or no base64.
    """
    return Query(
        examples=tuple(_example(one) for one in asked.examples),
        written=None if asked.written is None else TextQuery(tuple(asked.written.words), asked.written.fuzzy),
        which=asked.which,
        by=asked.by,
        liked=tuple(asked.liked),
        disliked=tuple(asked.disliked),
        twins=asked.twins,
    )


def shown(found: Results) -> ResultsOut:
    """Return results as they are told: no path of this machine."""
    hits = tuple(
        HitOut(
            image_id=hit.picture.id,
            name=hit.picture.name,
            width=hit.picture.width,
            height=hit.picture.height,
            status=hit.picture.status,
            box_count=hit.picture.box_count,
            clip_id=hit.picture.clip_id,
            time_ms=hit.picture.time_ms,
            score=hit.score,
            parts=hit.parts,
            written=hit.written,
            written_score=hit.written_score,
            box_xyxy=hit.box_xyxy,
            twins=hit.twins,
        )
        for hit in found.hits
    )
    return ResultsOut(found.query.label, hits, found.page, found.more, found.model, found.cut)


def _example(asked: ExampleIn) -> Example:
    if asked.kind != "upload":
        return Example(asked.kind, asked.value, asked.weight, asked.box_xyxy)
    # Only content is taken: a path of a request would be a path of this machine.
    try:
        data = base64.b64decode(asked.data or "", validate=True)
    except binascii.Error as error:
        raise UserError(Reason("search.base64", name=asked.value)) from error
    if not data:
        raise UserError(Reason("search.empty", name=asked.value))
    return Example("file", asked.value, asked.weight, asked.box_xyxy, data)
