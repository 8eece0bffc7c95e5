"""What holds for every page: nothing that people have written runs, nothing leaves the machine, no request fails."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from browsing import Person, Site, open_page
from playwright.sync_api import Browser
from small_pool import box, put_batch, put_picture
from tiny_clip import untrained

from annotate.app.navigation import PAGES
from annotate.records import Twin
from annotate.store import twins
from annotate.workflow import labels, pool, review
from annotate.workflow.context import Context, open_context
from annotate.workflow.embedding import EmbedOptions, embed
from annotate.workflow.pool import Changes
from annotate.workspace import open_workspace

Enter = Callable[..., Person]
EVIL = '"><img src=x onerror=harmed()>'
WATCHED = Path(__file__).parent / "watched"


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file in which the server's processes note whom they ask."""
    return tmp_path_factory.mktemp("watched") / "asked.txt"


@pytest.fixture(scope="module")
def pool_of_evil(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """A workspace in which every text that a person can write would like to run; with vectors of a small model."""
    folder = tmp_path_factory.mktemp("evil")
    model, weights = untrained(folder, "page")
    with open_context(folder / "workspace", create=True, reader="rapidocr") as context:
        workspace = open_workspace(context.workspace.root, clip_model=str(model), clip_pretrained=str(weights))
        context = replace(context, workspace=workspace)
        ids = [put_picture(context, f"{n}{EVIL}.jpg", seed=n) for n in range(4)]
        for image_id in ids:
            region = replace(box("a", text=EVIL), tags=(EVIL,), score=0.5)
            labels.save(replace(context, who="reader:test"), image_id, 0, [region], action="prelabel")
        labels.save(replace(context, who=EVIL), ids[0], 1, [box("a", text=EVIL)], "confirmed")
        labels.save(replace(context, who=EVIL), ids[1], 1, [box("a", text=EVIL)], "confirmed")
        review.judge(replace(context, who=f"2{EVIL}"), ids[1], 2, "reject", EVIL)
        pool.change(context, ids, Changes((EVIL,), (), None, EVIL))
        put_batch(context, EVIL, ids)
        with context.db.writing() as session:
            twins.link(session, [Twin(ids[3], ids[2], "phash", 0.99)])
        embed(context, EmbedOptions(), lambda done, total: None)
        yield context


@pytest.fixture(scope="module")
def site(pool_of_evil: Context, watched: Path, browser: Browser) -> Iterator[Site]:
    """Its server, which is watched."""
    path = os.pathsep.join((str(WATCHED), str(Path(__file__).parent.parent)))
    served = Site(pool_of_evil.workspace.root, PYTHONPATH=path, WATCHED_FILE=str(watched))
    served.start()
    yield served
    served.kill()


def _armed(person: Person) -> tuple[list[str], list[str]]:
    """Watch for what runs, and for requests that fail."""
    ran: list[str] = []
    failed: list[str] = []
    person.context.add_init_script("window.harmed = () => { document.documentElement.dataset.harmed = '1'; };")
    person.page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    person.page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
    return ran, failed


_SHOWN = """(evil) => [...document.querySelectorAll('*')].some((node) =>
  node.value === evil || [...node.childNodes].some((one) => one.nodeType === 3 && one.data.includes(evil)))"""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.en)
def test_page__shows_what_people_write_as_text(enter: Enter, site: Site, page: Any) -> None:
    li = enter()
    ran, failed = _armed(li)
    open_page(li, page.path)
    for _ in range(2):
        for tab in li.page.locator("main [role=tab]:visible").all():
            tab.click()
            li.page.wait_for_timeout(300)
    if page.path == "/search":
        li.page.fill("input[name=written]", "img")
        li.page.press("input[name=written]", "Enter")
        li.page.wait_for_selector(".aq[data-state=ready][data-hits='4']", timeout=60_000)
    if page.path == "/label":
        li.press("Tab", "Escape", "j")
        li.page.wait_for_selector("dialog[open]")
    if page.path != "/synthetic":  # which shows nothing that people write but names of letters and digits
        assert li.page.evaluate(_SHOWN, EVIL)
    assert li.page.locator("img[src=x], [onerror]").count() == 0
    assert li.page.evaluate("document.documentElement.dataset.harmed") is None
    assert ran == []
    assert failed == []


def test_watch__sees_who_is_asked(tmp_path: Path) -> None:
    file = tmp_path / "asked.txt"
    code = "import socket\ntry: socket.create_connection(('192.0.2.1', 9), 0.01)\nexcept OSError: pass"
    known = {**os.environ, "PYTHONPATH": str(WATCHED), "WATCHED_FILE": str(file)}
    subprocess.run([sys.executable, "-c", code], check=True, env=known)
    assert "192.0.2.1" in _asked(file)


def _asked(file: Path) -> dict[str, set[int]]:
    """Whom processes asked: host -> their numbers. A path is a socket of this machine."""
    found: dict[str, set[int]] = {}
    for line in file.read_text().splitlines():
        process, _event, host = line.split("\t")
        name = ast.literal_eval(host)
        name = name.decode() if isinstance(name, bytes) else name
        found.setdefault("" if name is None else str(name), set()).add(int(process))
    return found


@pytest.mark.slow
def test_server__asks_no_other_machine_while_a_person_goes_through_all_pages(
    enter: Enter, site: Site, watched: Path, pool_of_evil: Context, tmp_path: Path
) -> None:
    li = enter()
    for one in PAGES:
        open_page(li, one.path)
    page = li.page
    # Searching by words loads the model, in a process of its own.
    open_page(li, "/search")
    page.fill("input[name=words]", "red banner")
    page.press("input[name=words]", "Enter")
    page.wait_for_selector(".aq[data-state=ready][data-hits]", timeout=120_000)
    # So do the reader, samples, uploads and exports.
    fresh = put_picture(pool_of_evil, "fresh.jpg", (400, 300), seed=9)
    li.open(fresh)
    page.wait_for_function("() => !document.getElementById('annotate-label').annotate.flow.waiting")
    assert httpx.post(f"{site.url}/api/images/{fresh}/read", json={}, timeout=120).status_code == 200
    open_page(li, "/synthetic")
    page.click("#synthetic-look")
    page.wait_for_selector("#synthetic-samples img", timeout=120_000)
    picture = tmp_path / "sent.jpg"
    picture.write_bytes(httpx.get(f"{site.url}/api/images/{fresh}/media").content + b"again")
    open_page(li, "/pool")
    page.set_input_files(".ap-zone input", picture)
    page.click(".ap-add .ap-go")
    page.wait_for_selector(".aj li[data-state=done]", timeout=120_000)
    asked = _asked(watched)
    here = {name for name in asked if name in ("", "localhost", "127.0.0.1", "::1", "0.0.0.0") or name.startswith("/")}
    assert set(asked) - here == set()
    # The server, its searching, its reader, its samples and the job have all been watched.
    assert len(asked["localhost"]) >= 4
