"""Worker processes that neither run our caller's script again nor outlive it."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import parent_process
from types import ModuleType


@contextmanager
def hidden_main() -> Iterator[None]:
    """Start processes inside of this.

    A new process would run the script that called us once more; it needs nothing of it, and the script may lack the
    guard `if __name__ == "__main__"`.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def end_with_parent() -> None:
    """End this worker when its parent is gone, also by `kill -9`; else it would wait for work for ever.

    Ctrl-C reaches all processes of a terminal: it is left to the parent, which ends its workers.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_wait_for_the_end, daemon=True).start()


def _wait_for_the_end() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
