"""What forms ask for: printed names of fields, and values that somebody filled in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from synthtext.rng import Draws

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡"
    "余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛"
)
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰婷宇轩子涵浩然欣怡文建国志海"
    "春梅雪晨思佳俊峰博雅琪瑞鹏飞云龙凤珍红燕玲辉波斌鑫阳天翔嘉诚宁安康乐"
)
_PLACES = (
    "北京市朝阳区", "上海市浦东新区", "广州市天河区", "深圳市南山区", "杭州市西湖区", "成都市武侯区", "武汉市洪山区",
    "西安市雁塔区", "南京市鼓楼区", "重庆市渝中区", "天津市和平区", "长沙市岳麓区", "青岛市市南区", "大连市中山区",
)  # fmt: skip
_ROADS = ("人民路", "中山路", "解放大道", "建设路", "和平街", "文化路", "新华路", "长江路", "学院路", "花园路")
_STATIONS = (
    "北京南",
    "上海虹桥",
    "广州南",
    "深圳北",
    "杭州东",
    "成都东",
    "武汉",
    "西安北",
    "南京南",
    "长沙南",
    "郑州东",
)
_GOODS = (
    "牛奶",
    "面包",
    "苹果",
    "矿泉水",
    "洗衣液",
    "纸巾",
    "酸奶",
    "鸡蛋",
    "大米",
    "食用油",
    "牙膏",
    "饼干",
    "绿茶",
    "咖啡",
    "巧克力",
)
_ETHNIC = ("汉", "汉", "汉", "汉", "满", "回", "壮", "苗", "维吾尔", "土家", "蒙古")
_FIRST = ("James", "Mary", "Robert", "Linda", "David", "Susan", "Daniel", "Karen", "Paul", "Laura", "Kevin", "Emily")
_LAST = ("Smith", "Johnson", "Brown", "Miller", "Davis", "Wilson", "Moore", "Taylor", "Clark", "Lewis", "Walker")
_GOODS_EN = (
    "Milk",
    "Bread",
    "Apples",
    "Water",
    "Soap",
    "Tissues",
    "Yoghurt",
    "Eggs",
    "Rice",
    "Olive oil",
    "Tea",
    "Coffee",
)


@dataclass(frozen=True, slots=True)
class FieldKind:
    """A field of a form: its printed name in Chinese and English, and what makes a value."""

    zh: str
    en: str
    value: Callable[[Draws, bool], str]


def person(draws: Draws, chinese: bool) -> str:
    """Return a name; one of two characters stands apart, as on forms."""
    if not chinese:
        return f"{draws.choice(_FIRST)} {draws.choice(_LAST)}"
    surname, first = draws.choice(_SURNAMES), draws.choice(_GIVEN)
    return f"{surname} {first}" if draws.chance(0.5) else f"{surname}{first}{draws.choice(_GIVEN)}"


def day(draws: Draws, chinese: bool) -> str:
    """Return a date."""
    year, month, date = draws.integer(1950, 2026), draws.integer(1, 12), draws.integer(1, 28)
    style = draws.integer(0, 3)
    if chinese and style < 2:
        return f"{year}年{month}月{date}日" if style else f"{year}年{month:02d}月{date:02d}日"
    return (f"{year}-{month:02d}-{date:02d}", f"{year}.{month:02d}.{date:02d}", f"{date:02d}/{month:02d}/{year}")[
        style % 3
    ]


def id_number(draws: Draws, chinese: bool) -> str:
    """Return the number of an identity card."""
    head = draws.integer(110101, 659001)
    return (
        f"{head}{draws.integer(1950, 2015)}{draws.integer(1, 12):02d}{draws.integer(1, 28):02d}{_digits(draws, 3)}"
        + (draws.choice("0123456789X"))
    )


def amount(draws: Draws, chinese: bool) -> str:
    """Return a price."""
    value = 10 ** draws.between(0.3, 4.6)
    return draws.choice((f"{value:,.2f}", f"{value:.2f}元" if chinese else f"${value:,.2f}", f"{value:.2f}"))


def _digits(draws: Draws, count: int) -> str:
    return "".join(str(draws.integer(0, 9)) for _ in range(count))


def _sex(draws: Draws, chinese: bool) -> str:
    return draws.choice(("男", "女") if chinese else ("M", "F"))


def _ethnic(draws: Draws, chinese: bool) -> str:
    return draws.choice(_ETHNIC) if chinese else draws.choice(("USA", "UK", "Canada", "Australia"))


def _address(draws: Draws, chinese: bool) -> str:
    if not chinese:
        return f"{draws.integer(1, 999)} {draws.choice(_LAST)} Street"
    return f"{draws.choice(_PLACES)}{draws.choice(_ROADS)}{draws.integer(1, 999)}号{draws.integer(1, 30)}室"


def _phone(draws: Draws, chinese: bool) -> str:
    return f"1{draws.choice('3578')}{_digits(draws, 9)}" if chinese else f"555-{_digits(draws, 3)}-{_digits(draws, 4)}"


def _number(draws: Draws, chinese: bool) -> str:
    return f"{draws.choice('ABCDEFGHKMNPRSTX')}{_digits(draws, draws.integer(6, 9))}"


def _clock(draws: Draws, chinese: bool) -> str:
    return f"{draws.integer(0, 23):02d}:{draws.integer(0, 59):02d}"


def _seat(draws: Draws, chinese: bool) -> str:
    coach, row, place = draws.integer(1, 16), draws.integer(1, 20), draws.choice("ABCDF")
    return f"{coach:02d}车{row:02d}{place}号" if chinese else f"{row}{place}"


def _train(draws: Draws, chinese: bool) -> str:
    return f"{draws.choice('GDKZT')}{draws.integer(1, 9999)}"


def journey(draws: Draws, chinese: bool) -> tuple[str, str]:
    """Return two stations."""
    stations = _STATIONS if chinese else ("Boston", "Chicago", "Denver", "Dallas", "Seattle")
    start = draws.integer(0, len(stations) - 1)
    return stations[start], stations[(start + draws.integer(1, len(stations) - 1)) % len(stations)]


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a bill. Prices are in hundredths, so that sums are exact."""

    name: str
    count: int
    price: int

    @property
    def cost(self) -> int:
        """What all of them cost, in hundredths."""
        return self.count * self.price


