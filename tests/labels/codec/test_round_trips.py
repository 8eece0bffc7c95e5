"""Every format: what is written comes back, but for what the format declares to lose."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from drawn_records import SIZE_WH, agree, crops, fresh, image, pages, read, reduced, write
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from synthtext.errors import UserError
from synthtext.labels.codec.base import Target
from synthtext.labels.codec.images import Images
from synthtext.labels.codec.table import CODECS, find_codec, guess_codec
from synthtext.labels.levels import CATEGORIES, TextBox
from synthtext.labels.picture import Picture

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
# Shrinking writes hundreds of folders: an example as it was found says as much.
_FEW = settings(max_examples=25, phases=[Phase.explicit, Phase.generate], suppress_health_check=_SLOW)
PAGES = [codec for codec in CODECS.values() if "pages" in codec.keeps.kinds]
CROPS = [codec for codec in CODECS.values() if "crops" in codec.keeps.kinds]


def _check(codec, pictures, root) -> None:
    keeps = codec.keeps
    wanted = [found for picture in pictures if (found := reduced(picture, keeps)) is not None]
    write(codec, pictures, root)

    found = read(codec, root) if wanted else []

    assert len(found) == len(wanted)
    by_image = {(picture.part if keeps.parts else "", picture.read_image()): picture for picture in found}
    for picture in wanted:
        agree(by_image[picture.part if keeps.parts else "", picture.read_image()], picture, keeps)


@pytest.mark.parametrize("codec", PAGES, ids=lambda codec: codec.name)
@given(data=st.data())
@_FEW
def test_pages__come_back(codec, data, tmp_path_factory: pytest.TempPathFactory) -> None:
    pictures = data.draw(pages())
    with fresh(tmp_path_factory.getbasetemp()) as root:
        _check(codec, pictures, root)


@pytest.mark.parametrize("codec", PAGES, ids=lambda codec: codec.name)
def test_pages__words_that_mean_something_to_a_format_come_back(codec, tmp_path: Path) -> None:
    words = (
        "NULL",
        "null",
        "None",
        "nan",
        "true",
        ".",
        "1e5",
        "01",
        "TEMPORARY",
        "[]",
        "{}",
        "=1+1",
        "<b>",
        "&amp;",
        "\\n",
    )
    square = np.array([[0, 0], [30, 0], [30, 20], [0, 20]], np.float32)
    corners = [(10 + 40 * (number % 8), 10 + 30 * (number // 8)) for number in range(len(words))]
    boxes = tuple(
        TextBox(square + np.float32(corner), word, direction="ltr") for word, corner in zip(words, corners, strict=True)
    )
    with fresh(tmp_path) as root:
        _check(codec, [Picture("a.png", "train", image("a"), "here", None, boxes, SIZE_WH)], root)


def test_ppocrlabel__a_real_text_like_its_placeholders_stays_a_text(tmp_path: Path) -> None:
    outline = np.array([[20, 20], [60, 20], [60, 40], [20, 40]], np.float32)
    boxes = (TextBox(outline, "NULL"), TextBox(outline + 50, "NULL", ignore=True, flags=("placeholder",)))
    codec = CODECS["ppocrlabel"]
    write(codec, [Picture("a.png", "train", image("a"), "here", None, boxes, SIZE_WH)], tmp_path)

    (found,) = read(codec, tmp_path)

    assert [(one.text, one.ignore, one.flags) for one in found.boxes] == [
        ("NULL", False, ()),
        ("NULL", True, ("placeholder",)),
    ]


def test_yolo__same_box_twice_is_written_once(tmp_path: Path) -> None:
    box = TextBox(np.array([[20, 20], [60, 20], [60, 40], [20, 40]], np.float32), "ab")
    other = TextBox(box.outline, "ab", category=CATEGORIES[1])
    picture = Picture("a.png", "train", image("a"), "here", None, (box, other, box), SIZE_WH)

    for codec in (CODECS["yolo"], CODECS["yolo-obb"]):
        root = tmp_path / codec.name
        root.mkdir()
        write(codec, [picture], root)
        (found,) = read(codec, root)
        assert [one.category for one in found.boxes] == list(CATEGORIES[:2])


@pytest.mark.parametrize("codec", CROPS, ids=lambda codec: codec.name)
@given(data=st.data())
@_FEW
def test_crops__come_back(codec, data, tmp_path_factory: pytest.TempPathFactory) -> None:
    pictures = data.draw(crops())
    with fresh(tmp_path_factory.getbasetemp()) as root:
        _check(codec, pictures, root)


@pytest.mark.parametrize("codec", CODECS.values(), ids=lambda codec: codec.name)
def test_guess_codec__knows_what_was_written(codec, tmp_path: Path) -> None:
    outline = np.array([[20, 20], [60, 20], [60, 40], [20, 40]], np.float32)
    chars = np.stack([outline, outline])
    page = Picture("a.png", "train", image("a"), "here", None, (TextBox(outline, "ab", char_quads=chars),), SIZE_WH)
    crop = Picture("b.png", "train", image("b"), "here", "ab", size_wh=SIZE_WH)

    for kind, picture in (("pages", page), ("crops", crop)):
        if kind in codec.keeps.kinds:
            root = tmp_path / kind
            root.mkdir()
            write(codec, [picture], root)
            guessed = guess_codec(root)
            assert guessed is codec, guessed and guessed.name


def test_guess_codec__nothing(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing in particular\n")
    (tmp_path / "some.json").write_text("{}")

    assert guess_codec(tmp_path) is None


@pytest.mark.parametrize(("name", "message"), [("yolo-obbb", "yolo-obb"), ("voc", "known here")])
def test_find_codec__unknown_name(name: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        find_codec(name, "--from")


@pytest.mark.parametrize("name", ["coco", "cocotext", "mmocr", "labelstudio"])
def test_read__large_files_with_their_keys_far_apart(name: str, tmp_path: Path) -> None:
    outline = np.array([[20, 20], [60, 20], [60, 40], [20, 40]], np.float32)
    boxes = tuple(TextBox(outline, "text") for _ in range(3))
    target = Target(tmp_path, "out", Images("none"))
    sink = CODECS[name].sink(target)
    for number in range(1_500):
        sink.add(Picture(f"a rather long name of a file {number}.jpg", "train", b"", "", None, boxes, SIZE_WH))
    sink.close()

    assert guess_codec(tmp_path) is CODECS[name]
    assert sum(len(picture.boxes) for picture in read(CODECS[name], tmp_path)) == 4_500
