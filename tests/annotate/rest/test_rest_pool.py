"""Routes of the pool: what is listed, who may change it, what happens to files, what uploads may be."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from small_pool import box, put_picture, put_row

from annotate.jobs.runner import run_jobs
from annotate.records import Twin
from annotate.store import twins
from annotate.workflow import labels
from annotate.workflow.context import Context

LogIn = Callable[..., TestClient]


@pytest.fixture(autouse=True)
def _no_runner(monkeypatch: pytest.MonkeyPatch) -> None:
    # Jobs are done by `run_jobs` in the tests themselves.
    monkeypatch.setattr("annotate.workflow.jobs.ensure_runner", lambda _context: False)


def _names(client: TestClient, **which: Any) -> list[str]:
    answer = client.get("/api/pool", params=which)
    assert answer.status_code == 200, answer.text
    return [one["name"] for one in answer.json()["pictures"]]


def _png(shade: int = 120, size_wh: tuple[int, int] = (64, 48)) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", size_wh, (shade, 90, 60)).save(data, "PNG")
    return data.getvalue()


def test_pool__is_listed_by_page_and_tells_no_path(context: Context, client: TestClient) -> None:
    for n in range(5):
        put_picture(context, f"{n}.jpg", seed=n)
    first = client.get("/api/pool", params={"limit": 2}).json()
    assert [one["name"] for one in first["pictures"]] == ["4.jpg", "3.jpg"]
    assert (first["count"], first["counted"]) == (5, True)
    assert "path" not in first["pictures"][0]
    assert _names(client, limit=2, after=first["next"]) == ["2.jpg", "1.jpg"]
    assert client.get("/api/pool", params={"limit": 0}).status_code == 422
    assert str(context.workspace.root) not in client.get("/api/pool/choices").text


def test_pool__filters(context: Context, client: TestClient) -> None:
    small = put_picture(context, "small.jpg", (100, 80))
    large = put_picture(context, "large.jpg", (900, 700))
    labels.save(context, small, 0, [box("a", text="Bakery 面包")], "confirmed")
    client.post("/api/pool/change", json={"image_ids": [large], "add_tags": ["sign"]})
    source = client.get("/api/pool/choices").json()["sources"][0]["id"]
    rows: list[tuple[dict[str, Any], list[str]]] = [
        ({"status": "confirmed"}, ["small.jpg"]),
        ({"status": ["confirmed", "todo"]}, ["large.jpg", "small.jpg"]),
        ({"tag": "sign"}, ["large.jpg"]),
        ({"source": source}, ["large.jpg", "small.jpg"]),
        ({"source": source + 1}, []),
        ({"clip": "none"}, []),
        ({"min_side": 500}, ["large.jpg"]),
        ({"max_side": 500}, ["small.jpg"]),
        ({"text": "bakery"}, ["small.jpg"]),
        ({"text": "面包"}, ["small.jpg"]),
        ({"text": "LARGE"}, ["large.jpg"]),
        ({"text": "%"}, []),
        ({"added_from": "2000-01-01"}, ["large.jpg", "small.jpg"]),
        ({"added_to": "2000-01-01T00:00:00+08:00"}, []),
        ({"min_boxes": 1, "text": "bakery"}, ["small.jpg"]),
        ({"deleted": True}, []),
    ]
    for which, expected in rows:
        assert _names(client, **which) == expected, which
    assert client.get("/api/pool/ids", params={"tag": "sign"}).json() == [large]
    assert client.get("/api/pool", params={"status": "dancing"}).status_code == 422


def test_change__tags_status_and_source(context: Context, client: TestClient) -> None:
    ids = [put_picture(context, f"{n}.jpg", seed=n) for n in range(2)]
    labels.save(context, ids[0], 0, [box("a")], "confirmed")
    body = {"image_ids": ids, "add_tags": ["night"], "status": "skipped", "source": "夜景"}
    assert client.post("/api/pool/change", json=body).json() == {"changed": 2, "refused": []}
    page = client.get("/api/pool").json()["pictures"]
    assert {(one["status"], *one["tags"]) for one in page} == {("skipped", "night")}
    # What a status was before can be read in the history.
    assert [edit["action"] for edit in client.get(f"/api/images/{ids[0]}/history").json()] == ["confirm", "skip"]
    named = next(one for one in client.get("/api/pool/choices").json()["sources"] if one["name"] == "夜景")
    assert named["pictures"] == 2
    assert client.post("/api/pool/change", json=body).json()["changed"] == 0
    assert client.post("/api/pool/change", json={"image_ids": ids, "remove_tags": ["night"]}).json()["changed"] == 2
    assert client.get("/api/pool/choices").json()["tags"] == []
    for bad in ({}, {"status": "confirmed"}, {"add_tags": [""]}, {"add_tags": ["x" * 65]}, {"source": " "}):
        assert client.post("/api/pool/change", json={"image_ids": ids, **bad}).status_code == 422, bad
    assert client.post("/api/pool/change", json={"image_ids": [], "add_tags": ["a"]}).status_code == 422


def test_delete__keeps_labels_and_files_and_can_be_undone(context: Context, client: TestClient, tmp_path: Path) -> None:
    copied = put_picture(context, "copied.jpg")
    labels.save(context, copied, 0, [box("a")], "confirmed")
    file = tmp_path / "mine.png"
    file.write_bytes(_png())
    put_row(context, "c" * 64, "mine.png", str(file), (64, 48), copied=False)
    inside = next(context.workspace.media.rglob("*.jpg"))
    both = {"image_ids": [copied, "c" * 64]}
    assert client.post("/api/pool/delete", json=both).json()["changed"] == 2
    assert _names(client) == []
    assert client.get("/api/pool").json()["count"] == 0
    assert _names(client, deleted=True) == ["mine.png", "copied.jpg"]
    assert file.read_bytes() == _png()
    assert not inside.exists()
    binned = context.workspace.trash / inside.relative_to(context.workspace.root)
    assert binned.is_file()
    # People who look into the trash still see what is there.
    assert client.get(f"/api/images/{copied}/thumb").status_code == 200
    assert client.get(f"/api/images/{copied}/doc").status_code == 404
    assert client.post("/api/pool/delete", json=both).json()["changed"] == 0
    assert client.post("/api/pool/restore", json=both).json() == {"changed": 2, "refused": []}
    assert inside.is_file()
    assert client.get(f"/api/images/{copied}/doc").json()["regions"][0]["text"] == "text"
    client.post("/api/pool/delete", json=both)
    binned.unlink()
    answer = client.post("/api/pool/restore", json=both).json()
    assert answer["changed"] == 1
    assert "add it again" in answer["refused"][0]
    assert _names(client) == ["mine.png"]


def test_search__finds_nothing_that_was_taken_out(context: Context, client: TestClient) -> None:
    kept, gone = (put_picture(context, f"{n}.jpg", seed=n) for n in range(2))
    for image_id in (kept, gone):
        labels.save(context, image_id, 0, [box("a", text="锦旗")], "confirmed")

    def found(**which: Any) -> list[str]:
        answer = client.post("/api/search", json={"written": {"words": ["锦旗"]}, "which": which})
        assert answer.status_code == 200, answer.text
        return [hit["image_id"] for hit in answer.json()["hits"]]

    assert found() == found(statuses=["confirmed"]) == [kept, gone]
    client.post("/api/pool/delete", json={"image_ids": [gone]})
    assert found() == found(statuses=["confirmed"]) == [kept]
    asked = {"written": {"words": ["锦旗"]}, "which": {"deleted": True}}
    assert client.post("/api/search", json=asked).status_code == 422


def test_twins__in_groups_settled(context: Context, client: TestClient) -> None:
    a, b, c, d, e = (put_picture(context, f"{n}.jpg", seed=n) for n in range(5))
    links = [Twin(b, a, "phash", 0.99), Twin(c, b, "clip", 0.98), Twin(e, d, "phash", 0.97)]
    with context.db.writing() as session:
        twins.link(session, links)
    found = client.get("/api/pool/twins").json()
    groups = {frozenset(one["name"] for one in group) for group in found["groups"]}
    assert groups == {frozenset({"0.jpg", "1.jpg", "2.jpg"}), frozenset({"3.jpg", "4.jpg"})}
    assert found["next"] is None
    one = client.get("/api/pool/twins", params={"limit": 1}).json()
    two = client.get("/api/pool/twins", params={"limit": 1, "after": one["next"]}).json()
    assert {frozenset(p["name"] for p in g) for g in one["groups"] + two["groups"]} == groups
    assert two["next"] is None
    # One of three stays.
    body = {"image_ids": [a, b, c], "keep": [b]}
    assert client.post("/api/pool/twins/settle", json=body).json()["changed"] == 2
    assert _names(client) == ["4.jpg", "3.jpg", "1.jpg"]
    # Both stay, and are not shown again.
    assert client.post("/api/pool/twins/settle", json={"image_ids": [d, e], "keep": [d, e]}).json()["changed"] == 1
    assert client.get("/api/pool/twins").json()["groups"] == []
    assert len(_names(client)) == 3
    for keep in ([], ["nobody"]):
        assert client.post("/api/pool/twins/settle", json={"image_ids": [d, e], "keep": keep}).status_code == 422


def test_uploads__are_added_by_a_job(context: Context, client: TestClient) -> None:
    upload = client.post("/api/uploads").json()["upload"]
    # Two of the same name, and one that tries to go elsewhere.
    for name, shade in (("IMG_1.png", 10), ("IMG_1.png", 200), ("../../../evil.png", 90)):
        answer = client.post(f"/api/uploads/{upload}", params={"name": name}, content=_png(shade))
        assert answer.json() == {"bytes": len(_png(shade))}
    assert not list(context.workspace.root.parent.glob("**/evil.png.part"))
    asked = {"kind": "upload", "args": {"upload": upload, "tags": ["new"]}}
    assert client.post("/api/jobs", json=asked).status_code == 201
    assert run_jobs(context.workspace.root) == 1
    assert client.get("/api/jobs").json()[0]["message"] == "3 added"
    page = client.get("/api/pool").json()["pictures"]
    assert sorted(one["name"] for one in page) == ["IMG_1.png", "IMG_1.png", "evil.png"]
    assert {one["tags"][0] for one in page} == {"new"}
    assert [(one["kind"], one["name"]) for one in client.get("/api/pool/choices").json()["sources"]] == [
        ("upload", "local")
    ]
    assert client.get(f"/api/images/{page[0]['id']}/media").status_code == 200
    assert not list(context.workspace.uploads.iterdir())
    client.post("/api/jobs", json=asked)
    run_jobs(context.workspace.root)
    failed = client.get("/api/jobs").json()[0]
    assert (failed["state"], "has been added" in failed["message"]) == ("failed", True)


@pytest.mark.parametrize("name", ["paths.txt", "a.list", "run.sh", ".png", "..", "x", "a.png\0.exe"])
def test_uploads__of_what_cannot_be_added_are_refused(context: Context, client: TestClient, name: str) -> None:
    upload = client.post("/api/uploads").json()["upload"]
    answer = client.post(f"/api/uploads/{upload}", params={"name": name}, content=b"/etc/passwd\n")
    assert answer.status_code == 422, answer.text
    assert not list((context.workspace.uploads / upload).iterdir())


@pytest.mark.parametrize("upload", ["..", "%2e%2e%2fmedia", "0" * 32, "A" * 32])
def test_uploads__take_no_paths(context: Context, client: TestClient, upload: str) -> None:
    put_picture(context)
    answer = client.post(f"/api/uploads/{upload}", params={"name": "a.png"}, content=_png())
    assert answer.status_code in (404, 405)
    asked = {"kind": "upload", "args": {"upload": "../media"}}
    assert client.post("/api/jobs", json=asked).status_code == 422


def test_pool__roles(context: Context, log_in: LogIn) -> None:
    image_id = put_picture(context)
    wang, zhao, boss = log_in("wang"), log_in("zhao", role="reviewer"), log_in("boss", role="admin")
    ids = {"image_ids": [image_id]}
    assert wang.get("/api/pool").status_code == 200
    closed = ("/api/pool/delete", "/api/pool/restore")
    for path in closed:
        assert wang.post(path, json=ids).status_code == 403
    # What was taken out is seen by those who may bring it back.
    for path in ("/api/pool", "/api/pool/ids"):
        assert wang.get(path, params={"deleted": True}).status_code == 403
        assert zhao.get(path, params={"deleted": True}).status_code == 200
    assert wang.post("/api/pool/change", json={**ids, "add_tags": ["a"]}).status_code == 403
    assert wang.post("/api/pool/twins/settle", json={**ids, "keep": [image_id]}).status_code == 403
    assert wang.post("/api/uploads").status_code == 403
    upload = zhao.post("/api/uploads").json()["upload"]
    assert wang.post(f"/api/uploads/{upload}", params={"name": "a.png"}, content=b"").status_code == 403
    assert zhao.post("/api/pool/change", json={**ids, "add_tags": ["a"]}).status_code == 200
    assert zhao.post("/api/pool/change", json={**ids, "source": "a"}).status_code == 403
    assert boss.post("/api/pool/change", json={**ids, "source": "a"}).status_code == 200
    # Paths of the server's machine are for admins alone.
    asked = {"kind": "add", "args": {"paths": ["/etc"]}}
    assert zhao.post("/api/jobs", json=asked).status_code == 403
    elsewhere = {"origin": "http://evil.example"}
    assert zhao.post("/api/pool/delete", json=ids, headers=elsewhere).status_code == 403
    assert zhao.post("/api/uploads", headers=elsewhere).status_code == 403


def test_set_status__of_a_picture_that_somebody_saves_meanwhile(
    context: Context, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    image_id = put_picture(context)
    opened = labels.open_doc

    def overtaken(here: Context, one: str) -> Any:
        doc = opened(here, one)
        labels.save(replace(here, who="li"), one, doc.rev, [box("a")])
        return doc

    monkeypatch.setattr("annotate.workflow.pool.labels.open_doc", overtaken)
    answer = client.post("/api/pool/change", json={"image_ids": [image_id], "status": "rejected"}).json()
    assert answer["changed"] == 0
    assert "saved by somebody else" in answer["refused"][0]
