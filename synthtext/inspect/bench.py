"""Where the time goes: samples a second, and microseconds by stage, of one process.

The rate is measured on untouched code: `sample`, encoding and an LMDB put. The stages are measured in a second
pass with a clock round each, which costs some microseconds itself.
"""

from __future__ import annotations

import contextlib
import gc
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2

from synthtext import pipeline
from synthtext.assets.backgrounds import Backgrounds
from synthtext.assets.fonts import FontLibrary
from synthtext.assets.library import Assets
from synthtext.config import Config
from synthtext.effects.chain import Chain
from synthtext.labels.maps import score_maps
from synthtext.scenes import banner, carriers, natural, page, scene
from synthtext.scenes.grounds import Grounds
from synthtext.values import Sample
from synthtext.writers.base import PageOptions
from synthtext.writers.craft import npy, png
from synthtext.writers.encode import encode
from synthtext.writers.lmdb_pairs import Pairs

_STAGES = (
    "anchors_for", "write", "segment", "shape", "arrange", "draw_style", "bend", "place_crop", "raster", "project",
    "intrude", "drape", "prepare", "paint", "blend", "lay_styled", "shine",
)  # fmt: skip
_PAGE_STAGES: tuple[tuple[str, tuple[tuple[Any, str], ...]], ...] = (
    ("ground", ((Grounds, "draw"),)),
    ("compose", ((natural, "compose"), (page, "compose"), (banner, "compose"))),
    ("place", ((natural, "_site"), (natural, "_place"))),
    ("carriers", ((carriers, "make"), (carriers, "lay"))),
    ("draw", ((natural, "draw_block"), (page, "draw_block"), (banner, "draw_block"))),
    ("cut_to_page", ((scene, "cut_to_page"),)),
)
"""What a page is made in; `compose` sets texts, `draw` brings them onto the page."""


@dataclass(slots=True)
class BenchResult:
    """What a benchmark found.

    Attributes:
        samples: timed.
        cpu_us: CPU microseconds a sample: drawing, encoding, and storing in LMDB.
        stages: stage or `effect NAME` -> (microseconds a sample over all samples, microseconds a call).
        chars, height_px, width_px, effects: means a sample; where its colours come from is no effect.
        bytes: mean size of an image file.
        attempts: mean attempts a sample.
        lines: mean lines a page; 0 for crops.
        faces: different faces drawn.
        peak_mb: largest resident size of this process.
    """

    samples: int
    cpu_us: float
    stages: dict[str, tuple[float, float]] = field(default_factory=dict)
    chars: float = 0.0
    height_px: float = 0.0
    width_px: float = 0.0
    effects: float = 0.0
    bytes: float = 0.0
    attempts: float = 1.0
    lines: float = 0.0
    faces: int = 0
    peak_mb: float = 0.0

    @property
    def rate(self) -> float:
        """Samples a second of CPU time, one core."""
        return 1e6 / self.cpu_us


def bench(
    config: Config, assets: Assets, samples: int, seed: int = 0, warm: int = 2_000, pages: PageOptions | None = None
) -> BenchResult:
    """Time `samples` samples after `warm` others that fill the caches.

    Args:
        pages: says which score maps are drawn and encoded as well.
    """
    cv2.setNumThreads(1)
    make = pipeline.Batch(seed, config, assets)
    for index in range(warm):
        _encoded(make(index), config)
    gc.collect()
    gc.disable()  # as in the engine's workers
    try:
        result = _rate(config, assets, range(warm, warm + samples), seed, pages)
        _stage_times(result, config, assets, range(warm, warm + min(samples, 3_000)), seed, pages)
    finally:
        gc.enable()
    result.peak_mb = _peak_mb()
    return result


