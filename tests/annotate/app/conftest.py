"""One browser for all tests of the pages; one server a module."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).parent))

from browsing import ARGUMENTS, CHROMIUM, Person, Site, has_chromium

from annotate.workflow.context import Context, open_context


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium without a window, with a profile of its own."""
    if not has_chromium():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{CHROMIUM} is missing")
        pytest.skip(f"{CHROMIUM} is missing")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """The workspace that the module's server serves."""
    root = tmp_path_factory.mktemp("served") / "workspace"
    with open_context(root, create=True, reader="python:own_readers:Sized") as opened:
        yield opened


@pytest.fixture(scope="module")
def site(pool: Context, browser: Browser) -> Iterator[Site]:
    """The module's server."""
    served = Site(pool.workspace.root)
    served.start()
    yield served
    served.kill()


@pytest.fixture
def enter(browser: Browser, site: Site) -> Iterator[Callable[..., Person]]:
    """A function that lets somebody come to the page."""
    people: list[Person] = []

    def entered(**options: Any) -> Person:
        people.append(Person(browser, site, **options))
        return people[-1]

    yield entered
    for person in people:
        person.close()
