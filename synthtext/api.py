"""The small public face: what scripts and other packages use. Everything else may move.

For example:

    config = load_config("rec-zh", sets=["crop.height=32"])
    generate(config, Path("data"), count=10_000)
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2

from synthtext import pipeline
from synthtext.assets.arena import shared_arena
from synthtext.assets.library import Assets, open_assets
from synthtext.config import Config, build_config, load_config, preset_names
from synthtext.engine.progress import Progress
from synthtext.engine.run import Job, Method, Summary, run
from synthtext.errors import UserError
from synthtext.labels.formats import parse_formats
from synthtext.stages.write import required_count
from synthtext.values import Sample
from synthtext.writers.base import WriterOptions

__all__ = [
    "Assets",
    "Config",
    "Progress",
    "Sample",
    "Summary",
    "default_count",
    "generate",
    "load_config",
    "open_assets",
    "preset_names",
    "samples",
]

# Above this many files a folder is a burden to every file system; LMDB is not.
_FOLDER_LIMIT = 200_000
_DEFAULT_COUNT = 1_000
_DEFAULT_WIDTH_RATIO = 20 / 3


@dataclass(frozen=True, slots=True)
class Opener:
    """Opens the assets in a worker and returns the function that makes a sample; picklable."""

    config: dict[str, Any]
    seed: int
    use_cache: bool
    arena: Path | None

    def __call__(self) -> Callable[[int], Sample]:
        config = build_config(self.config)
        return pipeline.Batch(self.seed, config, open_assets(config, self.seed, self.use_cache, self.arena))


def samples(config: Config, count: int, seed: int = 0, start: int = 0, use_cache: bool = True) -> Iterator[Sample]:
    """Yield samples start..start+count-1 of a dataset, in order, made in this process.

    Raises:
        AssetError: something that the configuration draws from is missing or broken.
        Exhausted: a sample could not be made.
    """
    make = pipeline.Batch(seed, config, open_assets(config, seed, use_cache))
    for index in range(start, start + count):
        yield make(index)


def generate(
    config: Config,
    out: Path,
    count: int | None = None,
    *,
    seed: int = 0,
    workers: int | None = None,
    formats: tuple[str, ...] | None = None,
    split: tuple[int, ...] = (6, 2, 2),
    use_cache: bool = True,
    method: Method = "spawn",
    progress: Callable[[Progress], None] | None = None,
    assets: Assets | None = None,
) -> Summary:
    """Make a dataset, or go on with it.

    Args:
        count: how many samples; None for 1,000, or what `text.per_char` asks for.
        workers: processes; None for one a core.
        formats: None for `paddleocr`, or `lmdb` above 200,000 samples.
        assets: opened before for this configuration and seed, to save the time of opening them again.

    Raises:
        UserError: something that was asked for makes no sense; nothing has been made then.
        RunError: the run stopped in the middle; what is finished is kept, and the same call goes on.
    """
    if method == "fork":
        cv2.setNumThreads(1)  # OpenCV's threads do not survive a fork: the child would wait for them for ever
    opened = assets or open_assets(config, seed, use_cache)
    asked = default_count(config, opened) if count is None else count
    _check_per_char(config, opened, asked)
    names = parse_formats(formats or (("lmdb",) if asked > _FOLDER_LIMIT else ("paddleocr",)))
    with shared_arena() as arena:
        plain = config.model_dump(mode="json")
        job = Job(
            opener=Opener(plain, seed, use_cache, arena),
            seed=seed,
            config=plain,
            options=_writer_options(config, opened),
            preset=config.preset,
            assets=opened.digests(),
            formats=names,
            split=split,
            shard_size=config.engine.shard_size,
        )
        return run(job, out, asked, workers=workers or os.cpu_count() or 1, progress=progress, method=method)


def default_count(config: Config, assets: Assets) -> int:
    """Return how many samples a run makes when nobody says: what `text.per_char` needs, else 1,000."""
    if config.text.per_char is None:
        return _DEFAULT_COUNT
    return required_count(config.text, len(assets.texts.sampler.chars))


def _check_per_char(config: Config, assets: Assets, count: int) -> None:
    if config.text.per_char is None:
        return
    chars = len(assets.texts.sampler.chars)
    needed = required_count(config.text, chars)
    if count < needed:
        raise UserError(
            f"--count: {count:,} samples cannot show each of {chars:,} characters "
            f"{config.text.per_char:,} times; that takes {needed:,} "
            f"(or raise text.anchors from {config.text.anchors}, or lower --per-char)"
        )


def _writer_options(config: Config, assets: Assets) -> WriterOptions:
    short = config.crop.height
    long = config.crop.width or round(short * _DEFAULT_WIDTH_RATIO)
    column = config.text.direction == "ttb" and not config.output.rotate_vertical
    return WriterOptions(
        charset=assets.charset.chars,
        use_space=config.text.spaces,
        max_text_length=config.text.length.max,
        image_hw=(long, short) if column else (short, long),
        rotate_vertical=config.output.rotate_vertical,
        image_format=config.output.image_format,
    )
