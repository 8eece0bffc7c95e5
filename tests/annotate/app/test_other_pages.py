"""The pages beside Label, in a browser: what a person does there, and what the server has afterwards."""

from __future__ import annotations

import tarfile
from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest
from browsing import Person, Site
from playwright.sync_api import expect
from small_pool import box, put_picture

from annotate.workflow import labels, review
from annotate.workflow.context import Context

Enter = Callable[..., Person]


def _ready(person: Person, page: str) -> None:
    person.page.goto(f"{person.site.url}/{page}")
    person.page.wait_for_selector(f"#annotate-{page}-main [data-state=ready]")


def _prelabelled(pool: Context, name: str, texts: list[str]) -> str:
    image_id = put_picture(pool, name, seed=len(name))
    regions = [replace(box(f"{n}", y=10 + 40 * n, text=text), score=0.3 + 0.1 * n) for n, text in enumerate(texts)]
    labels.save(replace(pool, who="reader:test"), image_id, 0, regions, action="prelabel")
    return image_id


def _texts(site: Site, image_id: str) -> dict[str, tuple[str, str]]:
    return {region["id"]: (region["text"], region["state"]) for region in site.doc(image_id)["regions"]}


def test_wall__one_wrong_one_mended_the_rest_confirmed(pool: Context, site: Site, enter: Enter) -> None:
    image_id = _prelabelled(pool, "wall.jpg", ["one", "tvvo", "three", "four"])
    wang = enter()
    _ready(wang, "wall")
    cards = wang.page.locator(".aw-card")
    assert cards.count() == 4
    cards.nth(3).locator(".aw-crop").click()
    assert cards.nth(3).get_attribute("data-state") == "wrong"
    # Letters are inert in a field: `x` does not mark the crop as wrong there.
    cards.nth(1).locator("input").click()
    wang.press("Control+a")
    wang.type("二x")
    wang.press("Enter")
    assert cards.nth(1).get_attribute("data-state") == "edited"
    wang.press("Control+Enter")
    wang.page.wait_for_selector(".aw[data-crops='0'], .aw[data-crops='1']")
    wang.page.wait_for_selector(".aw[data-state=ready]")
    assert _texts(site, image_id) == {
        "0": ("one", "confirmed"),
        "1": ("二x", "confirmed"),
        "2": ("three", "confirmed"),
        "3": ("four", "todo"),
    }


def _ground(person: Person, name: str) -> str:
    found: str = person.page.evaluate("(name) => getComputedStyle(document.querySelector(name)).backgroundColor", name)
    return found


def test_wall__keys_and_a_text_changed_meanwhile(pool: Context, site: Site, enter: Enter) -> None:
    image_id = _prelabelled(pool, "keys.jpg", ["alpha", "beta"])
    wang = enter(locale="zh-CN", color_scheme="dark")
    _ready(wang, "wall")
    wang.press("?")
    assert _ground(wang, "dialog[open]") == _ground(wang, ".aw-bar")  # as dark as the rest
    wang.press("Escape")
    place = wang.page.locator(".aw-card").evaluate_all(
        "nodes => nodes.findIndex(n => n.querySelector('input').value === 'alpha')"
    )
    doc = labels.open_doc(pool, image_id)
    labels.save(replace(pool, who="li"), image_id, doc.rev, [replace(doc.regions[0], text="new"), doc.regions[1]])
    wang.page.locator(".aw-card").nth(place).focus()
    wang.press("x", "x", "ArrowRight", "Space")
    assert wang.page.locator(".aw").get_attribute("data-wrong") == "1"
    wang.press("Control+Enter")
    wang.page.wait_for_selector(".aw-card[data-state=stale]")
    assert _texts(site, image_id) == {"0": ("new", "todo"), "1": ("beta", "todo")}


