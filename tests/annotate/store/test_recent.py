"""The labels that are kept in memory: the longest unused go first, and no more regions are kept than was said."""

from __future__ import annotations

import threading

from small_pool import box

from annotate.records import Doc
from annotate.store.recent import Recent


def _doc(image_id: str, regions: int, rev: int = 1) -> Doc:
    made = tuple(box(str(n)) for n in range(regions))
    return Doc(image_id=image_id, name=image_id, width=9, height=9, status="todo", rev=rev, regions=made)


def _kept(recent: Recent, names: str) -> str:
    # From the end, so that looking does not change what is longest unused among these.
    return "".join(name for name in names if recent.get(name) is not None)


def test_get__of_what_was_never_put_is_none() -> None:
    assert Recent().get("a") is None


def test_put__again_takes_the_place_of_what_was_there() -> None:
    recent = Recent(most_regions=5)
    for rev in range(1, 20):
        recent.put(_doc("a", 3, rev))
    found = recent.get("a")
    assert found is not None
    assert found.rev == 19
    recent.put(_doc("b", 2))  # 3 + 2: had regions been counted twice, the first would have gone
    assert _kept(recent, "ab") == "ab"


def test_put__lets_the_longest_unused_go() -> None:
    recent = Recent(most_regions=6)
    for name in "abc":
        recent.put(_doc(name, 2))
    recent.get("a")
    recent.put(_doc("d", 2))
    assert _kept(recent, "abcd") == "acd"
    recent.put(_doc("e", 5))
    assert _kept(recent, "acde") == "e"


def test_put__of_more_than_is_kept_keeps_nothing_and_goes_on() -> None:
    recent = Recent(most_regions=3)
    recent.put(_doc("a", 1))
    recent.put(_doc("b", 4))
    assert _kept(recent, "ab") == ""
    recent.put(_doc("c", 3))
    assert _kept(recent, "c") == "c"


def test_recent__of_many_threads_stays_within_its_bound() -> None:
    recent = Recent(most_regions=20)

    def work(number: int) -> None:
        for at in range(300):
            recent.put(_doc(f"{(number * at) % 13}", at % 7))
            recent.get(f"{at % 13}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    left = [doc for number in range(13) if (doc := recent.get(str(number))) is not None]
    assert sum(len(doc.regions) for doc in left) <= 20
