"""Languages described in files: which words, names and forms of dates and prices a text in them has.

Chinese and English are older and made by code of their own (`corpus`, `patterns`); every other language is a YAML
file in `charsets/languages/`, or one of the user's own. docs/guides/add-a-language.md walks through one.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field, ValidationError, field_validator

from synthtext.assets.names import KINDS
from synthtext.assets.textfiles import read_text, tidy
from synthtext.errors import AssetError
from synthtext.paths import data_dir
from synthtext.rng import Draws
from synthtext.spec import Spec

BUILT_IN = ("zh", "zh-hant", "en")
_DAMPING = 0.5
_SLOT = re.compile(r"(\{[^{}]*\}|#)")

Weight = Annotated[float, Field(ge=0)]
Maker = Callable[[Draws], str]


class FormsSpec(Spec):
    """Texts of one kind.

    Attributes:
        forms: `#` is a digit, `{...}` a part such as `{y}` or `{amount}`, all else stands for itself.
        weight: relative to the other kinds of the language.
        labels: field names that may stand before it.
        columns: it also looks right in a vertical column.
    """

    forms: Annotated[tuple[str, ...], Field(min_length=1)]
    weight: Annotated[float, Field(gt=0)] = 1.0
    labels: tuple[str, ...] = ()
    columns: bool = False


class LanguageSpec(Spec):
    """One language.

    Attributes:
        spaces: words are set apart by spaces.
        latin: it is written in Latin letters.
        words, phrases: files, a word or phrase a line, `word<tab>count` in `.tsv`; shipped ones by their name, those
            of a file of one's own relative to it.
        wordfreq: the language's tag in the package wordfreq.
        faker: locale of the package faker, for `names`.
        names: weights of person, company, address, street, city and job.
        name_labels: for each of them field names that may stand before it.
        joining: words that stand between others.
        glue: without spaces: what stands between words, with weights.
        ends: marks at the end of a phrase, one of them is drawn.
        comma: between words of a phrase.
        months, weekdays: their names as dates have them.
        letters: name -> letters that `{name}` is drawn from.
        papers: file beside this one that says what forms say (`papers.PapersSpec`).
    """

    name: str
    spaces: bool = True
    latin: bool = False
    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    wordfreq: str | None = None
    faker: str | None = None
    names: dict[str, Weight] = Field(default_factory=dict)
    name_labels: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    joining: tuple[str, ...] = ()
    glue: dict[str, Weight] = Field(default_factory=lambda: {"": 1.0})
    ends: str = ".!?"
    comma: str = ","
    months: tuple[str, ...] = ()
    weekdays: tuple[str, ...] = ()
    patterns: tuple[FormsSpec, ...] = ()
    letters: dict[str, Annotated[str, Field(min_length=1)]] = Field(default_factory=dict)
    papers: str | None = None

    @field_validator("names", "name_labels")
    @classmethod
    def _kinds_are_known(cls, kinds: dict[str, object]) -> dict[str, object]:
        for kind in kinds:
            if kind not in KINDS:
                raise ValueError(f"{kind!r} is no kind of name; there are {', '.join(KINDS)}")
        return kinds

    @field_validator("months")
    @classmethod
    def _months_are_twelve(cls, months: tuple[str, ...]) -> tuple[str, ...]:
        if len(months) not in (0, 12):
            raise ValueError(f"{len(months)} months; write all 12, or none")
        return months


class Language:
    """A language with its files read.

    Attributes:
        spec: as its file says.
        path: of its file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.spec = _read(path)
        for number, forms in enumerate(self.spec.patterns):
            for form in forms.forms:
                for slot in _slots(form):
                    if slot not in _PARTS and slot not in self.spec.letters:
                        known = ", ".join(f"{{{name}}}" for name in [*_PARTS, *self.spec.letters])
                        raise AssetError(
                            f"{path}: patterns.{number}.forms: {form!r} has {{{slot}}}, which is not known; use {known}"
                        )
                    if slot == "month" and not self.spec.months:
                        raise AssetError(f"{path}: patterns.{number}.forms: {{month}} needs the list `months`")
                    if slot == "weekday" and not self.spec.weekdays:
                        raise AssetError(f"{path}: patterns.{number}.forms: {{weekday}} needs the list `weekdays`")

    def words(self) -> Iterator[tuple[str, float]]:
        """Yield words with weights: square roots of counts, so that frequent ones do not crowd out the others."""
        for name in self.spec.words:
            file = self._file(name)
            table = file.name.removesuffix(".gz").endswith(".tsv")
            for number, line in enumerate(read_text(file).splitlines(), 1):
                word, tab, count = line.partition("\t") if table else (line, "\t", "1")
                if not word.strip():
                    continue
                try:
                    weight = float(count)
                except ValueError:
                    weight = -1.0
                if not tab or not weight >= 0:
                    raise AssetError(f"{file}: line {number}: expected a word, a tab and a count >= 0")
                if weight:
                    yield tidy(word), weight**_DAMPING

    def phrases(self) -> list[str]:
        """Return signs and notices."""
        found = [tidy(line) for name in self.spec.phrases for line in read_text(self._file(name)).splitlines()]
        return [line for line in found if line]

    def makers(self) -> list[tuple[FormsSpec, Maker]]:
        """Return the kinds of formed texts, each with the function that draws one."""
        return [(forms, self._maker(forms)) for forms in self.spec.patterns]

    def _file(self, name: str) -> Path:
        shipped = data_dir("charsets") / "corpora" / name
        own = self.path.parent / name
        if own.is_file():
            return own
        if shipped.is_file():
            return shipped
        raise AssetError(f"{self.path}: there is no file {name} beside it or among the shipped lists; check the name")

    def _maker(self, forms: FormsSpec) -> Maker:
        cut = [tuple(part for part in _SLOT.split(form) if part) for form in forms.forms]
        spec = self.spec

        def make(draws: Draws) -> str:
            return "".join([_part(draws, part, spec) for part in draws.choice(cut)])

        return make


