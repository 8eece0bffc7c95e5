"""`gt.mat`: our writer against SciPy's reader, and our reader against SciPy's writer."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from boxes import AWKWARD
from hypothesis import given
from hypothesis import strategies as st
from scenes import at, instance, page, tilted

from synthtext.errors import DatasetError
from synthtext.geometry import Warp
from synthtext.labels.craft import VARIABLES, Scene, read_gt, scene_cells, scene_of
from synthtext.labels.maps import affinity_quads, instance_links
from synthtext.labels.matfile import Row, file_head, row_head
from synthtext.quads import signed_area

scipy_io = pytest.importorskip("scipy.io")


def write(path: Path, scenes: list[Scene]) -> Path:
    cells = [scene_cells(scene) for scene in scenes]
    with path.open("wb") as file:
        file.write(file_head())
        for name in VARIABLES:
            pieces = [cell[name] for cell in cells]
            file.write(row_head(Row(name, len(pieces), sum(map(len, pieces)))))
            file.writelines(pieces)
    return path


def easyocr_words(txt: np.ndarray) -> list[str]:
    """How EasyOCR's trainer takes the words of a picture apart."""
    words = [re.split(" \n|\n |\n| ", text.strip()) for text in txt]
    return [word for word in itertools.chain(*words) if word]


def test_gt__as_trainers_read_it(tmp_path: Path) -> None:
    scenes = [scene_of(f"img/img_{index}.jpg", page(index)) for index in range(3)]
    path = write(tmp_path / "gt.mat", scenes)

    gt = scipy_io.loadmat(path)

    assert gt["imnames"].shape == gt["charBB"].shape == gt["wordBB"].shape == gt["txt"].shape == (1, 3)
    for place, scene in enumerate(scenes):
        assert gt["imnames"][0][place][0] == scene.path
        words = easyocr_words(gt["txt"][0][place])
        assert words == [
            f"{text}" for text in ("中文", str(place), "Hello,", "world", "Zürich", '"5,', '#3"', "大減價")
        ]
        chars, boxes = gt["charBB"][0][place], gt["wordBB"][0][place]
        assert chars.dtype == boxes.dtype == np.float32
        assert chars.shape == (2, 4, sum(map(len, words)))
        assert boxes.shape == (2, 4, len(words))
        assert np.array_equal(chars.transpose(2, 1, 0), scene.char_quads)
        assert np.array_equal(boxes.transpose(2, 1, 0), scene.word_quads)


def test_gt__read_again(tmp_path: Path) -> None:
    scenes = [scene_of(f"img/img_{index}.jpg", page(index)) for index in range(3)]

    found = list(read_gt(write(tmp_path / "gt.mat", scenes)))

    for one, other in zip(found, scenes, strict=True):
        assert (one.path, one.words) == (other.path, other.words)
        assert np.array_equal(one.char_quads, other.char_quads)
        assert np.array_equal(one.word_quads, other.word_quads)


@pytest.mark.parametrize("compressed", [False, True])
def test_read_gt__scipys_files(compressed: bool, tmp_path: Path) -> None:
    def row(values: list[np.ndarray]) -> np.ndarray:
        cells = np.empty((1, len(values)), object)
        cells[0, :] = values
        return cells

    rng = np.random.default_rng(0)
    one_word = rng.random((2, 4))  # the official file has two dimensions where a picture has one word
    data = {
        "imnames": row([np.array(["8/a_1.jpg"]), np.array(["b.jpg"])]),
        "wordBB": row([rng.random((2, 4, 3)), one_word]),
        "charBB": row([rng.random((2, 4, 9)), rng.random((2, 4, 2))]),
        "txt": row([np.array(["Lines:\nI lost", "Kev  "]), np.array(["é𠮷"])]),
    }
    scipy_io.savemat(tmp_path / "gt.mat", data, do_compression=compressed)

    first, second = read_gt(tmp_path / "gt.mat")

    assert (first.path, first.words) == ("8/a_1.jpg", ("Lines:", "I", "lost", "Kev"))
    assert np.allclose(first.word_quads, data["wordBB"][0][0].transpose(2, 1, 0))
    assert (second.path, second.words) == ("b.jpg", ("é𠮷",))
    assert np.allclose(second.word_quads[0], one_word.T)
    assert first.char_quads.shape == (9, 4, 2)


_WORD = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1).filter(lambda word: not word.isspace())


