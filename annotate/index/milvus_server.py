"""The process of a workspace's Milvus Lite server: `python -m annotate.index.milvus_server FOLDER FILE IDLE_SECONDS`.

It is `milvus-lite server` on a free loopback port. It goes into the background, writes its port into FILE, says so by a
byte on its standard output, and ends when FILE has not been touched for IDLE_SECONDS, is gone, or tells of another
process.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from types import FrameType

_LOOK_SECONDS = 2.0


def serve(folder: Path, file: Path, idle_seconds: float) -> None:
    """Serve a Milvus Lite folder until nobody needs it or a signal comes."""
    from milvus_lite import __version__
    from milvus_lite.adapter.grpc.server import start_server_in_thread

    from annotate.index.lite import version_file
    from annotate.index.milvus_rows import keep_live_rows

    keep_live_rows()
    ended = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    server, database, port = start_server_in_thread(str(folder), host="127.0.0.1", port=0)
    try:
        version_file(folder).write_text(f"{__version__}\n", "utf-8")
        spare = file.with_suffix(".tmp")
        spare.write_text(json.dumps({"pid": os.getpid(), "port": port}), "utf-8")
        spare.replace(file)
        _say_ready()
        while not ended.wait(_LOOK_SECONDS) and _needed(file, idle_seconds):
            pass
    finally:
        if _mine(file):
            file.unlink(missing_ok=True)
        server.stop(grace=5).wait()
        database.close()


def _say_ready() -> None:
    os.write(1, b".")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)


def _needed(file: Path, idle_seconds: float) -> bool:
    try:
        return _mine(file) and time.time() - file.stat().st_mtime < idle_seconds
    except OSError:
        return False


def _mine(file: Path) -> bool:
    try:
        return bool(json.loads(file.read_text("utf-8"))["pid"] == os.getpid())
    except (OSError, ValueError, KeyError, TypeError):
        return False


if __name__ == "__main__":
    # A process that nobody waits for: whoever started it may live for days and must not keep a dead child.
    if os.fork():
        os._exit(0)
    os.setsid()
    serve(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]))
