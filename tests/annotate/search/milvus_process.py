"""A Milvus at an address: the `milvus-lite server` command on a loopback port, or a real one."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from reader_envs import MILVUS, EnvironmentUnavailableError, interpreter

from annotate.errors import ServiceError
from annotate.index.milvus import MilvusIndex

_START_SECONDS = 120.0
_HERE = Path(__file__).parent


class MilvusServer:
    """A server that can be killed and started again with the data it had."""

    def __init__(self, command: Sequence[str], port: int, folder: Path, env: Mapping[str, str] | None = None) -> None:
        self.uri = f"http://127.0.0.1:{port}"
        self._command, self._folder, self._env = command, folder, {**os.environ, **(env or {})}
        self.process = self._started()

    def stop_for_now(self) -> None:
        """Let it hang, until it is killed."""
        self.process.send_signal(signal.SIGSTOP)
        os.waitpid(self.process.pid, os.WUNTRACED)  # until its last thread has stopped

    def kill(self) -> None:
        """Kill it, if it is still there, and wait until it has gone."""
        self.process.kill()
        self.process.wait()

    def start_again(self) -> None:
        """Start it anew, and wait until it answers."""
        self.kill()
        self.process = self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        with (self._folder / "log").open("wb") as log:
            process = subprocess.Popen(self._command, stdout=log, stderr=log, cwd=self._folder, env=self._env)
        end = time.monotonic() + _START_SECONDS
        while True:
            try:
                index = MilvusIndex(self.uri)
                index.names()
                index.close()
                return process
            except ServiceError:
                late = time.monotonic() > end
                if process.poll() is not None or late:
                    process.kill()
                    pytest.fail(f"Milvus does not start: {(self._folder / 'log').read_text()[-2000:]}")
                time.sleep(0.1)


@contextmanager
def milvus_server(folder: Path, kind: str = "lite") -> Iterator[MilvusServer]:
    """Start a server of a kind that keeps its data in a folder."""
    server = _real(folder) if kind == "real" else _lite(folder)
    try:
        yield server
    finally:
        server.kill()


def _lite(folder: Path) -> MilvusServer:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "milvus_lite", "server", "--host", "127.0.0.1", "--port", str(port)]
    return MilvusServer([*command, "--data-dir", str(folder / "data")], port, folder)


def _real(folder: Path) -> MilvusServer:
    try:
        python = interpreter(MILVUS)
    except EnvironmentUnavailableError as error:
        give_up = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        give_up(str(error))
        raise
    prepare = [str(python), str(_HERE / "milvus_standalone.py"), str(folder), str(python.parents[1] / "programs")]
    done = subprocess.run(prepare, check=True, capture_output=True, text=True, timeout=_START_SECONDS)
    told = json.loads(done.stdout)
    return MilvusServer(told["command"], told["port"], folder, told["env"])