@given(pages=st.lists(st.lists(_WORD, min_size=1, max_size=5), min_size=1, max_size=4))
def test_gt__any_words_come_back(pages: list[list[str]], tmp_path_factory: pytest.TempPathFactory) -> None:
    scenes = []
    for number, words in enumerate(pages):
        quads = np.arange(8 * sum(map(len, words)), dtype=np.float32).reshape(-1, 4, 2)
        scenes.append(Scene(f"{number}.jpg", tuple(words), quads[: len(words)], quads))
    path = write(tmp_path_factory.getbasetemp() / "any.mat", scenes)

    gt = scipy_io.loadmat(path)

    for place, scene in enumerate(scenes):
        assert [text.rstrip(" ") for text in gt["txt"][0][place]] == list(scene.words)
    assert [scene.words for scene in read_gt(path)] == [scene.words for scene in scenes]


@pytest.mark.parametrize("text", [text for text in AWKWARD if text.isprintable()])
def test_scene_of__as_many_boxes_as_code_points(text: str) -> None:
    sample = replace(page(), instances=(instance(text, at(20, 20), char_px=12.0),))

    scene = scene_of("a.jpg", sample)

    assert scene.words == tuple(text.split())
    assert len(scene.char_quads) == sum(len(word) for word in text.split())


def test_scene_of__grapheme_of_several_code_points_has_its_box_several_times() -> None:
    line = instance("ab", at(20, 20))
    line = replace(line, text="e\u0301b", chars=("e\u0301", "b"))

    scene = scene_of("a.jpg", replace(page(), instances=(line,)))

    assert scene.words == ("e\u0301b",)
    assert np.array_equal(scene.char_quads[0], scene.char_quads[1])
    assert len(scene.char_quads) == 3


@pytest.mark.parametrize("warp", [at(60, 120, 12.0), tilted(300, 60)], ids=["turned", "tilted"])
def test_scene_of__a_words_box_holds_the_boxes_of_its_characters(warp: Warp) -> None:
    line = instance("「值得」 之中", warp, char_px=30.0)

    scene = scene_of("img/img_0.jpg", replace(page(), instances=(line,)))

    start = 0
    for word, quad in zip(scene.words, scene.word_quads, strict=True):
        cells = scene.char_quads[start : start + len(word)]
        start += len(word)
        for corner in cells.reshape(-1, 2):
            assert cv2.pointPolygonTest(quad, corner.tolist(), measureDist=True) > -0.01


def test_scene_of__leaves_out_what_is_ignored_or_cut_off() -> None:
    shown, faint, cut = (
        instance("ab", at(20, 20)),
        replace(instance("cd", at(20, 80)), ignore="faint"),
        instance("ef", at(-40, 140)),
    )

    scene = scene_of("a.jpg", replace(page(), instances=(shown, faint, cut)))

    assert scene.words == ("ab",)


@pytest.mark.parametrize("direction", ["ltr", "rtl", "ttb"])
@pytest.mark.parametrize("degrees", [0.0, 20.0, 200.0])
def test_scene_of__readers_make_our_affinity_boxes(direction: str, degrees: float) -> None:
    """Readers know lines alone: they link first and third sides, whatever way a word runs."""
    line = instance("abcd", at(320, 180, degrees), direction)  # type: ignore[arg-type]

    quads = scene_of("a.jpg", replace(page(), instances=(line,))).char_quads

    assert (signed_area(quads) > 0).all()
    links = affinity_quads(quads)
    assert (signed_area(links) > 0).all()
    ours = instance_links(line)
    for link, our in zip(links, ours, strict=True):
        assert min(np.abs(np.roll(link, shift, axis=0) - our).max() for shift in range(4)) < 0.01


def test_scene_cells__refuses_what_readers_would_split_or_miscount() -> None:
    quads = np.zeros((3, 4, 2), np.float32)
    with pytest.raises(ValueError, match="white space"):
        scene_cells(Scene("a.jpg", ("a b",), quads[:1], quads))
    with pytest.raises(ValueError, match="3 character boxes"):
        scene_cells(Scene("a.jpg", ("ab",), quads[:1], quads))


@pytest.mark.parametrize("data", [b"", b"not a file of MATLAB" * 20])
def test_read_gt__other_files_are_refused(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "gt.mat").write_bytes(data)

    with pytest.raises(DatasetError, match=r"gt\.mat"):
        list(read_gt(tmp_path / "gt.mat"))


def test_read_gt__a_file_broken_off_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "gt.mat", [scene_of("a.jpg", page())])
    path.write_bytes(path.read_bytes()[:-40])

    with pytest.raises(DatasetError, match=r"gt\.mat"):
        list(read_gt(path))
