"""Segment: cut a text into runs, each written by one face of the stack."""

from __future__ import annotations

from synthtext.bidi import levels, visual_order
from synthtext.errors import Rejected
from synthtext.scripts import graphemes, is_plain, scripts_of
from synthtext.values import Direction, Font, FontStack, TextRun, Writing

# Characters whose place or shape changes in a column: they need a face with vertical forms.
_TURNING = frozenset("，。、；：？！“”‘’（）《》〈〉【】「」『』〔〕｛｝［］—…～·ー゠–‥＿")
_LATIN = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_ASCII = frozenset(map(chr, range(0x21, 0x7F)))
# Joiners and variation selectors: they change glyphs and have none of their own.
_UNSEEN = frozenset("\u200c\u200d\ufe0e\ufe0f")
_AS_PICTURE = "\ufe0f"
# Digits of up to this number stand upright side by side with ideographs in a column, as in dates.
_UPRIGHT_DIGITS = 2


def segment(writing: Writing, stack: FontStack) -> list[TextRun]:
    """Return the runs of a text, in the order in which they stand on the line.

    A character goes to the face before it if that one can write it, so that punctuation does not jump between
    faces; else to the first face of the stack that can. White space stays with the run before it.

    Raises:
        Rejected: no face of the stack can write a character (never a box in its place).
    """
    text = writing.text
    primary = stack.faces[0]
    if writing.direction != "ttb" and not is_plain(text):
        return _itemised(writing, stack)
    if writing.direction != "ttb" and stack.latin is None and primary.chars.issuperset(text):
        return [TextRun(text, 0, primary)]
    vertical = writing.direction == "ttb"
    sideways = _sideways(text) if vertical else [False] * len(text)
    # A plain text has nothing to be set from right to left, whatever the configuration says.
    direction: Direction = "ttb" if vertical else "ltr"
    runs: list[TextRun] = []
    start = 0
    font: Font | None = None
    for at, char in enumerate(text):
        if char == " " and font is not None:
            chosen, turned = font, sideways[start]
        else:
            chosen, turned = _face_for(char, font, stack, vertical and not sideways[at]), sideways[at]
        if font is not None and (chosen is not font or turned != sideways[start]):
            runs.append(TextRun(text[start:at], start, font, direction, sideways[start]))
            start = at
        font = chosen
    assert font is not None
    runs.append(TextRun(text[start:], start, font, direction, sideways[start]))
    return runs


def _itemised(writing: Writing, stack: FontStack) -> list[TextRun]:
    """Return runs of one face, one script and one direction each: what HarfBuzz can shape.

    A grapheme is never divided between faces.
    """
    text = writing.text
    level, script = levels(text, int(writing.direction == "rtl")), scripts_of(text)
    bounds: list[int] = []
    fonts: list[Font] = []
    font: Font | None = None
    at = 0
    for cluster in graphemes(text):
        if cluster == " " and font is not None:
            # A face of pictures has spaces as wide as they are.
            chosen = font if not font.color else stack.faces[0]
        else:
            chosen = _face_for_cluster(cluster, font, stack)
        if chosen is not font or level[at] != level[at - 1] or script[at] != script[at - 1]:
            bounds.append(at)
            fonts.append(chosen)
        font = chosen
        at += len(cluster)
    runs = [
        TextRun(text[start:end], start, face, "rtl" if level[start] % 2 else "ltr", False, script[start], text)
        for start, end, face in zip(bounds, [*bounds[1:], len(text)], fonts, strict=True)
    ]
    return [runs[number] for number in visual_order([level[start] for start in bounds])]


def _face_for_cluster(cluster: str, current: Font | None, stack: FontStack) -> Font:
    if len(cluster) == 1:
        return _face_for(cluster, current, stack, upright=False)
    drawn = [char for char in cluster if char not in _UNSEEN]
    faces = stack.faces if current is None else (stack.faces[0], current, *stack.faces)
    if _AS_PICTURE in cluster:
        faces = (*(font for font in stack.faces if font.color), *faces)
    for font in faces:
        if font.chars.issuperset(drawn):
            return font
    raise Rejected("no face for a character")


def _face_for(char: str, current: Font | None, stack: FontStack, upright: bool) -> Font:
    if stack.latin is not None and char in _LATIN:
        return stack.latin
    primary = stack.faces[0]
    if _writes(primary, char, upright):
        # Symbols between Latin letters stay with the Latin face: `a.b@c`.
        if current is not None and current is stack.latin and char in _ASCII and char in current.chars:
            return current
        return primary
    if current is not None and _writes(current, char, upright):
        return current
    for font in stack.faces:
        if _writes(font, char, upright):
            return font
    raise Rejected("no face for a character")


def _writes(font: Font, char: str, upright: bool) -> bool:
    return char in font.chars and (font.vertical or not upright or char not in _TURNING)


def _sideways(text: str) -> list[bool]:
    """Return for each character of a column whether it lies along the line (Latin words, long numbers)."""
    turned = [False] * len(text)
    at = 0
    while at < len(text):
        end = at
        while end < len(text) and (text[end] in _ASCII or (text[end] == " " and end > at)):
            end += 1
        while end > at and text[end - 1] == " ":
            end -= 1
        word = text[at:end]
        if word and not (len(word) <= _UPRIGHT_DIGITS and word.isalnum()):
            turned[at:end] = [True] * len(word)
        at = max(end, at + 1)
    return turned
