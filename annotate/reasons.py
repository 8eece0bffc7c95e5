"""Why the server refuses something or fails: codes that stay, with a sentence each in English and in Chinese.

Errors are raised with a `Reason`, which is its English sentence and knows its code and facts. Routes answer all three,
and the sentence in the language that the browser asks for; where none is known, English is shown.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import reduce
from typing import Any

from annotate.reason_table import REASONS, WORDS

Facts = dict[str, str | int | float]
# Facts that are words of ours or of the system; all others are names that people gave.
_MARK = "\x01"  # begins no message that somebody wrote
_WORDED = ("status", "has", "role", "kind", "order", "work", "why")


class Reason(str):
    """Why something is refused, in English; usable wherever a message is.

    Attributes:
        code: of `REASONS`; programs may rely on it.
        facts: what the sentence names.
    """

    __slots__ = ("code", "facts")
    code: str
    facts: Facts

    def __new__(cls, code: str, /, **facts: str | int | float) -> Reason:
        """Return the sentence of a code with its facts."""
        made = super().__new__(cls, REASONS[code][0].format(**facts))
        made.code, made.facts = code, facts
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        """Tell pickle how it is made: errors come from other processes, too."""
        return (self.code,), dict(self.facts)

    def __reduce_ex__(self, _protocol: Any) -> tuple[Any, ...]:
        """Tell pickle how it is made, whatever the protocol."""
        return _made, (self.code, self.facts)

    def told(self, language: str) -> str:
        """Return the sentence in a language, as `Accept-Language` names it; in English where it is not known."""
        if not language.strip().lower().startswith("zh"):
            return str(self)
        facts = {name: _word(name, value, language) for name, value in self.facts.items()}
        return REASONS[self.code][1].format(**facts)


def reason_of(error: BaseException) -> Reason | None:
    """Return the reason that an error was raised with."""
    first = error.args[0] if error.args else None
    return first if isinstance(first, Reason) else None


def listed(reasons: Sequence[Reason]) -> Reason:
    """Return several, one at least, as one sentence."""
    return reduce(lambda first, rest: Reason("list.more", first=first, rest=rest), reasons)


def kept(message: str) -> str:
    """Return how a message is stored: a reason with its code and facts."""
    return _MARK + json.dumps(_plain(message), ensure_ascii=False) if isinstance(message, Reason) else message


def restored(stored: str) -> str:
    """Return the message that was stored; one without a code as it is."""
    if not stored.startswith(_MARK):
        return stored
    found: str = _whole(json.loads(stored.removeprefix(_MARK)))
    return found


def answer_of(detail: str, language: str) -> dict[str, Any]:
    """Return what a route answers that refuses: `detail` in English, and of a reason its code, facts and `told`."""
    if not isinstance(detail, Reason):
        return {"detail": detail}
    return {"detail": str(detail), "code": detail.code, "facts": detail.facts, "told": detail.told(language)}


def _word(name: str, value: str | int | float, language: str) -> str | int | float:
    if isinstance(value, Reason):
        return value.told(language)
    return WORDS.get(value, value) if name in _WORDED and isinstance(value, str) else value


def _plain(value: Any) -> Any:
    if isinstance(value, Reason):
        return {"code": value.code, "facts": {name: _plain(one) for name, one in value.facts.items()}}
    return value


def _whole(value: Any) -> Any:
    if isinstance(value, dict) and value.get("code") in REASONS:
        return Reason(value["code"], **{name: _whole(one) for name, one in value["facts"].items()})
    return str(value["code"]) if isinstance(value, dict) else value  # of a newer version


def _made(code: str, facts: Facts) -> Reason:
    return Reason(code, **facts)
