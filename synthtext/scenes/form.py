"""The layout `form`: identity cards, tickets, receipts and forms with printed names of fields and filled-in values."""

from __future__ import annotations

import cv2
import numpy as np

from synthtext.assets.palettes import flat
from synthtext.geometry import Image
from synthtext.scenes import fields
from synthtext.scenes.bill import bill
from synthtext.scenes.carriers import Carried
from synthtext.scenes.page import Page, Spot
from synthtext.scenes.paperwork import Paperwork
from synthtext.scenes.pens import filled, pen, press, printed, row
from synthtext.scenes.receipt import receipt
from synthtext.scenes.sheet import on_desk, paper

_CARD_COLORS = ((226, 236, 240), (238, 232, 222), (232, 240, 228), (244, 236, 238), (236, 238, 246))
_TICKET_COLORS = ((250, 222, 226), (214, 236, 246), (246, 240, 220), (224, 240, 224))
_CARD_FIELDS = (
    (fields.NAME, fields.SEX, fields.BORN, fields.ADDRESS),
    (fields.NAME, fields.ETHNIC, fields.BORN, fields.ADDRESS),
    (fields.NAME, fields.UNIT, fields.NUMBER, fields.PHONE),
    (fields.NAME, fields.SEX, fields.NUMBER, fields.DATE),
)


def lay_out(page: Page) -> None:
    """Lay a card, a ticket, a receipt or a form onto a desk and fill it in."""
    draws = page.draws
    assert page.assets.papers is not None
    papers = page.assets.papers.draw(draws)
    kind = (_card, _table, receipt, _ticket, bill)[draws.weighted((0.26, 0.52, 0.7, 0.85, 1.0))]
    kind(page, papers)


def _card(page: Page, papers: Paperwork) -> None:
    draws = page.draws
    width, height = 640, 404
    base = draws.choice(_CARD_COLORS)
    ramp = np.linspace(0.0, 1.0, width, dtype=np.float32)[None, :, None]
    other = np.array(draws.choice(_CARD_COLORS), np.float32)
    image = np.clip(np.array(base, np.float32) * (1 - ramp) + other * ramp, 0, 255).astype(np.uint8)
    image = np.ascontiguousarray(np.broadcast_to(image, (height, width, 3)))
    _guilloche(image, draws.unit())
    right = draws.chance(0.8)
    photo = (430, 70, 596, 290) if right else (36, 110, 180, 310)
    tone = draws.integer(120, 205)
    _portrait(image[photo[1] : photo[3], photo[0] : photo[2]], tone, draws.chance(0.5))
    alpha = np.zeros((height, width), np.uint8)
    cv2.rectangle(alpha, (14, 0), (width - 15, height - 1), 255, -1)
    cv2.rectangle(alpha, (0, 14), (width - 1, height - 15), 255, -1)
    for corner in ((14, 14), (width - 15, 14), (14, height - 15), (width - 15, height - 15)):
        cv2.circle(alpha, corner, 14, 255, -1, cv2.LINE_AA)
    sheet = on_desk(page, Carried(papers.turned(image), alpha, 0.4))
    across_px = papers.across_px(width)
    label, hand = press(page, "form", across_px=across_px), pen(page, "print", across_px=across_px)
    answers = page.answers(papers)
    left = 40.0 if right else 210.0
    em = 22.0
    y = 60.0
    if draws.chance(0.5):
        printed(page, sheet, draws.choice(papers.titles["card"]), Spot((left, y), 30, (0, 0.5), (360, 40)), label)
        y += 54
    kinds = draws.choice(_CARD_FIELDS)
    for kind in kinds:
        row(page, sheet, kind, (papers, answers), (left, y), em, (label, hand), 380.0 if right else 400.0)
        y += draws.between(46, 56)
    last = (40.0, min(height - 36.0, max(y + 20, photo[3] + 34.0)))  # below the portrait
    row(page, sheet, fields.ID_NUMBER, (papers, answers), last, em, (label, hand), 560)


