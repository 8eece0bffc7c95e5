from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import cv2
import lmdb
import numpy as np
import pytest
from fake_sampler import WithGaps, job

from synthtext.engine.run import run
from synthtext.errors import DatasetError, UserError
from synthtext.inspect.verify import verify

Plant = Callable[[Path], None]

TRAIN = "rec/train.txt"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """250 samples in both formats, with a gap at 33."""
    out = tmp_path_factory.mktemp("made")
    run(job(WithGaps((33,)), formats=("paddleocr", "lmdb")), out, 250, method="inline")
    return out


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "copy"))


def _image(root: Path, line: int) -> Path:
    return root / "rec" / (root / TRAIN).read_text().splitlines()[line].split("\t")[0]


def _edit(name: str, change: Callable[[list[str]], list[str]]) -> Plant:
    def plant(root: Path) -> None:
        lines = change((root / name).read_text().split("\n")[:-1])
        (root / name).write_text("".join(f"{line}\n" for line in lines))

    return plant


def _set_text(text: str, line: int = 4) -> Plant:
    return _edit(TRAIN, lambda lines: [*lines[:line], f"{lines[line].split(chr(9))[0]}\t{text}", *lines[line + 1 :]])


def _swap(lines: list[str]) -> list[str]:
    (path_a, text_a), (path_b, text_b) = lines[4].split("\t"), lines[5].split("\t")
    return [*lines[:4], f"{path_a}\t{text_b}", f"{path_b}\t{text_a}", *lines[6:]]


def _prepend(name: str, data: bytes) -> Plant:
    return lambda root: _write(root / name, data + (root / name).read_bytes())


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _replace_image(height: int) -> Plant:
    def plant(root: Path) -> None:
        _, data = cv2.imencode(".jpg", np.full((height, 80, 3), 90, np.uint8))
        _image(root, 4).write_bytes(data.tobytes())

    return plant


def _exif(root: Path) -> None:
    data = _image(root, 4).read_bytes()
    segment = b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0"
    _image(root, 4).write_bytes(data[:2] + b"\xff\xe1" + (len(segment) + 2).to_bytes(2, "big") + segment + data[2:])


def _move_to_val(root: Path) -> None:
    lines = (root / TRAIN).read_text().splitlines(keepends=True)
    (root / TRAIN).write_text("".join(lines[:4] + lines[5:]))
    with (root / "rec/val.txt").open("a") as file:
        file.write(lines[4])


def _put(key: bytes, value: bytes | None) -> Plant:
    def plant(root: Path) -> None:
        with (
            lmdb.open(str(root / "lmdb/train/00001"), lock=False) as env,
            env.begin(write=True) as transaction,
        ):
            if value is None:
                transaction.delete(key)
            else:
                transaction.put(key, value)

    return plant


