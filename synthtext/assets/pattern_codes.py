"""Patterns that are codes: phones, plates, identity and card numbers, addresses of the net, serials, places.

Every number with a check digit has a right one, so that a reader which checks it is not misled; none is taken
from a real register. All are `(Draws) -> str`.
"""

from __future__ import annotations

from synthtext.assets.numerals import ean_digit, id_check, luhn_digit
from synthtext.assets.pattern_parts import (
    AREA_CODES,
    CITIES,
    DIGITS,
    ENDINGS,
    HEX,
    HOSTS,
    ID_REGIONS,
    LOWER,
    PLATE,
    PROVINCES,
    ROADS,
    SITES,
    UPPER,
    USERS,
    digits,
    parts,
    some,
)
from synthtext.rng import Draws

_TAILS = parts("_ _ _ A S X -2 Pro B")
_MODELS = parts("Model REF ID Art. Ver. P/N")
_FILES = parts("IMG_ DSC file_ VID_")
_SUFFIXES = parts(".jpg .png .pdf .mp4 .docx")


def phone_zh(draws: Draws) -> str:
    """A mobile or landline number of mainland China, or a service number."""
    style = draws.integer(0, 7)
    mobile = draws.choice(("13", "15", "17", "18", "19")) + digits(draws, 1)
    if style < 3:
        return mobile + digits(draws, 8)
    if style == 3:
        return f"{mobile} {digits(draws, 4)} {digits(draws, 4)}"
    if style == 4:
        return f"{mobile}-{digits(draws, 4)}-{digits(draws, 4)}"
    if style == 5:
        return f"{draws.choice(AREA_CODES)}-{draws.integer(2, 8)}{digits(draws, 7)}"
    if style == 6:
        return f"400-{digits(draws, 3)}-{digits(draws, 4)}"
    return f"{mobile}****{digits(draws, 4)}"


def phone(draws: Draws) -> str:
    """A phone number as written in English-speaking countries or internationally."""
    style = draws.integer(0, 4)
    area = f"{draws.integer(2, 9)}{digits(draws, 2)}"
    if style == 0:
        return f"({area}) {digits(draws, 3)}-{digits(draws, 4)}"
    if style == 1:
        return f"{area}-{digits(draws, 3)}-{digits(draws, 4)}"
    if style == 2:
        return f"+1 {area} {digits(draws, 3)} {digits(draws, 4)}"
    if style == 3:
        return f"+{draws.choice((44, 49, 33, 81, 82, 86, 61, 65, 852))} {digits(draws, 4)} {digits(draws, 4)}"
    return f"1-800-{digits(draws, 3)}-{digits(draws, 4)}"


def plate_zh(draws: Draws) -> str:
    """A licence plate of mainland China: ordinary, new energy, learner or police."""
    head = draws.choice(PROVINCES) + draws.choice("ABCDEFGHJKLMN")
    style = draws.integer(0, 7)
    mark = draws.choice(("·", "", "", " "))
    if style < 5:
        return head + mark + some(draws, PLATE, 5)
    if style < 7:
        return head + mark + draws.choice("DF") + some(draws, PLATE, 1) + digits(draws, 4)
    return head + mark + some(draws, PLATE, 4) + draws.choice("学警挂")


def plate(draws: Draws) -> str:
    """A licence plate of other countries."""
    style = draws.integer(0, 3)
    if style == 0:
        return f"{some(draws, UPPER, 3)}-{digits(draws, 4)}"
    if style == 1:
        return f"{some(draws, UPPER, 2)}{digits(draws, 2)} {some(draws, UPPER, 3)}"
    if style == 2:
        return f"{digits(draws, 1)}{some(draws, UPPER, 3)}{digits(draws, 3)}"
    return f"{some(draws, UPPER, 2)}-{digits(draws, 3)}-{some(draws, UPPER, 2)}"


def identity_zh(draws: Draws) -> str:
    """An 18-character identity number with a right check character."""
    birth = f"{draws.integer(1950, 2015)}{draws.integer(1, 12):02}{draws.integer(1, 28):02}"
    body = draws.choice(ID_REGIONS) + birth + digits(draws, 3)
    return body + id_check(body)


def card(draws: Draws) -> str:
    """A bank or credit card number with a right check digit, in groups or not, or masked."""
    style = draws.integer(0, 4)
    if style < 3:
        body = draws.choice(("4", "51", "53", "55", "622", "6228", "6217", "6222"))
        body += digits(draws, 15 - len(body))
        number = body + luhn_digit(body)
        return number if style == 0 else " ".join(number[at : at + 4] for at in range(0, 16, 4))
    if style == 3:
        body = "62" + digits(draws, 16)
        return body + luhn_digit(body)
    return f"**** {digits(draws, 4)}" if draws.chance(0.5) else f"{digits(draws, 4)} **** **** {digits(draws, 4)}"


