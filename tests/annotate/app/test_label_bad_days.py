"""What goes wrong while somebody labels: files, sizes, texts, disks, readers, Milvus. Told in a line; work goes on."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np
import pytest
from browsing import Person, Site
from playwright.sync_api import Browser, expect
from small_pool import box, put_batch, put_picture, put_row
from tiny_clip import untrained

from annotate.embed.towers import load_tower
from annotate.embed.views import Recipe
from annotate.store import vectors
from annotate.store.database import now
from annotate.store.labels import save_doc
from annotate.workflow.context import Context, open_context

pytestmark = pytest.mark.slow

Enter = Callable[..., Person]
HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """A workspace whose reader is moody and whose Milvus is away."""
    folder = tmp_path_factory.mktemp("bad")
    model, weights = untrained(folder, "page")
    settings = {"milvus": "http://127.0.0.1:9", "clip_model": str(model), "clip_pretrained": str(weights)}
    root = folder / "workspace"
    with open_context(root, create=True, reader="python:own_readers:Moody", reader_seconds=2.0, **settings) as opened:
        revision = load_tower(str(model), str(weights)).revision
        with opened.db.writing() as session:
            made = vectors.Collection("away", str(model), str(weights), revision, Recipe("none").as_json(), 64)
            vectors.add_collection(session, made)
            vectors.activate(session, "away")
        yield opened


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that fills the disk."""
    return tmp_path_factory.mktemp("disk") / "full"


@pytest.fixture(scope="module")
def site(pool: Context, full: Path, browser: Browser) -> Iterator[Site]:
    """Its server."""
    path = os.pathsep.join((str(HERE / "watched"), str(HERE.parent)))
    served = Site(pool.workspace.root, PYTHONPATH=path, FULL_DISK=str(full))
    served.start()
    yield served
    served.kill()


def _labelled(pool: Context, name: str, size_wh: tuple[int, int] = (320, 240), **place: float) -> str:
    image_id = put_picture(pool, name, size_wh)
    with pool.db.writing() as session:
        save_doc(session, image_id, 0, [box("a", **place, text="old")], who="x", action="save", at=now())
    return image_id


def _put_png(pool: Context, name: str, size_wh: tuple[int, int], pixels: Any) -> str:
    image_id = f"{len(name):02x}{abs(hash(name)):062x}"[:64]
    path = f"media/{image_id[:2]}/{image_id}.png"
    file = pool.workspace.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(file), pixels)
    put_row(pool, image_id, name, path, size_wh)
    return image_id


def _write(person: Person, text: str) -> None:
    person.press("Escape", "Escape", "Tab", "Control+a")
    person.type(text)


def _hint(person: Person) -> Any:
    return person.page.locator(".al-hint")


def test_file_deleted__while_it_is_open(pool: Context, enter: Enter) -> None:
    first, second = _labelled(pool, "goes.jpg"), _labelled(pool, "stays.jpg")
    batch = put_batch(pool, "gone", [first, second])
    wang = enter()
    wang.open(first, batch=batch)
    file = next(pool.workspace.media.rglob(f"{first}.jpg"))
    data = file.read_bytes()
    file.unlink()
    _write(wang, "typed after that")
    assert wang.saved()["regions"][0]["text"] == "typed after that"
    wang.wait("why", "gone")
    expect(_hint(wang)).to_contain_text("The file of goes.jpg is gone")
    wang.press("Control+r")
    wang.page.wait_for_selector('.al-toast[data-said="say.noreader"]')
    expect(wang.page.locator(".al-toast")).to_contain_text("its file is no longer there; its labels are kept")
    wang.press("Escape", "d")
    wang.wait("image", second)
    wang.wait("why", "")
    wang.press("a")
    wang.wait("image", first)
    wang.wait("why", "gone")
    file.write_bytes(data)  # it was put back
    _write(wang, "and again")
    assert wang.saved()["regions"][0]["text"] == "and again"
    wang.wait("why", "")


