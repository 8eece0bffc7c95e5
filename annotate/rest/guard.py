"""The one door: every request, to our routes and to Gradio's alike, passes here before anything else looks at it.

It refuses other sites' requests (CSRF), names that are not ours (DNS rebinding), bodies that are too large, and whoever
has not logged in. While nobody has been added with `annotate users add`, only this machine itself is served.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Awaitable, Callable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote, urlsplit

from fastapi import HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from annotate.reasons import Reason, answer_of
from annotate.records import User
from annotate.workflow import people
from annotate.workflow.context import Context

COOKIE = "annotate_session"
MAX_BODY = 32 * 2**20
MAX_UPLOAD = 4 * 2**30
# What may be seen without logging in: the way in, and code that holds no data.
OPEN_PATHS = ("/login", "/api/login", "/api/health", "/favicon.ico")
OPEN_FOLDERS = ("/ui/",)
_UPLOADS = "/api/uploads"
_SAFE = ("GET", "HEAD", "OPTIONS")
_REMEMBERED_S = 2.0


class Guard:
    """ASGI middleware; `scope["state"]["user"]` is the person from here on."""

    def __init__(self, app: ASGIApp, context: Context) -> None:
        self._app = app
        self._context = context
        self._known: dict[str, tuple[float, User | None]] = {}
        self._people = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # no page of ours opens a WebSocket
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
        refusal = await self._refusal(scope, headers)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        limit = MAX_UPLOAD if scope["path"].startswith(_UPLOADS) else MAX_BODY
        await self._app(scope, _bounded(receive, limit), _with_headers(send))

    def forget(self, token: str) -> None:
        """Ask the store again who a token stands for."""
        self._known.pop(token, None)

    async def _refusal(self, scope: Scope, headers: dict[str, str]) -> Response | None:
        path, method = scope["path"], scope["method"]
        people_exist = await self._has_people()
        if not people_exist and not (_is_loopback(_client(scope)) and _is_loopback(_host_name(headers))):
            return _problem(403, Reason("door.nobody"), headers)
        if method not in _SAFE and not _same_site(headers):
            return _problem(403, Reason("door.site"), headers)
        length = headers.get("content-length", "0")
        limit = MAX_UPLOAD if path.startswith(_UPLOADS) else MAX_BODY
        if not length.isdigit() or int(length) > limit:
            return _problem(413, Reason("door.length", bytes=length, most=limit), headers)
        user = await self._user(headers) if people_exist else people.LOCAL_USER
        scope.setdefault("state", {})
        scope["state"]["user"] = user
        scope["state"]["guard"] = self
        if user is None and path not in OPEN_PATHS and not path.startswith(OPEN_FOLDERS):
            if method == "GET" and "text/html" in headers.get("accept", ""):
                wanted = path + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
                return RedirectResponse(f"/login?next={quote(wanted)}", status_code=303)
            return _problem(401, Reason("door.login"), headers)
        return None

    async def _has_people(self) -> bool:
        # Once there are people there always are: nobody is ever taken out, only disabled.
        if not self._people:
            self._people = await run_in_threadpool(people.has_users, self._context)
        return self._people

    async def _user(self, headers: dict[str, str]) -> User | None:
        token = token_of(headers)
        if not token:
            return None
        at, user = self._known.get(token, (0.0, None))
        if time.monotonic() - at > _REMEMBERED_S:
            user = await run_in_threadpool(people.user_of, self._context, token)
            if len(self._known) > 1000:
                self._known.clear()
            if user is not None:
                self._known[token] = (time.monotonic(), user)
        return user


def token_of(headers: dict[str, str]) -> str | None:
    """Return the token that a request carries: in a cookie, or of a program in `Authorization: Bearer`."""
    kind, _, token = headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and token:
        return token.strip()
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return None
    return None if cookie is None else cookie.value


def _client(scope: Scope) -> str:
    return str((scope.get("client") or ("",))[0])


def _host_name(headers: dict[str, str]) -> str:
    return urlsplit(f"//{headers.get('host', '')}").hostname or ""


def _is_loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _same_site(headers: dict[str, str]) -> bool:
    origin = headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc == headers.get("host", "")
    # Browsers always send one of the two with a request that changes something; programs send neither.
    return headers.get("sec-fetch-site", "none") in ("same-origin", "none")


def _problem(status: int, reason: Reason, headers: dict[str, str]) -> Response:
    return JSONResponse(answer_of(reason, headers.get("accept-language", "")), status_code=status)


def _bounded(receive: Receive, limit: int) -> Receive:
    # A body may come in pieces without saying how long it is.
    taken = 0

    async def bounded() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise HTTPException(413, Reason("door.endless", most=limit))
        return message

    return bounded


def _with_headers(send: Send) -> Callable[[Message], Awaitable[None]]:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            # Gradio would let pages of any other site read what it answers.
            own = [pair for pair in message.get("headers", []) if not pair[0].lower().startswith(b"access-control-")]
            message["headers"] = [
                *own,
                (b"x-content-type-options", b"nosniff"),
                (b"referrer-policy", b"same-origin"),
                (b"x-frame-options", b"SAMEORIGIN"),
            ]
        await send(message)

    return sending
