"""Searching: the order that NumPy gives, under filters, in pages, by what is written, fitted to thumbs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import clip_scenes
import numpy as np
import pytest
from PIL import Image

from annotate.embed.towers import Tower, unit
from annotate.errors import NotFound
from annotate.index.connect import connect
from annotate.index.rows import PLAIN, WHOLE
from annotate.prompts import pack, packs
from annotate.queries import Example, Query, TextQuery
from annotate.records import Filter, Picture
from annotate.store import images, vectors
from annotate.workflow import near as near_module
from annotate.workflow import search as search_module
from annotate.workflow.context import Context, open_context
from annotate.workflow.query_vector import refitted
from annotate.workflow.search import Searcher, full_id
from synthtext.errors import UserError

COUNT = 36


@pytest.fixture(scope="module")
def pictures(embedded: Context) -> list[Picture]:
    with embedded.db.reading() as session:
        return list(images.page(session, Filter(), limit=1000).pictures)


@pytest.fixture(scope="module")
def stored(embedded: Context, pictures: list[Picture]) -> dict[str, np.ndarray]:
    """All vectors by kind, in the order of the pictures."""
    index = connect(embedded.workspace)
    with embedded.db.reading() as session:
        active = vectors.active(session)
    assert active is not None
    numbers = [picture.number for picture in pictures]
    found = {kind: index.vectors(active.name, numbers, kind) for kind in (WHOLE, PLAIN)}
    index.close()
    return {kind: np.stack([some[number] for number in numbers]) for kind, some in found.items()}


@pytest.fixture(scope="module")
def searcher(embedded: Context) -> Iterator[Searcher]:
    with Searcher(embedded) as opened:
        yield opened


def _ids(searcher: Searcher, query: Query, page: int = 0, size: int = 100) -> list[str]:
    return [hit.picture.id for hit in searcher.search(query, page, size).hits]


def _best(pictures: list[Picture], scores: np.ndarray) -> list[str]:
    return [pictures[place].id for place in np.argsort(-scores, kind="stable")]


def test_search__weighs_words_and_pictures_as_numpy_does(
    searcher: Searcher, tower: Tower, pictures: list[Picture], stored: dict[str, np.ndarray]
) -> None:
    red, wall = tower.texts(["red text", "a wall"])
    query = Query((Example("text", "red text"), Example("text", "a wall", -0.5)), twins=None)
    results = searcher.search(query, size=100)
    expected = stored[PLAIN] @ unit(red - 0.5 * wall)
    assert [hit.picture.id for hit in results.hits] == _best(pictures, expected)
    assert [hit.score for hit in results.hits] == pytest.approx(np.sort(expected)[::-1], abs=1e-4)
    top = pictures.index(results.hits[0].picture)
    assert results.hits[0].parts == pytest.approx(
        {"red text": float(red @ stored[PLAIN][top]), "a wall": float(wall @ stored[PLAIN][top])}, abs=1e-4
    )
    assert (results.more, results.model) == (False, "tiny.json/tiny.pt")

    two = Query((Example("image", pictures[3].id, 2.0), Example("image", pictures[9].id)), twins=None)
    by_hand = stored[WHOLE] @ unit(2 * stored[WHOLE][3] + stored[WHOLE][9])
    assert _ids(searcher, two) == _best(pictures, by_hand)
    whole = Query((Example("text", "red text"),), by="whole", twins=None)
    assert _ids(searcher, whole) == _best(pictures, stored[WHOLE] @ red)


def test_search__takes_the_written_word_away_from_a_pack(
    searcher: Searcher, tower: Tower, pictures: list[Picture], stored: dict[str, np.ndarray]
) -> None:
    chosen = pack("锦旗")
    prompts, counter = unit(tower.texts(chosen.prompts).mean(0)), unit(tower.texts(chosen.counter).mean(0))
    expected = _best(pictures, stored[PLAIN] @ unit(prompts - 0.3 * counter))
    assert _ids(searcher, Query((Example("pack", "pennant"),), twins=None)) == expected


def test_packs__say_everything_in_both_languages() -> None:
    carriers = "pennant hanging-banner led-ticker neon brush-lettering sticker shop-sign plate receipt screen"
    assert set(packs()) == {*carriers.split(), "hand-written-board"}
    for one in packs().values():
        assert one.names["en"]
        assert one.names["zh"]
        for texts in (one.prompts, one.counter):
            chinese = sum(any("一" <= char <= "鿿" for char in text) for text in texts)
            assert 0 < chinese < len(texts), one.key


def test_search__finds_a_file_and_a_crop_of_it(
    searcher: Searcher, pictures: list[Picture], photos: Path, tmp_path: Path
) -> None:
    file = photos / pictures[7].name
    assert _ids(searcher, Query((Example("file", str(file)),)))[0] == pictures[7].id
    assert _ids(searcher, Query((Example("file", "upload", data=file.read_bytes()),)))[0] == pictures[7].id
    around = Image.new("RGB", (200, 150), (90, 120, 90))
    around.paste(Image.open(file), (80, 30))
    around.save(tmp_path / "around.png")
    crop = Example("file", str(tmp_path / "around.png"), box_xyxy=(80, 30, 176, 126))
    assert _ids(searcher, Query((crop,)))[0] == pictures[7].id
    whole = Example("image", pictures[7].id, box_xyxy=(0, 0, 96, 96))
    assert _ids(searcher, Query((whole,)))[0] == pictures[7].id


def test_search__pages_follow_each_other(searcher: Searcher, pictures: list[Picture]) -> None:
    query = Query((Example("text", "green"),), twins=None)
    pages = [searcher.search(query, page, 10) for page in range(5)]
    assert [len(page.hits) for page in pages] == [10, 10, 10, 6, 0]
    assert [page.more for page in pages] == [True, True, True, False, False]
    assert [hit.picture.id for page in pages for hit in page.hits] == _ids(searcher, query)


def test_search__says_where_the_index_gives_no_more(searcher: Searcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_module, "MOST_HITS", 20)
    query = Query((Example("text", "green"),), twins=None)
    pages = [searcher.search(query, page, 8) for page in range(2)]
    assert [(len(page.hits), page.more, page.cut) for page in pages] == [(8, True, False), (8, False, True)]
    with pytest.raises(UserError, match="pages end at result 20; narrow the search with a filter"):
        searcher.search(query, 2, 8)
    monkeypatch.setattr(near_module, "_LOOK_BITS", 64)
    alike = searcher.search(Query(query.examples, twins=-1.0), 0, 20)  # all twins of the first, and others unseen
    assert (len(alike.hits), alike.more, alike.cut) == (1, False, True)
    monkeypatch.setattr(search_module, "MOST_HITS", 100)
    assert not searcher.search(query, 0, 50).cut


def test_search__shows_near_twins_once(
    searcher: Searcher, pictures: list[Picture], stored: dict[str, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near_module, "_LOOK_BITS", 64)  # by the vectors alone
    query = Query((Example("text", "green"),), twins=0.97)
    results = searcher.search(query, size=100)
    shown = [pictures.index(hit.picture) for hit in results.hits]
    near = stored[PLAIN][shown] @ stored[PLAIN][shown].T
    assert (near - np.eye(len(shown))).max() < 0.97
    assert 1 < len(shown) < COUNT
    hidden = [image_id for hit in results.hits for image_id in hit.twins]
    assert sorted(hidden + [hit.picture.id for hit in results.hits]) == sorted(p.id for p in pictures)
    paged = [i for page in range(len(shown)) for i in _ids(searcher, query, page, 1)]
    assert paged == [hit.picture.id for hit in results.hits]


def test_search__takes_no_pictures_for_twins_that_only_the_model_cannot_tell_apart(
    searcher: Searcher, pictures: list[Picture], stored: dict[str, np.ndarray]
) -> None:
    results = searcher.search(Query((Example("text", "green"),), twins=-1.0), size=100)  # any vector is near enough
    looks = {picture.id: int(picture.phash, 16) for picture in pictures}
    for hit in results.hits:
        assert all((looks[hit.picture.id] ^ looks[other]).bit_count() <= 16 for other in hit.twins)
    assert len(results.hits) > COUNT // 2
    shown = [looks[hit.picture.id] for hit in results.hits]
    assert min((a ^ b).bit_count() for at, a in enumerate(shown) for b in shown[:at]) > 16


def test_search__is_fitted_to_thumbs(
    searcher: Searcher, pictures: list[Picture], stored: dict[str, np.ndarray]
) -> None:
    """Pictures of one carrier are liked, of another disliked: the others of the first one come before."""
    start = Query((Example("text", "something"),), by="whole", twins=None)
    pennants, banners = pictures[:12], pictures[12:24]
    for judged in (2, 6):
        liked, disliked = (tuple(p.id for p in some[:judged]) for some in (pennants, banners))
        query = Query(start.examples, by="whole", liked=liked, disliked=disliked, twins=None)
        vector = refitted(None, stored[WHOLE][:judged], stored[WHOLE][12 : 12 + judged])
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
        gap = stored[WHOLE][:judged] @ vector - stored[WHOLE][12 : 12 + judged] @ vector
        assert gap.mean() > 0
        order = _ids(searcher, query)
        assert np.mean([order.index(i) for i in liked]) < np.mean([order.index(i) for i in disliked])


def test_refitted__separates_what_a_line_can() -> None:
    rng = np.random.default_rng(0)
    axis = unit(rng.standard_normal(32))
    cloud = rng.standard_normal((40, 32)).astype(np.float32) * 0.3
    liked, disliked = unit(cloud[:20] + axis), unit(cloud[20:] - 0.2 * axis)
    vector = refitted(unit(rng.standard_normal(32)), liked, disliked)
    assert (liked @ vector).min() > np.median(disliked @ vector)
    assert vector @ axis > 0.5
    with pytest.raises(ValueError, match="cancel out"):
        refitted(None, liked[:0], liked[:0] if False else np.zeros((1, 32), np.float32))


def test_search__says_what_is_wrong(searcher: Searcher, pictures: list[Picture], tmp_path: Path) -> None:
    (tmp_path / "no.png").write_bytes(b"")
    some = pictures[0].id
    cases = [
        (Query(), "nothing to search for"),
        (Query((Example("text", " "),)), "give some words"),
        (Query((Example("text", "a"), Example("text", "a", -1))), "the examples cancel out"),
        (Query((Example("file", str(tmp_path / "gone.png")),)), "gone.png: cannot be read"),
        (Query((Example("file", str(tmp_path / "no.png")),)), "is no picture"),
        (Query((Example("image", some, box_xyxy=(90, 90, 400, 400)),)), "has less than 8 pixels"),
        (Query((Example("image", "f" * 64),)), "not in this workspace"),
        (Query((Example("pack", "penant"),)), "did you mean 'pennant'"),
        (Query((Example("text", "a"),), by="parts"), "annotate embed --tiles"),
        (Query(written=TextQuery(("  ",))), "give a word"),
        (Query(written=TextQuery(("a",), fuzzy=300)), "1 to 100, not 300"),
    ]
    for query, message in cases:
        with pytest.raises(UserError, match=message) as raised:
            searcher.search(query)
        assert "\n" not in str(raised.value)
    with pytest.raises(UserError, match="pages end at result 16,384"):
        searcher.search(Query((Example("text", "a"),)), 16_384, 1)


def test_search__before_anything_is_embedded(tmp_path: Path) -> None:
    with (
        open_context(tmp_path / "empty", create=True) as context,
        Searcher(context) as searcher,
        pytest.raises(NotFound, match="annotate embed"),
    ):
        searcher.search(Query((Example("text", "a"),)))


def test_full_id__takes_the_start_of_one(embedded: Context, pictures: list[Picture]) -> None:
    assert full_id(embedded, pictures[0].id[:12].upper()) == pictures[0].id
    for start, error in (("", NotFound), ("zz", NotFound)):
        with pytest.raises(error, match="not in this workspace"):
            full_id(embedded, start)
    letters = [picture.id[0] for picture in pictures]
    common = max(set(letters), key=letters.count)
    with pytest.raises(UserError, match="several ids begin so"):
        full_id(embedded, common)


def test_scenes__are_the_same_for_a_seed() -> None:
    scene = clip_scenes.ALL[5]
    assert (clip_scenes.draw(scene, 3) == clip_scenes.draw(scene, 3)).all()
    assert (clip_scenes.draw(scene, 3) != clip_scenes.draw(scene, 4)).any()
