"""Opening the assets of a run, with what takes long shown."""

from __future__ import annotations

from pathlib import Path

from synthtext.assets.backgrounds import BackgroundSpec, choose_photos
from synthtext.assets.library import Assets, open_assets
from synthtext.assets.photo_index import PhotoIndex
from synthtext.assets.text_search import Looking
from synthtext.cli.progress import Looks
from synthtext.config import Config


def open_shown(
    config: Config,
    seed: int,
    use_cache: bool,
    *,
    arena: Path | None = None,
    quiet: bool = False,
    threads: int | None = None,
) -> Assets:
    """Open the assets, and show how looking for text in photographs goes where that is done.

    Raises:
        AssetError: as `open_assets`.
    """
    with Looks("looking for text in photographs", quiet) as looks:

        def choose(spec: BackgroundSpec) -> tuple[PhotoIndex, ...]:
            return choose_photos(spec, use_cache, Looking(threads=threads, progress=looks.looked))

        return open_assets(config, seed, use_cache, arena, choose)
