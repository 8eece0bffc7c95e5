"""Which categories of text are written."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from synthtext.convert.choices import Choices, Others
from synthtext.convert.report import Report
from synthtext.convert.run import convert
from synthtext.errors import DatasetError, UserError
from synthtext.labels.codec.base import Target
from synthtext.labels.codec.images import Images
from synthtext.labels.codec.table import CODECS
from synthtext.labels.levels import TextBox
from synthtext.labels.picture import Picture

QUAD = np.array([[5, 5], [50, 5], [50, 20], [5, 20]], np.float32)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Two pages: one with a text of each of three categories, one with printed text alone."""
    root = tmp_path / "source"
    root.mkdir()
    sink = CODECS["coco"].sink(Target(root, "source", Images()))
    data = cv2.imencode(".png", np.full((80, 60, 3), 200, np.uint8))[1].tobytes()
    rows = [("printed", "Name"), ("filled", "Li"), ("stamp", "PAID")]
    for name, boxes in (("a", rows), ("b", rows[:1])):
        places = [QUAD + np.array([0, 20 * at], np.float32) for at in range(len(boxes))]
        made = tuple(TextBox(place, text, kind) for place, (kind, text) in zip(places, boxes, strict=True))
        sink.add(Picture(f"{name}.png", "train", data, "", boxes=made, size_wh=(60, 80)))
    sink.close()
    return root


def written(source: Path, out: Path, choices: Choices) -> tuple[Report, dict[str, list[tuple[str, str, bool]]]]:
    report = convert(source, CODECS["coco"], [CODECS["coco"]], out, choices)
    faults: list[object] = []
    pages = CODECS["coco"].read(out, faults.append)
    found = {page.path: [(box.text, box.category, box.ignore) for box in page.boxes] for page in pages}
    assert not faults
    return report, found


@pytest.mark.parametrize(
    ("categories", "others", "expected"),
    [
        (("filled",), "drop", [("Li", "filled", False)]),
        (("filled", "stamp"), "drop", [("Li", "filled", False), ("PAID", "stamp", False)]),
        (("stamp",), "ignore", [("Name", "printed", True), ("Li", "filled", True), ("PAID", "stamp", False)]),
    ],
)
def test_convert__only_chosen_categories(
    categories: tuple[str, ...], others: Others, expected: list, source: Path, tmp_path: Path
) -> None:
    report, found = written(source, tmp_path / "out", Choices(categories=categories, others=others))

    assert found["a.png"] == expected
    assert found["b.png"] == ([("Name", "printed", True)] if others == "ignore" else [])
    word = "left out" if others == "drop" else "ignored"
    assert report.mended[f"{word}: of another category"] == 4 - len(categories)
    assert report.kept == sum(map(len, found.values()))


def test_convert__chosen_categories_as_one(source: Path, tmp_path: Path) -> None:
    _, found = written(source, tmp_path / "out", Choices(categories=("filled", "stamp"), one_category=True))

    assert found["a.png"] == [("Li", "printed", False), ("PAID", "printed", False)]


def test_convert__crops_of_other_categories_are_not_cut(source: Path, tmp_path: Path) -> None:
    chosen = Choices(categories=("stamp",), others="ignore")
    convert(source, CODECS["coco"], [CODECS["trdg"]], tmp_path / "out", chosen)

    texts = [page.text for page in CODECS["trdg"].read(tmp_path / "out", lambda fault: pytest.fail(str(fault)))]
    assert texts == ["PAID"]


def test_convert__a_category_that_nothing_has(source: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"--category: no box is of 'stmap'; there are printed \(2\), filled \(1\)"):
        written(source, tmp_path / "out", Choices(categories=("stmap",)))
    assert not (tmp_path / "out").exists()

    report, _ = written(source, tmp_path / "out", Choices(categories=("stmap", "filled")))
    assert "'stmap'" in report.notes[0]


def test_convert__crops_tell_no_category(source: Path, tmp_path: Path) -> None:
    convert(source, CODECS["coco"], [CODECS["trdg"]], tmp_path / "crops", Choices())

    with pytest.raises((DatasetError, UserError), match="categor"):
        convert(
            tmp_path / "crops", CODECS["trdg"], [CODECS["trdg"]], tmp_path / "out", Choices(categories=("printed",))
        )
