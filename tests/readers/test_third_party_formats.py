"""Other people's readers on what `convert` writes: PPOCRLabel's window, labelme, pycocotools, datasets, webdataset.

Run with `pytest -m "slow and readers"`. What is not installed skips its test; in CI it fails it.
"""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from types import ModuleType

import cv2
import numpy as np
import pytest
from reader_envs import LABEL_TOOLS, PADDLE
from test_third_party import _python_of, _run

from synthtext.convert.choices import Choices
from synthtext.convert.run import convert
from synthtext.labels.codec.base import Target
from synthtext.labels.codec.images import Images
from synthtext.labels.codec.table import CODECS
from synthtext.labels.levels import TextBox
from synthtext.labels.picture import Picture

pytestmark = [pytest.mark.slow, pytest.mark.readers]

WH = (320, 240)
TEXTS = (
    "plain text",
    "true null false",
    'quotes " and \\ backslash',
    "a, b; c",
    "大減價 50% off",
    "العربية",
    "nullable falsehood",
    "[1, 2]",
)


def needed(name: str) -> ModuleType:
    """Return a module, or skip; in CI fail."""
    try:
        return importlib.import_module(name)
    except ImportError:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"{name} is not installed")
        raise


def picture(number: int) -> Picture:
    """A page with two texts, one of them turned, and one to be ignored."""
    rng = np.random.default_rng(number)
    image = cv2.GaussianBlur(rng.integers(0, 255, (WH[1], WH[0], 3), np.uint8), (9, 9), 0)
    points = [[[20, 20], [150, 20], [150, 50], [20, 50]], [[60, 80], [200, 120], [190, 150], [50, 110]]]
    quads = [np.array(quad, np.float32) for quad in points]
    small = np.array([[220, 180], [290, 180], [290, 210], [220, 210]], np.float32)
    boxes = (
        TextBox(quads[0], TEXTS[number % len(TEXTS)]),
        TextBox(quads[1], TEXTS[(number + 1) % len(TEXTS)], "filled", direction="ltr"),
        TextBox(small, "gone", ignore=True),
    )
    data = cv2.imencode(".jpg", image)[1].tobytes()
    return Picture(f"photo {number}.jpg", ("train", "train", "val")[number % 3], data, "", None, boxes, WH)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("formats") / "source"
    root.mkdir()
    sink = CODECS["coco"].sink(Target(root, "source", Images()))
    for number in range(12):
        sink.add(picture(number))
    sink.close()
    return root


def converted(source: Path, name: str, out: Path, **choices: object) -> Path:
    convert(source, CODECS["coco"], [CODECS[name]], out, Choices(**choices))  # type: ignore[arg-type]
    return out


def pages(root: Path, name: str) -> dict[str, Picture]:
    faults: list[object] = []
    found = {this.path: this for this in CODECS[name].read(root, faults.append)}
    assert faults == []
    return found


def test_ppocrlabel__opens_our_folder_and_we_read_what_it_saves(source: Path, tmp_path: Path) -> None:
    root = converted(source, "ppocrlabel", tmp_path / "li") / "train"
    before = pages(root, "ppocrlabel")

    run = _run(_python_of(LABEL_TOOLS), "ppocrlabel_window.py", root, tmp_path)

    assert run.code == 0, run.output
    wanted = {f"train/{name}": [box.label for box in page.boxes] for name, page in before.items()}
    labels = run.report["labels"]
    assert {key: [box["transcription"] for box in boxes] for key, boxes in labels.items()} == wanted
    assert run.report["states"] == dict.fromkeys(wanted, 1)
    assert {f"train/{name}": texts for name, texts in run.report["shown"].items()} == wanted
    after = pages(root, "ppocrlabel")
    assert after.keys() == before.keys()
    for name, page in after.items():
        assert [box.label for box in page.boxes] == [box.label for box in before[name].boxes]
        for one, other in zip(page.boxes, before[name].boxes, strict=True):
            assert np.array_equal(one.outline, other.outline)
        assert page.extra == {"confirmed": True}


def test_labelme__loads_every_file(source: Path, tmp_path: Path) -> None:
    root = converted(source, "labelme", tmp_path / "labelme")

    run = _run(_python_of(LABEL_TOOLS), "labelme_files.py", root, tmp_path)

    assert run.code == 0, run.output
    assert len(run.report) == 12
    for name, shapes in run.report.items():
        page = pages(root, "labelme")[name.rpartition("/")[2].replace(".json", ".jpg")]
        assert [(shape["label"], shape["description"]) for shape in shapes] == [
            (box.category, box.text) for box in page.boxes
        ]


