"""Run a command and say what its whole process tree cost: CPU, wall clock and peak memory."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from .errors import GeneratorFailed

_LOG_TAIL_BYTES = 4000
_REASON_CHARS = 160

_THREAD_COUNTS = (
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "OPENCV_FOR_THREADS_NUM",
)
_ONE_THREAD = dict.fromkeys(_THREAD_COUNTS, "1")
_NO_NETWORK = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")


@dataclass(frozen=True)
class Usage:
    """What one finished run cost; the peak is that of the largest process of the tree."""

    cpu_s: float
    wall_s: float
    peak_mb: float


def offline_environment() -> dict[str, str]:
    """Return the environment of every measured run: one thread a library, no way to the network."""
    return {**os.environ, **_ONE_THREAD, **_NO_NETWORK, "PYTHONUNBUFFERED": "1"}


def run_measured(
    command: Sequence[str], log: Path, timeout_s: float, environment: Mapping[str, str] | None = None
) -> Usage:
    """Run `command` to its end and return its usage, descendants that were waited for included.

    Args:
        command: program and arguments.
        log: file that receives stdout and stderr.
        timeout_s: wall seconds after which the whole process group is killed.
        environment: variables of the child; by default those of `offline_environment`.

    Raises:
        GeneratorFailed: it could not start, ran past `timeout_s`, or left with a non-zero code.
    """
    with log.open("wb") as output:
        started = time.perf_counter()
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=offline_environment() if environment is None else environment,
                cwd=log.parent,
                start_new_session=True,
            )
        except OSError as error:
            raise GeneratorFailed(f"cannot start {command[0]}: {error.strerror}") from error
        too_late = threading.Event()
        timer = threading.Timer(timeout_s, _kill_late_group, (process.pid, too_late))
        timer.start()
        try:
            _, status, used = os.wait4(process.pid, 0)
        finally:
            timer.cancel()
            _kill_group(process.pid)
        process.returncode = os.waitstatus_to_exitcode(status)
    if too_late.is_set():
        raise GeneratorFailed(f"killed after {timeout_s:g} s; last line: {last_line(log)}")
    if process.returncode != 0:
        raise GeneratorFailed(f"exit code {process.returncode}: {last_line(log)}")
    wall_s = time.perf_counter() - started
    return Usage(used.ru_utime + used.ru_stime, wall_s, used.ru_maxrss / 1024)


def last_line(log: Path) -> str:
    """Return the last line of a log that says anything, cut to fit a table cell."""
    with log.open("rb") as stream:
        stream.seek(0, os.SEEK_END)
        stream.seek(max(0, stream.tell() - _LOG_TAIL_BYTES))
        lines = stream.read().decode("utf-8", "replace").splitlines()
    spoken = [line.strip() for line in lines if line.strip()]
    return spoken[-1][:_REASON_CHARS] if spoken else "no output"


def _kill_late_group(group: int, too_late: threading.Event) -> None:
    too_late.set()
    _kill_group(group)


def _kill_group(group: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)
