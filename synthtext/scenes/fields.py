"""What forms ask for: printed names of fields, each with the answer that somebody fills in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import methodcaller

from synthtext.scenes.answers import Answers


@dataclass(frozen=True, slots=True)
class FieldKind:
    """A field of a form: its printed name in Chinese and English, and what makes a value."""

    zh: str
    en: str
    value: Callable[[Answers], str]


NAME = FieldKind("姓名", "Name", methodcaller("person"))
SEX = FieldKind("性别", "Sex", methodcaller("sex"))
ETHNIC = FieldKind("民族", "Nationality", methodcaller("ethnic"))
BORN = FieldKind("出生年月", "Date of birth", methodcaller("born"))
ADDRESS = FieldKind("住址", "Address", methodcaller("address"))
ID_NUMBER = FieldKind("公民身份号码", "ID No.", methodcaller("identity"))
PHONE = FieldKind("联系电话", "Phone", methodcaller("phone"))
DATE = FieldKind("日期", "Date", methodcaller("day"))
NUMBER = FieldKind("编号", "No.", methodcaller("number"))
AMOUNT = FieldKind("金额", "Amount", methodcaller("amount"))
UNIT = FieldKind("单位", "Company", methodcaller("company"))
CLERK = FieldKind("经办人", "Clerk", methodcaller("person"))
TIME = FieldKind("时间", "Time", methodcaller("clock"))
SEAT = FieldKind("座位", "Seat", methodcaller("seat"))
TRAIN = FieldKind("车次", "Train", methodcaller("train"))
_MAIL = FieldKind("电子邮箱", "E-mail", methodcaller("mail"))
_ACCOUNT = FieldKind("银行账号", "Account No.", methodcaller("account"))
_BANK = FieldKind("开户行", "Bank", methodcaller("bank"))
_FORMAL = FieldKind("金额大写", "Total due", methodcaller("formal"))
EVERY = (
    NAME,
    SEX,
    ETHNIC,
    BORN,
    ADDRESS,
    ID_NUMBER,
    PHONE,
    DATE,
    NUMBER,
    AMOUNT,
    UNIT,
    CLERK,
    TIME,
    _MAIL,
    _ACCOUNT,
    _BANK,
    _FORMAL,
    FieldKind("籍贯", "Place of birth", methodcaller("city")),
    FieldKind("学历", "Degree", methodcaller("degree")),
    FieldKind("部门", "Department", methodcaller("department")),
    FieldKind("职务", "Position", methodcaller("job")),
    FieldKind("邮编", "Postcode", methodcaller("postcode")),
    FieldKind("备注", "Remarks", methodcaller("remark")),
    FieldKind("审核", "Approved by", methodcaller("person")),
    FieldKind("紧急联系人", "Next of kin", methodcaller("person")),
    FieldKind("有效期至", "Valid until", methodcaller("day")),
    FieldKind("合同编号", "Contract No.", methodcaller("number")),
    FieldKind("填表人", "Filled in by", methodcaller("person")),
)
LONG = frozenset({ADDRESS, ID_NUMBER, UNIT, _MAIL, _ACCOUNT, _BANK, _FORMAL})
"""Those whose values take a whole line."""