def url(draws: Draws) -> str:
    """A web address."""
    host = draws.choice(SITES) + draws.choice(("", "", digits(draws, 2), draws.choice(SITES))) + draws.choice(ENDINGS)
    style = draws.integer(0, 5)
    if style < 2:
        return "www." + host
    if style == 2:
        return "https://" + host
    if style == 3:
        return f"http://www.{host}/{draws.choice(SITES)}"
    if style == 4:
        return f"{host}/{some(draws, LOWER + DIGITS, draws.integer(3, 8))}"
    return host


def email(draws: Draws) -> str:
    """An e-mail address, or a name on a social network."""
    user = draws.choice(USERS) + draws.choice(
        ("", "", digits(draws, 2), "." + draws.choice(USERS), "_" + digits(draws, 3))
    )
    if draws.chance(0.2):
        return "@" + user
    host = draws.choice((*HOSTS, ""))
    return f"{user}@{host or draws.choice(SITES) + draws.choice(ENDINGS)}"


def serial(draws: Draws) -> str:
    """A serial, order, tracking, stock or flight number."""
    style = draws.integer(0, 11)
    if style == 0:
        return f"SN:{some(draws, UPPER + DIGITS, 10)}"
    if style == 1:
        return f"{some(draws, UPPER, 2)}{digits(draws, 9)}{draws.choice(('CN', 'US', 'HK', 'GB'))}"
    if style == 2:
        return f"{draws.choice(('SF', 'YT', 'JD', 'ZTO', 'EMS', 'YD'))}{digits(draws, 12)}"
    if style == 3:
        return f"{draws.choice(('CA', 'MU', 'CZ', 'HU', '3U', 'UA', 'BA', 'LH', 'SQ'))}{digits(draws, 4)}"
    if style == 4:
        return f"{draws.choice('GDCKTZ')}{draws.integer(1, 8999)}"
    if style == 5:
        return f"No.{digits(draws, draws.integer(5, 8))}"
    if style == 6:
        return f"{some(draws, UPPER, 3)}-{digits(draws, 3)}-{some(draws, UPPER + DIGITS, 3)}"
    if style == 7:
        return f"SKU {digits(draws, 6)}"
    if style == 8:
        return f"LOT {some(draws, UPPER, 1)}{digits(draws, 5)}"
    if style == 9:
        return digits(draws, draws.integer(8, 20))
    if style == 10:
        return f"{some(draws, UPPER, draws.integer(1, 3))}{digits(draws, draws.integer(2, 5))}" + draws.choice(_TAILS)
    return f"{draws.choice(_MODELS)} {some(draws, UPPER + DIGITS, draws.integer(3, 7))}"


def machine(draws: Draws) -> str:
    """What machines write: MAC, IP, hex, versions, coordinates, files, resolutions."""
    style = draws.integer(0, 7)
    if style == 0:
        return ":".join(some(draws, HEX, 2) for _ in range(6))
    if style == 1:
        return ".".join(str(draws.integer(0, 255)) for _ in range(4)) + draws.choice(("", "", ":8080", "/24"))
    if style == 2:
        return "0x" + some(draws, HEX, draws.choice((2, 4, 8)))
    if style == 3:
        return f"v{draws.integer(0, 20)}.{draws.integer(0, 30)}.{draws.integer(0, 99)}"
    if style == 4:
        return f"{draws.choice('NS')}{draws.integer(0, 89)}°{draws.integer(0, 59)}′{draws.integer(0, 59)}″"
    if style == 5:
        return draws.choice(_FILES) + digits(draws, 4) + draws.choice(_SUFFIXES)
    if style == 6:
        return f"{draws.choice((640, 1280, 1920, 2560, 3840))}x{draws.choice((480, 720, 1080, 1440, 2160))}"
    return "#" + some(draws, HEX, 6)


def book(draws: Draws) -> str:
    """An ISBN or a bar code, with a right check digit."""
    body = draws.choice(("9787", "9780", "9783", "690", "692", "693"))
    body += digits(draws, 12 - len(body))
    number = body + ean_digit(body)
    if not number.startswith("978") or draws.chance(0.3):
        return number
    return f"ISBN {number[:3]}-{number[3]}-{number[4:8]}-{number[8:12]}-{number[12]}"


def address_zh(draws: Draws) -> str:
    """An address in a city of mainland China, whole or in part."""
    city, districts = draws.choice(CITIES)
    district, road = draws.choice(districts), draws.choice(ROADS)
    number = draws.integer(1, 899)
    style = draws.integer(0, 6)
    if style == 0:
        return f"{city}{district}{road}{number}号"
    if style == 1:
        return f"{city[-3:]}{district}{road}{number}号{draws.integer(1, 30)}栋"
    if style == 2:
        return f"{road}{number}号{draws.integer(1, 33)}层{draws.integer(101, 3320)}室"
    if style == 3:
        return f"{road}{number}号"
    if style == 4:
        return f"{city}{district}"
    if style == 5:
        return f"{road}与{draws.choice(ROADS)}交叉口"
    return road


def hashtag(draws: Draws) -> str:
    """A hashtag in Latin letters."""
    first, second = draws.choice(SITES), draws.choice(SITES)
    return "#" + draws.choice((first, first.title() + second.title(), first + digits(draws, 4), first + "_" + second))
