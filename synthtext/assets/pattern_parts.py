"""What the patterns are put together from: alphabets, strings of random digits, and lists of parts."""

from __future__ import annotations

from synthtext.rng import Draws

DIGITS = "0123456789"
UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LOWER = "abcdefghijklmnopqrstuvwxyz"
HEX = "0123456789ABCDEF"
# Plates leave out I and O, which would be read as 1 and 0.
PLATE = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"


def digits(draws: Draws, count: int) -> str:
    """Return this many random digits."""
    return "".join([DIGITS[int(unit * 10)] for unit in draws.units(count)])


def some(draws: Draws, alphabet: str, count: int) -> str:
    """Return this many random characters of an alphabet."""
    size = len(alphabet)
    return "".join([alphabet[int(unit * size)] for unit in draws.units(count)])


def parts(text: str) -> tuple[str, ...]:
    """Return the parts that white space separates; `_` stands for nothing."""
    return tuple("" if part == "_" else part for part in text.split())


MONTHS = parts("January February March April May June July August September October November December")
WEEKDAYS = parts("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
CURRENCIES = parts("USD EUR GBP CNY JPY HKD RMB AUD")
GOODS_UNITS = parts("斤 kg 个 份 盒 瓶 500g 张 位 人 小时 天 月 次 件 双 套 箱 袋")
UNITS = parts(
    """ml mL L g kg mg cm mm m km km/h kWh W kW V A mAh GB MB TB Hz GHz ℃ °C ° inch oz lb ft mph kcal
    kJ MPa dB fps px K rpm"""
)
PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
ID_REGIONS = parts(
    """110101 120103 130102 210102 310104 320106 330106 350203 370202 410105 420106 430102 440305
    500103 510107 610113"""
)
SITES = parts(
    """example shop news mail taobuy citybank travel music cloud game bookcity auto health foodie
    sport photo map learn hotel market data green sunny star"""
)
ENDINGS = parts(".com .cn .com.cn .net .org .io .co.uk .edu.cn .gov.cn .info .de .jp")
USERS = parts("info sales service admin hr contact support zhang wang liwei chen tom anna")
HOSTS = parts("163.com qq.com gmail.com 126.com outlook.com")
AREA_CODES = parts("010 021 0755 0571 028 020 027 0512")
CITIES = tuple(
    (line.split()[0], tuple(line.split()[1:]))
    for line in """北京市 朝阳区 海淀区 东城区 西城区 丰台区 通州区
    上海市 浦东新区 黄浦区 徐汇区 静安区 杨浦区 闵行区
    广东省广州市 天河区 越秀区 海珠区 白云区 番禺区
    广东省深圳市 南山区 福田区 罗湖区 宝安区 龙岗区
    浙江省杭州市 西湖区 上城区 拱墅区 滨江区 余杭区
    江苏省南京市 玄武区 鼓楼区 秦淮区 建邺区 江宁区
    江苏省苏州市 姑苏区 吴中区 虎丘区 吴江区
    四川省成都市 锦江区 青羊区 武侯区 成华区 双流区
    重庆市 渝中区 江北区 沙坪坝区 南岸区 九龙坡区
    湖北省武汉市 武昌区 江汉区 洪山区 汉阳区
    湖南省长沙市 岳麓区 芙蓉区 天心区 雨花区
    陕西省西安市 雁塔区 碑林区 莲湖区 未央区
    山东省青岛市 市南区 崂山区 李沧区 黄岛区
    福建省厦门市 思明区 湖里区 集美区
    河南省郑州市 金水区 中原区 二七区 管城区
    辽宁省大连市 中山区 沙河口区 甘井子区
    云南省昆明市 五华区 盘龙区 官渡区
    黑龙江省哈尔滨市 道里区 南岗区 香坊区""".splitlines()
)
ROADS = parts(
    """人民路 中山路 解放路 建设路 和平路 新华路 文化路 胜利路 长江路 黄河路 学院路 工业路 滨河路
    滨江大道 迎宾大道 世纪大道 科技路 创业路 花园路 公园路 体育路 青年路 民主路 光明路 友谊路
    东风路 红旗路 幸福路 朝阳路 南京路 北京路 上海路 长安街 延安路 环城路 湖滨路 望江路 凤凰路
    桃园路 梧桐路 银杏街 翠竹路 古城街 钟楼街 太平街 西大街 东大街 老街 步行街"""
)
