"""Let readers of pages judge a dataset: docTR's SynthText, Ultralytics' label check, CRAFT's decoder.

Runs inside an environment that holds the three packages without what they depend on (`reader_envs.PAGES`), never in
the project's own:

    python page_readers.py DATASET_DIR

The packages want torch and torchvision, their readers do not: each reader's own file is loaded from the package, with
stand-ins for modules that it imports and does not use here.

What is checked: docTR finds every picture that `gt.mat` names, with as many words as boxes; Ultralytics accepts every
label file, and counts as many boxes as it has lines; CRAFT's decoder, at its usual thresholds, finds every straight
word of two or more characters in the score maps, and does not miss those of few pixels by much.

The last line of standard output is the report as JSON; the exit code is 1 when it holds a fault.
"""

import argparse
import importlib
import importlib.abc
import importlib.util
import json
import sys
import types
from importlib.machinery import ModuleSpec
from importlib.metadata import distribution
from pathlib import Path
from typing import Any, ClassVar

import cv2
import numpy as np
import yaml

SPLITS = ("train", "val", "test")
TEXT_THRESHOLD, LINK_THRESHOLD, LOW_TEXT = 0.7, 0.4, 0.4
# Below 11 px a pixel at each side of a word is much of it.
LEAST_IOU = 0.6
SHOWN = 8


class StandIn(types.ModuleType):
    """A module that has whatever is asked of it."""

    __path__: ClassVar[list[str]] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


