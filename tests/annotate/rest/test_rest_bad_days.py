"""What goes wrong around a save: a disk without room, somebody else's save that this process has not seen."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient
from small_pool import box, put_picture
from sqlalchemy import event

from annotate.store.database import now
from annotate.store.labels import load_doc, save_doc
from annotate.workflow.context import Context, open_context


def _put(client: TestClient, image_id: str, base_rev: int, text: str) -> Any:
    region = {"id": "a", "kind": "quad", "points": [[10, 10], [70, 10], [70, 30], [10, 30]], "text": text}
    return client.put(f"/api/images/{image_id}/doc", json={"base_rev": base_rev, "regions": [region]})


def test_put_doc__full_disk_is_told_and_what_was_there_stays(client: TestClient, context: Context) -> None:
    image_id = put_picture(context)
    assert _put(client, image_id, 0, "before").json()["rev"] == 1

    def no_room(connection: Any, _record: Any) -> None:
        connection.execute("pragma max_page_count=1")  # SQLite takes the size that the file has: not a page more

    event.listen(context.db.engine, "connect", no_room)
    context.db.engine.dispose()
    answer = _put(client, image_id, 1, "长" * 9000)
    assert answer.status_code == 503
    assert "full" in answer.json()["detail"]
    assert client.get(f"/api/images/{image_id}/doc").json()["regions"][0]["text"] == "before"
    event.remove(context.db.engine, "connect", no_room)
    context.db.engine.dispose()
    assert _put(client, image_id, 1, "长" * 9000).json()["rev"] == 2


def test_put_doc__after_a_save_of_another_process_is_stale(client: TestClient, context: Context) -> None:
    image_id = put_picture(context)
    assert _put(client, image_id, 0, "mine").json()["rev"] == 1
    with open_context(context.workspace.root) as other, other.db.writing() as session:
        theirs = [box("a", text="theirs"), box("b", y=60)]
        save_doc(session, image_id, 1, theirs, who="li", action="save", at=now())
    assert _put(client, image_id, 1, "mine again").status_code == 409
    with context.db.reading() as session:
        assert [region.text for region in load_doc(session, image_id).regions] == ["theirs", "text"]
    assert _put(client, image_id, 2, "decided").json()["rev"] == 3
    with context.db.reading() as session:
        assert [region.text for region in load_doc(session, image_id).regions] == ["decided"]
