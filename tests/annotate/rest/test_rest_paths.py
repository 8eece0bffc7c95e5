"""Names and paths that requests bring: none leads out of the workspace, runs code or asks another machine."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from small_pool import put_picture, put_row

from annotate.rest.api import create_api
from annotate.workflow.context import Context, open_context

TRICKS = ("..", "../..", "/etc/passwd", "..\\..\\x", "a\0b", "%2e%2e%2f", "....//", "~root", "C:\\x", "\u2025/x")


def _png() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (40, 30), (90, 60, 30)).save(data, "PNG")
    return data.getvalue()


@pytest.mark.parametrize("times", [1, 2], ids=["encoded", "encoded twice"])
@pytest.mark.parametrize("trick", TRICKS)
def test_pictures__take_no_paths(client: TestClient, context: Context, trick: str, times: int) -> None:
    put_picture(context)
    for _ in range(times):
        trick = quote(trick, safe="")
    for path in ("media", "thumb", "doc", "history", "regions/a/crop"):
        answer = client.get(f"/api/images/{trick}/{path}")
        assert answer.status_code in (404, 422), (path, answer.text)
        assert b"root:" not in answer.content
    for path in (f"/ui/{trick}", f"/api/datasets/{trick}/archive", f"/api/jobs/{trick}"):
        answer = client.get(path)
        assert answer.status_code in (404, 405, 422), path
        assert b"root:" not in answer.content


def test_media__of_a_link_out_of_the_workspace(client: TestClient, context: Context, tmp_path: Path) -> None:
    outside = tmp_path / "outside.png"
    outside.write_bytes(_png())
    link = context.workspace.media / "aa" / "link.png"
    link.parent.mkdir(parents=True)
    link.symlink_to(outside)
    put_row(context, "a" * 64, "link.png", "media/aa/link.png", (40, 30), copied=True)
    for path in ("media", "thumb", "crop?points=0,0,9,0,9,9,0,9"):
        answer = client.get(f"/api/images/{'a' * 64}/{path}")
        assert answer.status_code == 422, path
        assert "outside the workspace" in answer.json()["detail"]


@pytest.mark.parametrize("trick", TRICKS)
def test_uploads__keep_files_in_their_folder(client: TestClient, context: Context, tmp_path: Path, trick: str) -> None:
    before = {path for path in tmp_path.rglob("*") if "annotate.db" not in path.name}
    upload = client.post("/api/uploads").json()["upload"]
    for name in (f"{trick}.png", f"{trick}/evil.png", f"{trick}\\evil.png", quote(trick, safe="") + ".png"):
        answer = client.post(f"/api/uploads/{upload}", params={"name": name}, content=_png())
        assert answer.status_code in (201, 422), answer.text
    made = {path for path in tmp_path.rglob("*") if "annotate.db" not in path.name} - before
    folder = context.workspace.uploads / upload
    assert all(path.is_relative_to(context.workspace.uploads) for path in made)
    for file in folder.glob("*/*"):
        assert file.parent.parent == folder
        assert not set(file.name) & set('/\\\0:*?"<>|')
    for upload in (trick, quote(trick, safe=""), quote(quote(trick, safe=""), safe="")):
        answer = client.post(f"/api/uploads/{quote(upload, safe='')}", params={"name": "a.png"}, content=_png())
        assert answer.status_code in (404, 405, 422), answer.text


JOBS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("add", {"paths": ["/tmp/a\0b"]}, "paths"),
    ("add", {"paths": [""]}, "paths"),
    ("import", {"path": "/tmp/a\0b"}, "path"),
    ("export", {"name": "../out", "formats": ["icdar2015"]}, "name"),
    ("export", {"name": "a\0b", "formats": ["icdar2015"]}, "name"),
    ("generate", {"name": "..", "preset": "rec-zh", "count": 1}, "name"),
    # A reader of one's choice would run code of a module, read files, or send pictures to an address.
    ("prelabel", {"reader": "python:antigravity:fly"}, "reader"),
    ("prelabel", {"reader": "http://evil.example/read"}, "reader"),
    ("prelabel", {"reader": "onnx:rec=/etc/passwd"}, "reader"),
    # So would other settings of a run name files of the machine.
    (
        "generate",
        {"name": "a", "preset": "rec-zh", "count": 1, "overrides": {"text.corpus": ["/etc/passwd"]}},
        "cannot be changed here",
    ),
)


@pytest.mark.parametrize(("kind", "args", "told"), JOBS)
def test_jobs__take_no_paths_but_those_of_admins(
    client: TestClient, context: Context, kind: str, args: dict[str, Any], told: str
) -> None:
    answer = client.post("/api/jobs", json={"kind": kind, "args": args})
    assert answer.status_code == 422
    assert told in answer.json()["detail"]
    assert client.get("/api/jobs").json() == []


def test_nul__is_a_clear_refusal_on_either_database(db_url: str, tmp_path: Path) -> None:
    with open_context(tmp_path / "nul", create=True, db=db_url) as context:
        image_id = put_picture(context)
        api = create_api(context)
        with TestClient(api, base_url="http://127.0.0.1:7860", client=("127.0.0.1", 5)) as client:
            ids = {"image_ids": [image_id]}
            asked = [
                client.get("/api/pool", params={"text": "a\0b"}),
                client.get("/api/pool", params={"tag": "a\0b"}),
                client.get("/api/wall", params={"text": "a\0b"}),
                client.get("/api/images/a%00b/doc"),
                client.post("/api/pool/change", json={**ids, "add_tags": ["a\0b"]}),
                client.post("/api/batches", json={**ids, "name": "a\0b"}),
                client.post("/api/users", json={"name": "a\0b", "password": "long enough"}),
                client.post("/api/login", json={"name": "a\0b", "password": "long enough"}),
            ]
    assert {one.status_code for one in asked} <= {200, 201, 401, 404, 422}
