"""The Label page as a person uses it: drawing, typing, keys, saving, going on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from browsing import Person
from playwright.sync_api import expect
from small_pool import box, put_batch, put_picture

from annotate.records import Reading, Region
from annotate.store.database import now
from annotate.store.labels import add_readings, save_doc
from annotate.workflow.context import Context


def prelabelled(pool: Context, name: str, *regions: Region, readings: dict[str, list[Reading]] | None = None) -> str:
    """A picture on which a reader has been."""
    image_id = put_picture(pool, name)
    with pool.db.writing() as session:
        save_doc(session, image_id, 0, regions, who="reader", action="prelabel", at=now())
        add_readings(session, image_id, readings or {}, now())
    return image_id


def guess(region_id: str, text: str, score: float, y: float = 10) -> Region:
    """A box with what a reader read."""
    return replace(box(region_id, x=20, y=y, w=120, h=24, text=text), score=score, origin="reader:test")


@pytest.fixture
def wang(enter: Callable[..., Person]) -> Iterator[Person]:
    """Somebody at the page."""
    return enter()


def _boxes(doc: Any) -> list[tuple[str, list[list[float]]]]:
    return [(region["kind"], [[round(v) for v in point] for point in region["points"]]) for region in doc["regions"]]


def test_draw__a_rectangle_and_type_chinese(wang: Person, pool: Context) -> None:
    image_id = put_picture(pool, "rectangle.jpg")
    wang.open(image_id)
    wang.press("w")
    wang.drag((20, 30), (150, 60))
    wang.type("红色锦旗")
    doc = wang.saved()
    assert _boxes(doc) == [("rect", [[20, 30], [150, 30], [150, 60], [20, 60]])]
    assert doc["regions"][0]["text"] == "红色锦旗"
    assert doc["regions"][0]["origin"] == "person:local"
    wang.press("Enter")
    assert wang.saved()["regions"][0]["state"] == "confirmed"


def test_draw__four_clicks_in_any_order_and_a_polygon(wang: Person, pool: Context) -> None:
    image_id = put_picture(pool, "outlines.jpg")
    wang.open(image_id)
    wang.press("q")
    for x, y in ((20, 30), (150, 60), (150, 30), (20, 60)):  # crosses itself
        wang.click(x, y)
    wang.press("Escape", "p")
    for x, y in ((200, 100), (260, 90), (300, 120), (250, 160)):
        wang.click(x, y)
    wang.press("Enter")
    doc = wang.saved()
    assert _boxes(doc) == [
        ("quad", [[20, 30], [150, 30], [150, 60], [20, 60]]),
        ("polygon", [[200, 100], [260, 90], [300, 120], [250, 160]]),
    ]


def test_drag__corner_edge_box_and_undo_all(wang: Person, pool: Context) -> None:
    image_id = prelabelled(pool, "drags.jpg", box("a", x=100, y=100, w=80, h=40))
    wang.open(image_id)
    wang.click(140, 120)
    wang.drag((180, 140), (200, 150))
    assert _boxes(wang.saved())[0][1] == [[100, 100], [200, 100], [200, 150], [100, 150]]
    wang.drag((100, 125), (90, 131))  # the left edge moves along its normal only
    assert _boxes(wang.saved())[0][1] == [[90, 100], [200, 100], [200, 150], [90, 150]]
    wang.drag((150, 125), (150, 20))  # as far as the picture goes
    assert _boxes(wang.saved())[0][1] == [[90, 0], [200, 0], [200, 50], [90, 50]]
    wang.press("ArrowDown", "ArrowDown", "Shift+ArrowRight")
    assert _boxes(wang.saved())[0][1] == [[100, 2], [210, 2], [210, 52], [100, 52]]
    for _ in range(10):
        wang.press("Control+z")
    assert _boxes(wang.saved())[0][1] == [[100, 100], [180, 100], [180, 140], [100, 140]]
    for _ in range(10):
        wang.press("Control+Shift+z")
    assert _boxes(wang.saved())[0][1] == [[100, 2], [210, 2], [210, 52], [100, 52]]


def test_drag__that_would_cross_the_outline_is_refused(wang: Person, pool: Context) -> None:
    quad = Region("a", "quad", ((100, 100), (180, 100), (180, 140), (100, 140)), "x")
    image_id = prelabelled(pool, "crossing.jpg", quad)
    wang.open(image_id)
    wang.click(140, 120)
    wang.drag((180, 140), (60, 90))
    assert wang.said() == "say.crossed"
    assert wang.value("undo") == "0"
    assert wang.saved()["rev"] == 1


def test_turn__by_its_handle_and_by_keys(wang: Person, pool: Context) -> None:
    image_id = prelabelled(pool, "turned.jpg", box("a", x=100, y=100, w=80, h=40))
    wang.open(image_id)
    wang.click(140, 120)
    handle = wang.page.locator(".al-over .turn").bounding_box()
    assert handle is not None
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    centre = wang.at(140, 120)
    wang.page.mouse.move(x, y)
    wang.page.mouse.down()
    wang.page.mouse.move(centre[0] + (centre[1] - y) * 0.7, centre[1] - 30)
    wang.page.mouse.move(centre[0] + (centre[1] - y), centre[1])  # a quarter to the right
    wang.page.mouse.up()
    doc = wang.saved()
    assert _boxes(doc) == [("quad", [[160, 80], [160, 160], [120, 160], [120, 80]])]
    wang.press("[")
    assert _boxes(wang.saved())[0][1] != [[160, 80], [160, 160], [120, 160], [120, 80]]


def test_keys__correct_a_prelabelled_picture_without_the_mouse(wang: Person, pool: Context) -> None:
    first = prelabelled(pool, "keys-1.jpg", guess("a", "good", 0.99), guess("b", "almoct", 0.9, y=60))
    second = put_picture(pool, "keys-2.jpg")
    batch = put_batch(pool, "keys", [first, second])
    wang.open(first, batch=batch)
    wang.press("Tab", "Enter")  # the first is right
    wang.press("End", "Backspace", "Backspace")
    wang.type("st")
    wang.press("Control+Enter")
    wang.wait("image", second)
    doc = wang.saved(first)
    assert doc["status"] == "confirmed"
    assert [(region["text"], region["state"]) for region in doc["regions"]] == [
        ("good", "confirmed"),
        ("almost", "confirmed"),
    ]
    wang.press("b")  # no text on the second: the list is done
    assert wang.saved()["status"] == "no_text"
    wang.page.wait_for_selector('.al-toast[data-said="say.alldone"]')


def test_guess__that_is_likely_wrong_is_withheld(wang: Person, pool: Context) -> None:
    readings = {"a": [Reading("one", "gu3ss", 0.5), Reading("two", "guess", 0.45)]}
    image_id = prelabelled(pool, "withheld.jpg", guess("a", "gu3ss", 0.5), readings=readings)
    wang.open(image_id)
    wang.press("Tab")
    assert wang.field.input_value() == ""
    wang.press("Control+Enter")
    assert wang.said() == "say.empty"
    assert wang.value("image") == image_id
    wang.press("Alt+2")
    expect(wang.field).to_have_value("guess")
    region = wang.saved()["regions"][0]
    assert (region["text"], region["score"]) == ("guess", None)
    wang.press("Control+z", "Control+i", "Control+Enter")
    wang.page.wait_for_function("id => document.getElementById('annotate-label').dataset.image !== id", arg=image_id)
    doc = wang.saved(image_id)
    assert (doc["regions"][0]["ignore"], doc["regions"][0]["text"]) == (True, "gu3ss")


def test_letters__are_text_in_the_field_also_while_an_input_method_composes(wang: Person, pool: Context) -> None:
    image_id = prelabelled(pool, "letters.jpg", box("a", text=""))
    wang.open(image_id)
    wang.press("Tab", *"wqpdxbk1")
    assert wang.field.input_value() == "wqpdxbk1"
    assert (wang.value("image"), wang.value("regions"), wang.value("status")) == (image_id, "1", "todo")
    wang.press("Control+a", "Backspace")
    method = wang.context.new_cdp_session(wang.page)
    method.send("Input.imeSetComposition", {"text": "zhong", "selectionStart": 5, "selectionEnd": 5})
    # Enter and Tab choose a candidate while the method composes: the browser marks them with key code 229.
    for key in ("Enter", "Tab"):
        method.send(
            "Input.dispatchKeyEvent",
            {"type": "rawKeyDown", "key": key, "code": key, "windowsVirtualKeyCode": 229, "nativeVirtualKeyCode": 229},
        )
    assert wang.value("selected") == "a"
    assert wang.page.evaluate("document.activeElement.className") == "al-field"
    method.send("Input.insertText", {"text": "中"})
    assert wang.saved()["regions"][0]["text"] == "中"


def test_column__is_edited_along_its_text(wang: Person, pool: Context) -> None:
    column = replace(guess("a", "天地玄黄", 0.99), points=((20, 20), (50, 20), (50, 140), (20, 140)), direction="ttb")
    image_id = prelabelled(pool, "column.jpg", column, guess("b", "next", 0.99, y=200))
    wang.open(image_id)
    wang.press("Tab", "End", "ArrowUp", "Backspace")
    wang.type("元")
    assert wang.saved()["regions"][0]["text"] == "天地元黄"
    assert wang.page.evaluate("getComputedStyle(document.querySelector('.al-field')).writingMode") == "vertical-rl"
    wang.press("ArrowLeft")
    wang.wait("selected", "b")


def test_reader__is_asked_when_nobody_has_read_and_again_by_key(wang: Person, pool: Context) -> None:
    image_id = put_picture(pool, "unread.jpg", (333, 240))
    wang.open(image_id)
    wang.wait("regions", "2")
    wang.press("Tab")
    expect(wang.field).to_have_value("120x30")
    assert wang.page.locator(".al-marks .very-low").inner_text() == "0"
    wang.press("Control+z")  # what a reader suggests can be undone
    wang.wait("regions", "0")
    wang.press("Control+Shift+z", "Tab", "Control+a")
    wang.type("mine")
    wang.press("Control+r")
    wang.page.wait_for_selector('.al-toast[data-said="say.read"]')
    expect(wang.field).to_have_value("mine")  # a person's text is never overwritten
    wang.press("Alt+1")
    expect(wang.field).to_have_value("120x30")
    assert [region["text"] for region in wang.saved()["regions"]] == ["120x30", "120x30"]


def test_copy_and_paste__to_another_picture(wang: Person, pool: Context) -> None:
    first = prelabelled(pool, "copy-1.jpg", box("a"), box("b", y=60))
    second = put_picture(pool, "copy-2.jpg")
    batch = put_batch(pool, "copies", [first, second])
    wang.open(first, batch=batch)
    wang.press("Control+a", "Control+c", "d")
    wang.wait("image", second)
    wang.press("Control+v")
    doc = wang.saved()
    assert [region["points"] for region in doc["regions"]] == [
        region["points"] for region in wang.site.doc(first)["regions"]
    ]
    assert not {region["id"] for region in doc["regions"]} & {"a", "b"}


def test_split_and_join(wang: Person, pool: Context) -> None:
    image_id = prelabelled(pool, "split.jpg", box("a", x=20, y=20, w=200, h=30, text="hello world"))
    wang.open(image_id)
    wang.click(120, 35)
    wang.press("s")
    assert [region["text"] for region in wang.saved()["regions"]] == ["hello", "world"]
    wang.press("Control+a", "m")
    doc = wang.saved()
    assert [region["text"] for region in doc["regions"]] == ["hello world"]
    assert _boxes(doc) == [("rect", [[20, 20], [220, 20], [220, 50], [20, 50]])]


def test_next__pressed_twice_goes_two_pictures_on(wang: Person, pool: Context) -> None:
    ids = [put_picture(pool, f"fast-{number}.jpg", seed=number) for number in range(4)]
    batch = put_batch(pool, "fast", ids)
    wang.open(ids[0], batch=batch)
    wang.press("d", "d")
    wang.wait("image", ids[2])
    wang.press("d", "a", "a")
    wang.wait("image", ids[1])
    wang.press("a", "a", "a")
    wang.page.wait_for_selector('.al-toast[data-said="say.end"]')
    assert wang.value("image") == ids[0]


def test_script__in_names_and_texts_is_shown_as_text(wang: Person, pool: Context) -> None:
    evil = '<img src=x onerror="window.harmed = 1">'
    readings = {"a": [Reading(evil, evil, 0.99, (0.5,) * len(evil))]}
    image_id = prelabelled(pool, f"{evil}.jpg", guess("a", evil, 0.99), readings=readings)
    wang.open(image_id)
    wang.press("Tab")
    assert wang.field.input_value() == evil
    wang.press("Escape", "?")
    wang.page.wait_for_selector("dialog[data-kind=sheet][open]")
    wang.press("Escape", "j")
    wang.page.wait_for_selector("dialog[data-kind=history][open]")
    wang.press("Escape")
    assert wang.page.evaluate("window.harmed") is None
    assert wang.page.locator("#annotate-label img[src=x]").count() == 0


def test_history__can_be_gone_back_to(wang: Person, pool: Context) -> None:
    image_id = prelabelled(pool, "history.jpg", box("a", text="first"))
    wang.open(image_id)
    wang.press("Tab", "Control+a")
    wang.type("second")
    wang.saved()
    wang.press("Escape", "j")
    wang.page.click("dialog[data-kind=history] [data-rev='1'] button")
    wang.wait("rev", "3")
    assert wang.saved()["regions"][0]["text"] == "first"


def test_file_deleted__before_it_is_opened(wang: Person, pool: Context) -> None:
    gone = prelabelled(pool, "gone.jpg", box("a", text="kept"))
    next(pool.workspace.media.rglob(f"{gone}.jpg")).unlink()
    wang.open(gone)
    wang.wait("why", "gone")
    wang.press("Tab", "Control+a")
    wang.type("changed")
    assert wang.saved()["regions"][0]["text"] == "changed"


def test_chinese_browser__gets_chinese(enter: Callable[..., Person], pool: Context) -> None:
    image_id = put_picture(pool, "chinese.jpg")
    li = enter(locale="zh-CN")
    li.open(image_id)
    assert li.page.inner_text(".al-flow.main span") == "确认"
    assert li.page.inner_text(".al-pill") == "待标注"


def test_open__that_is_answered_late_does_not_undo_what_was_saved(wang: Person, pool: Context) -> None:
    first = put_picture(pool, "late-1.jpg")
    second = prelabelled(pool, "late-2.jpg", box("a", text="old"))
    batch = put_batch(pool, "late", [first, second])
    wang.open(first, batch=batch)
    wang.wait("ahead", first)
    held = []
    wang.page.route(f"**/api/images/{second}/open", lambda route: held.append((route, route.fetch())))
    wang.press("d")
    wang.wait("image", second)
    wang.page.wait_for_timeout(300)  # the request is on its way, its answer is held back
    wang.press("Tab", "Control+a")
    wang.type("new")
    assert wang.saved()["regions"][0]["text"] == "new"
    assert held, "the picture was never claimed"
    route, answer = held[0]
    route.fulfill(response=answer)
    wang.page.wait_for_function("() => !document.getElementById('annotate-label').annotate.flow.waiting")
    expect(wang.field).to_have_value("new")
    wang.press("End", "!")
    assert wang.saved()["regions"][0]["text"] == "new!"


def test_tab__after_boxes_were_removed_goes_on_there_and_on_the_next_picture_at_the_first(
    wang: Person, pool: Context
) -> None:
    lines = [guess(name, name, 0.99, y=20 + 40 * at) for at, name in enumerate("abc")]
    first = prelabelled(pool, "removed-1.jpg", *lines)
    second = prelabelled(pool, "removed-2.jpg", guess("d", "d", 0.99))
    batch = put_batch(pool, "removed", [first, second])
    wang.open(first, batch=batch)
    wang.press("Tab", "Tab", "Escape", "Delete", "Tab")
    wang.wait("selected", "c")
    wang.press("Escape", "Delete", "Control+Enter")
    wang.wait("image", second)
    wang.press("Tab")
    wang.wait("selected", "d")
    assert [region["id"] for region in wang.saved(first)["regions"]] == ["a"]
