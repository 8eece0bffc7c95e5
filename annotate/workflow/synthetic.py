"""Rendered text from the app: choose a preset, turn its main ranges, look at fresh samples, keep it, start a run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from annotate.errors import NotFound, ServiceError
from annotate.reasons import Reason
from annotate.workflow.context import Context
from synthtext.api import Config, load_config, preset_names, preset_text
from synthtext.errors import UserError

_NAME = re.compile(r"[\w-]{1,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Knob:
    """One setting that people turn most.

    Attributes:
        key: dotted path in the configuration.
        kind: `range` has two values, `number` one.
        least, most, step: of the values that make sense.
        pages: belongs to pages; otherwise to crops; None for both.
    """

    key: str
    name_en: str
    name_zh: str
    kind: Literal["range", "number"]
    least: float
    most: float
    step: float
    pages: bool | None = None


KNOBS: tuple[Knob, ...] = (
    Knob("crop.height", "Height, px", "高度（像素）", "number", 16, 128, 1, pages=False),
    Knob("page.lines", "Lines on a page", "每页行数", "range", 1, 60, 1, pages=True),
    Knob("page.em_px", "Size of the text, px", "字号（像素）", "range", 8, 160, 1, pages=True),
    Knob("text.length.max", "Longest text, characters", "最长文本（字数）", "number", 1, 60, 1),
    Knob("text.length.mean", "Mean length, characters", "平均长度（字数）", "number", 1, 40, 0.5),
    Knob("place.rotation_chance", "How often tilted", "倾斜概率", "number", 0, 1, 0.01, pages=False),
    Knob("place.rotation_deg", "Tilt, degrees", "倾斜角度", "range", -15, 15, 0.5, pages=False),
    Knob("place.perspective_chance", "How often in perspective", "透视概率", "number", 0, 1, 0.01, pages=False),
    Knob("bend.chance", "How often bent", "弯曲概率", "number", 0, 1, 0.01),
    Knob("ink.contrast", "Contrast, CIE Lab", "对比度（Lab）", "range", 5, 100, 1),
    Knob("ink.stroke_chance", "How often outlined", "描边概率", "number", 0, 1, 0.01),
    Knob("ink.shadow_chance", "How often with a shadow", "阴影概率", "number", 0, 1, 0.01),
    Knob("effects.blur.chance", "How often out of focus", "失焦概率", "number", 0, 1, 0.01),
    Knob("effects.noise.chance", "How often noisy", "噪声概率", "number", 0, 1, 0.01),
    Knob("effects.resample.chance", "How often scaled down and up", "缩放概率", "number", 0, 1, 0.01),
    Knob("output.jpeg_quality", "JPEG quality", "JPEG 质量", "range", 20, 100, 1),
)


def presets(context: Context) -> list[str]:
    """Return the names of the shipped presets, then of those kept in the workspace."""
    return [*preset_names(), *sorted(path.stem for path in _folder(context).glob("*.yaml"))]


def knobs(context: Context, preset: str) -> list[tuple[Knob, tuple[float, ...]]]:
    """Return the settings to turn in a preset, each with its present value, or its two ends.

    Raises:
        NotFound: no such preset.
        ConfigError: a preset kept in the workspace is no longer right.
    """
    config = load_config(_source(context, preset))
    found = []
    for knob in KNOBS:
        if knob.pages is not None and knob.pages != (config.page is not None):
            continue
        value = _value(config, knob)
        if value is not None:
            found.append((knob, value))
    return found


def overrides(context: Context, preset: str, values: Mapping[str, Iterable[float]]) -> dict[str, Any]:
    """Return what differs from a preset, as dotted key -> value of its YAML.

    Args:
        values: key of a knob -> its value, or its two ends in any order.

    Raises:
        UserError: no such knob in this preset, or a number out of its bounds.
    """
    known = {knob.key: (knob, value) for knob, value in knobs(context, preset)}
    changed: dict[str, Any] = {}
    for key, given in values.items():
        if key not in known:
            raise UserError(Reason("preset.key", key=key, preset=preset, known=", ".join(known)))
        knob, before = known[key]
        numbers = tuple(sorted(float(number) for number in given))
        if len(numbers) != len(before) or not all(knob.least <= number <= knob.most for number in numbers):
            raise UserError(Reason("preset.range", key=key, found=str(list(numbers)), least=knob.least, most=knob.most))
        if numbers != before:
            plain = [int(number) if number.is_integer() else number for number in numbers]
            changed[key] = plain if knob.kind == "range" else plain[0]
    return changed


def check(context: Context, preset: str, changed: Mapping[str, Any]) -> Config:
    """Return the configuration of a preset with changes.

    Raises:
        NotFound: no such preset.
        ConfigError: the values do not go together.
    """
    return load_config(_source(context, preset), dict(changed))


def preset_yaml(context: Context, preset: str, changed: Mapping[str, Any]) -> str:
    """Return the YAML of a preset with changes, short: what it extends and what differs.

    Raises:
        NotFound: no such preset.
    """
    kept = _kept(context, preset)
    if kept is None:
        base: str | None = preset
        own: dict[str, Any] = {}
        preset_text(preset)
    else:
        own = yaml.safe_load(kept.read_text("utf-8")) or {}
        base = own.pop("extends", None)
    for key, value in changed.items():
        at = own
        *above, last = key.split(".")
        for part in above:
            at = at.setdefault(part, {})
        at[last] = value
    whole = {"extends": base, **own} if base else own
    return yaml.safe_dump(whole, sort_keys=False, allow_unicode=True, default_flow_style=None)


def keep(context: Context, name: str, preset: str, changed: Mapping[str, Any]) -> Path:
    """Keep a preset with changes in the workspace, and return its file.

    Raises:
        UserError: the name cannot be a file's, or is that of a shipped preset.
        ConfigError: the values do not go together.
        ServiceError: the disk refuses.
    """
    if not _NAME.fullmatch(name):
        raise UserError(Reason("preset.name", name=name))
    if name in preset_names():
        raise UserError(Reason("preset.shipped", name=name))
    check(context, preset, changed)
    text = preset_yaml(context, preset, changed)
    file = _folder(context) / f"{name}.yaml"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        spare = file.with_suffix(".tmp")
        spare.write_text(text, "utf-8")
        spare.replace(file)
    except OSError as error:
        raise ServiceError(Reason("file.unwritten", path=str(file), why=str(error.strerror))) from error
    return file


def source(context: Context, preset: str) -> str:
    """Return what `synthtext --preset` takes for a preset: a shipped one's name, or a file of the workspace.

    Raises:
        NotFound: no such preset.
    """
    return _source(context, preset)


def _source(context: Context, preset: str) -> str:
    kept = _kept(context, preset)
    if kept is not None:
        return str(kept)
    if preset not in preset_names():
        raise NotFound(Reason("preset.unknown", preset=preset, known=", ".join(presets(context))))
    return preset


def _kept(context: Context, preset: str) -> Path | None:
    if not _NAME.fullmatch(preset) or preset in preset_names():
        return None
    file = _folder(context) / f"{preset}.yaml"
    return file if file.is_file() else None


def _folder(context: Context) -> Path:
    return context.workspace.root / "presets"


def _value(config: Config, knob: Knob) -> tuple[float, ...] | None:
    at: Any = config.model_dump(mode="json")
    for part in knob.key.split("."):
        if not isinstance(at, dict) or at.get(part) is None:
            return None
        at = at[part]
    ends = at if isinstance(at, list) else [at]
    if not all(isinstance(number, int | float) for number in ends) or len(ends) != 1 + (knob.kind == "range"):
        return None
    return tuple(float(number) for number in ends)
