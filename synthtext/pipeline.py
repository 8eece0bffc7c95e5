"""The corridor: from (seed, index) to a finished, labelled sample."""

from __future__ import annotations

import cv2

from synthtext.assets.library import Assets
from synthtext.config import Config
from synthtext.errors import Exhausted, Rejected
from synthtext.geometry import Image
from synthtext.rng import Streams
from synthtext.stages.arrange import arrange
from synthtext.stages.blend import blend, embolden
from synthtext.stages.intrude import intrude
from synthtext.stages.paint import paint
from synthtext.stages.place import CropSpec, place_crop
from synthtext.stages.raster import DrawnInstance, em_tier, project, raster
from synthtext.stages.segment import segment
from synthtext.stages.shape import shape
from synthtext.stages.write import anchors_for, write
from synthtext.values import GlyphRun, Provenance, Sample, TextLayer, Writing

_PADS = {"black": 0, "gray": 127, "white": 255}


def sample(seed: int, index: int, config: Config, assets: Assets) -> Sample:
    """Make sample `index` of dataset `seed`. Same arguments, same bytes; no other state is read.

    Raises:
        Exhausted: every one of the configured attempts was refused.
    """
    anchors = anchors_for(seed, index, assets.texts)
    reasons: list[str] = []
    for attempt in range(config.engine.tries):
        try:
            return crop(Streams(seed, index, attempt), index, attempt, anchors, config, assets)
        except Rejected as refusal:
            reasons.append(refusal.reason)
    raise Exhausted(index, tuple(reasons))


def crop(streams: Streams, index: int, attempt: int, anchors: str, config: Config, assets: Assets) -> Sample:
    """Make one attempt at a recognition crop: ink first, then the surface it lies on, then the camera.

    Raises:
        Rejected: this attempt cannot give a legible crop.
    """
    writing = write(streams.column("write"), assets.texts, anchors)
    writing, stack = assets.fonts.choose(streams.column("fonts"), writing)
    runs = shape(segment(writing, stack), assets.glyphs)
    line = arrange(streams.column("arrange"), config.layout, writing.text, runs)
    placement = place_crop(streams.column("place"), config.place, config.crop, line)
    layer = raster(line, em_tier(placement.em_px, stack.faces[0].pixel_em), assets.glyphs)
    marks = list(placement.tilt)

    inking = streams.column("paint")
    bold_px = _bold_px(inking.unit(), config.ink.bold_em.draw(inking), config.ink.bold_chance, layer.em_px)
    if bold_px:
        layer = _bolder(layer, bold_px)
        marks.append("bold")
    mask, warp = project(layer, placement.warp, placement.size_wh)
    instance = DrawnInstance(layer, warp)
    if intrude(streams.column("intrude"), config.intrude, mask, placement.room_ltrb):
        marks.append("intrude")

    ground = assets.backgrounds.surface(streams.column("surface"), index, placement.size_wh)
    ink = paint(inking, config.ink, ground.image, config.crop.height)
    marks.extend(ink.styles())
    image, applied = assets.chain.apply(streams, blend(ground.image, mask, ink))
    marks.extend(applied)

    provenance = Provenance(
        index=index,
        attempt=attempt,
        source=writing.source,
        fonts=_font_names(runs),
        background=ground.kind,
        effects=tuple(marks),
        contrast=ink.contrast,
        em_px=placement.em_px,
        drawn=applied,
    )
    quality = round(config.output.jpeg_quality.draw(streams.column("encode")))
    return Sample(_finish(image, config.crop, writing), (instance,), provenance, quality)


def _bold_px(unit: float, bold_em: float, chance: float, em_px: int) -> int:
    return min(3, round(bold_em * em_px)) if unit < chance else 0


def _bolder(layer: TextLayer, radius_px: int) -> TextLayer:
    boxes = [(x0 - radius_px, y0 - radius_px, x1 + radius_px, y1 + radius_px) for x0, y0, x1, y1 in layer.boxes]
    return TextLayer(layer.line, embolden(layer.mask, radius_px), boxes, layer.origin, layer.em_px)


def _font_names(runs: list[GlyphRun]) -> tuple[str, ...]:
    if len(runs) == 1:
        return (runs[0].run.font.name,)
    return tuple(dict.fromkeys(run.run.font.name for run in runs))


def _finish(image: Image, spec: CropSpec, writing: Writing) -> Image:
    """Return the image in the colours and the fixed length that the configuration asks for."""
    if spec.color == "gray":
        image = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)  # type: ignore[assignment]
    if spec.width is None:
        return image
    column = writing.direction == "ttb"
    missing = spec.width - (image.shape[0] if column else image.shape[1])
    if missing <= 0:
        return image
    below, right = (missing, 0) if column else (0, missing)
    if spec.pad == "edge":
        return cv2.copyMakeBorder(image, 0, below, 0, right, cv2.BORDER_REPLICATE)  # type: ignore[return-value]
    value = (_PADS[spec.pad],) * 3
    return cv2.copyMakeBorder(image, 0, below, 0, right, cv2.BORDER_CONSTANT, value=value)  # type: ignore[return-value]
