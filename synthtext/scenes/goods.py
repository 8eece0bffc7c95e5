"""What receipts and bills name: goods with their usual prices, and sums that add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from synthtext.assets.pattern_parts import parts
from synthtext.rng import Draws

# A thing and what one of it costs, about, in hundredths.
GOODS = parts(
    """纯牛奶=590 全麦面包=880 红富士苹果=1290 矿泉水=200 洗衣液=3990 抽纸=1690 原味酸奶=650 鲜鸡蛋=1580 东北大米=5980
    花生油=8990 牙膏=1250 苏打饼干=790 绿茶=450 速溶咖啡=2980 黑巧克力=1850 可乐=350 方便面=450 火腿肠=580 榨菜=250
    香蕉=690 西红柿=480 土豆=320 五花肉=2680 鸡胸肉=1890 豆腐=350 生抽=1180 陈醋=880 食盐=250 白砂糖=750 洗发水=4590
    沐浴露=3590 香皂=590 毛巾=1290 垃圾袋=890 保鲜膜=990 电池=1450 中性笔=300 笔记本=850 打印纸=2590 文件夹=680
    插线板=4900 灯泡=1200 雨伞=2900 口罩=1590 酒精=980 创可贴=750 感冒灵=1680 维生素=5600 蜂蜜=3880 挂面=680
    牛肉面=2200 宫保鸡丁=3200 米饭=200 酸辣土豆丝=1600 鱼香肉丝=2800 红烧肉=4800 蒸饺=1800 小笼包=1500 豆浆=400
    珍珠奶茶=1500 美式咖啡=1800 拿铁=2400 汉堡=1900 薯条=1100 炸鸡=2500 水泥=2800 钢管=6500 轴承=3400 螺丝=1200
    电缆=18900 油漆=12800 开关=1600 水龙头=8800 瓷砖=4500 阀门=9600 机油=16800 轮胎=42000 滤芯=5600 灭火器=7900"""
)
GOODS_EN = parts(
    """Whole_milk=320 Sourdough=450 Apples=399 Still_water=110 Hand_soap=275 Tissues=220 Yoghurt=189 Eggs=349
    Basmati_rice=540 Olive_oil=899 Green_tea=425 Coffee_beans=1150 Bananas=149 Tomatoes=265 Cheddar=510
    Butter=385 Chicken=799 Pasta=135 Salt=95 Sugar=210 Shampoo=625 Toothpaste=299 Batteries=799 Notebook=350
    Printer_paper=899 Pens=420 Light_bulb=560 Umbrella=1499 Bandages=375 Honey=680 Latte=420 Espresso=290
    Muffin=325 Bagel=275 Burger=1190 Fries=390 Soda=250 Salad=950 Soup=620 Hex_bolts=640 Copper_pipe=1850
    Paint_5L=3490 Switch=720 Motor_oil=2890 Filter=1460 Valve=2240"""
)
_SPREAD = 0.25


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


def items(draws: Draws, goods: Sequence[str], count: int, most: int) -> list[Item]:
    """Return what was bought, no name twice as long as there are others.

    Args:
        goods: `thing=price`.
        most: of one thing.
    """
    rest: list[str] = []
    bought = []
    for _ in range(count):
        rest = rest or list(goods)
        name, _, usual = rest.pop(draws.integer(0, len(rest) - 1)).rpartition("=")
        price = int(usual) * (1.0 + draws.signed(_SPREAD))
        # Prices end in 0, 5 or 9.
        price = max(15, round(price / 10) * 10 - draws.choice((0, 0, 1, 5)))
        number = 1 if draws.chance(0.5) else draws.integer(1, most)
        bought.append(Item(name.replace("_", " "), number, price))
    return bought
