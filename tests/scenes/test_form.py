"""Forms: what they say adds up, and no page is stamped like a press."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from types import ModuleType

import numpy as np
import pytest

from synthtext.api import load_config
from synthtext.assets.library import Assets, open_assets
from synthtext.assets.names import load_names
from synthtext.config import Config
from synthtext.geometry import Floats, Transform
from synthtext.rng import Streams
from synthtext.scenes import bill, form, goods, receipt
from synthtext.scenes.answers import Answers
from synthtext.scenes.block import Children
from synthtext.scenes.draw import Canvas
from synthtext.scenes.page import Page, Spot
from synthtext.scenes.paperwork import EN, ZH, Paperwork
from synthtext.scenes.pens import Pen, filled


def _page(config: Config, assets: Assets, seed: int) -> Page:
    assert assets.grounds is not None
    ground = assets.grounds.draw(Streams(seed, 0, 0).column("surface"), 0)
    canvas = Canvas(ground.image, np.zeros(ground.image.shape[:2], np.uint8))
    return Page(canvas, ground, Children(seed, 0, 0), Streams(seed, 0, 0).column("place"), config, assets)


@pytest.mark.parametrize("papers", [ZH, EN], ids=["zh", "en"])
@pytest.mark.parametrize(
    ("module", "layout", "prices"), [(receipt, receipt.receipt, 1), (bill, bill.bill, 2)], ids=["receipt", "bill"]
)
def test_lay_out__totals_are_the_sums_of_their_items(
    module: ModuleType,
    layout: Callable[[Page, Paperwork], None],
    prices: int,
    papers: Paperwork,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written: list[str] = []

    def noted(page: Page, sheet: Transform, text: str, spot: Spot, pen: Pen) -> Floats | None:
        written.append(text)
        return filled(page, sheet, text, spot, pen)

    monkeypatch.setattr(module, "filled", noted)
    config = load_config("form")
    assets = open_assets(config, 5)
    for seed in range(4):
        written.clear()
        layout(_page(config, assets, seed), papers)
        amounts = [text for text in written if re.fullmatch(r"[￥$]?[\d,]+\.\d\d元?", text)]
        *rows, total = [Decimal(re.sub(r"[^\d.]", "", text)) for text in amounts]
        costs = rows[prices - 1 :: prices]
        assert len(costs) >= 3
        assert sum(costs) == total
        if prices == 2:
            counts = [int(text) for text in written if re.fullmatch(r"\d{1,2}", text)]
            assert [count * price for count, price in zip(counts, rows[::2], strict=True)] == costs


def test_items__name_nothing_twice() -> None:
    for seed in range(20):
        names = [item.name for item in goods.items(Streams(seed, 0, 0).column("place"), goods.GOODS, 10, 9)]
        assert len(set(names)) == len(names)


def test_journey__ends_elsewhere() -> None:
    for seed in range(50):
        start, end = Answers(Streams(seed, 0, 0).column("place"), False, {}).journey()
        assert start != end


def test_lay_out__a_page_has_one_seal_at_most() -> None:
    config = load_config("form", sets=("decorate={seal: {chance: 1}}",))
    assets = open_assets(config, 5)
    seals = []
    for seed in range(4):
        page = _page(config, assets, seed)
        form.lay_out(page)
        seals.append(page.canvas.notes["styles"].count("seal"))
        assert len(page.canvas.instances) > 5
    assert max(seals) == 1


@pytest.mark.parametrize("chinese", [True, False])
def test_answers__agree_with_each_other(chinese: bool) -> None:
    names = load_names("zh_CN" if chinese else "en_US", 200)
    seen = set()
    for seed in range(60):
        answers = Answers(Streams(seed, 0, 0).column("place"), chinese, names)
        born, identity, sex = answers.born(), answers.identity(), answers.sex()
        seen.add(answers.person())
        if chinese:
            year, month, day = (int(part) for part in re.findall(r"\d+", born))
            assert identity[6:14] == f"{year}{month:02d}{day:02d}"
            assert int(identity[16]) % 2 == (sex == "男")
    assert len(seen) > 45


@pytest.mark.parametrize("papers", [ZH, EN], ids=["zh", "en"])
def test_table__names_no_field_twice(papers: Paperwork, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    monkeypatch.setattr(form, "printed", lambda page, sheet, text, spot, press: written.append(text))
    config = load_config("form")
    assets = open_assets(config, 5)
    for seed in range(12):
        written.clear()
        form._table(_page(config, assets, seed), papers)
        assert len(written) > 5
        assert len(set(written)) == len(written)
