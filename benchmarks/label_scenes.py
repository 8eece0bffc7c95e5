"""A scripted annotator labels rendered pages of known text: seconds and actions a page, errors before and after.

    python benchmarks/label_scenes.py --count 100 --scratch 20

The pages are read with the default reader, then corrected at the Label page with the keyboard alone, in Chromium: the
script reads what the page shows, compares it with the truth and presses the keys that a person would press. What the
detector missed would need the mouse, so it is left and reported. Some pages are also labelled from scratch, with the
mouse for the boxes.

Seconds are of the keystroke-level model (Card, Moran and Newell 1983): a key 0.2 s, pointing 1.1 s, a mouse button down
or up 0.1 s, the hand to the mouse or back 0.4 s, and 1.35 s of thought a box and a page. A Chinese character counts as
three keys (two or three letters, and the choice).
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from applib.served import browsing, open_label, serving
from applib.truth import Line, errors, joined, matched, put_pages
from playwright.sync_api import Page, TimeoutError

from annotate.records import Region
from annotate.workflow.context import Context, open_context
from annotate.workflow.labels import open_doc
from annotate.workflow.prelabel import PrelabelOptions, prelabel
from annotate.workflow.tasks import upcoming

KEY_S, POINT_S, BUTTON_S, HAND_S, THINK_S = 0.2, 1.1, 0.1, 0.4, 1.35
_PRESETS = ("scene", "banner", "video")
_REGIONS = """() => document.getElementById('annotate-label').annotate.desk.regions.map((region) => ({
  id: region.id, text: region.text, points: region.points, score: region.score, direction: region.direction }))"""


@dataclass
class Effort:
    """What it took."""

    keys: int = 0
    points: int = 0
    buttons: int = 0
    hands: int = 0
    thoughts: int = 0
    pages: int = 0
    done: Counter[str] = field(default_factory=Counter)

    @property
    def seconds(self) -> float:
        """By the keystroke-level model."""
        hands = self.points * POINT_S + self.buttons * BUTTON_S + self.hands * HAND_S
        return self.keys * KEY_S + hands + self.thoughts * THINK_S

    def told(self) -> str:
        """A line for people."""
        actions = self.keys + self.points + self.buttons
        return f"{self.seconds / self.pages:6.1f} s and {actions / self.pages:6.1f} actions a page"


def keys_of(text: str) -> int:
    """How many keys a text takes."""
    return sum(3 if ord(char) > 0x2E80 else 1 for char in text)


class Annotator:
    """Somebody who knows the truth and never errs."""

    def __init__(self, page: Page, effort: Effort) -> None:
        self._page, self._effort = page, effort

    def press(self, *names: str) -> None:
        """Press keys."""
        for name in names:
            self._page.keyboard.press(name)
        self._effort.keys += len(names)

    def type(self, text: str) -> None:
        """Type a text."""
        self._page.keyboard.insert_text(text)
        self._effort.keys += keys_of(text)

    def correct(self, lines: list[Line]) -> None:
        """Go through the boxes of a page with the keyboard and confirm it."""
        regions: list[dict[str, Any]] = self._page.evaluate(_REGIONS)
        waiting = [region["id"] for region in regions]
        by_id = {region["id"]: region for region in regions}
        self._effort.pages += 1
        self._effort.thoughts += 1
        if not waiting:
            self.press("b")
            return
        self.press("Tab")
        for number, region_id in enumerate(waiting):
            self._await("selected", region_id)
            self._effort.thoughts += 1
            last = number + 1 == len(waiting)
            self._box(_region(by_id[region_id]), lines, last)
        self.press("Control+Enter")

    def _box(self, region: Region, lines: list[Line], last: bool) -> None:
        mine = matched(region, lines)
        done = self._effort.done
        if not mine:
            self.press("Escape", "Delete", *([] if last else ["Tab"]))
            done["boxes removed"] += 1
            return
        if all(line.ignore for line in mine):
            self.press("Control+i")
            done["boxes ignored"] += 1
        else:
            self._text(joined(mine), "ArrowUp" if region.direction == "ttb" else "ArrowLeft")
        self.press("Enter")

    def _text(self, truth: str, back: str) -> None:
        shown = self._page.eval_on_selector(".al-field", "field => field.value")
        readings = self._page.eval_on_selector_all(".al-reading span", "spans => spans.map((span) => span.textContent)")
        if shown == truth:
            self._effort.done["texts accepted"] += 1
        elif truth in readings:
            self.press(f"Alt+{readings.index(truth) + 1}")
            self._effort.done["texts chosen"] += 1
        else:
            self._edit(shown, truth, back)
        self._page.wait_for_function("(text) => document.querySelector('.al-field').value === text", arg=truth)

    def _edit(self, shown: str, truth: str, back: str) -> None:
        """Change what differs in the middle, or type it anew, whichever takes fewer keys."""
        head = 0
        while head < min(len(shown), len(truth)) and shown[head] == truth[head]:
            head += 1
        tail = 0
        while tail < min(len(shown), len(truth)) - head and shown[-1 - tail] == truth[-1 - tail]:
            tail += 1
        wrong, right = shown[head : len(shown) - tail], truth[head : len(truth) - tail]
        if shown and 1 + tail + len(wrong) + keys_of(right) < keys_of(truth):
            self.press("End", *[back] * tail, *["Backspace"] * len(wrong))
            self.type(right)
            self._effort.done["texts corrected"] += 1
        else:
            self.type(truth)  # the field's text is selected: what is typed takes its place
            self._effort.done["texts typed"] += 1

    def draw(self, lines: list[Line]) -> None:
        """Draw and type a page's lines from nothing, and confirm it."""
        effort = self._effort
        effort.pages += 1
        effort.thoughts += 1
        for line in lines:
            if line.ignore:
                continue
            effort.thoughts += 1
            self.press("w")
            low, high = line.quad.min(axis=0), line.quad.max(axis=0)
            start, end = self._place(low), self._place(high)
            mouse = self._page.mouse
            mouse.move(*start)
            mouse.down()
            mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
            mouse.move(*end)
            mouse.up()
            effort.points += 2
            effort.buttons += 2
            effort.hands += 2
            self.type(line.text)
            self.press("Enter")
        self.press("Control+Enter")

    def _place(self, point: Any) -> tuple[float, float]:
        found = self._page.evaluate(
            """([x, y]) => { const { desk } = document.getElementById('annotate-label').annotate;
              const box = document.querySelector('.al-stage').getBoundingClientRect();
              const [sx, sy] = desk.view.toStage([x, y]); return [box.left + sx, box.top + sy]; }""",
            [float(point[0]), float(point[1])],
        )
        return found[0], found[1]

    def _await(self, name: str, value: str) -> None:
        try:
            self._page.wait_for_selector(f'#annotate-label[data-{name}="{value}"]')
        except TimeoutError as error:
            told = self._page.evaluate("() => ({ ...document.getElementById('annotate-label').dataset })")
            raise AssertionError(f"{name} should be {value}: {told}") from error


