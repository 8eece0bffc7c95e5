"""Steps: effects written as a list of one's own, with groups of which one is chosen.

    effects:
      - shade: {chance: 0.3}
      - one_of:
          chance: 0.4
          of:
            - blur: {weight: 2, sigma_frac: [0, 0.02]}
            - motion_blur: {weight: 1}

Here YAML becomes steps and steps become YAML; `chain` draws from them and applies them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from synthtext.effects.base import EffectSpec
from synthtext.effects.table import BY_NAME
from synthtext.errors import suggestion

GROUP = "one_of"
MOST_GROUPS = 32
_DEEPEST = 4

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One effect of a list.

    Attributes:
        chance: of happening when its turn comes; within a group that is decided by `weight` alone.
        weight: of being the one that its group chooses.
    """

    name: str
    spec: EffectSpec
    chance: float = 1.0
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class OneOf:
    """A group of steps; when it happens, exactly one of them does."""

    of: tuple[Step | OneOf, ...]
    chance: float = 1.0
    weight: float = 1.0


def parse_steps(value: object) -> tuple[Step | OneOf, ...]:
    """Return the steps of a list, as YAML or `dump_steps` gives it.

    Raises:
        ValidationError: with the place of the first thing that is wrong.
    """
    return _steps(value, (), 0)


def parse_groups(value: object) -> tuple[OneOf, ...]:
    """Return the groups of a mapping's `one_of`: one `{chance, of}` or a list of them.

    Raises:
        ValidationError: with the place of the first thing that is wrong.
    """
    listed = isinstance(value, (list, tuple))
    groups: Any = value if listed else [value]
    if len(groups) > MOST_GROUPS:
        _refuse((), f"{len(groups)} groups are too many; {MOST_GROUPS} are the most", value)
    return tuple(_group(item, (place,) if listed else (), 1, False) for place, item in enumerate(groups))


def dump_steps(steps: Iterable[Step | OneOf], in_group: bool = False) -> list[dict[str, Any]]:
    """Return plain data that `parse_steps` reads back as the same steps."""
    return [_dump(step, in_group) for step in steps]


def dump_groups(groups: Iterable[OneOf]) -> list[dict[str, Any]]:
    """Return plain data that `parse_groups` reads back as the same groups."""
    return [_dump(group, False)[GROUP] for group in groups]


def _dump(step: Step | OneOf, in_group: bool) -> dict[str, Any]:
    share: dict[str, Any] = {"weight": step.weight} if in_group else {"chance": step.chance}
    if isinstance(step, OneOf):
        return {GROUP: {**share, "of": dump_steps(step.of, in_group=True)}}
    settings = step.spec.model_dump(mode="json")
    del settings["chance"]
    return {step.name: {**share, **settings}}


def _steps(value: object, at: Path, depth: int, in_group: bool = False) -> tuple[Step | OneOf, ...]:
    if not isinstance(value, (list, tuple)):
        _refuse(at, "expected a list of effects, such as [{blur: {weight: 2}}, {jpeg: {weight: 1}}]", value)
    if not value:
        _refuse(at, "is empty; name the effects to choose from" if in_group else "is empty; leave it out", value)
    if sum(_is_group(item) for item in value) > MOST_GROUPS:
        _refuse(at, f"more than {MOST_GROUPS} groups in one list; put some of them in a group of their own", value)
    made = tuple(_step(item, (*at, place), depth, in_group) for place, item in enumerate(value))
    if in_group and not any(step.weight for step in made):
        _refuse(at, "all weights are 0; give at least one effect a weight above 0", value)
    return made


def _is_group(item: object) -> bool:
    return isinstance(item, OneOf) or (isinstance(item, Mapping) and GROUP in item)


def _step(item: object, at: Path, depth: int, in_group: bool) -> Step | OneOf:
    if isinstance(item, (Step, OneOf)):
        return item
    if isinstance(item, str):
        item = {item: {}}
    if not isinstance(item, Mapping):
        _refuse(at, "expected one effect, such as `blur: {sigma_frac: 0.02}`", item)
    if len(item) != 1:
        names = ", ".join(map(str, item))
        _refuse(at, f"expected one effect, found {len(item)} ({names}); begin each with a dash of its own", item)
    name, settings = next(iter(item.items()))
    at = (*at, str(name))
    settings = {} if settings is None else settings
    if name == GROUP:
        return _group(settings, at, depth + 1, in_group)
    if name not in BY_NAME:
        _refuse(at, f"no such effect; {suggestion(str(name), [*BY_NAME, GROUP])}", item)
    if not isinstance(settings, Mapping):
        _refuse(at, "expected settings, such as {chance: 0.2}", settings)
    share = _share(settings, at, in_group)
    kept = {key: value for key, value in settings.items() if key != "weight"}
    chance = 1.0 if in_group else share
    return Step(str(name), _spec(str(name), kept, at, chance, in_group), chance, share if in_group else 1.0)


def _group(value: object, at: Path, depth: int, in_group: bool) -> OneOf:
    if isinstance(value, OneOf):
        return value
    share_name = "weight" if in_group else "chance"
    if not isinstance(value, Mapping) or "of" not in value:
        _refuse(at, f"expected {{{share_name}: ..., of: [effects to choose from]}}", value)
    if depth > _DEEPEST:
        _refuse(at, f"groups lie more than {_DEEPEST} deep in each other; flatten them", value)
    share = _share(value, at, in_group)
    for key in value:
        if key not in (share_name, "of"):
            _refuse((*at, str(key)), f"no such setting; {suggestion(str(key), [share_name, 'of'])}", value)
    of = _steps(value["of"], (*at, "of"), depth, in_group=True)
    return OneOf(of, 1.0, share) if in_group else OneOf(of, share)


def _share(settings: Mapping[Any, Any], at: Path, in_group: bool) -> float:
    """Return the weight of a member of a group, or the chance of anything else; 1 when it is left out."""
    if in_group and "chance" in settings:
        _refuse((*at, "chance"), "inside one_of an effect has a weight; the chance is the group's", None)
    if not in_group and "weight" in settings:
        _refuse((*at, "weight"), "a weight counts inside one_of only; write chance", None)
    key = "weight" if in_group else "chance"
    value = settings.get(key, 1.0)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        _refuse((*at, key), f"has to be a number, found {value!r}", value)
    if value < 0:
        _refuse((*at, key), f"has to be at least 0, found {value!r}", value)
    if not in_group and value > 1:
        _refuse((*at, key), f"has to be at most 1, found {value!r}", value)
    return float(value)


def _spec(name: str, settings: Mapping[Any, Any], at: Path, chance: float, in_group: bool) -> EffectSpec:
    spec = BY_NAME[name].spec
    try:
        return spec.model_validate({**settings, "chance": chance})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = (*at, *first["loc"])
        if first["type"] == "extra_forbidden":
            known = ["weight" if key == "chance" and in_group else key for key in spec.model_fields]
            _refuse(where, f"no such setting; {suggestion(str(first['loc'][-1]), known)}", None)
        known_type = PydanticCustomError(first["type"], first["msg"])
        details = InitErrorDetails(type=known_type, loc=where, input=first["input"])
        raise ValidationError.from_exception_data("effects", [details]) from None


def _refuse(at: Path, message: str, found: object) -> NoReturn:
    # Braces would be taken for places to fill in.
    text = PydanticCustomError("step", "{message}", {"message": message})
    raise ValidationError.from_exception_data("effects", [InitErrorDetails(type=text, loc=at, input=found)])
