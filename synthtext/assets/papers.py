"""What cards, tickets, receipts, bills and forms say, described in a file for each language.

Chinese and English papers are older and made by code of their own (`scenes.paperwork`); every other language has a
YAML file in `charsets/papers/`, or the file that `papers` names in the file of a language of one's own.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field, ValidationError, field_validator

from synthtext.assets.languages import load_language
from synthtext.errors import AssetError
from synthtext.paths import data_dir
from synthtext.spec import Spec

CODED = ("zh", "en")
FIELDS = (
    "Name", "Sex", "Nationality", "Date of birth", "Address", "ID No.", "Phone", "Date", "No.", "Amount", "Company",
    "Clerk", "Time", "Seat", "Train", "E-mail", "Account No.", "Bank", "Total due", "Place of birth", "Degree",
    "Department", "Position", "Postcode", "Remarks", "Approved by", "Next of kin", "Valid until", "Contract No.",
    "Filled in by",
)  # fmt: skip
_DATE_PARTS = {"y": 2000, "m": 1, "mm": "01", "d": 1, "dd": "01", "by": 2543, "roc": 89}

Texts = Annotated[tuple[str, ...], Field(min_length=1)]


class PapersSpec(Spec):
    """The papers of one language.

    Attributes:
        fields: English name of each field -> the name that is printed.
        cards, tables, bills, receipts: titles; one may be empty.
        bill_heads: number, thing, unit, count, price, sum.
        receipt_heads: thing, count, sum.
        units, paid, thanks: of things sold; ways to pay; what stands below a receipt.
        total, paid_by: printed before the sum and before the way it was paid.
        goods: `thing=price`; prices in hundredths, or in whole `unit`s where `decimals` is 0.
        shops: with `{}` for somebody's name.
        sexes: female, male.
        nations, degrees, departments, remarks, banks, stations: values; `{city}` in a bank is a city's name.
        dates: with `{y}`, `{m}`, `{mm}`, `{d}`, `{dd}`, `{by}` (Buddhist year), `{roc}` (year of the Republic).
        phones, ids, postcodes, seats, trains: `#` is a digit.
        money: with `{}` for the amount.
        decimals: of an amount, 0 or 2.
        unit: what prices of `goods` are multiplied with.
        comma: between an amount's whole and its hundredths.
        rtl: written from the right: papers are laid out from there.
    """

    fields: dict[str, str]
    cards: Texts
    tables: Texts
    bills: Texts
    receipts: Texts
    bill_heads: Annotated[tuple[str, ...], Field(min_length=6, max_length=6)]
    receipt_heads: Annotated[tuple[str, ...], Field(min_length=3, max_length=3)]
    units: Texts
    paid: Texts
    thanks: Texts
    total: str
    paid_by: str
    goods: Annotated[tuple[str, ...], Field(min_length=12)]
    shops: Texts
    sexes: tuple[str, str]
    nations: Texts
    degrees: Texts
    departments: Texts
    remarks: Texts
    banks: Texts
    stations: Annotated[tuple[str, ...], Field(min_length=2)]
    dates: Texts
    phones: Texts
    ids: Texts
    postcodes: Texts
    seats: Texts
    trains: Texts
    money: Texts
    decimals: Annotated[int, Field(ge=0, le=2)] = 2
    unit: Annotated[int, Field(ge=1)] = 1
    comma: str = "."
    rtl: bool = False

    @field_validator("fields")
    @classmethod
    def _all_are_named(cls, names: dict[str, str]) -> dict[str, str]:
        missing = [name for name in FIELDS if not names.get(name)]
        if missing:
            raise ValueError(f"{missing[0]!r} has no name; name all of {', '.join(FIELDS)}")
        return names

    @field_validator("goods")
    @classmethod
    def _goods_have_prices(cls, goods: tuple[str, ...]) -> tuple[str, ...]:
        for text in goods:
            name, _, price = text.rpartition("=")
            if not name or not price.isascii() or not price.isdigit() or int(price) < 1:
                raise ValueError(f"{text!r} is no thing with a price; write thing=1250")
        return goods

    @field_validator("dates")
    @classmethod
    def _dates_are_known(cls, dates: tuple[str, ...]) -> tuple[str, ...]:
        for form in dates:
            try:
                form.format(**_DATE_PARTS)
            except (KeyError, IndexError, ValueError):
                known = ", ".join(f"{{{name}}}" for name in _DATE_PARTS)
                raise ValueError(f"{form!r} has a part that is not known; use {known}") from None
        return dates


@lru_cache(maxsize=32)
def load_papers(language: str) -> PapersSpec:
    """Return the papers of a language by its tag or file.

    Raises:
        AssetError: there are none, or their file has faults.
    """
    path = _path(language)
    try:
        data = yaml.safe_load(path.read_text("utf-8-sig"))
    except OSError as error:
        raise AssetError(f"papers {path}: cannot be read ({error.strerror}); check the path") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise AssetError(f"papers {path}: not valid YAML: {' '.join(str(error).split())}") from None
    try:
        return PapersSpec.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        at = ".".join(str(part) for part in first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        raise AssetError(f"papers {path}: {at}: {message[:1].lower()}{message[1:]}") from None


def _path(language: str) -> Path:
    described = load_language(language)
    if described is not None and described.spec.papers:
        return described.path.parent / described.spec.papers
    shipped = data_dir("charsets") / "papers" / f"{language}.yaml"
    if shipped.is_file():
        return shipped
    known = ", ".join([*CODED, *sorted(path.stem for path in shipped.parent.glob("*.yaml"))])
    raise AssetError(
        f"forms: there are no papers in language {language!r}, only in {known}; name a file of them as `papers` in the"
        " language's file (docs/guides/add-a-language.md), or give the language no weight in text.languages"
    )
