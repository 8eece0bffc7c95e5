"""Every route of the whole app, Gradio's included: shut without a login, shut to other sites, and no way around it."""

from __future__ import annotations

import gc
import hashlib
import sys
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from every_route import filled, routes_of
from fastapi import FastAPI
from fastapi.testclient import TestClient
from small_pool import box, put_batch, put_picture
from starlette.websockets import WebSocketDisconnect

from annotate.app.server import STATIC, create_app
from annotate.reasons import Reason, answer_of
from annotate.rest.guard import OPEN_PATHS
from annotate.workflow import labels, people, pool
from annotate.workflow.context import Context, open_context
from annotate.workflow.pool import Changes

SECRET = "klandestin"
SAFE = ("GET", "HEAD", "OPTIONS")
PAGES = ("/label", "/pool", "/search", "/wall", "/review", "/synthetic", "/datasets", "/dashboard")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FastAPI, Context, str]]:
    """The app of a workspace in which everything is secret, with an admin and an annotator."""
    root = tmp_path_factory.mktemp("secret") / SECRET
    with open_context(root, create=True) as context:
        image_id = put_picture(context, f"{SECRET}.jpg")
        pool.change(context, [image_id], Changes((SECRET,), (), None, None))
        put_batch(context, SECRET, [image_id])
        labels.save(context, image_id, 0, [replace(box("a", text=SECRET), state="confirmed")], "confirmed")
        people.add_user(context, "boss", "admin", "boss-password")
        people.add_user(context, "wang", "annotator", "wang-password")
        with warnings.catch_warnings():
            # Gradio leaves loops of asyncio open while it puts pages together.
            warnings.simplefilter("ignore", ResourceWarning)
            app = create_app(context)
            gc.collect()
        yield app, context, image_id


def _browser(app: FastAPI, name: str = "", **headers: str) -> TestClient:
    browser = TestClient(
        app, base_url="http://labels.example", client=("10.0.0.9", 5), follow_redirects=False, headers=headers
    )
    if name:
        assert browser.post("/api/login", json={"name": name, "password": f"{name}-password"}).status_code == 200
    return browser


def _all(app: FastAPI, image_id: str) -> list[tuple[str, str]]:
    values = {"image_id": image_id, "region_id": "a", "upload": "0" * 32, "name": "wang", "api_name": "search"}
    found = [(method, filled(path, **values)) for method, path in routes_of(app)]
    # The list is that of the app: ours, the pages, the mounted files and Gradio's own.
    known = {path for _, path in found}
    assert known > {"/api/search", f"/api/images/{image_id}/doc", "/gradio_api/queue/join", "/ui/", *PAGES}
    assert len(found) > 150
    return found


def _is_open(path: str) -> bool:
    return path in OPEN_PATHS or path.startswith("/ui/")


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_every_route__without_a_login_is_shut_and_leaks_nothing(
    whole: tuple[FastAPI, Context, str], accept: str
) -> None:
    app, _context, image_id = whole
    stranger = _browser(app, accept=accept)
    for method, path in [*_all(app, image_id), ("TRACE", "/api/pool"), ("GET", "/no/such/thing"), ("PATCH", "/label")]:
        answer = stranger.request(method, path, json={} if method in ("POST", "PUT", "PATCH") else None)
        told = f"{answer.headers} {answer.text}"
        assert SECRET not in told.replace(f"next=/{SECRET}", ""), (method, path)
        if _is_open(path):
            continue
        if answer.status_code == 303:
            assert (method, accept, answer.content) == ("GET", "text/html", b""), path
            assert answer.headers["location"].startswith("/login?next="), path
        else:
            assert answer.status_code == 401, (method, path, answer.text)
            assert answer.content == b"" or answer.json() == answer_of(Reason("door.login"), ""), path
        assert "set-cookie" not in answer.headers, path


def test_open_paths__are_the_way_in_and_code_alone(whole: tuple[FastAPI, Context, str]) -> None:
    app, _context, _image_id = whole
    stranger = _browser(app)
    assert set(OPEN_PATHS) == {"/login", "/api/login", "/api/health", "/favicon.ico"}
    assert stranger.get("/login").content == (STATIC / "login.html").read_bytes()
    assert set(stranger.get("/api/health").json()) == {"ok", "version"}
    for path in ("/ui/", "/ui/label", "/ui/label/", "/ui/../server.py", "/ui/%2e%2e/server.py", "/ui/..%5cserver.py"):
        assert stranger.get(path).status_code in (401, 404), path
    assert stranger.post("/login", data={"username": "wang", "password": "guess"}).status_code == 401


def test_websockets__are_refused(whole: tuple[FastAPI, Context, str]) -> None:
    app, _context, _image_id = whole
    for browser in (_browser(app), _browser(app, "boss")):
        with pytest.raises(WebSocketDisconnect), browser.websocket_connect("/gradio_api/queue/join"):
            pass


