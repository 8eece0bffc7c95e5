"""A sampler without assets: small crops that depend on the index alone. Workers can import it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import numpy as np

from synthtext.engine.run import Job
from synthtext.engine.shard import Make
from synthtext.errors import AssetError, Exhausted
from synthtext.geometry import Warp
from synthtext.values import Provenance, Sample, TextInstance
from synthtext.writers.base import WriterOptions

CHARSET = tuple("0123456789abcdefghij中文字合成的一大减价 ")
HEIGHT = 32


@lru_cache(maxsize=1)
def _noise() -> np.ndarray:
    noise = np.random.default_rng(5).integers(0, 255, (HEIGHT, 400, 3), np.uint8)
    return np.repeat(noise[:, ::4], 4, axis=1)


def text_of(index: int) -> str:
    return f"中文 {index}"


def make(index: int) -> Sample:
    width = 64 + index * 7919 % 97
    at = index * 31 % (400 - width)
    image = _noise()[:, at : at + width].copy()
    image[:, :4] = index % 251
    none = np.zeros((0, 4), np.float32)
    instance = TextInstance(text_of(index), (), (), none, none, Warp.identity())
    made = Provenance(index, 0, "digits", (f"font-{index % 3}",), "plain", ("blur",), 20.0 + index % 50, 24.0)
    return Sample(image, (instance,), made, 80 + index % 15)


def open_plain() -> Make:
    return make


class WithGaps:
    """Refuses the samples at these indices."""

    def __init__(self, indices: tuple[int, ...]) -> None:
        self.indices = indices

    def __call__(self) -> Make:
        def sampler(index: int) -> Sample:
            if index in self.indices:
                raise Exhausted(index, ("no room", "no room", "not legible"))
            return make(index)

        return sampler


class Slow:
    """Takes its time for each sample."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __call__(self) -> Make:
        def sampler(index: int) -> Sample:
            time.sleep(self.seconds)
            return make(index)

        return sampler


class Deadly:
    """Kills its own process at a sample: `times` times, counted by files in `folder`; for ever when None."""

    def __init__(self, index: int, folder: Path, times: int | None) -> None:
        self.index, self.folder, self.times = index, folder, times

    def __call__(self) -> Make:
        def sampler(index: int) -> Sample:
            if index == self.index:
                deaths = len(list(self.folder.iterdir()))
                if self.times is None or deaths < self.times:
                    (self.folder / str(deaths)).touch()
                    os.kill(os.getpid(), signal.SIGKILL)
            return make(index)

        return sampler


class Buggy:
    """Fails at these samples, as a bug would."""

    def __init__(self, *indices: int) -> None:
        self.indices = indices

    def __call__(self) -> Make:
        def sampler(index: int) -> Sample:
            if index in self.indices:
                raise KeyError("glyph")
            return make(index)

        return sampler


class Broken:
    """Ends the run at a sample, and has gaps."""

    def __init__(self, index: int, gaps: tuple[int, ...] = ()) -> None:
        self.index, self.gaps = index, gaps

    def __call__(self) -> Make:
        make_others = WithGaps(self.gaps)()

        def sampler(index: int) -> Sample:
            if index == self.index:
                raise OSError(5, "Input/output error", "font.ttf")
            return make_others(index)

        return sampler


def open_without_fonts() -> Make:
    raise AssetError("fonts/noto: no file covers U+0E3F; add a font")


def job(opener: Callable[[], Make] = open_plain, **changes: object) -> Job:
    options = WriterOptions(CHARSET, max_text_length=12, image_hw=(32, 160))
    values: dict[str, object] = {
        "opener": opener,
        "seed": 7,
        "config": {"text": {"mix": [1, 2]}},
        "options": options,
    }
    return Job(**(values | {"shard_size": 100} | changes))  # type: ignore[arg-type]


def tree(folder: Path, *roots: str) -> dict[str, bytes]:
    """Return what a reader of a dataset sees: path -> bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for root in roots or ("rec", "lmdb")
        for path in sorted((folder / root).rglob("*"))
        if path.is_file()
    }
