"""The fine-tuning guide's commands and YAML are those that the datasets' own files give."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from synthtext.writers.base import PageOptions, WriterOptions
from synthtext.writers.recipe import det_recipe, folder_recipe

GUIDE = (Path(__file__).parents[2] / "docs/guides/finetune-paddleocr.md").read_text("utf-8")
PARTS = ("train", "val", "test")


def words(text: str) -> list[str]:
    """The words of a command, without the signs of comments and of lines that go on."""
    return [word for word in re.sub(r"[#\\]", " ", text).split() if word]


def command(recipe: str) -> list[str]:
    """The command in the head of a YAML file."""
    lines = recipe.splitlines()
    first = next(number for number, line in enumerate(lines) if "tools/train.py" in line)
    last = next(number for number in range(first, len(lines)) if not lines[number].endswith("\\"))
    return words("\n".join(lines[first : last + 1]))


@pytest.mark.parametrize(
    ("recipe", "title"),
    [
        (det_recipe(PageOptions(), PARTS), "## 2."),
        (folder_recipe(WriterOptions(("a",), use_space=True), PARTS), "## 3."),
    ],
    ids=["det", "rec"],
)
def test_guide__has_the_command_of_the_dataset(recipe: str, title: str) -> None:
    section = GUIDE.partition(title)[2].partition("\n## ")[0]

    missing = [word for word in command(recipe) if word not in words(section)]

    assert missing == []


def test_guide__shows_det_yml_as_it_is() -> None:
    shown = GUIDE.partition("```yaml\n")[2].partition("```")[0]

    assert shown in det_recipe(PageOptions(), PARTS)
