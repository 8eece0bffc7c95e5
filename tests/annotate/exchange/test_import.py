"""Labels into the store, with their origin: PPOCRLabel's above all, there and back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from small_pool import box, put_picture
from sqlalchemy import event
from test_export import label
from typer.testing import CliRunner

from annotate.cli import command_line
from annotate.ingest import look
from annotate.records import Doc, Filter
from annotate.store import batches, images, labels, written
from annotate.workflow.context import Context
from annotate.workflow.exchange import ExportRequest, export_dataset
from annotate.workflow.importing import ImportReport, ImportRequest, import_dataset
from annotate.workflow.pool import take_out
from synthtext.errors import UserError
from synthtext.labels.codec.table import CODECS

Write = Callable[..., Path]
QUAD = [[5, 5], [45, 5], [45, 20], [5, 20]]


def docs(context: Context) -> dict[str, Doc]:
    """All labels by the picture's name."""
    with context.db.reading() as session:
        found = images.page(session, Filter(), limit=1000).pictures
        return {picture.name: labels.load_doc(session, picture.id) for picture in found}


def take(context: Context, root: Path, name: str | None = None, **request: object) -> ImportReport:
    return import_dataset(context, root, name, ImportRequest(**request))  # type: ignore[arg-type]


def ppocrlabel(root: Path, **lines: list[dict]) -> None:
    """Write labels as PPOCRLabel does, of a folder that was called otherwise once."""
    text = "".join(f"old_name/{name}.jpg\t{json.dumps(items, ensure_ascii=False)}\n" for name, items in lines.items())
    (root / "Label.txt").write_text(text, "utf-8")


def item(text: str, points: list = QUAD) -> dict:
    return {"transcription": text, "points": points, "difficult": False}


@pytest.fixture
def photos(write_picture: Write) -> Path:
    for seed, name in enumerate(("a.jpg", "b.jpg", "c.jpg", "d.jpg")):
        write_picture(name, seed=seed)
    return write_picture("e.jpg", seed=9).parent


def test_import__a_renamed_folder_with_all_its_quirks(context: Context, photos: Path) -> None:
    drawn_leftwards = [[45, 5], [5, 5], [5, 20], [45, 20]]
    from_below = [[45, 20], [5, 20], [5, 5], [45, 5]]
    turned = [[20, 5], [40, 15], [35, 25], [15, 15]]
    ppocrlabel(
        photos,
        a=[item("true null false"), item('a "quote", and a, comma'), item("###")],
        b=[item("leftwards", drawn_leftwards), item("from below", from_below), item("turned", turned)],
        c=[item("待识别"), item("sure")],
        d=[item("unsure")],
    )
    (photos / "fileState.txt").write_text(
        "old_name/a.jpg\t1\nold_name/b.jpg\t1\nold_name/c.jpg\t1\n/x/old_name/e.jpg\t1\n"
    )

    report = take(context, photos)

    found = docs(context)
    assert report.faults == []
    assert [region.text for region in found["a.jpg"].regions] == ["true null false", 'a "quote", and a, comma', ""]
    assert [region.ignore for region in found["a.jpg"].regions] == [False, False, True]
    assert {region.origin for region in found["a.jpg"].regions} == {"import:ppocrlabel"}
    quads = [[list(point) for point in region.points] for region in found["b.jpg"].regions]
    assert quads == [QUAD, QUAD, turned]
    placeholder, sure = found["c.jpg"].regions
    assert (placeholder.text, placeholder.ignore, placeholder.ignore_reason, placeholder.state) == (
        "",
        True,
        "placeholder",
        "todo",
    )
    assert sure.text == "sure"
    statuses = {name: doc.status for name, doc in found.items()}
    assert statuses == {
        "a.jpg": "confirmed",
        "b.jpg": "confirmed",
        "c.jpg": "todo",
        "d.jpg": "todo",
        "e.jpg": "no_text",
    }


def test_import__twice_changes_nothing(context: Context, photos: Path) -> None:
    ppocrlabel(photos, a=[item("one")])
    take(context, photos)
    before = docs(context)

    report = take(context, photos)

    assert docs(context) == before
    assert (report.counts["added"], report.counts["labelled"]) == (0, 0)


def test_import__placeholders_are_never_exported_as_texts(context: Context, photos: Path, tmp_path: Path) -> None:
    ppocrlabel(photos, a=[item("TEMPORARY"), item("无法识别", [[5, 25], [45, 25], [45, 40], [5, 40]]), item("real")])
    take(context, photos)

    export_dataset(context, ExportRequest(("todo", "confirmed"), drafts=True), ["paddleocr"], tmp_path / "out")

    assert [line.split("\t")[1] for line in (tmp_path / "out/rec/train.txt").read_text().splitlines()] == ["real"]
    assert "TEMPORARY" not in (tmp_path / "out/det/train.txt").read_text()


