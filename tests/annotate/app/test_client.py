"""A script beside the people: the client against a real server."""

from __future__ import annotations

from dataclasses import replace

import pytest
from browsing import Site
from small_pool import box, put_batch, put_picture

from annotate.client import Client
from annotate.errors import Conflict, Forbidden, NotFound, ServiceError
from annotate.workflow import people
from annotate.workflow.context import Context
from synthtext.errors import UserError


def test_client__labels_like_a_person(site: Site, pool: Context) -> None:
    image_id = put_picture(pool, "client.jpg", (333, 240))
    batch = put_batch(pool, "scripted", [image_id])
    people.add_user(pool, "robot", "annotator", "robot-password")
    with Client(site.url) as server:
        with pytest.raises(Forbidden, match="log in first"):
            server.doc(image_id)
        with pytest.raises(Forbidden, match="wrong"):
            server.log_in("robot", "guess-guess")
        token = server.log_in("robot", "robot-password")
    with Client(site.url, token) as server:
        assert [one.name for one in server.batches()] == ["scripted"]
        assert [item.image_id for item in server.queue(batch, todo=True)] == [image_id]
        doc = server.doc(image_id)
        assert server.save(doc, [box("a")]) == 1
        with pytest.raises(Conflict) as caught:
            server.save(doc, [box("a", text="other")])
        assert caught.value.rev == 1
        doc = server.doc(image_id)
        assert server.save(doc, [replace(doc.regions[0], text="right")], "confirmed") == 2
        assert server.doc(image_id).status == "confirmed"
        assert server.picture(image_id)[:2] == b"\xff\xd8"
        assert len(server.read(image_id)["regions"]) == 2
        job = server.wait(server.start("prelabel", batch=batch), every_s=0.2)
        assert (job.state, job.asked_by) == ("done", "robot")
        with pytest.raises(NotFound):
            server.doc("nowhere")
        with pytest.raises(UserError, match="no kind of job"):
            server.start("dance")
    with Client("http://127.0.0.1:9") as nobody, pytest.raises(ServiceError, match="no answer"):
        nobody.batches()
