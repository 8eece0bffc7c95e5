"""The process that searches for the app: it holds the model, which the web server must not load."""

from __future__ import annotations

from pathlib import Path

from annotate.jobs.helper import Helper
from annotate.queries import Query, Results
from annotate.workflow.context import Context, open_context
from annotate.workflow.search import Searcher

_OPENED: list[Searcher] = []


class Finder:
    """Searches one workspace."""

    def __init__(self, context: Context) -> None:
        self._helper = Helper("searching", _open, context.workspace.root)

    def warm(self) -> None:
        """Start the process, so that the first search need not wait for it."""
        self._helper.begin(_ready)

    def search(self, query: Query, page: int, size: int) -> Results:
        """Return a page of what is found, see `Searcher.search`.

        Raises:
            ServiceError: Milvus, the model or the process cannot be reached; and what `Searcher.search` raises.
        """
        return self._helper.ask(_search, query, page, size)

    def close(self) -> None:
        """Stop the process."""
        self._helper.close()


def _open(root: Path) -> None:
    # Kept until the process ends: what a `with` would close is needed for the next search.
    manager = open_context(root)
    _OPENED.append(Searcher(manager.__enter__()))


def _ready() -> None:
    pass


def _search(query: Query, page: int, size: int) -> Results:
    return _OPENED[-1].search(query, page, size)