def items(draws: Draws, chinese: bool, count: int, most: int, dearest: float) -> list[Item]:
    """Return what was bought, no name twice as long as there are others.

    Args:
        most: of one thing.
        dearest: price of one.
    """
    rest: list[str] = []
    bought = []
    for _ in range(count):
        rest = rest or list(_GOODS if chinese else _GOODS_EN)
        name = rest.pop(draws.integer(0, len(rest) - 1))
        bought.append(Item(name, draws.integer(1, most), draws.integer(50, round(100 * dearest))))
    return bought


def money(hundredths: int, thousands: bool = False) -> str:
    """Return an amount as it is written."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole:,}.{rest:02d}" if thousands else f"{whole}.{rest:02d}"


def _unit(draws: Draws, chinese: bool) -> str:
    return (
        f"{draws.choice(_PLACES)[:2]}{draws.choice(('宏达', '华瑞', '天成', '金辉', '永信'))}有限公司"
        if chinese
        else "Acme Ltd."
    )


NAME = FieldKind("姓名", "Name", person)
SEX = FieldKind("性别", "Sex", _sex)
ETHNIC = FieldKind("民族", "Nationality", _ethnic)
BORN = FieldKind("出生年月", "Date of birth", day)
ADDRESS = FieldKind("住址", "Address", _address)
ID_NUMBER = FieldKind("公民身份号码", "ID No.", id_number)
PHONE = FieldKind("联系电话", "Phone", _phone)
DATE = FieldKind("日期", "Date", day)
NUMBER = FieldKind("编号", "No.", _number)
AMOUNT = FieldKind("金额", "Amount", amount)
UNIT = FieldKind("单位", "Company", _unit)
CLERK = FieldKind("经办人", "Clerk", person)
TIME = FieldKind("时间", "Time", _clock)
SEAT = FieldKind("座位", "Seat", _seat)
TRAIN = FieldKind("车次", "Train", _train)
EVERY = (NAME, SEX, ETHNIC, BORN, ADDRESS, ID_NUMBER, PHONE, DATE, NUMBER, AMOUNT, UNIT, CLERK, TIME)
LONG = frozenset({ADDRESS, ID_NUMBER, UNIT})
"""Those whose values take a whole line."""
