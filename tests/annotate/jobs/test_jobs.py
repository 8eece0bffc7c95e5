"""Long work in a process of its own: done, told, stopped, survived."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from annotate.jobs import kinds
from annotate.jobs.kinds import KINDS, AddArgs, Kind, Tell
from annotate.jobs.runner import run_jobs
from annotate.records import Job
from annotate.store.jobs import add_job
from annotate.workflow import jobs
from annotate.workflow.context import Context
from synthtext.errors import UserError


def _ask(context: Context, kind: str, **args: object) -> Job:
    """Ask for a job without a process that does it."""
    with context.db.writing() as session:
        return add_job(session, kind, dict(args), context.who, jobs.now())


def _until(context: Context, job_id: int, state: str, seconds: float = 60) -> Job:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        job = jobs.get_job(context, job_id)
        if job.state == state:
            return job
        time.sleep(0.1)
    raise AssertionError(f"{job}\n{(context.workspace.jobs / 'runner.log').read_text()}")


def test_start_job__adds_pictures_in_a_process_of_its_own(context: Context, write_picture: Callable[..., Path]) -> None:
    folder = write_picture("a.jpg").parent
    write_picture("b.jpg", seed=1)
    job = _until(context, jobs.start_job(context, "add", {"paths": [str(folder)]}).id, "done")
    assert job.message == "2 added"
    assert (job.done, job.total) == (2, 2)
    assert job.pid != os.getpid()


def test_run_jobs__goes_on_after_one_that_fails(
    context: Context, write_picture: Callable[..., Path], tmp_path: Path
) -> None:
    wrong = _ask(context, "add", paths=[str(tmp_path / "nowhere")])
    broken = _ask(context, "add", paths="no list")
    right = _ask(context, "add", paths=[str(write_picture("a.jpg"))])
    assert run_jobs(context.workspace.root) == 3
    assert jobs.get_job(context, wrong.id).state == "failed"
    assert "nowhere" in jobs.get_job(context, wrong.id).message
    assert "paths" in jobs.get_job(context, broken.id).message
    assert jobs.get_job(context, right.id).state == "done"


def test_stop_job__ends_it_at_its_next_step(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(_context: Context, _args: AddArgs, tell: Tell) -> str:
        for done in range(10_000):
            time.sleep(0.01)
            tell(done, None, "at it")
            if done == 5:
                jobs.stop_job(context, job.id)
        return "never"

    monkeypatch.setitem(KINDS, "add", Kind(AddArgs, "admin", endless))
    job = _ask(context, "add", paths=["x"])
    run_jobs(context.workspace.root)
    ended = jobs.get_job(context, job.id)
    assert (ended.state, ended.message) == ("stopped", "stopped; what is done is kept")
    assert 5 <= ended.done < 9_999


def test_stop_job__that_still_waits_is_never_done(context: Context) -> None:
    job = _ask(context, "add", paths=["x"])
    assert jobs.stop_job(context, job.id).state == "stopped"
    assert run_jobs(context.workspace.root) == 0


@pytest.mark.slow
def test_generate__is_stopped_with_its_process_and_goes_on(context: Context) -> None:
    args = {"name": "mine", "preset": "rec-en", "count": 3000}
    first = jobs.start_job(context, "generate", args)
    until = time.monotonic() + 90
    while (job := jobs.get_job(context, first.id)).done == 0 and time.monotonic() < until:
        time.sleep(0.1)
    assert job.pid is not None, job
    assert os.getpriority(os.PRIO_PROCESS, job.pid) >= 10
    os.kill(job.pid, signal.SIGTERM)
    assert _until(context, first.id, "stopped").done < 3000
    again = _until(context, jobs.start_job(context, "generate", args).id, "done", 120)
    assert (again.message, again.done) == ("3000 samples in runs/mine", 3000)
    assert (context.workspace.root / "runs" / "mine" / "manifest.json").is_file()


def test_job_whose_process_died__is_ended_and_told(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    job = _ask(context, "add", paths=["x"])
    jobs.take_job(context)
    monkeypatch.setattr(jobs, "SILENT", -jobs.SILENT)
    found = jobs.list_jobs(context)[0]
    assert (found.id, found.state) == (job.id, "failed")
    assert "died" in found.message


@pytest.mark.parametrize(
    ("kind", "args", "told"),
    [
        ("dance", {}, "no kind of job"),
        ("generate", {"name": "../up", "preset": "rec-en", "count": 1}, "name"),
        ("generate", {"name": "a", "preset": "rec-en", "count": 0}, "count"),
        ("embed", {"rebuild": "perhaps"}, "rebuild"),
        ("add", {"paths": []}, "paths"),
        ("add", {"paths": ["a"], "shell": "rm"}, "shell"),
    ],
)
def test_checked__says_what_is_wrong(kind: str, args: dict[str, object], told: str) -> None:
    with pytest.raises(UserError, match=told):
        kinds.checked(kind, args)


def test_routes__ask_for_roles(context: Context) -> None:
    from annotate.rest.api import create_api
    from annotate.workflow import people

    people.add_user(context, "wang", "annotator", "wang-password")
    browser = TestClient(create_api(context), base_url="http://labels.example", client=("10.0.0.7", 5))
    browser.post("/api/login", json={"name": "wang", "password": "wang-password"})
    assert browser.post("/api/jobs", json={"kind": "add", "args": {"paths": ["/etc"]}}).status_code == 403
    assert browser.post("/api/jobs", json={"kind": "add", "args": {}}).status_code == 422
    assert browser.get("/api/jobs").json() == []


def test_prelabel__reads_a_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from small_pool import put_batch, put_picture

    from annotate.workflow.context import open_context
    from annotate.workflow.labels import open_doc

    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent.parent))
    with open_context(tmp_path / "w", create=True, reader="python:own_readers:Plain") as context:
        inside, outside = (put_picture(context, f"{number}.jpg") for number in range(2))
        job = _ask(context, "prelabel", batch=put_batch(context, "one", [inside]))
        run_jobs(context.workspace.root)
        assert jobs.get_job(context, job.id).state == "done", jobs.get_job(context, job.id)
        assert [region.text for region in open_doc(context, inside).regions] == ["120x30", "120x30"]
        assert open_doc(context, outside).regions == ()


def test_routes__tell_how_a_job_ended_in_the_language_asked_for(
    context: Context, write_picture: Callable[..., Path]
) -> None:
    from annotate.rest.api import create_api

    good = _ask(context, "add", paths=[str(write_picture("a.jpg"))])
    empty = _ask(context, "export", name="none", formats=["paddleocr"])
    assert run_jobs(context.workspace.root) == 2
    with TestClient(create_api(context), base_url="http://127.0.0.1:7860", client=("127.0.0.1", 50000)) as client:
        listed = {one["id"]: one for one in client.get("/api/jobs", headers={"accept-language": "zh-CN"}).json()}
        assert (listed[good.id]["message"], listed[good.id]["told"]) == ("1 added", "新增 1 张")
        assert listed[empty.id]["message"] == "nothing was left to write: there are no pictures"
        assert listed[empty.id]["told"] == "没有可导出的图片：符合所选状态和批次的一张也没有"
        assert client.get(f"/api/jobs/{good.id}").json()["told"] == "1 added"
