"""Patterns whose heart is a number: money, prices, measures, scores, ordinals, rooms.

All are `(Draws) -> str`.
"""

from __future__ import annotations

from synthtext.assets.numerals import formal_amount, han_number
from synthtext.assets.pattern_parts import CURRENCIES, GOODS_UNITS, UNITS, parts
from synthtext.rng import Draws

_PRICE_HEADS = parts("原价 现价 特价 会员价 到手价 券后 售价 仅售 低至")
_OFF_HEADS = parts("全场 新品 第二件 会员 限时")
_OFF_TAILS = parts("_ _ 起 优惠 封顶 ！")
_GIFT_HEADS = parts("立减 返现 优惠 省 押金 红包 满减券")
_SIZES = parts("1 2 5 10 12 15 20 25 50 75 100 120 180 200 220 250 330 380 500 550 600 750 1000")
_DEALS = parts("一斤 三斤 两件 一盒 起 起步 管饱 任选 包邮")
_COUNTED = parts("人 名 台 辆 片 粒 袋 瓶 盒 只 户 层 根 本 页 朵")
_MEASURES_ZH = (
    (parts("_ 净含量 净重 毛重 约 规格："), parts("克 千克 公斤 毫升 升")),
    (parts("_ _ 限重 载重 最大载重"), parts("吨 公斤 千克 斤")),
    (parts("_ _ 限高 限宽 长 宽 高 深 距离 前方"), parts("米 厘米 毫米 公里")),
    (parts("_ 面积 约 建筑面积"), parts("平方米 亩 公顷 平米")),
    (parts("_ _ 约 额定 气温 高温 最低"), parts("度 瓦 伏 千瓦 安")),
    (parts("_ _ 共 限 满 每日"), _COUNTED),
)
_TEAMS = parts("主队 客队 红队 蓝队 中国 日本 德国 巴西 韩国 北京 上海 山东 广州")
_PARTS = parts("Chapter Section Part Unit Lesson Page Fig. Table Vol. Step Level")
_BLOCKS = parts("座 区 栋 馆 口 出口 通道")
_ROOMS = parts("Room Gate Floor Suite Apt. Track Exit Lane Platform")


def amount(draws: Draws) -> str:
    """A sum of money with its sign or code."""
    style = draws.integer(0, 7)
    value = _money(draws)
    if style < 2:
        return f"¥{value:,.2f}"
    if style == 2:
        return f"￥{value:.2f}"
    if style == 3:
        return f"${value:,.2f}"
    if style == 4:
        return f"{draws.choice(CURRENCIES)} {value:,.2f}"
    if style == 5:
        return f"{draws.choice('€£$¥')}{int(value)}"
    if style == 6:
        return f"{value:,.2f}"
    return f"{draws.choice('+-')}{value:.2f}"


def amount_zh(draws: Draws) -> str:
    """A sum of money in Chinese units."""
    value = _money(draws)
    style = draws.integer(0, 5)
    if style == 0:
        return f"{value:.2f}元"
    if style == 1:
        return f"{int(value)}元"
    if style == 2:
        return f"{draws.integer(1, 999)}{draws.choice(('万', '亿', '万元', '亿元', '余元', '多万'))}"
    if style == 3:
        return f"人民币{value:,.2f}元"
    if style == 4:
        return f"{draws.integer(1, 99)}.{draws.integer(1, 9)}万元"
    return f"{han_number(draws.choice((1, 2, 5, 10, 20, 50, 100, 500, 1000)))}元"


def amount_formal(draws: Draws) -> str:
    """A sum of money in the formal numerals of cheques and invoices."""
    cents = int(10 ** draws.between(2.0, 8.5))
    if draws.chance(0.6):
        cents -= cents % 100
    return draws.choice(("", "", "人民币")) + formal_amount(cents)