def shipped_languages() -> tuple[str, ...]:
    """Return the tags of all languages that come with synthtext."""
    found = sorted(path.stem for path in (data_dir("charsets") / "languages").glob("*.yaml"))
    return (*BUILT_IN, *found)


def check_language(name: str) -> None:
    """Raise ValueError if a name is neither a shipped language nor a YAML file."""
    if _is_file(name) or name in shipped_languages():
        return
    near = difflib.get_close_matches(name, shipped_languages(), 1, 0.6)
    hint = f"did you mean {near[0]!r}? " if near else ""
    raise ValueError(
        f"no language is called {name!r}; {hint}there are {', '.join(shipped_languages())}, or name a YAML file"
        " (docs/guides/add-a-language.md)"
    )


@lru_cache(maxsize=32)
def load_language(name: str) -> Language | None:
    """Return a language of a file by its tag or path; None for those that code makes.

    Raises:
        AssetError: the file is missing or has faults.
    """
    if name in BUILT_IN:
        return None
    path = Path(name).expanduser() if _is_file(name) else data_dir("charsets") / "languages" / f"{name}.yaml"
    return Language(path)


def _is_file(name: str) -> bool:
    return name.endswith((".yaml", ".yml"))


def _read(path: Path) -> LanguageSpec:
    try:
        data = yaml.safe_load(path.read_text("utf-8-sig"))
    except OSError as error:
        raise AssetError(f"language {path}: cannot be read ({error.strerror}); check the path") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise AssetError(f"language {path}: not valid YAML: {' '.join(str(error).split())}") from None
    if not isinstance(data, dict):
        raise AssetError(f"language {path}: expected `key: value` lines")
    try:
        return LanguageSpec.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        at = ".".join(str(part) for part in first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            message = f"no such setting; known are {', '.join(LanguageSpec.model_fields)}"
        raise AssetError(f"language {path}: {at}: {message[:1].lower()}{message[1:]}") from None


def _slots(form: str) -> Iterator[str]:
    for part in _SLOT.split(form):
        if part.startswith("{"):
            yield part[1:-1]


def _part(draws: Draws, part: str, spec: LanguageSpec) -> str:
    if part == "#":
        return str(draws.integer(0, 9))
    if part[0] != "{":
        return part
    name = part[1:-1]
    if name == "month":
        return draws.choice(spec.months)
    if name == "weekday":
        return draws.choice(spec.weekdays)
    if name in spec.letters:
        return draws.choice(spec.letters[name])
    return _PARTS[name](draws)


def _grouped(draws: Draws) -> str:
    return f"{draws.integer(1, 10 ** draws.integer(2, 6)):,}"


_PARTS: Mapping[str, Maker] = {
    "y": lambda draws: str(draws.integer(1980, 2039)),
    "yy": lambda draws: f"{draws.integer(0, 99):02}",
    "by": lambda draws: str(draws.integer(2523, 2582)),
    "m": lambda draws: str(draws.integer(1, 12)),
    "mm": lambda draws: f"{draws.integer(1, 12):02}",
    "d": lambda draws: str(draws.integer(1, 28)),
    "dd": lambda draws: f"{draws.integer(1, 28):02}",
    "H": lambda draws: f"{draws.integer(0, 23):02}",
    "h": lambda draws: str(draws.integer(1, 12)),
    "M": lambda draws: f"{draws.integer(0, 59):02}",
    "n": lambda draws: str(draws.integer(1, 99)),
    "nn": lambda draws: str(draws.integer(100, 999)),
    "amount": _grouped,
    "big": lambda draws: f"{draws.integer(1, 999)},{draws.choice(('000', '500', '800', '900'))}",
    "cents": lambda draws: f"{draws.integer(1, 9999):,}.{draws.choice(('00', '50', '75', '90', '95', '99'))}",
    "month": lambda draws: "",
    "weekday": lambda draws: "",
}
