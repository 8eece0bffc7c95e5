"""Shape: turn runs of text into glyphs with HarfBuzz, so that kerning, ligatures and joining are right."""

from __future__ import annotations

import uharfbuzz as hb

from synthtext.assets.glyphs import Face, GlyphStore
from synthtext.errors import Rejected
from synthtext.values import GlyphRun, ShapedGlyph, TextRun

_FEATURES = {"kern": True, "liga": True}
_IDEOGRAPHS = frozenset(map(chr, range(0x4E00, 0xA000)))


def shape(runs: list[TextRun], store: GlyphStore) -> list[GlyphRun]:
    """Return the glyphs of each run, lengths in em.

    Raises:
        Rejected: a face has no glyph for a character after all (its cmap and its substitutions disagree).
    """
    shaped = []
    for run in runs:
        face = store.face(run.font)
        if run.direction == "ltr" and _IDEOGRAPHS.issuperset(run.text):
            glyphs = _ideographs(run, face)
        else:
            glyphs = _shape(run, face)
        shaped.append(GlyphRun(run, glyphs))
    return shaped


def _ideographs(run: TextRun, face: Face) -> list[ShapedGlyph]:
    """Return the glyphs of ideographs on a horizontal line: no face joins, kerns or substitutes them there."""
    glyphs: list[ShapedGlyph] = []
    for at, char in enumerate(run.text, run.start):
        glyph, advance, ink = face.ideograph(char)
        if not glyph:
            raise Rejected("a face lacks a glyph")
        glyphs.append((glyph, at, 0.0, 0.0, advance, ink))
    return glyphs


def _shape(run: TextRun, face: Face) -> list[ShapedGlyph]:
    upright = run.direction == "ttb" and not run.sideways
    buffer = hb.Buffer()
    buffer.add_str(run.text)
    if run.text.isascii():
        buffer.script, buffer.language = "Latn", "en"
    else:
        buffer.guess_segment_properties()
        if buffer.script == "Hani":
            buffer.language = "zh"
    buffer.direction = "ttb" if upright else "ltr"
    hb.shape(face.hb_font, buffer, _FEATURES)
    scale, start, ink = 1.0 / face.upem, run.start, face.ink
    glyphs: list[ShapedGlyph] = []
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        glyph = info.codepoint
        if not glyph:
            raise Rejected("a face lacks a glyph")
        advance = -position.y_advance if upright else position.x_advance
        dx, dy = position.x_offset * scale, -position.y_offset * scale
        glyphs.append((glyph, start + info.cluster, dx, dy, advance * scale, ink(glyph)))
    return glyphs
