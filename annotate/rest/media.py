"""Routes of pixels: a picture whole, small, or one region straightened. Only an id is taken, never a path."""

from __future__ import annotations

import hashlib
from typing import Annotated

from fastapi import APIRouter, Header, Query
from starlette.responses import FileResponse, Response

from annotate.errors import NotFound
from annotate.reasons import Reason
from annotate.records import Direction, Points
from annotate.rest.caller import Here
from annotate.workflow import labels, media
from synthtext.errors import UserError

router = APIRouter(prefix="/api/images/{image_id}", tags=["pictures"])
# An id is the digest of the file: what it names never changes. `private`: no proxy may keep it for others.
_FOR_EVER = {"Cache-Control": "private, max-age=31536000, immutable"}
_ASK_AGAIN = {"Cache-Control": "private, no-cache"}


@router.get("/media", response_class=FileResponse)
def get_media(image_id: str, here: Here) -> Response:
    """Return the picture, upright, at most 6000 pixels a side."""
    return _sent(media.view(here, image_id))


@router.get("/thumb", response_class=FileResponse)
def get_thumb(image_id: str, here: Here, side: Annotated[int, Query(ge=16, le=640)] = 320) -> Response:
    """Return a small picture (JPEG)."""
    return _sent(media.thumb(here, image_id, side))


@router.get("/crop", response_class=Response)
def get_crop(
    image_id: str,
    here: Here,
    points: Annotated[
        str, Query(max_length=20_000, description="x1,y1,x2,y2,... clockwise from the reader's top left")
    ],
    direction: Direction = "ltr",
    height: Annotated[int | None, Query(ge=8, le=1024)] = None,
) -> Response:
    """Return an outline straightened (JPEG)."""
    data = media.crop(here, image_id, _points(points), direction, height)
    return Response(data, media_type="image/jpeg", headers=_FOR_EVER)


@router.get("/regions/{region_id}/crop", response_class=Response)
def get_region_crop(
    image_id: str,
    region_id: str,
    here: Here,
    height: Annotated[int | None, Query(ge=8, le=1024)] = None,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Return a region straightened (JPEG)."""
    doc = labels.open_doc(here, image_id)
    region = next((one for one in doc.regions if one.id == region_id), None)
    if region is None:
        raise NotFound(Reason("region.unknown", region=region_id))
    tag = hashlib.sha256(f"{image_id}{region.points}{region.direction}{height}".encode()).hexdigest()[:32]
    headers = {**_ASK_AGAIN, "ETag": f'"{tag}"'}
    if if_none_match == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    data = media.crop(here, image_id, region.points, region.direction, height)
    return Response(data, media_type="image/jpeg", headers=headers)


def _sent(found: media.Media) -> Response:
    if found.path is None:
        return Response(found.data, media_type=found.content_type, headers=_FOR_EVER)
    return FileResponse(found.path, media_type=found.content_type, headers=_FOR_EVER)


def _points(text: str) -> Points:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError as error:
        raise UserError(Reason("crop.numbers")) from error
    if len(numbers) % 2:
        raise UserError(Reason("crop.pairs", count=len(numbers)))
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))
