"""Adding, through the use case that all doors lead to."""

from __future__ import annotations

import io
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from annotate.errors import NotFound
from annotate.media import file_of, read_image, thumb, thumb_path
from annotate.records import Fault, Filter, Picture
from annotate.store import files, images
from annotate.workflow.add import AddOptions, add, add_bytes, faults_of
from annotate.workflow.context import Context, open_context
from synthtext.errors import UserError

Write = Callable[..., Path]
ONE = AddOptions(workers=1)


def _pool(context: Context) -> list[Picture]:
    return [picture for some in images.each(context.db, Filter()) for picture in some]


def _pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image)


def test_add__twice_changes_nothing(context: Context, write_picture: Write) -> None:
    for seed in range(5):
        write_picture(f"{seed}.jpg", seed)
    folder = str(write_picture("deep/6.png", 6).parent.parent)
    first = add(context, [folder], ONE)
    before = _pool(context)
    again = add(context, [folder], ONE)
    assert dict(first.counts) == {"added": 6}
    assert dict(again.counts) == {"known": 6}
    assert _pool(context) == before
    assert again.pictures == 6
    assert [p.name for p in before] == ["0.jpg", "1.jpg", "2.jpg", "3.jpg", "4.jpg", "deep/6.png"]


def test_add__reads_no_known_file_again(
    context: Context, write_picture: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_picture("a.jpg")
    add(context, [str(path)], ONE)
    monkeypatch.setattr("annotate.ingest.look.examine", lambda data: pytest.fail("was read again"))
    assert add(context, [str(path)], ONE).counts["known"] == 1
    os.utime(path, (1, 1))
    with pytest.raises(pytest.fail.Exception):
        add(context, [str(path)], ONE)


def test_add__keeps_pixels_size_and_thumbnail(context: Context, write_picture: Write) -> None:
    path = write_picture("a.png", size_wh=(600, 300))
    add(context, [str(path)], ONE)
    (picture,) = _pool(context)
    assert (picture.width, picture.height, picture.bytes) == (600, 300, path.stat().st_size)
    np.testing.assert_array_equal(read_image(context.workspace, picture), _pixels(path))
    small = thumb_path(context.workspace, picture.id)
    assert _pixels(small).shape == (128, 256, 3)
    small.unlink()
    assert _pixels(thumb(context.workspace, picture)).shape == (128, 256, 3)


def test_add__by_reference_follows_a_file_that_was_moved(context: Context, write_picture: Write) -> None:
    path = write_picture("a.jpg")
    add(context, [str(path)], ONE)
    moved = path.rename(path.with_name("b.jpg"))
    (picture,) = _pool(context)
    with pytest.raises(NotFound, match="add it again"):
        read_image(context.workspace, picture)
    assert dict(add(context, [str(moved)], ONE).counts) == {"known": 1, "same": 1}
    (picture,) = _pool(context)
    assert picture.path == str(moved)
    assert read_image(context.workspace, picture).shape == (48, 64, 3)


def test_read_image__of_a_file_that_was_changed_says_so(context: Context, write_picture: Write) -> None:
    path = write_picture("a.png")
    add(context, [str(path)], ONE)
    write_picture("a.png", size_wh=(10, 10))
    (picture,) = _pool(context)
    with pytest.raises(NotFound, match="has been changed"):
        read_image(context.workspace, picture)


def test_add__copied_in_survives_moving_the_workspace(tmp_path: Path, write_picture: Write) -> None:
    path = write_picture("a.jpg")
    with open_context(tmp_path / "one", create=True) as context:
        add(context, [str(path)], AddOptions(copy=True, workers=1))
    data = path.read_bytes()
    path.unlink()
    (tmp_path / "one").rename(tmp_path / "two")
    with open_context(tmp_path / "two") as context:
        (picture,) = _pool(context)
        assert file_of(context.workspace, picture).read_bytes() == data
        assert read_image(context.workspace, picture).shape == (48, 64, 3)


def test_add__the_same_bytes_under_two_names_are_one_picture(context: Context, write_picture: Write) -> None:
    write_picture("a.jpg", 1)
    folder = write_picture("b.jpg", 1).parent
    assert dict(add(context, [str(folder)], ONE).counts) == {"added": 1, "known": 1, "same": 1}
    (picture,) = _pool(context)
    with context.db.reading() as session:
        assert [Path(p).name for p in files.places(session, picture.id)] == ["a.jpg", "b.jpg"]


def test_add__of_bad_files_lists_each_and_goes_on(context: Context, write_picture: Write, tmp_path: Path) -> None:
    good = write_picture("good.jpg")
    folder = good.parent
    (folder / "empty.jpg").touch()
    (folder / "cut.jpg").write_bytes(good.read_bytes()[:-200])
    with (folder / "huge.jpg").open("wb") as stream:
        stream.truncate(2 * 2**30)  # sparse: no disk is used
    (folder / "folder.jpg").mkdir()
    (folder / "gone.jpg").symlink_to(folder / "nothing.jpg")
    os.mkfifo(folder / "pipe.jpg")
    summary = add(context, [str(folder)], ONE)
    assert dict(summary.counts) == {"added": 1, "broken": 4, "missing": 1}
    found = {Path(fault.where).name: (fault.outcome, fault.reason) for fault in summary.faults}
    assert found["empty.jpg"] == ("broken", "the file is empty")
    assert found["huge.jpg"][1].startswith("refused: 2,147,483,648 bytes")
    assert found["cut.jpg"][1].startswith("cannot be decoded: ")
    assert found["gone.jpg"] == ("missing", "no such file")
    assert found["pipe.jpg"] == ("broken", "it is no regular file")
    assert list(faults_of(context, summary.adding_id)) == summary.faults


def test_add__takes_names_of_every_kind(context: Context, write_picture: Write) -> None:
    names = ["横幅 照片.jpg", "two\nlines.jpg", 'quote".jpg', "-dash.jpg", "émoji🎏.jpg", " blank .jpg"]
    for seed, name in enumerate(names):
        folder = write_picture(name, seed).parent
    bad = os.path.join(os.fsencode(folder), b"latin\xe9.jpg")
    Path(os.fsdecode(bad)).write_bytes((folder / names[0]).read_bytes())
    summary = add(context, [str(folder)], ONE)
    assert sorted(p.name for p in _pool(context)) == sorted(names)
    assert [fault.reason for fault in summary.faults] == ["its name is not UTF-8; rename it"]
    assert all(read_image(context.workspace, p).size for p in _pool(context))


def test_add__leaves_out_the_workspace_hidden_files_and_others(tmp_path: Path, write_picture: Write) -> None:
    write_picture("a.jpg", 1, folder="all")
    write_picture(".hidden.jpg", 2, folder="all")
    write_picture("x.jpg", 3, folder="all/.git")
    write_picture("notes.doc.jpg", 4, folder="all/sub")
    (tmp_path / "all" / "readme.txt").write_text("a.jpg")
    with open_context(tmp_path / "all" / "workspace", create=True) as context:
        copied = AddOptions(copy=True, workers=1)
        assert add(context, [str(tmp_path / "all")], copied).counts["added"] == 2
        assert dict(add(context, [str(tmp_path / "all")], copied).counts) == {"known": 2}
        flat = add(context, [str(tmp_path / "all")], AddOptions(recursive=False, workers=1))
        assert dict(flat.counts) == {"known": 1}


def test_add__of_lists_and_patterns(context: Context, write_picture: Write, tmp_path: Path) -> None:
    for seed in range(4):
        path = write_picture(f"{seed}.jpg", seed)
    (tmp_path / "list.txt").write_text(f"photos/0.jpg\n\n{path}\nphotos/none.jpg\nphotos\n")
    summary = add(context, [str(tmp_path / "list.txt")], ONE)
    assert dict(summary.counts) == {"added": 2, "missing": 1, "broken": 1}
    (tmp_path / "zeros.lst").write_bytes(b"photos/0.jpg\0photos/1.jpg\0")
    assert dict(add(context, [str(tmp_path / "zeros.lst")], ONE).counts) == {"known": 1, "added": 1}
    assert dict(add(context, [str(tmp_path / "**" / "[23].jpg")], ONE).counts) == {"known": 1, "added": 1}
    for wrong, said in ((str(tmp_path / "*.png"), "nothing matches"), (str(tmp_path / "no"), "no such file or folder")):
        with pytest.raises(UserError, match=said):
            add(context, [str(path), wrong], ONE)


@pytest.mark.parametrize("kind", ["zip", "tar", "tgz"])
def test_add__of_archives_reads_members_without_unpacking(
    context: Context, write_picture: Write, tmp_path: Path, kind: str
) -> None:
    good = write_picture("a.jpg", 1).read_bytes()
    members = {"in/照片.jpg": good, "in/bad.jpg": good[:100], "../../out.png": write_picture("b.png", 2).read_bytes()}
    members |= {"__MACOSX/._a.jpg": b"x", "in/notes.txt": b"x"}
    archive = tmp_path / f"some.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(archive, "w") as out:
            for name, data in members.items():
                out.writestr(name, data)
    else:
        with tarfile.open(archive, "w:gz" if kind == "tgz" else "w") as out:
            for name, data in members.items():
                info = tarfile.TarInfo(name)
                info.size = len(data)
                out.addfile(info, io.BytesIO(data))
    summary = add(context, [str(archive)], ONE)
    assert dict(summary.counts) == {"added": 2, "broken": 1}
    assert [fault.where for fault in summary.faults] == [f"{archive}/in/bad.jpg"]
    assert sorted(p.name for p in _pool(context)) == ["../../out.png", "in/照片.jpg"]
    assert all(file_of(context.workspace, p).is_relative_to(context.workspace.media) for p in _pool(context))
    again = add(context, [str(archive)], ONE)  # something in it is broken: it is told again
    assert dict(again.counts) == {"known": 2, "same": 2, "broken": 1}


def test_add__of_a_broken_archive_keeps_what_comes_before(
    context: Context, write_picture: Write, tmp_path: Path
) -> None:
    with tarfile.open(tmp_path / "cut.tar", "w") as out:
        out.add(write_picture("a.png", 1), "a.png")
        out.add(write_picture("b.png", 2, size_wh=(300, 300)), "b.png")
    data = (tmp_path / "cut.tar").read_bytes()
    (tmp_path / "cut.tar").write_bytes(data[: data.index(b"b.png") + 2000])
    (tmp_path / "no.zip").write_bytes(b"PK\x03\x04 this is no archive")
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("bomb.png", bytes(300 * 2**20))
    summary = add(context, [str(tmp_path / name) for name in ("cut.tar", "no.zip", "bomb.zip")], ONE)
    assert summary.counts["added"] == 1
    reasons = [fault.reason for fault in summary.faults]
    assert len(reasons) == 3
    assert reasons[0].startswith("the archive cannot be read to its end")
    assert reasons[1].startswith("the archive cannot be read to its end")
    assert reasons[2].startswith("refused: 314,572,800 bytes unpacked")


def test_add__of_a_pdf_draws_its_pages(context: Context, tmp_path: Path) -> None:
    document = pypdfium2.PdfDocument.new()
    for width, height in ((200, 100), (72, 144)):
        document.new_page(width, height)
    document.save(tmp_path / "paper.pdf")
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.7 and then nothing")
    summary = add(context, [str(tmp_path / "paper.pdf"), str(tmp_path / "bad.pdf")], AddOptions(dpi=144, workers=1))
    assert dict(summary.counts) == {"added": 2, "broken": 1}
    pages = _pool(context)
    assert [(p.name, p.page, p.width, p.height) for p in pages] == [
        ("paper.pdf p1", 0, 400, 200),
        ("paper.pdf p2", 1, 144, 288),
    ]
    again = add(context, [str(tmp_path / "paper.pdf")], AddOptions(dpi=72, workers=1))
    assert dict(again.counts) == {"known": 1}
    assert _pool(context) == pages


def test_add__in_processes_gives_the_same_pool(tmp_path: Path, write_picture: Write) -> None:
    for seed in range(90):
        folder = write_picture(f"{seed:02}.jpg", seed, size_wh=(40, 30)).parent
    (folder / "50x.jpg").write_bytes(b"no")
    seen = []
    for workers in (1, 2):
        with open_context(tmp_path / f"workspace{workers}", create=True) as context:
            steps: list[tuple[int, int]] = []
            summary = add(context, [str(folder)], AddOptions(workers=workers), lambda *step, to=steps: to.append(step))
            seen.append([(p.number, p.id, p.name, p.phash) for p in _pool(context)])
            assert dict(summary.counts) == {"added": 90, "broken": 1}
            assert steps[-1] == (91, 91)
    assert seen[0] == seen[1]


def test_add_bytes__of_an_upload(context: Context, write_picture: Write) -> None:
    data = write_picture("a.jpg").read_bytes()
    picture = add_bytes(context, "a.jpg", data)
    assert isinstance(picture, Picture)
    assert picture.copied
    assert add_bytes(context, "again.jpg", data) == picture
    wrong = add_bytes(context, "b.jpg", b"no")
    assert isinstance(wrong, Fault)
