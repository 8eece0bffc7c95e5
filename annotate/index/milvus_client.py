"""The connection to a Milvus: what fails says so in a line, and collections are loaded before they are asked."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import grpc
from pymilvus import MilvusClient
from pymilvus.exceptions import MilvusException

from annotate.errors import ServiceError
from annotate.reasons import Reason

_CONNECT_SECONDS = 10.0
# A server that hangs must not hang whoever asks it; it loads a collection for as long as that takes.
_ANSWER_SECONDS = 60.0
# A server of gRPC's own kind, as Milvus Lite's is, hangs up on who pings it often or while nothing is asked, which
# pymilvus would do every ten seconds; what is asked just then fails.
_CHANNEL = {
    "grpc.keepalive_time_ms": 60_000,
    "grpc.keepalive_timeout_ms": 10_000,
    "grpc.keepalive_permit_without_calls": False,
}
_FAILURES = (MilvusException, grpc.RpcError, OSError)
# Milvus Lite tells its own version, which is no version of Milvus; it can all that 2.4 can.
_VERSION = re.compile(r"v?(\d+)\.(\d+)")

logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # all that it would say is raised as well
logging.getLogger("milvus_lite").setLevel(logging.CRITICAL)

_T = TypeVar("_T")


class Client:
    """A connection.

    Args:
        uri: `http://host:port` of a server, or the path of a Milvus Lite folder that no other process has open.
        token: `user:password` or an API key.
        used: is called whenever the connection is used, so that a server of ours knows that it is needed.

    Attributes:
        verbs: pymilvus' own client, for `do` and `ask`.
        before_2_4: one vector a row is all that the server holds, and `like` finds beginnings alone.

    Raises:
        ServiceError: the server cannot be reached.
    """

    def __init__(self, uri: str, token: str = "", used: Callable[[], None] = lambda: None) -> None:
        self.uri = uri
        self._used = used
        self._loaded: set[str] = set()
        try:
            self.verbs = MilvusClient(uri, token=token, timeout=_CONNECT_SECONDS, grpc_options=_CHANNEL)
            version = _VERSION.match(self.verbs.get_server_version(timeout=_CONNECT_SECONDS))
        except (*_FAILURES, ValueError) as error:
            raise ServiceError(Reason("milvus.away", uri=uri, why=_why(error))) from error
        self.before_2_4 = version is not None and (int(version[1]), int(version[2])) < (2, 4)

    def close(self) -> None:
        """Let go of the connection."""
        with suppress(*_FAILURES, ValueError):
            self.verbs.close()

    def do(self, verb: Callable[..., _T], *args: Any, **kwargs: Any) -> _T:
        """Call something of `verbs`.

        Raises:
            ServiceError: it failed.
        """
        self._used()
        try:
            return verb(*args, **kwargs)
        except _FAILURES as error:
            self._loaded.clear()
            raise ServiceError(Reason("milvus.failed", uri=self.uri, why=_why(error))) from error

    def quick(self, verb: Callable[..., _T], *args: Any, **kwargs: Any) -> _T:
        """Call something that has an answer at once, or none."""
        return self.do(verb, *args, **kwargs, timeout=_ANSWER_SECONDS)

    def ask(self, name: str, verb: Callable[..., _T], **kwargs: Any) -> _T:
        """Ask a collection, which is loaded; again where a server that was started anew has let go of it."""
        known = name in self._loaded
        self.load(name)
        try:
            return self.quick(verb, name, **kwargs)
        except ServiceError as error:
            if not known or "load" not in str(error):
                raise
            self.load(name)
            return self.quick(verb, name, **kwargs)

    def load(self, name: str) -> None:
        """Have a collection ready for questions."""
        if name not in self._loaded:
            self.do(self.verbs.load_collection, name)
            self._loaded.add(name)

    def forget(self, name: str) -> None:
        """Take a collection for one that is not loaded."""
        self._loaded.discard(name)


def _why(error: BaseException) -> str:
    text = error.details() if isinstance(error, grpc.Call) else getattr(error, "message", None) or str(error)
    line = str(text).strip().splitlines()[0] if str(text).strip() else type(error).__name__
    if "Deadline Exceeded" in line:
        return Reason("milvus.slow", seconds=_ANSWER_SECONDS)
    return line[:300]
