"""Progress on a terminal (a bar) or in a log (a plain line now and then), of runs and of looks through photographs."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from synthtext.engine.progress import Progress as State

_LOG_SECONDS = 10.0
_MOMENT_SECONDS = 2.0


class Display:
    """Shows how a run goes; silent when asked to be.

    Args:
        noun: what is counted.
    """

    def __init__(self, quiet: bool, noun: str = "samples") -> None:
        self._quiet = quiet
        self._noun = noun
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._due = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def begin(self, title: str, total: int) -> None:
        """Start showing how so many are made or looked at."""
        if self._quiet:
            return
        console = Console(stderr=True)
        if not console.is_terminal:
            sys.stderr.write(f"{title}: {total:,} {self._noun}\n")
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
            self._bar.update(self._task, completed=state.done, total=state.total, rate=f"{_rate(state.rate)}/s")
        elif time.monotonic() >= self._due:
            self._due = time.monotonic() + _LOG_SECONDS
            left = f", {state.eta_s:,.0f} s left" if state.eta_s is not None else ""
            sys.stderr.write(f"{state.done:,} of {state.total:,}, {_rate(state.rate)} a second{left}\n")


class Looks(Display):
    """Shows how a look through photographs goes, once it has taken a moment."""

    def __init__(self, title: str, quiet: bool = False) -> None:
        super().__init__(quiet, "photographs")
        self._title = title
        self._began = time.monotonic()
        self._begun = False

    def looked(self, done: int, total: int) -> None:
        """Show that so many have been looked at."""
        seconds = time.monotonic() - self._began
        if not self._begun:
            if seconds < _MOMENT_SECONDS:
                return
            self._begun = True
            self.begin(self._title, total)
        rate = done / seconds
        self.update(State(done, total, rate, (total - done) / rate, 1))


def _rate(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"
