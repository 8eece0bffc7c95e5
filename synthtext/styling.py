"""Styled text: the styles and decorations of one line, and the order in which they meet its surface and its ink.

draw_style   which styles, with which numbers; what room the decorations need
prepare      the surface that the ink will lie on, before its colours are chosen
lay_styled   ink and decorations on the surface, measured
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from synthtext.assets.backgrounds import Backgrounds, Surface
from synthtext.assets.schemes import TONE, Scheme
from synthtext.decoration.base import Frame
from synthtext.decoration.table import Decoration, Dress
from synthtext.geometry import Image
from synthtext.lettering.base import Sheet
from synthtext.lettering.table import Lettering, Look
from synthtext.rng import Draws, Streams
from synthtext.stages.blend import blend
from synthtext.stages.decorate import decorate, decorate_behind, frame
from synthtext.stages.lettering import letter_on
from synthtext.stages.raster import DrawnInstance
from synthtext.values import Ink, TextLayer, TextLine

# Beyond the ink: solid letters, glows and outlines seldom go further; seals and ticks do.
_REACH_EM, _FAR_EM = 0.3, 2.2


@dataclass(frozen=True, slots=True, eq=False)
class Style:
    """What was drawn for a text beside plain ink: a look of its letters, a dress of decorations, or both."""

    look: Look | None
    dress: Dress | None

    def on_page(self, lines: int, sealed: bool = False) -> Style | None:
        """Return what of it a block of so many lines on a page can have.

        Looks that bring their own ground need a picture to themselves, plates are laid under single lines, and a page
        that is `sealed` gets no other seal.
        """
        look, dress = self.look, self.dress
        if look is not None and look.brings_ground:
            look = None
        if dress is not None and dress.has_plate and lines > 1:
            dress = None
        if dress is not None and sealed:
            dress = dress.without("seal")
        return Style(look, dress) if look is not None or dress is not None else None

    def room(self, line: TextLine) -> TextLine:
        """Return the line with an ink box that holds its decorations: what a crop has to show."""
        return self.dress.room(line) if self.dress is not None else line

    def reach(self, line: TextLine) -> tuple[float, float, float, float]:
        """Return the box, in em of the line, that its ink, outlines, sides and decorations stay in."""
        x0, y0, x1, y1 = self.room(line).ink_xyxy
        far = self.dress is not None and any(decor.group == "over" for decor, _ in self.dress.drawn)
        by = _FAR_EM if far else _REACH_EM
        return x0 - by, y0 - by, x1 + by, y1 + by

    def cut(self, layer: TextLayer, em_px: float) -> TextLayer:
        """Return the layer as the look wants it before it is placed."""
        return self.look.cut(layer, em_px) if self.look is not None else layer


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """Where a line is laid.

    Attributes:
        image: (H, W, 3) uint8 RGB, painted on in place.
        mask: (H, W) uint8, the line's ink.
        instance: the line.
        em_px: size of its letters in the picture.
        frame: of its decorations, as `prepare` returned it.
    """

    image: Image
    mask: Image
    instance: DrawnInstance
    em_px: float
    frame: Frame | None


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """What was done: the ink with its measured contrast, names of styles and decorations, growth of the ink."""

    ink: Ink
    names: tuple[str, ...]
    reach_px: int


def draw_style(streams: Streams, lettering: Lettering, decoration: Decoration) -> Style | None:
    """Return what is drawn for a text, or None for plain ink, which most texts are."""
    look = lettering.draw(streams.column("lettering")) if lettering.used else None
    dress = decoration.draw(streams.column("decorate")) if decoration.used else None
    return Style(look, dress) if look is not None or dress is not None else None


def prepare(
    style: Style, instance: DrawnInstance, ground: Surface, em_px: float, scheme: Scheme
) -> tuple[Surface, Surface, Scheme, Frame | None]:
    """Let a style change the surface before colours are chosen.

    Returns:
        The surface; what the ink lies on, which may be a plate; where colours come from, which is no table of
        colours that go with the surface once that is another one; the frame of the decorations.
    """
    if style.look is not None and style.look.brings_ground:
        image, kind = style.look.ground(ground.image)
        ground, scheme = Surface(image, kind or ground.kind), TONE
    if style.dress is None:
        return ground, ground, scheme, None
    around = frame(instance.layer, instance.whole, ground.image, em_px, style.dress)
    under = replace(ground, image=decorate_behind(around, style.dress))
    return ground, under, TONE if style.dress.has_plate else scheme, around


def lay_styled(
    style: Style, canvas: Canvas, ink: Ink, floor: float, backgrounds: Backgrounds, index: int | None
) -> Laid:
    """Lay ink in its look and the decorations over it onto the canvas.

    Args:
        floor: least CIE Lab difference that the ink must have from its surroundings.
        index: of the sample, for the photographs that it may use; None for none.

    Raises:
        Rejected: the result cannot be read.
    """
    names: list[str] = []
    mask, reach_px = canvas.mask, ink.reach_px
    if style.look is None:
        blend(canvas.image, mask, ink)
    else:
        sheet = Sheet(
            surface=canvas.image,
            mask=mask,
            ink=ink,
            em_px=canvas.em_px,
            layer=canvas.instance.layer,
            instance=canvas.instance,
            luck=style.look.luck,
            floor=floor,
            textures=backgrounds.textures,
            photograph=partial(backgrounds.photograph, index) if index is not None else _no_photograph,
        )
        names += letter_on(sheet, style.look)
        ink, mask, reach_px = sheet.ink, sheet.mask, sheet.reach_px
    if style.dress is not None and canvas.frame is not None:
        contrast = decorate(canvas.frame, style.dress, ink.fill, mask, floor)
        names += style.dress.names
        if contrast is not None:
            ink = replace(ink, contrast=min(contrast, ink.contrast))
    return Laid(ink, tuple(names), reach_px)


def _no_photograph(size_wh: tuple[int, int], draws: Draws) -> Image | None:
    return None
