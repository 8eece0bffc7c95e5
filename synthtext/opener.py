"""How workers open the assets of a run: in a process of the same machine, or on another one."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synthtext import pipeline
from synthtext.assets.library import open_assets
from synthtext.assets.photo_index import PhotoIndex
from synthtext.config import build_config
from synthtext.engine.cargo import moved
from synthtext.errors import AssetError
from synthtext.paths import data_dir
from synthtext.values import Sample


@dataclass(frozen=True, slots=True)
class Opener:
    """Opens the assets in a worker and returns the function that makes a sample; picklable.

    Attributes:
        photos: that all workers draw from, whatever happens to the folders and to the cache meanwhile.
    """

    config: dict[str, Any]
    seed: int
    use_cache: bool
    arena: Path | None
    photos: tuple[PhotoIndex, ...]

    def __call__(self) -> Callable[[int], Sample]:
        config = build_config(self.config)
        assets = open_assets(config, self.seed, self.use_cache, self.arena, lambda _: self.photos)
        return pipeline.Batch(self.seed, config, assets)


@dataclass(frozen=True, slots=True)
class DistantOpener:
    """Opens the assets on another machine, where files lie elsewhere; picklable.

    Attributes:
        photos: held in memory, with the folders of the machine that starts the run.
        shipped: folder of the shipped photographs there.
        digests: of the assets there; others would make other samples.
    """

    config: dict[str, Any]
    seed: int
    use_cache: bool
    photos: tuple[PhotoIndex, ...]
    shipped: str
    digests: dict[str, str]

    def __call__(self, places: Mapping[str, str]) -> Callable[[int], Sample]:
        """Open the assets.

        Args:
            places: where files and folders that the configuration names lie on this machine.

        Raises:
            AssetError: something is missing, or is not what it is on the machine that starts the run.
        """
        config = build_config(moved(self.config, places))
        photos = tuple(index.at(self._root(index.root, places)) for index in self.photos)
        assets = open_assets(config, self.seed, self.use_cache, None, lambda _: photos)
        found = assets.digests()
        different = [name for name in self.digests if found.get(name) != self.digests[name]]
        if different:
            raise AssetError(
                f"assets differ from those of the machine that started the run ({', '.join(different[:3])}); "
                "install the same synthtext everywhere, and keep your own files as they are until the run ends"
            )
        return pipeline.Batch(self.seed, config, assets)

    def _root(self, root: str, places: Mapping[str, str]) -> str:
        if root.startswith(self.shipped + os.sep):
            return str(data_dir("backgrounds")) + root[len(self.shipped) :]
        absolute = {os.path.abspath(os.path.expanduser(place)): there for place, there in places.items()}
        return absolute.get(root, root)
