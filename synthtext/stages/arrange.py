"""Arrange: put the shaped glyphs of a line on its baseline (or a column on its axis), with spacing and jitter."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

from pydantic import Field

from synthtext.errors import Rejected
from synthtext.native import native
from synthtext.rng import Draws
from synthtext.scripts import JOINED, graphemes, is_plain
from synthtext.spec import Range, Spec, Within
from synthtext.values import Direction, GlyphRun, PlacedGlyph, TextLine

# The axis of a column runs through the middle of capitals and ideographs, this far above a Latin baseline (em).
_AXIS_EM = 0.36


class LayoutSpec(Spec):
    """How characters follow each other. Lengths in em.

    Attributes:
        spacing_chance: how often characters are set wider or tighter than the face says.
        letter_spacing_em: added between characters then.
        word_spacing_em: added to every space of a text.
        jitter_chance: how often characters leave the baseline.
        jitter_em: how far at most, each by itself.
    """

    spacing_chance: Annotated[float, Field(ge=0, le=1)] = 0.35
    letter_spacing_em: Annotated[Range, Within(-0.2, 2)] = Range(-0.02, 0.2)
    word_spacing_em: Annotated[Range, Within(-0.2, 2)] = Range(0.0, 0.15)
    jitter_chance: Annotated[float, Field(ge=0, le=1)] = 0.06
    jitter_em: Annotated[Range, Within(0, 0.3)] = Range(0.01, 0.05)


def arrange(draws: Draws, spec: LayoutSpec, text: str, runs: list[GlyphRun], direction: Direction = "ltr") -> TextLine:
    """Return the line with every glyph in its place.

    Args:
        runs: in the order in which they stand on the line.
        direction: that the text is read in.

    Raises:
        Rejected: nothing has ink.
    """
    u = draws.units(6)
    spacing = spec.letter_spacing_em.at(u[1]) if u[0] < spec.spacing_chance else 0.0
    word_spacing = spec.word_spacing_em.at(u[2])
    chars, words, char_at = count_chars(text)
    jitter = None
    if u[3] < spec.jitter_chance:
        reach = spec.jitter_em.at(u[4])
        jitter = [reach * (2.0 * unit - 1.0) for unit in draws.units(len(chars))]
    glyphs: list[PlacedGlyph] = []
    ligatures: list[tuple[int, int]] = []
    starts, ends = [-1.0] * len(chars), [0.0] * len(chars)
    left = top = 1e9
    right = bottom = -1e9
    column = runs[0].run.direction == "ttb"
    pen = 0.0
    for shaped in runs:
        run = shaped.run
        font, sideways = run.font, run.sideways
        upright = column and not sideways
        joined = run.script in JOINED
        gap = 0.0 if joined else spacing
        cluster_pen = pen
        if native is not None and not (column or run.script):
            box = [left, top, right, bottom]
            stop = run.start + len(run.text)
            moved = native.arranged(
                shaped.glyphs, char_at, font, spacing, word_spacing, jitter, starts, ends, glyphs, box, pen, stop
            )
            if moved is not None:
                pen = moved
                left, top, right, bottom = box
                continue
        for (glyph, cluster, x, y, advance, (x0, y0, x1, y1)), after in zip(shaped.glyphs, _ends(shaped), strict=True):
            char = char_at[cluster]
            if char < 0:
                pen += advance + spacing + word_spacing
                cluster_pen = pen
                continue
            if jitter is not None and not joined:
                if upright:
                    x += jitter[char]
                else:
                    y += jitter[char]
            if sideways:
                x, y = -_AXIS_EM - y, pen + x
                x0, y0, x1, y1 = -y1, x0, -y0, x1
            elif column:
                y += pen
            else:
                x += pen
            if x1 > x0:
                glyphs.append((font, glyph, char, x, y, sideways))
                if x + x0 < left:
                    left = x + x0
                if y + y0 < top:
                    top = y + y0
                if x + x1 > right:
                    right = x + x1
                if y + y1 > bottom:
                    bottom = y + y1
            if starts[char] < 0.0:
                starts[char] = pen
            ends[char] = pen + advance
            if after == cluster:  # the next glyph belongs to it too
                pen += advance
                continue
            if after - cluster > 1 and (parts := char_at[after - 1] - char + 1) > 1:
                backwards = run.direction == "rtl"
                ligatures.append((char, -parts if backwards else parts))
                whole = pen + advance - cluster_pen
                for part in range(parts):
                    place = parts - 1 - part if backwards else part
                    starts[char + part] = cluster_pen + whole * place / parts
                    ends[char + part] = cluster_pen + whole * (place + 1) / parts
            pen += advance + gap
            cluster_pen = pen
    if not glyphs:
        raise Rejected("no ink")
    ink = (left, top, right, bottom)
    return TextLine(text, chars, words, glyphs, ligatures, starts, ends, ink, "ttb" if column else direction)


def count_chars(text: str) -> tuple[tuple[str, ...], tuple[int, ...], list[int]]:
    """Return a text's chars with ink, the word each is in, and for each code point its char's number.

    A char is a grapheme cluster (UAX #29); white space has no number (-1).
    """
    plain = is_plain(text)
    if " " not in text and plain:
        return tuple(text), (0,) * len(text), list(range(len(text)))
    chars: list[str] = []
    words: list[int] = []
    char_at: list[int] = []
    word = 0
    for cluster in text if plain else graphemes(text):
        if cluster.isspace():
            word += bool(chars) and words[-1] == word
            char_at.extend([-1] * len(cluster))
        else:
            char_at.extend([len(chars)] * len(cluster))
            chars.append(cluster)
            words.append(word)
    return tuple(chars), tuple(words), char_at


def _ends(shaped: GlyphRun) -> list[int]:
    """Return for each glyph where its cluster ends in the text, or where it begins if more of it follow."""
    glyphs, run = shaped.glyphs, shaped.run
    following = [glyph[1] for glyph in glyphs[1:]]
    if not run.script:
        following.append(run.start + len(run.text))
        return following
    bounds = [*sorted({glyph[1] for glyph in glyphs}), run.start + len(run.text)]
    after = dict(pairwise(bounds))
    clusters = [glyph[1] for glyph in glyphs]
    following.append(-1)
    return [cluster if cluster == other else after[cluster] for cluster, other in zip(clusters, following, strict=True)]
