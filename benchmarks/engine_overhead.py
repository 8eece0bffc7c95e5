"""What the engine costs: CPU time a sample of everything but drawing and encoding it.

    python benchmarks/engine_overhead.py --preset rec-zh --rounds 5

Samples are drawn beforehand; then whole shards of them are made, and the same images are only encoded, by turns in one
process. The difference is the engine and the writer, the CPU time of the system included. Medians. With --workers also
what runs with one and two workers make a second, start-up included.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2

from synthtext import api, pipeline
from synthtext.engine.plan import Plan
from synthtext.engine.shard import ShardMaker, Task
from synthtext.values import Sample
from synthtext.writers.base import WriterOptions
from synthtext.writers.encode import encode


def _timed(act: Callable[[], object]) -> float:
    gc.collect()
    gc.freeze()
    gc.disable()
    began = time.process_time()
    act()
    gc.enable()
    return time.process_time() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", default="rec-zh")
    parser.add_argument("--samples", type=int, default=1000, help="drawn beforehand")
    parser.add_argument("--count", type=int, default=5000, help="of each shard")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--formats", default="lmdb,webdataset,parquet,paddleocr")
    parser.add_argument("--workers", action="store_true", help="also time runs with one and two workers")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    config = api.load_config(options.preset)
    assets = api.open_assets(config, 0)
    make = pipeline.Batch(0, config, assets)
    for index in range(options.samples):  # glyphs and photographs are there afterwards
        make(index)
    began = time.process_time()
    samples = [make(index) for index in range(options.samples, 2 * options.samples)]
    drawing = (time.process_time() - began) / options.samples * 1e6
    writer_options = WriterOptions(assets.charset.chars)
    plan = Plan(0, options.count, options.count, (6, 2, 2))

    def draw(index: int) -> Sample:
        return samples[index % len(samples)]

    def encode_all() -> None:
        for index in range(options.count):
            sample = draw(index)
            encode(sample.image, "jpg", sample.jpeg_quality)

    print(f"{options.preset}: {drawing:.0f} us of CPU for drawing a sample; {options.rounds} rounds of {options.count}")
    print("| format | encoding, us | engine and writer, us | share of all |\n| --- | ---: | ---: | ---: |")
    for name in options.formats.split(","):
        alone, whole = [], []
        for _ in range(options.rounds):
            alone.append(_timed(encode_all))
            with tempfile.TemporaryDirectory() as folder:
                task = Task(lambda: draw, plan, Path(folder), (name,), writer_options)
                maker = ShardMaker(task, draw)
                whole.append(_timed(lambda maker=maker: maker.make_shard(0, lambda _: None)))  # type: ignore[misc]
        encoding, both = (statistics.median(times) / options.count * 1e6 for times in (alone, whole))
        more = both - encoding
        print(f"| {name} | {encoding:.0f} | {more:.0f} | {more / (drawing + both):.1%} |", flush=True)
    if options.workers:
        _workers(config, options)


def _workers(config: api.Config, options: argparse.Namespace) -> None:
    print("| workers | samples a second | seconds |\n| ---: | ---: | ---: |")
    for workers in (1, 2):
        with tempfile.TemporaryDirectory() as folder:
            began = time.monotonic()
            api.generate(config, Path(folder) / "out", 5 * options.count, workers=workers, formats=("lmdb",))
            seconds = time.monotonic() - began
        print(f"| {workers} | {5 * options.count / seconds:,.0f} | {seconds:.1f} |", flush=True)


if __name__ == "__main__":
    main()
