"""Configurations: whole YAML files, overrides on top, and errors that say where and what to do."""

from __future__ import annotations

import copy
import difflib
import json
import math
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

import yaml
from pydantic import BaseModel, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from synthtext.assets.backgrounds import BackgroundSpec
from synthtext.assets.fonts import FontsSpec
from synthtext.decoration.table import DecorateSpec
from synthtext.effects.settings import EffectsSpec
from synthtext.errors import ConfigError, suggestion
from synthtext.lettering.table import LetteringSpec
from synthtext.scenes.settings import PageSpec
from synthtext.spec import Range, Spec, Within
from synthtext.stages.arrange import LayoutSpec
from synthtext.stages.bend import BendSpec
from synthtext.stages.intrude import IntrudeSpec
from synthtext.stages.paint import InkSpec
from synthtext.stages.place import CropSpec, PlaceSpec
from synthtext.stages.write import TextSpec


class OutputSpec(Spec):
    """How finished crops are stored.

    Attributes:
        image_format: JPEG, or PNG, which is ten times as slow.
        jpeg_quality: of JPEG files, drawn for each.
        rotate_vertical: whether the writers turn crops of columns (height at least 1.5 of the width) by 90
            degrees counter-clockwise, as PaddleOCR does with its own; otherwise they are stored upright. Crops cut out
            of pages always lie.
    """

    image_format: Literal["jpg", "png"] = "jpg"
    jpeg_quality: Annotated[Range, Within(20, 100)] = Range(85, 95)
    rotate_vertical: bool = False


class EngineSpec(Spec):
    """How the work is cut up; part of the configuration because it decides which file holds which sample.

    Attributes:
        shard_size: samples in a shard; None for what suits the formats.
        tries: attempts at a sample before it becomes a gap.
    """

    shard_size: Annotated[int, Field(ge=10, le=10_000)] | None = None
    tries: Annotated[int, Field(ge=1, le=100)] = 12


