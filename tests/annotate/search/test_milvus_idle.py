"""A connection to Milvus that nobody uses sends nothing: servers hang up on who pings them while nothing is asked."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from annotate.index.milvus import MilvusIndex

# pymilvus by itself pings every ten seconds.
_IDLE_SECONDS = 12.0


class _Relay:
    """Passes on what a client sends to a server, and back, and knows when the client last sent something."""

    def __init__(self, to_port: int) -> None:
        self._to_port = to_port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.last_sent = time.monotonic()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                far = socket.create_connection(("127.0.0.1", self._to_port))
                threading.Thread(target=self._pass_on, args=(near, far, True), daemon=True).start()
                threading.Thread(target=self._pass_on, args=(far, near, False), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket, is_client: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                if is_client:
                    self.last_sent = time.monotonic()
                sink.sendall(data)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@contextmanager
def _relay(uri: str) -> Iterator[_Relay]:
    relay = _Relay(int(uri.rsplit(":", 1)[1]))
    try:
        yield relay
    finally:
        relay.close()


@pytest.mark.slow
def test_an_idle_connection__is_silent_and_then_answers(milvus: str) -> None:
    with _relay(milvus) as relay:
        index = MilvusIndex(f"http://127.0.0.1:{relay.port}")
        before = index.names()
        time.sleep(1.0)  # until what the answers themselves cause, such as acknowledgements, has been sent
        asked = time.monotonic()
        time.sleep(_IDLE_SECONDS)
        assert relay.last_sent < asked
        assert index.names() == before
        assert relay.last_sent > asked + _IDLE_SECONDS
        index.close()