def test_picture_of_one_pixel__can_be_looked_at_and_finished(pool: Context, enter: Enter) -> None:
    tiny, second = put_picture(pool, "one.jpg", (1, 1)), _labelled(pool, "after-one.jpg")
    batch = put_batch(pool, "tiny", [tiny, second])
    wang = enter()
    wang.open(tiny, batch=batch)
    wang.page.wait_for_function("() => !document.getElementById('annotate-label').annotate.flow.waiting")
    wang.press("w")
    wang.drag((0, 0), (1, 1))
    assert wang.said() == "say.small"
    wang.press("f", "z", "+", "-", "Control+a", "Escape", "b")
    wang.wait("image", second)
    assert wang.saved(tiny)["status"] == "no_text"


def test_picture_too_wide_for_a_browser__is_shown_smaller_and_boxes_are_exact(pool: Context, enter: Enter) -> None:
    size_wh = (20_000, 300)
    pixels = np.full((300, 20_000), 90, np.uint8)
    pixels[100:200, 15_000:15_600] = 255
    wide = _put_png(pool, "wide.png", size_wh, pixels)
    wang = enter()
    wang.open(wide)
    assert wang.page.evaluate("document.querySelector('.al-picture img').naturalWidth") == 6000
    # Zoom to where the white place is: a pixel of the screen is less than one of the picture.
    wang.page.evaluate(
        "() => document.getElementById('annotate-label').annotate.desk.view.zoomTo([14900, 80, 15700, 220])"
    )
    wang.press("w")
    wang.drag((15_000, 100), (15_600, 200))
    points = wang.saved()["regions"][0]["points"]
    assert np.abs(np.array(points) - [[15_000, 100], [15_600, 100], [15_600, 200], [15_000, 200]]).max() <= 1
    # The crop beside its text shows the place that is in the file there: white.
    colour = wang.page.evaluate(
        """() => { const crop = document.querySelector('.al-crop canvas');
          return [...crop.getContext('2d').getImageData(crop.width / 2, crop.height / 2, 1, 1).data]; }"""
    )
    assert min(colour[:3]) > 245


def test_picture_of_20_000_by_20_000__is_refused_and_its_labels_still_open(
    pool: Context, enter: Enter, tmp_path: Path
) -> None:
    file = tmp_path / "vast.png"
    cv2.imwrite(str(file), np.zeros((20_000, 20_000), np.uint8), [cv2.IMWRITE_PNG_BILEVEL, 1])
    assert file.stat().st_size < 2_000_000
    wang = enter()
    page = wang.page
    page.goto(f"{wang.site.url}/pool")
    page.wait_for_selector("#annotate-pool-main [data-state=ready]")
    page.set_input_files(".ap-zone input", file)
    page.click(".ap-add .ap-go")
    page.wait_for_selector(".aj li[data-state=done], .aj li[data-state=failed]", timeout=120_000)
    expect(page.locator(".aj li small").first).to_have_text(
        "1 broken; vast.png: refused before decoding: its header says 400,000,000 pixels; 178,956,970 may be"
    )
    # One that came into the pool another way.
    vast, second = _put_png(pool, "vast.png", (20_000, 20_000), np.zeros((1, 1), np.uint8)), _labelled(pool, "v2.jpg")
    wang.open(vast, batch=put_batch(pool, "vast", [vast, second]))
    expect(_hint(wang)).to_contain_text("20,000 x 20,000 pixels are too many to be shown")
    wang.press("k")
    wang.wait("image", second)
    assert wang.saved(vast)["status"] == "skipped"


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("one\ttwo", "one two"),
        ("first\r\n\r\nsecond\u2028third", "first second third"),
        ("👩‍👩‍👧 🏳️‍🌈 é", "👩‍👩‍👧 🏳️‍🌈 é"),
        ("\u200fשלום abc\u200e \u202bمرحبا\u202c", "\u200fשלום abc\u200e \u202bمرحبا\u202c"),
        ("长" * 5000, "长" * 5000),
    ],
    ids=["tab", "breaks", "emoji", "right-to-left", "5,000"],
)
@pytest.mark.parametrize("way", ["typed", "pasted"])
def test_text__is_kept_as_one_line(pool: Context, enter: Enter, written: str, stored: str, way: str) -> None:
    image_id = _labelled(pool, f"{way}-{stored[:9]}.jpg")
    wang = enter(permissions=["clipboard-read", "clipboard-write"])
    wang.open(image_id)
    wang.press("Tab", "Control+a", "a", "b", "ArrowLeft")
    if way == "pasted":
        wang.page.evaluate("text => navigator.clipboard.writeText(text)", written)
        wang.press("Control+v")
        wang.type("!")  # the cursor stays behind what came in
    else:  # no key types a line break: Enter accepts
        wang.type(re.sub(r"[\r\n\u2028]+", "\t", written))
        wang.type("!")
    assert wang.saved()["regions"][0]["text"] == f"a{stored}!b"
    wang.open(image_id)
    wang.press("Tab")
    assert wang.field.input_value() == f"a{stored}!b"
    assert wang.page.locator(".al-row span").first.inner_text() == f"a{stored}!b"


