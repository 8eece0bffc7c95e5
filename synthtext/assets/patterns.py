"""Patterns: small generators of texts with a form (dates, prices, plates, codes), shipped or the user's own.

A pattern of the user's own is a string: `#` a digit, `@` an upper-case letter, `?` a lower-case letter, `*`
any character of the charset, `\\` takes the next character as it is; all others stand for themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from synthtext.assets import pattern_codes as codes
from synthtext.assets import pattern_numbers as numbers
from synthtext.assets import pattern_times as times
from synthtext.assets.pattern_parts import DIGITS, LOWER, UPPER
from synthtext.rng import Draws

Maker = Callable[[Draws], str]

_PLACES = {"#": DIGITS, "@": UPPER, "?": LOWER}
_ANY = "*"
_ESCAPE = "\\"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A generator of texts of one form.

    Attributes:
        name: of the form.
        make: draws a text; it may hold characters that the charset lacks.
        language: `zh`, `zh-hant`, `en`, or `any` for what every language writes alike.
        weight: of being drawn, relative to the others.
        labels: field names that may stand before it.
        columns: it also looks right in a vertical column.
    """

    name: str
    make: Maker
    language: str = "any"
    weight: float = 1.0
    labels: tuple[str, ...] = ()
    columns: bool = False


def _labels(text: str) -> tuple[str, ...]:
    return tuple(label.replace("_", " ") for label in text.split())


_SHIPPED: tuple[Pattern, ...] = (
    Pattern("date", times.date, "any", 1.2),
    Pattern(
        "date_zh",
        times.date_zh,
        "zh",
        1.2,
        _labels("日期： 生产日期： 有效期至 开票日期： 出生 截止 时间："),
        True,
    ),
    Pattern("date_han", times.date_han, "zh", 0.5, (), True),
    Pattern("date_en", times.date_en, "en", 1.2, _labels("Date:_ DOB:_ EXP_ Due:_ Issued:_")),
    Pattern("time", times.time, "any", 0.8),
    Pattern("time_zh", times.time_zh, "zh", 0.8, _labels("时间： 发车 开演 预计 剩余"), True),
    Pattern("hours", times.hours, "any", 0.4),
    Pattern("hours_zh", times.hours_zh, "zh", 0.5, _labels("营业时间： 开放时间：")),
    Pattern("amount", numbers.amount, "any", 1.0),
    Pattern(
        "amount_zh",
        numbers.amount_zh,
        "zh",
        0.9,
        _labels("金额： 合计： 实付 应付 余额： 单价： 总计："),
        True,
    ),
    Pattern("amount_formal", numbers.amount_formal, "zh", 0.6, _labels("大写： 合计大写："), True),
    Pattern("price", numbers.price, "en", 1.4, _labels("Price:_ Now_ Sale_ From_ Was_")),
    Pattern("price_zh", numbers.price_zh, "zh", 1.6),
    Pattern("percent", numbers.percent, "any", 0.5),
    Pattern("measure", numbers.measure, "any", 0.8),
    Pattern("measure_zh", numbers.measure_zh, "zh", 0.8, (), True),
    Pattern("score", numbers.score, "any", 0.4),
    Pattern("score_zh", numbers.score_zh, "zh", 0.4, (), True),
    Pattern("ordinal", numbers.ordinal, "en", 0.7),
    Pattern("ordinal_zh", numbers.ordinal_zh, "zh", 0.7, (), True),
    Pattern("room", numbers.room, "en", 0.7),
    Pattern("room_zh", numbers.room_zh, "zh", 0.9, (), True),
    Pattern("phone", codes.phone, "en", 0.9, _labels("Tel:_ Phone:_ Call_ Fax:_")),
    Pattern("phone_zh", codes.phone_zh, "zh", 1.2, _labels("电话： 手机： 热线： 客服 TEL: 订餐 联系电话：")),
    Pattern("plate", codes.plate, "en", 0.4),
    Pattern("plate_zh", codes.plate_zh, "zh", 0.9, _labels("车牌 号牌号码")),
    Pattern("identity_zh", codes.identity_zh, "zh", 0.4, _labels("身份证号 公民身份号码 证号：")),
    Pattern("card", codes.card, "any", 0.4),
    Pattern("url", codes.url, "any", 0.8),
    Pattern("email", codes.email, "any", 0.6),
    Pattern("serial", codes.serial, "any", 1.2),
    Pattern("machine", codes.machine, "any", 0.6),
    Pattern("book", codes.book, "any", 0.3),
    Pattern("address_zh", codes.address_zh, "zh", 0.9, _labels("地址： 住址 收货地址："), True),
    Pattern("hashtag", codes.hashtag, "any", 0.2),
)

