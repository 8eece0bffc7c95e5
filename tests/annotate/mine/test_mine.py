"""From readings and verdicts to a batch, through the use cases and the commands."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from running import annotate_here
from stored_pictures import fill

from annotate.mine.hardness import Signs
from annotate.records import Clip, Picture, Reading, Region
from annotate.store import batches, clips, hardness, images, reads, sources, verdicts
from annotate.store.database import now
from annotate.store.labels import add_readings, save_doc
from annotate.workflow.add import AddOptions, add
from annotate.workflow.context import Context
from annotate.workflow.mine import RANDOM_TAG, MineOptions, mine
from annotate.workflow.verdicts import import_verdicts
from synthtext.errors import UserError

SQUARE = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))


def _read(context: Context, image_id: str, *scores: float) -> None:
    """Let the reader `a` have read lines with these scores."""
    with context.db.writing() as session:
        regions = [Region(f"{n}", "quad", SQUARE, "字", origin="reader:a", score=s) for n, s in enumerate(scores)]
        save_doc(session, image_id, 0, regions, who="reader:a", action="read", at=now())
        add_readings(session, image_id, {f"{n}": [Reading("a", "字", s)] for n, s in enumerate(scores)}, now())
        reads.note(session, "a", image_id, len(scores))


def test_mine__picks_the_hardest_and_says_why(context: Context) -> None:
    with context.db.writing() as session:
        ids = fill(session, *(f"{n}" for n in range(10)))
        (done,) = fill(session, "done", status="confirmed")
        (unread,) = fill(session, "unread")
    for number, image_id in enumerate(ids):
        _read(context, image_id, 1 - number / 10)
    _read(context, done, 0.0)
    summary = mine(context, MineOptions(count=3, batch="tomorrow", random_share=0))
    assert (summary.judged, summary.candidates, summary.spread_by) == (10, 10, "phash")
    assert [picture.id for picture, _ in summary.picked] == [ids[9], ids[8], ids[7]]
    with context.db.reading() as session:
        batch = batches.find(session, "tomorrow")
        assert batch is not None
        items = batches.items(session, batch.id)
        stored = hardness.get(session, [ids[9], unread])
    assert [item.image_id for item in items] == [ids[9], ids[8], ids[7]]
    assert items[0].why["low_score"]["why"] == "'字' read with 0.10"
    assert items[0].why["picked"] == "hard"
    assert stored[ids[9]][0] == pytest.approx(0.9 + 0.05 * 0.6931, abs=1e-3)
    assert unread not in stored
    following = mine(context, MineOptions(count=3, random_share=0))  # what is in a batch is not picked again
    assert [picture.id for picture, _ in following.picked] == [ids[6], ids[5], ids[4]]
    with pytest.raises(UserError, match="choose another with --batch"):
        mine(context, MineOptions(batch="tomorrow"))


def test_mine__tags_the_random_share(context: Context) -> None:
    with context.db.writing() as session:
        ids = fill(session, *(f"{n}" for n in range(20)))
    for image_id in ids:
        _read(context, image_id, 0.5)
    summary = mine(context, MineOptions(count=10, random_share=0.3, signs=Signs(chars={"字": 1})))
    at_random = {picture.id for picture, one in summary.picked if one.why["picked"] == "at random"}
    with context.db.reading() as session:
        tagged = {picture.id for picture in images.get_many(session, ids).values() if RANDOM_TAG in picture.tags}
    assert len(at_random) == 3
    assert tagged == at_random
    assert all("rare_char" in one.why for _, one in summary.picked)


def test_mine__with_nothing_to_pick_from_says_what_to_do(context: Context) -> None:
    with pytest.raises(UserError, match="read the pool first: annotate prelabel"):
        mine(context, MineOptions())
    with pytest.raises(UserError, match="annotate verdicts import FILE"):
        mine(context, MineOptions(source="verdicts"))
    with context.db.writing() as session:
        (image_id,) = fill(session, "a")
    _read(context, image_id, 0.5)
    mine(context, MineOptions())
    with pytest.raises(UserError, match="--batched-too"):
        mine(context, MineOptions(batch="another"))
    assert len(mine(context, MineOptions(batch="another", batched_too=True)).picked) == 1


@pytest.fixture
def pool(context: Context, write_picture: Callable[..., Path]) -> list[Picture]:
    """Four photographs, and a clip with frames at 0, 1 and 2 seconds."""
    for seed in range(4):
        folder = write_picture(f"{seed}.jpg", seed).parent
    add(context, [str(folder)], AddOptions(workers=1))
    with context.db.writing() as session:
        source = sources.put(session, "video", "/clips/a.mp4")
        clips.add(session, Clip("c1", "a.mp4", "/clips/a.mp4", source, now(), 3000, 25, 64, 48, 75, md5="m1"))
        for second in range(3):
            fill(session, f"frame{second}", clip_id="c1", time_ms=second * 1000, source_id=source)
        found = images.page(session, images.Filter()).pictures
    return list(found)


def test_import_verdicts__finds_pictures_however_they_are_named(
    context: Context, pool: list[Picture], tmp_path: Path
) -> None:
    by_id, by_path, by_name, by_md5 = pool[:4]
    rows = [
        f"{by_id.id},,,1,0",
        f"{by_path.path},,,0,1",
        f"{by_name.name},,,yes,no",
        f"{by_md5.md5},,,pass,hit",
        ",a.mp4,1.2,1,1",
        ",c1,00:00:02,hit,pass",
        ",m1,9,1,0",
        "nothing.jpg,,,1,0",
        "broken,,,perhaps,0",
        ",a.mp4,,1,0",
    ]
    file = tmp_path / "verdicts.csv"
    file.write_text("\n".join(["image,clip,time,machine,human,note", *(f"{row},seen" for row in rows)]), "utf-8")
    summary = import_verdicts(context, file)
    assert dict(summary.counts) == {"flagged": 3, "missed": 2, "agreed": 1, "unknown": 2}
    assert [(bad.line, bad.reason.split(":")[0]) for bad in summary.bad] == [
        (10, "machine"),
        (11, "a frame needs its time"),
    ]
    assert summary.unknown == ["m1 9000 ms", "nothing.jpg"]
    assert import_verdicts(context, file).counts == summary.counts
    with context.db.reading() as session:
        assert sum(verdicts.counts(session).values()) == 8
        differ = {one.image_id: one.machine_hit for one in verdicts.disagreements(session)}
    assert differ == {by_id.id: True, by_path.id: False, by_name.id: True, by_md5.id: False, pool[6].id: True}


def test_mine__from_verdicts_takes_what_machine_and_people_disagree_on(
    context: Context, pool: list[Picture], tmp_path: Path
) -> None:
    rows = [
        {"image": pool[0].id, "machine": True, "human": False},
        {"image": pool[1].id, "machine": False, "human": True},
        {"image": pool[2].id, "machine": True, "human": True},
    ]
    (tmp_path / "v.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\nno json\n", "utf-8")
    root = context.workspace.root
    said = annotate_here("verdicts", "import", tmp_path / "v.jsonl", "-w", root).stdout
    assert "agreed 1, flagged by the machine and passed by people 1, missed by the machine 1" in said
    assert "line 4: no JSON" in said
    done = annotate_here("mine", "-w", root, "--from", "verdicts", "--batch", "today", "--random", "0")
    assert "batch 'today': 2 of 2 pictures" in done.stdout
    with context.db.reading() as session:
        batch = batches.find(session, "today")
        assert batch is not None
        items = batches.items(session, batch.id)
    assert [item.image_id for item in items] == [pool[1].id, pool[0].id]
    assert items[0].why["verdict"] == "missed by the machine, found by people"
    assert items[1].why["verdict"] == "flagged by the machine, passed by people"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there are no verdicts"),
        ("image,machine\na,1\n", "no column 'human'"),
        ("machine,human\n1,1\n", "no column 'image or clip'"),
    ],
)
def test_import_verdicts__of_a_file_that_lacks_something(
    context: Context, tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "v.csv").write_text(text)
    root = context.workspace.root
    assert said in annotate_here("verdicts", "import", tmp_path / "v.csv", "-w", root, check=2).stderr
    gone = annotate_here("verdicts", "import", tmp_path / "none.csv", "-w", root, check=2)
    assert "cannot be read" in gone.stderr
