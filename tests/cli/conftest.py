"""Commands without processes of their own, and one small dataset to look at."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from command_line import SMALL, Command, run_command

from synthtext import api
from synthtext.engine.run import Summary, run


def _inline(*arguments: Any, method: str, **options: Any) -> Summary:
    return run(*arguments, method="inline", **options)


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """Run a command in an empty folder."""
    monkeypatch.setattr(api, "run", _inline)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    return run_command


@pytest.fixture
def generate(command: Command) -> Command:
    """Run a small `synthtext generate --out d`; options that are given win."""
    return partial(command, "generate", *SMALL, "--count", 12, "--out", "d", "--quiet")


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset of 40 samples, not to be changed."""
    out = tmp_path_factory.mktemp("dataset") / "d"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api, "run", _inline)
        result = run_command("generate", *SMALL, "--count", 40, "--out", out, "--quiet")
    assert result.code == 0, result
    return out


@pytest.fixture(scope="session")
def font(repository: Path) -> Path:
    """A small sound font file."""
    return next((repository / "fonts").rglob("Roboto-Regular.ttf"))


@pytest.fixture(scope="session")
def photo(repository: Path) -> Path:
    """A sound photograph."""
    return repository / "backgrounds" / "cc0" / "es-beach0.jpg"
