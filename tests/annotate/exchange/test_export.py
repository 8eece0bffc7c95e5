"""Datasets out of the store: which pictures, in which part, with which labels."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from small_pool import box, put_batch, put_picture
from sqlalchemy import update
from typer.testing import CliRunner

from annotate.cli import command_line
from annotate.exchange.boxes import box_of, region_of
from annotate.exchange.groups import Groups
from annotate.records import Clip, Reading, Region, Status, Twin
from annotate.review_records import Review
from annotate.store import clips, images, labels, reviews, twins
from annotate.store.database import now
from annotate.store.schema import ImageRow
from annotate.workflow.context import Context
from annotate.workflow.exchange import ExportRequest, export_dataset
from synthtext.convert.choices import Choices
from synthtext.errors import DatasetError, UserError
from synthtext.labels.codec.table import CODECS


def label(context: Context, image_id: str, *regions: Region, status: Status = "confirmed") -> int:
    """Save regions on a picture, all looked at."""
    with context.db.writing() as session:
        doc = labels.load_doc(session, image_id)
        sure = [replace(region, state="confirmed") for region in regions]
        return labels.save_doc(session, image_id, doc.rev, sure, who="ann", action="confirm", at=now(), status=status)


def pool(context: Context, count: int) -> list[str]:
    ids = [put_picture(context, f"photo {n}.jpg", seed=n) for n in range(count)]
    for number, image_id in enumerate(ids):
        label(context, image_id, box("r1", text=f"text {number}"), replace(box("r2", y=90, text="x"), ignore=True))
    return ids


def lines(path: Path) -> dict[str, list[dict]]:
    return {line.split("\t")[0]: json.loads(line.split("\t")[1]) for line in path.read_text().splitlines()}


def test_export__det_and_rec_agree_and_nothing_is_lost(context: Context, tmp_path: Path) -> None:
    pool(context, 10)

    report = export_dataset(context, ExportRequest(choices=Choices(split=(6, 2, 2))), ["paddleocr"], tmp_path / "out")

    assert report.parts == {"train": 6, "val": 2, "test": 2}
    for part, count in (("train", 6), ("val", 2), ("test", 2)):
        pages = lines(tmp_path / f"out/det/{part}.txt")
        assert len(pages) == count
        texts = [line.split("\t")[1] for line in (tmp_path / f"out/rec/{part}.txt").read_text().splitlines()]
        assert texts == [items[0]["transcription"] for items in pages.values()]
        assert all(items[1]["transcription"] == "###" for items in pages.values())
        assert all(items[1]["ignored_text"] == "x" for items in pages.values())


def test_export__frames_of_a_clip_and_pictures_that_look_alike_stay_together(context: Context, tmp_path: Path) -> None:
    ids = pool(context, 30)
    with context.db.writing() as session:
        source = images.get(session, ids[0]).source_id
        for number in range(4):
            clips.put(session, Clip(f"{number:064d}", "a.mp4", "a.mp4", source, now(), 1_000, 25.0, 320, 240, 25))
        for number, image_id in enumerate(ids[:20]):
            clip = update(ImageRow).where(ImageRow.id == image_id).values(clip_id=f"{number // 5:064d}", time_ms=number)
            session.execute(clip)
        # Picture 25 looks like a frame of the first clip, and like picture 26, and 9 like 14: two clips are one group.
        pairs = ((25, 0), (26, 25), (14, 9))
        twins.link(session, [Twin(ids[one], ids[other], "phash", 0.9) for one, other in pairs])

    export_dataset(context, ExportRequest(choices=Choices(split=(1, 1, 1))), ["coco"], tmp_path / "out")

    part = {p.extra["image"]: p.part for p in CODECS["coco"].read(tmp_path / "out", lambda fault: None)}
    assert len(part) == 30
    for group in ([0, 1, 2, 3, 4, 25, 26], list(range(5, 15)), list(range(15, 20))):
        assert len({part[ids[number]] for number in group}) == 1
    assert len(set(part.values())) == 3


def test_groups__order_of_joining_does_not_matter() -> None:
    one, other = Groups([("a", "b"), ("b", "c")]), Groups([("c", "b"), ("b", "a")])

    assert {one.name(name) for name in "abc"} == {other.name(name) for name in "abc"} == {"a"}
    assert one.name("d") == "d"


def test_export__chosen_by_status_batch_tag_and_review(context: Context, tmp_path: Path) -> None:
    ids = pool(context, 6)
    label(context, ids[5], box("r1", text="later"), status="todo")
    rev = label(context, ids[1], box("r1", text="again"))
    put_batch(context, "first", ids[:3])
    with context.db.writing() as session:
        for image_id, at, verdict in ((ids[0], 1, "confirm"), (ids[1], rev, "reject"), (ids[2], 1, "confirm")):
            review = Review(image_id, at, "bob", "ann", verdict, "", now())  # type: ignore[arg-type]
            reviews.add_review(session, review)
    label(context, ids[2], box("r1", text="changed since"))

    def exported(**request: object) -> set[str]:
        made = ExportRequest(**request)  # type: ignore[arg-type]
        export_dataset(context, made, ["coco"], tmp_path / "out")
        found = CODECS["coco"].read(tmp_path / "out", lambda fault: None)
        return {str(picture.extra["image"]) for picture in found}

    assert exported() == {ids[0], ids[2], ids[3], ids[4]}  # what a reviewer has sent back is never in
    assert exported(batch="first") == {ids[0], ids[2]}
    assert exported(review="confirmed") == {ids[0]}  # 2 has changed since
    assert exported(statuses=("todo",), drafts=True) == {ids[5]}
    with pytest.raises(UserError, match="first"):
        exported(batch="second")
    with pytest.raises(DatasetError, match="nothing"):
        exported(tags=("none",))


def test_export__drafts_of_readers_only_if_asked_for(context: Context, tmp_path: Path) -> None:
    image_id = put_picture(context)
    draft = replace(box("r2", y=90, text="maybe"), origin="reader:rapidocr", score=0.4)
    with context.db.writing() as session:
        confirmed = replace(box("r1", text="sure"), state="confirmed")
        labels.save_doc(session, image_id, 0, [confirmed, draft], who="ann", action="save", at=now())

    def texts(drafts: bool) -> list[str]:
        export_dataset(context, ExportRequest(("todo",), drafts=drafts), ["coco"], tmp_path / "out")
        (picture,) = CODECS["coco"].read(tmp_path / "out", lambda fault: None)
        return [box.text for box in picture.boxes]

    assert texts(False) == ["sure"]
    assert texts(True) == ["sure", "maybe"]


def test_export__blank_pictures_where_they_are_taken(context: Context, tmp_path: Path) -> None:
    pool(context, 2)
    label(context, put_picture(context, "blank.jpg", seed=9), status="no_text")

    report = export_dataset(context, ExportRequest(), ["yolo-obb", "paddleocr"], tmp_path / "out")

    assert report.written == {"yolo-obb": 3, "paddleocr": 2}


def test_export__links_the_pools_files(context: Context, tmp_path: Path) -> None:
    (image_id,) = pool(context, 1)

    export_dataset(context, ExportRequest(), ["labelme"], tmp_path / "out")

    (exported,) = (tmp_path / "out").glob("*.jpg")
    stored = context.workspace.root / f"media/{image_id[:2]}/{image_id}.jpg"
    assert os.path.samefile(stored, exported)
    assert exported.name == f"photo_0-{image_id[:16]}.jpg"


def test_box_of__and_back() -> None:
    region = replace(
        box("r1", text="真 true"),
        direction="ttb",
        tags=("seal",),
        category="filled",
        readings=(Reading("rapidocr", "x", 0.5),),
        extra={"language": "Chinese", "chars": [[[1, 1], [5, 1], [5, 5], [1, 5]]], "key_cls": "name"},
    )

    back = region_of(box_of(region), "import:coco")

    fields = ("points", "text", "direction", "tags", "category", "ignore", "extra")
    assert [getattr(back, name) for name in fields] == [getattr(region, name) for name in fields]
    assert (back.origin, back.state, back.kind) == ("import:coco", "confirmed", "rect")


def test_box_of__what_nobody_has_typed_is_ignored() -> None:
    assert box_of(box("r1", text=" ")).ignore


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--format", "yoloo"], "did you mean 'yolo'"),
        (["--split", "a:b"], "--split"),
        (["--split", "0:0:0"], "--split"),
        (["--status", "done"], "--status"),
        (["--mix", "x"], "--mix"),
        (["--charset", "none.txt"], "none.txt"),
        (["--batch", "none"], "--batch"),
        (["--others", "hide"], "--others"),
    ],
)
def test_export_command__bad_input(context: Context, tmp_path: Path, arguments: list[str], message: str) -> None:
    where = ["--workspace", str(context.workspace.root), "--out", str(tmp_path / "out")]

    result = CliRunner().invoke(command_line(), ["export", *where, *arguments])

    assert isinstance(result.exception, UserError)
    assert message in str(result.exception)
    assert "\n" not in str(result.exception)
    assert not (tmp_path / "out").exists()


def test_export_command__says_what_it_did(context: Context, tmp_path: Path) -> None:
    pool(context, 4)

    result = CliRunner().invoke(
        command_line(),
        ["export", "-w", str(context.workspace.root), "-o", str(tmp_path / "out"), "--format", "paddleocr,craft"],
    )

    assert result.exit_code == 0, result.output
    assert "wrote 4 pictures as paddleocr" in result.output
    assert (tmp_path / "out/craft/easyocr/ch4_training_images").is_dir()


def test_export_command__one_category_only(context: Context, tmp_path: Path) -> None:
    image_id = put_picture(context, "form.jpg", seed=1)
    name, filled = box("r1", text="Name"), replace(box("r2", y=90, text="Li"), category="filled")
    label(context, image_id, name, filled)
    where = [
        "-w",
        str(context.workspace.root),
        "-o",
        str(tmp_path / "out"),
        "--split",
        "none",
        "--format",
        "ppocrlabel",
    ]

    result = CliRunner().invoke(command_line(), ["export", *where, "--category", "filled"])

    assert result.exit_code == 0, result.output
    assert "left out: of another category: 1" in result.output
    (items,) = lines(next((tmp_path / "out").rglob("Label.txt"))).values()
    assert [item["transcription"] for item in items] == ["Li"]
