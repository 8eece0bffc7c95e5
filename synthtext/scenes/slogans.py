"""What banners and pennants say in Chinese: set phrases with a name, a place or an occasion in them."""

from __future__ import annotations

from synthtext.assets.pattern_parts import CITIES, parts
from synthtext.rng import Draws
from synthtext.scenes.answers import Names

_EVENTS = parts(
    """国庆节 元旦 春节 劳动节 教师节 建校六十周年 公司成立十周年 新厂区投产 工程顺利竣工 项目奠基 第三届运动会 技能大赛
    招聘会 交易博览会 读书节 植树节 消防宣传日 安全生产月 科技文化节 龙舟赛 马拉松比赛 校园开放日"""
)
_CALLS = parts(
    """安全第一_预防为主 质量是企业的生命 人人讲卫生_家家爱清洁 绿水青山就是金山银山 保护环境_人人有责 文明出行_从我做起
    严禁酒后驾车 前方施工_请绕道行驶 消防安全_人人有责 珍惜水资源_从点滴做起 全民健身_健康生活 遵纪守法_文明经营
    讲文明_树新风 垃圾分类_举手之劳 知识改变命运_学习成就未来 严格管理_规范操作 高高兴兴上班_平平安安回家
    预防火灾_保障安全 诚信经营_童叟无欺 同心协力_再创佳绩 节约用电_随手关灯 关爱老人_从心开始 依法纳税_利国利民
    防诈骗_不轻信_不转账 珍爱生命_远离毒品 全场五折起_数量有限_售完为止 开业大酬宾_全场满百减三十"""
)
_PRAISES = parts(
    """妙手回春_医德高尚 医术精湛_服务热情 拾金不昧_品德高尚 见义勇为_弘扬正气 热心服务_排忧解难 秉公办案_执法如山
    教书育人_师德高尚 爱岗敬业_无私奉献 优质服务_宾至如归 心系群众_为民解忧 技术精湛_信誉第一 神速破案_为民除害
    关爱学生_胜似父母 救死扶伤_情暖人心 救人危难_恩重如山 公正廉明_不畏艰难 尽职尽责_温暖如春 华佗再世_仁心仁术"""
)


def slogan(draws: Draws, names: Names) -> str:
    """Return what a long banner says in one line."""
    form = draws.unit()
    if form < 0.3:
        return draws.choice(_CALLS).replace("_", " ")
    place = draws.choice(CITIES)[0][-3:] if draws.chance(0.5) else draws.choice(names["city"])
    if form < 0.5:
        return f"热烈欢迎{draws.choice((f'{place}领导', '各级领导', '各位来宾', '新老顾客', '广大师生'))}莅临指导"
    if form < 0.8:
        return f"热烈庆祝{place if draws.chance(0.5) else ''}{draws.choice(_EVENTS)}"
    return f"{draws.choice(names['company'])}{draws.choice(('开业大吉', '祝全市人民新年快乐', '诚聘英才', '欢迎您'))}"


def praise(draws: Draws, names: Names) -> list[str]:
    """Return what a pennant says, column by column from the right: to whom, the praise in two columns, from whom."""
    first, second = draws.choice(_PRAISES).split("_")
    person, other = draws.choice(names["person"]), draws.choice(names["person"])
    to = f"赠：{draws.choice((f'{person}医生', f'{person}警官', f'{person}老师', f'{person}同志'))}"
    return [to, first, second, f"{other}{draws.choice(('敬赠', '赠', '全家敬赠'))}"]
