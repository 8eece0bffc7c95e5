"""A niced process of its own that draws samples to look at, and keeps fonts and photographs open between two looks."""

from __future__ import annotations

import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from typing import Any, Literal

import cv2

from annotate.errors import ServiceError
from synthtext.api import Assets, load_config, open_assets, pictures

Boxes = Literal["chars", "words", "lines"]
# A look at samples must not slow down people who label.
_NICE = 10
_OPENED: dict[str, Assets] = {}


class Studio:
    """Draws samples; starts its process when first asked, and a new one after a crash."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    def draw(
        self, preset: str, overrides: dict[str, Any], count: int, seed: int, boxes: Boxes | None, maps: bool
    ) -> list[tuple[bytes, tuple[str, ...]]]:
        """Return PNG files of the first samples of a dataset, each with the texts of its lines.

        Args:
            preset: a shipped preset's name, or the path of a YAML file.
            overrides: dotted key -> value.

        Raises:
            ConfigError: a value makes no sense.
            AssetError: something that the configuration draws from is missing or broken.
            ServiceError: the process was lost, such as for want of memory.
        """
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=_begin)
        try:
            return self._pool.submit(_draw, preset, overrides, count, seed, boxes, maps).result()
        except BrokenProcessPool as error:
            self.close()
            raise ServiceError(
                "the process that draws samples was lost; try again, with fewer or smaller ones"
            ) from error

    def close(self) -> None:
        """Stop the process."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


def _begin() -> None:
    os.nice(_NICE)
    cv2.setNumThreads(1)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    # A server that is killed tells nobody; its studio would wait for work for ever.
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(0)


def _draw(
    preset: str, overrides: dict[str, Any], count: int, seed: int, boxes: Boxes | None, maps: bool
) -> list[tuple[bytes, tuple[str, ...]]]:
    config = load_config(preset, overrides)
    key = f"{config.digest()}/{seed}"
    if key not in _OPENED:
        _OPENED.clear()  # assets are large: those of one configuration are enough
        _OPENED[key] = open_assets(config, seed)
    drawn = pictures(config, count, seed, boxes=boxes, maps=maps, assets=_OPENED[key])
    return [(_png(image), texts) for image, texts in drawn]


def _png(image: Any) -> bytes:
    _, data = cv2.imencode(".png", cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
    return bytes(data.tobytes())
