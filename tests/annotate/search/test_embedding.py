"""Embedding a pool: what comes out is what the model gives, nothing is lost or doubled, whatever happens meanwhile."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import clip_scenes
import cv2
import numpy as np
import pytest
from milvus_process import milvus_server
from PIL import Image

from annotate.embed.towers import Tower, load_tower, unit
from annotate.embed.views import Recipe
from annotate.errors import ServiceError
from annotate.index.connect import connect
from annotate.index.milvus import MilvusIndex
from annotate.index.rows import PLAIN, WHOLE
from annotate.queries import Example, Query
from annotate.records import Filter, Picture, Region
from annotate.store import images, labels, twins, vectors
from annotate.store.database import now
from annotate.workflow.add import add
from annotate.workflow.context import Context
from annotate.workflow.doctor import examine_index
from annotate.workflow.embedding import EmbedOptions, embed
from annotate.workflow.search import Searcher
from annotate.workspace import open_workspace
from synthtext.errors import UserError

COUNT = 36


def _pictures(context: Context) -> list[Picture]:
    with context.db.reading() as session:
        return list(images.page(session, Filter(), limit=1000).pictures)


def _active(context: Context) -> vectors.Collection:
    with context.db.reading() as session:
        found = vectors.active(session)
    assert found is not None
    return found


def _found(context: Context, words: str = "red") -> int:
    with Searcher(context) as searcher:
        return len(searcher.search(Query((Example("text", words),), twins=None), size=100).hits)


def test_embed__puts_the_models_own_vectors_into_the_index(embedded: Context, tower: Tower, photos: Path) -> None:
    index = connect(embedded.workspace)
    pictures = _pictures(embedded)[:5]
    name = _active(embedded).name
    pixels = [np.asarray(Image.open(photos / picture.name).convert("RGB")) for picture in pictures]
    whole = tower.images(pixels)
    mirrored = tower.images([np.ascontiguousarray(image[:, ::-1]) for image in pixels])
    for kind, expected in ((WHOLE, whole), (PLAIN, unit(whole + mirrored))):
        found = index.vectors(name, [picture.number for picture in pictures], kind)
        assert np.stack([found[p.number] for p in pictures]) == pytest.approx(expected, abs=1e-4)
    assert index.count(name) == COUNT
    index.close()


def test_embed__tells_of_what_cannot_be_read_and_tries_it_again(pool: Context, photos: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    shutil.copy(photos / "000.png", own / "new.png")
    Image.fromarray(clip_scenes.draw(clip_scenes.ALL[60], 5)).save(own / "gone.png")
    add(pool, [str(own)])
    kept = (own / "gone.png").read_bytes()
    (own / "gone.png").write_bytes(b"")

    first = embed(pool)
    assert (first.embedded, first.failed, first.switched) == (COUNT, 1, True)
    assert first.faults[0][0].endswith("gone.png")
    assert "add it again" in first.faults[0][1]
    assert _found(pool) == COUNT

    (own / "gone.png").write_bytes(kept)
    again = embed(pool)
    assert (again.embedded, again.failed, again.switched) == (1, 0, False)
    assert embed(pool).embedded == 0
    assert _found(pool) == COUNT + 1


def test_embed__searches_the_old_collection_until_the_new_one_is_whole(
    pool: Context, other_tiny: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    embed(pool)
    old = _active(pool)
    put = MilvusIndex.put
    monkeypatch.setattr("annotate.workflow.embedding._BATCH_IMAGES", 16)

    def fail_later(self: MilvusIndex, name: str, rows: list, parts: list = ()) -> None:  # type: ignore[type-arg, assignment]
        if rows[0].number > COUNT // 2:
            raise ServiceError("the disk is full")
        put(self, name, rows, parts)

    monkeypatch.setattr(MilvusIndex, "put", fail_later)
    model = EmbedOptions(model=other_tiny[0], pretrained=other_tiny[1])
    with pytest.raises(ServiceError, match="the disk is full"):
        embed(pool, model)
    assert _active(pool) == old
    assert _found(pool) == COUNT

    monkeypatch.setattr(MilvusIndex, "put", put)
    summary = embed(pool, model)
    assert summary.switched
    assert 0 < summary.embedded < COUNT  # it went on where it was
    assert (_active(pool).dim, old.dim) == (32, 64)
    assert _found(pool) == COUNT
    index = connect(pool.workspace)
    assert index.names() == [_active(pool).name]
    index.close()


def test_embed__rebuilds_into_a_new_collection(pool: Context) -> None:
    embed(pool)
    old = _active(pool).name
    summary = embed(pool, EmbedOptions(rebuild=True))
    assert (summary.embedded, summary.searchable, summary.switched) == (COUNT, COUNT, True)
    assert _active(pool).name != old


def test_embed__makes_again_what_milvus_has_lost_or_has_in_another_size(pool: Context) -> None:
    embed(pool)
    name = _active(pool).name
    index = connect(pool.workspace)
    index.drop(name)
    assert embed(pool).embedded == COUNT
    index.drop(name)
    index.create(name, 8, plain=True, parts=False)
    assert embed(pool).embedded == COUNT
    assert index.dim(name) == 64
    index.close()


def test_embed__links_pictures_that_are_nearly_the_same(pool: Context, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    scene = cv2.resize(clip_scenes.draw(clip_scenes.ALL[70], 1), (300, 300), interpolation=cv2.INTER_CUBIC)
    Image.fromarray(scene).save(own / "a.jpg", quality=92)
    Image.fromarray(scene).resize((280, 280)).save(own / "b.jpg", quality=70)
    add(pool, [str(own)])
    summary = embed(pool, EmbedOptions(twins=0.9999))
    first, second = (p for p in _pictures(pool) if p.name in ("a.jpg", "b.jpg"))
    with pool.db.reading() as session:
        found = twins.of_image(session, second.id)
        assert summary.twins == twins.count(session)["clip"]
    assert [(t.image_id, t.other_id, t.gate) for t in found if first.id in (t.image_id, t.other_id)] == [
        (second.id, first.id, "clip")
    ]
    assert found[0].similarity >= 0.9999
    assert embed(pool, EmbedOptions(twins=0.9999)).twins == 0


def test_embed__blurs_found_text_and_embeds_again_when_it_lies_elsewhere(pool: Context, tower: Tower) -> None:
    picture = _pictures(pool)[0]
    recipe = EmbedOptions(recipe=Recipe("blur", contexts=True), twins=None)
    embed(pool, recipe)
    name = _active(pool).name
    index = connect(pool.workspace)
    before = index.vectors(name, [picture.number], PLAIN)[picture.number]
    assert index.search_parts(name, before, 9) == []

    region = Region("r", "rect", ((20, 30), (70, 30), (70, 60), (20, 60)), "AB")
    with pool.db.writing() as session:
        labels.save_doc(session, picture.id, 0, [region], who="t", action="save", at=now())
    assert embed(pool, recipe).embedded == 1
    after = index.vectors(name, [picture.number], PLAIN)[picture.number]
    assert not np.allclose(before, after)
    assert [hit.number for hit in index.search_parts(name, after, 9)] == [picture.number]
    assert embed(pool, recipe).embedded == 0
    index.close()


def test_embed__at_an_address_and_what_is_said_when_nobody_is_there(pool: Context, tmp_path: Path) -> None:
    tmp_path.joinpath("milvus").mkdir()
    with milvus_server(tmp_path / "milvus") as server:
        uri = server.uri
        summary = embed(pool, EmbedOptions(milvus=uri))
        assert (summary.embedded, summary.searchable) == (COUNT, COUNT)
        away = replace(pool, workspace=open_workspace(pool.workspace.root))
        assert away.workspace.settings.milvus == uri
        assert not pool.workspace.vectors.exists()  # nothing was started in the workspace
        assert _found(away) == COUNT
        assert examine_index(away) == []
        with Searcher(away) as searcher:
            query = Query((Example("text", "red"),), twins=None)
            assert len(searcher.search(query, size=10).hits) == 10
            server.kill()
            with pytest.raises(ServiceError, match=rf"Milvus at {uri}"):
                searcher.search(query)
    for work in (lambda: _found(away), lambda: examine_index(away), lambda: embed(away)):
        with pytest.raises(ServiceError, match=rf"Milvus at {uri} cannot be reached"):
            work()

    assert embed(pool, EmbedOptions(milvus="lite")).embedded == COUNT
    assert _found(replace(pool, workspace=open_workspace(pool.workspace.root))) == COUNT


def test_embed__makes_vectors_anew_where_it_is_moved_to(pool: Context, milvus: str) -> None:
    embed(pool, EmbedOptions(milvus=milvus))
    away = replace(pool, workspace=open_workspace(pool.workspace.root))
    assert embed(away, EmbedOptions(milvus="lite")).embedded == COUNT
    here = replace(pool, workspace=open_workspace(pool.workspace.root))
    assert embed(here, EmbedOptions(milvus="lite")).embedded == 0
    # What lies at the address is of an earlier time: whether it is whole nobody knows.
    index = MilvusIndex(milvus)
    index.delete(_active(pool).name, [_pictures(pool)[0].number])
    assert embed(here, EmbedOptions(milvus=milvus)).embedded == COUNT
    assert index.count(_active(pool).name) == COUNT
    index.drop(_active(pool).name)
    index.close()


def test_examine_index__finds_vectors_of_another_size(pool: Context) -> None:
    embed(pool)
    name = _active(pool).name
    index = connect(pool.workspace)
    index.drop(name)
    index.create(name, 8, plain=True, parts=False)
    index.close()
    (finding,) = examine_index(pool)
    assert (finding.what, finding.mended) == ("have vectors of 8 numbers in place of 64; run: annotate embed", False)
    with pytest.raises(ServiceError, match="vectors of 8 numbers, the model gives 64; run: annotate embed"):
        _found(pool)
    assert embed(pool).embedded == COUNT
    assert examine_index(pool) == []


def test_examine_index__finds_and_mends_drift(pool: Context) -> None:
    (finding,) = examine_index(pool)
    assert (finding.what, finding.count) == ("pictures have no vectors yet; run: annotate embed", COUNT)
    embed(pool)
    name = _active(pool).name
    pictures = _pictures(pool)
    index = connect(pool.workspace)
    assert examine_index(pool) == []

    index.delete(name, [pictures[0].number, pictures[1].number])
    row = index.held(name, pictures[2].number, pictures[2].number + 1)[0]
    row.pop("number")
    index.set_scalars(name, {pictures[2].number: {**row, "status": "rejected"}})
    with pool.db.writing() as session:
        vectors.forget(session, name, [pictures[3].number])
        images.tag_pictures(session, [pictures[4].id], add=("night",))
    index.create("annotate_stranger", 8, plain=False, parts=False)
    index.flush(name)

    seen = {finding.what.split(";")[0]: (finding.count, finding.mended) for finding in examine_index(pool, mend=False)}
    assert seen == {
        "missing from the index": (2, False),
        "superfluous in the index": (1, False),
        "with outdated fields in the index": (2, False),
        "collections that nothing refers to": (1, False),
        "pictures have no vectors yet": (1, False),
    }
    assert {finding.mended for finding in examine_index(pool)} == {True, False}
    assert embed(pool).embedded == 3
    assert examine_index(pool) == []
    assert index.count(name) == COUNT
    index.close()


def test_embed__lets_one_process_work_at_a_time(pool: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    with (pool.workspace.root / "embed.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(ServiceError, match="another process is embedding"):
            embed(pool)


def test_load_tower__says_what_is_wrong(tiny: tuple[str, str], other_tiny: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "empty.pt").write_bytes(b"")
    (tmp_path / "no.json").write_text("{}")
    cases = [
        ("no-such-model", "x", "knows no model 'no-such-model'"),
        ("ViT-B-32", "no-such-tag", "no tag of ViT-B-32; give one of openai"),
        (str(tmp_path / "gone.json"), "x", "gone.json: no such file"),
        (str(tmp_path / "no.json"), "x", "is no description of an open_clip model"),
        (tiny[0], str(tmp_path / "empty.pt"), "empty.pt: is no checkpoint of"),
        (tiny[0], other_tiny[1], "is no checkpoint of"),
        (f"local-dir:{tmp_path / 'gone'}", "", "gone: no such folder"),
    ]
    for model, pretrained, message in cases:
        with pytest.raises(UserError, match=message) as raised:
            load_tower(model, pretrained)
        assert "\n" not in str(raised.value)


def test_load_tower__refuses_a_checkpoint_that_runs_code(tiny: tuple[str, str], tmp_path: Path) -> None:
    import pickle

    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (Path.touch, (str(tmp_path / "ran"),))  # type: ignore[return-value]

    (tmp_path / "evil.pt").write_bytes(pickle.dumps(Evil()))
    with pytest.raises(UserError, match="is no checkpoint"):
        load_tower(tiny[0], str(tmp_path / "evil.pt"))
    assert not (tmp_path / "ran").exists()


def test_tower__same_weights_same_revision(tiny: tuple[str, str], other_tiny: tuple[str, str], tower: Tower) -> None:
    assert load_tower(*tiny).revision == tower.revision
    assert load_tower(*other_tiny).revision != tower.revision
    assert tower.name == "tiny.json/tiny.pt"
    assert np.linalg.norm(tower.texts(["红字", "a"]), axis=1) == pytest.approx([1, 1])
