"""Routes of long work: ask for it, see how far it is, stop it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Annotated, Any

from fastapi import APIRouter, Header
from pydantic import BaseModel, TypeAdapter
from starlette.responses import Response

from annotate.jobs.kinds import KINDS, checked
from annotate.reasons import Reason
from annotate.records import Job
from annotate.rest.caller import Caller, Here, answer
from annotate.workflow import jobs, people

router = APIRouter(prefix="/api/jobs", tags=["jobs"])
Language = Annotated[str, Header(alias="accept-language", include_in_schema=False)]


@dataclass(frozen=True, slots=True)
class JobOut(Job):
    """A job; `told` is its message in the language that was asked for."""

    told: str = ""


_JOB = TypeAdapter(JobOut)
_JOBS = TypeAdapter(list[JobOut])


class JobIn(BaseModel):
    """What to do: `add`, `embed`, `generate`, ... with its arguments."""

    kind: str
    args: dict[str, Any] = {}


@router.get("", response_model=list[JobOut])
def get_jobs(here: Here, kind: str | None = None, language: Language = "") -> Response:
    """Return the newest jobs, newest first."""
    return answer(_JOBS, [_out(job, language) for job in jobs.list_jobs(here, kind)])


@router.post("", response_model=JobOut, status_code=201)
def post_job(asked: JobIn, here: Here, user: Caller, language: Language = "") -> Response:
    """Ask for long work; it goes on in a niced process of its own."""
    args = checked(asked.kind, asked.args)
    people.require(user, KINDS[asked.kind].role)
    found = answer(_JOB, _out(jobs.start_job(here, asked.kind, args.model_dump(mode="json")), language))
    found.status_code = 201
    return found


@router.get("/{job_id}", response_model=JobOut)
def get_job(job_id: int, here: Here, language: Language = "") -> Response:
    """Return how far a job is."""
    return answer(_JOB, _out(jobs.get_job(here, job_id), language))


@router.post("/{job_id}/stop", response_model=JobOut)
def stop_job(job_id: int, here: Here, user: Caller, language: Language = "") -> Response:
    """Ask a job to stop; what it has done is kept. One's own, or as an admin anybody's."""
    if jobs.get_job(here, job_id).asked_by != user.name:
        people.require(user, "admin")
    return answer(_JOB, _out(jobs.stop_job(here, job_id), language))


def _out(job: Job, language: str) -> JobOut:
    told = job.message.told(language) if isinstance(job.message, Reason) else job.message
    return JobOut(**{one.name: getattr(job, one.name) for one in fields(job)}, told=told)
