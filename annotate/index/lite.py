"""The one Milvus Lite server of a workspace: found through a file, started when there is none, mended when it has died.

Only one process may have a Milvus Lite folder open, so the app and the commands share a server on a loopback port. It
goes by itself when nobody has used it for a while.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from annotate.errors import MissingExtra, ServiceError, WorkspaceError
from annotate.reasons import Reason
from annotate.workspace import Workspace

IDLE_SECONDS = 15 * 60.0
_START_SECONDS = 120.0
_LOOK_SECONDS = 0.02
_CONNECT_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, and the file that tells of it."""

    file: Path
    pid: int
    port: int

    @property
    def uri(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def use(self) -> None:
        """Tell the server that it is needed."""
        with suppress(OSError):
            os.utime(self.file)


def shared_server(workspace: Workspace) -> Server:
    """Return the workspace's server, which is started when there is none.

    Raises:
        MissingExtra: milvus-lite is not installed.
        WorkspaceError: the vectors were written by another major version of milvus-lite.
        ServiceError: it does not start, or another program has the vectors open.
    """
    check_version(workspace)
    file = workspace.root / "milvus.server"
    with _alone(workspace.root / "milvus.lock"):
        found = _read(file)
        if is_open(workspace.vectors):
            if found is not None and _answers(found):
                found.use()
                return found
            raise ServiceError(Reason("milvus.taken", path=str(workspace.vectors)))
        file.unlink(missing_ok=True)  # what is left of a server that was killed
        return _start(workspace, file)


def check_version(workspace: Workspace) -> None:
    """Raise when the vectors cannot be read by the milvus-lite that is installed.

    Raises:
        MissingExtra: none is installed.
        WorkspaceError: the major versions differ.
    """
    try:
        installed = version("milvus-lite")
    except PackageNotFoundError as error:
        raise MissingExtra("searching by words and pictures", "annotate") from error
    stamp = version_file(workspace.vectors)
    written = "2" if workspace.vectors.is_file() else stamp.read_text("utf-8").strip() if stamp.is_file() else installed
    if written.split(".")[0] != installed.split(".")[0]:
        raise WorkspaceError(
            f"{workspace.vectors}: written by milvus-lite {written}, but {installed} is installed; "
            f"install that version, or move the vectors away and run: annotate embed"
        )


def version_file(vectors: Path) -> Path:
    """Return the file that says which milvus-lite wrote the vectors."""
    return vectors.with_suffix(".version")


def is_open(vectors: Path) -> bool:
    """Whether a process has the folder of vectors open."""
    try:
        handle = os.open(vectors / "LOCK", os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno in (errno.EAGAIN, errno.EACCES)
    finally:
        os.close(handle)  # and with it the lock
    return False


def stop_server(workspace: Workspace) -> None:
    """Stop the workspace's server, if there is one, and wait until it has gone."""
    found = _read(workspace.root / "milvus.server")
    if found is None or not is_open(workspace.vectors):
        return
    with suppress(ProcessLookupError, PermissionError):
        os.kill(found.pid, 15)
    end = time.monotonic() + _START_SECONDS
    while is_open(workspace.vectors) and time.monotonic() < end:
        time.sleep(_LOOK_SECONDS)


def _start(workspace: Workspace, file: Path) -> Server:
    workspace.jobs.mkdir(parents=True, exist_ok=True)
    log = workspace.jobs / "milvus.log"
    command = [sys.executable, "-m", "annotate.index.milvus_server", str(workspace.vectors), str(file)]
    with (
        log.open("wb") as stream,
        subprocess.Popen(
            [*command, str(IDLE_SECONDS)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stream,
            cwd=workspace.root,
        ) as process,
    ):
        # The process goes into the background by itself, and says so when it is ready; if it dies, the pipe ends.
        assert process.stdout is not None
        ready = bool(select.select([process.stdout], [], [], _START_SECONDS)[0]) and bool(process.stdout.read(1))
    found = _read(file)
    if ready and found is not None:
        return found
    lines = log.read_text("utf-8", errors="replace").strip().splitlines() or ["it says nothing"]
    raise ServiceError(Reason("milvus.start", why=lines[-1][:300], log=str(log)))


def _read(file: Path) -> Server | None:
    try:
        told = json.loads(file.read_text("utf-8"))
        return Server(file, int(told["pid"]), int(told["port"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _answers(server: Server) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", server.port), timeout=_CONNECT_SECONDS):
            return True
    except OSError:
        return False


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Let one process at a time look for the server, so that two do not start two."""
    try:
        handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise WorkspaceError(f"{file}: cannot be written: {error.strerror}") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
