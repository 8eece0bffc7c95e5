"""The routes of the whole app, ours and Gradio's, as the app itself has them: one that is added later is there too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from starlette.routing import Mount

# Routes of Gradio and Starlette name no methods where all are meant.
_ALL = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_FILLED = re.compile(r"\{(\w+)(?::\w+)?\}")


def routes_of(app: FastAPI) -> list[tuple[str, str]]:
    """Every method and path, with the path's parts still in braces."""
    return list(dict.fromkeys(_walked(app.routes, "")))


def filled(path: str, **values: object) -> str:
    """A path with its parts filled in; `1` for those that have no value."""
    return _FILLED.sub(lambda part: str(values.get(part.group(1), 1)), path)


def _walked(routes: list[Any], before: str) -> Iterator[tuple[str, str]]:
    for one in routes:
        if hasattr(one, "effective_candidates"):  # how FastAPI keeps a router that was included
            yield from _walked(one.effective_candidates(), before)
            continue
        route = getattr(one, "starlette_route", None) or one
        if isinstance(route, Mount):
            yield from ((method, f"{before}{route.path}/") for method in _ALL)
            yield from ((method, f"{before}{route.path}/no/such/file.txt") for method in _ALL)
            yield from _walked(list(route.routes or []), before + route.path)
            continue
        # A kind of route without a path is not known here: it fails, so that it is looked at.
        for method in sorted(route.methods or _ALL):
            yield method, before + route.path