def price(draws: Draws) -> str:
    """A price tag in English."""
    style = draws.integer(0, 6)
    dollars = draws.integer(1, 199)
    cents = draws.choice(("99", "95", "49", "50", "00", "79"))
    if style < 3:
        return f"{draws.choice('$$€£')}{dollars}.{cents}"
    if style == 3:
        return f"{draws.integer(1, 19) * 5}% {draws.choice(('OFF', 'off', 'Off', 'DISCOUNT'))}"
    if style == 4:
        return f"{draws.integer(2, 5)} for ${draws.integer(1, 50)}"
    if style == 5:
        return f"${dollars}/{draws.choice(('lb', 'kg', 'ea', 'mo', 'hr', 'day', 'night'))}"
    return f"Only ${dollars}.{cents}"


def price_zh(draws: Draws) -> str:
    """A price tag or an offer in Chinese."""
    style = draws.integer(0, 11)
    value = draws.choice(
        (
            f"{draws.integer(1, 99)}.{draws.integer(1, 9)}",
            str(draws.integer(2, 999)),
            f"{draws.integer(1, 199)}.9",
        )
    )
    unit = draws.choice(GOODS_UNITS)
    if style < 3:
        return f"¥{value}/{unit}"
    if style == 3:
        return f"{value}元/{unit}"
    if style == 4:
        tenths = draws.choice((draws.integer(1, 9) * 10, draws.integer(50, 98)))
        return f"{tenths / 10:g}折{draws.choice(_OFF_TAILS)}"
    if style == 5:
        return f"{draws.choice(_PRICE_HEADS)}¥{value}"
    if style == 6:
        return f"{draws.choice(('原价', '现价', '特价', '只要', '一律'))}{value}元"
    if style == 7:
        return f"满{draws.integer(1, 30) * 10}{draws.choice(('减', '返', '送'))}{draws.integer(1, 50)}"
    if style == 8:
        return f"{draws.choice(_OFF_HEADS)}{draws.choice('一二三四五六七八九')}折{draws.choice(_OFF_TAILS)}"
    if style == 9:
        return f"{value}元{draws.choice(_DEALS)}"
    if style == 10:
        return f"{draws.choice(_GIFT_HEADS)}{draws.integer(1, 500)}元"
    return f"{draws.choice(('买一送一', '买二送一', '买三送二', '第2件半价'))} {value}元"


def percent(draws: Draws) -> str:
    """A share or a change."""
    return draws.choice(("", "", "+", "-", "↑", "↓")) + draws.choice(
        (
            f"{draws.integer(0, 100)}%",
            f"{draws.integer(0, 99)}.{draws.integer(0, 99):02}%",
            f"{draws.integer(0, 99)}.{draws.integer(0, 9)}%",
        )
    )


def measure(draws: Draws) -> str:
    """A quantity with its unit."""
    unit = draws.choice(UNITS)
    style = draws.integer(0, 5)
    if style < 3:
        return f"{draws.choice(_SIZES)}{unit}"
    if style == 3:
        return f"{draws.integer(0, 99)}.{draws.integer(1, 9)} {unit}"
    if style == 4:
        return f"{draws.integer(1, 600)}{unit}×{draws.integer(2, 48)}"
    return f"{draws.integer(1, 300)}-{draws.integer(301, 900)}{unit}"


def measure_zh(draws: Draws) -> str:
    """A quantity with a Chinese unit."""
    heads, units = draws.choice(_MEASURES_ZH)
    decimal = f".{draws.integer(1, 9)}" if draws.chance(0.25) and units is not _COUNTED else ""
    return f"{draws.choice(heads)}{draws.integer(1, draws.choice((9, 99, 999)))}{decimal}{draws.choice(units)}"


