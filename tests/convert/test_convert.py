"""From folder to folder: what is kept, what is left out and why; nothing old is lost before the new is whole."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from drawn_records import no_fault, write
from PIL import Image as Pillow

from synthtext.convert.choices import Choices
from synthtext.convert.room import REPORT, Room
from synthtext.convert.run import Mixed, convert, mixed_from
from synthtext.convert.runs import resolve_codec
from synthtext.convert.write import drawn
from synthtext.errors import DatasetError, UserError
from synthtext.labels.codec.table import CODECS
from synthtext.labels.levels import TextBox
from synthtext.labels.picture import Picture

WH = (120, 80)


def jpeg(value: int = 200, exif: int = 0, size_wh: tuple[int, int] = WH) -> bytes:
    buffer = io.BytesIO()
    image = Pillow.new("RGB", size_wh, (value, value, value))
    tags = image.getexif()
    tags[0x0112] = exif
    image.save(buffer, "JPEG", **({"exif": tags} if exif else {}))
    return buffer.getvalue()


def box(x: float, y: float, text: str, width: float = 40, height: float = 16, **fields: object) -> TextBox:
    points = [[x, y], [x + width, y], [x + width, y + height], [x, y + height]]
    return TextBox(np.array(points, np.float32), text, **fields)  # type: ignore[arg-type]


def page(name: str, *boxes: TextBox, part: str = "", data: bytes | None = None, **extra: object) -> Picture:
    return Picture(name, part, data or jpeg(len(name)), "here", boxes=boxes, size_wh=WH, extra=extra)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Ten pages of labelme, one without text."""
    root = tmp_path / "source"
    root.mkdir()
    pages = [page(f"{n}.jpg", box(10, 10, f"text {n}"), box(10, 40, "x", ignore=True)) for n in range(9)]
    write(CODECS["labelme"], [*pages, page("blank.jpg")], root)
    return root


def run(source: Path, name: str, to: str, out: Path, **choices: object):
    codecs = [CODECS[this] for this in to.split(",")]
    return convert(source, CODECS[name], codecs, out, Choices(**choices))  # type: ignore[arg-type]


def read(out: Path, name: str) -> list[Picture]:
    return list(CODECS[name].read(out, no_fault))


