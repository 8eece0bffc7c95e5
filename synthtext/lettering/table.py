"""The table of lettering styles, and drawing from it.

Styles stand in groups; a text gets at most one of each. A sign, a fault of print or a relief is a whole look and
comes alone; outlines, fills and depth go together. The order of the groups is that of the numbers in the random
column: new groups come last. A style's place in its group decides only which share of the group's number is its own.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

from pydantic import model_validator

from synthtext.geometry import Image
from synthtext.lettering.base import StyleSpec
from synthtext.lettering.brushes import Chalk, DryBrush, Pencil, Spray, chalk, dry_brush, pencil, spray
from synthtext.lettering.depth import (
    Bevel,
    Extrude,
    InnerShadow,
    LongShadow,
    Relief,
    bevel,
    emboss,
    engrave,
    extrude,
    inner_shadow,
    long_shadow,
)
from synthtext.lettering.fills import Gradient, Hatch, Inline, TwoTone, gradient, hatch, inline, two_tone
from synthtext.lettering.materials import Foil, Glitter, Material, PhotoFill, foil, glitter, material, photo_fill
from synthtext.lettering.outlines import (
    DoubleStroke,
    GapOutline,
    Glow,
    Hollow,
    OffsetOutline,
    double_stroke,
    gap_outline,
    glow,
    hollow,
    offset_outline,
)
from synthtext.lettering.prints import Bleed, Fade, StampInk, Uneven, Worn, bleed, fade, stamp_ink, uneven, worn
from synthtext.lettering.screens import DotMatrix, Stencil, dot_matrix, dot_matrix_layer, stencil, stencil_layer
from synthtext.lettering.signs import (
    Banner,
    Led,
    Neon,
    banner,
    board_ground,
    cloth_ground,
    led,
    led_layer,
    neon,
    night_ground,
)
from synthtext.rng import Draws
from synthtext.spec import Range, Spec, group_chances
from synthtext.values import TextLayer

_GROUPS = ("sign", "print", "relief", "outline", "fill", "depth")
_ALONE = ("sign", "print", "relief")
_NUMBERS = 8  # of the random column for each group: its gate, then its style's ranges

LayerCut = Callable[..., TextLayer]
Ground = Callable[..., tuple[Image, str | None]]


@dataclass(frozen=True, slots=True)
class Style:
    """One style.

    Attributes:
        group: at most one style of a group is drawn.
        function: (sheet, **numbers) -> whether it did anything.
        layer: (layer, em_px, **numbers) -> layer, for what is done before the text is placed.
        ground: (surface, **numbers) -> (surface, what it is called or None), for what brings its own.
    """

    name: str
    group: str
    function: Callable[..., bool]
    spec: type[StyleSpec]
    layer: LayerCut | None = None
    ground: Ground | None = None


STYLES: tuple[Style, ...] = (
    Style("neon", "sign", neon, Neon, ground=night_ground),
    Style("led", "sign", led, Led, led_layer, board_ground),
    Style("banner", "sign", banner, Banner, ground=cloth_ground),
    Style("bleed", "print", bleed, Bleed),
    Style("fade", "print", fade, Fade),
    Style("worn", "print", worn, Worn),
    Style("uneven", "print", uneven, Uneven),
    Style("stamp_ink", "print", stamp_ink, StampInk),
    Style("dry_brush", "print", dry_brush, DryBrush),
    Style("spray", "print", spray, Spray),
    Style("chalk", "print", chalk, Chalk),
    Style("pencil", "print", pencil, Pencil),
    Style("dot_matrix", "print", dot_matrix, DotMatrix, dot_matrix_layer),
    Style("stencil", "print", stencil, Stencil, stencil_layer),
    Style("emboss", "relief", emboss, Relief),
    Style("engrave", "relief", engrave, Relief),
    Style("double_stroke", "outline", double_stroke, DoubleStroke),
    Style("hollow", "outline", hollow, Hollow),
    Style("offset_outline", "outline", offset_outline, OffsetOutline),
    Style("gap_outline", "outline", gap_outline, GapOutline),
    Style("glow", "outline", glow, Glow),
    Style("gradient", "fill", gradient, Gradient),
    Style("two_tone", "fill", two_tone, TwoTone),
    Style("hatch", "fill", hatch, Hatch),
    Style("inline", "fill", inline, Inline),
    Style("wood", "fill", material("wall-wood"), Material),
    Style("metal", "fill", material("wall-brushed"), Material),
    Style("stone", "fill", material("wall-concrete"), Material),
    Style("paper", "fill", material("paper"), Material),
    Style("photo_fill", "fill", photo_fill, PhotoFill),
    Style("foil", "fill", foil, Foil),
    Style("glitter", "fill", glitter, Glitter),
    Style("inner_shadow", "depth", inner_shadow, InnerShadow),
    Style("bevel", "depth", bevel, Bevel),
    Style("extrude", "depth", extrude, Extrude),
    Style("long_shadow", "depth", long_shadow, LongShadow),
)


class LetteringSpec(Spec):
    """Which styles letters have beside plain ink; one that is not named never happens."""

    neon: Neon = Neon()
    led: Led = Led()
    banner: Banner = Banner()
    bleed: Bleed = Bleed()
    fade: Fade = Fade()
    worn: Worn = Worn()
    uneven: Uneven = Uneven()
    stamp_ink: StampInk = StampInk()
    dry_brush: DryBrush = DryBrush()
    spray: Spray = Spray()
    chalk: Chalk = Chalk()
    pencil: Pencil = Pencil()
    dot_matrix: DotMatrix = DotMatrix()
    stencil: Stencil = Stencil()
    emboss: Relief = Relief()
    engrave: Relief = Relief()
    double_stroke: DoubleStroke = DoubleStroke()
    hollow: Hollow = Hollow()
    offset_outline: OffsetOutline = OffsetOutline()
    gap_outline: GapOutline = GapOutline()
    glow: Glow = Glow()
    gradient: Gradient = Gradient()
    two_tone: TwoTone = TwoTone()
    hatch: Hatch = Hatch()
    inline: Inline = Inline()
    wood: Material = Material()
    metal: Material = Material()
    stone: Material = Material()
    paper: Material = Material()
    photo_fill: PhotoFill = PhotoFill()
    foil: Foil = Foil()
    glitter: Glitter = Glitter()
    inner_shadow: InnerShadow = InnerShadow()
    bevel: Bevel = Bevel()
    extrude: Extrude = Extrude()
    long_shadow: LongShadow = LongShadow()

    @model_validator(mode="after")
    def _within_groups(self) -> LetteringSpec:
        for group in _GROUPS:
            names = [style.name for style in STYLES if style.group == group]
            total = sum(group_chances([getattr(self, name).chance for name in names]))
            if total > 1.0 + 1e-9:
                raise ValueError(
                    f"the chances of {', '.join(names)} add up to {total:g}; a text gets one of them at most, so make "
                    "them 1 or less together"
                )
        return self


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """The styles drawn for a text.

    Attributes:
        drawn: style and its numbers, in the order in which they are applied.
        luck: numbers for what has no range of its own.
    """

    drawn: tuple[tuple[Style, dict[str, float]], ...]
    luck: Draws

    def cut(self, layer: TextLayer, em_px: float) -> TextLayer:
        """Return the layer as the styles want it before it is placed."""
        for style, values in self.drawn:
            if style.layer is not None:
                layer = style.layer(layer, em_px, **values)
        return layer

    @property
    def brings_ground(self) -> bool:
        """Whether a style changes the surface before colours are chosen."""
        return any(style.ground is not None for style, _ in self.drawn)

    def ground(self, image: Image) -> tuple[Image, str | None]:
        """Return the surface as the styles want it, and its kind where it is another one."""
        kind: str | None = None
        for style, values in self.drawn:
            if style.ground is not None:
                image, kind = style.ground(image, **values)
        return image, kind


class Lettering:
    """The styles of a configuration, ready to be drawn."""

    __slots__ = ("groups", "used")

    def __init__(self, spec: LetteringSpec) -> None:
        self.groups: list[_Group | None] = [_group(spec, name) for name in _GROUPS]
        self.used: bool = any(self.groups)

    def draw(self, draws: Draws) -> Look | None:
        """Return what is drawn for a text, or None for plain ink."""
        numbers = draws.units(_NUMBERS * len(_GROUPS))
        drawn: list[tuple[Style, dict[str, float]]] = []
        for at, group in enumerate(self.groups):
            if group is None:
                continue
            own = numbers[at * _NUMBERS : (at + 1) * _NUMBERS]
            if own[0] < group.chances[-1]:
                style, ranges = group.styles[bisect_right(group.chances, own[0])]
                drawn.append((style, {name: span.at(u) for (name, span), u in zip(ranges, own[1:], strict=False)}))
                if style.group in _ALONE:
                    break
        return Look(tuple(drawn), draws) if drawn else None


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    chances: list[float]
    styles: list[tuple[Style, tuple[tuple[str, Range], ...]]]


def _group(spec: LetteringSpec, name: str) -> _Group | None:
    styles = [style for style in STYLES if style.group == name and getattr(spec, style.name).chance > 0]
    if not styles:
        return None
    chances = list(accumulate(group_chances([getattr(spec, style.name).chance for style in styles])))
    return _Group(chances, [(style, getattr(spec, style.name).ranges()) for style in styles])
