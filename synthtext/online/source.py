"""Samples by their numbers, in whatever process asks: opened once there, and only a recipe on the way to it."""

from __future__ import annotations

import gc
import os
from collections.abc import Sequence
from typing import Any

import cv2
from torch.utils.data import get_worker_info

from synthtext.assets.library import Assets, open_assets
from synthtext.assets.photo_index import PhotoIndex
from synthtext.config import Config, build_config
from synthtext.errors import Exhausted, Rejected, RunError
from synthtext.pipeline import Batch, letter
from synthtext.rng import Streams
from synthtext.stages.write import anchors_for
from synthtext.values import Sample
from synthtext.walks import through

# Samples are numbered below this; those above stand in for the few that cannot be made.
NUMBERS = 1 << 61
_STANDS_IN = 3


class _Threads:
    """OpenCV's threads do not survive a fork: a child would wait for them for ever. So they rest meanwhile."""

    def __init__(self) -> None:
        self._count = cv2.getNumThreads()

    def rest(self) -> None:
        """Leave one, before a fork."""
        self._count = cv2.getNumThreads()
        cv2.setNumThreads(1)

    def go_on(self) -> None:
        """Have as many as before, in the parent."""
        cv2.setNumThreads(self._count)


if hasattr(os, "register_at_fork"):
    _threads = _Threads()
    os.register_at_fork(before=_threads.rest, after_in_parent=_threads.go_on)


class Source:
    """Makes the samples of one configuration and seed.

    It pickles to the configuration and the list of photographs; each process opens fonts and photographs for itself.

    Args:
        config: what is made.
        seed: of the dataset, at least 0.
        use_cache: as of `open_assets`.

    Raises:
        AssetError: something that the configuration draws from is missing or broken.
    """

    def __init__(self, config: Config, seed: int, use_cache: bool) -> None:
        self.config = config
        self.seed = seed
        self._use_cache = use_cache
        assets = open_assets(config, seed, use_cache)
        self.warnings = assets.warnings
        # All processes draw from the photographs of this moment, whatever happens to their folders.
        self._photos: tuple[PhotoIndex, ...] = assets.backgrounds.indices
        self._opened: tuple[int, Assets, Batch] | None = (os.getpid(), assets, Batch(seed, config, assets))

    def __getstate__(self) -> dict[str, Any]:
        """Return the recipe alone."""
        return {
            "config": self.config.model_dump(mode="json"),
            "seed": self.seed,
            "use_cache": self._use_cache,
            "warnings": self.warnings,
            "photos": self._photos,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take a recipe; nothing is opened before a sample is asked for."""
        self.config = build_config(state["config"])
        self.seed = state["seed"]
        self._use_cache = state["use_cache"]
        self.warnings = state["warnings"]
        self._photos = state["photos"]
        self._opened = None

    def samples(self, numbers: Sequence[int]) -> list[Sample]:
        """Return samples by their numbers; the same ones in every process.

        Raises:
            RunError: one cannot be made, and neither can those that would stand in for it.
        """
        _, _, batch = self._open()
        made = batch.many(numbers)
        return [
            self._stand_in(number, one) if isinstance(one, Exhausted) else one
            for number, one in zip(numbers, made, strict=True)
        ]

    def lengths(self, numbers: Sequence[int]) -> list[int]:
        """Return how long crops will be, in pixels along the line, without drawing them: a sixth of the work.

        It is right for all but the few that are drawn again later on because they cannot be read.
        """
        _, assets, _ = self._open()
        return [self._length(number, assets) for number in numbers]

    def _length(self, number: int, assets: Assets) -> int:
        config = self.config
        anchors = anchors_for(self.seed, number, assets.texts)
        for attempt in range(config.engine.tries):
            try:
                walk = letter(Streams(self.seed, number, attempt), number, attempt, anchors, config, assets)
                draft = through(walk)
            except Rejected:
                continue
            return max(draft.placement.size_wh)
        return 0

    def _stand_in(self, number: int, gap: Exhausted) -> Sample:
        _, _, batch = self._open()
        for step in range(1, _STANDS_IN + 1):
            (made,) = batch.many([number + step * NUMBERS])
            if isinstance(made, Sample):
                return made
        raise RunError(
            f"{gap}, and so were {_STANDS_IN} samples in its place; the configuration leaves hardly any room or "
            f"contrast: look at it with `synthtext preview`"
        )

    def _open(self) -> tuple[int, Assets, Batch]:
        """Return what this process has opened; what was open before a fork is the parent's."""
        if self._opened is None or self._opened[0] != os.getpid():
            if get_worker_info() is not None:
                cv2.setNumThreads(1)  # as torch does with its own: the workers share the cores
            assets = open_assets(self.config, self.seed, self._use_cache, choose=lambda _: self._photos)
            self._opened = (os.getpid(), assets, Batch(self.seed, self.config, assets))
            if get_worker_info() is not None:
                gc.collect()
                gc.freeze()  # walking through the assets in search of cycles costs a tenth of the time
        return self._opened
