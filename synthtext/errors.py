"""The error tree.

    SynthtextError            base of all; its text is one clear line for the user
    |- UserError              the user's input is wrong (exit code 2)
    |  |- ConfigError         a YAML file, a preset or --set
    |  `- AssetError          a font, photograph, charset or corpus
    |- RunError               a run could not be finished (exit code 1)
    |- DatasetError           a dataset on disk is not what it says it is (exit code 1)
    |- Rejected               one attempt at one sample failed; it is drawn again
    `- Exhausted              every attempt at one sample failed; it becomes a named gap

Anything else that is raised is a bug and stops the run.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class SynthtextError(Exception):
    """Base of all errors that synthtext raises on purpose."""


class UserError(SynthtextError):
    """What the user asked for cannot be done: what is wrong, where, what was found, what to do."""


class ConfigError(UserError):
    """A configuration value is wrong; the message starts with its path in the YAML."""


class AssetError(UserError):
    """A font, photograph, charset or corpus is missing, broken or not enough."""


class RunError(SynthtextError):
    """A run stopped for a reason outside the user's input: disk full, a worker lost, too many gaps."""


class DatasetError(SynthtextError):
    """A dataset on disk is incomplete or damaged."""


class Rejected(SynthtextError):
    """One attempt at a sample is refused (no room, not legible); the next attempt draws again."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Exhausted(SynthtextError):
    """All attempts at one sample were refused; the manifest records a gap with these reasons."""

    def __init__(self, index: int, reasons: tuple[str, ...]) -> None:
        super().__init__(f"sample {index}: refused {len(reasons)} times ({', '.join(sorted(set(reasons)))})")
        self.index = index
        self.reasons = reasons

    def __reduce__(self) -> tuple[type[Exhausted], tuple[int, tuple[str, ...]]]:
        return type(self), (self.index, self.reasons)


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return the end of a message about a word that is not known: what was meant, or what there is."""
    names = list(known)
    close = difflib.get_close_matches(word, names, 1)
    return f"did you mean {close[0]!r}?" if close else f"known here: {', '.join(names)}"
