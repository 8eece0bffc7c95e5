"""Which folder is read, and as which format: of several formats with the same pictures, one is enough."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple, get_args

from synthtext.convert.room import REPORT
from synthtext.errors import UserError
from synthtext.labels.codec.base import Categories, Codec, Outlines
from synthtext.labels.codec.table import CODECS, find_codec, guess_codec

# These two list from most to least.
_OUTLINES, _CATEGORIES = get_args(Outlines), get_args(Categories)


class Found(NamedTuple):
    """What is to be read.

    Attributes:
        root: folder or file of one format.
        codec: that reads it.
        several: formats that hold the same pictures lie side by side, and it is one of them.
    """

    root: Path
    codec: Codec
    several: bool = False


def find_source(root: Path, name: str | None, option: str = "--from") -> Found:
    """Return what is to be read of a folder or file, as the format that is named or as what it looks like.

    Of what `generate`, `convert` and `annotate export` wrote in several formats it is the folder of the named one,
    else of the one that says most.

    Raises:
        UserError: there is no such folder or format, the folder looks like none, or several could be meant.
    """
    if not root.exists():
        raise UserError(f"{root}: there is no such file or folder")
    named = None if name is None else find_codec(name, option)
    written = {own: place for own, place in _written(root).items() if place.is_dir()}
    if not written:
        return _found_among(root, named, option)
    if list(written.values()) == [root]:
        return Found(root, named or _guessed(root, option))
    if named is not None and named.name not in written:
        raise UserError(f"{option}: {root} was not written as {named.name!r}; it has {', '.join(written)}")
    codec = named or max((CODECS[own] for own in written), key=_says)
    return Found(written[codec.name], codec, len(written) > 1)


def resolve_codec(root: Path, name: str | None, option: str = "--from") -> Codec:
    """Return the codec of a name, or of what a folder looks like.

    Raises:
        UserError: there is no such folder or name, or the folder looks like no format.
    """
    if not root.exists():
        raise UserError(f"{root}: there is no such file or folder")
    return find_codec(name, option) if name is not None else _guessed(root, option)


def _guessed(root: Path, option: str) -> Codec:
    found = guess_codec(root)
    if found is None:
        raise UserError(f"{root}: looks like no format that is known; name it with {option} ({', '.join(CODECS)})")
    return found


def _found_among(root: Path, named: Codec | None, option: str) -> Found:
    """Return what is to be read where nothing tells how it was written.

    Folders with the names of several formats, each of which looks like its own, need not hold the same pictures.
    """
    places = {own: root / own for own, codec in CODECS.items() if _looks_like(root / own, codec)}
    if len(places) < 2:
        return Found(root, named or _guessed(root, option))
    if named is not None:
        return Found(places.get(named.name, root), named)
    folders = ", ".join(map(str, places.values()))
    raise UserError(f"{root}: holds several formats ({folders}); give one of these folders, or name one with {option}")


def _looks_like(folder: Path, codec: Codec) -> bool:
    try:
        return folder.is_dir() and codec.fits(folder)
    except (OSError, ValueError):
        return False


def _says(codec: Codec) -> tuple[int, ...]:
    """Return how much a format says: texts first, then outlines and categories, then all the rest."""
    keeps = codec.keeps
    rest = (keeps.language, keeps.direction, keeps.chars, keeps.rest, keeps.about, keeps.blank, keeps.lines)
    outlines, categories = _OUTLINES.index(keeps.outlines), _CATEGORIES.index(keeps.categories)
    return keeps.texts, -outlines, -categories, sum(rest), keeps.ignored == "flag", not codec.drawn


def _written(root: Path) -> dict[str, Path]:
    """Return the folder of each format that a run or a conversion wrote; none for any other folder."""
    made = _formats(root / "manifest.json")
    if made:  # PaddleOCR's det/ and rec/ lie in the root itself
        return {name: root if name == "paddleocr" else root / name for name in made}
    converted = _formats(root / REPORT)
    return {name: root / name if len(converted) > 1 else root for name in converted}


def _formats(path: Path) -> list[str]:
    try:
        formats = json.loads(path.read_bytes())["formats"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [name for name in formats if name in CODECS] if isinstance(formats, list) else []
