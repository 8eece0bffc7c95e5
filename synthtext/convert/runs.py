"""Which folder of a run with several formats is read: they hold the same pictures, so one of them is enough."""

from __future__ import annotations

import json
from pathlib import Path

from synthtext.errors import UserError
from synthtext.labels.codec.table import CODECS

# From what says most of a picture: texts and categories, texts, categories, outlines alone.
_BY_CONTENT = ("paddleocr", "webdataset", "parquet", "lmdb", "icdar2015", "craft", "plain", "yolo-obb")


def format_folder(root: Path, name: str | None, option: str = "--from") -> Path:
    """Return the folder of a run that is to be read: the named format's, else that of the one that says most.

    Any other folder, and a run whose format lies in its own folder, is returned as it is.

    Raises:
        UserError: the run has no such format.
    """
    formats = _formats(root)
    places = {own: root / own for own in formats if own in CODECS and (root / own).is_dir()}
    if not places or (name is None and "paddleocr" in formats):
        return root  # PaddleOCR's folders lie in the root itself
    if name is None:
        return min(places.items(), key=lambda item: _rank(item[0]))[1]
    if name in places:
        return places[name]
    if name in formats:
        return root
    raise UserError(f"{option}: the run in {root} was not written as {name!r}; it has {', '.join(formats)}")


def _rank(name: str) -> int:
    return _BY_CONTENT.index(name) if name in _BY_CONTENT else len(_BY_CONTENT)


def _formats(root: Path) -> list[str]:
    """Return the formats that a run's manifest names; none for any other folder."""
    try:
        formats = json.loads((root / "manifest.json").read_bytes())["formats"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [name for name in formats if isinstance(name, str)] if isinstance(formats, list) else []
