"""Read the LMDBs of a dataset as the two best known trainers for them do, with nothing but `lmdb` and Pillow.

    python lmdb_readers.py DATASET_DIR

What is checked, in every split:

* deep-text-recognition-benchmark: a folder below the split's with no folder in it is an LMDB;
  `num-samples` is a decimal number; keys run from `image-000000001`, not from zero, to that number, and
  nothing else is stored; pictures decode as RGB; labels are UTF-8 and 25 characters at most (longer ones
  are dropped there without a word);
* PARSeq: any `data.mdb` below the root is found; a label that is empty once white space is removed would
  be dropped;
* the samples are those of the label file in `rec/`: the same bytes with the same text, as often.

The last line of standard output is the report as JSON; the exit code is 1 when it holds a fault.
"""

import argparse
import io
import json
import sys
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import lmdb
from PIL import Image

SPLITS = ("train", "val", "test")
MAX_LABEL_CHARS = 25
SHOWN = 5

Pair = tuple[str, str]


def leaf_folders(split_folder: Path) -> list[Path]:
    """Return the folders without folders in them, which the benchmark opens one and all."""
    folders = [split_folder, *(path for path in split_folder.rglob("*") if path.is_dir())]
    return sorted(folder for folder in folders if not any(child.is_dir() for child in folder.iterdir()))


def data_folders(split_folder: Path) -> list[Path]:
    """Return the folders that hold a `data.mdb`, which PARSeq opens one and all."""
    return sorted(path.parent for path in split_folder.rglob("data.mdb"))


def image_fault(data: bytes | None) -> str | None:
    """Return why a picture does not decode as RGB, None if it does."""
    if data is None:
        return "is missing"
    try:
        image = Image.open(io.BytesIO(data)).convert("RGB")
    except (OSError, ValueError) as error:
        return f"does not decode: {error}"
    return None if min(image.size) > 0 else "has no pixels"


def label_fault(data: bytes | None) -> str | None:
    """Return why a label would not be used as it stands, None if it would."""
    if data is None:
        return "is missing"
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"is not UTF-8: {error}"
    if not "".join(text.split()):
        return "is empty without white space"
    return f"has {len(text)} characters" if len(text) > MAX_LABEL_CHARS else None


def sample_faults(number: int, image: bytes | None, label: bytes | None) -> Iterator[str]:
    """Yield what is wrong with one sample."""
    for kind, fault in (("image", image_fault(image)), ("label", label_fault(label))):
        if fault:
            yield f"{kind}-{number:09d} {fault}"


def key_faults(stored: set[bytes], count: int) -> list[str]:
    """Return which keys of an LMDB neither trainer asks for: numbered from zero, or otherwise named."""
    asked = {b"%s-%09d" % (kind, number) for kind in (b"image", b"label") for number in range(1, count + 1)}
    strange = sorted(stored - asked - {b"num-samples"})
    return [f"key {key!r} belongs to no sample" for key in strange]


def read_folder(folder: Path) -> tuple[list[Pair], list[str]]:
    """Return (digest of the picture, text) of each sample of one LMDB, and what is wrong with them."""
    pairs, faults = [], []
    with lmdb.open(str(folder), readonly=True, lock=False) as env, env.begin() as transaction:
        stored, count = transaction.get(b"num-samples"), 0
        if stored is None or not stored.isdigit():
            faults.append(f"num-samples is {stored!r}")
        else:
            count = int(stored)
        for number in range(1, count + 1):
            image, label = transaction.get(b"image-%09d" % number), transaction.get(b"label-%09d" % number)
            faults += sample_faults(number, image, label)
            pairs.append((sha256(image or b"").hexdigest(), (label or b"").decode("utf-8", "replace")))
        faults += key_faults({bytes(key) for key in transaction.cursor().iternext(values=False)}, count)
    return pairs, faults


def folder_pairs(rec: Path, split: str) -> list[Pair]:
    """Return (digest of the picture, text) of each line of a label file."""
    lines = (rec / f"{split}.txt").read_bytes().decode("utf-8").removesuffix("\n").split("\n")
    rows = (line.split("\t", 1) for line in lines)
    return [(sha256((rec / path).read_bytes()).hexdigest(), text) for path, text in rows]


def read_split(dataset: Path, split: str) -> dict[str, Any]:
    """Return the report on one split."""
    split_folder = dataset / "lmdb" / split
    folders = leaf_folders(split_folder)
    faults = []
    if folders != data_folders(split_folder):
        faults.append("the two trainers would not find the same LMDBs")
    pairs: list[Pair] = []
    for folder in folders:
        read, wrong = read_folder(folder)
        pairs += read
        faults += [f"{folder.name}: {fault}" for fault in wrong]
    if Counter(pairs) != Counter(folder_pairs(dataset / "rec", split)):
        faults.append(f"the samples are not those of rec/{split}.txt")
    return {"lmdbs": len(folders), "samples": len(pairs), "faults": faults[:SHOWN]}


def main() -> int:
    """Read every split, print the report, return 1 if anything is off."""
    parser = argparse.ArgumentParser(description="Read LMDBs as third-party trainers do.")
    parser.add_argument("dataset", type=Path)
    dataset = parser.parse_args().dataset.resolve()
    report = {split: read_split(dataset, split) for split in SPLITS}
    print(json.dumps(report, ensure_ascii=False), flush=True)
    return 1 if any(part["faults"] for part in report.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