def _portrait(view: Image, tone: int, hidden: bool) -> None:
    """A head and shoulders in one window of the card, in grays that say nothing of anybody.

    Args:
        hidden: the face is made coarse, as people do before they share the picture of a card.
    """
    height, width = view.shape[:2]
    view[:] = flat((width, height), (tone, tone, tone + 8))
    middle = width // 2
    skin = (tone - 8, tone - 24, tone - 40)
    shaded = tuple(value - 22 for value in skin)
    cloth = (tone // 3, tone // 3, tone // 3 + 12)
    for (x, y, wide, high, start), color in (
        ((0.0, 1.06, 0.46, 0.36, 180), cloth),
        ((0.0, 0.72, 0.10, 0.16, 0), shaded),
        ((0.0, 0.40, 0.24, 0.28, 0), (30, 28, 30)),
        ((0.0, 0.46, 0.195, 0.23, 0), skin),
        ((0.06, 0.48, 0.12, 0.2, 0), tuple(value - 6 for value in skin)),
        ((-0.075, 0.44, 0.034, 0.012, 0), (52, 44, 42)),
        ((0.075, 0.44, 0.034, 0.012, 0), (52, 44, 42)),
        ((0.0, 0.52, 0.022, 0.03, 0), shaded),
        ((0.0, 0.59, 0.055, 0.012, 0), (tone - 30, tone - 70, tone - 72)),
    ):
        centre = (middle + int(x * width), int(y * height))
        axes = (max(1, int(wide * width)), max(1, int(high * height)))
        cv2.ellipse(view, centre, axes, 0, start, 360, color, cv2.FILLED, cv2.LINE_AA)
    view[:] = cv2.GaussianBlur(view, (0, 0), 2.2)
    if hidden:
        top, bottom = int(0.2 * height), int(0.72 * height)
        side = int(0.24 * width)
        face = view[top:bottom, side : width - side]
        coarse = cv2.resize(face, (7, 9), interpolation=cv2.INTER_AREA)
        face[:] = cv2.resize(coarse, (face.shape[1], face.shape[0]), interpolation=cv2.INTER_NEAREST)


def _table(page: Page, papers: Paperwork) -> None:
    """A form with ruled cells: names of fields beside the values."""
    draws = page.draws
    width, height = 720, draws.integer(480, 940)
    image = paper(page, (width, height))
    rows, top, left = draws.integer(5, 11), 110, 40
    step = (height - top - 50) / rows
    line = (60, 60, 66) if draws.chance(0.7) else (150, 60, 60)
    cells: list[tuple[float, float, float, float]] = []
    for number in range(rows):
        y = top + number * step
        columns = 1 if draws.chance(0.3) else 2
        for column in range(columns):
            x0 = left + column * (width - 2 * left) / columns
            cells.append((x0, y, left + (column + 1) * (width - 2 * left) / columns, y + step))
    share = draws.between(0.26, 0.36)
    for x0, y0, x1, y1 in cells:
        split = x0 + share * min(x1 - x0, 330)
        cv2.rectangle(image, (round(x0), round(y0)), (round(x1), round(y1)), line, 1, cv2.LINE_AA)
        cv2.line(image, (round(split), round(y0)), (round(split), round(y1)), line, 1, cv2.LINE_AA)
    sheet = on_desk(page, Carried(papers.turned(image), np.full((height, width), 255, np.uint8), 0.3))
    across_px = papers.across_px(width)
    label, hand = press(page, "form", "print", across_px=across_px), pen(page, across_px=across_px)
    answers = page.answers(papers)
    em = min(30.0, step * 0.5)
    printed(page, sheet, draws.choice(papers.titles["table"]), Spot((width / 2, 62), 38, (0.5, 0.5), (600, 50)), label)
    rest = list(fields.EVERY)
    kinds = [rest.pop(draws.integer(0, len(rest) - 1)) for _ in range(len(rest))]
    long = [kind for kind in kinds if kind in fields.LONG]
    short = [kind for kind in kinds if kind not in fields.LONG]
    for x0, y0, x1, y1 in cells:
        whole = x1 - x0 > 0.6 * (width - 2 * left)
        kind = long.pop() if (whole and long) or not short else short.pop()
        split, middle = x0 + share * min(x1 - x0, 330), (y0 + y1) / 2
        name = papers.name(kind)
        spot = Spot(((x0 + split) / 2, middle), em * 0.8, (0.5, 0.5), (split - x0 - 8, step - 6))
        printed(page, sheet, name, spot, label)
        if draws.chance(0.85):
            room = (x1 - split - 14, step - 6)
            filled(page, sheet, kind.value(answers), Spot((split + 8, middle), em, (0, 0.5), room), hand)


def _ticket(page: Page, papers: Paperwork) -> None:
    draws = page.draws
    width, height = 680, 420
    image = flat((width, height), draws.choice(_TICKET_COLORS))
    _guilloche(image, draws.unit())
    sheet = on_desk(page, Carried(papers.turned(image), np.full((height, width), 255, np.uint8), 0.35))
    across_px = papers.across_px(width)
    label, hand = press(page, "print", "form", across_px=across_px), pen(page, "print", across_px=across_px)
    answers = page.answers(papers)
    start, end = answers.journey()
    for text, x, anchor in ((start, 60.0, 0.0), (end, width - 60.0, 1.0)):
        quad = filled(page, sheet, text, Spot((x, 100), 40, (anchor, 0.5), (230, 56)), hand)
        if quad is not None and papers.chinese and anchor == 0.0:
            printed(page, sheet, "站", Spot((float(quad[:, 0].max()) + 8, 104), 24, (0, 0.5)), label)
    filled(page, sheet, answers.train(), Spot((width / 2, 92), 36, (0.5, 0.5), (140, 50)), hand)
    filled(page, sheet, answers.day(), Spot((60, 170), 27, (0, 0.5), (250, 40)), hand)
    filled(page, sheet, answers.clock(), Spot((330, 170), 27, (0, 0.5)), hand)
    filled(page, sheet, answers.seat(), Spot((width - 60, 170), 27, (1, 0.5), (200, 40)), hand)
    row(page, sheet, fields.AMOUNT, (papers, answers), (60, 226), 27, (label, hand), 300)
    row(page, sheet, fields.NAME, (papers, answers), (60, 282), 27, (label, hand), 300)
    row(page, sheet, fields.ID_NUMBER, (papers, answers), (60, 338), 25, (label, hand), 560)


def _guilloche(image: Image, phase: float) -> None:
    """Fine wavy lines, as on cards and tickets."""
    height, width = image.shape[:2]
    x = np.arange(0, width, 6)
    for number in range(0, height, 14):
        y = number + 7 * np.sin(x / 47 + 6.3 * phase + number / 31)
        points = np.stack([x, y], 1).round().astype(np.int32)
        color = tuple(int(value) for value in np.maximum(image[number % height, 0].astype(int) - 16, 0))
        cv2.polylines(image, [points], False, color, 1, cv2.LINE_AA)