def _rate(config: Config, assets: Assets, indices: range, seed: int, pages: PageOptions | None) -> BenchResult:
    make = pipeline.Batch(seed, config, assets)
    totals = dict.fromkeys(("chars", "height_px", "width_px", "effects", "bytes", "attempts", "lines"), 0.0)
    faces: set[str] = set()
    origins = assets.schemes.origins
    with _store() as put:
        began = time.process_time()
        for index in indices:
            made = make(index)
            data = _encoded(made, config)
            put(data, made)
            _mapped(made, pages)
            width, height = made.size_wh
            totals["lines"] += len(made.instances)
            totals["chars"] += sum(len(instance.text) for instance in made.instances) / len(made.instances)
            totals["height_px"] += min(width, height) if config.text.direction == "ttb" else height
            totals["width_px"] += max(width, height) if config.text.direction == "ttb" else width
            totals["effects"] += sum(name not in origins for name in made.provenance.effects)
            totals["bytes"] += len(data)
            totals["attempts"] += made.provenance.attempt + 1
            faces.update(made.provenance.fonts)
        spent = time.process_time() - began
    count = len(indices)
    return BenchResult(
        samples=count,
        cpu_us=spent / count * 1e6,
        faces=len(faces),
        chars=totals["chars"] / count,
        height_px=totals["height_px"] / count,
        width_px=totals["width_px"] / count,
        effects=totals["effects"] / count,
        bytes=totals["bytes"] / count,
        attempts=totals["attempts"] / count,
        lines=totals["lines"] / count if config.page is not None else 0.0,
    )


def _stage_times(
    result: BenchResult, config: Config, assets: Assets, indices: range, seed: int, pages: PageOptions | None
) -> None:
    clock = _Clock()
    make = pipeline.Batch(seed, config, assets)
    with clock.round_stages(assets), _store() as put:
        encoding = clock.timed("encode", _encoded)
        storing = clock.timed("store", put)
        mapping = clock.timed("maps", _mapped) if _maps(pages) else _mapped
        began = time.thread_time()
        for index in indices:
            made = make(index)
            storing(encoding(made, config), made)
            mapping(made, pages)
        spent = time.thread_time() - began
    count = len(indices)
    for name, (seconds, calls) in clock.totals.items():
        result.stages[name] = (seconds / count * 1e6, seconds / max(1, calls) * 1e6)
    named = sum(seconds for name, (seconds, _) in clock.totals.items() if not name.startswith("effect "))
    result.stages["other"] = ((spent - named) / count * 1e6, (spent - named) / count * 1e6)


def _encoded(made: Sample, config: Config) -> bytes:
    return encode(made.image, config.output.image_format, made.jpeg_quality)


def _maps(pages: PageOptions | None) -> bool:
    return pages is not None and pages.maps != "none"


def _mapped(made: Sample, pages: PageOptions | None) -> None:
    """Draw and encode the score maps of a page, as `generate` does."""
    if pages is not None and _maps(pages):
        for heat in score_maps(made.instances, made.size_wh, pages.map_style):
            npy(heat) if pages.maps == "npy" else png(heat)


@contextlib.contextmanager
def _store() -> Iterator[Callable[[bytes, Sample], None]]:
    """As a worker stores crops: an LMDB of its own in transactions of many samples."""
    with tempfile.TemporaryDirectory(prefix="synthtext-bench-") as folder:
        pairs = Pairs(Path(folder))

        def put(data: bytes, made: Sample) -> None:
            pairs.add(data, made.instances[0].text if made.instances else "")

        yield put
        pairs.close()


class _Clock:
    def __init__(self) -> None:
        self.totals: dict[str, tuple[float, int]] = {}

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        totals = self.totals
        totals.setdefault(name, (0.0, 0))
        now = time.thread_time

        def call(*args: Any, **kwargs: Any) -> Any:
            began = now()
            try:
                return function(*args, **kwargs)
            finally:
                seconds, calls = totals[name]
                totals[name] = (seconds + now() - began, calls + 1)

        return call

    @contextlib.contextmanager
    def round_stages(self, assets: Assets) -> Iterator[None]:
        """Put a clock round every stage for the time of the block."""
        stages: list[tuple[str, tuple[tuple[Any, str], ...]]]
        if assets.grounds is not None:
            stages = list(_PAGE_STAGES)
        else:
            stages = [(name, ((pipeline, name),)) for name in _STAGES]
            stages.insert(_STAGES.index("segment"), ("fonts", ((FontLibrary, "choose"),)))
            stages.insert(_STAGES.index("paint") + 1, ("surface", ((Backgrounds, "surface"),)))
        stages.append(("effects", ((Chain, "draw"), (Chain, "take"))))
        kept: list[tuple[Any, str, Any]] = []
        functions = dict(assets.chain.functions)
        try:
            for label, places in stages:
                for owner, name in places:
                    function = getattr(owner, name)
                    kept.append((owner, name, function))
                    setattr(owner, name, self.timed(label, function))
            for name, function in functions.items():
                assets.chain.functions[name] = self.timed(f"effect {name}", function)
            yield
        finally:
            for owner, name, function in kept:
                setattr(owner, name, function)
            assets.chain.functions.update(functions)


def _peak_mb() -> float:
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
