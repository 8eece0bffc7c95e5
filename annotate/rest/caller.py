"""What every route depends on: the workspace and the person who asks.

Nothing here waits, so all of it is `async`: FastAPI would hand what is not to another thread, once for each.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from pydantic import TypeAdapter
from starlette.responses import Response

from annotate.reasons import Reason
from annotate.records import Role, User
from annotate.workflow import people
from annotate.workflow.context import Context


async def current_user(request: Request) -> User:
    """Return the person who asks; the door has found out who it is."""
    user = getattr(request.state, "user", None)
    if not isinstance(user, User):
        raise HTTPException(401, Reason("door.login"))
    return user


async def current_context(request: Request, user: Annotated[User, Depends(current_user)]) -> Context:
    """Return the workspace, in the name of the person who asks."""
    context: Context = request.app.state.context
    return replace(context, who=user.name)


def at_least(role: Role) -> Callable[[User], Awaitable[User]]:
    """Return what a route depends on that only some may use."""

    async def check(user: Annotated[User, Depends(current_user)]) -> User:
        people.require(user, role)
        return user

    return check


Caller = Annotated[User, Depends(current_user)]
Here = Annotated[Context, Depends(current_context)]
ImageId = Annotated[str, "the id of a picture: 64 hex digits"]


def answer(adapter: TypeAdapter[Any], value: Any) -> Response:
    """Return a value as JSON, without checking again what is ours."""
    return Response(adapter.dump_json(value), media_type="application/json")
