"""Long work, from asking for it to its end: it waits in the store until a niced process of its own takes it.

The process is one a workspace and does one job after the other, so that several people who ask for much do not bring
the machine to its knees. A job that is stopped or dies keeps what it has done: the same job again goes on there.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal

from annotate.records import Job
from annotate.store import jobs
from annotate.store.database import now
from annotate.workflow.context import Context

# A job tells at least every few seconds that it lives.
SILENT = timedelta(seconds=90)
LOCK = "runner.lock"


def start_job(context: Context, kind: str, args: Mapping[str, Any]) -> Job:
    """Ask for long work and see to it that a process does it.

    Args:
        kind: a name of `jobs.kinds.KINDS`, whose arguments have been checked.
    """
    with context.db.writing() as session:
        job = jobs.add_job(session, kind, dict(args), context.who, now())
    ensure_runner(context)
    return job


def ensure_runner(context: Context) -> bool:
    """Start the process that does the jobs of this workspace, if any waits; return whether it was started.

    A second one finds the first at work and ends at once.
    """
    with context.db.writing() as session:
        jobs.fail_silent_jobs(session, SILENT, now())
        waits = any(job.state == "waiting" for job in jobs.list_jobs(session))
    if not waits:
        return False
    folder = context.workspace.jobs
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "annotate.jobs", str(context.workspace.root)]
    with (folder / "runner.log").open("ab") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    threading.Thread(target=process.wait, daemon=True).start()  # so that no dead process is left behind
    return True


def stop_job(context: Context, job_id: int) -> Job:
    """Ask a job to stop; what it has done is kept.

    Raises:
        NotFound: there is no such job.
    """
    with context.db.writing() as session:
        return jobs.stop_job(session, job_id, now())


def get_job(context: Context, job_id: int) -> Job:
    """Return one job.

    Raises:
        NotFound: there is no such job.
    """
    with context.db.reading() as session:
        return jobs.get_job(session, job_id)


def list_jobs(context: Context, kind: str | None = None, limit: int = 50) -> tuple[Job, ...]:
    """Return the newest jobs, newest first; those whose process has died are ended."""
    with context.db.writing() as session:
        jobs.fail_silent_jobs(session, SILENT, now())
        return jobs.list_jobs(session, kind, limit)


def take_job(context: Context) -> Job | None:
    """Take the job that has waited longest; for the process that does them."""
    with context.db.writing() as session:
        return jobs.take_job(session, os.getpid(), now())


def beat(context: Context, job_id: int, done: int, total: int | None, message: str) -> bool:
    """Tell how far a job is; return whether it should go on."""
    with context.db.writing() as session:
        return jobs.beat(session, job_id, done, total, message, now())


def end_job(context: Context, job_id: int, state: Literal["done", "failed", "stopped"], message: str) -> None:
    """Tell how a job ended: `done`, `failed` or `stopped`."""
    with context.db.writing() as session:
        jobs.end_job(session, job_id, state, message, now())
