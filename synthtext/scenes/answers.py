"""What somebody filled into a form: values that belong to one person and one day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from synthtext.assets import pattern_codes as codes
from synthtext.assets import pattern_numbers as numbers
from synthtext.assets.pattern_parts import CITIES, ID_REGIONS, MONTHS, digits, parts
from synthtext.rng import Draws

Names = Mapping[str, Sequence[str]]
"""kind -> names, as of `load_names`."""

_ETHNIC = parts("汉 汉 汉 汉 汉 汉 满 回 壮 苗 维吾尔 土家 蒙古 彝 藏 布依 侗 瑶 朝鲜 白 哈尼 哈萨克 黎 傣 畲")
_NATIONS = parts("USA UK Canada Australia Ireland India Kenya Germany France Spain Brazil Japan Mexico Italy Poland")
_DEGREES = parts("本科 大专 高中 硕士 博士 中专 初中")
_DEGREES_EN = parts("BSc BA MSc MBA PhD High_school Diploma")
_PARTS = parts("人事部 财务部 市场部 销售部 研发部 生产部 行政部 采购部 仓储部 质检部 客服部 法务部 工程部 信息中心")
_PARTS_EN = parts("HR Finance Marketing Sales R&D Production Purchasing Logistics Quality Support Legal IT")
_BANKS = parts("工商银行 建设银行 农业银行 中国银行 交通银行 招商银行 邮储银行")
_BRANCHES = parts("高新支行 中心支行 城东支行 城西支行 开发区支行 新区支行 营业部")
_REMARKS = parts("无 已核对 情况属实 同意 请尽快办理 资料齐全 待补充 按合同执行 急件 自提 货到付款 现金结清 转账 月结")
_REMARKS_EN = parts("none checked approved as_agreed urgent paid_in_cash net_30_days to_be_collected on_delivery")
_STATIONS = parts(
    """北京南 上海虹桥 广州南 深圳北 杭州东 成都东 武汉 西安北 南京南 长沙南 郑州东 天津西 济南西 合肥南 苏州 无锡东
    常州北 徐州东 青岛北 厦门北 福州南 南昌西 贵阳北 昆明南 南宁东 重庆西 兰州西 太原南 石家庄 沈阳北 长春西 哈尔滨西
    宁波 温州南 金华 义乌 桂林北 衡阳东 株洲西 岳阳东 信阳东 洛阳龙门 宝鸡南 大连北 烟台 潍坊 泰安 曲阜东"""
)
_STATIONS_EN = parts(
    """Boston Chicago Denver Dallas Seattle Atlanta Houston Portland Detroit Memphis Oakland Phoenix Albany Buffalo
    Cleveland Newark Orlando Miami Raleigh Tucson"""
)


def _spaced(text: str) -> str:
    return text.replace("_", " ")


class Answers:
    """Values for one form; what they say of a person's birth and sex agrees.

    Attributes:
        chinese: the form is in Chinese, otherwise in English.

    Args:
        names: of people, companies and places, in the form's language.
    """

    def __init__(self, draws: Draws, chinese: bool, names: Names) -> None:
        self._draws = draws
        self.chinese = chinese
        self._names = names
        self._born = (draws.integer(1948, 2010), draws.integer(1, 12), draws.integer(1, 28))
        self._man = draws.chance(0.5)
        self._style = draws.integer(0, 4)

    def person(self) -> str:
        """A name; one of two characters stands apart, as on forms."""
        name = self._draws.choice(self._names["person"])
        return f"{name[0]} {name[1]}" if self.chinese and len(name) == 2 and self._draws.chance(0.6) else name

    def sex(self) -> str:
        """The person's sex."""
        return ("女男" if self.chinese else "FM")[self._man]

    def ethnic(self) -> str:
        """An ethnic group of China, or a nationality."""
        return self._draws.choice(_ETHNIC if self.chinese else _NATIONS)

    def born(self) -> str:
        """The person's date of birth."""
        return self._day(*self._born)

    def day(self) -> str:
        """A date of the last years."""
        draws = self._draws
        return self._day(draws.integer(2009, 2026), draws.integer(1, 12), draws.integer(1, 28))

    def _day(self, year: int, month: int, date: int) -> str:
        """Return a date as this form's hand writes dates."""
        if self.chinese and self._style < 3:
            return f"{year}年{month:02d}月{date:02d}日" if self._style == 1 else f"{year}年{month}月{date}日"
        if not self.chinese and self._style < 2:
            return f"{date} {MONTHS[month - 1][:3]} {year}" if self._style else f"{month:02d}/{date:02d}/{year}"
        return (f"{year}-{month:02d}-{date:02d}", f"{year}.{month:02d}.{date:02d}")[self._style % 2]

    def identity(self) -> str:
        """The number of the person's identity card."""
        draws, (year, month, date) = self._draws, self._born
        if not self.chinese:
            return f"{draws.choice('ABCDEFGHKLMNPRSTXYZ')}{digits(draws, 8)}"
        order = draws.integer(0, 499) * 2 + self._man
        return f"{draws.choice(ID_REGIONS)}{year}{month:02d}{date:02d}{order:03d}{draws.choice('0123456789X')}"

    def address(self) -> str:
        """An address."""
        return codes.address_zh(self._draws) if self.chinese else self._draws.choice(self._names["street"])

    def phone(self) -> str:
        """A telephone number."""
        draws = self._draws
        return f"1{draws.choice('3578')}{digits(draws, 9)}" if self.chinese else codes.phone(draws)

    def number(self) -> str:
        """The number of a paper or a member."""
        draws = self._draws
        head = draws.choice(("", "No.", "NO", draws.choice("ABCDEFGHKMNPRSTX")))
        return f"{head}{digits(draws, draws.integer(6, 10))}"

    def amount(self) -> str:
        """A sum of money."""
        draws = self._draws
        value = 10 ** draws.between(0.8, 4.6)
        return draws.choice((f"{value:,.2f}", f"{value:.2f}元" if self.chinese else f"${value:,.2f}", f"{value:.2f}"))

    def formal(self) -> str:
        """A sum of money in the formal numerals."""
        return numbers.amount_formal(self._draws) if self.chinese else self.amount()

    def company(self) -> str:
        """A company."""
        return self._draws.choice(self._names["company"])

    def job(self) -> str:
        """A job."""
        return self._draws.choice(self._names["job"])

    def city(self) -> str:
        """A city."""
        return self._draws.choice(CITIES)[0] if self.chinese else self._draws.choice(self._names["city"])

    def clock(self) -> str:
        """A time of the day."""
        return f"{self._draws.integer(0, 23):02d}:{self._draws.integer(0, 59):02d}"

    def mail(self) -> str:
        """An e-mail address."""
        return codes.email(self._draws)

    def account(self) -> str:
        """The number of a bank account."""
        return f"62{digits(self._draws, self._draws.choice((14, 17)))}"

    def postcode(self) -> str:
        """A postcode."""
        return digits(self._draws, 6 if self.chinese else 5)

    def bank(self) -> str:
        """A branch of a bank."""
        draws = self._draws
        if not self.chinese:
            return f"{draws.choice(self._names['city'])} Savings Bank"
        return f"{draws.choice(_BANKS)}{draws.choice(_BRANCHES)}"

    def degree(self) -> str:
        """A degree of education."""
        return _spaced(self._draws.choice(_DEGREES if self.chinese else _DEGREES_EN))

    def department(self) -> str:
        """A department."""
        return self._draws.choice(_PARTS if self.chinese else _PARTS_EN)

    def remark(self) -> str:
        """A remark."""
        return _spaced(self._draws.choice(_REMARKS if self.chinese else _REMARKS_EN))

    def seat(self) -> str:
        """A seat of a train."""
        draws = self._draws
        coach, row, place = draws.integer(1, 16), draws.integer(1, 20), draws.choice("ABCDF")
        return f"{coach:02d}车{row:02d}{place}号" if self.chinese else f"{row}{place}"

    def train(self) -> str:
        """The number of a train."""
        return f"{self._draws.choice('GDKZTC')}{self._draws.integer(1, 9999)}"

    def journey(self) -> tuple[str, str]:
        """Two stations."""
        return self._two(_STATIONS if self.chinese else _STATIONS_EN)

    def _two(self, stations: Sequence[str]) -> tuple[str, str]:
        start = self._draws.integer(0, len(stations) - 1)
        return stations[start], stations[(start + self._draws.integer(1, len(stations) - 1)) % len(stations)]
