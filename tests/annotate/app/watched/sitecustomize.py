"""Python imports this by itself where this folder is on its path.

With `WATCHED_FILE` every process notes there whom it asks: a line is the process, the event and the address. With
`FULL_DISK` neither databases nor new files find room while the file of that name is there, as on a full one.
"""

from __future__ import annotations

import errno
import os
import sys


def _watch(event: str, args: tuple[object, ...]) -> None:
    if event == "socket.connect":
        address = args[1]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        address = args[1] if event == "socket.sendto" else args[0]
    else:
        return
    host = address[0] if isinstance(address, tuple) else address
    line = f"{os.getpid()}\t{event}\t{host!r}\n".encode()
    file = os.open(os.environ["WATCHED_FILE"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(file, line)
    os.close(file)


if "WATCHED_FILE" in os.environ:
    sys.addaudithook(_watch)
    _watch("socket.gethostbyname", ("localhost",))  # shows that this process is watched


def _refuse(event: str, args: tuple[object, ...]) -> None:
    writes = event == "open" and isinstance(args[1], str) and "w" in args[1]
    if writes and os.path.exists(os.environ["FULL_DISK"]) and "/workspace/" in str(args[0]):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), args[0])


if "FULL_DISK" in os.environ:
    sys.addaudithook(_refuse)
    from sqlalchemy import Connection, Engine, event

    @event.listens_for(Engine, "begin")
    def _limited(connection: Connection) -> None:
        if connection.dialect.name == "sqlite":
            pages = 1 if os.path.exists(os.environ["FULL_DISK"]) else 2**30  # 1: as many as the file has
            connection.exec_driver_sql(f"pragma max_page_count={pages}")
