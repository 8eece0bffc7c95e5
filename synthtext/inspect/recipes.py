"""Whether the `rec.yml` beside a dataset points at what is there."""

from __future__ import annotations

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


def text_limit(path: Path) -> int | None:
    """Return how many characters a `rec.yml` lets a text have, for heads of all kinds; None when it does not say."""
    try:
        limit = _get(yaml.safe_load(path.read_bytes()), "Global", "max_text_length")
    except (OSError, yaml.YAMLError, UnicodeDecodeError):
        return None
    return limit - LENGTH_MARGIN if isinstance(limit, int) and limit > LENGTH_MARGIN else None


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
