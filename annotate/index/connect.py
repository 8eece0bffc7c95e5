"""The index of a workspace: the server named in its settings, or the workspace's own Milvus Lite."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from annotate.errors import MissingExtra
from annotate.index.lite import shared_server
from annotate.workspace import Workspace
from synthtext.errors import UserError

if TYPE_CHECKING:
    from annotate.index.milvus import MilvusIndex

# Where the password of a real server is taken from: it does not belong into a file that is passed on.
TOKEN_VARIABLE = "ANNOTATE_MILVUS_TOKEN"
# The setting that goes back to the workspace's own server.
LITE = "lite"
_SCHEMES = ("http://", "https://", "tcp://", "unix:")


def connect(workspace: Workspace) -> MilvusIndex:
    """Return a connection to the workspace's index.

    Raises:
        MissingExtra: pymilvus or milvus-lite is not installed.
        UserError: the address makes no sense.
        WorkspaceError: the vectors were written by another major version of milvus-lite.
        ServiceError: the server cannot be reached or started.
    """
    try:
        from annotate.index.milvus import MilvusIndex
    except ImportError as error:
        raise MissingExtra("searching by words and pictures", "annotate") from error
    uri = workspace.settings.milvus
    check_address(uri)
    if not is_own(uri):
        return MilvusIndex(str(uri), os.environ.get(TOKEN_VARIABLE, ""))
    server = shared_server(workspace)
    return MilvusIndex(server.uri, used=server.use)


def check_address(uri: str | None) -> None:
    """Raise when a setting makes no sense, before anything that takes long.

    Raises:
        UserError: it is no address.
    """
    if not is_own(uri) and not str(uri).startswith(_SCHEMES) and not str(uri).endswith(".db"):
        raise UserError(f"--milvus: {uri!r}: give http://host:port, or {LITE!r} for the workspace's own")


def is_own(uri: str | None) -> bool:
    """Whether a setting means the workspace's own Milvus Lite."""
    return uri is None or uri == LITE


def same_place(one: str | None, other: str | None) -> bool:
    """Whether two settings mean the same index."""
    return one == other or (is_own(one) and is_own(other))


class Connection:
    """A connection that is made when it is first needed, and made again when the server has been started anew."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lock = threading.Lock()
        self._index: MilvusIndex | None = None

    def index(self) -> MilvusIndex:
        """Return the index, connected.

        Raises:
            MissingExtra, WorkspaceError, ServiceError: see `connect`.
        """
        with self._lock:
            if self._index is None or not self._still_there(self._index):
                self._index = connect(self._workspace)
            return self._index

    def _still_there(self, index: MilvusIndex) -> bool:
        return not is_own(self._workspace.settings.milvus) or shared_server(self._workspace).uri == index.uri

    def close(self) -> None:
        """Let go of it."""
        with self._lock:
            if self._index is not None:
                self._index.close()
            self._index = None
