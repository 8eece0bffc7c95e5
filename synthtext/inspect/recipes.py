"""Whether the `rec.yml` beside a dataset points at what is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from synthtext.labels.faults import Fault, OnFault
from synthtext.writers.recipe import LENGTH_MARGIN

_DO = "run the same generate command again: it writes the file anew"


def check_recipe(path: Path, required: bool, on_fault: OnFault) -> None:
    """Report what is wrong with a `rec.yml`; every path in it is relative to its own folder.

    Args:
        path: of the file.
        required: it must exist.
        on_fault: takes what is wrong.
    """
    if not path.is_file():
        if required:
            on_fault(Fault(str(path), "the training configuration is missing", _DO))
        return
    try:
        data = yaml.safe_load(path.read_bytes())
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        on_fault(Fault(str(path), f"is not YAML ({str(error).splitlines()[0]})", _DO))
        return
    for key, value in _paths(data):
        if not (path.parent / value).exists():
            on_fault(Fault(str(path), f"{key} points at {value}, which is not there", _DO))
    for what, do in _training(data, path.parent):
        on_fault(Fault(str(path), what, do))


def text_limit(path: Path) -> int | None:
    """Return how many characters a `rec.yml` lets a text have, for heads of all kinds; None when it does not say."""
    try:
        limit = _get(yaml.safe_load(path.read_bytes()), "Global", "max_text_length")
    except (OSError, yaml.YAMLError, UnicodeDecodeError):
        return None
    return limit - LENGTH_MARGIN if isinstance(limit, int) and limit > LENGTH_MARGIN else None


def _training(data: Any, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield what would make a trainer read less than is there, or fail."""
    dataset = _get(data, "Train", "dataset")
    multi = _get(dataset, "name") == "MultiScaleDataSet"
    ratios = _get(dataset, "ratio_list")
    if multi and any(ratio < 1 for ratio in (ratios if isinstance(ratios, list) else [ratios]) if _is_number(ratio)):
        what = f"ratio_list is {ratios}: MultiScaleDataSet reads only the first lines of a list, not some of all"
        yield what, "write 1.0, and lists that are shorter"
    names = _get(dataset, "label_file_list")
    lists = [folder / name for name in names if isinstance(name, str)] if isinstance(names, list) else []
    lists = [path for path in lists if path.is_file()]
    batch = _get(data, "Train", "loader", "batch_size_per_card")
    if _get(data, "Train", "loader", "drop_last") is True and isinstance(batch, int) and lists:
        count = sum(map(_lines, lists))
        if count < batch:
            what = f"drop_last is true and a batch has {batch} of {count} samples: nothing would be trained on"
            yield what, "write false, or a smaller batch_size_per_card"
    if multi and _get(dataset, "ds_width") is True:
        for path in lists:
            with path.open("rb") as file:
                short = next((number for number, line in enumerate(file, 1) if line.count(b"\t") != 3), None)
            if short is not None:
                what = f"ds_width is true, {path.name}:{short} does not end in the image's width and height"
                yield what, "write false, or both sizes behind every text"


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for _ in file)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _paths(data: Any) -> list[tuple[str, str]]:
    found: list[tuple[str, Any]] = [("Global.character_dict_path", _get(data, "Global", "character_dict_path"))]
    for section in ("Train", "Eval"):
        folder = _get(data, section, "dataset", "data_dir")
        found.append((f"{section}.dataset.data_dir", folder))
        lists = _get(data, section, "dataset", "label_file_list")
        if isinstance(lists, list):
            found.extend((f"{section}.dataset.label_file_list", value) for value in lists)
    return [(key, value) for key, value in found if isinstance(value, str)]


def _get(data: Any, *keys: str) -> Any:
    for key in keys:
        if not isinstance(data, dict):
            return None
        data = data.get(key)
    return data
