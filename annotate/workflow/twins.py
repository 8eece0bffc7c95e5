"""Showing pictures that are nearly the same."""

from __future__ import annotations

from collections.abc import Iterator

from annotate.records import Picture, Twin
from annotate.store import images, twins
from annotate.workflow.context import Context

_PAGE = 500


def each_twin(context: Context) -> Iterator[tuple[Twin, Picture, Picture]]:
    """Yield all links with the later and the earlier picture."""
    after = ("", "")
    while True:
        with context.db.reading() as session:
            links = twins.page(session, after=after, limit=_PAGE)
            known = images.get_many(session, {one for link in links for one in (link.image_id, link.other_id)})
        yield from ((link, known[link.image_id], known[link.other_id]) for link in links)
        if len(links) < _PAGE:
            return
        after = (links[-1].image_id, links[-1].other_id)


def count_twins(context: Context) -> dict[str, int]:
    """Return how many links each gate has made."""
    with context.db.reading() as session:
        return twins.count(session)
