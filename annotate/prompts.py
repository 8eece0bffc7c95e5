"""Ready-made queries for things that carry text (`prompts.yaml`), in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

import yaml

from annotate.errors import NotFound
from annotate.reasons import Reason


@dataclass(frozen=True, slots=True)
class Pack:
    """Several ways to say one thing.

    Attributes:
        names: by language, `en` and `zh`.
        prompts: averaged.
        counter: the thing's name as writing, subtracted: CLIP takes a word for the thing.
    """

    key: str
    names: Mapping[str, str]
    prompts: tuple[str, ...]
    counter: tuple[str, ...]


@cache
def packs() -> Mapping[str, Pack]:
    """Return all packs by their keys."""
    stored = yaml.safe_load(files("annotate").joinpath("prompts.yaml").read_text("utf-8"))
    return {
        key: Pack(key, pack["name"], tuple(pack["prompts"]), tuple(pack["counter"])) for key, pack in stored.items()
    }


def pack(name: str) -> Pack:
    """Return a pack by its key or one of its names.

    Raises:
        NotFound: there is none; the message names what there is.
    """
    for one in packs().values():
        if name in (one.key, *one.names.values()):
            return one
    near = get_close_matches(name, packs(), 1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(packs())}"
    raise NotFound(Reason("search.pack", name=name, hint=hint))
