"""Routes that take files from a browser: begin a set, send its files one by one, then ask for a job that adds them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from annotate.records import User
from annotate.rest.caller import Here, at_least
from annotate.workflow.uploads import begin_upload, receiving

router = APIRouter(prefix="/api/uploads", tags=["pool"])
Reviewer = Annotated[User, Depends(at_least("reviewer"))]
_BLOCK = 2**20


class UploadOut(BaseModel):
    """The id of a set of files, for `/api/uploads/{upload}` and for the job `upload`."""

    upload: str


class FileOut(BaseModel):
    """How much of a file has come."""

    bytes: int


@router.post("", status_code=201)
def post_upload(here: Here, _: Reviewer) -> UploadOut:
    """Begin a set of files (for reviewers)."""
    return UploadOut(upload=begin_upload(here))


@router.post("/{upload}", status_code=201)
async def post_file(
    upload: str, name: Annotated[str, Query(min_length=1, max_length=1000)], request: Request, here: Here, _: Reviewer
) -> FileOut:
    """Send one file of a set as the body of the request, at most 4 GB (for reviewers)."""
    size, block = 0, bytearray()
    with receiving(here, upload, name) as stream:
        async for piece in request.stream():
            block += piece
            size += len(piece)
            if len(block) >= _BLOCK:  # a slow disk must not keep the others waiting
                await run_in_threadpool(stream.write, bytes(block))
                block.clear()
        stream.write(block)
    return FileOut(bytes=size)