def score(draws: Draws) -> str:
    """A score of a match, a rating or a rank."""
    style = draws.integer(0, 5)
    if style < 2:
        return f"{draws.integer(0, 9)}{'-:'[style]}{draws.integer(0, 9)}"
    if style == 2:
        return f"{draws.integer(60, 130)} - {draws.integer(60, 130)}"
    if style == 3:
        return f"{draws.integer(1, 4)}.{draws.integer(0, 9)}/5"
    if style == 4:
        return f"#{draws.integer(1, 99)}"
    return f"{draws.integer(1, 10)}/{draws.integer(10, 20)}"


def score_zh(draws: Draws) -> str:
    """A score or a rank in Chinese."""
    style = draws.integer(0, 3)
    if style == 0:
        return f"{draws.integer(0, 100)}分"
    if style == 1:
        return f"第{draws.integer(1, 50)}名"
    if style == 2:
        home, guest = draws.choice(_TEAMS), draws.choice(_TEAMS)
        return f"{home}{draws.integer(0, 9)}:{draws.integer(0, 9)}{guest}"
    return f"评分{draws.integer(1, 9)}.{draws.integer(0, 9)}"


def ordinal_zh(draws: Draws) -> str:
    """A chapter, section, lesson, floor or line of a list."""
    number = draws.integer(1, 99)
    shown = han_number(number) if draws.chance(0.7) else str(number)
    style = draws.integer(0, 3)
    if style < 2:
        return f"第{shown}{draws.choice('章节条课回集页期届卷册组名场版批')}"
    if style == 2:
        return f"{han_number(number % 20 + 1)}{draws.choice('、．.')}"
    return f"（{han_number(number % 20 + 1)}）"


def ordinal(draws: Draws) -> str:
    """A chapter, section, page or rank in English."""
    number = draws.integer(1, 40)
    style = draws.integer(0, 4)
    if style == 0:
        return f"{draws.choice(_PARTS)} {number}"
    if style == 1:
        return f"{number}.{draws.integer(1, 9)}.{draws.integer(1, 9)}"
    if style == 2:
        return f"({draws.choice('abcdefghijkl')})"
    if style == 3:
        return f"{number}{draws.choice((')', '.', '/'))}"
    return f"No.{number}"


def room_zh(draws: Draws) -> str:
    """A floor, room, gate or exit of a Chinese building."""
    floor = draws.integer(1, 33)
    style = draws.integer(0, 8)
    if style == 0:
        return f"{floor}楼"
    if style == 1:
        return f"{floor}层{floor}{draws.integer(1, 20):02}室"
    if style == 2:
        return f"{floor}号楼{draws.integer(1, 6)}单元{floor}{draws.integer(1, 4):02}"
    if style == 3:
        return draws.choice("ABCDEFGH") + draws.choice(_BLOCKS) + draws.choice(("", str(floor)))
    if style == 4:
        return f"负{draws.choice('一二三')}层"
    if style == 5:
        return f"{floor}号{draws.choice(('门', '线', '口', '窗口', '站台', '厅', '桌', '柜台', '车厢'))}"
    if style == 6:
        return f"{floor}车{draws.integer(1, 20):02}{draws.choice('ABCDF')}号"
    if style == 7:
        return f"{floor}排{draws.integer(1, 40)}座"
    return f"{draws.choice(('地铁', '公交'))}{floor}{draws.choice(('号线', '路'))}"


def room(draws: Draws) -> str:
    """A floor, room, gate or seat."""
    style = draws.integer(0, 4)
    if style == 0:
        return f"{draws.choice(_ROOMS)} {draws.integer(1, 99)}"
    if style == 1:
        return f"{draws.choice(('B', 'L', 'F', ''))}{draws.integer(1, 9)}{draws.choice(('', 'F'))}"
    if style == 2:
        return f"{draws.choice('ABCDEFGH')}{draws.integer(1, 60)}"
    if style == 3:
        return f"{draws.integer(1, 40)}{draws.choice('ABCDEF')}"
    return f"{draws.integer(1, 40)}{draws.integer(1, 30):02}"


def _money(draws: Draws) -> float:
    return float(10 ** draws.between(0.3, 5.2))
