"""Python imports this by itself where this folder is on its path: every process then notes whom it asks.

A line is the process, the event and the address; the file is named by `WATCHED_FILE`.
"""

from __future__ import annotations

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
