"""The layout `document`: dense pages of print: headings, columns, lists, captions and page numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import cv2
import numpy as np

from synthtext.assets.schemes import Scheme
from synthtext.geometry import Floats, Image, Transform
from synthtext.rng import Streams
from synthtext.scenes.block import Wish
from synthtext.scenes.carriers import Carried
from synthtext.scenes.page import Page, Spot
from synthtext.scenes.paragraphs import broken, paragraph, running
from synthtext.scenes.sheet import on_desk, paper
from synthtext.spec import Range
from synthtext.stages.arrange import LayoutSpec

_BODY = frozenset({"serif", "sans", "kai", "slab"})
_SET = LayoutSpec(spacing_chance=0.0, word_spacing_em=Range(0.0, 0.06), jitter_chance=0.0)
_HAN = "的"
_WIDE_LANGUAGES, _USUALLY_WIDE = ("zh", "zh-hant", "ja"), 0.85
_LEAST_PICTURE_PX = 40
_HEAD = frozenset({"sans", "serif", "display", "slab"})


@dataclass(frozen=True, slots=True, eq=False)
class _Inks:
    """The colours of a page's print, what its text and its headings are set in, and its script.

    Attributes:
        wide: its characters are wide and have no spaces between words.
        indented: paragraphs begin with a gap.
        across_px: width of a page that is laid out from the right, else 0.
    """

    scheme: Scheme
    body: Streams
    head: Streams
    wide: bool
    indented: bool
    across_px: float

    def write(self, page: Page, sheet: Transform, wish: Wish, spot: Spot, hand: Streams | None = None) -> Floats | None:
        """Print a block: from the right, as the mirror image of what is asked for, in a script that is written so."""
        if self.across_px:
            (x, y), (along, down) = spot.at, spot.anchor
            spot = replace(spot, at=(self.across_px - x, y), anchor=(1.0 - along, down))
        return page.write(wish, spot, self.scheme, 0.25, sheet, hand or self.body)


def lay_out(page: Page) -> None:
    """Set a page of text and photograph or scan it."""
    draws = page.draws
    width, height = page.size_wh
    image = paper(page, (width, height), 0.75)
    em = max(page.spec.em_px.low, min(page.spec.em_px.high, height * draws.between(0.014, 0.026)))
    wide = _HAN in page.assets.texts.allowed and draws.chance(_wide_share(page.config.text.languages))
    indented = draws.chance(0.8 if wide else 0.3)
    across_px = float(width) if page.config.text.direction == "rtl" and not wide else 0.0
    inks = _Inks(page.pair("print"), page.hand(), page.hand(), wide, indented, across_px)
    columns = draws.integer(1, 3) if width >= 0.9 * height else draws.integer(1, 2)
    columns = columns if wide else max(2, columns)
    margin, gap = 0.07 * width, 0.045 * width
    top, bottom = 0.07 * height, 0.93 * height
    ruled = draws.chance(0.3)
    if ruled:
        cv2.line(image, (int(margin), int(0.055 * height)), (int(width - margin), int(0.055 * height)), (90, 90, 92), 1)
    figures: list[tuple[int, float, float]] = []
    column_w = (width - 2 * margin - (columns - 1) * gap) / columns
    for column in range(columns):
        if draws.chance(0.3):
            figures.append(_figure(page, image, margin + column * (column_w + gap), column_w, (top, bottom)))
        else:
            figures.append((column, -1.0, -1.0))
    if across_px:
        image = cv2.flip(image, 1)  # type: ignore[assignment]
    sheet = on_desk(page, Carried(image, np.full((height, width), 255, np.uint8), 0.3), 0.5, 0.3)
    if draws.chance(0.5):
        _running_head(page, sheet, inks, em)
    if draws.chance(0.55):
        wish = Wish(lengths=[draws.integer(4, 14)], styles=_HEAD)
        spot = Spot((width / 2, top + 1.2 * em), em * draws.between(1.8, 2.6), (0.5, 0.5), (width - 2 * margin, 4 * em))
        inks.write(page, sheet, wish, spot, inks.head)
        top += 4.2 * em
    for column, (_, start, stop) in enumerate(figures):
        left = margin + column * (column_w + gap)
        _column(page, sheet, inks, (left, left + column_w), (top, bottom), em, (start, stop))


def _wide_share(languages: Mapping[str, float]) -> float:
    """Return how often a page is in a script of wide characters without spaces."""
    total = sum(languages.values())
    return sum(languages.get(name, 0.0) for name in _WIDE_LANGUAGES) / total if total > 0 else _USUALLY_WIDE


def _figure(page: Page, image: Image, left: float, wide: float, span: tuple[float, float]) -> tuple[int, float, float]:
    """Put a picture, or a chart of bars, into a column; return where it begins and ends."""
    draws = page.draws
    high = wide * draws.between(0.35, 0.7)
    start = draws.between(span[0] + 0.1 * (span[1] - span[0]), max(span[0] + 1, span[1] - high - 1))
    x0, y0, x1, y1 = int(left), int(start), int(left + wide), int(min(span[1], start + high))
    size_wh = (x1 - x0, y1 - y0)
    photos = page.assets.backgrounds.photos
    if photos is None or draws.chance(0.3) or min(size_wh) < _LEAST_PICTURE_PX:
        _bars(page, image[y0:y1, x0:x1])
    else:
        # As it was printed: a little flatter than the photograph, often in grays.
        picture = photos.photo(page.index, draws.unit()).window(size_wh, 0.5, (draws.unit(), draws.unit()))
        if draws.chance(0.6):
            picture = cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)  # type: ignore[assignment]
        image[y0:y1, x0:x1] = cv2.convertScaleAbs(picture, alpha=0.78, beta=40)
    return 0, start, start + high


def _bars(page: Page, view: Image) -> None:
    """A chart: bars over an axis, on white or a light ground."""
    draws = page.draws
    height, width = view.shape[:2]
    tone = draws.integer(214, 250)
    view[:] = tone
    shade = draws.integer(60, 150)
    color = (shade, shade, shade) if draws.chance(0.5) else (shade, min(255, shade + 40), min(255, shade + 70))
    foot, side = int(0.88 * height), int(0.08 * width)
    for line in range(1, 5):
        y = int(foot - line * 0.19 * height)
        cv2.line(view, (side, y), (width - side, y), (tone - 36,) * 3, 1)
    count = draws.integer(3, 11)
    step = (width - 2 * side) / count
    for number in range(count):
        top = int(foot - draws.between(0.08, 0.78) * height)
        x = side + int((number + 0.2) * step)
        cv2.rectangle(view, (x, top), (x + max(1, int(0.6 * step)), foot), color, cv2.FILLED)
    cv2.line(view, (side, foot), (width - side, foot), (50, 50, 54), 1)
    cv2.line(view, (side, int(0.08 * height)), (side, foot), (50, 50, 54), 1)


def _running_head(page: Page, sheet: Transform, inks: _Inks, em: float) -> None:
    draws, (width, height) = page.draws, page.size_wh
    wish = Wish(lengths=[draws.integer(3, 10)], styles=_BODY)
    inks.write(page, sheet, wish, Spot((0.07 * width, 0.035 * height), 0.85 * em, (0, 0.5), (0.5 * width, 2 * em)))
    number = f"{draws.integer(1, 480)}"
    foot = Spot((width / 2, 0.965 * height), 0.85 * em, (0.5, 0.5))
    inks.write(page, sheet, Wish(texts=[number], styles=_BODY), foot)


def _column(
    page: Page,
    sheet: Transform,
    inks: _Inks,
    across: tuple[float, float],
    down: tuple[float, float],
    em: float,
    figure: tuple[float, float],
) -> None:
    """Fill a column with paragraphs, lists and headings."""
    draws = page.draws
    leading = draws.between(1.35, 1.8)
    y = down[0]
    wide = across[1] - across[0]
    number = 0
    while y < down[1] - 1.5 * em:
        if figure[0] >= 0 and figure[0] - 1.5 * em < y < figure[1]:
            y = figure[1] + em
            continue
        form = draws.unit()
        if form < 0.12:
            wish = Wish(lengths=[draws.integer(3, 10)], styles=_HEAD)
            spot = Spot((across[0], y), 1.25 * em, room=(wide, 2 * em))
            inks.write(page, sheet, wish, spot, inks.head)
            y += 2.2 * em
            continue
        listed = form > 0.85
        number = number + 1 if listed else 0
        indent = 1.7 * em if listed else 0.0
        limit = figure[0] if figure[0] > y else down[1]
        kept = max(1, min(draws.integer(2, 7), int((limit - y) / (leading * em))))
        lines = _lines(page, inks, (wide - indent) / em, kept, listed)
        if listed and lines:
            inks.write(page, sheet, Wish(texts=[f"{number}."], styles=_BODY), Spot((across[0], y), em))
        for first, block in ((True, lines[:1]), (False, lines[1:])):
            if block:
                x = across[0] + indent + (2.0 * em if first and inks.indented and not listed else 0.0)
                spot = Spot((x, y if first else y + leading * em), em, room=(across[1] - x, 1e9))
                wish = Wish(texts=block, leading_em=leading, styles=_BODY, layout=_SET)
                inks.write(page, sheet, wish, spot)
        y += (max(1, len(lines)) * leading + (0.6 if draws.chance(0.6) else 0.1)) * em


def _lines(page: Page, inks: _Inks, room_em: float, count: int, listed: bool) -> list[str]:
    """Return the lines of a paragraph."""
    draws, texts = page.draws, page.assets.texts
    most = page.config.text.length.max
    first = room_em - (2.0 if inks.indented and not listed else 0.0)
    per_line = max(2.0, min(room_em, most if inks.wide else 0.5 * most))
    if not running(texts):
        return [texts.strings.fit(draws, max(1, int(per_line))) for _ in range(count)]
    chars = int(per_line * (count - draws.between(0.1, 0.8)) * (1.0 if inks.wide else 1.9))
    return broken(paragraph(draws, texts, max(3, chars), inks.wide), per_line, min(first, per_line))[:count]
