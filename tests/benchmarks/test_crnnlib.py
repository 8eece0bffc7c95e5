"""The training benchmark: label forms, scores, pixels, and one short training where torch is installed."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import lmdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

BENCHMARKS = Path(__file__).resolve().parent.parent.parent / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

import train_crnn  # noqa: E402
from crnnlib.crops import HEIGHT_PX, WIDTH_PX, open_crops, training_words  # noqa: E402
from crnnlib.errors import BadInput  # noqa: E402
from crnnlib.report import Reading, confusion_lines, failure_sheet, summary, table  # noqa: E402
from crnnlib.scores import NOTHING, differences, fold, score  # noqa: E402
from crnnlib.words import Word, read_words  # noqa: E402

TEXTS = ("Tiredness", 'say "no"', "a,b 1")


def picture(gray: int = 200, size_wh: tuple[int, int] = (60, 20)) -> bytes:
    """A PNG with a dark bar on gray."""
    image = np.full((size_wh[1], size_wh[0], 3), gray, np.uint8)
    image[5:15, 10:40] = 20
    return cv2.imencode(".png", image)[1].tobytes()


def write_pictures(folder: Path, names: tuple[str, ...]) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(picture())


def icdar(folder: Path) -> None:
    names = tuple(f"word_{number}.png" for number in range(1, 4))
    write_pictures(folder, names)
    escaped = [text.replace('"', '\\"') for text in TEXTS]
    lines = [f'{name}, "{text}"\r\n' for name, text in zip(names, escaped, strict=True)]
    (folder / "gt.txt").write_bytes(b"\xef\xbb\xbf" + "".join(lines).encode())


def paddleocr(folder: Path) -> None:
    names = tuple(f"images/00000/{number}.jpg" for number in range(3))
    write_pictures(folder / "rec", names)
    for split, name, text in zip(("train", "val", "test"), names, TEXTS, strict=True):
        (folder / "rec" / f"{split}.txt").write_text(f"{name}\t{text}\n", "utf-8")
    (folder / "rec" / "dict.txt").write_text("a\nb\n", "utf-8")


def trdg(folder: Path) -> None:
    write_pictures(folder, ("0.jpg", "1.jpg", "2.jpg"))
    lines = [f"{number}.jpg {text}\n" for number, text in enumerate(TEXTS)]
    (folder / "labels.txt").write_text("".join(lines), "utf-8")


def doctr(folder: Path) -> None:
    write_pictures(folder, ("train/images/0.jpg", "train/images/1.jpg", "train/images/2.jpg"))
    labels = {f"{number}.jpg": text for number, text in enumerate(TEXTS)}
    (folder / "train" / "labels.json").write_text(json.dumps(labels), "utf-8")


def pairs(folder: Path) -> None:
    """Two databases below one folder, as a run of several shards leaves them."""
    for place, texts in (("00000", TEXTS[:2]), ("00001", TEXTS[2:])):
        (folder / "lmdb" / place).mkdir(parents=True)
        with lmdb.open(str(folder / "lmdb" / place), map_size=1 << 20) as database, database.begin(write=True) as put:
            put.put(b"num-samples", str(len(texts)).encode())
            for number, text in enumerate(texts, 1):
                put.put(b"image-%09d" % number, picture())
                put.put(b"label-%09d" % number, text.encode())


@pytest.mark.parametrize("write", [icdar, paddleocr, trdg, doctr, pairs])
def test_read_words__every_form_gives_the_same_words(tmp_path: Path, write: Callable[[Path], None]) -> None:
    write(tmp_path)

    words = read_words(tmp_path)

    assert tuple(word.text for word in words) == TEXTS
    assert all(word.load() == picture() for word in words)


def test_read_words__one_label_file_alone(tmp_path: Path) -> None:
    paddleocr(tmp_path)

    words = read_words(tmp_path / "rec" / "val.txt")

    assert [word.text for word in words] == [TEXTS[1]]


def test_read_words__names_as_trdg_makes_them(tmp_path: Path) -> None:
    write_pictures(tmp_path, ("hello_0.jpg", "big_world_12.jpg"))

    assert [word.text for word in read_words(tmp_path)] == ["big_world", "hello"]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "no labels found"),
        ({"gt.txt": "word_1.png\tone\n"}, "names 'word_1.png'"),
        ({"gt.txt": "0.png\tone\nno tab here\n", "0.png": ""}, "gt.txt, line 2: 'no tab here'"),
        ({"labels.json": "[1]"}, "wanted one object"),
        ({"labels.json": "{"}, "not JSON"),
    ],
)
def test_read_words__says_what_is_wrong(tmp_path: Path, files: dict[str, str], message: str) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(content, "utf-8")

    with pytest.raises(BadInput, match=message):
        read_words(tmp_path)


def test_read_words__refuses_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such folder"):
        read_words(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("text", "folded"),
    [("", ""), ("Café-24", "cafe24"), ("50％ OFF!", "50off"), ("ﬁre", "fire"), ("中文", ""), ("İstanbul", "istanbul")],
)
def test_fold__keeps_digits_and_letters(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("truth", "reading", "edits"),
    [
        ("cat", "cat", []),
        ("cat", "cut", [("a", "u")]),
        ("cat", "ct", [("a", NOTHING)]),
        ("ct", "cat", [(NOTHING, "a")]),
        ("", "ab", [(NOTHING, "a"), (NOTHING, "b")]),
        ("ab", "", [("a", NOTHING), ("b", NOTHING)]),
    ],
)
def test_differences__are_the_edits(truth: str, reading: str, edits: list[tuple[str, str]]) -> None:
    assert differences(truth, reading) == edits


@given(st.text("ab1", max_size=8), st.text("ab1", max_size=8))
def test_differences__are_as_few_as_an_independent_count_says(truth: str, reading: str) -> None:
    distance = {(i, j): i + j for i in range(9) for j in range(9) if not i * j}
    for i, char in enumerate(truth, 1):
        for j, other in enumerate(reading, 1):
            swap = distance[i - 1, j - 1] + (char != other)
            distance[i, j] = min(distance[i - 1, j] + 1, distance[i, j - 1] + 1, swap)

    edits = differences(truth, reading)

    assert len(edits) == distance[len(truth), len(reading)]
    gone, come = Counter(truth), Counter(reading)
    gone.subtract(true for true, _ in edits if true != NOTHING)
    come.subtract(read for _, read in edits if read != NOTHING)
    assert gone == come  # what no edit names is the same on both sides


def test_score__counts_words_and_characters() -> None:
    result = score(["cat", "dog", "a1"], ["cat", "dig", "a"])

    assert (result.words, result.right, result.chars, result.errors) == (3, 1, 8, 2)
    assert result.right_percent == pytest.approx(100 / 3)
    assert result.char_error_percent == pytest.approx(25.0)
    assert confusion_lines(result, 5) == ["o>i 1", "1>. 1"]


def test_open_crops__gives_gray_pixels_and_leaves_out_what_has_no_letter() -> None:
    words = [Word("a", "Cat!", picture), Word("b", "?!", picture)]

    crops = open_crops("set", words)

    assert crops.images.shape == (1, HEIGHT_PX, WIDTH_PX)
    assert crops.images.dtype == np.uint8
    assert (crops.texts, crops.dropped) == (("cat",), 1)
    assert crops.images[0, 16, 40] == pytest.approx(20, abs=2)  # (25, 10) of 60 x 20: inside the bar
    assert crops.images[0, 16, 90] == pytest.approx(200, abs=2)


def test_open_crops__names_a_broken_image() -> None:
    with pytest.raises(BadInput, match=r"b\.png: not an image"):
        open_crops("set", [Word("b.png", "b", lambda: b"broken")])


def test_training_words__of_a_folder_are_a_fixed_choice(tmp_path: Path) -> None:
    write_pictures(tmp_path, tuple(f"{number}.png" for number in range(20)))
    (tmp_path / "gt.txt").write_text("".join(f"{number}.png\tw{number}\n" for number in range(20)), "utf-8")

    chosen = [[word.text for word in training_words(str(tmp_path), 5, seed, ())] for seed in (1, 1, 2)]

    assert chosen[0] == chosen[1] != chosen[2]
    assert len(set(chosen[0])) == 5
    assert len(training_words(str(tmp_path), 50, 0, ())) == 20


def test_training_words__of_a_preset_are_made_for_it() -> None:
    words = training_words("rec-en-word", 4, 3, ["crop.height=24", "text.mix={words: 1}"])

    heights = {cv2.imdecode(np.frombuffer(word.load(), np.uint8), cv2.IMREAD_COLOR).shape[0] for word in words}
    assert len(words) == 4
    assert heights == {24}


@pytest.mark.parametrize(("source", "message"), [("rec-em-word", "rec-em-word"), ("no/such.yaml", "cannot be read")])
def test_training_words__names_a_wrong_source(source: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        training_words(source, 4, 0, [])


def test_report__shows_the_misread_words_alone() -> None:
    crops = open_crops("signs", [Word("a", "cat", picture), Word("b", "dog", picture)])
    reading = Reading(crops, ["cat", "dig"], score(crops.texts, ["cat", "dig"]))

    sheet = failure_sheet(reading, 10, seed=0, columns=2)

    assert "| signs | 2 | 50.0 % | 16.7 % |" in table([reading])
    assert summary(reading)["worst_pairs"] == [{"true": "o", "read": "i", "times": 1}]
    half = sheet.shape[1] // 2
    assert sheet[:, :half].min() < 50
    assert sheet[:, half:].min() == 255  # one misread word, one empty cell


def test_train_crnn__without_torch_says_what_it_needs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)  # makes `import torch` fail

    code = train_crnn.main(["--train", "rec-en-word", "--test", str(tmp_path)])

    assert code == 2
    assert capsys.readouterr().err == "train_crnn.py: needs torch, which is not installed here; pip install torch\n"


@pytest.fixture
def little(tmp_path: Path) -> Path:
    """A folder of 24 clean crops with labels."""
    made = training_words("rec-en-word", 24, 0, ["text.mix={words: 1}", "text.length={min: 3, max: 6}"])
    (tmp_path / "images").mkdir()
    for number, word in enumerate(made):
        (tmp_path / "images" / f"{number}.jpg").write_bytes(word.load())
    lines = [f"images/{number}.jpg\t{word.text}\n" for number, word in enumerate(made)]
    (tmp_path / "gt.txt").write_text("".join(lines), "utf-8")
    return tmp_path


def run(folder: Path, passes: int) -> dict[str, Any]:
    """Train on a folder, test on the same, and return the report."""
    arguments = ["--train", str(folder), "--test", str(folder), "--passes", str(passes)]
    assert train_crnn.main([*arguments, "--out", str(folder / "report.json")]) == 0
    report: dict[str, Any] = json.loads((folder / "report.json").read_text("utf-8"))
    return report


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="torch is no dependency; pip install torch")
def test_train_crnn__learns_a_few_crops_by_heart(little: Path) -> None:
    assert run(little, 6000)["results"][0]["right_percent"] > 80


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="torch is no dependency; pip install torch")
def test_train_crnn__repeats_itself(little: Path) -> None:
    first, second = run(little, 320), run(little, 320)

    assert first["loss"] == second["loss"]
    assert first["results"] == second["results"]
