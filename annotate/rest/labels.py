"""Routes of one picture's labels: open, save, look back, go back."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from starlette.responses import JSONResponse, Response

from annotate.reasons import answer_of, reason_of
from annotate.records import Doc, Edit, Lease, Region, Status
from annotate.rest.caller import Caller, Here, answer
from annotate.workflow import labels, media, tasks
from annotate.workflow.tasks import Opened

router = APIRouter(prefix="/api/images/{image_id}", tags=["labels"])
_DOC = TypeAdapter(Doc)
_OPENED = TypeAdapter(Opened)
_EDITS = TypeAdapter(list[Edit])
_LEASE = TypeAdapter(Lease)


class SaveIn(BaseModel):
    """All regions of a picture in their order, and the revision that they were made from."""

    model_config = ConfigDict(extra="forbid")
    base_rev: Annotated[int, Field(ge=0)]
    regions: list[Region]
    status: Status | None = None


class SavedOut(BaseModel):
    """The revision that is stored now, and the regions that had to be mended (put inside the picture, uncrossed).

    `gone` tells that the picture's file is no longer there; its labels are kept.
    """

    rev: int
    mended: list[Region]
    gone: bool = False


class ConflictOut(BaseModel):
    """Somebody else has saved meanwhile: what is stored."""

    detail: str
    doc: Doc


class RestoreIn(BaseModel):
    """Which revision to go back to."""

    base_rev: Annotated[int, Field(ge=0)]
    rev: Annotated[int, Field(ge=0)]


_SAVED = TypeAdapter(SavedOut)
_CONFLICT: dict[int | str, dict[str, Any]] = {409: {"model": ConflictOut}}


@router.get("/doc", response_model=Doc)
def get_doc(image_id: str, here: Here) -> Response:
    """Return all that is written on a picture, with what each reader read."""
    return answer(_DOC, labels.open_doc(here, image_id))


@router.post("/open", response_model=Opened)
def open_doc(image_id: str, here: Here, force: bool = False) -> Response:
    """Open a picture and keep the others off it; `lease.user` is somebody else when they have it."""
    return answer(_OPENED, tasks.open_picture(here, image_id, force))


@router.put("/doc", response_model=SavedOut, responses=_CONFLICT)
def put_doc(image_id: str, saving: Annotated[SaveIn, Body()], here: Here, user: Caller, request: Request) -> Response:
    """Save the labels of a picture; 409 with what is stored when somebody else has saved since `base_rev`."""
    regions = [_signed(region, user.name) for region in saving.regions]
    try:
        saved = labels.save(here, image_id, saving.base_rev, regions, saving.status)
    except labels.StaleSave as error:
        return _stale(error, request)
    gone = media.is_gone(here, image_id)
    return answer(_SAVED, SavedOut.model_construct(rev=saved.rev, mended=list(saved.mended), gone=gone))


@router.get("/history", response_model=list[Edit])
def get_history(image_id: str, here: Here) -> Response:
    """Return who has changed what and when, oldest first."""
    return answer(_EDITS, list(labels.history(here, image_id)))


@router.get("/history/{rev}", response_model=Doc)
def get_revision(image_id: str, rev: int, here: Here) -> Response:
    """Return the labels as they were at a revision."""
    return answer(_DOC, labels.at_revision(here, image_id, rev))


@router.post("/restore", response_model=SavedOut, responses=_CONFLICT)
def restore(image_id: str, wanted: RestoreIn, here: Here, request: Request) -> Response:
    """Go back to a revision; what came after it stays in the history."""
    try:
        saved = labels.restore(here, image_id, wanted.base_rev, wanted.rev)
    except labels.StaleSave as error:
        return _stale(error, request)
    return answer(_SAVED, SavedOut.model_construct(rev=saved.rev, mended=[], gone=media.is_gone(here, image_id)))


@router.post("/lease", response_model=Lease)
def hold(image_id: str, here: Here) -> Response:
    """Take or renew the lease of a picture; the answer tells who has it."""
    return answer(_LEASE, tasks.hold(here, image_id))


@router.delete("/lease", status_code=204)
def leave(image_id: str, here: Here) -> None:
    """Give a picture back."""
    tasks.leave(here, image_id)


def _stale(error: labels.StaleSave, request: Request) -> Response:
    doc = _DOC.dump_python(error.doc, mode="json")
    told = answer_of(reason_of(error) or str(error), request.headers.get("accept-language", ""))
    return JSONResponse({**told, "doc": doc}, status_code=409)


def _signed(region: Region, who: str) -> Region:
    # Whoever draws a region is its origin; readers and imports sign theirs themselves, and undo may bring one back.
    kept = region.origin.startswith(("reader:", "import:", "person:"))
    return region if kept else replace(region, origin=f"person:{who}")
