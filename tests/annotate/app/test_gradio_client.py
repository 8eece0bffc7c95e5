"""The real `gradio_client` against a real server: search and export, without people and as a person."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from browsing import Site
from gradio_client import Client
from gradio_client.exceptions import AppError, AuthenticationError
from small_pool import box, put_picture

from annotate.workflow import labels, people
from annotate.workflow.context import Context, open_context


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Context, Site]]:
    """A workspace with one finished picture, and its server; no browser is needed."""
    root = tmp_path_factory.mktemp("programs") / "workspace"
    with open_context(root, create=True) as context:
        image_id = put_picture(context, "shop.jpg")
        labels.save(context, image_id, 0, [replace(box("a", text="茶馆 Tea"), state="confirmed")], "confirmed")
        site = Site(context.workspace.root)
        site.start()
        yield context, site
        site.kill()


def _client(site: Site, tmp_path: Path, auth: tuple[str, str] | None = None) -> Client:
    return Client(site.url, auth=auth, verbose=False, analytics_enabled=False, download_files=str(tmp_path))


def test_gradio_client__without_people_then_with(served: tuple[Context, Site], tmp_path: Path) -> None:
    context, site = served
    here = _client(site, tmp_path)
    named = here.view_api(return_format="dict", print_info=False)["named_endpoints"]
    assert set(named) == {"/search", "/export"}
    found = here.predict(written="茶馆", api_name="/search")
    assert [(hit["name"], hit["written"]) for hit in found["hits"]] == [("shop.jpg", "茶馆 Tea")]
    assert str(context.workspace.root) not in str(found)
    assert here.predict(written="咖啡", api_name="/search")["hits"] == []
    with pytest.raises(AppError, match="dance"):
        here.predict("first", ["dance"], api_name="/export")
    done = here.predict("first", ["icdar2015"], [1, 1], api_name="/export")
    assert (done["state"], done["message"][:10]) == ("done", "1 pictures")
    with tarfile.open(fileobj=io.BytesIO(httpx.get(site.url + done["archive"]).content)) as archive:
        names = archive.getnames()
    assert any(name.startswith("first/") and "shop" in name for name in names), names
    # From the first user on, everybody logs in.
    people.add_user(context, "wang", "annotator", "wang-password")
    people.add_user(context, "zhao", "reviewer", "zhao-password")
    with pytest.raises(AuthenticationError):
        _client(site, tmp_path)
    with pytest.raises(AuthenticationError):
        _client(site, tmp_path, ("wang", "guess-guess"))
    wang = _client(site, tmp_path, ("wang", "wang-password"))
    assert len(wang.predict(written="茶馆", api_name="/search")["hits"]) == 1
    with pytest.raises(AppError, match="needs the role reviewer"):
        wang.predict("second", ["icdar2015"], api_name="/export")
    zhao = _client(site, tmp_path, ("zhao", "zhao-password"))
    assert zhao.predict("second", ["icdar2015"], [1, 1], api_name="/export")["state"] == "done"
    token = httpx.post(f"{site.url}/api/login", json={"name": "zhao", "password": "zhao-password"}).json()["token"]
    jobs = httpx.get(f"{site.url}/api/jobs", headers={"authorization": f"Bearer {token}"}).json()
    assert jobs[0]["asked_by"] == "zhao"
