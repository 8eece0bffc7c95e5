"""What forms ask for: printed names of fields, each with the answer that somebody fills in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from synthtext.scenes.answers import Answers


@dataclass(frozen=True, slots=True)
class FieldKind:
    """A field of a form: its printed name in Chinese and English, and what makes a value."""

    zh: str
    en: str
    value: Callable[[Answers], str]


NAME = FieldKind("姓名", "Name", Answers.person)
SEX = FieldKind("性别", "Sex", Answers.sex)
ETHNIC = FieldKind("民族", "Nationality", Answers.ethnic)
BORN = FieldKind("出生年月", "Date of birth", Answers.born)
ADDRESS = FieldKind("住址", "Address", Answers.address)
ID_NUMBER = FieldKind("公民身份号码", "ID No.", Answers.identity)
PHONE = FieldKind("联系电话", "Phone", Answers.phone)
DATE = FieldKind("日期", "Date", Answers.day)
NUMBER = FieldKind("编号", "No.", Answers.number)
AMOUNT = FieldKind("金额", "Amount", Answers.amount)
UNIT = FieldKind("单位", "Company", Answers.company)
CLERK = FieldKind("经办人", "Clerk", Answers.person)
TIME = FieldKind("时间", "Time", Answers.clock)
SEAT = FieldKind("座位", "Seat", Answers.seat)
TRAIN = FieldKind("车次", "Train", Answers.train)
_MAIL = FieldKind("电子邮箱", "E-mail", Answers.mail)
_ACCOUNT = FieldKind("银行账号", "Account No.", Answers.account)
_BANK = FieldKind("开户行", "Bank", Answers.bank)
_FORMAL = FieldKind("金额大写", "Total due", Answers.formal)
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
    FieldKind("籍贯", "Place of birth", Answers.city),
    FieldKind("学历", "Degree", Answers.degree),
    FieldKind("部门", "Department", Answers.department),
    FieldKind("职务", "Position", Answers.job),
    FieldKind("邮编", "Postcode", Answers.postcode),
    FieldKind("备注", "Remarks", Answers.remark),
    FieldKind("审核", "Approved by", Answers.person),
    FieldKind("紧急联系人", "Next of kin", Answers.person),
    FieldKind("有效期至", "Valid until", Answers.day),
    FieldKind("合同编号", "Contract No.", Answers.number),
    FieldKind("填表人", "Filled in by", Answers.person),
)
LONG = frozenset({ADDRESS, ID_NUMBER, UNIT, _MAIL, _ACCOUNT, _BANK, _FORMAL})
"""Those whose values take a whole line."""
