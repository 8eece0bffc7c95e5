"""Which folder of several formats is read: those of runs and conversions, and folders that nothing tells about."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from synthtext.convert.choices import Choices
from synthtext.convert.run import convert
from synthtext.convert.runs import find_source
from synthtext.errors import UserError
from synthtext.labels.codec.table import CODECS

QUAD = np.array([[5, 5], [40, 5], [40, 20], [5, 20]])


@pytest.fixture
def source(tmp_path: Path) -> Path:
    root = tmp_path / "source"
    root.mkdir()
    for number in range(4):
        cv2.imwrite(str(root / f"{number}.png"), np.full((40, 60, 3), 40 * number, np.uint8))
    line = json.dumps([{"transcription": "ab", "points": QUAD.tolist()}])
    (root / "train.txt").write_text("".join(f"{number}.png\t{line}\n" for number in range(4)))
    return root


def written(source: Path, out: Path, *names: str) -> Path:
    convert(source, CODECS["paddleocr"], [CODECS[name] for name in names], out, Choices())
    return out


@pytest.mark.parametrize(
    ("names", "best"),
    [
        (("plain", "icdar2015"), "icdar2015"),  # texts
        (("plain", "yolo-obb"), "yolo-obb"),  # any category
        (("yolo-obb", "coco"), "coco"),
        (("icdar2015", "paddleocr"), "paddleocr"),  # polygons and categories
        (("paddleocr", "webdataset"), "webdataset"),  # pages without text as well
        (("labelme", "coco"), "coco"),  # outlines as they were, not as if drawn by hand
    ],
)
def test_find_source__of_a_conversion_what_says_most(
    names: tuple[str, ...], best: str, source: Path, tmp_path: Path
) -> None:
    out = written(source, tmp_path / "out", *names)

    found = find_source(out, None)

    assert (found.root, found.codec.name, found.several) == (out / best, best, True)
    assert len(list(found.codec.read(found.root, lambda fault: pytest.fail(str(fault))))) == 4
    assert find_source(out, names[0].upper()) == (out / names[0], CODECS[names[0]], True)
    with pytest.raises(UserError, match=f"was not written as 'craft'; it has {', '.join(names)}"):
        find_source(out, "craft")


def test_find_source__a_conversion_to_one_format_is_what_it_looks_like(source: Path, tmp_path: Path) -> None:
    out = written(source, tmp_path / "out", "coco")

    assert find_source(out, None) == (out, CODECS["coco"], False)
    assert find_source(out, "craft") == (out, CODECS["craft"], False)  # whoever names it knows better


def test_find_source__of_a_run(source: Path, tmp_path: Path) -> None:
    """PaddleOCR's folders lie in the root of a run, all others in one of their name."""
    run = written(source, tmp_path / "run", "plain", "icdar2015")
    for name in ("det", "rec"):
        (run / name).mkdir()
    (run / ".synthtext/convert.json").unlink()
    (run / "manifest.json").write_text(json.dumps({"formats": ["paddleocr", "plain", "icdar2015"]}))

    assert find_source(run, None) == (run, CODECS["paddleocr"], True)
    assert find_source(run, "plain") == (run / "plain", CODECS["plain"], True)


def test_find_source__several_formats_that_nothing_tells_about_are_named(source: Path, tmp_path: Path) -> None:
    out = written(source, tmp_path / "out", "plain", "icdar2015")
    (out / ".synthtext/convert.json").unlink()

    with pytest.raises(UserError, match="holds several formats") as error:
        find_source(out, None)

    assert f"({out / 'plain'}, {out / 'icdar2015'}); give one of these folders" in str(error.value)
    assert find_source(out, "icdar2015") == (out / "icdar2015", CODECS["icdar2015"], False)
