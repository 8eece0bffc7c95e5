"""What `inspect` says about datasets whose contents are known."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from synthtext.engine.run import Job, run
from synthtext.errors import UserError
from synthtext.geometry import Warp
from synthtext.inspect import report as report_module
from synthtext.inspect.coverage import CharCounter
from synthtext.inspect.measure import difficulty, measure
from synthtext.inspect.report import BUCKETS, Report, Spread, inspect_dataset
from synthtext.inspect.report_html import html_report, render_html
from synthtext.inspect.words import binned, top
from synthtext.values import Provenance, Sample, TextInstance
from synthtext.writers.base import WriterOptions

CHARS = tuple("abcde<&")
TEXTS = ("abc", "a b", "<b>&", "aab")


def drawn(text: str, ink: int = 0, ground: int = 255, size_wh: tuple[int, int] = (96, 32)) -> np.ndarray:
    image = np.full((size_wh[1], size_wh[0], 3), ground, np.uint8)
    cv2.putText(image, text, (4, size_wh[1] - 10), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (ink,) * 3, 2)
    return image


def make_sample(index: int) -> Sample:
    text = TEXTS[index % len(TEXTS)]
    boxes = np.array([[4, 4, 20, 24]], np.float32)
    instance = TextInstance(text, (text[0],), (0,), boxes, boxes, Warp.identity())
    image = drawn(text, ink=(0, 60, 120, 200)[index // 4 % 4], size_wh=(96 + index % 3, 32))
    made = Provenance(index, 0, "words", ("FaceA",), "plain", ("blur",) if index % 2 else (), 50.0, 20.0)
    return Sample(image, (instance,), made)


def opener() -> Any:
    return make_sample


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("data") / "<set>"
    config = {"text": {"per_char": 4}}
    job = Job(opener, 0, config, WriterOptions(CHARS), "made & up", shard_size=20, image_bytes=1000)
    run(job, out, 40, method="inline")
    return out


@pytest.fixture(scope="module")
def report(dataset: Path) -> Report:
    return inspect_dataset(dataset)


def test_inspect_dataset__counts(report: Report) -> None:
    assert report.samples == 40
    assert report.parts == {"train": 24, "val": 8, "test": 8}
    assert report.lengths == {3: 30, 4: 10}
    assert report.mean_length == pytest.approx(3.25)
    assert (report.widths.least, report.widths.median, report.widths.most) == (96, 97, 98)
    assert report.heights.least == report.heights.most == 32
    assert report.about["preset"] == "made & up"
    assert report.about["gaps"] == report.undecoded == report.faults_total == 0
    assert not report.partial


def test_inspect_dataset__tables_are_the_runs_own(report: Report) -> None:
    assert report.tables == {
        "fonts": {"FaceA": 40},
        "sources": {"words": 40},
        "backgrounds": {"plain": 40},
        "effects": {"blur": 20},
    }


def test_inspect_dataset__coverage(report: Report) -> None:
    # 10 each of abc, a b, <b>&, aab.
    coverage = report.coverage
    assert coverage.chars == 7
    assert coverage.missing == ("d", "e")
    assert coverage.rarest == (("c", 10), ("<", 10), ("&", 10), ("a", 40), ("b", 40))
    assert (coverage.wanted, coverage.short, coverage.least, coverage.median) == (4, 2, 0, 10)
    assert coverage.strangers == ((">", 10),)


def test_inspect_dataset__measures_every_image_of_a_small_set(report: Report) -> None:
    assert report.measured == sum(report.buckets.values()) == 40
    assert list(report.buckets) == list(report.examples) == list(BUCKETS)
    faint = next(e for e in (*report.examples["hard"], *report.examples["fairly hard"], *report.examples["medium"]))
    clear = report.examples["easy"][0]
    assert clear.measure.contrast > 50 > faint.measure.contrast


def test_inspect_dataset__limit(dataset: Path) -> None:
    some = inspect_dataset(dataset, limit=10)
    assert (some.samples, some.measured, some.partial) == (10, 10, True)
    assert "the first 10 samples" in some.to_text()
    assert not inspect_dataset(dataset, limit=40).partial


def test_inspect_dataset__closer_look_is_a_fixed_choice(dataset: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_module, "MEASURED", 7)
    first, second = inspect_dataset(dataset), inspect_dataset(dataset)
    assert first.measured == 7
    assert first.to_json() == second.to_json()
    chosen = [example.where for examples in first.examples.values() for example in examples]
    assert chosen == [example.where for examples in second.examples.values() for example in examples]


def test_inspect_dataset__bare_folder_with_broken_files(tmp_path: Path) -> None:
    good = cv2.imencode(".png", drawn("ab"))[1].tobytes()
    (tmp_path / "a.png").write_bytes(good)
    (tmp_path / "b.png").write_bytes(good[:-20])
    (tmp_path / "c.jpg").write_bytes(b"no image")
    (tmp_path / "train.txt").write_text("a.png\tab\nb.png\tab\nc.jpg\tab\nmissing.png\tab\n", "utf-8")
    report = inspect_dataset(tmp_path)
    assert (report.samples, report.undecoded, report.measured, report.faults_total) == (3, 2, 1, 1)
    assert report.about == {}
    assert report.tables == {}
    assert report.coverage is None
    assert "missing.png" in report.to_text()
    render_html(report)


def test_inspect_dataset__nothing_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no dataset"):
        inspect_dataset(tmp_path)


def test_to_json__is_json(report: Report) -> None:
    back = json.loads(json.dumps(report.to_json()))
    assert back["lengths"] == {"3": 30, "4": 10}
    assert back["coverage"]["missing"] == ["d", "e"]
    assert "examples" not in back


def test_to_text__says_what_a_user_asks_for(report: Report) -> None:
    text = report.to_text()
    assert "5 of 7 characters occur (71.4 %)" in text
    assert "2 occur less often than the 4 times asked for" in text
    assert "missing: d e" in text
    assert "train 24, val 8, test 8" in text


class _Page(HTMLParser):
    void = frozenset({"meta", "img", "rect"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href", "srcset")]
        if tag not in self.void:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_html_report__is_whole_escaped_and_asks_for_nothing_outside(report: Report, tmp_path: Path) -> None:
    html_report(report, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text("utf-8")
    parsed = _Page()
    parsed.feed(page)
    assert parsed.open == []
    assert parsed.links
    assert all(link.startswith("data:image/jpeg;base64,") for link in parsed.links)
    assert not re.search(r"https?:|url\(|@import|<script|<link", page)
    assert "<b>&" in parsed.text  # a label comes back as it was written
    assert str(report.root) in parsed.text
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


# --- parts --------------------------------------------------------------------------------------------------


def test_char_counter__entries_of_several_code_points_and_spaces() -> None:
    counter = CharCounter(["a", "ab", " ", "z"])
    for text in ("abab", "a a", "q"):
        counter.add(text)
    coverage = counter.coverage(None)
    assert coverage.chars == 3
    assert coverage.rarest == (("ab", 2), ("a", 4))
    assert coverage.strangers == (("q", 1),)
    assert (coverage.short, coverage.wanted) == (0, None)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({}, None),
        ({5.0: 1}, (5, 5, 5, 5, 5, 5)),
        ({1.0: 1, 2.0: 8, 9.0: 1}, (1, 2, 2, 2.6, 2, 9)),
        ({float(n): 1 for n in range(11)}, (0, 1, 5, 5, 9, 10)),
    ],
)
def test_spread_of__counts(counts: dict[float, int], expected: tuple[float, ...] | None) -> None:
    spread = Spread.of(counts)
    if expected is None:
        assert spread is None
    else:
        found = (spread.least, spread.tenth, spread.median, spread.mean, spread.ninetieth, spread.most)
        assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ({}, []),
        ({"2": 5}, [("1", 0), ("2", 5)]),
        ({"1": 1, "4": 2, "5": 3}, [("1-3", 1), ("4-6", 5)]),
    ],
)
def test_binned__rows(lengths: dict[str, int], expected: list[tuple[str, int]]) -> None:
    assert binned(lengths, 4 if len(lengths) < 2 else 2) == expected


def test_top__adds_up_the_rest() -> None:
    assert top({"a": 1, "b": 5, "c": 2, "d": 1}, 2) == {"b": 5, "c": 2, "and 2 others": 2}


# --- difficulty ---------------------------------------------------------------------------------------------


def test_measure__contrast_is_the_lab_difference_of_two_colours() -> None:
    image = np.full((32, 96, 3), 255, np.uint8)
    image[8:24, 8:40] = 0
    found = measure(image)
    assert found.contrast == pytest.approx(100.0, abs=0.5)  # L of white less L of black
    assert found.clutter == pytest.approx(0.0, abs=0.01)
    assert found.noise == 0
    assert found.sharpness == 1
    assert found.difficulty == 0


def test_measure__sees_colours_of_equal_lightness() -> None:
    image = np.full((32, 96, 3), (200, 60, 60), np.uint8)
    image[8:24, 8:40] = (60, 130, 60)
    assert measure(image).contrast > 60


def test_measure__noise_is_found() -> None:
    gray = np.random.default_rng(4).normal(128, 10, (200, 300))
    image = np.repeat(np.clip(gray, 0, 255).astype(np.uint8)[..., None], 3, axis=2)
    # Round 128, one gray level is 0.39 of L.
    assert measure(image).noise == pytest.approx(10 * 0.39, rel=0.1)


@pytest.mark.parametrize("sigma", [1.5, 3.0, 5.0])
def test_measure__blur_is_harder(sigma: float) -> None:
    sharp = drawn("abcde", size_wh=(120, 32))
    less = cv2.GaussianBlur(sharp, (0, 0), sigma * 0.7)
    more = cv2.GaussianBlur(sharp, (0, 0), sigma)
    assert measure(sharp).difficulty <= measure(less).difficulty < measure(more).difficulty


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (2, 2), (40, 1), (32, 64)])
def test_measure__flat_or_tiny_is_as_hard_as_it_gets(shape: tuple[int, int]) -> None:
    found = measure(np.full((*shape, 3), 90, np.uint8))
    assert found.contrast == 0
    assert 0.9 < found.difficulty <= 1


def test_difficulty__each_flaw_counts_and_none_leaves_the_scale() -> None:
    easy = (60.0, 1.0, 0.05, 0.0, 48.0)
    assert difficulty(*easy) == 0
    for place, bad in enumerate((5.0, 0.1, 0.6, 30.0, 8.0)):
        values = list(easy)
        values[place] = bad
        assert 0.4 < difficulty(*values) < 0.8
    assert difficulty(5.0, 0.1, 0.6, 30.0, 8.0) == pytest.approx(1 - 0.25 * 0.25 * 0.5 * 0.55 * 0.55)
