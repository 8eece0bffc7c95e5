"""Numbers as people write them: Chinese numerals, amounts in words, check digits of cards and codes."""

from __future__ import annotations

_DIGITS = "零一二三四五六七八九"
_FORMAL = "零壹贰叁肆伍陆柒捌玖"
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"


def han_number(number: int) -> str:
    """Return a number below 10**12 as it is read: 15 -> 十五, 2005 -> 二千零五."""
    text = _grouped(number, _DIGITS, "十百千")
    return text[1:] if text.startswith("一十") else text


def han_digits(digits: str, zero: str = "〇") -> str:
    """Return each digit on its own: "2026" -> 二〇二六. Other characters stay."""
    return digits.translate(str.maketrans("0123456789", zero + _DIGITS[1:]))


def formal_amount(cents: int) -> str:
    """Return an amount of money as on Chinese cheques and invoices: 1230050 -> 壹万贰仟叁佰元伍角整."""
    yuan, rest = divmod(cents, 100)
    tenth, hundredth = divmod(rest, 10)
    text = _grouped(yuan, _FORMAL, "拾佰仟") + "元" if yuan or not rest else ""
    if not rest:
        return text + "整"
    if tenth:
        text += _FORMAL[tenth] + "角"
    elif yuan:
        text += _FORMAL[0]
    return text + (_FORMAL[hundredth] + "分" if hundredth else "整")


def luhn_digit(digits: str) -> str:
    """Return the check digit that follows the digits of a bank card (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def id_check(digits: str) -> str:
    """Return the 18th character of a Chinese identity number from its 17 digits (GB 11643-1999)."""
    return _ID_CHECKS[sum(int(d) * w for d, w in zip(digits, _ID_WEIGHTS, strict=True)) % 11]


def ean_digit(digits: str) -> str:
    """Return the 13th digit of an EAN or ISBN-13 from its first 12."""
    return str(-sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10)


def _grouped(number: int, digits: str, units: str) -> str:
    """A number by groups of four digits, with one zero for each gap."""
    if number == 0:
        return digits[0]
    groups: list[int] = []
    rest = number
    while rest:
        rest, group = divmod(rest, 10000)
        groups.append(group)
    text, gap = "", False
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if group == 0:
            gap = bool(text)
            continue
        if text and (gap or group < 1000):
            text += digits[0]
        text += _four(group, digits, units) + ("", "万", "亿")[place]
        gap = False
    return text


def _four(group: int, digits: str, units: str) -> str:
    text, gap = "", False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if digit == 0:
            gap = bool(text)
            continue
        if gap:
            text += digits[0]
        text += digits[digit] + (units[place - 1] if place else "")
        gap = False
    return text
