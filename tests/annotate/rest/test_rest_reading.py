"""Asking a reader over the routes: it suggests, it never overwrites, and its failures are told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from small_pool import box, put_picture

from annotate.rest.api import create_api
from annotate.store.database import now
from annotate.store.labels import save_doc
from annotate.workflow.context import Context


@pytest.fixture
def reading(context: Context, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A function that opens the routes with a reader of `own_readers`."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent.parent))
    opened: list[TestClient] = []

    def open_with(name: str) -> TestClient:
        settings = context.workspace.settings.model_copy(update={"reader": f"python:own_readers:{name}"})
        mine = replace(context, workspace=replace(context.workspace, settings=settings))
        client = TestClient(create_api(mine), base_url="http://127.0.0.1:7860", client=("127.0.0.1", 5))
        opened.append(client.__enter__())
        return client

    yield open_with
    for client in opened:
        client.__exit__(None, None, None)


def test_read__whole_picture_suggests_and_stores_no_region(reading: Any, context: Context) -> None:
    image_id = put_picture(context)
    client = reading("Plain")
    assert client.post(f"/api/images/{image_id}/open").json()["unread"] is True
    found = client.post(f"/api/images/{image_id}/read", json={}).json()
    assert [(region["text"], region["score"], region["origin"]) for region in found["regions"]] == [
        ("120x30", 0.95, "reader:plain 1"),
        ("120x30", 0.95, "reader:plain 1"),
    ]
    assert [readings[0]["char_scores"][-1] for readings in found["readings"].values()] == [0.5, 0.5]
    doc = client.get(f"/api/images/{image_id}/doc").json()
    assert (doc["rev"], doc["regions"]) == (0, [])
    assert client.post(f"/api/images/{image_id}/open").json()["unread"] is False


def test_read__matches_what_a_person_drew(reading: Any, context: Context) -> None:
    image_id = put_picture(context)
    mine = box("mine", x=22, y=41, w=118, h=29, text="by hand")
    with context.db.writing() as session:
        save_doc(session, image_id, 0, [mine], who="wang", action="save", at=now())
    found = reading("Plain").post(f"/api/images/{image_id}/read", json={}).json()
    assert found["readings"]["mine"][0]["text"] == "120x30"
    assert len(found["regions"]) == 1
    assert reading("Plain").get(f"/api/images/{image_id}/doc").json()["regions"][0]["text"] == "by hand"


def test_read__outlines_that_are_not_saved_yet(reading: Any, context: Context) -> None:
    image_id = put_picture(context)
    outlines = {"new": [[10, 10], [90, 10], [90, 30], [10, 30]]}
    found = reading("Plain").post(f"/api/images/{image_id}/read", json={"outlines": outlines}).json()
    assert (found["readings"]["new"][0]["text"], found["regions"]) == ("80x20", [])


def test_read__tells_of_a_reader_that_throws(reading: Any, context: Context) -> None:
    image_id = put_picture(context)
    answer = reading("Throwing").post(f"/api/images/{image_id}/read", json={})
    assert answer.status_code == 503
    assert "the engine is on fire" in answer.json()["detail"]


def test_read__gives_up_a_reader_that_hangs_and_labelling_goes_on(reading: Any, context: Context) -> None:
    image_id = put_picture(context)
    client = reading("Hanging")
    client.app.state.desk._timeout_s = 1.0
    answer = client.post(f"/api/images/{image_id}/read", json={})
    assert answer.status_code == 503
    assert "took longer than 1 s" in answer.json()["detail"]
    assert client.put(f"/api/images/{image_id}/doc", json={"base_rev": 0, "regions": []}).status_code == 200


@pytest.mark.parametrize("outlines", [{"a": [[0, 0], [1, 1]]}, {"a": "everywhere"}, {"a": [[0, 0], [1]]}])
def test_read__refuses_what_is_no_outline(reading: Any, context: Context, outlines: Any) -> None:
    image_id = put_picture(context)
    assert reading("Plain").post(f"/api/images/{image_id}/read", json={"outlines": outlines}).status_code == 422
