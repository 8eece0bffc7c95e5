"""The routes, called without a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

from annotate.rest.api import create_api
from annotate.workflow import people
from annotate.workflow.context import Context


@pytest.fixture
def client(context: Context) -> Iterator[TestClient]:
    """A browser on this machine, while nobody has been added."""
    with TestClient(create_api(context), base_url="http://127.0.0.1:7860", client=("127.0.0.1", 50000)) as opened:
        yield opened


@pytest.fixture
def log_in(context: Context) -> Callable[..., TestClient]:
    """A function that adds a person and returns their browser: `log_in("wang", role="reviewer")`."""
    api = create_api(context)

    def logged_in(name: str, role: str = "annotator") -> TestClient:
        people.add_user(context, name, role, f"{name}-password")  # type: ignore[arg-type]
        browser = TestClient(api, base_url="http://labels.example", client=("10.0.0.7", 50000))
        answer = browser.post("/api/login", json={"name": name, "password": f"{name}-password"})
        assert answer.status_code == 200, answer.text
        return browser

    return logged_in
