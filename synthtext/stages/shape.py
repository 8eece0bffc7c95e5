"""Shape: turn runs of text into glyphs with HarfBuzz, so that kerning, ligatures and joining are right."""

from __future__ import annotations

import uharfbuzz as hb

from synthtext.assets.glyphs import Face, GlyphStore
from synthtext.errors import Rejected
from synthtext.native import native
from synthtext.values import Font, GlyphRun, ShapedGlyph, TextRun

_FEATURES = {"kern": True, "liga": True}
# What a face may draw in another form for a language: that of the script, as most texts in it are.
_LANGUAGES = {"Arab": "ar", "Hebr": "he", "Deva": "hi", "Thai": "th", "Latn": "en"}
_HAN_LANGUAGES = {"Hans": "zh", "Jpan": "ja", "Kore": "ko", "Hant": "zh-hant"}
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


def _han_language(font: Font) -> str:
    """The language whose forms of ideographs a face is made for; faces for several ask to be told."""
    return next((tag for script, tag in _HAN_LANGUAGES.items() if script in font.reserved), "zh")


def _shape(run: TextRun, face: Face) -> list[ShapedGlyph]:
    upright = run.direction == "ttb" and not run.sideways
    buffer = hb.Buffer()
    start = run.start
    if run.script:
        # Its clusters count from the beginning of the whole text.
        buffer.add_str(run.whole, start, len(run.text))
        buffer.script, buffer.language = run.script, _LANGUAGES.get(run.script, "und")
        start = 0
    elif run.text.isascii():
        buffer.add_str(run.text)
        buffer.script, buffer.language = "Latn", "en"
    else:
        buffer.add_str(run.text)
        buffer.guess_segment_properties()
    if buffer.script == "Hani":
        buffer.language = _han_language(run.font)
    buffer.direction = "ttb" if upright else "rtl" if run.direction == "rtl" else "ltr"
    hb.shape(face.hb_font, buffer, _FEATURES)
    infos, positions = buffer.glyph_infos, buffer.glyph_positions
    if native is not None:
        found = native.shaped(infos, positions, face.ink_units, 1.0 / face.upem, start, upright, face.ink)
        if found is None:
            raise Rejected("a face lacks a glyph")
        return found
    scale, ink = 1.0 / face.upem, face.ink
    glyphs: list[ShapedGlyph] = []
    for info, position in zip(infos, positions, strict=True):
        glyph = info.codepoint
        if not glyph:
            raise Rejected("a face lacks a glyph")
        advance = -position.y_advance if upright else position.x_advance
        dx, dy = position.x_offset * scale, -position.y_offset * scale
        glyphs.append((glyph, start + info.cluster, dx, dy, advance * scale, ink(glyph)))
    return glyphs
