"""The Search page, in a browser: words, a picture, what is written; thumbs; chosen pictures into a batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from browsing import Person, Site
from small_pool import box, put_picture
from tiny_clip import untrained

from annotate.workflow import labels
from annotate.workflow.context import Context
from annotate.workflow.embedding import EmbedOptions, embed
from annotate.workspace import open_workspace

Enter = Callable[..., Person]


@pytest.fixture(scope="module")
def ids(pool: Context, site: Site, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Six pictures with vectors of a small model; the first two have a text."""
    model, weights = untrained(tmp_path_factory.mktemp("model"), "page")
    workspace = open_workspace(pool.workspace.root, clip_model=str(model), clip_pretrained=str(weights))
    made = [put_picture(pool, f"{n}.jpg", seed=n) for n in range(6)]
    for image_id, text in zip(made, ("开业大吉", "closed"), strict=False):
        labels.save(replace(pool, who="reader:test"), image_id, 0, [box("a", text=text)], action="prelabel")
    embed(replace(pool, workspace=workspace), EmbedOptions(), lambda done, total: None)
    site.kill()
    site.start()
    return made


def _searched(person: Person, hits: str = "") -> list[str]:
    page = person.page
    page.wait_for_selector(f".aq[data-state=ready][data-hits{f'={hits!r}' if hits else ''}]", timeout=60_000)
    return page.locator(".aq-hit").evaluate_all("nodes => nodes.map(node => node.dataset.image)")


def test_search__words_a_text_and_a_batch(ids: list[str], site: Site, enter: Enter) -> None:
    wang = enter()
    page = wang.page
    page.goto(f"{site.url}/search")
    page.wait_for_selector(".aq[data-state=ready] .aq-packs button")
    page.fill("input[name=words]", "red banner")
    page.press("input[name=words]", "Enter")
    found = _searched(wang)
    assert set(found) <= set(ids)
    assert found
    page.fill("input[name=written]", "开业")
    page.press("input[name=written]", "Enter")
    assert _searched(wang, "1") == [ids[0]]
    page.locator(".aq-picture").click()
    page.fill("input[name=batch]", "大吉")
    page.press("input[name=batch]", "Enter")
    page.wait_for_selector(".aq[data-sent]")
    (batch,) = httpx.get(f"{site.url}/api/batches").json()
    assert (batch["name"], batch["size"]) == ("大吉", 1)
    page.click(".aq-note a")
    page.wait_for_selector(f'#annotate-label[data-image="{ids[0]}"]')


def test_search__like_a_picture_and_thumbs(ids: list[str], site: Site, enter: Enter, tmp_path: Path) -> None:
    li = enter(locale="zh-CN")
    page = li.page
    page.goto(f"{site.url}/search?like={ids[3]}")
    assert _searched(li)[0] == ids[3]
    # More than has room is scrolled, and no card loses what stands below its picture.
    page.set_viewport_size({"width": 1280, "height": 560})
    rooms = page.locator(".aq-hit").evaluate_all(
        "cards => cards.map(one => one.getBoundingClientRect().bottom "
        "- one.querySelector('.aq-acts').getBoundingClientRect().bottom)"
    )
    assert min(rooms) >= 0
    page.locator(".aq-thumb").nth(1).click()
    page.click("section header button:visible >> nth=0")
    page.wait_for_selector(".aq[data-state=ready]")
    file = tmp_path / "upload.jpg"
    file.write_bytes(httpx.get(f"{site.url}/api/images/{ids[4]}/media").content)
    page.click(".aq-form button:has-text('全部清除')")
    page.set_input_files("input[type=file]", file)
    page.wait_for_selector(f'.aq-hit[data-image="{ids[4]}"]')
    assert _searched(li)[0] == ids[4]


def test_search__refused_uploads_and_paths(ids: list[str], site: Site) -> None:
    def asked(**example: object) -> httpx.Response:
        return httpx.post(f"{site.url}/api/search", json={"examples": [example]}, timeout=60)

    assert asked(kind="file", value="/etc/passwd").status_code == 422
    assert asked(kind="upload", value="/etc/passwd").status_code == 422
    assert "no picture" in asked(kind="upload", value="a.png", data="aGVsbG8=").json()["detail"]
    assert asked(kind="image", value="0" * 64).status_code == 404
    assert asked(kind="pack", value="penant").status_code == 404
    assert httpx.post(f"{site.url}/api/search", json={}, timeout=60).status_code == 422
    answer = httpx.post(f"{site.url}/api/batches", json={"name": "x", "image_ids": [ids[0], "none"]})
    assert answer.status_code == 404
    assert {batch["name"] for batch in httpx.get(f"{site.url}/api/batches").json()} <= {"大吉"}