def test_convert__det_and_rec_have_the_same_pages_in_the_same_part(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    report = run(source, "labelme", "paddleocr", out, split=(6, 2, 2))

    assert report.written == {"paddleocr": 9}
    assert "no text at all" in next(iter(report.dropped["paddleocr"]))
    for part in ("train", "val", "test"):
        det = {line.split("\t")[0] for line in (out / f"det/{part}.txt").read_text().splitlines()}
        rec = [line.split("\t") for line in (out / f"rec/{part}.txt").read_text().splitlines()]
        assert {Path(path).stem for path in det} == {Path(path).stem.rpartition("_")[0] for path, _ in rec}
        assert all((out / "det" / path).is_file() for path in det)
        assert all((out / "rec" / path).is_file() for path, _ in rec)
        assert not [path for path, _ in rec if os.path.isabs(path)]
    texts = {text for part in ("train", "val", "test") for text in (out / f"rec/{part}.txt").read_text().split("\t")}
    assert not any(text.strip() == "x" or "###" in text for text in texts)  # what is ignored is no sample
    assert '"###"' in (out / "det/train.txt").read_text()
    assert (out / "rec/dict.txt").read_text("utf-8").splitlines() == sorted(set("text012345678"))
    assert "label_file_list: [./train.txt]" in (out / "det/det.yml").read_text()


def test_convert__blank_pages_stay_where_the_trainer_takes_them(source: Path, tmp_path: Path) -> None:
    report = run(source, "labelme", "yolo-obb,icdar2015,paddleocr,doctr", tmp_path / "out")

    assert report.written == {"yolo-obb": 10, "icdar2015": 10, "paddleocr": 9, "doctr": 9}
    assert (tmp_path / "out/yolo-obb/labels/train/blank.txt").read_bytes() == b""


def test_convert__images_are_linked_not_copied(source: Path, tmp_path: Path) -> None:
    run(source, "labelme", "coco", tmp_path / "out")

    assert os.path.samefile(source / "0.jpg", tmp_path / "out/images/0.jpg")


def test_convert__images_behind_symbolic_links(source: Path, tmp_path: Path) -> None:
    (source / "real").mkdir()
    (source / "0.jpg").rename(source / "real" / "x.jpg")
    (source / "0.jpg").symlink_to("real/x.jpg")

    run(source, "labelme", "coco", tmp_path / "out")

    assert not (tmp_path / "out/images/0.jpg").is_symlink()
    assert os.path.samefile(source / "real/x.jpg", tmp_path / "out/images/0.jpg")


def test_convert__strict_sees_a_fault_after_the_last_picture(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    write(CODECS["trdg"], [Picture("a.jpg", "", jpeg(), "", "text")], source)
    with (source / "labels.txt").open("a") as file:
        file.write("broken\n")

    with pytest.raises(DatasetError, match=r"labels\.txt:2"):
        run(source, "trdg", "lmdb", tmp_path / "out", strict=True)


def test_convert__a_second_one_replaces_the_first_and_only_such_a_folder(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(source, "labelme", "coco", out)
    (source / "0.json").unlink()

    run(source, "labelme", "coco", out)

    assert len(read(out, "coco")) == 9
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/thesis.txt").write_text("mine")
    with pytest.raises(UserError, match="not empty"):
        run(source, "labelme", "coco", tmp_path / "mine")


def test_convert__the_old_stays_when_the_new_fails(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    run(source, "labelme", "coco", out)
    before = sorted(path.relative_to(out).as_posix() for path in out.rglob("*"))

    def full(self: Room) -> None:
        raise OSError(28, "No space left on device", "x")

    monkeypatch.setattr(Room, "swap_in", full)
    with pytest.raises(Exception, match="nothing was changed"):
        run(source, "labelme", "yolo", out)

    assert sorted(path.relative_to(out).as_posix() for path in out.rglob("*")) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_convert__never_writes_over_what_it_reads(source: Path, tmp_path: Path) -> None:
    for out in (source, source / "below", tmp_path):
        with pytest.raises(UserError, match="which is read"):
            run(source, "labelme", "coco", out)


def test_convert__what_cannot_be_read_is_named_and_the_rest_converted(source: Path, tmp_path: Path) -> None:
    (source / "1.json").write_text("{")
    (source / "2.jpg").unlink()
    (source / "3.jpg").write_bytes(b"no image")

    report = run(source, "labelme", "coco", tmp_path / "out")

    assert report.written == {"coco": 7}
    assert report.refused == {"the image is missing, or no image": 2}
    assert [Path(fault.where).name for fault in report.faults] == ["1.json", "2.json", "3.json"]
    told = json.loads((tmp_path / "out" / REPORT).read_text())
    assert told["faults_total"] == 3
    with pytest.raises(DatasetError, match="strict"):
        run(source, "labelme", "coco", tmp_path / "strict", strict=True)
    assert not (tmp_path / "strict").exists()


def test_convert__kinds_that_do_not_fit(tmp_path: Path) -> None:
    root = tmp_path / "crops"
    root.mkdir()
    write(CODECS["trdg"], [Picture("a.jpg", "", jpeg(), "here", "text")], root)

    with pytest.raises(UserError, match="coco holds pages"):
        run(root, "trdg", "coco", tmp_path / "out")


def test_convert__crops_are_cut_where_a_format_holds_only_them(source: Path, tmp_path: Path) -> None:
    report = run(source, "labelme", "lmdb,trdg,webdataset", tmp_path / "out", crops=True, split=(6, 2, 2))

    assert report.written == {"lmdb": 9, "trdg": 9, "webdataset": 9}
    texts = sorted(picture.text or "" for picture in read(tmp_path / "out/webdataset", "webdataset"))
    assert texts == [f"text {n}" for n in range(9)]
    image = read(tmp_path / "out/trdg", "trdg")[0].read_image()
    assert image is not None
    assert cv2.imdecode(np.frombuffer(image, np.uint8), cv2.IMREAD_COLOR).shape[:2] == (16, 40)


def test_convert__columns_are_turned_so_that_their_first_character_is_left(tmp_path: Path) -> None:
    """The top of a column becomes the left end of its crop, whichever way its quad was drawn."""
    image = np.full((200, 60, 3), 255, np.uint8)
    image[20:60, 20:40] = 0  # the first character is black, the last one grey
    image[140:180, 20:40] = 128
    data = cv2.imencode(".png", image)[1].tobytes()
    quad = np.array([[20, 20], [40, 20], [40, 180], [20, 180]], np.float32)
    boxes = [TextBox(np.roll(quad, first, axis=0), "ab") for first in range(4)]
    source = tmp_path / "source"
    source.mkdir()
    write(CODECS["cvat"], [Picture("a.png", "", data, "here", boxes=tuple(boxes), size_wh=(60, 200))], source)

    run(source, "cvat", "trdg", tmp_path / "out")

    crops = read(tmp_path / "out", "trdg")
    assert len(crops) == 4
    for crop in crops:
        pixels = cv2.imdecode(np.frombuffer(crop.read_image() or b"", np.uint8), cv2.IMREAD_GRAYSCALE)
        assert pixels.shape == (20, 160)
        assert pixels[10, 20] < 20
        assert 100 < pixels[10, 140] < 150


def test_convert__curved_text_is_straightened(tmp_path: Path) -> None:
    angles = np.linspace(np.pi * 1.1, np.pi * 1.9, 9)
    ring = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    outer, inner = 150 + 120 * ring, 150 + 90 * ring
    image = np.full((300, 300, 3), 255, np.uint8)
    cv2.ellipse(image, (150, 150), (105, 105), 0, 198, 342, (0, 0, 0), 4)
    polygon = np.concatenate([outer, inner[::-1]]).astype(np.float32)
    source = tmp_path / "source"
    source.mkdir()
    data = cv2.imencode(".png", image)[1].tobytes()
    write(CODECS["coco"], [Picture("a.png", "", data, "", None, (TextBox(polygon, "arc"),), (300, 300))], source)

    run(source, "coco", "trdg", tmp_path / "out")

    (crop,) = read(tmp_path / "out", "trdg")
    pixels = cv2.imdecode(np.frombuffer(crop.read_image() or b"", np.uint8), cv2.IMREAD_GRAYSCALE)
    ink = 255.0 - pixels[:, 10:-10]
    middles = (ink * np.arange(len(ink))[:, None]).sum(axis=0) / ink.sum(axis=0)
    assert pixels.shape[1] > 5 * pixels.shape[0]
    assert np.ptp(middles) < 3  # a straight line, but for the chords of the polygon


def test_convert__photographs_on_their_side_are_written_upright(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    upright = (WH[1], WH[0])
    pages = [
        Picture("turned.jpg", "", jpeg(exif=6), "here", boxes=(box(10, 90, "low"),), size_wh=upright),
        Picture("stored.jpg", "", jpeg(exif=6), "here", boxes=(box(10, 10, "flat"),), size_wh=WH),
        Picture("upright.jpg", "", jpeg(exif=1), "here", boxes=(box(10, 10, "up"),), size_wh=WH),
    ]
    write(CODECS["labelme"], pages, source)

    report = run(source, "labelme", "coco", tmp_path / "out")

    sizes = {found.path: found.size_wh for found in read(tmp_path / "out", "coco")}
    assert sizes == {"turned.jpg": upright, "stored.jpg": WH, "upright.jpg": WH}
    assert report.mended["images written without EXIF data"] == 3
    for name, size in sizes.items():
        with Pillow.open(tmp_path / "out/images" / name) as image:
            assert image.size == size
            assert not image.getexif()


def test_convert__labels_of_another_size_are_refused(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    pages = [page("a.jpg", box(1, 1, "x")), Picture("b.jpg", "", jpeg(), "", None, (box(1, 1, "x"),), (999, 80))]
    write(CODECS["labelme"], pages, source)

    report = run(source, "labelme", "coco", tmp_path / "out")

    assert report.refused == {"the label is of an image of another size": 1}


def test_convert__synthetic_pages_are_mixed_into_training_alone(source: Path, tmp_path: Path) -> None:
    extra = tmp_path / "synthetic"
    extra.mkdir()
    write(CODECS["coco"], [page(f"s{n}.jpg", box(5, 5, "s"), part="val") for n in range(40)], extra)
    choices = Choices(split=(6, 2, 2))

    report = convert(
        source,
        CODECS["labelme"],
        [CODECS["paddleocr"]],
        tmp_path / "out",
        choices,
        [Mixed(extra, CODECS["coco"], 2.0)],
    )

    assert report.mixed == {"synthetic": 12}
    lists = {part: (tmp_path / f"out/det/{part}.txt").read_text() for part in ("train", "val", "test")}
    assert lists["train"].count("images/train/synthetic/s") == 12
    assert "synthetic" not in lists["val"] + lists["test"]


def test_drawn__as_many_as_wanted_and_no_pattern() -> None:
    pictures = [page(f"{n}.jpg") for n in range(100)]

    one, other = ([int(p.path[:-4]) for p in drawn(pictures, 100, 30, seed)] for seed in (0, 1))

    assert len(one) == len(other) == 30
    assert one == sorted(one)
    assert one != other
    assert len(list(drawn(pictures, 100, 500, 0))) == 100


def test_convert__labels_only_keep_their_paths(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    write(CODECS["trdg"], [Picture(f"{n}.jpg", "", jpeg(), "", f"text {n}") for n in range(3)], source)

    run(source, "trdg", "paddleocr", tmp_path / "out", images="none")

    assert (tmp_path / "out/rec/train.txt").read_text() == "0.jpg\ttext 0\n1.jpg\ttext 1\n2.jpg\ttext 2\n"
    assert not (tmp_path / "out/rec/images").exists()


@pytest.mark.parametrize("text", ["nothing", "=2", "{root}=0", "{root}=x", "{root}=-1", "{root}:voc=1", "nowhere=1"])
def test_mixed_from__what_makes_no_sense(text: str, source: Path) -> None:
    with pytest.raises(UserError):
        mixed_from(text.format(root=source))


def test_mixed_from__folder_and_format(source: Path) -> None:
    assert (mixed_from(f"{source}=2.5").codec.name, mixed_from(f"{source}=2.5").ratio) == ("labelme", 2.5)
    assert mixed_from(f"{source}:coco=1").codec.name == "coco"


def test_resolve_codec__unknown_folders(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file"):
        resolve_codec(tmp_path / "nowhere", None)
    with pytest.raises(UserError, match="looks like no format"):
        resolve_codec(tmp_path, None)