def test_import__to_ppocrlabel_and_back_a_colleague_changes_one_text(context: Context, tmp_path: Path) -> None:
    ids = [put_picture(context, f"{n}.jpg", seed=n) for n in range(2)]
    exact = replace(box("r1", x=10.4, y=10.3, text="one"), tags=("seal",), category="filled", extra={"k": 1})
    for image_id in ids:
        label(context, image_id, exact, replace(box("r2", y=60, text="two"), direction="rtl"))
    before = docs(context)
    out = tmp_path / "for_li"
    export_dataset(context, ExportRequest(), ["ppocrlabel"], out)
    moved = tmp_path / "renamed by li"
    out.rename(moved)
    _as_ppocrlabel_saves(moved / "Label.txt", "two", "zwei")

    report = take(context, moved)

    after = docs(context)
    assert (report.counts["labelled"], report.counts["added"], report.counts["conflicts"]) == (2, 0, 0)
    for name, doc in after.items():
        one, two = doc.regions
        assert one == before[name].regions[0]  # not a hair of it has moved
        assert (two.id, two.text, two.direction, two.origin) == ("r2", "zwei", "rtl", "import:ppocrlabel")


def _as_ppocrlabel_saves(path: Path, old: str, new: str) -> None:
    """Write a Label.txt as PPOCRLabel does after somebody typed a text: it keeps three keys of every box."""
    lines = []
    for line in path.read_text("utf-8").splitlines():
        key, items = line.split("\t")
        kept = [{name: box[name] for name in ("transcription", "points", "difficult")} for box in json.loads(items)]
        for one in kept:
            one["transcription"] = one["transcription"].replace(old, new)
        lines.append(f"{key}\t{json.dumps(kept, ensure_ascii=False)}\n")
    path.write_text("".join(lines), "utf-8")


def test_import__nobodys_work_is_overwritten(context: Context, tmp_path: Path) -> None:
    image_id = put_picture(context, "a.jpg")
    label(context, image_id, box("r1", text="one"))
    export_dataset(context, ExportRequest(), ["ppocrlabel"], tmp_path / "out")
    label(context, image_id, box("r1", text="changed here"))
    _as_ppocrlabel_saves(tmp_path / "out/Label.txt", "one", "changed there")

    report = take(context, tmp_path / "out")

    assert report.counts["conflicts"] == 1
    assert "changed here since" in report.faults[0]
    assert docs(context)["a.jpg"].regions[0].text == "changed here"
    take(context, tmp_path / "out", existing="replace")
    assert docs(context)["a.jpg"].regions[0].text == "changed there"


def test_import__pictures_with_labels_of_their_own_stay_as_they_are(context: Context, photos: Path) -> None:
    ppocrlabel(photos, a=[item("first")])
    take(context, photos)
    ppocrlabel(photos, a=[item("second")])

    report = take(context, photos)

    assert report.counts["kept"] == 1
    assert docs(context)["a.jpg"].regions[0].text == "first"


def test_import__batch_tags_and_drafts(context: Context, photos: Path) -> None:
    ppocrlabel(photos, a=[item("one")], b=[item("two")])

    take(context, photos, batch="tickets", tags=("paper",), confirmed=False)

    with context.db.reading() as session:
        batch = batches.find(session, "tickets")
        assert batch is not None
        assert (batch.size, batch.done) == (2, 0)
        assert [p.tags for p in images.page(session, Filter()).pictures] == [("paper",)] * 2
    assert {region.state for doc in docs(context).values() for region in doc.regions} == {"todo"}
    with pytest.raises(UserError, match="tickets"):
        take(context, photos, batch="tickets")


@pytest.mark.parametrize("codec", CODECS.values(), ids=lambda codec: codec.name)
def test_import__every_format_that_export_writes(codec, context: Context, tmp_path: Path) -> None:
    ids = [put_picture(context, f"{n}.jpg", seed=n) for n in range(3)]
    chars = [[[10, 10], [40, 10], [40, 30], [10, 30]], [[40, 10], [70, 10], [70, 30], [40, 30]]]
    for image_id in ids:
        label(context, image_id, replace(box("r1", text="ab"), extra={"chars": chars}))
    export_dataset(context, ExportRequest(), [codec.name], tmp_path / "out")
    with _other(context, tmp_path) as empty:
        report = take(empty, tmp_path / "out", codec.name)

        found = docs(empty)

    assert report.faults == []
    assert (report.counts["added"], len(found)) == (3, 3)
    for doc in found.values():
        (region,) = doc.regions
        assert region.text == ("ab" if codec.keeps.texts else "")
        assert region.origin == f"import:{codec.name}"
        assert doc.status == "confirmed"


