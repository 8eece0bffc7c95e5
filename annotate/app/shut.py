"""What Gradio can do that no page needs, shut: its own uploads, proxies, editors of the app's code, monitoring.

Of Gradio's routes only those are left that its pages and `gradio_client` use. Files are given out by name, never
fetched from an address: a request must not make this machine ask another one.
"""

from __future__ import annotations

import re
from typing import Any, NoReturn

from gradio import processing_utils
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from synthtext.errors import UserError

_API = "/gradio_api/"
_LEFT = re.compile(
    r"(?:user|login_check|token|app_id|info|openapi\.json|startup-events|theme\.css|reset|cancel)/?"
    r"|(?:run|api|call|queue|heartbeat)/.*"
    r"|file=(?!\s*/*[a-z][a-z+.-]*:).*",
    re.IGNORECASE | re.DOTALL,
)
_SHUT = ("/monitoring", "/logout", "/proxy=", "/file=")


class Shut:
    """Gradio's application with the rest of its routes gone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or say that there is no such thing."""
        if scope["type"] == "http" and not _left(scope["path"]):
            await JSONResponse({"detail": "Not Found"}, status_code=404)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def shut_downloads() -> None:
    """Have Gradio refuse to fetch what a request names by an address.

    A value of an event may name a file by its address, and Gradio would fetch it for whichever component it is meant.
    """
    processing_utils.async_ssrf_protected_download = _refused
    processing_utils.ssrf_protected_download = _refused
    processing_utils.save_url_to_cache = _refused


def _left(path: str) -> bool:
    if path.startswith(_API):
        return _LEFT.fullmatch(path.removeprefix(_API)) is not None
    return not path.startswith(_SHUT)


def _refused(url: Any, *_: Any, **__: Any) -> NoReturn:
    raise UserError(f"{str(url)[:200]}: only files that are here are taken")