# What the patterns above write in Simplified Chinese, character by character; none is ambiguous there.
_HANT = str.maketrans(
    "万与业东两个丰买云产亿仅价优会体余内册写净减凤创区华单厅厘厢厦叁双发台号后吨吴员园国场坝学宁宝实"
    "宾尔层届岗岛岳崂币广庆应开张总挂时晋机条杨柜栋楼汇汉沧沪满滨点热环现琼电盘码粤红约纪线组罗联胜节"
    "苏莲营蓝规计订设证评话课谊负货贰贵赣车辆辽连选邮邺郑钟铁银锦长门间闵闽队阳陆陕静韩页顶预额风饱馆"
    "鲁黄龙",
    "萬與業東兩個豐買雲產億僅價優會體餘內冊寫淨減鳳創區華單廳釐廂廈叄雙發臺號後噸吳員園國場壩學寧寶實"
    "賓爾層屆崗島嶽嶗幣廣慶應開張總掛時晉機條楊櫃棟樓匯漢滄滬滿濱點熱環現瓊電盤碼粵紅約紀線組羅聯勝節"
    "蘇蓮營藍規計訂設證評話課誼負貨貳貴贛車輛遼連選郵鄴鄭鐘鐵銀錦長門間閔閩隊陽陸陝靜韓頁頂預額風飽館"
    "魯黃龍",
)


def shipped_patterns(languages: Collection[str], columns: bool = False) -> list[Pattern]:
    """Return the shipped patterns for these languages.

    Args:
        languages: of `zh`, `zh-hant`, `en`; patterns of every language come with any of them.
        columns: only those that look right in a vertical column.
    """
    found: list[Pattern] = []
    for pattern in _SHIPPED:
        if columns and not pattern.columns:
            continue
        if pattern.language == "any" or pattern.language in languages:
            found.append(pattern)
        if pattern.language == "zh" and "zh-hant" in languages:
            found.append(_traditional(pattern))
    return found


def user_pattern(text: str, chars: Sequence[str]) -> Pattern:
    """Return the pattern that a string of the user's own describes.

    Args:
        text: as said at the top of this module.
        chars: what `*` stands for.

    Raises:
        ValueError: see `check_pattern`.
    """
    check_pattern(text)
    slots: list[tuple[bool, str | Sequence[str]]] = []
    at = 0
    while at < len(text):
        char = text[at]
        if char == _ESCAPE:
            at += 1
            slots.append((False, text[at]))
        elif char == _ANY:
            slots.append((True, chars))
        elif char in _PLACES:
            slots.append((True, _PLACES[char]))
        else:
            slots.append((False, char))
        at += 1

    def make(draws: Draws) -> str:
        return "".join([draws.choice(part) if open_slot else part for open_slot, part in slots])  # type: ignore[misc]

    return Pattern(text, make, columns=True)


def check_pattern(text: str) -> None:
    """Raise ValueError if a string is no pattern: empty, blank, or ending in a single backslash."""
    if not text.strip():
        raise ValueError("a pattern must not be empty; remove it from the list")
    trailing = len(text) - len(text.rstrip(_ESCAPE))
    if trailing % 2:
        raise ValueError(f"pattern {text!r} ends in a single backslash; write \\\\ for the character itself")


def _traditional(pattern: Pattern) -> Pattern:
    make = pattern.make
    return replace(
        pattern,
        name=f"{pattern.name}_hant",
        make=lambda draws: make(draws).translate(_HANT),
        language="zh-hant",
        labels=tuple(label.translate(_HANT) for label in pattern.labels),
    )
