"""Routes of long work: ask for it, see how far it is, stop it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, TypeAdapter
from starlette.responses import Response

from annotate.jobs.kinds import KINDS, checked
from annotate.records import Job
from annotate.rest.caller import Caller, Here, answer
from annotate.workflow import jobs, people

router = APIRouter(prefix="/api/jobs", tags=["jobs"])
_JOB = TypeAdapter(Job)
_JOBS = TypeAdapter(list[Job])


class JobIn(BaseModel):
    """What to do: `add`, `embed`, `generate`, ... with its arguments."""

    kind: str
    args: dict[str, Any] = {}


@router.get("", response_model=list[Job])
def get_jobs(here: Here, kind: str | None = None) -> Response:
    """Return the newest jobs, newest first."""
    return answer(_JOBS, list(jobs.list_jobs(here, kind)))


@router.post("", response_model=Job, status_code=201)
def post_job(asked: JobIn, here: Here, user: Caller) -> Response:
    """Ask for long work; it goes on in a niced process of its own."""
    args = checked(asked.kind, asked.args)
    people.require(user, KINDS[asked.kind].role)
    found = answer(_JOB, jobs.start_job(here, asked.kind, args.model_dump(mode="json")))
    found.status_code = 201
    return found


@router.get("/{job_id}", response_model=Job)
def get_job(job_id: int, here: Here) -> Response:
    """Return how far a job is."""
    return answer(_JOB, jobs.get_job(here, job_id))


@router.post("/{job_id}/stop", response_model=Job)
def stop_job(job_id: int, here: Here, user: Caller) -> Response:
    """Ask a job to stop; what it has done is kept. One's own, or as an admin anybody's."""
    if jobs.get_job(here, job_id).asked_by != user.name:
        people.require(user, "admin")
    return answer(_JOB, jobs.stop_job(here, job_id))
