"""The door: nothing without a login, nothing for other sites, nothing outside the workspace, nothing too large."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient
from small_pool import put_picture, put_row

from annotate.rest.api import create_api
from annotate.rest.guard import MAX_BODY
from annotate.workflow import people
from annotate.workflow.context import Context


def _stranger(context: Context) -> TestClient:
    return TestClient(create_api(context), base_url="http://labels.example", client=("10.0.0.9", 5))


def _routes(context: Context) -> Iterator[tuple[str, str]]:
    for path, methods in create_api(context).openapi()["paths"].items():
        for method in methods:
            yield method.upper(), path


def test_every_route__answers_401_without_a_login(context: Context) -> None:
    people.add_user(context, "wang", "annotator", "wang-password")
    image_id = put_picture(context)
    stranger = _stranger(context)
    closed = [one for one in _routes(context) if one[1] not in ("/api/login", "/api/health")]
    assert len(closed) > 15
    for method, path in closed:
        ids = {"image_id": image_id, "region_id": "a", "job_id": 1, "dataset_id": 1, "upload": "0" * 32}
        filled = path.format(**ids, rev=0, name="wang")
        answer = stranger.request(method, filled, json={} if method in ("POST", "PUT") else None)
        assert answer.status_code == 401, (method, path, answer.text)
    assert stranger.get("/api/openapi.json").status_code == 401
    assert stranger.get("/gradio_api/info").status_code == 401
    assert stranger.get("/api/health").json()["ok"] is True


def test_without_users__only_this_machine_is_served(context: Context, client: TestClient) -> None:
    assert client.get("/api/me").json()["role"] == "admin"
    assert _stranger(context).get("/api/me").status_code == 403
    # A foreign name that points to 127.0.0.1 (DNS rebinding) is not this machine either.
    assert client.get("/api/me", headers={"host": "evil.example:7860"}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [{"origin": "http://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}],
)
def test_requests_of_another_site__change_nothing(
    log_in: Callable[..., TestClient], context: Context, headers: dict[str, str]
) -> None:
    wang = log_in("wang")
    image_id = put_picture(context)
    body = {"base_rev": 0, "regions": [], "status": "rejected"}
    assert wang.put(f"/api/images/{image_id}/doc", json=body, headers=headers).status_code == 403
    own = {"origin": "http://labels.example"}
    assert wang.put(f"/api/images/{image_id}/doc", json=body, headers=own).status_code == 200


def test_login__gives_a_cookie_that_scripts_and_other_sites_cannot_use(
    log_in: Callable[..., TestClient], context: Context
) -> None:
    people.add_user(context, "li", "annotator", "li-password")
    answer = _stranger(context).post("/api/login", json={"name": "li", "password": "li-password"})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_login__makes_guessers_wait(context: Context) -> None:
    people.add_user(context, "wang", "annotator", "wang-password")
    stranger = _stranger(context)
    for _ in range(10):
        assert stranger.post("/api/login", json={"name": "wang", "password": "guess"}).status_code == 401
    assert stranger.post("/api/login", json={"name": "wang", "password": "wang-password"}).status_code == 429


def test_logout__ends_the_session(log_in: Callable[..., TestClient]) -> None:
    wang = log_in("wang")
    cookie = wang.cookies["annotate_session"]
    assert wang.post("/api/logout").status_code == 204
    assert wang.get("/api/me", headers={"cookie": f"annotate_session={cookie}"}).status_code == 401


def test_disabled_user__is_out(
    log_in: Callable[..., TestClient], context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotate.rest.guard._REMEMBERED_S", 0.0)
    wang = log_in("wang")
    people.disable_user(context, "wang")
    assert wang.get("/api/me").status_code == 401
    assert wang.post("/api/login", json={"name": "wang", "password": "wang-password"}).status_code == 401


def test_users__are_for_admins(log_in: Callable[..., TestClient]) -> None:
    assert log_in("wang").get("/api/users").status_code == 403
    boss = log_in("boss", role="admin")
    assert boss.post("/api/users", json={"name": "new", "password": "long enough"}).status_code == 201
    assert boss.post("/api/users", json={"name": "../x", "password": "long enough"}).status_code == 422
    assert boss.post("/api/users", json={"name": "x", "password": "short"}).status_code == 422
    assert [user["name"] for user in boss.get("/api/users").json()] == ["boss", "new", "wang"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/images/..%2f..%2fworkspace.yaml/media",
        "/api/images/%2fetc%2fpasswd/media",
        "/api/images/../../etc/passwd",
        "/api/images/....//media",
        "/ui/..%2f..%2f..%2fannotate.db",
    ],
)
def test_media__takes_no_paths(client: TestClient, context: Context, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in (404, 422)
    assert b"root:" not in answer.content


def test_media__of_a_row_that_points_outside_the_workspace(client: TestClient, context: Context) -> None:
    put_row(context, "b" * 64, "evil.jpg", "../../../../etc/passwd", (10, 10), copied=True)
    answer = client.get(f"/api/images/{'b' * 64}/media")
    assert answer.status_code == 422
    assert "outside the workspace" in answer.json()["detail"]


def test_media__of_a_deleted_file_says_so_and_its_labels_stay(client: TestClient, context: Context) -> None:
    image_id = put_picture(context)
    next(context.workspace.media.rglob("*.jpg")).unlink()
    answer = client.get(f"/api/images/{image_id}/media")
    assert answer.status_code == 404
    assert "no longer there" in answer.json()["detail"]
    assert client.put(f"/api/images/{image_id}/doc", json={"base_rev": 0, "regions": []}).status_code == 200


def test_bodies__that_are_too_large_are_refused(client: TestClient, context: Context) -> None:
    image_id = put_picture(context)
    path = f"/api/images/{image_id}/doc"
    big = {"content-length": str(MAX_BODY + 1), "content-type": "application/json"}
    assert client.put(path, content=b"{}", headers=big).status_code == 413

    def pieces() -> Iterator[bytes]:  # says nothing of its length
        yield b'{"base_rev": 0, "regions": [], "pad": "'
        for _ in range(MAX_BODY // 2**20 + 1):
            yield b"x" * 2**20

    answer = client.put(path, content=pieces(), headers={"content-type": "application/json"})
    assert answer.status_code == 413


def test_names__with_script_are_told_as_text(client: TestClient, context: Context) -> None:
    image_id = put_picture(context, name='<img src=x onerror="alert(1)">.jpg')
    answer = client.get(f"/api/images/{image_id}/doc")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.json()["name"].startswith("<img")
