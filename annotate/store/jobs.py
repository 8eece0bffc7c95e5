"""Long work and how far it is: rows that the process which does it keeps up to date."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from annotate.errors import NotFound
from annotate.reasons import Reason, kept, restored
from annotate.records import Job, JobState
from annotate.store.schema import JobRow

_OPEN = ("waiting", "running", "stopping")


def add_job(session: Session, kind: str, args: dict[str, Any], who: str, at: datetime) -> Job:
    """Ask for long work; it waits until a process takes it."""
    row = JobRow(kind=kind, args=args, state="waiting", asked_by=who, asked_at=at, done=0, message="")
    session.add(row)
    session.flush()
    return _job(row)


def take_job(session: Session, pid: int, at: datetime) -> Job | None:
    """Take the job that has waited longest; None when none waits."""
    row = session.scalar(
        select(JobRow).where(JobRow.state == "waiting").order_by(JobRow.id).limit(1).with_for_update(skip_locked=True)
    )
    if row is None:
        return None
    row.state, row.pid, row.beat_at = "running", pid, at
    return _job(row)


def beat(session: Session, job_id: int, done: int, total: int | None, message: str, at: datetime) -> bool:
    """Tell how far a job is; return whether it should go on."""
    session.execute(
        update(JobRow).where(JobRow.id == job_id).values(done=done, total=total, message=kept(message), beat_at=at)
    )
    return session.scalar(select(JobRow.state).where(JobRow.id == job_id)) == "running"


def end_job(session: Session, job_id: int, state: JobState, message: str, at: datetime) -> None:
    """Tell how a job ended."""
    session.execute(
        update(JobRow).where(JobRow.id == job_id).values(state=state, message=kept(message), ended_at=at, beat_at=at)
    )


def stop_job(session: Session, job_id: int, at: datetime) -> Job:
    """Ask a job to stop: at once when it still waits, else at its next beat.

    Raises:
        NotFound: there is no such job.
    """
    row = session.get(JobRow, job_id)
    if row is None:
        raise NotFound(Reason("job.unknown", job=job_id))
    if row.state == "waiting":
        row.state, row.ended_at = "stopped", at
    elif row.state == "running":
        row.state = "stopping"
    return _job(row)


def fail_silent_jobs(session: Session, silent: timedelta, at: datetime) -> int:
    """End jobs whose process has told nothing for so long that it must be dead; return how many."""
    dead = session.execute(
        update(JobRow)
        .where(JobRow.state.in_(("running", "stopping")), JobRow.beat_at < at - silent)
        .values(state="failed", message=kept(Reason("job.died")), ended_at=at)
    )
    return int(dead.rowcount)  # type: ignore[attr-defined]


def list_jobs(session: Session, kind: str | None = None, limit: int = 50) -> tuple[Job, ...]:
    """Return the newest jobs, newest first."""
    query = select(JobRow).order_by(JobRow.id.desc()).limit(limit)
    return tuple(_job(row) for row in session.scalars(query if kind is None else query.where(JobRow.kind == kind)))


def get_job(session: Session, job_id: int) -> Job:
    """Return one job.

    Raises:
        NotFound: there is no such job.
    """
    row = session.get(JobRow, job_id)
    if row is None:
        raise NotFound(Reason("job.unknown", job=job_id))
    return _job(row)


def has_open_jobs(session: Session) -> bool:
    """Whether a job waits or runs."""
    return session.scalar(select(JobRow.id).where(JobRow.state.in_(_OPEN)).limit(1)) is not None


def _job(row: JobRow) -> Job:
    return Job(
        row.id,
        row.kind,
        row.args,
        row.state,  # type: ignore[arg-type]
        row.done,
        row.total,
        restored(row.message),
        row.pid,
        row.asked_by,
        row.asked_at,
        row.beat_at,
        row.ended_at,
    )
