"""The small public face: what scripts and other packages use. Everything else may move.

For example:

    config = load_config("rec-zh", sets=["crop.height=32"])
    generate(config, Path("data"), count=10_000)
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import cv2

from synthtext import pipeline
from synthtext.assets.arena import shared_arena
from synthtext.assets.library import Assets, open_assets
from synthtext.config import Config, load_config, preset_names, preset_text
from synthtext.convert.choices import Choices
from synthtext.convert.mend import mended_page, mended_text
from synthtext.convert.report import Report
from synthtext.convert.run import Mixed, charset_from, check_apart, convert, mixed_from
from synthtext.convert.runs import find_source, resolve_codec
from synthtext.convert.write import Source, folder_source, write_dataset
from synthtext.engine.cargo import places_in
from synthtext.engine.cluster import Cluster
from synthtext.engine.merge import merge
from synthtext.engine.progress import Progress
from synthtext.engine.run import Job, Method, Summary, run
from synthtext.engine.subset import Share
from synthtext.errors import UserError
from synthtext.geometry import Image
from synthtext.labels.formats import FILES_LIMIT, check_formats, disk_need, maps_need, parse_formats
from synthtext.labels.maps import MapStyle
from synthtext.opener import DistantOpener, Opener
from synthtext.paths import data_dir
from synthtext.preview import Boxes, picture
from synthtext.stages.write import required_count
from synthtext.values import Sample
from synthtext.writers.base import PageOptions, WriterOptions

__all__ = [
    "Assets",
    "Choices",
    "Cluster",
    "Config",
    "Mixed",
    "PageOptions",
    "Progress",
    "Report",
    "Sample",
    "Share",
    "Source",
    "Summary",
    "charset_from",
    "check_apart",
    "convert",
    "default_count",
    "default_formats",
    "estimate",
    "find_source",
    "folder_source",
    "generate",
    "load_config",
    "mended_page",
    "mended_text",
    "merge",
    "mixed_from",
    "open_assets",
    "pictures",
    "preset_names",
    "preset_text",
    "resolve_codec",
    "samples",
    "write_dataset",
]

_DEFAULT_COUNT = 1_000
_DEFAULT_WIDTH_RATIO = 20 / 3
# Measured on scenes, before the first shard tells.
_BYTES_A_PIXEL, _CROP_BYTES = 0.15, 4_000


def samples(config: Config, count: int, seed: int = 0, start: int = 0, use_cache: bool = True) -> Iterator[Sample]:
    """Yield samples start..start+count-1 of a dataset, in order, made in this process.

    Raises:
        AssetError: something that the configuration draws from is missing or broken.
        Exhausted: a sample could not be made.
    """
    make = pipeline.Batch(seed, config, open_assets(config, seed, use_cache))
    for index in range(start, start + count):
        yield make(index)


def pictures(
    config: Config,
    count: int,
    seed: int = 0,
    *,
    boxes: Boxes | None = None,
    maps: bool = False,
    most_w: int = 960,
    assets: Assets | None = None,
) -> Iterator[tuple[Image, tuple[str, ...]]]:
    """Yield the first samples of a dataset to look at: a picture (H, W, 3) uint8 RGB and the texts of its lines.

    Args:
        boxes: what to outline: `chars`, `words` or `lines`.
        maps: lay CRAFT's score maps over the picture.
        most_w: a wider picture is reduced.
        assets: opened before for this configuration and seed.

    Raises:
        AssetError: something that the configuration draws from is missing or broken.
        Exhausted: a sample could not be made.
    """
    opened = assets or open_assets(config, seed)
    for index in range(count):
        made = pipeline.sample(seed, index, config, opened)
        style = MapStyle() if maps else None
        yield picture(made, boxes, most_w, style), tuple(instance.text for instance in made.instances)


def generate(
    config: Config,
    out: Path | str,
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
    pages: PageOptions | None = None,
    share: Share | None = None,
    cluster: Cluster | None = None,
    merge_lmdb: bool = False,
) -> Summary:
    """Make a dataset, or go on with it.

    Args:
        out: a folder, or a URL such as `s3://bucket/name`.
        count: how many samples; None for 1,000, or what `text.per_char` asks for.
        workers: processes; None for one a core.
        formats: None for what `default_formats` says.
        assets: opened before for this configuration and seed, to save the time of opening them again.
        pages: what is written about pictures with many lines, for configurations that make such.
        share: makes only these shards; `merge` puts the parts together.
        cluster: a Ray cluster that makes the shards, in place of processes of this machine.
        merge_lmdb: also puts the LMDBs of all shards together, for readers that take a single file.

    Raises:
        UserError: something that was asked for makes no sense; nothing has been made then.
        RunError: the run stopped in the middle; what is finished is kept, and the same call goes on.
    """
    if method == "fork":
        cv2.setNumThreads(1)  # OpenCV's threads do not survive a fork: the child would wait for them for ever
    opened = assets or open_assets(config, seed, use_cache)
    asked = default_count(config, opened) if count is None else count
    _check_per_char(config, opened, asked)
    options = _writer_options(config, opened, pages)
    names = parse_formats(formats or default_formats(config, asked, pages))
    page_px = _page_px(config)
    with shared_arena() as arena:
        plain = config.model_dump(mode="json")
        job = Job(
            opener=Opener(plain, seed, use_cache, arena, opened.backgrounds.indices),
            seed=seed,
            config=plain,
            options=options,
            preset=config.preset,
            assets=opened.digests(),
            formats=names,
            split=split,
            shard_size=config.engine.shard_size,
            image_bytes=round(_BYTES_A_PIXEL * page_px) or _CROP_BYTES,
            page_px=page_px,
        )
        if cluster is not None:
            cluster = replace(cluster, distant=_distant(job, opened, use_cache), places=places_in(plain))
        return run(
            job,
            out,
            asked,
            workers=workers or os.cpu_count() or 1,
            progress=progress,
            method=method,
            share=share,
            cluster=cluster,
            merge_lmdb=merge_lmdb,
        )


def _distant(job: Job, assets: Assets, use_cache: bool) -> DistantOpener:
    photos = tuple(index.at(index.root) for index in assets.backgrounds.indices)
    shipped = str(data_dir("backgrounds"))
    return DistantOpener(dict(job.config), job.seed, use_cache, photos, shipped, assets.digests())


def default_formats(config: Config, count: int, pages: PageOptions | None = None) -> tuple[str, ...]:
    """Return the formats of a run when nobody says: `paddleocr`, `lmdb` above 200,000 crops, `craft` for score maps."""
    if config.page is not None:
        return ("paddleocr", "craft") if pages is not None and pages.maps != "none" else ("paddleocr",)
    return ("lmdb",) if count > FILES_LIMIT else ("paddleocr",)


def estimate(config: Config, count: int, formats: tuple[str, ...], pages: PageOptions) -> tuple[int, int]:
    """Return about how many bytes so many pages take on disk, and how many of them are score maps and masks.

    Raises:
        UserError: one of the formats is not for pages.
    """
    check_formats(formats, WriterOptions((), pages=pages))
    page_px = _page_px(config)
    maps = maps_need(pages, page_px)
    return disk_need(formats, count, _BYTES_A_PIXEL * page_px, page_px, maps), round(maps * count)


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


def _page_px(config: Config) -> float:
    """Return how many pixels a page has on average; 0 for crops."""
    if config.page is None:
        return 0.0
    sizes = config.page.sizes_wh()
    return sum(weight * width * height for (width, height), weight in sizes.items()) / sum(sizes.values())


def _writer_options(config: Config, assets: Assets, pages: PageOptions | None) -> WriterOptions:
    if pages is not None and config.page is None:
        raise UserError(f"preset {config.preset} makes crops of single lines; labels of pages need one such as scene")
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
        pages=(pages or PageOptions()) if config.page is not None else None,
    )
