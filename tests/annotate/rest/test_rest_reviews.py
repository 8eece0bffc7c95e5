"""Routes of reviews, of the wall and of the dashboard: who may, what comes back, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fastapi.testclient import TestClient
from small_pool import box, put_picture

from annotate.workflow import labels
from annotate.workflow.context import Context

LogIn = Callable[..., TestClient]


def _finished(context: Context, name: str = "a.jpg", who: str = "wang") -> str:
    image_id = put_picture(context, name)
    labels.save(replace(context, who=who), image_id, 0, (box("a", text="one"), box("b", y=90, text="two")), "confirmed")
    return image_id


def test_reviews__only_for_reviewers(context: Context, log_in: LogIn) -> None:
    image_id = _finished(context)
    wang, zhao = log_in("wang"), log_in("zhao", role="reviewer")
    assert wang.get("/api/reviews").status_code == 403
    verdict = {"rev": 1, "verdict": "confirm"}
    assert wang.post(f"/api/images/{image_id}/reviews", json=verdict).status_code == 403
    (item,) = zhao.get("/api/reviews").json()
    assert (item["image_id"], item["annotator"], item["rev"]) == (image_id, "wang", 1)
    assert zhao.post(f"/api/images/{image_id}/reviews", json=verdict).status_code == 201
    assert zhao.get("/api/reviews").json() == []
    (said,) = wang.get(f"/api/images/{image_id}/reviews").json()
    assert (said["user"], said["verdict"]) == ("zhao", "confirm")


def test_reviews__refused(context: Context, log_in: LogIn) -> None:
    image_id = _finished(context)
    zhao = log_in("zhao", role="reviewer")
    there = f"/api/images/{image_id}/reviews"
    assert zhao.post(there, json={"rev": 1, "verdict": "reject"}).status_code == 422
    assert zhao.post(there, json={"rev": 7, "verdict": "confirm"}).status_code == 409
    assert zhao.post(there, json={"rev": 1, "verdict": "blind"}).status_code == 422
    assert zhao.post("/api/images/none/reviews", json={"rev": 1, "verdict": "confirm"}).status_code == 404


def test_checks__labelled_again_without_seeing(context: Context, log_in: LogIn) -> None:
    image_id = _finished(context)
    li = log_in("li")
    assert [item["image_id"] for item in li.get("/api/checks", params={"share": 1}).json()] == [image_id]
    assert li.get(f"/api/images/{image_id}/check").json()["regions"] == []
    doc = li.get(f"/api/images/{image_id}/doc").json()
    regions = [{**region, "id": "x" + region["id"], "text": "ona"} for region in doc["regions"][:1]]
    answer = li.post(f"/api/images/{image_id}/check", json={"regions": regions})
    assert answer.status_code == 201
    assert answer.json()["agreement"] == {"both": 1, "only_first": 1, "only_second": 0, "chars": 3, "char_errors": 1}
    assert li.get("/api/checks", params={"share": 0}).status_code == 422
    (pair,) = li.get("/api/agreements").json()
    assert (pair["annotator"], pair["user"], pair["pictures"], pair["both"], pair["chars"]) == ("wang", "li", 1, 1, 3)


def test_wall__settled_over_the_routes(context: Context, client: TestClient) -> None:
    image_id = put_picture(context)
    scored = tuple(
        replace(box(name, y=50 * n), score=score) for n, (name, score) in enumerate([("a", 0.9), ("b", 0.2)])
    )
    labels.save(replace(context, who="reader:test"), image_id, 0, scored, action="prelabel")
    screen = client.get("/api/wall", params={"limit": 1}).json()
    assert [crop["region"]["id"] for crop in screen["crops"]] == ["b"]
    after = client.get("/api/wall", params={"limit": 1, "after": screen["next"]}).json()
    assert ([crop["region"]["id"] for crop in after["crops"]], after["next"]) == (["a"], None)
    marks = [{"image_id": image_id, "region_id": "b", "seen": "text", "text": "mended"}]
    assert client.post("/api/wall/settle", json={"marks": marks}).json() == {"changed": 1, "stale": []}
    assert client.post("/api/wall/settle", json={"marks": marks}).json()["stale"][0]["region_id"] == "b"
    assert client.get("/api/wall", params={"after": "nonsense"}).status_code == 422
    assert client.get("/api/wall", params={"order": "size"}).status_code == 422


def test_dashboard__over_the_routes(context: Context, client: TestClient) -> None:
    _finished(context)
    found = client.get("/api/dashboard", params={"days": 7}).json()
    assert found["pictures"] == {"confirmed": 1}
    assert [(row["user"], row["finished"]) for row in found["days"]] == [("wang", 1)]
    assert client.get("/api/dashboard", params={"days": 0}).status_code == 422
