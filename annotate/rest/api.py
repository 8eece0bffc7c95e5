"""The web application without its pages: our routes behind one door, errors told alike, and what they are, told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI, Request
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

import synthtext
from annotate.errors import Conflict, Forbidden, NotFound, ServiceError
from annotate.jobs.finder import Finder
from annotate.rest import datasets, jobs, labels, media, people, pool, reading, reviews, search, tasks, uploads, wall
from annotate.rest.guard import Guard
from annotate.workflow.context import Context
from annotate.workflow.reread import Desk
from synthtext.errors import SynthtextError, UserError

_STATUS: tuple[tuple[type[Exception], int], ...] = (
    (NotFound, 404),
    (UserError, 422),
    (Conflict, 409),
    (Forbidden, 403),
    (ServiceError, 503),
    (SynthtextError, 500),
)


class Health(BaseModel):
    """That the server answers, and which version it is."""

    ok: bool
    version: str


health = APIRouter(prefix="/api", tags=["health"])


@health.get("/health")
def get_health() -> Health:
    """Tell that the server answers; needs no login."""
    return Health(ok=True, version=synthtext.__version__)


def create_api(context: Context) -> FastAPI:
    """Return the application; pages are mounted on it afterwards."""
    api = FastAPI(
        title="annotate",
        version=synthtext.__version__,
        description="Find, pre-label and correct pictures of text. Log in at /api/login; programs send the token "
        "as `Authorization: Bearer`.",
        openapi_url="/api/openapi.json",
        docs_url=None,  # the usual page loads its code from a foreign server
        redoc_url=None,
        lifespan=_living,
    )
    api.state.context = context
    api.state.desk = Desk()
    api.state.tries = people.Tries()
    api.state.finder = Finder(context)
    parts = (
        health,
        people.router,
        labels.router,
        media.router,
        tasks.router,
        reviews.router,
        wall.router,
        jobs.router,
        search.router,
        reading.router,
        datasets.router,
        pool.router,
        uploads.router,
    )
    for part in parts:
        api.include_router(part)
    api.add_exception_handler(SynthtextError, _told)
    api.add_middleware(Guard, context=context)
    return api


@asynccontextmanager
async def _living(api: FastAPI) -> AsyncIterator[None]:
    try:
        yield
    finally:
        api.state.desk.close()
        api.state.finder.close()


async def _told(_request: Request, error: Exception) -> Response:
    status = next(code for kind, code in _STATUS if isinstance(error, kind))
    return JSONResponse({"detail": str(error)}, status_code=status)
