"""Patterns of time: dates, times of day, durations, opening hours. All `(Draws) -> str`."""

from __future__ import annotations

from synthtext.assets.numerals import han_digits, han_number
from synthtext.assets.pattern_parts import MONTHS, WEEKDAYS, parts
from synthtext.rng import Draws

_DAYTIMES = parts("上午 下午 早上 晚上 中午")
_SPANS = parts("天 年 周 个月 秒 小时")


def _ymd(draws: Draws) -> tuple[int, int, int]:
    return draws.integer(1980, 2039), draws.integer(1, 12), draws.integer(1, 28)


def date(draws: Draws) -> str:
    """A date in digits, in the orders of most countries."""
    year, month, day = _ymd(draws)
    style = draws.integer(0, 9)
    if style < 4:
        mark = "-/.-"[style]
        return f"{year}{mark}{month:02}{mark}{day:02}"
    if style == 4:
        return f"{year}{month:02}{day:02}"
    if style == 5:
        return f"{day:02}/{month:02}/{year}"
    if style == 6:
        return f"{month}/{day}/{year % 100:02}"
    if style == 7:
        return f"{month:02}-{day:02}"
    if style == 8:
        return f"{year % 100:02}.{month:02}.{day:02}"
    return f"{year}-{month:02}-{day:02} {draws.integer(0, 23):02}:{draws.integer(0, 59):02}"


def date_zh(draws: Draws) -> str:
    """A date with 年月日, in digits or numerals."""
    year, month, day = _ymd(draws)
    style = draws.integer(0, 9)
    if style < 3:
        return f"{year}年{month}月{day}日"
    if style == 3:
        return f"{year}年{month:02}月{day:02}日"
    if style == 4:
        return f"{month}月{day}日"
    if style == 5:
        return f"{year}年{month}月"
    if style == 6:
        return f"{month}月{day}日 星期{'一二三四五六日'[day % 7]}"
    if style == 7:
        return f"{month}月{day}日 {draws.integer(6, 22)}:{draws.integer(0, 59):02}"
    if style == 8:
        return f"{year}年度"
    return date_han(draws)


def date_han(draws: Draws) -> str:
    """A date wholly in Chinese numerals: 二〇二六年三月五日."""
    year, month, day = _ymd(draws)
    head = han_digits(str(year), draws.choice("〇〇零")) + "年"
    style = draws.integer(0, 3)
    if style == 0:
        return head
    if style == 1:
        return f"{han_number(month)}月{han_number(day)}日"
    if style == 2:
        return f"{head}{han_number(month)}月"
    return f"{head}{han_number(month)}月{han_number(day)}日"


def date_en(draws: Draws) -> str:
    """A date with the name of its month or weekday."""
    year, month, day = _ymd(draws)
    name = MONTHS[month - 1]
    short = name[:3]
    style = draws.integer(0, 7)
    if style == 0:
        return f"{name} {day}, {year}"
    if style == 1:
        return f"{day} {name} {year}"
    if style == 2:
        return f"{short} {day}, {year}"
    if style == 3:
        return f"{day:02}-{short.upper()}-{year}"
    if style == 4:
        return f"{name} {year}"
    if style == 5:
        return f"{draws.choice(WEEKDAYS)[:3]} {day} {short}"
    if style == 6:
        ending = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd"}.get(day, "th")
        return f"{name} {day}{ending}"
    return f"{draws.choice(WEEKDAYS)}, {short}. {day}"


def time(draws: Draws) -> str:
    """A time of day, a clock or a duration."""
    hour, minute, second = draws.integer(0, 23), draws.integer(0, 59), draws.integer(0, 59)
    style = draws.integer(0, 5)
    if style < 2:
        return f"{hour:02}:{minute:02}"
    if style == 2:
        return f"{hour:02}:{minute:02}:{second:02}"
    if style == 3:
        return f"{hour % 12 or 12}:{minute:02} {'AM' if hour < 12 else 'PM'}"
    if style == 4:
        return f"{minute:02}:{second:02}/{minute + draws.integer(1, 39):02}:{draws.integer(0, 59):02}"
    return f"{hour % 12 or 12}{draws.choice(('am', 'pm', ' a.m.', ' p.m.'))}"


def time_zh(draws: Draws) -> str:
    """A time of day or a duration with Chinese units."""
    hour, minute = draws.integer(1, 12), draws.integer(1, 59)
    style = draws.integer(0, 5)
    if style == 0:
        return f"{draws.choice(_DAYTIMES)}{hour}点{draws.choice(('', '半', '整'))}"
    if style == 1:
        return f"{draws.choice(('上午', '下午', '晚'))}{hour}:{minute:02}"
    if style == 2:
        return f"{hour}小时{minute}分"
    if style == 3:
        return f"{minute}分钟{draws.choice(('', '前', '后', '内'))}"
    if style == 4:
        return f"{hour}时{minute:02}分"
    return f"{draws.integer(2, 30)}{draws.choice(_SPANS)}{draws.choice(('', '前', '后', '内'))}"


def hours(draws: Draws) -> str:
    """Opening hours or a range of time."""
    first, last = draws.integer(6, 11), draws.integer(16, 23)
    a, b = draws.choice(("00", "30")), draws.choice(("00", "30"))
    mark = draws.choice(("-", "~", "–", "—", " - "))
    return f"{first:02}:{a}{mark}{last:02}:{b}" if draws.chance(0.7) else f"{first}am{mark}{last - 12}pm"


def hours_zh(draws: Draws) -> str:
    """Opening hours on a Chinese door."""
    days = draws.choice(("周一至周五", "周一至周日", "每天", "工作日", "周末", "节假日", "每周六"))
    first, last = draws.integer(6, 11), draws.integer(16, 23)
    style = draws.integer(0, 2)
    if style == 0:
        return f"{days}{first:02}:00-{last}:{draws.choice(('00', '30'))}"
    if style == 1:
        return f"{days} {first}:30~{last}:00"
    return f"早{first}点至晚{last - 12}点"
