"""Write: decide what a sample says.

The wanted length is drawn first and a text is put together to fit it, from characters that are in the charset
and in a font; so no later stage and no writer has to drop a sample for its length or its characters.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import Annotated

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from synthtext.assets.anchors import AnchorWords, CharSampler, join_pieces
from synthtext.assets.charset import Charset
from synthtext.assets.languages import check_language
from synthtext.assets.lengths import LengthSpec, length_shares
from synthtext.assets.patterns import check_pattern
from synthtext.assets.sources import Request, Sources, open_sources
from synthtext.assets.wording import RandomStrings, Wording
from synthtext.bidi import has_right_to_left
from synthtext.errors import AssetError, Rejected
from synthtext.rng import Draws, Streams
from synthtext.scripts import capitals
from synthtext.spec import Spec
from synthtext.values import Direction, Writing

Weight = Annotated[float, Field(ge=0)]
Chance = Annotated[float, Field(ge=0, le=1)]

_TRIES = 4
_LATIN = re.compile("[A-Za-z]")
_APART = frozenset({"patterns", "names", "lines"})
# The lengths that come out are measured when texts are opened, and the wanted ones shifted to give the mean.
_TRIALS = 1200
_ROUNDS = 3


class MixSpec(Spec):
    """Weights of the sources; one that is not named is not used, but `lines`, which counts when there are corpora."""

    words: Weight = 0.0
    mixed: Weight = 0.0
    patterns: Weight = 0.0
    names: Weight = 0.0
    random: Weight = 0.0
    lines: Weight = 1.0


_USUAL_MIX = MixSpec(words=0.28, mixed=0.2, patterns=0.22, names=0.08, random=0.22)


class CaseSpec(Spec):
    """Weights of what is done to cased letters."""

    as_is: Weight = 0.0
    lower: Weight = 0.0
    upper: Weight = 0.0
    title: Weight = 0.0


_USUAL_CASE = CaseSpec(as_is=0.75, lower=0.03, upper=0.14, title=0.08)


def _usual_languages() -> dict[str, float]:
    return {"zh": 0.85, "en": 0.15}


class TextSpec(Spec):
    """What is written.

    Attributes:
        languages: weights, by tag (`charsets/languages/` holds all but `zh`, `zh-hant`, `en`) or by the YAML file of a
            language of one's own; none: corpora or random text.
        punctuation: chance of a mark at the end of a phrase.
        full_width: chance that half-width marks, letters and digits become full-width ones of the charset.
        digits: share of digits in random codes.
        native_digits: chance that digits become those of the charset's own script, in texts without Latin letters.
        spaces: whether texts may hold U+0020, which is in no charset.
        corpora: files of one's own: lines of text, or words with weights (`word<tab>weight`).
        patterns: of one's own: `#` digit, `@` capital, `?` small letter, `*` any character, `\\` escapes.
        anchors: characters of the charset that a text is given to hold, in turn.
        wordfreq: take words and their frequencies from the package wordfreq, where it knows the language.
        per_char: how often each character of the charset has to appear; then every text has anchors, else
            only random strings.
    """

    direction: Direction = "ltr"
    length: LengthSpec = LengthSpec()
    mix: MixSpec = _USUAL_MIX
    languages: dict[str, Weight] = Field(default_factory=_usual_languages)
    case: CaseSpec = _USUAL_CASE
    punctuation: Chance = 0.15
    full_width: Chance = 0.05
    digits: Chance = 0.4
    native_digits: Chance = 0.0
    spaces: bool = True
    corpora: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    wordfreq: bool = False
    anchors: int = Field(default=1, ge=0, le=8)
    per_char: int | None = Field(default=None, ge=1)

    @field_validator("languages")
    @classmethod
    def _languages_exist(cls, languages: dict[str, float]) -> dict[str, float]:
        for name in languages:
            check_language(name)
        return languages

    @field_validator("patterns")
    @classmethod
    def _patterns_are_whole(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            check_pattern(pattern)
        return patterns

    @model_validator(mode="after")
    def _anchors_fit(self) -> TextSpec:
        if self.per_char is not None and self.anchors == 0:
            raise PydanticCustomError("anchors", "per_char needs anchors; set anchors to 1 or more")
        if self.anchors > self.length.max:
            raise PydanticCustomError(
                "anchors", f"{self.anchors} anchors do not fit {self.length.max} characters; raise length.max"
            )
        return self


@dataclass(slots=True, eq=False)
class Texts:
    """All that texts are drawn from, for one configuration; opened once a worker, then read-only.

    Attributes:
        sampler: its `chars` are the characters that anchors and random strings are taken from.
        allowed: characters that may be written.
    """

    spec: TextSpec
    allowed: frozenset[str]
    sampler: CharSampler
    sources: Sources
    _names: list[str]
    _wordings: list[Wording]
    _mix: list[float]
    _lengths: list[float]
    _anchor_words: AnchorWords
    _case: list[float]
    _wide: dict[int, str]
    _digits: list[dict[int, str]]

    @property
    def strings(self) -> RandomStrings:
        """Random strings, which can always be written."""
        return self.sources.strings


def open_texts(spec: TextSpec, charset: Charset, writable: frozenset[str], use_cache: bool = True) -> Texts:
    """Return what texts are drawn from.

    Args:
        writable: the characters that some face can draw.
        use_cache: names may be read from and kept in the cache folder.

    Raises:
        AssetError: a corpus cannot be used, or nothing of the charset can be written.
    """
    sampler = CharSampler([char for char in charset.chars if char in writable])
    if not sampler.chars:
        raise AssetError(f"charset '{charset.name}': no font draws any of its {len(charset)} characters; add one")
    allowed = (charset.members & writable) | (frozenset(" ") if spec.spaces else frozenset())
    request = Request(
        languages=spec.languages,
        allowed=allowed,
        chars=sampler.chars,
        max_length=spec.length.max,
        punctuation=spec.punctuation,
        digits=spec.digits,
        columns=spec.direction == "ttb",
        corpora=spec.corpora,
        patterns=spec.patterns,
        use_cache=use_cache,
        wordfreq=spec.wordfreq,
    )
    weights: dict[str, float] = {name: weight for name, weight in spec.mix.model_dump().items() if weight > 0}
    sources = open_sources(request, frozenset(weights))
    usable = {name: weight for name, weight in weights.items() if name in sources.by_name} or {"random": 1.0}
    texts = Texts(
        spec=spec,
        allowed=allowed,
        sampler=sampler,
        sources=sources,
        _names=list(usable),
        _wordings=[sources.by_name[name] for name in usable],
        _mix=list(accumulate(usable.values())),
        _lengths=[],
        _anchor_words=AnchorWords(sources.words, allowed),
        _case=list(accumulate((spec.case.as_is or 1e-9, spec.case.lower, spec.case.upper, spec.case.title))),
        _wide={code: chr(code + 0xFEE0) for code in range(0x21, 0x7F) if chr(code + 0xFEE0) in allowed},
        _digits=_native_digits(allowed),
    )
    _calibrate(texts)
    return texts


def anchors_for(seed: int, index: int, texts: Texts) -> str:
    """Return the characters that sample `index` should hold; decided from (seed, index) alone."""
    return texts.sampler.take(seed, index, texts.spec.anchors)


def required_count(spec: TextSpec, n_chars: int) -> int:
    """Return how many samples it takes until each of `n_chars` characters has appeared `per_char` times."""
    if spec.per_char is None:
        return 0
    return -(-spec.per_char * n_chars // spec.anchors)


def write(draws: Draws, texts: Texts, anchors: str, wanted: int | None = None) -> Writing:
    """Return what a sample says.

    Args:
        anchors: from `anchors_for`. Without `per_char` only random strings take them; `Writing.anchors` says.
        wanted: about how many characters; None for what the configuration says.

    Raises:
        Rejected: no text came out right, which the sources make next to impossible.
    """
    spec = texts.spec
    at = draws.weighted(texts._mix)
    name, wording = texts._names[at], texts._wordings[at]
    length = spec.length.min + bisect_right(texts._lengths, draws.unit())
    if wanted is not None:
        length = min(max(wanted, spec.length.min), spec.length.max)
    if spec.per_char is None and wording is not texts.strings:
        anchors = ""
    length = max(length, len(anchors))
    for attempt in range(_TRIES):
        if attempt == _TRIES // 2 and "words" in texts.sources.by_name:
            name, wording = "words", texts.sources.by_name["words"]
        text = _compose(draws, texts, name, wording, length, anchors)
        if text:
            text = _dress(draws, texts, text, anchors, name)
            if _is_right(texts, text, anchors):
                return Writing(text, name, _direction(spec, text), anchors)
    for _ in range(_TRIES):
        text = texts.strings.fit(draws, length, anchors)
        if _is_right(texts, text, anchors):
            text = _dress(draws, texts, text, anchors, "random")
            return Writing(text, "random", _direction(spec, text), anchors)
    raise Rejected("no text")


def _direction(spec: TextSpec, text: str) -> Direction:
    """A line without a letter or digit of a script that is written from right to left is read from left to right."""
    return "ltr" if spec.direction == "rtl" and not has_right_to_left(text) else spec.direction


def _compose(draws: Draws, texts: Texts, source: str, wording: Wording, length: int, anchors: str) -> str:
    if not anchors:
        return wording.fit(draws, length)
    if wording is texts.strings:
        return texts.strings.fit(draws, length, anchors)
    pieces: list[str] = []
    # Each of the anchors that follow needs a character of its own.
    room = length - len(anchors) + 1
    for anchor in anchors:
        piece = texts._anchor_words.piece(draws, anchor, room)
        room -= len(piece) - 1
        pieces.append(piece)
    return join_pieces(draws, pieces, wording, length, texts.spec.spaces, source in _APART)


def _dress(draws: Draws, texts: Texts, text: str, anchors: str, source: str) -> str:
    """The text in another case or width, unless that loses an anchor or leaves the charset."""
    spec = texts.spec
    dressed, upper, lower = text, text.upper(), text.lower()
    if upper != lower:
        case = draws.weighted(texts._case)
        if case == 1:
            dressed = lower
        elif case == 2:
            dressed = capitals(upper)
        elif case == 3 and source != "patterns":
            dressed = " ".join([word[:1].upper() + word[1:] for word in text.split(" ")])
    if draws.unit() < spec.full_width:
        dressed = dressed.translate(texts._wide)
    if spec.native_digits and texts._digits and draws.unit() < spec.native_digits and not _LATIN.search(dressed):
        dressed = dressed.translate(draws.choice(texts._digits))
    if dressed is text or (len(dressed) == len(text) and _is_right(texts, dressed, anchors)):
        return dressed
    return text


def _native_digits(allowed: frozenset[str]) -> list[dict[int, str]]:
    """Return for each kind of digits in use, besides 0 to 9, what these become."""
    zeros = [char for char in sorted(allowed) if char > "9" and unicodedata.decimal(char, -1) == 0 and char != "\uff10"]
    kinds = [{0x30 + value: chr(ord(zero) + value) for value in range(10)} for zero in zeros]
    return [kind for kind in kinds if allowed.issuperset(kind.values())]


def _is_right(texts: Texts, text: str, anchors: str) -> bool:
    length = texts.spec.length
    return (
        length.min <= len(text) <= length.max
        and texts.allowed.issuperset(text)
        and text[0] != " " != text[-1]
        and "  " not in text
        and unicodedata.is_normalized("NFC", text)
        and (not anchors or all(text.count(char) >= anchors.count(char) for char in anchors))
    )


def _calibrate(texts: Texts) -> None:
    """Set the distribution of wanted lengths so that the texts that come out have the wanted mean."""
    length = texts.spec.length
    weights = length.used_weights
    target = length.wanted_mean
    aim = target
    for _ in range(_ROUNDS):
        texts._lengths = length_shares(length.min, length.max, aim, weights)
        total = 0
        for index in range(_TRIALS):
            draws = Streams(0, index, child=2).column("write")
            total += len(write(draws, texts, anchors_for(0, index, texts)).text)
        aim += target - total / _TRIALS
        aim = min(max(aim, length.min), length.max)
    texts._lengths = length_shares(length.min, length.max, aim, weights)
