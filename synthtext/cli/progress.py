"""Progress on a terminal (a bar) or in a log (a plain line now and then)."""

from __future__ import annotations

import sys
import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from synthtext.engine.progress import Progress as State

_LOG_SECONDS = 10.0


class Display:
    """Shows how a run goes; silent when asked to be."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._due = 0.0

    def __enter__(self) -> Display:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def begin(self, title: str, total: int) -> None:
        """Start showing a run of so many samples."""
        if self._quiet:
            return
        console = Console(stderr=True)
        if not console.is_terminal:
            sys.stderr.write(f"{title}: {total:,} samples\n")
            self._due = time.monotonic() + _LOG_SECONDS
            return
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=console,
        )
        self._task = self._bar.add_task(title, total=total, rate="")
        self._bar.start()

    def update(self, state: State) -> None:
        """Show where a run is."""
        if self._quiet:
            return
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=state.done, total=state.total, rate=f"{state.rate:,.0f}/s")
        elif time.monotonic() >= self._due:
            self._due = time.monotonic() + _LOG_SECONDS
            left = f", {state.eta_s:,.0f} s left" if state.eta_s is not None else ""
            sys.stderr.write(f"{state.done:,} of {state.total:,}, {state.rate:,.0f} a second{left}\n")
