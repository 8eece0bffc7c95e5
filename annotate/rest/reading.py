"""The route that asks a reader: about outlines on a person's screen, or about a whole picture."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, TypeAdapter
from starlette.responses import Response

from annotate.records import Points
from annotate.rest.caller import Here, answer
from annotate.workflow import suggest
from annotate.workflow.suggest import MOST, Suggested

router = APIRouter(prefix="/api/images/{image_id}", tags=["labels"])
_SUGGESTED = TypeAdapter(Suggested)


class ReadIn(BaseModel):
    """Outlines by the ids of their regions; none to find and read all text of the picture."""

    outlines: Annotated[dict[str, Points] | None, Field(max_length=MOST)] = None


@router.post("/read", response_model=Suggested)
def read(image_id: str, asked: ReadIn, request: Request, here: Here) -> Response:
    """Ask the workspace's reader, which works in a niced process of its own; 503 when it fails or hangs.

    Readings are kept; regions are only suggested, and nothing that a person wrote is changed.
    """
    desk = request.app.state.desk
    if asked.outlines is None:
        return answer(_SUGGESTED, suggest.read_picture(here, desk, image_id))
    return answer(_SUGGESTED, suggest.read_regions(here, desk, image_id, asked.outlines))