def test_review__right_and_sent_back(pool: Context, site: Site, enter: Enter) -> None:
    ids = []
    for name in ("r1.jpg", "r2.jpg"):
        ids.append(put_picture(pool, name))
        labels.save(replace(pool, who="li"), ids[-1], 0, [box("a", text="甲乙"), box("b", y=90)], "confirmed")
    zhao = enter(color_scheme="dark")
    _ready(zhao, "review")
    zhao.page.wait_for_selector(f".ar[data-image='{ids[0]}']")
    assert zhao.page.locator(".ar-list li bdi").all_inner_texts() == ["甲乙", "text"]
    zhao.press("ArrowDown", "a")
    zhao.page.wait_for_selector(f".ar[data-image='{ids[1]}'][data-state=ready]")
    zhao.press("r")
    assert _ground(zhao, "dialog[open]") == _ground(zhao, ".ar-list")  # as dark as the rest
    zhao.type("第二行漏了")
    zhao.press("Enter")
    zhao.page.wait_for_selector(".ar[data-image='']")
    said = [review.reviews_of(pool, image_id)[0] for image_id in ids]
    assert [(one.verdict, one.reason) for one in said] == [("confirm", ""), ("reject", "第二行漏了")]
    assert site.doc(ids[1])["status"] == "todo"


def test_review__labelled_again_unseen(pool: Context, site: Site, enter: Enter) -> None:
    image_id = put_picture(pool, "again.jpg", seed=77)
    guess = replace(box("g", 20, 30, 150, 34, text="guess"), score=0.9)
    labels.save(replace(pool, who="reader:test"), image_id, 0, [guess], action="prelabel")
    labels.save(replace(pool, who="li"), image_id, 1, [replace(guess, text="秘密", score=None)], "confirmed")
    zhao = enter()
    _ready(zhao, "review")
    zhao.page.click(".ar-tabs [data-view=checks]")
    zhao.page.wait_for_selector(".ar-checks[data-waiting]")
    zhao.page.select_option("select[name=share]", "100")
    zhao.page.wait_for_function("document.querySelector('.ar-start').href.endsWith('check=1')")
    seen: list[str] = []
    zhao.page.on("response", lambda answer: seen.append(answer.url))
    zhao.page.goto(f"{site.url}/label?check=1&image={image_id}")
    zhao.wait("image", image_id)
    # What the reader gave is there; what the first person made of it is not, nor any way to it.
    assert zhao.page.evaluate("document.querySelector('#annotate-label').annotate.desk.regions[0].text") == "guess"
    zhao.press("j")
    assert "unseen" in zhao.page.locator(".al-toast").inner_text()
    zhao.press("Tab", "Control+a")
    zhao.type("秘书")
    zhao.press("Enter", "Escape", "Control+Enter")
    zhao.wait("agreed", "1/1 1/2")
    assert not [url for url in seen if image_id in url and ("/doc" in url or "/history" in url or "/open" in url)]
    assert site.doc(image_id)["regions"][0]["text"] == "秘密"
    (said,) = review.reviews_of(pool, image_id)
    assert (said.verdict, said.annotator) == ("blind", "li")
    _ready(zhao, "review")
    zhao.page.click(".ar-tabs [data-view=checks]")
    zhao.page.wait_for_selector(".ar-checks table")
    assert zhao.page.locator(".ar-checks td").all_inner_texts() == ["li", "local", "1", "100.0 %", "50.0 %"]


@pytest.mark.parametrize(("locale", "word"), [("en-US", "Confirmed"), ("zh-CN", "已确认")])
def test_dashboard__figures_in_both_languages(pool: Context, enter: Enter, locale: str, word: str) -> None:
    image_id = put_picture(pool, f"d-{locale}.jpg")
    labels.save(replace(pool, who="sun"), image_id, 0, [box("a")], "confirmed")
    chen = enter(locale=locale)
    _ready(chen, "dashboard")
    assert word in chen.page.locator(".ad-tile[data-status=confirmed]").inner_text()
    assert "sun" in chen.page.locator(".ad table").first.inner_text()


def test_synthetic__samples_kept_and_run(pool: Context, site: Site, enter: Enter) -> None:
    admin = enter()
    page = admin.page
    page.goto(f"{site.url}/synthetic")
    page.wait_for_selector("#annotate-shared-jobs [data-state=ready]")
    page.fill("#knob-crop-height input[type=number]", "32")
    page.press("#knob-crop-height input[type=number]", "Tab")
    page.click("#synthetic-look")
    page.wait_for_selector("#synthetic-samples img", timeout=90_000)
    assert page.locator("#synthetic-samples img").count() >= 12
    page.fill("#synthetic-name textarea, #synthetic-name input", "mine")
    page.click("#synthetic-keep")
    file = pool.workspace.root / "presets" / "mine.yaml"
    _until(page, file.is_file)
    assert "height: 32" in file.read_text("utf-8")
    page.fill("#synthetic-run-name textarea, #synthetic-run-name input", "first")
    page.fill("#synthetic-run-count input", "30")
    page.click("#synthetic-run")
    page.wait_for_selector(".aj li[data-state=done]", timeout=120_000)
    (job,) = httpx.get(f"{site.url}/api/jobs").json()
    assert job["args"] == {"name": "first", "preset": "mine", "count": 30, "seed": 0, "overrides": {}}
    assert (pool.workspace.root / "runs" / "first" / "manifest.json").is_file()


