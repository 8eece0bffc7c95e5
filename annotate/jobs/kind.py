"""What a kind of long work is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from annotate.records import Role
from annotate.workflow.context import Context

# Is told how much is done, of how much, and may refuse to let go on (`Stopped`).
Tell = Callable[[int, int | None, str], None]
# Of what a job makes in the workspace.
NAME = r"^[\w-]{1,64}$"
# Of the server's machine; no file has a name with a NUL or a line break that anybody means.
PathText = Annotated[str, Field(min_length=1, max_length=4096, pattern=r"^[^\x00-\x1f]+$")]


class Stopped(Exception):
    """A person has asked the job to stop."""


class Args(BaseModel):
    """The arguments of a kind."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of long work.

    Attributes:
        role: who may ask for it.
        run: does it and returns how it went.
    """

    args: type[Args]
    role: Role
    run: Callable[[Context, Any, Tell], str]
