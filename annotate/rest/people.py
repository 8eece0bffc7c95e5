"""Routes of people: log in and out, who am I, and for admins who may come in."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from annotate.errors import Forbidden
from annotate.reasons import Reason
from annotate.records import Role, User
from annotate.rest.caller import Caller, Here, at_least
from annotate.rest.guard import COOKIE, token_of
from annotate.workflow import people
from annotate.workflow.context import Context

router = APIRouter(prefix="/api", tags=["people"])
_TRIES = 10
_WITHIN_S = 300.0


class LoginIn(BaseModel):
    """Name and password."""

    name: Annotated[str, Field(max_length=64)]
    password: Annotated[str, Field(max_length=1024)]


class UserOut(BaseModel):
    """A person."""

    name: str
    role: Role
    disabled: bool = False


class UserIn(LoginIn):
    """A person to add."""

    role: Role = "annotator"


class TokenOut(UserOut):
    """Who has logged in, with a token for programs (`Authorization: Bearer`); browsers get it as a cookie."""

    token: str


class Tries:
    """How often somebody tried in vain; after ten in five minutes a name or an address has to wait."""

    def __init__(self) -> None:
        self._failed: defaultdict[str, deque[float]] = defaultdict(deque)

    def check(self, *keys: str) -> None:
        """Refuse who has failed too often."""
        before = time.monotonic() - _WITHIN_S
        for key in keys:
            failed = self._failed[key]
            while failed and failed[0] < before:
                failed.popleft()
            if len(failed) >= _TRIES:
                raise HTTPException(429, Reason("login.tries"))

    def failed(self, *keys: str) -> None:
        """Count one."""
        if len(self._failed) > 10_000:
            self._failed.clear()
        for key in keys:
            self._failed[key].append(time.monotonic())


@router.post("/login", response_model=TokenOut)
def log_in(asked: LoginIn, request: Request) -> Response:
    """Log in."""
    tries: Tries = request.app.state.tries
    keys = (f"name {asked.name}", f"from {request.client.host if request.client else ''}")
    tries.check(*keys)
    context: Context = request.app.state.context
    try:
        user, token = people.log_in(context, asked.name, asked.password)
    except Forbidden:
        tries.failed(*keys)
        raise HTTPException(401, Reason("login.wrong")) from None
    answer = JSONResponse(TokenOut(name=user.name, role=user.role, token=token).model_dump())
    answer.set_cookie(
        COOKIE,
        token,
        max_age=int(people.SESSION_LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return answer


@router.post("/logout", status_code=204)
def log_out(request: Request, here: Here) -> Response:
    """Log out."""
    token = token_of(dict(request.headers))
    if token:
        people.log_out(here, token)
        request.state.guard.forget(token)
    answer = Response(status_code=204)
    answer.delete_cookie(COOKIE)
    return answer


@router.get("/me")
def who_am_i(user: Caller) -> UserOut:
    """Return who asks."""
    return UserOut(name=user.name, role=user.role)


@router.get("/users")
def get_users(here: Here, _: Annotated[User, Depends(at_least("admin"))]) -> list[UserOut]:
    """Return everybody (for admins)."""
    return [UserOut(name=user.name, role=user.role, disabled=user.disabled) for user in people.list_users(here)]


@router.post("/users", status_code=201)
def post_user(asked: UserIn, here: Here, _: Annotated[User, Depends(at_least("admin"))]) -> UserOut:
    """Add a person, or give one who is there another role and password (for admins)."""
    people.add_user(here, asked.name, asked.role, asked.password)
    return UserOut(name=asked.name, role=asked.role)


@router.delete("/users/{name}", status_code=204)
def delete_user(name: str, here: Here, _: Annotated[User, Depends(at_least("admin"))]) -> None:
    """Keep a person out from now on; what they did stays (for admins)."""
    people.disable_user(here, name)
