"""What routes say when they refuse: English for programs, a code, and a sentence in the language that is asked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from small_pool import put_picture

from annotate.media import file_of
from annotate.store import images
from annotate.workflow.context import Context

CHINESE = re.compile(r"[\u4e00-\u9fff]")
SQUARE = [[10, 10], [70, 10], [70, 30], [10, 30]]
CROSSED = [[10, 10], [70, 10], [10, 30], [70, 30], [40, 5]]


def _save(points: Any, kind: str = "polygon", base_rev: int = 0) -> dict[str, Any]:
    return {"json": {"base_rev": base_rev, "regions": [{"id": "a", "kind": kind, "points": points, "text": "x"}]}}


@pytest.mark.parametrize(
    ("method", "path", "more", "status", "code"),
    [
        ("PUT", "/api/images/ID/doc", _save(CROSSED), 422, "outline.crosses"),
        ("PUT", "/api/images/ID/doc", _save(SQUARE[:3], "quad"), 422, "outline.corners"),
        ("PUT", "/api/images/ID/doc", _save("no"), 422, "door.field"),
        ("PUT", "/api/images/ID/doc", _save(SQUARE, "quad", base_rev=9), 409, "save.conflict"),
        ("PUT", "/api/images/none/doc", _save(SQUARE, "quad"), 404, "image.unknown"),
        ("GET", "/api/images/ID/regions/b/crop", {}, 404, "region.unknown"),
        ("GET", "/api/images/ID/crop?points=1,2,x", {}, 422, "crop.numbers"),
        ("GET", "/api/images/ID/media", {}, 404, "file.gone"),
        ("POST", "/api/search", {"json": {"examples": [{"kind": "text", "value": "a"}]}}, 404, "search.none"),
        ("POST", "/api/jobs", {"json": {"kind": "dance", "args": {}}}, 422, "job.kind"),
        ("POST", "/api/batches", {"json": {"name": " ", "image_ids": ["ID"]}}, 422, "batch.name"),
        ("POST", "/api/images/ID/reviews", {"json": {"rev": 0, "verdict": "confirm"}}, 422, "review.early"),
        ("POST", "/api/pool/change", {"json": {"image_ids": ["ID"]}}, 422, "pool.nothing"),
        ("POST", "/api/uploads/none", {"params": {"name": "a.jpg"}}, 404, "upload.unknown"),
        ("POST", "/api/work", {"headers": {"origin": "http://evil.example"}}, 403, "door.site"),
        ("POST", "/api/work", {"headers": {"content-length": "99999999999"}}, 413, "door.length"),
    ],
)
def test_refusal__has_a_code_and_both_languages(
    client: TestClient, context: Context, method: str, path: str, more: dict[str, Any], status: int, code: str
) -> None:
    image_id = put_picture(context)
    if code == "file.gone":
        with context.db.reading() as session:
            file_of(context.workspace, images.get(session, image_id)).unlink()

    def ask(language: str) -> httpx.Response:
        given = {**more, "headers": {**more.get("headers", {}), "accept-language": language}}
        return client.request(method, path.replace("ID", image_id), **given)

    english, chinese = ask("en-GB,en;q=0.9").json(), ask("zh-CN,zh;q=0.9,en;q=0.8")
    assert chinese.status_code == status, chinese.text
    told = chinese.json()
    assert (told["code"], told["detail"], told["facts"]) == (code, english["detail"], english["facts"])
    assert CHINESE.search(told["told"])
    assert not CHINESE.search(english["told"])
    if code != "door.field":  # programs get FastAPI's own list there, as it was
        assert english["told"] == english["detail"]
    if code == "save.conflict":
        assert told["doc"]["rev"] == 0


def test_refusal__of_who_has_not_logged_in_or_may_not(log_in: Callable[..., TestClient]) -> None:
    wang = log_in("wang")
    chinese = {"accept-language": "zh"}
    answer = wang.post("/api/pool/delete", json={"image_ids": ["a"]}, headers=chinese)
    assert answer.status_code == 403
    assert answer.json()["told"] == "wang 是标注员，此操作需要“审核员”权限"
    wang.cookies.clear()
    assert wang.get("/api/batches", headers=chinese).json()["told"] == "请先登录"
    wrong = wang.post("/api/login", json={"name": "wang", "password": "no"}, headers=chinese)
    assert (wrong.status_code, wrong.json()["code"]) == (401, "login.wrong")


def test_refusal__without_a_code_is_told_in_english(client: TestClient) -> None:
    answer = client.get("/api/nowhere", headers={"accept-language": "zh"})
    assert answer.json() == {"detail": "Not Found"}
