"""Configurations: whole YAML files, overrides on top, and errors that say where and what to do."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, Field, ValidationError

from synthtext.assets.backgrounds import BackgroundSpec
from synthtext.assets.fonts import FontsSpec
from synthtext.effects.table import EffectsSpec
from synthtext.errors import ConfigError
from synthtext.spec import Range, Spec, Within
from synthtext.stages.arrange import LayoutSpec
from synthtext.stages.intrude import IntrudeSpec
from synthtext.stages.paint import InkSpec
from synthtext.stages.place import CropSpec, PlaceSpec
from synthtext.stages.write import TextSpec


class OutputSpec(Spec):
    """How finished crops are stored.

    Attributes:
        image_format: JPEG, or PNG, which is ten times as slow.
        jpeg_quality: of JPEG files, drawn for each.
        rotate_vertical: whether the writers turn crops of columns (height at least 1.5 of the width) by 90 degrees
            counter-clockwise, as PaddleOCR does with its own; otherwise they are stored upright.
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
    crop: CropSpec = Field(default_factory=CropSpec)
    place: PlaceSpec = Field(default_factory=PlaceSpec)
    background: BackgroundSpec = Field(default_factory=BackgroundSpec)
    ink: InkSpec = Field(default_factory=InkSpec)
    intrude: IntrudeSpec = Field(default_factory=IntrudeSpec)
    effects: EffectsSpec = Field(default_factory=EffectsSpec)
    output: OutputSpec = Field(default_factory=OutputSpec)
    engine: EngineSpec = Field(default_factory=EngineSpec)

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
        data = _merged(_parse(preset_text(str(base)), f"preset {base}"), data)
    data.setdefault("preset", Path(preset).stem if is_file else preset)
    for key, value in (overrides or {}).items():
        _assign(data, key, value, "--" + key)
    for text in sets:
        key, value = _split_set(text)
        _assign(data, key, value, f"--set {key}")
    return build_config(data, where)


def build_config(data: Mapping[str, Any], where: str = "configuration") -> Config:
    """Return the configuration of plain data, such as a manifest's.

    Raises:
        ConfigError: with the path of the first wrong value.
    """
    try:
        return Config.model_validate(data)
    except ValidationError as error:
        raise ConfigError(_explain(error, where)) from None


def _read(path: str) -> str:
    try:
        return Path(path).expanduser().read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: not UTF-8 text; save the file as UTF-8") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); check the path") from None


class _Loader(yaml.SafeLoader):
    """SafeLoader that refuses a key written twice, which YAML would silently let the last one win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)  # type: ignore[no-untyped-call]
            if key in seen:
                raise yaml.MarkedYAMLError(None, None, f"the key {key!r} is there twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


def _parse(text: str, where: str) -> dict[str, Any]:
    try:
        data = yaml.load(text, Loader=_Loader)  # noqa: S506 - a subclass of SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        raise ConfigError(f"{where}{place}: not valid YAML: {error.problem}; check indentation and colons") from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{where}: not valid YAML: {error}") from None
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
    if not equals or not key.strip():
        raise ConfigError(f"--set {text}: expected key=value, for example --set effects.blur.chance=0.5")
    try:
        return key.strip(), yaml.safe_load(value)
    except yaml.YAMLError:
        raise ConfigError(f"--set {key}: {value!r} is not a YAML value; quote it or check its brackets") from None


def _assign(data: dict[str, Any], key: str, value: Any, where: str) -> None:
    at = data
    *parents, last = key.split(".")
    for part in parents:
        child = at.setdefault(part, {})
        if not isinstance(child, dict):
            raise ConfigError(f"{where}: {part!r} is a single value and has nothing below it")
        at = child
    at[last] = value


def _explain(error: ValidationError, where: str) -> str:
    first = error.errors(include_url=False)[0]
    path = ".".join(str(part) for part in first["loc"])
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    if first["type"] == "extra_forbidden":
        known = _fields_at(first["loc"][:-1])
        close = difflib.get_close_matches(str(first["loc"][-1]), known, 1)
        hint = f"did you mean {close[0]!r}?" if close else f"known here: {', '.join(known)}"
        return f"{where}: {path}: no such setting; {hint}{more}"
    message = first["msg"][:1].lower() + first["msg"][1:]
    found = f", found {first['input']!r}" if _is_short(first["input"]) else ""
    return f"{where}: {path}: {message}{found}{more}"


def _is_short(value: Any) -> bool:
    return isinstance(value, (str, int, float, bool, list, type(None))) and len(repr(value)) < 60


def _fields_at(path: tuple[int | str, ...]) -> list[str]:
    model: Any = Config
    for part in path:
        field = model.model_fields.get(part) if isinstance(model, type) and issubclass(model, BaseModel) else None
        if field is None:
            return []
        model = field.annotation
    return list(model.model_fields) if isinstance(model, type) and issubclass(model, BaseModel) else []