# name, what is broken, where the fault must point, what it must say
FAULTS: list[tuple[str, Plant, str, str]] = [
    ("missing image", lambda root: _image(root, 4).unlink(), "rec/images/", "the image is missing"),
    ("extra image", lambda root: _write(root / "rec/images/00001/x.jpg", b""), "00001/x.jpg", "did not make"),
    ("empty image", lambda root: _write(_image(root, 4), b""), "rec/images/", "file is empty"),
    ("no image", lambda root: _write(_image(root, 4), b"GIF89a"), "rec/images/", "neither a JPEG nor a PNG"),
    (
        "truncated image",
        lambda root: _write(_image(root, 4), _image(root, 4).read_bytes()[:-40]),
        "rec/images/",
        "cut off after",
    ),
    ("wrong height", _replace_image(31), "rec/images/", "31 px high"),
    ("another image", _replace_image(32), "rec/images/", "not the one that was made"),
    ("EXIF", _exif, "rec/images/", "EXIF"),
    (
        "swapped images",
        lambda root: _write(_image(root, 4), _image(root, 5).read_bytes()),
        "rec/images/",
        "not the one that was made",
    ),
    ("changed text", _set_text("中文 99"), "rec/train.txt:5", "not the text made for sample"),
    ("swapped texts", _edit(TRAIN, _swap), "rec/train.txt:6", "not the text made for sample"),
    ("empty text", _set_text(""), "rec/train.txt:5", "the text is empty"),
    ("not NFC", _set_text("e\u0301"), "rec/train.txt:5", "not NFC"),
    ("tab in the text", _set_text("a\tb"), "rec/train.txt:5", "3 fields"),
    ("CR in the text", _set_text("a\rb"), "rec/train.txt:5", "control character"),
    ("leading space", _set_text(" 1"), "rec/train.txt:5", "white space at an end"),
    ("trailing space", _set_text("1 "), "rec/train.txt:5", "white space at an end"),
    ("char outside the dictionary", _set_text("1Q"), "rec/train.txt:5", "U+0051"),
    ("too long", _set_text("1" * 13), "rec/train.txt:5", "13 characters, the limit is 12"),
    ("line twice", _edit(TRAIN, lambda lines: [*lines, lines[4]]), "rec/train.txt", "for the second time"),
    ("lost line", _edit(TRAIN, lambda lines: lines[:4] + lines[5:]), "sample", "has no label"),
    ("wrong part", _move_to_val, "rec/val.txt", "belongs to train, not to val"),
    ("line of a gap", _edit(TRAIN, lambda lines: [*lines, "images/00000/000000033.jpg\t1"]), TRAIN, "a gap"),
    (
        "foreign line",
        _edit(TRAIN, lambda lines: [*lines, "images/a.jpg\t1"]),
        TRAIN,
        "not a sample of this dataset",
    ),
    ("blank line", _edit(TRAIN, lambda lines: [*lines[:4], "", *lines[4:]]), "rec/train.txt:5", "blank line"),
    ("climbing path", _edit(TRAIN, lambda lines: [*lines, "../../x.jpg\t1"]), TRAIN, "outside the dataset"),
    ("BOM in a list", _prepend(TRAIN, b"\xef\xbb\xbf"), "rec/train.txt:1", "byte-order mark"),
    ("BOM in the dictionary", _prepend("rec/dict.txt", b"\xef\xbb\xbf"), "rec/dict.txt:1", "byte-order mark"),
    (
        "CR LF",
        lambda root: _write(root / TRAIN, (root / TRAIN).read_bytes().replace(b"\n", b"\r\n")),
        TRAIN,
        "CR LF",
    ),
    ("longer dictionary", _edit("rec/dict.txt", lambda lines: [*lines, "Q"]), "rec/dict.txt", "was changed"),
    (
        "reordered dictionary",
        _edit("lmdb/dict.txt", lambda lines: lines[::-1]),
        "lmdb/dict.txt",
        "was changed",
    ),
    ("no dictionary", lambda root: (root / "rec/dict.txt").unlink(), "rec/dict.txt", "is missing"),
    ("no list", lambda root: (root / "rec/test.txt").unlink(), "sample", "has no label"),
    ("no recipe", lambda root: (root / "rec/rec.yml").unlink(), "rec/rec.yml", "is missing"),
    (
        "recipe that points nowhere",
        lambda root: _write(root / "lmdb/rec.yml", (root / "lmdb/rec.yml").read_bytes().replace(b"./train", b"./tra")),
        "lmdb/rec.yml",
        "points at ./tra",
    ),
    (
        "LMDB count",
        _put(b"num-samples", b"59"),
        "lmdb/train/00001",
        "num-samples is 59, but there are 121 keys",
    ),
    ("LMDB count is no number", _put(b"num-samples", b"x"), "num-samples", "not a number"),
    ("LMDB without an image", _put(b"image-000000007", None), "image-000000007", "the image is missing"),
    ("LMDB without a label", _put(b"label-000000007", None), "label-000000007", "the label is missing"),
    ("LMDB with another text", _put(b"label-000000007", b"1"), "label-000000007", "not the text made"),
    (
        "LMDB with another image",
        _put(b"image-000000007", b"x"),
        "image-000000007",
        "neither a JPEG nor a PNG",
    ),
    ("LMDB text with a tab", _put(b"label-000000007", b"a\tb"), "label-000000007", "control character"),
    ("LMDB text not UTF-8", _put(b"label-000000007", b"\xff"), "label-000000007", "not UTF-8"),
    (
        "damaged LMDB",
        lambda root: _write(root / "lmdb/val/00001/data.mdb", b"x" * 5000),
        "lmdb/val/00001",
        "cannot be read",
    ),
    (
        "LMDB cut short",
        lambda root: os.truncate(root / "lmdb/val/00001/data.mdb", 20_000),
        "lmdb/val/00001",
        "cut short: 20,000 bytes where",
    ),
    (
        "lost shard",
        lambda root: shutil.rmtree(root / "lmdb/val/00001"),
        ".synthtext",
        "1 of 3 shards are missing",
    ),
    (
        "damaged record",
        lambda root: _write(root / ".synthtext/shards/00001.crc", b"x" * 800),
        ".synthtext",
        "1 of 3 shards are missing or damaged",
    ),
    (
        "left-over room",
        lambda root: (root / ".synthtext/partial/00001-77").mkdir(),
        "00001-77",
        "interrupted run",
    ),
    ("stray shard", lambda root: (root / "rec/images/00009").mkdir(), "rec/images/00009", "interrupted run"),
    (
        "counts",
        lambda root: _write(
            root / "manifest.json",
            (root / "manifest.json").read_bytes().replace(b'"train": 150', b'"train": 151'),
        ),
        "manifest.json",
        "counts are",
    ),
]


