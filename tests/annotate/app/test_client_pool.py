"""The client's ways around the pool: look through it, change, take out, bring back, settle twins, send files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from small_pool import box, put_picture

from annotate.client import Client
from annotate.errors import NotFound, ServiceError
from annotate.jobs.runner import run_jobs
from annotate.records import Twin
from annotate.rest.api import create_api
from annotate.store import twins
from annotate.workflow import labels
from annotate.workflow.context import Context
from synthtext.errors import UserError


@pytest.fixture
def server(context: Context, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """A client whose requests go to the routes themselves, without a network."""
    monkeypatch.setattr("annotate.workflow.jobs.ensure_runner", lambda _context: False)
    client = Client("http://127.0.0.1:7860")
    client.close()
    app = create_api(context)
    with TestClient(app, base_url="http://127.0.0.1:7860", client=("127.0.0.1", 5)) as routes:
        client._http = routes
        yield client


def test_pool__by_page_and_filter(server: Client, context: Context) -> None:
    for n in range(3):
        put_picture(context, f"{n}.jpg", seed=n)
    first = server.pool(limit=2)
    assert [one.name for one in first.pictures] == ["2.jpg", "1.jpg"]
    assert first.count == 3
    assert [one.name for one in server.pool(after=first.next, limit=2).pictures] == ["0.jpg"]
    assert [one.name for one in server.pool(text="1.jpg").pictures] == ["1.jpg"]
    assert server.pool(tag="none").pictures == ()
    with pytest.raises(UserError):
        server.pool(limit=0)


def test_change_delete_restore(server: Client, context: Context) -> None:
    ids = [put_picture(context, f"{n}.jpg", seed=n) for n in range(2)]
    assert server.change(ids, add_tags=["sign"], status="skipped").changed == 2
    assert {(one.status, one.tags) for one in server.pool(tag="sign").pictures} == {("skipped", ("sign",))}
    with pytest.raises(UserError):
        server.change(ids, status="dancing")
    labels.save(context, ids[0], 1, [box("a", text="kept")])
    assert server.delete(ids[:1]).changed == 1
    assert [one.id for one in server.pool().pictures] == ids[1:]
    with pytest.raises(NotFound):
        server.doc(ids[0])
    assert server.restore(ids[:1]).changed == 1
    assert server.doc(ids[0]).regions[0].text == "kept"


def test_twins__settled(server: Client, context: Context) -> None:
    a, b = (put_picture(context, f"{n}.jpg", seed=n) for n in range(2))
    with context.db.writing() as session:
        twins.link(session, [Twin(b, a, "phash", 0.99)])
    (group,) = server.twins().groups
    assert {one.id for one in group} == {a, b}
    assert server.settle_twins([a, b], [b]).changed == 1
    assert server.twins().groups == ()
    assert [one.id for one in server.pool().pictures] == [b]


def test_upload__sends_files_and_asks_for_the_job(server: Client, context: Context, tmp_path: Path) -> None:
    put = put_picture(context, "there.jpg")
    file = tmp_path / "新.jpg"
    file.write_bytes(server.picture(put) + b"other")
    job = server.upload([file], tags=["new"])
    assert (job.kind, job.state) == ("upload", "waiting")
    run_jobs(context.workspace.root)
    done = server.wait(job, every_s=0.01)
    assert (done.state, done.message) == ("done", "1 added")
    assert [(one.name, one.tags) for one in server.pool(tag="new").pictures] == [("新.jpg", ("new",))]
    text = tmp_path / "notes.txt"
    text.write_text("no picture")
    with pytest.raises(UserError, match="pictures, videos"):
        server.upload([text])


def test_picture__whose_file_is_gone(server: Client, context: Context) -> None:
    image_id = put_picture(context)
    next(context.workspace.media.rglob("*.jpg")).unlink()
    with pytest.raises(NotFound, match="no longer there"):
        server.picture(image_id)


def test_answers__that_are_no_json_are_told(server: Client) -> None:
    server._http = httpx.Client(
        base_url="http://127.0.0.1:1", transport=httpx.MockTransport(lambda _: httpx.Response(502, text="<html>"))
    )
    with server._http, pytest.raises(ServiceError, match="Bad Gateway"):
        server.batches()
