"""The corridor: from (seed, index) to a finished, labelled sample.

    letter   what is written, in which face, laid out, and where a detector would cut
    ink      glyphs into a mask, with the place of every character
    color    a surface, and colours that can be read on it
    expose   blending, then light, lens and electronics

Each of them stops (`yield`) where another kind of work begins and names the room where it goes on. `sample` walks one
sample through without a rest. `Batch` takes several from room to room together, which gives the same bytes and keeps
the processor's caches warm: more than half of the time of a single walk is waiting for code and tables to come back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import IntEnum

from synthtext.assets.backgrounds import Surface
from synthtext.assets.library import Assets
from synthtext.config import Config
from synthtext.decoration.base import Frame
from synthtext.effects.chain import Shot
from synthtext.effects.table import ORDER
from synthtext.errors import Exhausted, Rejected, SynthtextError
from synthtext.geometry import Image
from synthtext.layers import embolden, may_be_bolder
from synthtext.nouns import noun
from synthtext.rng import Draws, Streams
from synthtext.scenes.scene import make_page
from synthtext.stages.arrange import arrange
from synthtext.stages.bend import bend
from synthtext.stages.blend import blend
from synthtext.stages.drape import drape, shine
from synthtext.stages.intrude import intrude
from synthtext.stages.paint import paint
from synthtext.stages.place import Placement, finish_crop, place_crop
from synthtext.stages.raster import DrawnInstance, em_tier, project, project_stamps, raster
from synthtext.stages.segment import segment
from synthtext.stages.shape import shape
from synthtext.stages.write import anchors_for, write
from synthtext.styling import Canvas, Style, draw_style, lay_styled, prepare
from synthtext.values import FontStack, GlyphRun, Ink, Provenance, Sample, TextInstance, TextLayer, TextLine, Writing
from synthtext.walks import Walk, through, together

# How many samples are in the corridor together: more would push each other's pictures out of the caches.
_BATCH = 32


class Room(IntEnum):
    """Where a walk goes on; effects have rooms of their own, in their order, from EFFECTS on."""

    FONTS = 1
    SHAPE = 2
    ARRANGE = 3
    PLACE = 4
    RASTER = 5
    PROJECT = 6
    INTRUDE = 7
    SURFACE = 8
    PAINT = 9
    BLEND = 10
    SHOW = 11
    EFFECTS = 12
    LABEL = 1 << 16


def sample(seed: int, index: int, config: Config, assets: Assets) -> Sample:
    """Make sample `index` of dataset `seed`. Same arguments, same bytes; no other state is read.

    Raises:
        Exhausted: every one of the configured attempts was refused.
    """
    return _attempts(seed, index, 0, (), config, assets)


def _attempts(seed: int, index: int, first: int, reasons: tuple[str, ...], config: Config, assets: Assets) -> Sample:
    anchors = anchors_for(seed, index, assets.texts)
    for attempt in range(first, config.engine.tries):
        try:
            if assets.grounds is not None:
                return make_page(seed, index, attempt, config, assets, assets.grounds)
            return through(_walk(Streams(seed, index, attempt), index, attempt, anchors, config, assets))
        except Rejected as refusal:
            reasons = (*reasons, refusal.reason)
    raise Exhausted(index, reasons)


def _walk(streams: Streams, index: int, attempt: int, anchors: str, config: Config, assets: Assets) -> Walk[Sample]:
    draft = yield from letter(streams, index, attempt, anchors, config, assets)
    inked = yield from ink(draft, config, assets)
    colored = yield from color(inked, config, assets)
    return (yield from expose(colored, config, assets))


@noun()
class Draft:
    """A crop laid out but not yet drawn; `style` is None for plain ink."""

    streams: Streams
    index: int
    attempt: int
    writing: Writing
    stack: FontStack
    runs: list[GlyphRun]
    line: TextLine
    placement: Placement
    style: Style | None


@noun()
class Inked:
    """A crop whose ink is known but has no colour yet; `paints` are the numbers left for colours."""

    draft: Draft
    mask: Image
    instance: DrawnInstance
    marks: list[str]
    paints: Draws
    stamps: Image | None = None


@noun()
class Colored:
    """A crop with its surface and the colours of its ink, not yet put together; `frame` is for its decorations."""

    inked: Inked
    ground: Surface
    colors: Ink
    frame: Frame | None = None


def letter(streams: Streams, index: int, attempt: int, anchors: str, config: Config, assets: Assets) -> Walk[Draft]:
    """Decide what is written, in which faces, and how it lies in the crop.

    Raises:
        Rejected: this attempt has no text, no face or no room.
    """
    writing = write(streams.column("write"), assets.texts, anchors)
    yield Room.FONTS
    writing, stack = assets.fonts.choose(streams.column("fonts"), writing)
    yield Room.SHAPE
    runs = shape(segment(writing, stack), assets.glyphs)
    yield Room.ARRANGE
    line = arrange(streams.column("arrange"), config.layout, writing.text, runs, writing.direction)
    yield Room.PLACE
    # What has colours of its own (emoji) stays as it is, and so does the line that it stands in.
    pictured = any(run.run.font.color for run in runs)
    style = None if pictured else draw_style(streams, assets.lettering, assets.decoration)
    shown = style.room(line) if style else line
    if config.bend.chance and not pictured:
        line = bend(streams.column("bend"), config.bend, line, shown.ink_xyxy)
        shown = shown if line.bend is None else line
    placement = place_crop(streams.column("place"), config.place, config.crop, shown)
    return Draft(streams, index, attempt, writing, stack, runs, line, placement, style)


def ink(draft: Draft, config: Config, assets: Assets) -> Walk[Inked]:
    """Draw the glyphs and bring them into the crop.

    Raises:
        Rejected: a character has no ink at this size.
    """
    yield Room.RASTER
    placement = draft.placement
    layer = raster(draft.line, em_tier(placement.em_px, draft.stack.faces[0].pixel_em), assets.glyphs)
    bent = draft.line.bend
    marks = [*placement.tilt] if bent is None else [f"bend.{bent.kind}", *placement.tilt]
    paints = draft.streams.column("paint")
    bold_px = _bold_px(paints.unit(), config.ink.bold_em.draw(paints), config.ink.bold_chance, layer.em_px)
    if bold_px and layer.stamps is None and may_be_bolder(draft.stack.faces[0]):
        layer = _bolder(layer, bold_px)
        marks.append("bold")
    if draft.style is not None:
        layer = draft.style.cut(layer, placement.em_px)
    yield Room.PROJECT
    mask, warp = project(layer, placement.warp, placement.size_wh)
    instance = DrawnInstance(layer, warp)
    yield Room.INTRUDE
    column = draft.line.direction == "ttb"
    if intrude(draft.streams.column("intrude"), config.intrude, mask, placement.room_ltrb, column):
        marks.append("intrude")
    stamps = project_stamps(layer, warp, placement.size_wh)
    if stamps is not None:
        marks.append("emoji")
    return Inked(draft, mask, instance, marks, paints, stamps)


def color(inked: Inked, config: Config, assets: Assets) -> Walk[Colored]:
    """Lay a surface and choose colours that can be read on it.

    Raises:
        Rejected: no colour is legible on this surface.
    """
    yield Room.SURFACE
    draft = inked.draft
    streams, backgrounds = draft.streams, assets.backgrounds
    surfaces = streams.column("surface")
    kind = backgrounds.kinds.draw(surfaces)
    scheme = assets.schemes.draw(streams.column("pairs"), kind)
    ground = backgrounds.surface(surfaces, draft.index, draft.placement.size_wh, kind, scheme)
    bent = draft.line.bend
    if bent is not None and bent.light is not None:
        ground = replace(ground, image=drape(ground.image, bent, draft.placement.page))
    yield Room.PAINT
    if draft.style is None:
        return Colored(inked, ground, paint(inked.paints, config.ink, ground, config.crop.height, scheme))
    ground, under, scheme, around = prepare(draft.style, inked.instance, ground, draft.placement.em_px, scheme)
    return Colored(inked, ground, paint(inked.paints, config.ink, under, config.crop.height, scheme), around)


def expose(colored: Colored, config: Config, assets: Assets) -> Walk[Sample]:
    """Put ink and surface together and take the picture.

    Raises:
        Rejected: a character is hidden, or the text cannot be read.
    """
    yield Room.BLEND
    inked, ground, colors, reach_px = colored.inked, colored.ground, colored.colors, colored.colors.reach_px
    draft, streams = inked.draft, inked.draft.streams
    names: tuple[str, ...] = ()
    if draft.style is None:
        blend(ground.image, inked.mask, colors, inked.stamps)
    else:
        canvas = Canvas(ground.image, inked.mask, inked.instance, draft.placement.em_px, colored.frame)
        done = lay_styled(draft.style, canvas, colors, config.ink.floor, assets.backgrounds, draft.index)
        colors, names, reach_px = done.ink, done.names, done.reach_px
    bent = draft.line.bend
    image = ground.image if bent is None else shine(ground.image, bent, draft.placement.page)
    yield Room.SHOW
    shot = Shot(image)
    for drawn in assets.chain.draw(streams):
        yield Room.EFFECTS + ORDER[drawn[0].effect.name]
        assets.chain.take(shot, drawn)
    yield Room.LABEL
    (instance,) = shot.labels((inked.instance.grown(reach_px) if reach_px else inked.instance,), inked.mask)
    _check_hidden(instance, config.crop.max_hidden)
    provenance = Provenance(
        index=draft.index,
        attempt=draft.attempt,
        source=draft.writing.source,
        fonts=_font_names(draft.runs),
        background=ground.kind,
        effects=(*inked.marks, *colors.styles(), *names, *dict.fromkeys(shot.names)),
        contrast=colors.contrast,
        em_px=draft.placement.em_px,
        drawn=shot.drawn if bent is None else {f"bend.{bent.kind}": bent.numbers, **shot.drawn},
    )
    quality = round(config.output.jpeg_quality.draw(streams.column("encode")))
    return Sample(
        finish_crop(shot.image, config.crop, draft.writing.direction == "ttb"), (instance,), provenance, quality
    )


class Batch:
    """Makes samples as `sample` does, several at a time; asked for in ascending order it is the fastest way.

    Args:
        size: how many are walked through together.
    """

    def __init__(self, seed: int, config: Config, assets: Assets, size: int = _BATCH) -> None:
        self._seed = seed
        self._config = config
        self._assets = assets
        self._size = size
        self._made: dict[int, Sample | Exhausted] = {}
        self._alone = range(0)

    def __call__(self, index: int) -> Sample:
        """Return sample `index`.

        Raises:
            Exhausted: as `sample`.
        """
        # A page is large enough to fill the caches by itself.
        if self._assets.grounds is not None or index in self._alone:
            return sample(self._seed, index, self._config, self._assets)
        made = self._made.pop(index, None)
        if made is None:
            indices = range(index, index + self._size)
            try:
                self._made = self._together(indices)
            except SynthtextError:
                raise
            except Exception:  # a bug, in one of them: one by one, only that one is lost
                self._made, self._alone = {}, indices
                return self(index)
            made = self._made.pop(index)
        if isinstance(made, Exhausted):
            raise made
        return made

    def many(self, indices: Sequence[int]) -> list[Sample | Exhausted]:
        """Return the samples of any indices, in their order; in the place of one that cannot be made, why not."""
        if self._assets.grounds is not None:
            return [self._whole(index) for index in indices]
        made: dict[int, Sample | Exhausted] = {}
        for start in range(0, len(indices), self._size):
            made.update(self._together(indices[start : start + self._size]))
        return [made[index] for index in indices]

    def _whole(self, index: int) -> Sample | Exhausted:
        try:
            return sample(self._seed, index, self._config, self._assets)
        except Exhausted as gap:
            return gap

    def _together(self, indices: Sequence[int]) -> dict[int, Sample | Exhausted]:
        seed, config, assets = self._seed, self._config, self._assets
        first = (
            (index, _walk(Streams(seed, index), index, 0, anchors_for(seed, index, assets.texts), config, assets))
            for index in indices
        )
        walked, refused = together(first)
        made: dict[int, Sample | Exhausted] = dict(walked)
        for index, reason in refused.items():
            try:
                made[index] = _attempts(seed, index, 1, (reason,), config, assets)
            except Exhausted as gap:
                made[index] = gap
        return made


def _check_hidden(instance: TextInstance, most: float) -> None:
    if instance.hidden is not None and instance.hidden.max() > most:
        raise Rejected("a character is hidden")


def _bold_px(unit: float, bold_em: float, chance: float, em_px: int) -> int:
    return min(3, round(bold_em * em_px)) if unit < chance else 0


def _bolder(layer: TextLayer, radius_px: int) -> TextLayer:
    return replace(layer, mask=embolden(layer.mask, radius_px), grown_px=radius_px)


def _font_names(runs: list[GlyphRun]) -> tuple[str, ...]:
    if len(runs) == 1:
        return (runs[0].run.font.name,)
    return tuple(dict.fromkeys(run.run.font.name for run in runs))
