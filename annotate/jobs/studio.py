"""The process that draws samples to look at, and keeps fonts and photographs open between two looks."""

from __future__ import annotations

from typing import Any, Literal

import cv2

from annotate.jobs.helper import Helper
from synthtext.api import Assets, load_config, open_assets, pictures

Boxes = Literal["chars", "words", "lines"]
_OPENED: dict[str, Assets] = {}


class Studio:
    """Draws samples."""

    def __init__(self) -> None:
        self._helper = Helper("drawing samples")

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
            ServiceError: the process was lost.
        """
        return self._helper.ask(_draw, preset, overrides, count, seed, boxes, maps)

    def close(self) -> None:
        """Stop the process."""
        self._helper.close()


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
