"""Shared set-up: a cache of the tests' own, and opened assets."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from synthtext.native import native

# How long an example takes says nothing on a machine that is shared.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the user's cache out of the tests, and the tests out of the user's cache."""
    before = os.environ.get("SYNTHTEXT_CACHE")
    if before is None:
        os.environ["SYNTHTEXT_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    yield
    if before is None:
        del os.environ["SYNTHTEXT_CACHE"]


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def native_module() -> None:
    """Skip where the native module is not built; fail there under CI."""
    if native is None:
        if os.environ.get("CI"):
            pytest.fail("the native module is not built; python hatch_build.py")
        pytest.skip("the native module is not built; python hatch_build.py")