class StandIns(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports a stand-in for every module of some packages that is not loaded already."""

    packages = ("torch", "torchvision", "ultralytics", "doctr", "easyocr")

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        return ModuleSpec(name, self, is_package=True) if name.split(".")[0] in self.packages else None

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        return StandIn(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Do nothing: it has everything."""


def load(package: str, path: str) -> Any:
    """Return one file of an installed package as a module."""
    place = Path(str(distribution(package).locate_file(path)))
    name = path.removesuffix(".py").replace("/", ".")
    spec = importlib.util.spec_from_file_location(name, place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def doctr_reader() -> Any:
    """Return docTR's SynthText, which looks for `SynthText/gt.mat` below a root."""

    class VisionDataset:
        def __init__(self, *_: Any, root: str, **__: Any) -> None:
            self.root = root

    importlib.import_module("doctr.datasets.datasets").VisionDataset = VisionDataset  # type: ignore[attr-defined]
    return load("python-doctr", "doctr/datasets/synthtext.py").SynthText


def check_doctr(dataset: Path, home: Path) -> dict[str, Any]:
    """Return what docTR reads of each part."""
    reader = doctr_reader()
    report: dict[str, Any] = {"faults": []}
    for split in SPLITS:
        root = home / split
        root.mkdir()
        (root / "SynthText").symlink_to(dataset / "craft" / split, target_is_directory=True)
        pictures, words = 0, 0
        for train in (True, False):  # it holds back the last tenth
            for path, target in reader(train=train, use_polygons=True, root=str(root)).data:
                pictures += 1
                words += len(target["labels"])
                boxes = target["boxes"]
                if boxes.shape != (len(target["labels"]), 4, 2):
                    report["faults"].append(f"{split} {path}: boxes {boxes.shape}, {len(target['labels'])} words")
        report[split] = {"pictures": pictures, "words": words}
    return report


def ultralytics_check() -> Any:
    """Return Ultralytics' check of one image and its label file."""
    importlib.import_module("ultralytics.utils.patches").imread = cv2.imread  # type: ignore[attr-defined]
    load("ultralytics", "ultralytics/utils/ops.py")
    return load("ultralytics", "ultralytics/data/utils.py")


def check_ultralytics(dataset: Path) -> dict[str, Any]:
    """Return what Ultralytics makes of each part that `data.yaml` names."""
    root = dataset / "yolo-obb"
    data = yaml.safe_load((root / "data.yaml").read_text("utf-8"))
    utils = ultralytics_check()
    report: dict[str, Any] = {"faults": [], "names": data["names"]}
    for split in SPLITS:
        images = sorted((root / data[split]).rglob("*.jpg"))
        labels = utils.img2label_paths([str(image) for image in images])
        boxes = 0
        for image, label in zip(images, labels, strict=True):
            found = utils.verify_image_label((str(image), label, "", False, len(data["names"]), 0, 0, False))
            lines = len(Path(label).read_text("utf-8").splitlines())
            if found[0] is None or found[9] or len(found[3]) != lines:
                report["faults"].append(f"{label}: {found[9] or f'{len(found[3])} boxes of {lines}'}")
            boxes += lines
        report[split] = {"pictures": len(images), "boxes": boxes}
    return report


def iou(one: np.ndarray, other: np.ndarray) -> float:
    """Return the intersection over union of two quads, counted in quarters of a pixel.

    OpenCV's `intersectConvexConvex` gives 0 for some quads that share a side.
    """
    low = np.minimum(one.min(axis=0), other.min(axis=0))
    width, height = (4 * (np.maximum(one.max(axis=0), other.max(axis=0)) - low) + 1).astype(int).tolist()
    masks = []
    for quad in (one, other):
        mask = np.zeros((height, width), np.uint8)
        masks.append(cv2.fillPoly(mask, [np.round(4 * (quad - low)).astype(np.int32)], 1) > 0)
    return float((masks[0] & masks[1]).sum() / (masks[0] | masks[1]).sum())


def read_map(path: Path) -> np.ndarray:
    """Return a score map as floats in [0, 1]."""
    if path.with_suffix(".npy").is_file():
        return np.asarray(np.load(path.with_suffix(".npy")))
    heat = cv2.imread(str(path.with_suffix(".png")), cv2.IMREAD_UNCHANGED)
    assert heat is not None, path
    return heat.astype(np.float32) / 255


def check_craft(dataset: Path) -> dict[str, Any]:
    """Return how many words CRAFT's decoder finds in the score maps of the training part."""
    from scipy.io import loadmat

    decode = load("easyocr", "easyocr/craft_utils.py").getDetBoxes
    root = dataset / "craft" / "train"
    gt = loadmat(root / "gt.mat")
    report: dict[str, Any] = {"faults": [], "words": 0, "found": 0}
    overlaps = []
    for name, words, quads in zip(gt["imnames"][0], gt["txt"][0], gt["wordBB"][0], strict=True):
        stem, _, number = Path(name[0]).stem.rpartition("_")
        region = read_map(root / "region" / f"{stem}_region_{number}")
        affinity = read_map(root / "affinity" / f"{stem}_affinity_{number}")
        boxes, _, _ = decode(region, affinity, TEXT_THRESHOLD, LINK_THRESHOLD, LOW_TEXT, False)
        image = cv2.imread(str(root / name[0]))
        assert image is not None
        scale = image.shape[1] / region.shape[1]
        for word, quad in zip(words, quads.transpose(2, 1, 0), strict=True):
            if len(word.strip()) < 2:
                continue
            best = max((iou(np.asarray(box) * scale, quad) for box in boxes), default=0.0)
            report["words"] += 1
            report["found"] += best > LEAST_IOU
            overlaps.append(best)
            if best <= LEAST_IOU:
                report["faults"].append(f"{name[0]} {word.strip()!r}: IoU {best:.2f}, {quad.round().tolist()}")
    report["mean_iou"], report["least_iou"] = round(float(np.mean(overlaps)), 3), round(min(overlaps), 3)
    return report


def main() -> int:
    """Run all three, print the report, return 1 if anything is off."""
    parser = argparse.ArgumentParser(description="Let docTR, Ultralytics and CRAFT's decoder judge a dataset of pages.")
    parser.add_argument("dataset", type=Path)
    dataset = parser.parse_args().dataset.resolve()
    sys.meta_path.insert(0, StandIns())
    home = Path.cwd() / "doctr"
    home.mkdir()
    report = {
        "doctr": check_doctr(dataset, home),
        "ultralytics": check_ultralytics(dataset),
        "craft": check_craft(dataset),
    }
    faults = {name: part["faults"] for name, part in report.items()}
    for name, part in report.items():
        part["faults"] = faults[name][:SHOWN]
        part["faults_total"] = len(faults[name])
    print(json.dumps(report, ensure_ascii=False), flush=True)
    return 1 if any(faults.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