class Config(Spec):
    """A whole configuration: one preset with its overrides."""

    preset: str = "custom"
    charset: str = "zh_en"
    text: TextSpec = Field(default_factory=TextSpec)
    fonts: FontsSpec = Field(default_factory=FontsSpec)
    layout: LayoutSpec = Field(default_factory=LayoutSpec)
    bend: BendSpec = Field(default_factory=BendSpec)
    page: PageSpec | None = None
    crop: CropSpec = Field(default_factory=CropSpec)
    place: PlaceSpec = Field(default_factory=PlaceSpec)
    background: BackgroundSpec = Field(default_factory=BackgroundSpec)
    ink: InkSpec = Field(default_factory=InkSpec)
    lettering: LetteringSpec = Field(default_factory=LetteringSpec)
    decorate: DecorateSpec = Field(default_factory=DecorateSpec)
    intrude: IntrudeSpec = Field(default_factory=IntrudeSpec)
    effects: EffectsSpec = Field(default_factory=EffectsSpec)
    output: OutputSpec = Field(default_factory=OutputSpec)
    engine: EngineSpec = Field(default_factory=EngineSpec)

    @model_validator(mode="after")
    def _visible(self) -> Self:
        self.effects.check_color(self.crop.color)
        return self

    def digest(self) -> str:
        """Return 16 hex digits that are equal for equal configurations."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return blake2b(text.encode(), digest_size=8).hexdigest()


def preset_names() -> list[str]:
    """Return the names of the shipped presets."""
    folder = resources.files("synthtext") / "presets"
    return sorted(entry.name.removesuffix(".yaml") for entry in folder.iterdir() if entry.name.endswith(".yaml"))


def preset_text(name: str) -> str:
    """Return the YAML of a shipped preset.

    Raises:
        ConfigError: no such preset.
    """
    names = preset_names()
    if name not in names:
        close = difflib.get_close_matches(name, names, 1)
        hint = f"did you mean {close[0]!r}?" if close else "choose one or name a YAML file"
        raise ConfigError(f"preset {name!r} does not exist; {hint} (presets: {', '.join(names)})")
    return (resources.files("synthtext") / "presets" / f"{name}.yaml").read_text("utf-8")


def load_config(preset: str, overrides: Mapping[str, Any] | None = None, sets: Iterable[str] = ()) -> Config:
    """Return the configuration of a preset or YAML file with overrides.

    Args:
        preset: a shipped preset's name, or the path of a YAML file.
        overrides: dotted key -> value, such as the command line's own options.
        sets: `key=value` strings whose values are YAML, such as `effects.blur.chance=0.5`.

    Raises:
        ConfigError: with the path of the wrong value and what to write instead.
    """
    is_file = preset.endswith((".yaml", ".yml")) or "/" in preset
    where = preset if is_file else f"preset {preset}"
    data = _parse(_read(preset) if is_file else preset_text(preset), where)
    base = data.pop("extends", None)
    if base is not None:
        data = _merged(_base(base, where), data)
    data.setdefault("preset", Path(preset).stem if is_file else preset)
    for key, value in (overrides or {}).items():
        _assign(data, key, value, "--" + key)
    origins: dict[str, str] = {}
    for text in sets:
        key, value = _split_set(text)
        _assign(data, key, value, f"--set {key}")
        origins[key] = f"--set {key}"
    return build_config(data, where, origins)


def build_config(
    data: Mapping[str, Any], where: str = "configuration", origins: Mapping[str, str] | None = None
) -> Config:
    """Return the configuration of plain data, such as a manifest's.

    Args:
        where: what an error is blamed on.
        origins: dotted key -> what is to blame for it instead, such as an option.

    Raises:
        ConfigError: with the path of the first wrong value.
    """
    try:
        return Config.model_validate(data)
    except ValidationError as error:
        raise ConfigError(_explain(error, where, origins or {})) from None


def _base(name: object, where: str) -> dict[str, Any]:
    try:
        return _parse(preset_text(str(name)), f"preset {name}")
    except ConfigError as error:
        raise ConfigError(f"{where}: extends: {error}") from None


def _read(path: str) -> str:
    try:
        return Path(path).expanduser().read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: not UTF-8 text; save the file as UTF-8") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); check the path") from None


class _Loader(yaml.SafeLoader):
    """SafeLoader that refuses what YAML allows but nobody means: a key written twice, and .nan or .inf."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise _Refused(None, None, "a key has to be a single word; quote it", key_node.start_mark)
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise _Refused(None, None, f"the key {key!r} is there twice; remove one", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)

    def construct_finite(self, node: yaml.ScalarNode) -> float:
        """Return a float."""
        value = self.construct_yaml_float(node)
        if not math.isfinite(value):
            raise _Refused(None, None, f"{node.value} is no number to use; write a finite one", node.start_mark)
        return float(value)


class _Refused(yaml.MarkedYAMLError):
    """Valid YAML that makes no sense here; the problem says all."""


_Loader.add_constructor("tag:yaml.org,2002:float", _Loader.construct_finite)


def _parse(text: str, where: str) -> dict[str, Any]:
    try:
        data = yaml.load(text, Loader=_Loader)  # noqa: S506 - a subclass of SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        if isinstance(error, _Refused):
            raise ConfigError(f"{where}{place}: {error.problem}") from None
        raise ConfigError(f"{where}{place}: not valid YAML: {error.problem}; check indentation and colons") from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{where}: not valid YAML: {' '.join(str(error).split())}") from None
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise ConfigError(f"{where}: expected `key: value` lines, found {type(data).__name__}")
    return data