def test_verify__whole_dataset_has_no_fault(made: Path) -> None:
    assert verify(made) == []
    assert verify(made, deep=True) == []


@pytest.mark.parametrize(("plant", "where", "what"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_verify__planted_fault_is_found(copy: Path, plant: Plant, where: str, what: str) -> None:
    if where == "manifest.json":
        assert b'"train": 150' in (copy / "manifest.json").read_bytes()
    plant(copy)

    faults = verify(copy)

    assert any(where in fault.where and what in fault.what for fault in faults), "\n".join(map(str, faults))
    assert all(fault.do for fault in faults)


def test_verify__faults_are_few_for_one_cause(copy: Path) -> None:
    _set_text("1Q")(copy)

    assert len(verify(copy)) == 2  # a char outside the dictionary, and not the text that was made


def test_verify__the_remedy_works(copy: Path) -> None:
    _replace_image(32)(copy)
    (fault,) = verify(copy)
    Path(fault.do.split("remove ", 1)[1].split(", then")[0]).unlink()

    run(job(WithGaps((33,)), formats=("paddleocr", "lmdb")), copy, 250, method="inline")

    assert verify(copy) == []


def test_verify__unfinished_run_is_a_fault(tmp_path: Path) -> None:
    run(job(), tmp_path, 100, method="inline")
    path = tmp_path / "manifest.json"
    path.write_text(path.read_text().replace('"complete"', '"stopped"').replace('"count": 100', '"count": 250'))

    faults = verify(tmp_path)

    assert ["2 of 3 shards" in faults[0].what, "not finished: 100 of 250" in faults[1].what] == [True, True]
    assert len(faults) == 2


def test_verify__many_faults_are_counted(copy: Path) -> None:
    shutil.rmtree(copy / "rec/images/00001")
    (copy / "rec/images/00001").mkdir()

    faults = verify(copy, limit=10)

    assert len(faults) == 11
    assert faults[-1].what == "90 more faults"


def test_verify__tells_progress(made: Path) -> None:
    seen: list[int] = []

    verify(made, progress=seen.append)

    assert seen == [249, 249]  # one pass a format


def test_verify__no_dataset(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no dataset is here"):
        verify(tmp_path)


def test_verify__damaged_manifest(copy: Path) -> None:
    (copy / "manifest.json").write_text("{")

    with pytest.raises(DatasetError, match=r"manifest\.json"):
        verify(copy)


@pytest.mark.parametrize("name", ["rec", "lmdb", "lmdb/train/00001"])
def test_verify__bare_folder_is_checked_by_itself(copy: Path, name: str) -> None:
    assert verify(copy / name) == []


@pytest.mark.parametrize(
    ("plant", "what"),
    [
        (lambda root: _image(root, 4).unlink(), "the image is missing"),
        (lambda root: _write(_image(root, 4), _image(root, 4).read_bytes()[:-40]), "cut off"),
        (_set_text("1Q"), "not in the dictionary"),
        (_edit(TRAIN, lambda lines: [*lines, lines[4]]), "second time"),
    ],
)
def test_verify__bare_folder_faults(copy: Path, plant: Plant, what: str) -> None:
    plant(copy)

    faults = verify(copy / "rec")

    assert [what in fault.what for fault in faults] == [True]


@pytest.mark.slow
def test_verify__five_thousand_samples_a_second(tmp_path: Path) -> None:
    import time

    run(job(formats=("lmdb",), shard_size=10_000), tmp_path, 20_000, workers=2, method="fork")
    began = time.perf_counter()

    assert verify(tmp_path) == []

    assert 20_000 / (time.perf_counter() - began) > 5_000