def _until(page: object, happened: Callable[[], bool]) -> None:
    for _ in range(100):
        if happened():
            return
        page.wait_for_timeout(100)  # type: ignore[attr-defined]
    raise AssertionError("it did not happen")


def test_datasets__one_category_alone(pool: Context, enter: Enter) -> None:
    image_id = put_picture(pool, "form.jpg")
    regions = [box("a", text="field"), replace(box("b", y=90, text="value"), category="filled")]
    labels.save(pool, image_id, 0, [replace(region, state="confirmed") for region in regions], "confirmed")
    admin = enter()
    page = admin.page
    for others, wanted in (("ignore", ["###", "value"]), ("drop", ["value"])):
        _ready(admin, "datasets")
        page.fill("input[name=name]", others)
        page.uncheck("input[value=paddleocr]")
        page.check("input[value=icdar2015]")
        page.fill("input[name=category]", "filled")
        page.select_option("select[name=others]", others)
        page.click(".ax-forms form:first-child .ax-go")
        out = pool.workspace.root / "exports" / others
        page.wait_for_selector(f".ax tr[data-dataset]:has-text('{others}')", timeout=120_000)
        # The pool is shared: pictures of other tests are in it.
        (found,) = out.rglob("gt_form-*.txt")
        assert [line.split(",")[8] for line in found.read_text().splitlines()] == wanted


def test_datasets__exported_fetched_and_taken_in_again(pool: Context, site: Site, enter: Enter) -> None:
    image_id = put_picture(pool, "out.jpg")
    labels.save(pool, image_id, 0, [replace(box("a", text="出口"), state="confirmed")], "confirmed")
    admin = enter()
    page = admin.page
    _ready(admin, "datasets")
    page.fill("input[name=name]", "first")
    page.check("input[value=icdar2015]")
    page.click(".ax-forms form:first-child .ax-go")
    first = ".ax tr[data-dataset]:has-text('first')"
    page.wait_for_selector(first, timeout=120_000)
    with page.expect_download() as fetched:
        page.click(f"{first} a")
    with tarfile.open(fetched.value.path()) as archive:
        names = archive.getnames()
    assert any(name.startswith("first/icdar2015/") for name in names), names
    out = pool.workspace.root / "exports" / "first"
    assert set(names) == {f"first/{path.relative_to(out).as_posix()}" for path in out.rglob("*") if path.is_file()}
    known = page.locator(".ax tr[data-dataset]").count()
    page.fill("input[name=path]", str(out / "icdar2015"))
    page.click(".ax-forms form:last-child .ax-go")
    page.wait_for_selector(f".ax tr[data-dataset] >> nth={known}", timeout=120_000)
    newest = httpx.get(f"{site.url}/api/datasets").json()[0]
    assert (newest["direction"], newest["counts"].get("added", 0)) == ("import", 0)
    assert httpx.get(f"{site.url}/api/datasets/{newest['id']}/archive").status_code == 404


def test_wall__link_goes_to_the_crops_own_box(pool: Context, enter: Enter) -> None:
    image_id = _prelabelled(pool, "linked.jpg", ["one", "two", "three"])
    wang = enter()
    _ready(wang, "wall")
    links = wang.page.locator(f".aw-card a[href*='{image_id}']")
    wanted = links.evaluate_all("all => all.map((link) => link.href).find((href) => href.endsWith('region=1'))")
    wang.page.goto(wanted)
    wang.wait("selected", "1")
    expect(wang.field).to_have_attribute("data-region", "1")
    assert "region=" not in wang.page.url
    wang.open(image_id, region="gone")
    assert wang.value("selected") == ""