def test_full_disk__is_told_and_the_edit_is_sent_when_there_is_room(pool: Context, enter: Enter, full: Path) -> None:
    image_id = _labelled(pool, "full.jpg")
    wang = enter()
    wang.open(image_id)
    full.touch()
    _write(wang, "长" * 9000)
    wang.wait("sync", "unsaved")
    assert "database or disk is full" in wang.page.locator(".al-toast").inner_text()
    expect(wang.page.locator(".al-sync")).to_have_text("The server cannot save · kept in this browser: 1")
    assert wang.site.doc(image_id)["regions"][0]["text"] == "old"
    wang.reopen()  # it survives the tab
    wang.open(image_id)
    wang.press("Tab")
    expect(wang.field).to_have_value("长" * 9000)
    wang.wait("sync", "unsaved")
    full.unlink()
    assert wang.saved()["regions"][0]["text"] == "长" * 9000


def test_full_disk__pictures_that_need_a_smaller_copy_are_shown(pool: Context, enter: Enter, full: Path) -> None:
    wide = _put_png(pool, "broad.png", (7_000, 200), np.full((200, 7_000), 90, np.uint8))
    kept = pool.workspace.thumbs / "view" / wide[:2] / f"{wide}.jpg"
    wang = enter(locale="zh-CN")
    full.touch()
    try:
        wang.open(wide)
        assert wang.page.evaluate("document.querySelector('.al-picture img').naturalWidth") == 6000
        expect(_hint(wang)).to_have_attribute("data-bad", "false")
        assert wang.page.request.get(f"{wang.site.url}/api/images/{wide}/thumb").status == 200
        assert not kept.exists()
        wang.press("w")
        wang.drag((100, 50), (700, 150))
        wang.type("长" * 9000)
        wang.wait("sync", "unsaved")
        sync = wang.page.locator(".al-sync")
        expect(sync).to_have_text("服务器无法保存 · 已存于本浏览器：1")
        expect(sync).to_have_attribute("title", "服务器的磁盘已满，数据库无法写入")
    finally:
        full.unlink()
    assert len(wang.saved()["regions"]) == 1
    assert wang.page.request.get(f"{wang.site.url}/api/images/{wide}/media").status == 200
    assert kept.exists()


def test_milvus_away__search_says_so_in_a_line_and_labelling_goes_on(pool: Context, enter: Enter) -> None:
    image_id = _labelled(pool, "search.jpg")
    wang = enter()
    page = wang.page
    page.goto(f"{wang.site.url}/search")
    page.wait_for_selector(".aq[data-state=ready] .aq-packs button")
    page.fill("input[name=words]", "red banner")
    page.press("input[name=words]", "Enter")
    page.wait_for_selector(".aq-note[data-bad=true]", timeout=60_000)
    told = page.locator(".aq-note").inner_text()
    assert told.startswith("The search failed: Milvus at http://127.0.0.1:9 cannot be reached")
    assert "\n" not in told
    # What is written needs no vectors.
    page.click(".aq-form button[type=button]:has-text('Clear all')")
    page.fill("input[name=written]", "old")
    page.press("input[name=written]", "Enter")
    page.wait_for_selector(f'.aq-hit[data-image="{image_id}"]', timeout=60_000)
    assert page.locator(".aq-note").get_attribute("data-bad") == "false"
    wang.open(image_id)
    _write(wang, "new")
    assert wang.saved()["regions"][0]["text"] == "new"


