"""Shards as tasks of a Ray cluster. The driver hands them out, and again when a machine is lost.

What a task needs goes to each machine once, through Ray's object store: the job, and a crate with the user's own
files (see `cargo`). A worker process opens the assets for its first shard and keeps them for the next ones.
"""

from __future__ import annotations

import atexit
import gc
import logging
import os
import shutil
import socket
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import cv2

import synthtext
from synthtext.engine import cargo
from synthtext.engine.local import Watch
from synthtext.engine.manifest import describe_environment
from synthtext.engine.record import ShardRecord
from synthtext.engine.shard import PARTIAL, Make, ShardMaker, Task
from synthtext.engine.worker import THREAD_VARIABLES, Failed
from synthtext.errors import RunError, UserError
from synthtext.writers.base import STATE_DIR

Distant = Callable[[Mapping[str, str]], Make]

_RETRIES = 10
_WAKE_SECONDS = 0.5
_CONNECT_SECONDS = 5.0
_AHEAD = 2
"""Tasks handed out for each that can run: the next one waits on the machine where it will run."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where tasks run.

    Attributes:
        address: of the cluster: `auto`, `host:port` or `ray://host:port`; None for one on this machine alone.
        tasks: at the same time; None for all processors of the cluster.
        distant: opens the assets on another machine; None when the task's own opener will do.
        places: files and folders that are packed for the other machines.
    """

    address: str | None = None
    tasks: int | None = None
    distant: Distant | None = None
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Order:
    """What every task is told, once a machine."""

    task: Task
    distant: Distant | None
    digest: str
    version: str
    token: str


@dataclass(frozen=True, slots=True)
class _Made:
    """What a task brings back."""

    record: ShardRecord | Failed
    environment: dict[str, str]


def run_cluster(task: Task, shards: Sequence[int], watch: Watch, cluster: Cluster) -> list[dict[str, str]]:
    """Make shards on a Ray cluster; return the environments of the machines that made them, each once.

    Raises:
        UserError: Ray is not installed, or no cluster answers; a machine does not see the folder of the dataset.
        SynthtextError: as a task raised it.
        RunError: machines were lost again and again over one shard.
    """
    if cargo.size_of(cluster.places) > cargo.MOST_BYTES:
        cluster = replace(cluster, places=())  # then they have to be seen everywhere, and are compared there
    ray = connect(cluster.address)
    token = uuid.uuid4().hex
    try:
        with _seen_by_all(task, token):
            return _Driver(ray, task, watch, cluster, token).run(shards)
    finally:
        ray.shutdown()
        if task.url is None:
            shutil.rmtree(task.out / PARTIAL, ignore_errors=True)  # also of machines that were lost


def check_cluster(address: str | None) -> Any:
    """Return Ray, not yet connected, after a look whether something answers.

    Raises:
        UserError: it is not installed, or nothing answers.
    """
    try:
        import ray
    except ImportError as error:
        raise UserError(f"--engine ray: Ray is not installed ({error}); pip install 'synthtext[ray]'") from None
    _check_reachable(address)
    return ray


def connect(address: str | None) -> Any:
    """Return Ray, connected.

    Raises:
        UserError: it is not installed, or no cluster answers.
    """
    ray = check_cluster(address)
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    threads = dict.fromkeys(THREAD_VARIABLES, "1")
    options: dict[str, Any] = {"include_dashboard": False} if address is None else {}
    try:
        ray.init(
            address="local" if address is None else address,
            log_to_driver=False,
            logging_level=logging.ERROR,
            runtime_env={"env_vars": threads},
            **options,
        )
    except (ConnectionError, ValueError, RuntimeError, OSError, TimeoutError) as error:
        said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise UserError(
            f"--ray-address: no Ray cluster answers at {address or 'this machine'} ({said}); {_START}"
        ) from None
    return ray


_START = "start one with `ray start --head`, and name its host:port, or `auto` on one of its machines"


def _check_reachable(address: str | None) -> None:
    """Make sure that something listens: Ray itself would try for half a minute and more."""
    if address in (None, "auto", "local"):
        return
    split = urlsplit(address if "://" in str(address) else f"ray://{address}")
    try:
        host, port = split.hostname, split.port
    except ValueError:
        host = port = None
    if not host or not port:
        raise UserError(f"--ray-address: {address!r} is not an address; write auto, host:port or ray://host:port")
    try:
        socket.create_connection((host, port), _CONNECT_SECONDS).close()
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError(f"--ray-address: no Ray cluster answers at {address} ({reason}); {_START}") from None


@contextmanager
def _seen_by_all(task: Task, token: str) -> Iterator[None]:
    """Hold a file in the dataset's folder, by which other machines know that they see the same one."""
    path = _token_path(task.out, token)
    path.touch()
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _token_path(out: Path, token: str) -> Path:
    return out / STATE_DIR / f"seen-{token}"


class _Board:
    """Keeps how far unfinished shards are; one for a run, on the driver's machine."""

    def __init__(self) -> None:
        self._done: dict[int, int] = {}

    def tick(self, shard: int, done: int) -> None:
        self._done[shard] = done

    def look(self) -> dict[int, int]:
        return self._done


