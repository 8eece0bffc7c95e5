"""Read a recognition dataset with PaddleOCR's own loaders, one whole epoch a pass.

Runs inside an environment that holds paddlepaddle and paddleocr (`reader_envs.PADDLE`), never in the
project's:

    python paddle_reader.py DATASET_DIR

What is checked, on `rec/` with SimpleDataSet and MultiScaleDataSet and on `lmdb/` with LMDBDataSet:

* every split gives each of its samples, in order, through an evaluation pipeline: these loaders put
  another sample in the place of one they cannot use, so the order of the texts shows what a count hides;
* the label ids, for the CTC head and for the NRTR head, spell the text through `dict.txt`, read here
  independently; it has one character a line, each once, and no space;
* training pipelines (shuffled, augmented, multi-scale) deliver the same texts;
* the `rec.yml` beside the data works as written, from its own folder.

The last line of standard output is the report as JSON; the exit code is 1 when it holds a fault.
"""

import argparse
import contextlib
import copy
import json
import logging
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import yaml

SPLITS = ("train", "val", "test")
BATCH = 16
SHOWN = 5

Config = dict[str, Any]
Check = Callable[[list[str], list[str]], list[str]]
Passes = Callable[[Path, Config], Iterator["Pass"]]


@dataclass(frozen=True)
class Dictionary:
    """The characters that class ids stand for, as the file and `use_space_char` say."""

    chars: tuple[str, ...]

    def spell(self, ids: Iterable[int], first_id: int) -> str:
        """Return the text of class `ids` when the first character of the dictionary has `first_id`."""
        places = (i - first_id for i in ids)
        return "".join(self.chars[i] if 0 <= i < len(self.chars) else "\ufffd" for i in places)


@dataclass(frozen=True)
class Pass:
    """One epoch: which loader, what it must give, and how that is compared."""

    name: str
    mode: str
    config: Config
    expected: list[str]
    check: Check
    dictionary: Dictionary


@dataclass
class Outcome:
    """What one epoch gave."""

    name: str
    reader: str
    batches: int = 0
    samples: int = 0
    expected: int = 0
    decoded: int = 0
    faults: list[str] = field(default_factory=list)


