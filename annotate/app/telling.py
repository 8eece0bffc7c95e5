"""Errors of use cases as messages on the page, and who asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import ParamSpec, TypeVar

import gradio as gr

from annotate.reasons import reason_of
from annotate.records import Role
from annotate.workflow import people
from annotate.workflow.context import LOCAL, Context
from synthtext.errors import SynthtextError

_Asked = ParamSpec("_Asked")
_Answer = TypeVar("_Answer")


def told(step: Callable[_Asked, _Answer]) -> Callable[_Asked, _Answer]:
    """Return a handler of an event that shows what a use case refuses; a bug still ends in the log."""

    @wraps(step)
    def handler(*args: _Asked.args, **kwargs: _Asked.kwargs) -> _Answer:
        try:
            return step(*args, **kwargs)
        except SynthtextError as error:
            asked = [one for one in args if isinstance(one, gr.Request)]
            why, language = reason_of(error), asked[0].headers.get("accept-language", "") if asked else ""
            message = str(error) if why is None else why.told(language)
            raise gr.Error(message, duration=12, print_exception=False) from None

    return handler


def asking(context: Context, request: gr.Request) -> Context:
    """Return the workspace in the name of the person whose browser asks."""
    return replace(context, who=request.username or LOCAL)


def must_be(context: Context, role: Role) -> None:
    """Let through who has a role or a higher one; without users, the owner of the machine has all.

    Raises:
        Forbidden: the person has a lower one.
    """
    if context.who != LOCAL:
        people.require(people.require_user(context, context.who), role)