def _merged(base: dict[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(base)
    for key, value in over.items():
        known = result.get(key)
        result[key] = _merged(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return result


def _split_set(text: str) -> tuple[str, Any]:
    key, equals, value = text.partition("=")
    if not equals or not all(part.strip() for part in key.split(".")):
        raise ConfigError(f"--set {text}: expected key=value, for example --set effects.blur.chance=0.5")
    try:
        return key.strip(), yaml.load(value, Loader=_Loader)  # noqa: S506 - a subclass of SafeLoader
    except _Refused as error:
        raise ConfigError(f"--set {key}: {error.problem}") from None
    except yaml.YAMLError:
        raise ConfigError(f"--set {key}: {value!r} is not a YAML value; quote it or check its brackets") from None


def _assign(data: dict[str, Any], key: str, value: Any, where: str) -> None:
    at = data
    parts = key.split(".")
    for depth, part in enumerate(parts[:-1]):
        child = at.setdefault(part, {})
        if isinstance(child, list):
            at[part] = _assign_in_list(child, parts[: depth + 1], parts[depth + 1 :], value, where)
            return
        if not isinstance(child, dict):
            raise ConfigError(f"{where}: {part!r} is a single value and has nothing below it")
        at = child
    at[parts[-1]] = value


def _assign_in_list(items: list[Any], above: list[str], below: list[str], value: Any, where: str) -> list[Any]:
    """Return a list with one of its items changed; the items are counted from 0."""
    list_name = ".".join(above)
    if not (below[0].isascii() and below[0].isdigit() and int(below[0]) < len(items)):
        places = [place for place, item in enumerate(items) if isinstance(item, dict) and below[0] in item]
        names = [f"{list_name}.{place}.{'.'.join(below)}" for place in places]
        hint = f"write {' or '.join(names)}" if names else f"write {list_name}.0 for its first item, and so on"
        raise ConfigError(f"{where}: {list_name} is a list here, in which {below[0]!r} is no place; {hint}")
    place = int(below[0])
    holder = {below[0]: copy.deepcopy(items[place])}
    _assign(holder, ".".join(below), value, where)
    return [*items[:place], holder[below[0]], *items[place + 1 :]]


def _explain(error: ValidationError, where: str, origins: Mapping[str, str]) -> str:
    first = error.errors(include_url=False)[0]
    path = ".".join(str(part) for part in first["loc"] if part != "[key]")
    where = next((origin for key, origin in origins.items() if _touch(f"{key}.", f"{path}.")), where)
    at = where if where.endswith(f" {path}") else f"{where}: {path}"
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    if first["type"] == "extra_forbidden":
        known = _fields_at(first["loc"][:-1])
        name, colon, _ = str(first["loc"][-1]).partition(":")
        if colon and name in known:
            hint = f"write {{{name}: ...}} and quote it in a shell"
            return f"{at}: YAML wants a space after the colon; {hint}"
        return f"{at}: no such setting; {suggestion(str(first['loc'][-1]), known)}{more}"
    return f"{at}: {_message(first)}{more}"


def _message(error: ErrorDetails) -> str:
    """Return what is wrong with a value, without pydantic's words that mean nothing to a user of YAML."""
    value = error["input"]
    found = "" if not _is_short(value) else ", found nothing" if value is None else f", found {value!r}"
    if error["type"] == "model_type":
        known = ", ".join(_fields_at(error["loc"]))
        return f"expected settings below it ({known}){found}"
    if error["type"] == "tuple_type":
        return f"expected a list, such as [a, b]{found}"
    if error["type"] in ("range_order", "range_bounds", "step"):
        return error["msg"]  # says what was found
    message = error["msg"].removeprefix("Value error, ").partition(", unable to parse")[0]
    message = message[:1].lower() + message[1:]
    for theirs, ours in _WORDS.items():
        message = message.replace(theirs, ours)
    return message + found


_WORDS = {
    "input should": "has to",
    "greater than or equal to": "at least",
    "less than or equal to": "at most",
    "a valid integer": "a whole number",
    "a valid number": "a number",
    "a valid string": "text",
    "a valid boolean": "true or false",
}


def _touch(key: str, path: str) -> bool:
    """Return whether one of two dotted keys holds the other."""
    return path.startswith(key) or key.startswith(path)


def _is_short(value: Any) -> bool:
    return isinstance(value, (str, int, float, bool, list, type(None))) and len(repr(value)) < 60


def section_of(annotation: Any) -> Any:
    """Return the model of a section that may as well be left out, any other annotation as it is."""
    models = [part for part in get_args(annotation) if isinstance(part, type) and issubclass(part, BaseModel)]
    return models[0] if len(models) == 1 and type(None) in get_args(annotation) else annotation


def _fields_at(path: tuple[int | str, ...]) -> list[str]:
    model: Any = Config
    for part in path:
        known = model.model_fields if isinstance(model, type) and issubclass(model, BaseModel) else {}
        if part not in known:
            return []
        model = section_of(known[str(part)].annotation)
    return list(model.model_fields) if isinstance(model, type) and issubclass(model, BaseModel) else []
