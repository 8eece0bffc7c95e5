from __future__ import annotations

from typing import Any

import pytest
import yaml

from synthtext.writers.base import WriterOptions
from synthtext.writers.recipe import folder_recipe, lmdb_recipe

_OPTIONS = WriterOptions(("a", "b"), use_space=False, max_text_length=23, image_hw=(32, 200))
_ALL = ["train", "val", "test"]


def _transform(section: Any, name: str) -> Any:
    return next(step[name] for step in section["dataset"]["transforms"] if name in step)


def test_folder_recipe__sizes_and_paths() -> None:
    data = yaml.safe_load(folder_recipe(_OPTIONS, _ALL))

    assert data["Global"]["character_dict_path"] == "./dict.txt"
    assert data["Global"]["use_space_char"] is False
    assert data["Global"]["max_text_length"] == 25  # an NRTR head drops texts of 24 and longer
    assert data["Train"]["dataset"]["label_file_list"] == ["./train.txt"]
    assert data["Eval"]["dataset"]["label_file_list"] == ["./val.txt"]
    assert _transform(data["Train"], "RecResizeImg") == {"image_shape": [3, 32, 200]}


def test_lmdb_recipe__folders_of_parts() -> None:
    data = yaml.safe_load(lmdb_recipe(_OPTIONS, _ALL))

    assert data["Train"]["dataset"]["name"] == "LMDBDataSet"
    assert (data["Train"]["dataset"]["data_dir"], data["Eval"]["dataset"]["data_dir"]) == ("./train", "./val")


@pytest.mark.parametrize(
    ("parts", "sections"),
    [
        ([], []),
        (["train"], ["./train.txt", "./train.txt"]),
        (["train", "test"], ["./train.txt", "./test.txt"]),
    ],
)
def test_folder_recipe__names_only_what_is_there(parts: list[str], sections: list[str]) -> None:
    data = yaml.safe_load(folder_recipe(_OPTIONS, parts))

    assert [data[key]["dataset"]["label_file_list"][0] for key in ("Train", "Eval") if key in data] == sections
