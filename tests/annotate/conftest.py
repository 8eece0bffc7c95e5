"""What the tests of `annotate` share: databases of both kinds, workspaces, made pictures."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import create_engine, text

from annotate.store.database import Database
from annotate.workflow.context import Context, open_context

DATABASES = ("sqlite", "postgresql")
# Debian keeps the programs of each version apart, and off the PATH.
_POSTGRES = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), default=Path())


def missing(what: str) -> None:
    """Skip a test that needs something that is not here; under CI everything must be here."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing")
    pytest.skip(f"{what} is missing")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server on the loopback address, as a user without rights; yields the URL of its first database."""
    if not (_POSTGRES / "initdb").is_file():
        missing("Debian's postgresql")
    # PostgreSQL refuses to run as root; Debian's package brings the user `postgres`.
    runuser = shutil.which("runuser") or "/usr/sbin/runuser"  # where not every root looks
    user = [runuser, "-u", "postgres", "--"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        if user:
            os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
        data = Path(folder, "data")
        port = _free_port()
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        make = [_POSTGRES / "initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
        start = [_POSTGRES / "pg_ctl", "-D", data, "-o", options, "-l", f"{folder}/log", "-w", "start"]
        subprocess.run([*user, *make], check=True, capture_output=True, cwd="/")
        subprocess.run([*user, *start], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
        try:
            yield f"postgresql://tester@127.0.0.1:{port}/postgres"
        finally:
            stop = [_POSTGRES / "pg_ctl", "-D", data, "-m", "immediate", "stop"]
            subprocess.run([*user, *stop], check=True, capture_output=True, cwd="/")


@pytest.fixture(scope="session")
def new_database(request: pytest.FixtureRequest) -> Callable[[str, Path], str]:
    """A function that makes an empty database: `new_database("postgresql", folder)`; it goes with its server."""
    numbers = count()

    def make(kind: str, folder: Path) -> str:
        if kind == "sqlite":
            return f"sqlite:///{folder / 'annotate.db'}"
        server: str = request.getfixturevalue("postgres")
        name = f"test_{next(numbers)}"
        _at_server(server, f"create database {name}")
        return server.rsplit("/", 1)[0] + f"/{name}"

    return make


@pytest.fixture(params=DATABASES)
def db_url(request: pytest.FixtureRequest, tmp_path: Path, new_database: Callable[[str, Path], str]) -> Iterator[str]:
    """The URL of an empty database of either kind."""
    server = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    url = new_database(request.param, tmp_path)
    yield url
    if server is not None:
        _at_server(server, f"drop database {url.rsplit('/', 1)[1]} with (force)")


def _at_server(url: str, statement: str) -> None:
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def db(db_url: str) -> Iterator[Database]:
    """An empty store of either kind."""
    opened = Database(db_url)
    yield opened
    opened.close()


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    """An empty workspace on SQLite."""
    with open_context(tmp_path / "workspace", create=True) as opened:
        yield opened


@pytest.fixture
def write_picture(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes a picture with its own colours: `write_picture("a.jpg", seed=3)`."""

    def write(
        name: str, seed: int = 0, size_wh: tuple[int, int] = (64, 48), folder: str = "photos", **options: object
    ) -> Path:
        rng = np.random.default_rng(seed)
        small = rng.integers(0, 255, (6, 8, 3), np.uint8)
        path = tmp_path / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(small).resize(size_wh, Image.Resampling.BICUBIC).save(path, **options)
        return path

    return write


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
