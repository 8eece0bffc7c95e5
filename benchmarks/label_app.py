"""Measure the labelling app: painting, dragging, saving, many people at once, long lists, searching.

    python benchmarks/label_app.py [--pool 1000000] [--found 100000] [--only paint,drag,save,people,list,search]

Needs Debian's chromium. Everything is made in a temporary workspace. While `save` and `people` are measured a niced
process reads pictures with rapidocr, as pre-labelling does. `search` has a workspace of its own, with `--found`
pictures and random vectors. Times are of the clock: other work counts in.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import os
import random
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from applib.searched import search_page
from applib.served import browsing, grid, open_label, put_photo, serving, told

from annotate.records import Picture
from annotate.store import images, sources
from annotate.store.database import now
from annotate.workflow.context import Context, open_context

_SIZE = (1920, 1080)
_PAINTED = """
(key) => new Promise((resolve) => {
  const root = document.getElementById('annotate-label');
  const before = root.dataset.image;
  const start = performance.now();
  const seen = new MutationObserver(() => {
    if (root.dataset.image === before) return;
    seen.disconnect();
    // After the frame in which it is drawn has been handed on.
    requestAnimationFrame(() => { const channel = new MessageChannel();
      channel.port1.onmessage = () => resolve(performance.now() - start); channel.port2.postMessage(0); });
  });
  seen.observe(root, { attributes: true, attributeFilter: ['data-image'] });
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key, code: 'KeyD', bubbles: true }));
})
"""
_DRAGGED = """
([x, y, steps]) => new Promise((resolve) => {
  const stage = document.querySelector('.al-stage');
  const frames = [];
  let last = 0;
  let step = 0;
  const move = (at) => {
    if (last) frames.push(at - last);
    last = at;
    const angle = step / 12;
    stage.dispatchEvent(new PointerEvent('pointermove', { bubbles: true, pointerId: 1,
      clientX: x + 30 + 20 * Math.cos(angle), clientY: y + 20 + 14 * Math.sin(angle) }));
    if (++step < steps) requestAnimationFrame(move); else resolve(frames);
  };
  requestAnimationFrame(move);
})
"""


def _paint(context: Context, url: str) -> None:
    with browsing() as browser:
        page = open_label(browser, url)
        root = page.locator("#annotate-label")
        ready, fresh = [], []
        for _ in range(10):
            page.wait_for_function(
                "() => { const root = document.getElementById('annotate-label'); "
                "return root.dataset.ahead === root.dataset.image; }"
            )
            ready.append(page.evaluate(_PAINTED, "d"))
        cdp = page.context.new_cdp_session(page)
        cdp.send("Network.setCacheDisabled", {"cacheDisabled": True})
        for _ in range(10):
            page.wait_for_timeout(700)
            page.evaluate(
                "() => { const { flow } = document.getElementById('annotate-label').annotate; "
                "flow.loaded.clear(); flow.pages.clear(); flow.forget(); }"
            )
            fresh.append(page.evaluate(_PAINTED, "a"))
        boxes = root.get_attribute("data-regions")
        print(f"next picture, {boxes} boxes, loaded ahead:      {told(ready)}   (goal 80)")
        print(f"next picture, {boxes} boxes, not loaded ahead:  {told(fresh)}   (goal 200)")


def _drag(context: Context, url: str) -> None:
    image_id = put_photo(context, "thousand.jpg", _SIZE, grid(1000, _SIZE), seed=99)
    with browsing() as browser:
        page = open_label(browser, url, image=image_id)
        page.wait_for_selector(f'#annotate-label[data-image="{image_id}"]')
        place = page.evaluate(
            """() => {
              const stage = document.querySelector('.al-stage').getBoundingClientRect();
              const { desk } = document.getElementById('annotate-label').annotate;
              const region = desk.regions[500];
              desk.select([region.id]);
              desk.view.zoomAt(desk.view.toStage(region.points[2]), 1.5);
              const [x, y] = desk.view.toStage(region.points[2]);
              return [stage.left + x, stage.top + y];
            }"""
        )
        page.mouse.move(*place)
        page.mouse.down()
        page.mouse.move(place[0] + 8, place[1] + 8)
        frames = page.evaluate(_DRAGGED, [*place, 300])
        page.mouse.up()
        print(f"frame while a corner is dragged, 1,000 boxes:   {told(frames)}   (goal p95 25)")
        page.close()
    with context.db.writing() as session:
        images_row = images.get(session, image_id)
    assert images_row.box_count == 1000


@contextmanager
def _reading() -> Iterator[None]:
    """A niced process that reads pictures, as pre-labelling does."""
    stop = multiprocessing.get_context("spawn").Event()
    reader = multiprocessing.get_context("spawn").Process(target=_read, args=(stop,), daemon=True)
    reader.start()
    time.sleep(6)  # until its models are loaded
    try:
        yield
    finally:
        stop.set()
        reader.join(30)


def _read(stop: Any) -> None:
    os.nice(10)
    import logging

    from rapidocr import RapidOCR

    logging.disable(logging.WARNING)
    engine = RapidOCR()
    image = np.random.default_rng(0).integers(0, 255, (720, 1280, 3), np.uint8)
    while not stop.is_set():
        engine(image)


def _save(context: Context, url: str) -> None:
    with _reading(), httpx.Client(base_url=url) as client:
        image_id = client.get("/api/queue", params={"limit": 1}).json()["items"][0]["image_id"]
        times = [_save_once(client, image_id, number) for number in range(100)]
    print(f"save of 300 boxes, a reader at work:            {told(times)}   (goal median 30)")


def _save_once(client: httpx.Client, image_id: str, number: int) -> float:
    doc = client.get(f"/api/images/{image_id}/doc").json()
    region = doc["regions"][number % len(doc["regions"])]
    region["text"] = f"typed {number} {random.random()}"
    body = {"base_rev": doc["rev"], "regions": doc["regions"]}
    start = time.perf_counter()
    answer = client.put(f"/api/images/{image_id}/doc", json=body)
    taken = 1000 * (time.perf_counter() - start)
    assert answer.status_code == 200, answer.text
    return taken


def _people(context: Context, url: str) -> None:
    with httpx.Client(base_url=url) as client:
        items = client.get("/api/queue", params={"limit": 10}).json()["items"]
    with _reading():
        for name, first in (("all at one instant", True), ("each at its own time", False)):
            times = _ten(url, [item["image_id"] for item in items], at_once=first)
            label = f"save of 300 boxes, ten people, {name}:"
            print(f"{label:57}{told(times)}   slowest {max(times):.0f} ms   (goal p95 150)")


def _ten(url: str, image_ids: list[str], at_once: bool) -> list[float]:
    """Let ten people save, with a reader at work: all their first saves in the same instant, or after a pause."""
    times: list[float] = []
    ready = threading.Barrier(len(image_ids))

    def person(image_id: str) -> None:
        with httpx.Client(base_url=url, timeout=60) as client:
            ready.wait()
            for number in range(20):
                if number or not at_once:
                    time.sleep(random.uniform(0.4, 1.2))  # faster than hands
                times.append(_save_once(client, image_id, number))

    threads = [threading.Thread(target=person, args=(image_id,)) for image_id in image_ids]
    # Ten browsers share no interpreter: what is collected here would stop all of them for a third of a second.
    gc.collect()
    gc.disable()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    gc.enable()
    return times


def _list(context: Context, url: str, pool: int) -> None:
    with context.db.writing() as session:
        source = sources.put(session, "folder", "many")
    for start in range(0, pool, 20_000):
        rows = [
            Picture(f"{number:064x}", f"{number}.jpg", f"/many/{number}.jpg", False, 640, 480, 1, source, now())
            for number in range(start, min(pool, start + 20_000))
        ]
        with context.db.writing() as session:
            images.add(session, rows)
    times, counts = [], []
    with httpx.Client(base_url=url, timeout=60) as client:
        for _ in range(40):
            after = f"{random.randrange(pool):064x}"
            for counted, kept in ((False, times), (True, counts)):
                start_s = time.perf_counter()
                asked = {"from": after, "todo": True, "limit": 50, "counted": counted}
                assert client.get("/api/queue", params=asked).status_code == 200
                kept.append(1000 * (time.perf_counter() - start_s))
    print(f"fifty pictures out of {pool:,}:              {told(times)}")
    print(f"the same, counted:                              {told(counts)}")


def main() -> None:
    """Make a workspace, serve it, measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pool", type=int, default=1_000_000, help="pictures of the long list")
    parser.add_argument("--only", default="paint,drag,save,people,list,search", help="parts, with commas between them")
    parser.add_argument("--found", type=int, default=100_000, help="pictures among which is searched")
    asked = parser.parse_args()
    parts = asked.only.split(",")
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as folder:
        if "search" in parts:
            search_page(Path(folder), asked.found)
        if rest := [part for part in parts if part != "search"]:
            _label(Path(folder), rest, asked.pool)


def _label(folder: Path, names: list[str], pool: int) -> None:
    with open_context(folder / "workspace", create=True) as context:
        for number in range(24):
            put_photo(context, f"photo-{number}.jpg", _SIZE, grid(300, _SIZE), seed=number)
        with serving(context.workspace.root) as url:
            parts = {"paint": _paint, "drag": _drag, "save": _save, "people": _people}
            for name in names:
                if name == "list":
                    _list(context, url, pool)
                else:
                    parts[name](context, url)


if __name__ == "__main__":
    main()
