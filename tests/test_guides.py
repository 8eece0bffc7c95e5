"""The guides: every setting is described as it is, and every command in them can be typed."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import annotated_types
import pytest
import typer.main
import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from synthtext.cli import command_line
from synthtext.config import Config, build_config, preset_names, section_of
from synthtext.decoration.table import DECORS
from synthtext.effects.table import EFFECTS
from synthtext.lettering.table import STYLES
from synthtext.spec import Range, Within
from synthtext.stages.bend import Kind

ROOT = Path(__file__).resolve().parent.parent
GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
PAGES = [ROOT / "README.md", *GUIDES]
CONFIGURATION = (ROOT / "docs" / "guides" / "configuration.md").read_text("utf-8")
BENDS_GUIDE = (ROOT / "docs" / "guides" / "bends.md").read_text("utf-8")
LETTERING_GUIDE = (ROOT / "docs" / "guides" / "lettering.md").read_text("utf-8")
EFFECTS_GUIDE = (ROOT / "docs" / "guides" / "effects.md").read_text("utf-8")


def settings(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Every single value of the configuration, by its dotted key."""
    for name, field in model.model_fields.items():
        kind = section_of(field.annotation)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from settings(kind, f"{path}{name}.")
        else:
            yield path + name, field


def rows(text: str) -> Iterator[tuple[str, list[str]]]:
    """Every row of the guide's tables of settings, by its dotted key: a heading names the section."""
    section = ""
    for line in text.splitlines():
        if heading := re.match(r"##+ (?:`([a-z_.]+)`)?", line):
            section = f"{heading[1]}." if heading[1] else ""
        elif cells := re.match(r"\| `([a-z_.]+)` \| (.*) \|$", line):
            yield section + cells[1], [cell.strip() for cell in re.split(r"(?<!\\)\|", cells[2])]


def number(value: float) -> str:
    return f"{value:g}"


def shown(value: Any) -> str:
    """A default as the guide writes it."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, Range):
        return f"[{number(value.low)}, {number(value.high)}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {number(weight)}" for key, weight in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(value) + "]"
    return str(value)


def bounds(field: FieldInfo) -> tuple[float | None, float | None]:
    """The lowest and the highest value that a setting takes."""
    low = high = None
    marks = list(field.metadata)
    for part in get_args(field.annotation):
        for argument in get_args(part):
            if isinstance(argument, FieldInfo) and get_origin(field.annotation) is not dict:
                marks.extend(argument.metadata)
    for mark in marks:
        if isinstance(mark, Within):
            low, high = mark.low, mark.high
        elif isinstance(mark, annotated_types.Ge):
            low = mark.ge  # type: ignore[assignment]
        elif isinstance(mark, annotated_types.Le):
            high = mark.le  # type: ignore[assignment]
    return low, high


SETTINGS = dict(settings(Config))
ROWS = dict(rows(CONFIGURATION))


def test_configuration__every_setting_is_there_once() -> None:
    found = [key for key, _ in rows(CONFIGURATION)]
    assert sorted(found) == sorted(SETTINGS)


@pytest.mark.parametrize("key", SETTINGS)
def test_configuration__default_and_bounds(key: str) -> None:
    field = SETTINGS[key]
    kind, default, meaning = ROWS[key]
    assert default == f"`{shown(field.get_default(call_default_factory=True))}`"
    low, high = bounds(field)
    if low is not None and high is not None:
        assert f"{number(low)} .. {number(high)}" in kind
    elif low is not None:
        assert f"at least {number(low)}" in kind
    for word in get_args(field.annotation) if get_origin(field.annotation) is Literal else ():
        assert f"`{word}`" in kind
    assert len(meaning) > 10


def test_configuration__examples_are_valid() -> None:
    examples = re.findall(r"```yaml\n(.*?)```", CONFIGURATION, re.DOTALL)
    sections = set()
    for example in examples:
        data = yaml.safe_load(example)
        data.pop("extends", None)
        build_config(data, example)
        sections.update(data)
    assert sections >= set(Config.model_fields) - {"preset"}


def test_configuration__names_every_preset() -> None:
    assert all(f"`{name}`" in CONFIGURATION for name in preset_names())


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.name)
def test_effects__has_a_row_and_a_picture(effect: Any) -> None:
    picture = ROOT / "docs" / "images" / "effects" / f"{effect.name}.jpg"
    assert f"| `{effect.name}` |" in EFFECTS_GUIDE
    assert f"](../images/effects/{effect.name}.jpg)" in EFFECTS_GUIDE
    assert 1_000 < picture.stat().st_size < 30_000


@pytest.mark.parametrize("style", [*STYLES, *DECORS], ids=lambda style: style.name)
def test_lettering__every_style_has_its_cost_and_a_picture_of_its_group(style: Any) -> None:
    picture = ROOT / "docs" / "images" / "lettering" / f"{style.group}.jpg"
    assert f"| `{style.name}` |" in LETTERING_GUIDE
    assert f"](../images/lettering/{style.group}.jpg)" in LETTERING_GUIDE
    assert 10_000 < picture.stat().st_size < 200_000


@pytest.mark.parametrize("kind", get_args(Kind))
def test_bends__has_a_row_and_a_picture(kind: str) -> None:
    picture = ROOT / "docs" / "images" / "bends" / f"{kind}.jpg"
    assert f"| `{kind}` | ![{kind}](../images/bends/{kind}.jpg) |" in BENDS_GUIDE
    assert 5_000 < picture.stat().st_size < 45_000


@pytest.mark.parametrize("name", preset_names())
def test_presets__have_a_picture(name: str) -> None:
    assert 20_000 < (ROOT / "docs" / "images" / f"{name}.jpg").stat().st_size < 200_000


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages__links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8")):
        assert target.startswith("https://") or (page.parent / target).exists(), target


def commands() -> Iterator[tuple[str, str]]:
    """Every `synthtext ...` of a page: lines of shell blocks, and inline code with an option or argument."""
    for page in PAGES:
        text = page.read_text("utf-8")
        for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
            for line in block.replace("\\\n", " ").splitlines():
                for part in re.split(r"&&|\|", line):
                    if found := re.search(r"(?:^|[\s/])(synthtext(?:\s.*)?)$", part.split("  #")[0].strip()):
                        yield page.name, found[1]
        for inline in re.findall(r"`(synthtext [^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
            yield page.name, inline


COMMANDS = sorted(set(commands()))


def test_commands__are_found() -> None:
    assert len(COMMANDS) > 15


@pytest.mark.parametrize(("page", "line"), COMMANDS)
def test_commands__parse(page: str, line: str) -> None:
    words = shlex.split(line)[1:]
    command: Any = typer.main.get_command(command_line())
    context = command.make_context("synthtext", words[:1], resilient_parsing=True)
    while hasattr(command, "commands"):
        name = words.pop(0) if words else ""
        assert name in command.commands, f"{page}: {line}"
        command = command.commands[name]
    arguments = [option.name for option in command.params if option.param_type_name == "argument"]
    if not words and arguments:
        return  # `synthtext verify` names the command, it is no line to be typed
    command.make_context(command.name, words, parent=context)
    for key in re.findall(r"--set '?([^\s=']+)=", line):
        assert key in SETTINGS or any(known.startswith(f"{key}.") for known in SETTINGS), key
