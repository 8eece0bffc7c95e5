"""Receipts: a narrow strip from a till, with the shop above, what was bought, the total, and thanks below."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from synthtext.geometry import Image
from synthtext.rng import Draws
from synthtext.scenes import fields, goods
from synthtext.scenes.carriers import Carried
from synthtext.scenes.page import Page, Spot
from synthtext.scenes.paperwork import Paperwork
from synthtext.scenes.pens import filled, press, printed, row
from synthtext.scenes.sheet import on_desk, paper

_WIDE, _EM, _STEP, _SIDE = 380, 21.0, 36.0, 24.0


def receipt(page: Page, papers: Paperwork) -> None:
    """Lay a receipt onto a desk."""
    draws = page.draws
    bought = goods.items(draws, papers.goods, draws.integer(3, 11), 6)
    rows = [8.2 + len(bought), 5.4]
    barcode = draws.chance(0.4)
    height = int(sum(rows) * _STEP + (70 if barcode else 0))
    image = paper(page, (_WIDE, height))
    lines = [y * _STEP for y in (4.9, 6.0, 6.15 + len(bought))]
    for y in lines:
        _dashes(image, round(y), 8 if draws.chance(0.7) else 3)
    if barcode:
        _barcode(draws, image, height - 78)
    sheet = on_desk(page, Carried(papers.turned(image), np.full((height, _WIDE), 255, np.uint8), 0.35), 0.12, 0.15)
    ink, answers = press(page, "receipt", across_px=papers.across_px(_WIDE)), page.answers(papers)
    hand = replace(ink, styles=frozenset({"mono", "sans"}), hand=page.hand())

    def centred(y: float, text: str, em: float) -> None:
        if text:
            printed(page, sheet, text, Spot((_WIDE / 2, y), em, (0.5, 0.5), (_WIDE - 30, 1.4 * em)), ink)

    name = answers.person().replace(" ", "") if papers.chinese else answers.city()
    centred(1.1 * _STEP, papers.shop(draws, name), 31)
    centred(2.2 * _STEP, draws.choice(papers.titles["receipt"]), 22)
    y = 3.2 * _STEP
    for kind in (fields.NUMBER, fields.DATE):
        room = _WIDE - 2 * _SIDE - (96 if kind is fields.DATE else 0)
        row(page, sheet, kind, (papers, answers), (_SIDE, y), _EM, (ink, hand), room)
        y += _STEP
    filled(page, sheet, answers.clock(), Spot((_WIDE - _SIDE, y - _STEP), _EM, (1, 0.5), (76, 1.6 * _EM)), hand)
    y += 0.3 * _STEP
    places = ((_SIDE, 0.0, 170.0), (236.0, 0.5, 60.0), (_WIDE - _SIDE, 1.0, 110.0))
    for head, (x, anchor, room) in zip(papers.heads["receipt"], places, strict=True):
        printed(page, sheet, head, Spot((x, y), _EM, (anchor, 0.5), (room, 1.6 * _EM)), ink)
    for item in bought:
        y += _STEP
        texts = (item.name, f"{item.count}", papers.amount(item.cost))
        for text, (x, anchor, room) in zip(texts, places, strict=True):
            spot = Spot((x, y), _EM, (anchor, 0.5), (room, 1.6 * _EM))
            if anchor == 0.0:
                printed(page, sheet, text, spot, ink)
            else:
                filled(page, sheet, text, spot, hand)
    y += 1.6 * _STEP
    printed(page, sheet, papers.total["receipt"], Spot((_SIDE, y), 1.25 * _EM, (0, 0.5)), ink)
    due = papers.amount(sum(item.cost for item in bought), draws.chance(0.3))
    if draws.chance(0.4):
        due = papers.money.format(due)
    filled(page, sheet, due, Spot((_WIDE - _SIDE, y), 1.3 * _EM, (1, 0.5), (220, 50)), hand)
    y += 1.1 * _STEP
    printed(page, sheet, papers.paid_by, Spot((_SIDE, y), _EM, (0, 0.5)), ink)
    paid = draws.choice(papers.paid)
    filled(page, sheet, paid, Spot((_WIDE - _SIDE, y), _EM, (1, 0.5), (200, 40)), hand)
    centred(y + 1.3 * _STEP, draws.choice(papers.thanks), _EM)


def _dashes(image: Image, y: int, gap: int) -> None:
    for x in range(int(_SIDE), _WIDE - int(_SIDE), gap + 6):
        cv2.line(image, (x, y), (x + 6, y), (90, 90, 92), 1)


def _barcode(draws: Draws, image: Image, top: int) -> None:
    x = 80
    while x < _WIDE - 84:
        wide = draws.choice((2, 2, 4, 6))
        image[top : top + 52, x : x + wide] = 40
        x += wide + draws.choice((2, 2, 4, 6))
