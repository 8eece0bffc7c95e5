"""Bills: who pays and who is paid, a ruled table of goods, a total, and room for a signature."""

from __future__ import annotations

import cv2
import numpy as np

from synthtext.geometry import Transform
from synthtext.scenes import fields, goods
from synthtext.scenes.carriers import Carried
from synthtext.scenes.page import Page, Spot
from synthtext.scenes.paperwork import Paperwork
from synthtext.scenes.pens import Pen, filled, pen, press, printed, row
from synthtext.scenes.sheet import on_desk, paper

_SHARES = (0.0, 0.09, 0.42, 0.53, 0.66, 0.81, 1.0)
_LINES = ((60, 60, 66), (150, 56, 52), (46, 92, 70), (54, 70, 140))


def bill(page: Page, papers: Paperwork) -> None:
    """Lay a bill onto a desk and fill it in."""
    draws = page.draws
    rows, width, left, step = draws.integer(3, 8), 760, 36, draws.between(38, 46)
    top = 176.0
    height = int(top + (rows + 2) * step + 96)
    image = paper(page, (width, height), 0.7)
    color = draws.choice(_LINES)
    edges = [left + share * (width - 2 * left) for share in _SHARES]
    for number in range(rows + 3):
        y = round(top + number * step)
        cv2.line(image, (left, y), (width - left, y), color, 1, cv2.LINE_AA)
    for x in edges:
        foot = top + (rows + (2 if x in (edges[0], edges[-1]) else 1)) * step
        cv2.line(image, (round(x), round(top)), (round(x), round(foot)), color, 1, cv2.LINE_AA)
    sheet = on_desk(page, Carried(papers.turned(image), np.full((height, width), 255, np.uint8), 0.3), 0.25, 0.2)
    across_px = papers.across_px(width)
    label, hand = press(page, "form", "print", across_px=across_px), pen(page, across_px=across_px)
    answers = page.answers(papers)
    title = draws.choice(papers.titles["bill"])
    printed(page, sheet, title, Spot((width / 2, 54), 36, (0.5, 0.5), (480, 48)), label)
    em = 0.48 * step
    row(page, sheet, fields.UNIT, (papers, answers), (left, 108), em, (label, hand), 420)
    row(page, sheet, fields.NUMBER, (papers, answers), (width - 250, 108), em, (label, hand), 220)
    row(page, sheet, fields.PHONE, (papers, answers), (left, 148), em, (label, hand), 420)
    row(page, sheet, fields.DATE, (papers, answers), (width - 250, 148), em, (label, hand), 220)
    _goods(page, sheet, papers, (edges, top, step), rows, (label, hand))
    foot = top + (rows + 2) * step + 44
    row(page, sheet, fields.CLERK, (papers, answers), (left, foot), em, (label, hand), 300)


def _goods(
    page: Page,
    sheet: Transform,
    papers: Paperwork,
    grid: tuple[list[float], float, float],
    rows: int,
    inks: tuple[Pen, Pen],
) -> None:
    """Fill the table: its heads, a row for each thing sold, and the total."""
    draws = page.draws
    edges, top, step = grid
    em, label, hand = 0.46 * step, *inks

    def spot(column: int, line: int, anchor: float) -> Spot:
        x0, x1 = edges[column] + 7, edges[column + 1] - 7
        return Spot((x0 + anchor * (x1 - x0), top + (line + 0.5) * step), em, (anchor, 0.5), (x1 - x0, 0.8 * step))

    for column, head in enumerate(papers.heads["bill"]):
        printed(page, sheet, head, spot(column, 0, 0.5), label)
    items = goods.items(draws, papers.goods, rows, 40)
    for line, item in enumerate(items, 1):
        printed(page, sheet, f"{line}", spot(0, line, 0.5), label)
        filled(page, sheet, item.name, spot(1, line, 0.0), hand)
        filled(page, sheet, draws.choice(papers.units), spot(2, line, 0.5), hand)
        filled(page, sheet, f"{item.count}", spot(3, line, 0.5), hand)
        filled(page, sheet, papers.amount(item.price), spot(4, line, 1.0), hand)
        filled(page, sheet, papers.amount(item.cost), spot(5, line, 1.0), hand)
    total = papers.amount(sum(item.cost for item in items), True)
    printed(page, sheet, papers.total["bill"], spot(1, rows + 1, 0.0), label)
    filled(
        page,
        sheet,
        f"{papers.sign}{total}" if papers.sign and draws.chance(0.5) else total,
        spot(5, rows + 1, 1.0),
        hand,
    )