def _state(context: Context) -> str:
    """A digest of all that is stored, and of the names of all files."""
    with context.db.reading() as session:
        rows = list(session.connection().connection.driver_connection.iterdump())  # type: ignore[union-attr]
    root = context.workspace.root
    files = sorted(str(file.relative_to(root)) for file in root.rglob("*") if not file.name.startswith("annotate.db"))
    return hashlib.sha256("\n".join([*rows, *files]).encode()).hexdigest()


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "https://labels.example.evil.example"},
        {"origin": "http://labels.example:8080"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
    ids=lambda headers: next(iter(headers.values())),
)
def test_every_route__that_changes_something_is_shut_to_other_sites(
    whole: tuple[FastAPI, Context, str], headers: dict[str, str]
) -> None:
    app, context, image_id = whole
    boss = _browser(app, "boss")
    before = _state(context)
    changing = [one for one in _all(app, image_id) if one[0] not in SAFE]
    assert len(changing) > 40
    for method, path in changing:
        # What a form of another site can send without asking, and what its script could.
        for sent in ({"json": {}}, {"content": b"{}", "headers": {"content-type": "text/plain"}}):
            answer = boss.request(method, path, **{**sent, "headers": {**sent.get("headers", {}), **headers}})  # type: ignore[dict-item,arg-type]
            assert answer.status_code == 403, (method, path, answer.text)
            assert answer.json() == answer_of(Reason("door.site"), ""), path
    assert _state(context) == before
    # The same from the app's own page goes through.
    answer = boss.post(
        "/api/pool/change", json={"image_ids": [image_id], "add_tags": ["own"]}, headers={"origin": str(boss.base_url)}
    )
    assert answer.status_code == 200


def test_every_route__that_is_read_changes_nothing_and_no_other_site_reads_it(
    whole: tuple[FastAPI, Context, str],
) -> None:
    app, context, image_id = whole
    boss = _browser(app, "boss")
    assert boss.get("/api/pool").status_code == 200
    boss.get(f"/api/images/{image_id}/thumb")
    before = _state(context)
    endless = ("/gradio_api/call", "/gradio_api/heartbeat", "/gradio_api/queue/data", "/gradio_api/startup-events")
    for method, path in _all(app, image_id):
        if method not in SAFE or path.startswith(endless):
            continue
        answer = boss.request(method, path, headers={"origin": "http://evil.example"})
        assert answer.status_code < 500, (method, path, answer.text)
        assert not [name for name in answer.headers if name.startswith("access-control-")], path
        assert str(context.workspace.root) not in answer.text, path
    assert boss.get("/api/me").json()["name"] == "boss"  # no link logs anybody out
    assert _state(context) == before


SHUT = (
    ("POST", "/gradio_api/upload"),
    ("GET", "/gradio_api/proxy=https://evil.hf.space/x"),
    ("GET", "/gradio_api/file=http://evil.example/x"),
    ("GET", "/gradio_api/file=HTTPS://evil.example/x"),
    ("GET", "/gradio_api/file=%20http://evil.example/x"),
    ("GET", "/gradio_api/file=file:///etc/passwd"),
    ("POST", "/gradio_api/vibe-edit"),
    ("GET", "/gradio_api/vibe-code/"),
    ("POST", "/gradio_api/component_server"),
    ("POST", "/gradio_api/process_recording"),
    ("GET", "/gradio_api/custom_component/a/server/b/c"),
    ("GET", "/gradio_api/dev/reload"),
    ("GET", "/monitoring"),
    ("GET", "/monitoring/summary"),
    ("GET", "/logout"),
)


@pytest.mark.parametrize(("method", "path"), SHUT)
def test_gradio__does_only_what_the_pages_need(whole: tuple[FastAPI, Context, str], method: str, path: str) -> None:
    app, _context, _image_id = whole
    answer = _browser(app, "boss").request(method, path)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not Found"})


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "//etc/passwd",
        "../../../../../etc/passwd",
        "..%2f..%2f..%2fetc%2fpasswd",
        "%252e%252e%252fetc%252fpasswd",
        "..%5c..%5cx",
        "a%00b",
        "{root}/annotate.db",
        "{root}/workspace.yaml",
        "{cwd}/pyproject.toml",
        "pyproject.toml",
        "{link}",
    ],
)
def test_gradio_file__gives_nothing_of_the_machine(
    whole: tuple[FastAPI, Context, str], tmp_path: Path, path: str
) -> None:
    app, context, _image_id = whole
    link = tmp_path / "link.png"
    link.symlink_to("/etc/passwd")
    boss = _browser(app, "boss")
    where = path.format(root=context.workspace.root, cwd=Path.cwd(), link=link)
    for prefix in ("/gradio_api/file=", "/gradio_api/file/", "/file="):
        answer = boss.get(prefix + where)
        assert answer.status_code in (400, 403, 404, 422), (prefix, answer.text)
        assert b"root:" not in answer.content
        assert b"[project]" not in answer.content


def test_gradio_event__fetches_no_address(whole: tuple[FastAPI, Context, str]) -> None:
    app, _context, _image_id = whole
    address = "http://93.184.215.14/x"  # of the open internet: Gradio itself refuses private ones
    file = {"path": address, "url": address, "meta": {"_type": "gradio.FileData"}}
    asked: list[object] = []
    watching = True

    def watch(event: str, args: tuple[object, ...]) -> None:
        if watching and event in ("socket.connect", "socket.getaddrinfo"):
            asked.append(args)

    sys.addaudithook(watch)
    with _browser(app, "boss") as boss:
        answer = boss.post("/gradio_api/run/search", json={"data": ["", SECRET, "", [file], None, "auto", 0, 5]})
    watching = False
    assert answer.status_code >= 400
    assert not asked
