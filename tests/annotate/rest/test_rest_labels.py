"""Labels over the routes: what is sent is stored, what is stale is shown, what is wrong is told."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from small_pool import put_batch, put_picture

from annotate.workflow.context import Context


def _region(region_id: str = "a", points: list[list[float]] | None = None, **changes: Any) -> dict[str, Any]:
    corners = points or [[10, 10], [70, 10], [70, 30], [10, 30]]
    return {"id": region_id, "kind": "quad", "points": corners, "text": "text", **changes}


def _put(client: TestClient, image_id: str, base_rev: int, *regions: dict[str, Any], **more: Any) -> Any:
    return client.put(f"/api/images/{image_id}/doc", json={"base_rev": base_rev, "regions": regions, **more})


def test_put_doc__is_there_when_opened_again(client: TestClient, context: Context) -> None:
    image_id = put_picture(context)
    assert _put(client, image_id, 0, _region(text="红色锦旗"), _region("b")).json() == {
        "rev": 1,
        "mended": [],
        "gone": False,
    }
    doc = client.get(f"/api/images/{image_id}/doc").json()
    assert (doc["rev"], doc["width"], doc["height"]) == (1, 320, 240)
    assert [region["text"] for region in doc["regions"]] == ["红色锦旗", "text"]
    assert doc["regions"][0]["origin"] == "person:local"


def test_put_doc__shows_what_is_stored_when_stale(client: TestClient, context: Context) -> None:
    image_id = put_picture(context)
    _put(client, image_id, 0, _region(text="theirs"))
    answer = _put(client, image_id, 0, _region(text="mine"))
    assert answer.status_code == 409
    assert answer.json()["doc"]["rev"] == 1
    assert answer.json()["doc"]["regions"][0]["text"] == "theirs"


_TEXTS = [
    ("tab and line breaks", "a\tb\r\nc", "a b  c"),
    ("decomposed", unicodedata.normalize("NFD", "é 各"), "é 各"),
    ("emoji sequence", "👩‍👩‍👧 ok", "👩‍👩‍👧 ok"),
    ("right-to-left marks stay", "\u200fשלום\u200e", "\u200fשלום\u200e"),
    ("script", "<script>alert(1)</script>", "<script>alert(1)</script>"),
    ("control characters go", "a\x00b\x07", "ab"),
    ("5,000 characters", "长" * 5000, "长" * 5000),
]


@pytest.mark.parametrize(("sent", "stored"), [row[1:] for row in _TEXTS], ids=[row[0] for row in _TEXTS])
def test_put_doc__keeps_texts_as_one_line_of_nfc(client: TestClient, context: Context, sent: str, stored: str) -> None:
    image_id = put_picture(context)
    assert _put(client, image_id, 0, _region(text=sent)).status_code == 200
    assert client.get(f"/api/images/{image_id}/doc").json()["regions"][0]["text"] == stored


def test_put_doc__mends_what_can_be_mended(client: TestClient, context: Context) -> None:
    image_id = put_picture(context)
    crossed = _region("crossed", [[10, 10], [70, 30], [70, 10], [10, 30]])
    outside = _region("outside", [[-50, 200], [400, 200], [400, 300], [-50, 300]])
    backwards = _region("backwards", [[10, 100], [10, 130], [70, 130], [70, 100]])
    answer = _put(client, image_id, 0, crossed, outside, backwards, _region("fine"))
    mended = {region["id"]: region["points"] for region in answer.json()["mended"]}
    assert mended == {
        "crossed": [[10, 10], [70, 10], [70, 30], [10, 30]],
        "outside": [[0, 200], [320, 200], [320, 240], [0, 240]],
        "backwards": [[10, 100], [70, 100], [70, 130], [10, 130]],
    }


_WRONG = [
    ("no area", _region(points=[[10, 10], [70, 10], [70, 10], [10, 10]]), "no area"),
    ("wholly outside", _region(points=[[900, 10], [950, 10], [950, 40], [900, 40]]), "no area"),
    ("three corners", _region(points=[[10, 10], [70, 10], [70, 30]]), "has 4 points"),
    (
        "polygon that crosses itself",
        _region(kind="polygon", points=[[0, 0], [90, 0], [90, 90], [40, 90], [40, 40], [99, 60]]),
        "crosses itself",
    ),
    ("no id", _region(""), "id"),
    ("long id", _region("x" * 65), "id"),
    ("long category", _region(category="x" * 65), "category"),
    ("text of 10,001 characters", _region(text="x" * 10_001), "at most 10000 characters"),
    ("kind", _region(kind="circle"), "kind"),
]


@pytest.mark.parametrize(("region", "told"), [row[1:] for row in _WRONG], ids=[row[0] for row in _WRONG])
def test_put_doc__refuses_and_says_why(client: TestClient, context: Context, region: dict[str, Any], told: str) -> None:
    image_id = put_picture(context)
    answer = _put(client, image_id, 0, _region("fine"), region)
    assert answer.status_code == 422
    assert told in answer.text
    assert client.get(f"/api/images/{image_id}/doc").json()["rev"] == 0


def test_put_doc__refuses_numbers_that_are_none(client: TestClient, context: Context) -> None:
    image_id = put_picture(context)
    body = '{"base_rev": 0, "regions": [{"id": "a", "kind": "quad", "points": [[NaN, 1], [5, 1], [5, 9], [0, 9]]}]}'
    headers = {"content-type": "application/json"}
    assert client.put(f"/api/images/{image_id}/doc", content=body, headers=headers).status_code == 422


def test_restore__brings_a_revision_back_and_keeps_the_history(client: TestClient, context: Context) -> None:
    image_id = put_picture(context)
    _put(client, image_id, 0, _region(text="first"))
    _put(client, image_id, 1, status="no_text")
    assert client.get(f"/api/images/{image_id}/history/1").json()["regions"][0]["text"] == "first"
    assert client.post(f"/api/images/{image_id}/restore", json={"base_rev": 2, "rev": 1}).json()["rev"] == 3
    doc = client.get(f"/api/images/{image_id}/doc").json()
    assert (doc["status"], doc["regions"][0]["text"]) == ("todo", "first")
    history = client.get(f"/api/images/{image_id}/history").json()
    assert [(edit["rev"], edit["action"], edit["who"]) for edit in history] == [
        (1, "save", "local"),
        (2, "no_text", "local"),
        (3, "restore", "local"),
    ]


def test_open__tells_who_has_a_picture(log_in: Callable[..., TestClient], context: Context) -> None:
    wang, li = log_in("wang"), log_in("li")
    image_id = put_picture(context)
    assert wang.post(f"/api/images/{image_id}/open").json()["lease"]["user"] == "wang"
    assert li.post(f"/api/images/{image_id}/open").json()["lease"]["user"] == "wang"
    wang.delete(f"/api/images/{image_id}/lease")
    assert li.post(f"/api/images/{image_id}/open").json()["lease"]["user"] == "li"


def test_queue__passes_by_what_is_done_and_marks_what_is_held(
    log_in: Callable[..., TestClient], context: Context
) -> None:
    wang, li = log_in("wang"), log_in("li")
    ids = [put_picture(context, f"{number}.jpg", seed=number) for number in range(4)]
    batch = put_batch(context, "first", ids[::-1])
    _put(wang, ids[2], 0, status="no_text")
    wang.post(f"/api/images/{ids[1]}/open")
    found = li.get("/api/queue", params={"batch": batch, "todo": True, "limit": 9, "counted": True}).json()
    assert [(item["image_id"], item["held_by"]) for item in found["items"]] == [
        (ids[3], None),
        (ids[1], "wang"),
        (ids[0], None),
    ]
    assert (found["total"], found["waiting"]) == (4, 3)
    back = li.get("/api/queue", params={"batch": batch, "from": ids[0], "step": -1, "limit": 9}).json()
    assert [item["image_id"] for item in back["items"]] == ids[1:]
    assert [item["image_id"] for item in li.get("/api/queue", params={"limit": 9}).json()["items"]] == ids


def test_history__says_what_was_done_not_which_status_there_was(client: TestClient, context: Context) -> None:
    image_id = put_picture(context)

    def save(rev: int, text: str, status: str) -> None:
        # As the page does: the status comes along with every save.
        region = {"id": "a", "kind": "quad", "points": [[10, 10], [70, 10], [70, 30], [10, 30]], "text": text}
        body = {"base_rev": rev, "regions": [region], "status": status}
        assert client.put(f"/api/images/{image_id}/doc", json=body).json()["rev"] == rev + 1

    for rev, (text, status) in enumerate((("a", "todo"), ("b", "confirmed"), ("c", "confirmed"), ("d", "todo"))):
        save(rev, text, status)
    actions = [edit["action"] for edit in client.get(f"/api/images/{image_id}/history").json()]
    assert actions == ["save", "confirm", "save", "reopen"]