class ErrorCounter(logging.Handler):
    """Count what the loaders log as errors; each one is a sample that was swapped for another."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += 1


def check_ordered(found: list[str], expected: list[str]) -> list[str]:
    """Return where `found` differs from `expected`, position by position."""
    faults = [f"{len(found)} texts, expected {len(expected)}"] if len(found) != len(expected) else []
    pairs = enumerate(zip(found, expected, strict=False))
    return faults + [f"sample {i}: label spells {a!r}, expected {b!r}" for i, (a, b) in pairs if a != b]


def check_same(found: list[str], expected: list[str]) -> list[str]:
    """Return which texts are missing or too many, in any order."""
    missing, extra = Counter(expected) - Counter(found), Counter(found) - Counter(expected)
    return [f"missing {text!r}" for text in missing] + [f"unexpected {text!r}" for text in extra]


def check_joined(found: list[str], expected: list[str]) -> list[str]:
    """Return texts that begin no label, and labels that are not made of expected texts.

    RecConAug sets up to three samples side by side, each sample being the first of one label; and a sampler
    fills up its last batch with samples that it gave before, so there may be more labels than samples.
    """
    known = set(expected)
    heads = {text[:i] for text in found for i in range(1, len(text) + 1)}
    faults = [f"{len(found)} texts, expected at least {len(expected)}"] if len(found) < len(expected) else []
    faults += [f"missing {text!r}" for text in sorted(known - heads)]
    strange = [text for text in found if not _joined(text, known, 3)]
    return faults + [f"{text!r} is not made of the split's texts" for text in strange]


def _joined(text: str, known: set[str], parts: int) -> bool:
    if text in known:
        return True
    heads = (i for i in range(1, len(text)) if text[:i] in known)
    return parts > 1 and any(_joined(text[i:], known, parts - 1) for i in heads)


def read_dictionary(path: Path, use_space_char: bool) -> Dictionary:
    """Return the entries of a dictionary file, split at line feeds only, and then the space if asked for."""
    entries = path.read_bytes().decode("utf-8").removesuffix("\n").split("\n")
    return Dictionary((*entries, " ") if use_space_char else tuple(entries))


def check_dictionary(path: Path) -> Outcome:
    """Find entries that no character of a text can match: the loaders look code points up one by one.

    A byte order mark shows here as a first entry of two characters.
    """
    entries = read_dictionary(path, use_space_char=False).chars
    faults = [f"line {i}: {entry!r} is not one character" for i, entry in enumerate(entries, 1) if len(entry) != 1]
    faults += [f"{entry!r} comes {count} times" for entry, count in Counter(entries).items() if count > 1]
    if " " in entries:
        faults.append("a line holds the space, which use_space_char adds")
    return Outcome(f"{path.parent.name} dictionary", path.name, faults=faults)


def folder_texts(label_file: Path) -> list[str]:
    """Return the text column of a label file."""
    lines = label_file.read_bytes().decode("utf-8").removesuffix("\n").split("\n")
    return [line.split("\t", 1)[1] for line in lines]


def lmdb_texts(split_folder: Path) -> list[str]:
    """Return the labels of every LMDB below a folder, in the order in which LMDBDataSet walks them."""
    import lmdb

    texts: list[str] = []
    for folder, children, _ in os.walk(f"{split_folder}/"):
        if children:
            continue
        with lmdb.open(folder, readonly=True, lock=False) as env, env.begin() as transaction:
            count = int(transaction.get(b"num-samples") or 0)
            labels = (transaction.get(b"label-%09d" % i) or b"" for i in range(1, count + 1))
            texts += [label.decode("utf-8") for label in labels]
    return texts


def eval_transforms() -> list[Config]:
    """Return the steps of PP-OCRv3/v4 evaluation, with the labels of both heads."""
    return [
        {"DecodeImage": {"img_mode": "BGR", "channel_first": False}},
        {"MultiLabelEncode": {"gtc_encode": "NRTRLabelEncode"}},
        {"RecResizeImg": {"image_shape": [3, 48, 320]}},
        {"KeepKeys": {"keep_keys": ["image", "label_ctc", "label_gtc", "length", "valid_ratio"]}},
    ]


def train_transforms() -> list[Config]:
    """Return evaluation's steps with PaddleOCR's augmentation after decoding."""
    decode, *rest = eval_transforms()
    return [decode, {"RecAug": None}, *rest]


def multi_scale_transforms() -> list[Config]:
    """Return the steps of PP-OCRv4 training: joined neighbours, augmentation, the data set resizes by itself.

    How long joined texts may be is said by `Global.max_text_length`, which the loader puts over the step's own.
    """
    decode, labels, _, keep = eval_transforms()
    joined = {"prob": 0.5, "ext_data_num": 2, "image_shape": [48, 320, 3]}
    return [decode, {"RecConAug": joined}, {"RecAug": None}, labels, keep]


def ctc_transforms() -> list[Config]:
    """Return the steps of CRNN-style training, which knows the CTC head alone."""
    return [
        {"DecodeImage": {"img_mode": "BGR", "channel_first": False}},
        {"CTCLabelEncode": None},
        {"RecResizeImg": {"image_shape": [3, 32, 320]}},
        {"KeepKeys": {"keep_keys": ["image", "label", "length"]}},
    ]


def section(dataset: Config, shuffle: bool = False, sampler: Config | None = None) -> Config:
    """Return a `Train` or `Eval` section that reads in this process and drops nothing."""
    loader = {"shuffle": shuffle, "drop_last": False, "batch_size_per_card": BATCH, "num_workers": 0}
    return {"dataset": dataset, "loader": loader} | ({"sampler": sampler} if sampler else {})


def folder_dataset(split: str, transforms: list[Config], name: str = "SimpleDataSet") -> Config:
    """Return the data set of one split in the current folder."""
    files = {"data_dir": ".", "label_file_list": [f"{split}.txt"]}
    return {"name": name, **files, "ratio_list": [1.0], "transforms": transforms}


def folder_passes(root: Path, snippet: Config) -> Iterator[Pass]:
    """Yield the passes over `rec/`: each split in order, then training, then multi-scale training."""
    settings = snippet["Global"]
    dictionary = _snippet_dictionary(root, settings)
    texts = {split: folder_texts(root / f"{split}.txt") for split in SPLITS}
    for split in SPLITS:
        part = section(folder_dataset(split, eval_transforms()))
        config = {"Global": settings, "Eval": part}
        yield Pass(f"folder {split}", "Eval", config, texts[split], check_ordered, dictionary)
    part = section(folder_dataset("train", train_transforms()), shuffle=True)
    config = {"Global": settings, "Train": part}
    yield Pass("folder train, shuffled", "Train", config, texts["train"], check_same, dictionary)
    # Three joined texts fit: the NRTR head refuses longer ones, and another sample would take their place.
    longer = settings | {"max_text_length": 3 * settings["max_text_length"]}
    dataset = folder_dataset("train", multi_scale_transforms(), "MultiScaleDataSet")
    dataset["ext_op_transform_idx"] = 1  # RecConAug's neighbours are decoded first, and nothing else
    config = {"Global": longer, "Train": section(dataset, shuffle=True, sampler=_sampler())}
    yield Pass("folder train, multi-scale", "Train", config, texts["train"], check_joined, dictionary)
    yield from snippet_passes("folder", snippet, texts, dictionary)


def lmdb_passes(root: Path, snippet: Config) -> Iterator[Pass]:
    """Yield the passes over `lmdb/`: each split in order, then training."""
    settings = snippet["Global"]
    dictionary = _snippet_dictionary(root, settings)
    texts = {split: lmdb_texts(root / split) for split in SPLITS}
    for split in SPLITS:
        dataset = {"name": "LMDBDataSet", "data_dir": split, "transforms": ctc_transforms()}
        config = {"Global": settings, "Eval": section(dataset)}
        yield Pass(f"lmdb {split}", "Eval", config, texts[split], check_ordered, dictionary)
    dataset = {"name": "LMDBDataSet", "data_dir": "train", "transforms": train_transforms()}
    config = {"Global": settings, "Train": section(dataset, shuffle=True)}
    yield Pass("lmdb train, shuffled", "Train", config, texts["train"], check_same, dictionary)
    yield from snippet_passes("lmdb", snippet, texts, dictionary)


def snippet_passes(where: str, snippet: Config, texts: dict[str, list[str]], dictionary: Dictionary) -> Iterator[Pass]:
    """Yield a pass for each of `rec.yml`'s own Train and Eval, read in this process.

    Steps and loader are filled in where the file leaves them to the trainer's configuration.
    """
    for mode, split in (("Train", "train"), ("Eval", "val")):
        if mode not in snippet:
            continue
        config = copy.deepcopy(snippet)
        part = config[mode]
        part["dataset"].setdefault("transforms", eval_transforms())
        loader = part.setdefault("loader", section({}, shuffle=mode == "Train")["loader"])
        loader["num_workers"] = 0
        check = check_joined if mode == "Train" else check_ordered
        yield Pass(f"{where} rec.yml {mode}", mode, config, texts[split], check, dictionary)


def _snippet_dictionary(root: Path, settings: Config) -> Dictionary:
    return read_dictionary(root / settings["character_dict_path"], settings["use_space_char"])


def _sampler() -> Config:
    scales = [[320, 32], [320, 48], [320, 64]]
    sizes = {"first_bs": BATCH, "fix_bs": False, "divided_factor": [8, 16]}
    return {"name": "MultiScaleSampler", "scales": scales, **sizes, "is_training": True}


def run_pass(this: Pass, logger: logging.Logger) -> Outcome:
    """Iterate one epoch and compare what its label ids spell with the texts that the dataset holds."""
    import paddle
    from ppocr.data import build_dataloader

    part = this.config[this.mode]
    outcome = Outcome(this.name, part["dataset"]["name"], expected=len(this.expected))
    keys = next(step["KeepKeys"]["keep_keys"] for step in part["dataset"]["transforms"] if "KeepKeys" in step)
    found: list[str] = []
    loader = build_dataloader(this.config, this.mode, paddle.CPUPlace(), logger, seed=1)
    for batch in loader:
        arrays = dict(zip(keys, (tensor.numpy() for tensor in batch), strict=True))
        outcome.batches += 1
        outcome.samples += len(arrays["image"])
        found += _spell_batch(arrays, this.dictionary, outcome.faults)
        if arrays["image"].min() == arrays["image"].max():
            outcome.faults.append(f"batch {outcome.batches} holds no picture")
    for opened in getattr(loader.dataset, "lmdb_sets", {}).values():
        opened["env"].close()  # a process may open an LMDB once, and the next pass reads the same one
    outcome.faults += this.check(found, this.expected)
    outcome.decoded = len(found)
    return outcome


def _spell_batch(arrays: dict[str, Any], dictionary: Dictionary, faults: list[str]) -> list[str]:
    """Return the texts that the CTC labels of a batch spell; note where the NRTR labels spell another."""
    ctc = arrays["label_ctc"] if "label_ctc" in arrays else arrays["label"]
    rows = [ids[:length].tolist() for ids, length in zip(ctc, arrays["length"], strict=True)]
    texts = [dictionary.spell(row, first_id=1) for row in rows]
    for ids, text in zip(arrays.get("label_gtc", ()), texts, strict=False):
        spelt = dictionary.spell(ids[1 : ids.tolist().index(3)].tolist(), first_id=4)
        if spelt != text:
            faults.append(f"the NRTR label spells {spelt!r}, the CTC label {text!r}")
    return texts


def run_folder(root: Path, passes: Passes, logger: logging.Logger) -> list[Outcome]:
    """Run all passes over one container from inside its folder, as `rec.yml`'s relative paths want it."""
    snippet = yaml.safe_load((root / "rec.yml").read_text("utf-8"))
    with contextlib.chdir(root):
        outcomes = [run_pass(this, logger) for this in passes(root, snippet)]
    return [check_dictionary(root / snippet["Global"]["character_dict_path"]), *outcomes]


def open_loaders() -> logging.Logger:
    """Make PaddleOCR's training package importable and return the logger that its loaders write to."""
    import paddleocr

    sys.path.insert(0, str(Path(paddleocr.__file__).parent))
    from ppocr.utils.logging import get_logger

    logger: logging.Logger = get_logger()
    return logger


def main() -> int:
    """Run every pass, print the report, return 1 if anything is off."""
    parser = argparse.ArgumentParser(description="Read a dataset with PaddleOCR's own loaders.")
    parser.add_argument("dataset", type=Path)
    root = parser.parse_args().dataset.resolve()
    logger, errors = open_loaders(), ErrorCounter()
    logger.addHandler(errors)
    outcomes = run_folder(root / "rec", folder_passes, logger)
    outcomes += run_folder(root / "lmdb", lmdb_passes, logger)
    failed = [outcome.name for outcome in outcomes if outcome.faults]
    passes = [asdict(outcome) | {"faults": outcome.faults[:SHOWN]} for outcome in outcomes]
    report = {"error_lines": errors.count, "failed": failed, "passes": passes}
    print(json.dumps(report, ensure_ascii=False), flush=True)
    return 1 if failed or errors.count else 0


if __name__ == "__main__":
    sys.exit(main())
