"""The Search page among many pictures: from the press of the button until thumbs of what was found are shown."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import cv2
import numpy as np
from playwright.sync_api import Page
from sqlalchemy import insert

from applib.served import browsing, serving, told

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "annotate"))

from tiny_clip import untrained

from annotate.embed.towers import load_tower, unit
from annotate.embed.views import Recipe
from annotate.index.connect import connect
from annotate.index.lite import stop_server
from annotate.index.rows import WHOLE, Row, scalars_of
from annotate.records import Picture
from annotate.store import sources, vectors
from annotate.store.database import now
from annotate.store.schema import ImageRow, VectorRow
from annotate.workflow.context import Context, open_context

_DIM = 512
_STEP = 5_000
_ROUNDS = 15
_FILES = 64  # pictures share them: a search shows 48, each with a thumbnail of its own
_PRESSED = """
(words) => new Promise((resolve) => {
  const root = document.querySelector('.aq');
  const field = document.querySelector('input[name=words]');
  document.querySelector('.aq-form button[type=button]:not([title]):not([data-pack])').click();  // clear all
  field.value = words;
  const start = performance.now();
  const answered = new MutationObserver(async () => {
    if (root.dataset.state !== 'ready') return;
    answered.disconnect();
    const found = performance.now() - start;
    const seen = [...root.querySelectorAll('.aq-hit img')].filter(
      (image) => image.getBoundingClientRect().top < window.innerHeight);
    await Promise.all(seen.map((image) => image.decode()));
    requestAnimationFrame(() => { const channel = new MessageChannel();
      channel.port1.onmessage = () => resolve([found, performance.now() - start, seen.length]);
      channel.port2.postMessage(0); });
  });
  answered.observe(root, { attributes: true, attributeFilter: ['data-state'] });
  document.querySelector('.aq-form').requestSubmit();
})
"""


def search_page(folder: Path, count: int) -> None:
    """Fill a workspace, measure searches in the browser, print."""
    description, checkpoint = untrained(folder, "bench", embed_dim=_DIM)
    model = {"clip_model": str(description), "clip_pretrained": str(checkpoint)}
    with open_context(folder / "searched", create=True, **model) as context:
        began = time.monotonic()
        _fill(context, count)
        print(f"a workspace with {count:,} pictures and vectors of {_DIM} numbers: {time.monotonic() - began:.0f} s")
        try:
            with serving(context.workspace.root) as url, browsing() as browser:
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                page.goto(f"{url}/search")
                page.wait_for_selector(".aq[data-state=ready] .aq-packs button", timeout=60_000)
                first = _pressed(page, "the first one loads the model")
                times = [_pressed(page, f"a pennant number {number}") for number in range(_ROUNDS)]
        finally:
            stop_server(context.workspace)
    print(f"the first search, which loads model and vectors:  {first[1]:7.1f} ms")
    print(f"search pressed to hits told, {count:,}:         {told([one[0] for one in times])}")
    print(
        f"search pressed to {times[0][2]:.0f} thumbs shown, {count:,}:  {told([one[1] for one in times])}   (goal 1000)"
    )


def _pressed(page: Page, words: str) -> list[float]:
    taken: list[float] = page.evaluate(_PRESSED, words)
    assert taken[2] > 10, f"only {taken[2]} pictures were shown"
    return taken


def _fill(context: Context, count: int) -> None:
    settings = context.workspace.settings
    tower = load_tower(settings.clip_model, settings.clip_pretrained)
    recipe = Recipe("none").as_json()
    made = vectors.Collection("bench", settings.clip_model, settings.clip_pretrained, tower.revision, recipe, _DIM)
    files = [_file(context, number) for number in range(_FILES)]
    with context.db.writing() as session:
        vectors.add_collection(session, made)
        vectors.activate(session, "bench")
        source = sources.put(session, "folder", "bench")
    index = connect(context.workspace)
    index.create("bench", _DIM, plain=False, parts=False)
    rng = np.random.default_rng(0)
    for first in range(1, count + 1, _STEP):
        numbers = range(first, min(first + _STEP, count + 1))
        pictures = [
            Picture(f"{n:064x}", f"{n}.jpg", files[n % _FILES], False, 640, 480, 1, source, now(), number=n)
            for n in numbers
        ]
        found = unit(rng.standard_normal((len(pictures), _DIM)).astype(np.float32))
        index.put(
            "bench",
            [Row(one.number, {WHOLE: vector}, scalars_of(one)) for one, vector in zip(pictures, found, strict=True)],
        )
        if first % (4 * _STEP) == 1 and first > 1:
            index.flush("bench")
        names = [name for name in Picture.__dataclass_fields__ if name != "tags"]
        with context.db.writing() as session:
            session.execute(insert(ImageRow), [{name: getattr(one, name) for name in names} for one in pictures])
            rows = [{"collection": "bench", "number": one.number, "at": now(), "compared": True} for one in pictures]
            session.execute(insert(VectorRow), rows)
    index.flush("bench")
    index.close()


def _file(context: Context, number: int) -> str:
    small = np.random.default_rng(number).integers(0, 255, (20, 27, 3), np.uint8)
    path = context.workspace.root.parent / "files" / f"{number}.jpg"
    path.parent.mkdir(exist_ok=True)
    cv2.imwrite(str(path), cv2.resize(small, (640, 480), interpolation=cv2.INTER_CUBIC))
    return str(path)
