"""The Pool page in a browser: pictures in, looked through, changed, taken out and brought back, twins settled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import httpx
import numpy as np
from browsing import Person, Site
from small_pool import box, put_picture

from annotate.records import Twin
from annotate.store import twins
from annotate.workflow import labels, people
from annotate.workflow.context import Context

Enter = Callable[..., Person]


def _enter_pool(person: Person) -> None:
    person.page.goto(f"{person.site.url}/pool")
    person.page.wait_for_selector(".ap[data-state=ready]")


def _shows(person: Person, pictures: int) -> None:
    person.page.wait_for_selector(f".ap[data-state=ready][data-pictures='{pictures}']")


def _names(person: Person) -> list[str]:
    return person.page.locator(".ap-name span").all_inner_texts()


def _picture(path: Path, shade: int) -> Path:
    cv2.imwrite(str(path), np.full((60, 90, 3), shade, np.uint8))
    return path


def test_pool__files_webcam_and_a_folder_of_the_server(pool: Context, site: Site, enter: Enter, tmp_path: Path) -> None:
    admin = enter()
    page = admin.page
    _enter_pool(admin)
    files = [_picture(tmp_path / "shop sign.png", 40), _picture(tmp_path / "牌匾.png", 180)]
    (tmp_path / "notes.txt").write_text("/etc/passwd")
    page.set_input_files(".ap-zone input", [*files, tmp_path / "notes.txt"])
    assert "notes.txt" in page.locator(".ap-note").inner_text()
    page.click(".ap button[name=camera]")
    page.wait_for_selector(".ap-camera video")
    page.wait_for_function("document.querySelector('.ap-camera video').videoWidth > 0")
    page.click(".ap-camera .ap-go")
    page.wait_for_selector(".ap-camera[data-taken='1']")
    page.click(".ap-camera button:not(.ap-go)")
    page.wait_for_selector(".ap-add[data-files='3']")
    page.fill("input[name=newtags]", "街景， night")
    page.click(".ap-add .ap-go")
    page.wait_for_selector(".aj li[data-state=done]", timeout=120_000)
    _shows(admin, 3)
    assert sorted(name.split("-")[0] for name in _names(admin)) == ["shop sign.png", "webcam", "牌匾.png"]
    assert {tuple(one["tags"]) for one in httpx.get(f"{site.url}/api/pool").json()["pictures"]} == {("night", "街景")}
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    mine = _picture(shelf / "shelf.png", 90)
    page.fill("input[name=path]", str(shelf))
    page.click(".ap-server .ap-go")
    page.wait_for_selector(".aj li[data-state=done] >> nth=1", timeout=120_000)
    _shows(admin, 4)
    # It lies with its owner: taking it out of the pool leaves it alone.
    page.click(".ap-card .ap-picture >> nth=0")
    page.click("button[name=delete]")
    page.click(".ap-dialog .ap-bad")
    _shows(admin, 3)
    assert mine.is_file()
    assert "shelf.png" not in _names(admin)
    page.click("[data-view=trash][role=tab]")
    _shows(admin, 1)
    page.click(".ap-card .ap-picture")
    page.click("button[name=restore]")
    _shows(admin, 0)
    page.click("[data-view=pool][role=tab]")
    _shows(admin, 4)
    page.click(".ap-card .ap-picture >> nth=0")
    page.click(".ap-card .ap-picture >> nth=3", modifiers=["Shift"])
    page.click("button[name=delete]")
    page.keyboard.press("Escape")
    assert page.get_attribute(".ap", "data-chosen") == "4"
    page.click("button[name=delete]")
    page.click(".ap-dialog .ap-bad")
    _shows(admin, 0)


def test_pool__filtered_tagged_and_sorted_out(pool: Context, site: Site, enter: Enter) -> None:
    ids = [put_picture(pool, f"set{n}.jpg", seed=n) for n in range(65)]
    labels.save(pool, ids[3], 0, [box("a", text="茶馆")], "confirmed")
    admin = enter(locale="zh-CN")
    page = admin.page
    _enter_pool(admin)
    _shows(admin, 60)
    assert "共 65 张" in page.locator(".ap-total").inner_text()
    page.click("button[name=more]")
    _shows(admin, 5)
    page.click("button[name=back]")
    _shows(admin, 60)
    page.fill("input[name=text]", "茶馆")
    page.press("input[name=text]", "Enter")
    _shows(admin, 1)
    assert _names(admin) == ["set3.jpg"]
    page.click("button[name=page]")
    page.fill("footer input[name=tags]", "店铺")
    page.click("button[name=addtag]")
    page.wait_for_selector(".ap-tags i")
    page.click(".ap-filters button[type=reset]")
    _shows(admin, 60)
    page.select_option("select[name=tag]", "店铺")
    _shows(admin, 1)
    page.click("button[name=page]")
    page.select_option("select[name=set]", "rejected")
    page.wait_for_selector(".ap-card[data-status=rejected]")
    assert site.doc(ids[3])["status"] == "rejected"
    page.fill("footer input[name=batch]", "再看")
    page.click("button[name='to.batch']")
    page.wait_for_function("document.querySelector('.ap-note').textContent.includes('再看')")
    assert [(one["name"], one["size"]) for one in httpx.get(f"{site.url}/api/batches").json()] == [("再看", 1)]
    page.click(".ap-filters button[type=reset]")
    _shows(admin, 60)
    page.click("button[name=all]")
    page.wait_for_selector(".ap[data-chosen='65']")


def test_pool__twins_one_kept_and_all_kept(pool: Context, enter: Enter) -> None:
    a, b, c, d = (put_picture(pool, f"twin{n}.jpg", seed=100 + n) for n in range(4))
    with pool.db.writing() as session:
        twins.link(session, [Twin(b, a, "phash", 0.99), Twin(d, c, "clip", 0.98)])
    admin = enter()
    _enter_pool(admin)
    admin.page.click("[data-view=twins][role=tab]")
    _shows(admin, 2)
    admin.page.click(f".ap-group figure[data-image='{b}'] button")
    _shows(admin, 1)
    admin.page.click(".ap-group .ap-all")
    _shows(admin, 0)
    found = {one["id"] for one in httpx.get(f"{admin.site.url}/api/pool", params={"text": "twin"}).json()["pictures"]}
    assert found == {b, c, d}


def test_pool__an_annotator_looks_but_changes_nothing(pool: Context, site: Site, enter: Enter) -> None:
    people.add_user(pool, "wang", "annotator", "wang-password")
    token = httpx.post(f"{site.url}/api/login", json={"name": "wang", "password": "wang-password"}).json()["token"]
    wang = enter()
    wang.context.add_cookies([{"name": "annotate_session", "value": token, "url": site.url}])
    _enter_pool(wang)
    assert (
        wang.page.locator(".ap-add, .ap-server, button[name=delete], button[name=addtag], [data-view=trash]").count()
        == 0
    )
    assert wang.page.locator("button[name='to.batch']").count() == 1
