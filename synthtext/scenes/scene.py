"""The corridor of pages: from (seed, index) to a picture with many labelled lines."""

from __future__ import annotations

import numpy as np

from synthtext.assets.library import Assets
from synthtext.config import Config
from synthtext.effects.cover import hidden_shares
from synthtext.errors import Rejected
from synthtext.geometry import side_lengths
from synthtext.rng import Streams
from synthtext.scenes.draw import Canvas
from synthtext.scenes.ground import Grounds
from synthtext.scenes.natural import Children, lay_out
from synthtext.values import Provenance, Sample, TextInstance


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
    lay_out(canvas, ground, streams, Children(seed, index, attempt), config, assets)
    if not canvas.instances:
        raise Rejected("no room for a line")
    shot = assets.chain.apply(streams, canvas.image)
    instances = canvas.instances
    if shot.cover is not None:
        instances = [
            instance.with_hidden(hidden_shares(canvas.ink, instance.ink_quads, shot.cover)) for instance in instances
        ]
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
    marked = [_judged(instance, spec.least_px, spec.max_hidden) for instance in instances]
    return Sample(shot.image, marked, provenance, quality)


def _judged(instance: TextInstance, least_px: float, max_hidden: float) -> TextInstance:
    """Return the instance, marked `ignore` with a reason when nobody could read it."""
    sides = side_lengths(instance.quad[None])[0]
    column = instance.direction == "ttb"
    across = (sides[0] + sides[2]) / 2 if column else (sides[1] + sides[3]) / 2
    if across < least_px:
        instance.__dict__["ignore"] = "too small"
    elif instance.hidden is not None and float(instance.hidden.mean()) > max_hidden:
        instance.__dict__["ignore"] = "covered"
    return instance