class _Driver:
    def __init__(self, ray: Any, task: Task, watch: Watch, cluster: Cluster, token: str) -> None:
        self._ray = ray
        self._task = task
        self._watch = watch
        self._tasks = cluster.tasks
        crate = cargo.pack(cluster.places)
        order = _Order(task, cluster.distant, crate.digest, synthtext.__version__, token)
        self._order = ray.put(order)
        self._crate = ray.put(crate)
        here = ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy(
            ray.get_runtime_context().get_node_id(), soft=True
        )
        board = ray.remote(_Board).options(num_cpus=0, scheduling_strategy=here)
        self._board = board.remote()
        self._make = ray.remote(_make_shard).options(
            num_cpus=1, max_retries=_RETRIES, retry_exceptions=False, scheduling_strategy="SPREAD"
        )
        self._running: dict[Any, int] = {}
        self._environments: list[dict[str, str]] = []

    def run(self, shards: Sequence[int]) -> list[dict[str, str]]:
        waiting = iter(shards)
        try:
            self._hand_out(waiting)
            while self._running:
                ready, _ = self._ray.wait(list(self._running), num_returns=1, timeout=_WAKE_SECONDS)
                for reference in ready:
                    self._take(reference)
                self._hand_out(waiting)
                self._tell()
        except BaseException:
            for reference in self._running:
                with suppress(Exception):
                    self._ray.cancel(reference, force=True)
            raise
        return self._environments

    def _hand_out(self, waiting: Iterator[int]) -> None:
        most = _AHEAD * self._processors() if self._tasks is None else self._tasks
        while len(self._running) < most:
            shard = next(waiting, None)
            if shard is None:
                return
            # The crate in a list: Ray would otherwise unpack it for every task.
            self._running[self._make.remote(self._order, [self._crate], self._board, shard)] = shard

    def _take(self, reference: Any) -> None:
        shard = self._running.pop(reference)
        try:
            made: _Made = self._ray.get(reference)
        except self._ray.exceptions.RayError as error:
            indices = self._task.plan.indices(shard)
            said = str(error).strip().splitlines()[0]
            raise RunError(
                f"shard {shard} (samples {indices.start}..{indices.stop - 1}) could not be made on the cluster "
                f"({type(error).__name__}: {said}); run the same command again, it goes on"
            ) from None
        if isinstance(made.record, Failed):
            raise made.record.raised()
        if made.environment not in self._environments:
            self._environments.append(made.environment)
        self._watch.finished(made.record)

    def _tell(self) -> None:
        done: dict[int, int] = {}
        with suppress(self._ray.exceptions.RayError):
            done = self._ray.get(self._board.look.remote(), timeout=_WAKE_SECONDS)
        running = set(self._running.values())
        at_work = {shard: number for shard, number in done.items() if shard in running}
        self._watch.working(sum(at_work.values()), len(at_work))

    def _processors(self) -> int:
        return max(1, int(self._ray.cluster_resources().get("CPU", 1)))


# What runs on the cluster. A process keeps what it has opened for the run that it works for.
_makers: dict[str, ShardMaker] = {}


def _make_shard(order: _Order, crate: list[Any], board: Any, shard: int) -> _Made:
    environment = describe_environment()
    try:
        maker = _makers.get(order.token)
        if maker is None:
            _makers.clear()
            maker = _makers[order.token] = _open(order, crate[0])
        gc.collect()
        gc.freeze()
        gc.disable()  # see `worker`
        record = maker.make_shard(shard, lambda done: board.tick.remote(shard, done))
    except Exception as error:
        failed = Failed.of(error)
        return _Made(replace(failed, text=f"machine {_node()}: {failed.text}"), environment)
    finally:
        gc.enable()
    return _Made(record, environment)


def _open(order: _Order, crate: Any) -> ShardMaker:
    if synthtext.__version__ != order.version:
        raise UserError(
            f"synthtext {synthtext.__version__} is installed, the driver has {order.version}; "
            "install the same everywhere"
        )
    task = order.task
    if task.url is not None:
        stage = Path(tempfile.mkdtemp(prefix="synthtext-stage-"))
        atexit.register(shutil.rmtree, stage, ignore_errors=True)
        task = replace(task, out=stage)
    elif not _token_path(task.out, order.token).exists():
        raise UserError(
            f"does not see {task.out}; give a folder with --out that all machines share, or a URL such as s3://bucket/name"
        )
    cv2.setNumThreads(1)
    task = replace(task, node=_node())
    if order.distant is None:
        return ShardMaker(task, task.opener())
    return ShardMaker(task, order.distant(_unpacked(order.digest, crate)))


def _unpacked(digest: str, crate: Any) -> dict[str, str]:
    """Return where the packed files lie on this machine, after they were unpacked by the first to ask."""
    import ray

    packed: cargo.Crate = ray.get(crate)
    cargo.unpack(packed)
    return {place: str(cargo.folder_of(digest) / there) for place, there in cargo.places_there(packed.places).items()}


def _node() -> str:
    return "".join(char if char.isalnum() else "-" for char in socket.gethostname())
