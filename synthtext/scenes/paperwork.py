"""What is printed on papers in one language: titles, names of fields, heads of tables, goods and thanks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2

from synthtext.assets.papers import CODED, PapersSpec, load_papers
from synthtext.assets.pattern_parts import parts
from synthtext.geometry import Image
from synthtext.rng import Draws
from synthtext.scenes.fields import FieldKind
from synthtext.scenes.goods import GOODS, GOODS_EN


@dataclass(frozen=True, slots=True, eq=False)
class Paperwork:
    """The printed words of papers in one language.

    Attributes:
        language: its tag.
        titles: kind of paper -> titles.
        heads: kind of paper -> heads of its table.
        total: kind of paper -> what stands before its sum.
        money: forms of a sum that is due, the most usual last.
        sign: of the currency, which bills write before their total now and then; "" for none.
        shops: with `{}` for somebody's name.
        described: where values come from; None for Chinese and English, whose values are made by code.
    """

    language: str
    titles: Mapping[str, Sequence[str]]
    heads: Mapping[str, Sequence[str]]
    units: Sequence[str]
    paid: Sequence[str]
    thanks: Sequence[str]
    total: Mapping[str, str]
    paid_by: str
    goods: Sequence[str]
    shops: Sequence[str]
    money: str
    sign: str = ""
    described: PapersSpec | None = None

    @property
    def chinese(self) -> bool:
        """Whether they are in simplified Chinese."""
        return self.language == "zh"

    @property
    def rtl(self) -> bool:
        """Whether they are written from the right."""
        return self.described is not None and self.described.rtl

    def across_px(self, width: float) -> float:
        """Return the width of a sheet that has to be laid out as its mirror image, else 0."""
        return width if self.rtl else 0.0

    def turned(self, image: Image) -> Image:
        """Return what is drawn on a sheet, mirrored where the sheet is laid out from the right."""
        return cv2.flip(image, 1) if self.rtl else image  # type: ignore[return-value]

    def name(self, kind: FieldKind) -> str:
        """Return the printed name of a field."""
        if self.described is not None:
            return self.described.fields[kind.en]
        return kind.zh if self.chinese else kind.en

    def amount(self, hundredths: int, thousands: bool = False) -> str:
        """Return an amount as it is written, without its currency."""
        spec = self.described
        if spec is not None and not spec.decimals:
            return f"{hundredths * spec.unit:,}"
        whole, rest = divmod(hundredths, 100)
        return f"{whole:,}.{rest:02d}" if thousands else f"{whole}{spec.comma if spec else '.'}{rest:02d}"

    def shop(self, draws: Draws, name: str) -> str:
        """Return what a shop is called after somebody."""
        return draws.choice(self.shops).format(name)


ZH = Paperwork(
    "zh",
    {
        "card": ("居民身份证", "工作证", "会员卡", "学生证", "通行证"),
        "table": ("登记表", "申请表", "报名表", "入库单", "报销单", "体检表", "借款单"),
        "bill": ("增值税普通发票", "销售单", "送货单", "收款收据", "出库单", "费用清单", "报价单"),
        "receipt": ("购物小票", "结账单", "收银凭证", "消费清单", ""),
    },
    {"bill": ("序号", "名称", "单位", "数量", "单价", "金额"), "receipt": ("品名", "数量", "金额")},
    ("箱", "件", "个", "瓶", "袋", "盒", "千克"),
    ("微信支付", "支付宝", "现金", "银行卡", "会员卡"),
    ("谢谢惠顾", "欢迎再次光临", "请保管好小票", "凭此小票开具发票", "如有质量问题七日内退换"),
    {"bill": "合计", "receipt": "合计"},
    "支付方式",
    GOODS,
    [
        f"{{}}{kind}"
        for kind in parts("便利店 超市 生鲜超市 百货 文具店 药房 饭店 小吃店 咖啡馆 面包房 水果店 五金店 书店")
    ],
    "{}元",
    "￥",
)
EN = Paperwork(
    "en",
    {
        "card": ("IDENTITY CARD", "MEMBER CARD", "STAFF PASS"),
        "table": ("APPLICATION FORM", "REGISTRATION", "EXPENSE REPORT"),
        "bill": ("INVOICE", "SALES RECEIPT", "DELIVERY NOTE", "BILL", "QUOTATION"),
        "receipt": ("RECEIPT", "SALE", "CUSTOMER COPY", ""),
    },
    {"bill": ("No.", "Item", "Unit", "Qty", "Price", "Amount"), "receipt": ("Item", "Qty", "Amount")},
    ("pcs", "box", "kg", "bag"),
    ("CASH", "VISA", "DEBIT", "CARD"),
    ("THANK YOU", "Please come again", "Keep this receipt", "Returns within 14 days"),
    {"bill": "Total", "receipt": "TOTAL"},
    "Paid by",
    GOODS_EN,
    [f"{{}} {kind}" for kind in parts("Market Grocery Deli Pharmacy Books Hardware Cafe Bakery Diner Mart Supply")],
    "${}",
)


def paperwork(language: str) -> Paperwork:
    """Return the papers of a language.

    Raises:
        AssetError: there are none, or their file has faults.
    """
    if language in CODED:
        return ZH if language == "zh" else EN
    spec = load_papers(language)
    return Paperwork(
        language,
        {"card": spec.cards, "table": spec.tables, "bill": spec.bills, "receipt": spec.receipts},
        {"bill": spec.bill_heads, "receipt": spec.receipt_heads},
        spec.units,
        spec.paid,
        spec.thanks,
        {"bill": spec.total, "receipt": spec.total},
        spec.paid_by,
        spec.goods,
        spec.shops,
        spec.money[0],
        described=spec,
    )