def _other(context: Context, tmp_path: Path):
    from annotate.workflow.context import open_context

    return open_context(tmp_path / "other", create=True)


def test_import__what_cannot_be_read_is_named_and_the_rest_taken(context: Context, photos: Path) -> None:
    ppocrlabel(photos, a=[item("one")], missing=[item("two")])
    with (photos / "Label.txt").open("a") as file:
        file.write("old_name/b.jpg\t[{]\n")

    result = CliRunner().invoke(command_line(), ["import", str(photos), "-w", str(context.workspace.root)])

    assert result.exit_code == 1
    assert "Label.txt:2" in result.output
    assert "Label.txt:3" in result.output
    assert "labelled 1 with 1 regions" in result.output


def test_import_command__bad_input(tmp_path: Path) -> None:
    for arguments, message in (
        (["nowhere"], "no such"),
        ([str(tmp_path)], "looks like no format"),
        ([str(tmp_path), "--format", "voc"], "--format"),
        ([str(tmp_path), "--existing", "keep"], "--existing"),
    ):
        result = CliRunner().invoke(command_line(), ["import", *arguments, "-w", str(tmp_path / "w")])
        assert isinstance(result.exception, UserError)
        assert message in str(result.exception)


def test_import__more_than_one_writing_in_the_order_of_the_file(context: Context, write_picture: Write) -> None:
    names = [f"{number:03}.jpg" for number in range(130)]
    for seed, name in enumerate(names):
        folder = write_picture(name, seed=seed, size_wh=(48, 32)).parent
    ppocrlabel(folder, **{name[:-4]: [item(name)] for name in names})
    told: list[int] = []

    report = import_dataset(context, folder, None, ImportRequest(batch="all", tags=("new",)), told.append)

    assert report.faults == []
    assert (report.counts["read"], report.counts["added"], report.counts["labelled"]) == (130, 130, 130)
    assert told == sorted(told) != []
    assert {name: doc.regions[0].text for name, doc in docs(context).items()} == {name: name for name in names}
    with context.db.reading() as session:
        batch = batches.find(session, "all")
        assert batch is not None
        picked = images.get_many(session, [pick.image_id for pick in batches.items(session, batch.id, limit=200)])
        assert [picture.name for picture in picked.values()] == names
        assert {picture.tags for picture in picked.values()} == {("new",)}
        assert written.containing(session, ["077.jpg"]) == [p.number for p in picked.values() if p.name == "077.jpg"]


def test_import__the_same_picture_twice_in_a_dataset_keeps_its_first_labels(context: Context, photos: Path) -> None:
    (photos / "again.jpg").write_bytes((photos / "a.jpg").read_bytes())
    ppocrlabel(photos, a=[item("first")], again=[item("second")])

    report = take(context, photos)

    assert (report.counts["added"], report.counts["known"], report.counts["kept"]) == (1, 1, 1)
    assert docs(context)["a.jpg"].regions[0].text == "first"


def test_import__a_picture_that_was_taken_out_is_named(context: Context, photos: Path) -> None:
    ppocrlabel(photos, a=[item("one")], b=[item("two")])
    take(context, photos)
    with context.db.reading() as session:
        gone = next(picture.id for picture in images.page(session, Filter()).pictures if picture.name == "a.jpg")
    take_out(context, [gone])
    ppocrlabel(photos, a=[item("other")], b=[item("two")])

    report = take(context, photos, existing="replace")

    assert report.faults_total == 1
    assert "a.jpg was taken out of the pool" in report.faults[0]
    assert set(docs(context)) == {"b.jpg"}


def test_import__what_the_pool_has_is_not_looked_at_again(
    context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(70):
        label(context, put_picture(context, f"{seed}.jpg", seed=seed), box("r1", text=f"text {seed}"))
    export_dataset(context, ExportRequest(), ["paddleocr"], tmp_path / "out", None)
    monkeypatch.setattr(look.ProcessPoolExecutor, "submit", _never)

    report = take(context, tmp_path / "out")

    assert (report.counts["known"], report.counts["unchanged"], report.faults_total) == (70, 70, 0)


def _never(*_: object) -> None:
    raise AssertionError("nothing is to be looked at")


def test_import__asks_the_database_once_for_many_pictures(context: Context, write_picture: Write) -> None:
    names = [f"{number:02}" for number in range(60)]
    for seed, name in enumerate(names):
        folder = write_picture(f"{name}.jpg", seed=seed, size_wh=(48, 32)).parent
    ppocrlabel(folder, **{name: [item(name)] for name in names})
    asked: list[str] = []
    event.listen(context.db.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))

    take(context, folder, tags=("new",), batch="all")
    imported = len(asked)
    export_dataset(context, ExportRequest(), ["paddleocr"], folder.parent / "out")

    assert 0 < imported < len(names)
    assert 0 < len(asked) - imported < len(names) / 2