def _region(shown: dict[str, Any]) -> Region:
    points = tuple((float(x), float(y)) for x, y in shown["points"])
    return Region(shown["id"], "polygon", points, shown["text"], direction=shown["direction"])


def _start(page: Page, image_id: str) -> None:
    page.wait_for_selector(f'#annotate-label[data-image="{image_id}"][data-held=""]')
    # Its lease has been taken: from here on nothing changes under the hand.
    page.wait_for_function("() => !document.getElementById('annotate-label').annotate.flow.waiting")


def _errors(context: Context, truth: dict[str, list[Line]]) -> tuple[int, int, int, int]:
    """Characters wrong and in all, of the lines that have a box; lines without one, and lines in all."""
    wrong = total = missed = lines_in_all = 0
    for image_id, lines in truth.items():
        regions = [region for region in open_doc(context, image_id).regions if not region.ignore]
        legible = [line for line in lines if not line.ignore]
        seen: set[int] = set()
        for region in regions:
            mine = [line for line in matched(region, lines) if not line.ignore]
            seen |= {id(line) for line in mine}
            text = joined(mine)
            wrong += errors(region.text, text)
            total += len(text)
        missed += sum(id(line) not in seen for line in legible)
        lines_in_all += len(legible)
    return wrong, total, missed, lines_in_all


def _tell(name: str, found: tuple[int, int, int, int]) -> None:
    wrong, total, missed, lines = found
    share = 100 * wrong / max(total, 1)
    print(f"{name}: {share:5.2f} % of {total} characters wrong; {missed} of {lines} lines without a box")


def _calibrated(context: Context, truth: dict[str, list[Line]]) -> None:
    """Which share of the characters is right, by the reader's score: below 94 % typing is faster than correcting."""
    bins: dict[int, list[int]] = {}
    for image_id, lines in truth.items():
        for region in open_doc(context, image_id).regions:
            mine = matched(region, lines)
            if mine and region.score is not None and not any(line.ignore for line in mine):
                text = joined(mine)
                kept = bins.setdefault(min(int(region.score * 20), 19), [0, 0, 0])
                kept[0] += errors(region.text, text)
                kept[1] += len(text)
                kept[2] += 1
    for at in sorted(bins):
        wrong, total, boxes = bins[at]
        print(f"  score {at / 20:.2f}-{at / 20 + 0.05:.2f}: {100 - 100 * wrong / total:5.1f} % right, {boxes} boxes")


def main() -> None:
    """Make pages, read them, label them, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100, help="pages to correct")
    parser.add_argument("--scratch", type=int, default=20, help="pages to label from scratch")
    parser.add_argument("--seed", type=int, default=11)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        with open_context(Path(folder) / "read", create=True) as context:
            truth = put_pages(context, _PRESETS, asked.count, asked.seed)
            summary = prelabel(context, PrelabelOptions(workers=2))
            print(f"{len(truth)} pages, {sum(map(len, truth.values()))} lines; read by {summary.reader}")
            _tell("before", _errors(context, truth))
            _calibrated(context, truth)
            corrected = _worked(context, truth, scratch=False)
            print(f"pre-labelled: {corrected.told()}   {dict(corrected.done)}")
            _tell("after ", _errors(context, truth))
        with open_context(Path(folder) / "scratch", create=True, reader="python:applib.blind:Blind") as context:
            truth = put_pages(context, _PRESETS, asked.scratch, asked.seed)
            drawn = _worked(context, truth, scratch=True)
            print(f"from scratch: {drawn.told()}   ({asked.scratch} pages)")
            _tell("after ", _errors(context, truth))


def _worked(context: Context, truth: dict[str, list[Line]], scratch: bool) -> Effort:
    effort = Effort()
    order = [item.image_id for item in upcoming(context, limit=len(truth)).items]
    with serving(context.workspace.root) as url, browsing() as browser:
        page = open_label(browser, url)
        annotator = Annotator(page, effort)
        for image_id in order:
            _start(page, image_id)
            if scratch:
                annotator.draw(truth[image_id])
            else:
                annotator.correct(truth[image_id])
        page.wait_for_selector('.al-toast[data-said="say.alldone"]')
        page.wait_for_selector('#annotate-label[data-waiting="0"]')
    return effort


if __name__ == "__main__":
    main()
