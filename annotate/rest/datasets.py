"""Routes of datasets: which formats there are, what went out and came in, and an export as one file.

Exports and imports themselves are long work: ask for them at `/api/jobs`.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query
from pydantic import TypeAdapter
from starlette.responses import Response, StreamingResponse

from annotate.dataset_records import Dataset
from annotate.records import User
from annotate.rest.caller import Here, answer, at_least
from annotate.workflow import exchange

router = APIRouter(prefix="/api/datasets", tags=["datasets"])
_DATASETS = TypeAdapter(list[Dataset])
Reviewer = Annotated[User, Depends(at_least("reviewer"))]


@router.get("", response_model=list[Dataset])
def get_datasets(here: Here, _: Reviewer, limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> Response:
    """Return exports and imports, newest first (for reviewers)."""
    return answer(_DATASETS, list(exchange.history(here, limit)))


@router.get("/formats")
def get_formats() -> list[str]:
    """Return the names of all formats."""
    return list(exchange.format_names())


@router.get("/{dataset_id}/archive", response_class=StreamingResponse)
def get_archive(dataset_id: int, here: Here, _: Reviewer) -> Response:
    """Return an export of the workspace as one tar archive (for reviewers)."""
    name, data = exchange.packed(here, dataset_id)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return StreamingResponse(data, media_type="application/x-tar", headers=headers)
