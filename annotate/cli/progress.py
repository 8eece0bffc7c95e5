"""How far long work is: a bar on a terminal, a plain line now and then in a log, nothing when quiet."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

_LOG_SECONDS = 10.0


class Display:
    """Shows how work goes: `with Display("adding", "files", quiet) as display: work(progress=display.update)`.

    Args:
        title: what is done.
        noun: what is counted.
    """

    def __init__(self, title: str, noun: str, quiet: bool = False) -> None:
        self._title, self._noun, self._quiet = title, noun, quiet
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._began = time.monotonic()
        self._due = self._began + _LOG_SECONDS

    def __enter__(self) -> Self:
        console = Console(stderr=True)
        if not self._quiet and console.is_terminal:
            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
            self._bar = Progress(*columns, TextColumn("{task.fields[rate]}"), TimeRemainingColumn(), console=console)
            self._task = self._bar.add_task(self._title, total=None, rate="")
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def update(self, done: int, total: int | None) -> None:
        """Show that so many are done."""
        if self._quiet:
            return
        seconds = time.monotonic() - self._began
        rate = done / seconds if seconds > 0 else 0.0
        shown = f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=done, total=total, rate=f"{shown}/s")
        elif time.monotonic() >= self._due:
            self._due = time.monotonic() + _LOG_SECONDS
            of = f" of {total:,}" if total else ""
            left = f", {(total - done) / rate:,.0f} s left" if total and rate else ""
            sys.stderr.write(f"{self._title}: {done:,}{of} {self._noun}, {shown} a second{left}\n")
