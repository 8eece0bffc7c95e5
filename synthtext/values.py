"""All nouns: the values that stages hand to each other. Nothing here does work beyond reading itself.

Dataclasses that hold arrays compare by identity; their arrays are not written to after construction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from synthtext.curves import Bend, Turns
from synthtext.geometry import Image
from synthtext.instance import Direction as Direction
from synthtext.instance import TextInstance as TextInstance
from synthtext.nouns import noun

Color = tuple[int, int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Font:
    """One face with fixed axes: what it is called, what it can write, how it may be used.

    Compared by identity: a library holds each face once, and faces are looked up for every glyph.

    Attributes:
        name: unique in a library; the file's stem, with `#index` for a face of a collection and `@tag=value` for axes.
        path: of the font file.
        face_index: in a TTC/OTC collection, else 0.
        axes: variable-font coordinates as (tag, value) pairs.
        style: the style tag, such as `sans-black` or `brush-kai`; its first word is the class.
        scripts: ISO 15924 tags of the scripts it covers well.
        reserved: scripts whose texts alone it writes, because its shapes are theirs; empty for any.
        weight: of being drawn, relative to the others.
        unicase: lower-case letters are drawn as capitals, so text must be upper-cased first.
        pixel_em: bitmap-like faces are rendered only at multiples of this em size; 0 for outlines that scale.
        vertical: has `vert` forms.
        chars: every character that it draws with ink of its own.
        color: its glyphs have colours of their own (emoji); it only stands in for other faces.
        digest: of the file.
    """

    name: str
    path: str
    face_index: int = 0
    axes: tuple[tuple[str, float], ...] = ()
    style: str = "sans"
    scripts: frozenset[str] = frozenset()
    reserved: frozenset[str] = frozenset()
    weight: float = 1.0
    unicase: bool = False
    pixel_em: int = 0
    vertical: bool = False
    chars: frozenset[str] = field(default=frozenset(), repr=False)
    digest: str = ""
    color: bool = False

    @property
    def style_class(self) -> str:
        """The first word of the style: sans, serif, kai, brush, display, ..."""
        return self.style.split("-", 1)[0]


@noun(eq=True)
class FontStack:
    """The faces of one text.

    Attributes:
        faces: the primary one first, then the fallbacks in order of preference.
        latin: writes ASCII letters and digits in place of the primary face, when set.
    """

    faces: tuple[Font, ...]
    latin: Font | None = None


@noun(eq=True)
class Writing:
    """What is to be written.

    Attributes:
        text: NFC, logical order, no tab or line break, no space at either end.
        source: which part of the mix it came from.
        direction: `ltr` for lines, `ttb` for columns.
        anchors: characters that must survive into the label (the balanced sampler's).
    """

    text: str
    source: str
    direction: Direction = "ltr"
    anchors: str = ""


@noun(eq=True)
class TextRun:
    """A stretch of text that one face writes; `start` is its offset in the whole text.

    Attributes:
        direction: that its glyphs follow each other in.
        sideways: in a column, set along the line and turned by 90 degrees clockwise (Latin words).
        script: of a run that needs more than a glyph a char, else "".
        whole: the text that such a run is part of: letters join across runs.
    """

    text: str
    start: int
    font: Font
    direction: Direction = "ltr"
    sideways: bool = False
    script: str = ""
    whole: str = ""


# One glyph of a shaped run, lengths in em of its face, y down: its number in the face; the offset in the whole text of
# the code point it begins with; x and y of its origin from the pen; how far the pen moves along the line; its ink's
# box (x0, y0, x1, y1) relative to its origin, all zero without ink. Plain tuples, here and below: a crop has dozens.
ShapedGlyph = tuple[int, int, float, float, float, tuple[float, float, float, float]]


@noun()
class GlyphRun:
    """A shaped run: its glyphs in visual order; those of one cluster stand together."""

    run: TextRun
    glyphs: list[ShapedGlyph]


# One glyph with its place on the line: its face, its number there, its char's number, x and y of its origin in em
# (y down), and whether it lies sideways.
PlacedGlyph = tuple[Font, int, int, float, float, bool]


@noun()
class TextLine:
    """A line or column laid out, in em of its size, y down, origin at the first pen position on the baseline.

    Attributes:
        text: what is written.
        chars: graphemes with ink, in logical order; white space has none.
        words: for each char the number of its white-space-separated word.
        glyphs: all glyphs with their places.
        ligatures: (first char, how many chars) of glyphs that stand for several chars; the number is negative where
            they stand from right to left.
        starts, ends: for each char where its advance starts and ends along the line.
        ink_xyxy: box round all ink.
        direction: of the line; `rtl` if it is read from right to left.
        bend: how it is bent; None when it is straight. All that stands above is as on the straight line.
    """

    text: str
    chars: tuple[str, ...]
    words: tuple[int, ...]
    glyphs: list[PlacedGlyph]
    ligatures: list[tuple[int, int]]
    starts: list[float]
    ends: list[float]
    ink_xyxy: tuple[float, float, float, float]
    direction: Direction
    bend: Bend | None = None


@noun()
class TextLayer:
    """The ink of a line as a mask, with the boxes of its characters.

    Attributes:
        line: what was rastered.
        mask: (h, w) uint8, 255 where there is ink.
        spots: for each glyph its char's number and its ink, x0, y0, x1, y1 in pixels from the line's origin; whole
            ones on a straight line.
        grown_px: by how much the ink was made to reach further on every side afterwards.
        stamps: (h, w, 4) uint8 RGBA multiplied by its alpha: glyphs with own colours; their alpha is in `mask` too.
        origin: where the line's origin lies in the mask, whole pixels.
        em_px: pixels an em.
        turns: where each char went when the line was bent in this mask; `spots` tell where it was before.
    """

    line: TextLine
    mask: Image
    spots: Sequence[tuple[int, float, float, float, float]]
    origin: tuple[int, int]
    em_px: int
    grown_px: float = 0.0
    stamps: Image | None = None
    turns: Turns | None = None


@noun(eq=True)
class Shadow:
    """A drop shadow, in pixels."""

    dx_px: int
    dy_px: int
    blur_px: float
    opacity: float


@noun(eq=True)
class Ink:
    """What a line is painted with. Colours are RGB.

    Attributes:
        contrast: CIE Lab difference where it is weak.
        origin: the situation whose colours these are, or `palette` for those of the surface; else empty.
    """

    fill: Color
    opacity: float
    stroke: Color | None
    stroke_px: int
    shadow: Shadow | None
    contrast: float
    origin: str = ""

    @property
    def reach_px(self) -> int:
        """By how many pixels the ink reaches beyond its mask: the outline belongs to it, the shadow does not."""
        return self.stroke_px if self.stroke is not None else 0

    def styles(self) -> list[str]:
        """Return where the colours come from, and the names of the lettering styles in use."""
        named = {
            self.origin: bool(self.origin),
            "stroke": self.stroke is not None,
            "shadow": self.shadow is not None,
            "faint": self.opacity < 1.0,
        }
        return [name for name, used in named.items() if used]


@noun(eq=True)
class Provenance:
    """How a sample came to be: enough to explain it and to count over a run.

    Attributes:
        index: of the sample.
        attempt: 0 when the first try was accepted.
        source: of the text.
        fonts: names of the faces used, primary first.
        background: kind or file name of the surface.
        effects: names of the effects that were applied, in order.
        contrast: CIE Lab difference (delta E 1976) between ink and surface where it is weakest.
        em_px: size of the text in the finished image, pixels an em.
        drawn: further numbers by name (blur sigma, rotation, ...).
    """

    index: int
    attempt: int
    source: str
    fonts: tuple[str, ...]
    background: str
    effects: tuple[str, ...]
    contrast: float
    em_px: float
    drawn: dict[str, Any] = field(default_factory=dict)


@noun()
class Sample:
    """One finished picture with its labels.

    Attributes:
        image: (H, W, 3) uint8 RGB, or (H, W) uint8 when the configuration says gray.
        instances: the lines of text on it; a recognition crop has exactly one that counts.
        provenance: how it came to be.
        jpeg_quality: that its file is to be encoded with.
    """

    image: Image
    instances: Sequence[TextInstance]
    provenance: Provenance
    jpeg_quality: int = 92

    @property
    def text(self) -> str:
        """The text of the first instance: the label of a recognition crop."""
        return self.instances[0].text

    @property
    def size_wh(self) -> tuple[int, int]:
        """Width and height of the image in pixels."""
        return self.image.shape[1], self.image.shape[0]
