"""Where shipped data and caches live, in a checkout as in an installed wheel."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from synthtext.errors import AssetError

_PACKAGE = Path(__file__).resolve().parent


def data_dir(name: str) -> Path:
    """Return the folder of shipped `fonts`, `backgrounds` or `charsets`.

    An installed wheel carries them under `synthtext/_data`; in a checkout they lie beside the package.
    """
    for root in (_PACKAGE / "_data", _PACKAGE.parent):
        if (root / name).is_dir():
            return root / name
    raise AssetError(f"the shipped {name} are missing from {_PACKAGE.parent}; reinstall synthtext")


def cache_dir() -> Path:
    """Return (and make) the folder for caches: `$SYNTHTEXT_CACHE`, else the user's cache folder.

    Raises:
        AssetError: it cannot be made.
    """
    named = os.environ.get("SYNTHTEXT_CACHE")
    if named:
        root = Path(named).expanduser()
    elif sys.platform == "win32":
        root = Path(os.environ.get("LOCALAPPDATA", Path.home())) / "synthtext" / "cache"
    elif sys.platform == "darwin":
        root = Path.home() / "Library" / "Caches" / "synthtext"
    else:
        root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "synthtext"
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AssetError(
            f"the cache folder {root} cannot be made ({error.strerror}); "
            "set SYNTHTEXT_CACHE to another folder, or use --no-cache"
        ) from None
    return root
