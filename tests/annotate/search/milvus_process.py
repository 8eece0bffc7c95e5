"""A Milvus at an address: the `milvus-lite server` command on a loopback port."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from annotate.errors import ServiceError
from annotate.index.milvus import MilvusIndex


@contextmanager
def milvus_server(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Start `milvus-lite server` on a loopback port, and yield its address and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = [sys.executable, "-m", "milvus_lite", "server", "--host", "127.0.0.1", "--port", port]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*command, "--data-dir", str(folder / "data")], stdout=log, stderr=log)
    try:
        end = time.monotonic() + 60
        while True:
            try:
                MilvusIndex(f"http://127.0.0.1:{port}").close()
                break
            except ServiceError:
                assert process.poll() is None, (folder / "log").read_text()
                assert time.monotonic() < end, (folder / "log").read_text()
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.kill()
        process.wait()
