"""Work that nothing may lose: the server is killed, two people have one picture."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browsing import Person, Site
from small_pool import box, put_batch, put_picture

from annotate.store.database import now
from annotate.store.labels import save_doc
from annotate.workflow import people
from annotate.workflow.context import Context

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True, scope="module")
def _people(pool: Context) -> None:
    for name in ("wang", "li"):
        people.add_user(pool, name, "annotator", f"{name}-password")


def _labelled(pool: Context, name: str) -> str:
    image_id = put_picture(pool, name)
    with pool.db.writing() as session:
        save_doc(
            session, image_id, 0, [box("a", text="old"), box("b", y=60, text="old")], who="x", action="save", at=now()
        )
    return image_id


def _write(person: Person, region: int, text: str) -> None:
    person.press("Escape", "Escape", *["Tab"] * region, "Control+a")
    person.type(text)


def test_server_killed__while_a_person_goes_on(enter: Callable[..., Person], pool: Context, site: Site) -> None:
    first, second = (_labelled(pool, f"killed-{number}.jpg") for number in range(2))
    batch = put_batch(pool, "killed", [first, second])
    wang = enter()
    wang.log_in("wang", "wang-password")
    wang.open(first, batch=batch)
    wang.wait("ahead", first)  # what comes next is loaded
    site.kill()
    _write(wang, 1, "while it was away")
    wang.wait("sync", "offline")
    wang.press("Escape", "d")
    wang.wait("image", second)
    _write(wang, 2, "also away")
    wang.wait("waiting", "2")
    site.start()
    doc = wang.saved()
    assert [region["text"] for region in doc["regions"]] == ["old", "also away"]
    wang.press("Escape", "a")
    wang.wait("image", first)
    assert [region["text"] for region in wang.saved()["regions"]] == ["while it was away", "old"]


def test_connection_lost__and_the_tab_closed(enter: Callable[..., Person], pool: Context) -> None:
    image_id = _labelled(pool, "closed.jpg")
    wang = enter()
    wang.log_in("wang", "wang-password")
    wang.open(image_id)
    wang.context.set_offline(True)
    _write(wang, 1, "kept in the browser")
    wang.wait("sync", "offline")
    wang.reopen()
    wang.context.set_offline(False)
    wang.open(image_id)
    assert wang.saved()["regions"][0]["text"] == "kept in the browser"
    wang.press("Tab")
    assert wang.field.input_value() == "kept in the browser"


def test_two_people__are_told_of_each_other_and_nothing_is_overwritten(
    enter: Callable[..., Person], pool: Context
) -> None:
    image_id = _labelled(pool, "together.jpg")
    wang, li = enter(), enter()
    wang.log_in("wang", "wang-password")
    li.log_in("li", "li-password")
    wang.open(image_id)
    li.open(image_id)
    li.wait("held", "wang")
    li.press("Tab")
    assert li.field.is_disabled()
    # Who draws all the same is told at once: nothing is begun that would be thrown away.
    for tool in ("w", "q", "p"):
        li.press("Escape", "Escape", tool)
        li.page.evaluate("() => { document.querySelector('.al-toast').dataset.said = ''; }")
        li.drag((150, 150), (200, 180))
        li.page.wait_for_selector('.al-toast[data-said="say.held"]')
        assert li.page.evaluate("() => document.getElementById('annotate-label').annotate.desk.tools.draft.length") == 0
    li.press("Escape", "Escape")
    box_at = li.site.doc(image_id, _cookies(li))["regions"][0]["points"][0]
    li.drag((box_at[0] + 12, box_at[1] + 12), (200, 180))
    assert li.page.evaluate("() => document.getElementById('annotate-label').annotate.desk.tools.drag") is None
    li.page.click(".al-banner button:not(.main)")  # on purpose
    li.wait("held", "")
    _write(li, 1, "by li")
    li.saved()
    _write(wang, 1, "by wang")
    _write(wang, 2, "also by wang")
    wang.wait("sync", "conflict")
    dialog = wang.page.locator("dialog[data-kind=conflict]")
    assert dialog.locator("[data-region=a] [data-side=mine] span").inner_text() == "by wang"
    assert dialog.locator("[data-region=a] [data-side=theirs] span").inner_text() == "by li"
    dialog.locator("[data-region=a] [data-side=theirs]").click()
    dialog.locator("footer .main").click()
    assert [region["text"] for region in wang.saved()["regions"]] == ["by li", "also by wang"]


def _cookies(person: Person) -> dict[str, str]:
    return {one["name"]: one["value"] for one in person.context.cookies()}


def test_next_unconfirmed__passes_by_what_somebody_else_has(enter: Callable[..., Person], pool: Context) -> None:
    ids = [_labelled(pool, f"shared-{number}.jpg") for number in range(3)]
    batch = put_batch(pool, "shared", ids)
    wang, li = enter(), enter()
    wang.log_in("wang", "wang-password")
    li.log_in("li", "li-password")
    wang.open(ids[1], batch=batch)
    li.open(ids[0], batch=batch)
    li.press("Control+Enter")
    li.wait("image", ids[2])
    assert li.value("held") == ""


def test_without_login__the_page_asks_for_one(enter: Callable[..., Person], site: Site) -> None:
    stranger = enter()
    stranger.page.goto(f"{site.url}/label")
    stranger.page.wait_for_selector("input[name=password]")
    stranger.page.fill("input[name=name]", "wang")
    stranger.page.fill("input[name=password]", "wrong-password")
    stranger.page.press("input[name=password]", "Enter")
    stranger.page.wait_for_function("document.getElementById('problem').textContent !== ''")
    assert "/login" in stranger.page.url
