"""The corridor of pages: from (seed, index) to a picture with many labelled lines."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from synthtext.assets.library import Assets
from synthtext.config import Config
from synthtext.errors import Rejected
from synthtext.rng import Streams
from synthtext.scenes import banner, document, form, natural, video
from synthtext.scenes.block import Children
from synthtext.scenes.cut import cut_to_page
from synthtext.scenes.draw import Canvas
from synthtext.scenes.grounds import Grounds
from synthtext.scenes.page import Page
from synthtext.values import Provenance, Sample, TextInstance

_LAYOUTS: dict[str, Callable[[Page], None]] = {
    "scene": natural.lay_out,
    "video": video.lay_out,
    "banner": banner.lay_out,
    "form": form.lay_out,
    "document": document.lay_out,
}


def make_page(seed: int, index: int, attempt: int, config: Config, assets: Assets, grounds: Grounds) -> Sample:
    """Return page `index`, after `attempt` that were refused.

    Raises:
        Rejected: not a single line found room.
    """
    spec = config.page
    assert spec is not None
    streams = Streams(seed, index, attempt)
    ground = grounds.draw(streams.column("surface"), index)
    canvas = Canvas(ground.image, np.zeros(ground.image.shape[:2], np.uint8))
    page = Page(canvas, ground, Children(seed, index, attempt), streams.column("place"), config, assets, index)
    _LAYOUTS[spec.layout](page)
    if not canvas.instances:
        raise Rejected("no room for a line")
    shot = assets.chain.apply(streams, canvas.image)
    instances = shot.labels(canvas.instances, canvas.ink)
    notes = canvas.notes
    provenance = Provenance(
        index=index,
        attempt=attempt,
        source="page",
        fonts=tuple(dict.fromkeys(notes["fonts"])),
        background=ground.kind,
        effects=(*dict.fromkeys(notes["styles"]), *dict.fromkeys(shot.names)),
        contrast=min(notes["contrast"]),
        em_px=float(np.mean(notes["em"])),
        drawn=shot.drawn,
    )
    quality = round(config.output.jpeg_quality.draw(streams.column("encode")))
    size_wh = (shot.image.shape[1], shot.image.shape[0])
    shown = [left for instance in instances if (left := cut_to_page(instance, size_wh)) is not None]
    if not shown:
        raise Rejected("every line runs out of the page")
    marked = [_judged(instance, spec.least_px, spec.max_hidden) for instance in shown]
    return Sample(shot.image, marked, provenance, quality)


def _judged(instance: TextInstance, least_px: float, max_hidden: float) -> TextInstance:
    """Return the instance, marked `ignore` with a reason when nobody could read it."""
    first, second, third, fourth = instance.quad.tolist()
    column = instance.direction == "ttb"
    sides = ((first, second), (third, fourth)) if column else ((second, third), (fourth, first))
    across = sum(math.dist(*side) for side in sides) / 2
    if across < least_px:
        instance.__dict__["ignore"] = "too small"
    elif instance.hidden is not None and float(instance.hidden.mean()) > max_hidden:
        instance.__dict__["ignore"] = "covered"
    return instance
