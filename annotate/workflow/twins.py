"""Pictures that are nearly the same: shown, in pairs and in groups, and what people say of a group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from annotate.pool_records import PoolChange, TwinGroups
from annotate.reasons import Reason
from annotate.records import Picture, Twin
from annotate.store import images, twins
from annotate.workflow.context import Context
from annotate.workflow.pool import shown, take_out
from synthtext.errors import UserError

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


def twin_groups(context: Context, after: str = "", limit: int = 20) -> TwinGroups:
    """Return groups of pictures that are nearly the same and of which nobody has said that they all stay."""
    with context.db.reading() as session:
        groups, following = twins.next_groups(session, after=after, limit=limit)
        known = images.get_many(session, [one for group in groups for one in group])
    in_order = [sorted((known[one] for one in group), key=lambda picture: picture.number) for group in groups]
    return TwinGroups(tuple(tuple(map(shown, group)) for group in in_order), following)


def settle_twins(context: Context, ids: Sequence[str], keep: Sequence[str]) -> PoolChange:
    """Say which pictures of a group stay; the others are taken out of the pool, as `pool.take_out` does it.

    Args:
        ids: of all pictures of the group.
        keep: of those that stay, at least one.

    Raises:
        UserError: none would stay, or one that shall stay is not of the group.
    """
    if not keep or set(keep) - set(ids):
        raise UserError(Reason("twins.keep"))
    with context.db.writing() as session:
        settled = twins.keep_all(session, list(dict.fromkeys(keep)))
    gone = [one for one in dict.fromkeys(ids) if one not in set(keep)]
    return take_out(context, gone) if gone else PoolChange(settled)