def test_paddleocr__trains_on_what_is_converted(source: Path, tmp_path: Path) -> None:
    root = converted(source, "paddleocr", tmp_path / "paddle", split=(6, 3, 3))

    run = _run(_python_of(PADDLE), "paddle_pages.py", root, tmp_path)

    assert run.code == 0, run.output
    assert "ppocr ERROR" not in run.output
    samples = {this["name"]: this["samples"] for this in run.report["passes"]}
    assert {part: samples[f"det {part}"] for part in ("train", "val", "test")} == {"train": 6, "val": 3, "test": 3}


# pycocotools is of the time before NumPy 2.
@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")
def test_pycocotools__loads_and_draws_every_polygon(source: Path, tmp_path: Path) -> None:
    coco = needed("pycocotools.coco")
    root = converted(source, "coco", tmp_path / "coco")

    api = coco.COCO(str(root / "annotations" / "instances_train.json"))

    assert len(api.getImgIds()) == 8
    assert {cat["name"] for cat in api.loadCats(api.getCatIds())} == {"printed", "filled"}
    for annotation in api.loadAnns(api.getAnnIds()):
        mask = api.annToMask(annotation)
        assert mask.shape == WH[::-1]
        assert abs(int(mask.sum()) - annotation["area"]) < 0.1 * annotation["area"]
        assert annotation["attributes"]["transcription"] in (*TEXTS, "gone")


def test_datasets__imagefolder_and_parquet(source: Path, tmp_path: Path) -> None:
    datasets = needed("datasets")
    folder = converted(source, "imagefolder", tmp_path / "folder")
    tables = converted(source, "parquet", tmp_path / "tables")
    cache = str(tmp_path / "cache")

    loaded = datasets.load_dataset("imagefolder", data_dir=str(folder), cache_dir=cache)
    stored = datasets.load_dataset("parquet", data_dir=str(tables / "data"), cache_dir=cache)

    for found, key in ((loaded, "words"), (stored, "lines")):
        assert {name: len(part) for name, part in found.items()} == {"train": 8, "validation": 4}
        row = found["train"][0]
        assert row["image"].size == WH
        assert row[key][0]["text"] in TEXTS
        assert len(row[key][0]["polygon"]) == 4


# webdataset leaves closing its files to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_webdataset__decodes_every_sample(source: Path, tmp_path: Path) -> None:
    webdataset = needed("webdataset")
    root = converted(source, "webdataset", tmp_path / "tars")

    samples = list(webdataset.WebDataset(str(root / "train-000000.tar"), shardshuffle=False).decode("rgb8"))

    assert len(samples) == 8
    assert samples[0]["jpg"].shape == (WH[1], WH[0], 3)
    assert samples[0]["json"]["lines"][0]["text"] in TEXTS


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_webdataset__crops(source: Path, tmp_path: Path) -> None:
    webdataset = needed("webdataset")
    root = converted(source, "webdataset", tmp_path / "tars", crops=True)

    samples = list(webdataset.WebDataset(str(root / "val-000000.tar"), shardshuffle=False).decode("rgb8"))

    assert {sample["txt"] for sample in samples} <= set(TEXTS)
    assert all(sample["jpg"].ndim == 3 for sample in samples)


def test_scipy__reads_gt_mat(source: Path, tmp_path: Path) -> None:
    loadmat = needed("scipy.io").loadmat
    root = tmp_path / "source"
    root.mkdir()
    quad = np.array([[10, 10], [50, 10], [50, 30], [10, 30]], np.float32)
    chars = np.stack([quad + np.array([40 * place, 0], np.float32) for place in range(3)])
    line = TextBox(np.array([[10, 10], [130, 10], [130, 30], [10, 30]], np.float32), "a 中b", char_quads=chars)
    sink = CODECS["imagefolder"].sink(Target(root, "source", Images()))
    sink.add(Picture("a.jpg", "train", picture(0).read_image() or b"", "", None, (line,), WH))
    sink.close()
    convert(root, CODECS["imagefolder"], [CODECS["craft"]], tmp_path / "out", Choices())

    gt = loadmat(tmp_path / "out" / "train" / "gt.mat")

    assert gt["wordBB"][0][0].shape == (2, 4, 2)
    assert gt["charBB"][0][0].shape == (2, 4, 3)
    assert [text.strip() for text in gt["txt"][0][0]] == ["a", "中b"]
    assert gt["imnames"][0][0].tolist() == ["img/img_1.jpg"]