def test_reader_that_throws__on_opening_and_again_by_key(pool: Context, enter: Enter) -> None:
    unread, second = put_picture(pool, "throws.jpg", (331, 240)), _labelled(pool, "t2.jpg", w=61, h=20)
    wang = enter()
    wang.open(unread, batch=put_batch(pool, "throws", [unread, second]))
    wang.page.wait_for_selector('.al-toast[data-said="say.noreader"]')
    expect(wang.page.locator(".al-toast")).to_have_text(
        "Reading failed: throws.jpg: moody 1: RuntimeError: the engine is on fire"
    )
    wang.press("w")
    wang.drag((20, 30), (150, 60))
    wang.type("by hand")
    assert wang.saved()["regions"][0]["text"] == "by hand"
    wang.press("Escape", "d")
    wang.wait("image", second)
    wang.press("Tab", "Control+r")
    wang.page.wait_for_selector('.al-toast[data-said="say.noreader"]')
    expect(wang.field).to_have_value("old")
    wang.wait("reading", "")


def test_reader_that_hangs__is_told_and_blocks_nothing_in_the_browser(pool: Context, enter: Enter) -> None:
    # More pictures than a browser has connections to one server.
    ids = [put_picture(pool, f"hangs-{number}.jpg", (332, 240)) for number in range(8)]
    last = _labelled(pool, "hangs-last.jpg", w=62, h=20)
    wang = enter()
    wang.open(ids[0], batch=put_batch(pool, "hangs", [*ids, last]))
    for image_id in ids[1:]:
        wang.wait("reading", wang.value("image"))
        wang.press("d")
        wang.wait("image", image_id)
    wang.wait("reading", ids[-1])
    wang.press("w")
    wang.drag((20, 30), (150, 60))
    wang.type("meanwhile")
    assert wang.saved()["regions"][0]["text"] == "meanwhile"
    assert wang.value("reading") == ids[-1]
    wang.page.wait_for_selector('.al-toast[data-said="say.noreader"]')
    expect(wang.page.locator(".al-toast")).to_contain_text("hangs-7.jpg: ")
    wang.press("Escape", "d")
    wang.wait("image", last)
    wang.press("Tab", "Control+r")
    wang.wait("reading", last)
    wang.press("End", "!")
    wang.page.wait_for_selector('.al-toast[data-said="say.noreader"]')
    expect(wang.page.locator(".al-toast")).to_contain_text("took longer than 2 s")
    wang.wait("reading", "")
    assert wang.saved()["regions"][0]["text"] == "old!"


def test_reader_that_hangs__blocks_nobody_else(pool: Context, site: Site) -> None:
    # More people than the server has threads.
    hanging, other = put_picture(pool, "hangs.jpg", (332, 240)), put_picture(pool, "others.jpg")

    def ask(_: int) -> httpx.Response:
        return httpx.post(f"{site.url}/api/images/{hanging}/read", json={}, timeout=120)

    with ThreadPoolExecutor(60) as people:
        asked = [people.submit(ask, number) for number in range(60)]
        began = time.monotonic()
        while not any(one.done() for one in asked):
            time.sleep(0.01)
        assert httpx.put(
            f"{site.url}/api/images/{other}/doc", json={"base_rev": 0, "regions": []}, timeout=60
        ).is_success
        assert time.monotonic() - began < 2.0  # before the first one has been given up
        told = [one.result() for one in asked]
    assert {answer.status_code for answer in told} == {503}
    assert sum("took longer" in answer.text for answer in told) == 1
    assert {answer.json()["detail"].split(": ")[-1].split(";")[0] for answer in told} == {
        "took longer than 2 s",
        "the reader has too much to do",
        "the reader hung on another picture meanwhile",
    }
