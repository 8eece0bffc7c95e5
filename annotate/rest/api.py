"""The web application without its pages: our routes behind one door, errors told alike, and what they are, told."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI, Request
from fastapi.exception_handlers import request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

import synthtext
from annotate.errors import Conflict, Forbidden, NotFound, ServiceError
from annotate.jobs.finder import Finder
from annotate.reasons import Reason, answer_of, reason_of
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
    api.add_exception_handler(HTTPException, _refused)
    api.add_exception_handler(RequestValidationError, _misshapen)
    api.add_middleware(Guard, context=context)
    return api


@asynccontextmanager
async def _living(api: FastAPI) -> AsyncIterator[None]:
    try:
        yield
    finally:
        api.state.desk.close()
        api.state.finder.close()


async def _told(request: Request, error: Exception) -> Response:
    status = next(code for kind, code in _STATUS if isinstance(error, kind))
    return _refusing(request, reason_of(error) or str(error), status)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _refusing(request, error.detail, error.status_code, error.headers)


async def _misshapen(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    answer = await request_validation_exception_handler(request, error)
    first = error.errors()[0]
    reason = Reason("door.field", where=".".join(map(str, first["loc"])), what=first["msg"])
    body = {**answer_of(reason, _language(request)), **json.loads(bytes(answer.body))}
    return JSONResponse(body, status_code=answer.status_code)


def _refusing(request: Request, detail: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse(answer_of(detail, _language(request)), status_code=status, headers=headers)


def _language(request: Request) -> str:
    return request.headers.get("accept-language", "")
