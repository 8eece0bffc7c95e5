"""What somebody filled into a form in a language that a file describes."""

from __future__ import annotations

from collections.abc import Sequence

from synthtext.assets.papers import PapersSpec
from synthtext.rng import Draws
from synthtext.scenes.answers import Answers, Names


class WordedAnswers(Answers):
    """Values for one form, of the words that a language's papers have.

    Args:
        names: of people, companies and places, in the form's language.
    """

    def __init__(self, draws: Draws, spec: PapersSpec, names: Names) -> None:
        super().__init__(draws, False, names)
        self._spec = spec

    def person(self) -> str:
        """A name."""
        return self._draws.choice(self._names["person"])

    def company(self) -> str:
        """A company."""
        known = self._names["company"]
        return self._draws.choice(known) if known else self._draws.choice(self._spec.shops).format(self.city())

    def job(self) -> str:
        """A job."""
        return self._draws.choice(self._names["job"] or self._spec.departments)

    def city(self) -> str:
        """A city."""
        return self._draws.choice(self._names["city"] or self._spec.stations)

    def address(self) -> str:
        """An address."""
        known = self._names["street"] or self._names["address"]
        return self._draws.choice(known) if known else f"{self.city()} {self._draws.integer(1, 199)}"

    def sex(self) -> str:
        """The person's sex."""
        return self._spec.sexes[self._man]

    def ethnic(self) -> str:
        """A nationality."""
        return self._draws.choice(self._spec.nations)

    def _day(self, year: int, month: int, date: int) -> str:
        form = self._spec.dates[self._style % len(self._spec.dates)]
        return form.format(
            y=year, m=month, mm=f"{month:02d}", d=date, dd=f"{date:02d}", by=year + 543, roc=max(1, year - 1911)
        )

    def identity(self) -> str:
        """The number of the person's identity card."""
        return self._formed(self._spec.ids)

    def phone(self) -> str:
        """A telephone number."""
        return self._formed(self._spec.phones)

    def postcode(self) -> str:
        """A postcode."""
        return self._formed(self._spec.postcodes)

    def seat(self) -> str:
        """A seat of a train."""
        return self._formed(self._spec.seats)

    def train(self) -> str:
        """The number of a train."""
        return self._formed(self._spec.trains)

    def amount(self) -> str:
        """A sum of money."""
        draws, spec = self._draws, self._spec
        value = 10 ** draws.between(0.8, 4.6)
        if spec.decimals:
            whole, rest = divmod(round(value * 100), 100)
            text = f"{whole}{spec.comma}{rest:02d}"
        else:
            text = f"{round(value) * 10 * spec.unit:,}"
        return draws.choice(spec.money).format(text)

    def formal(self) -> str:
        """A sum of money: no other language has numerals of its own for it."""
        return self.amount()

    def bank(self) -> str:
        """A bank."""
        return self._draws.choice(self._spec.banks).format(city=self.city())

    def degree(self) -> str:
        """A degree of education."""
        return self._draws.choice(self._spec.degrees)

    def department(self) -> str:
        """A department."""
        return self._draws.choice(self._spec.departments)

    def remark(self) -> str:
        """A remark."""
        return self._draws.choice(self._spec.remarks)

    def journey(self) -> tuple[str, str]:
        """Two stations."""
        return self._two(self._spec.stations)

    def _formed(self, forms: Sequence[str]) -> str:
        draws = self._draws
        return "".join(str(draws.integer(0, 9)) if char == "#" else char for char in draws.choice(forms))
