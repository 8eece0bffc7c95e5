"""Reading a pool, with readers that are made for it, in real processes."""

from __future__ import annotations

import json
import sys
import threading
import types
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import cv2
import numpy as np
import pytest
from fake_readers import Marks, marked
from running import annotate_here, kill_when, rows

from annotate.errors import ServiceError
from annotate.prelabel.opening import open_reader, reader_name
from annotate.prelabel.reader import crop_of
from annotate.records import Clip, Filter, Picture, Region
from annotate.store import clips, images, reads, sources
from annotate.store.database import now
from annotate.store.labels import load_doc, save_doc
from annotate.watch import WatchList
from annotate.workflow.add import AddOptions, add
from annotate.workflow.context import Context
from annotate.workflow.hit_report import write_report
from annotate.workflow.prelabel import PrelabelOptions, PrelabelSummary, prelabel
from annotate.workflow.reread import reread
from synthtext.errors import UserError


def _pool(context: Context) -> list[Picture]:
    return [picture for some in images.each(context.db, Filter()) for picture in some]


def _add(context: Context, folder: Path) -> list[Picture]:
    add(context, [str(folder)], AddOptions(workers=1))
    return _pool(context)


def _read(context: Context, reader: str = "Marks", **options: object) -> PrelabelSummary:
    return prelabel(context, PrelabelOptions(reader=f"python:fake_readers:{reader}", workers=1, **options))  # type: ignore[arg-type]


def _regions(context: Context, picture: Picture) -> tuple[Region, ...]:
    with context.db.reading() as session:
        return load_doc(session, picture.id).regions


def test_prelabel__keeps_boxes_texts_and_scores(context: Context, tmp_path: Path) -> None:
    (picture,) = _add(context, marked(tmp_path / "p" / "a.png", [30, 110]).parent)
    summary = _read(context)
    first, second = _regions(context, picture)
    assert (summary.counts["read"], summary.counts["regions"]) == (1, 2)
    assert (first.text, second.text) == ("30", "110")
    assert first.points == ((20, 10), (50, 10), (50, 22), (20, 22))
    assert (first.origin, first.score, first.state, first.kind) == ("reader:marks 1", 0.8, "todo", "quad")
    assert second.readings[0].char_scores == (0.8, 0.8, 0.8)
    (stored,) = _pool(context)
    assert (stored.box_count, stored.min_score, stored.rev) == (2, 0.8, 1)
    again = _read(context)
    assert again.counts["read"] == 0
    assert _read(context, again=True).counts["read"] == 1
    assert _regions(context, picture) == (first, second)


def test_prelabel__by_a_second_reader_adds_readings_and_new_places(context: Context, tmp_path: Path) -> None:
    (picture,) = _add(context, marked(tmp_path / "p" / "a.png", [30, 110]).parent)
    _read(context, "OtherMarks")
    _read(context, "Marks")
    second, first = _regions(context, picture)
    assert [reading.reader for reading in second.readings] == ["marks 1", "marks 2"]
    assert [reading.text for reading in second.readings] == ["110", "109"]
    assert (first.text, first.origin) == ("30", "reader:marks 1")
    with context.db.reading() as session:
        assert reads.readers_of(session, [picture.id]) == {picture.id: {"marks 1", "marks 2"}}


def test_prelabel__leaves_what_people_have_done(context: Context, tmp_path: Path) -> None:
    (picture,) = _add(context, marked(tmp_path / "p" / "a.png", [30, 110]).parent)
    mine = Region("mine", "quad", ((19, 9), (51, 9), (51, 23), (19, 23)), "thirty", "confirmed", origin="person:ann")
    with context.db.writing() as session:
        save_doc(session, picture.id, 0, [mine], who="ann", action="confirm", at=now(), status="confirmed")
    _read(context)
    (region,) = _regions(context, picture)
    assert replace(region, readings=()) == mine
    assert region.readings[0].text == "30"
    with context.db.reading() as session:
        assert load_doc(session, picture.id).status == "confirmed"


def test_prelabel__of_a_reader_that_throws_hangs_dies_or_lies(context: Context, tmp_path: Path) -> None:
    for length in (30, 60, 70, 80, 90, 100):
        folder = marked(tmp_path / "p" / f"{length}.png", [length]).parent
    _add(context, folder)
    summary = _read(context, "Moody", timeout_s=1.0)
    faults = {picture.name: fault for picture, fault in summary.faults}
    assert (summary.counts["read"], summary.counts["failed"]) == (2, 4)
    assert faults == {
        "60.png": "ValueError: no 60, please",
        "70.png": "took longer than 1 s",
        "80.png": "the reader's process died (exit code 7)",
        "90.png": "the reader answered 0 readings for 1 crops",
    }
    assert _read(context, "Moody").counts == _read(context, "Moody").counts
    assert _read(context, "Moody", timeout_s=1.0, retry=True).counts["failed"] == 4


def test_prelabel__with_a_reader_that_cannot_be_opened(context: Context, tmp_path: Path) -> None:
    _add(context, marked(tmp_path / "p" / "a.png", [30]).parent)
    with pytest.raises(ServiceError, match="cannot be opened: RuntimeError: the licence has run out"):
        _read(context, "Broken")
    for spec, said in [
        ("tesseract", "is no reader; there are"),
        ("onnx:rec=/none.onnx", "no such file"),
        ("onnx:model=x", "expected det=FILE, rec=FILE"),
        ("http://", "is no http or https address"),
        ("python:nothing:X", "no such class"),
        ("paddleocr", "pip install paddleocr"),
    ]:
        with pytest.raises(UserError, match=said):
            reader_name(spec)


def test_prelabel__of_a_file_that_is_gone(context: Context, tmp_path: Path) -> None:
    path = marked(tmp_path / "p" / "a.png", [30])
    _add(context, path.parent)
    path.unlink()
    summary = _read(context)
    assert summary.counts["failed"] == 1
    assert "cannot be read" in summary.faults[0][1]


def _clip(context: Context, tmp_path: Path, name: str, lengths: list[list[int]]) -> None:
    """A clip whose frames are marked pictures."""
    folder = tmp_path / name
    for number, some in enumerate(lengths):
        marked(folder / f"{number}.png", some)
    add(context, [str(folder)], AddOptions(workers=1))
    with context.db.writing() as session:
        source = sources.put(session, "video", name)
        clips.add(session, Clip(name, name, name, source, datetime.now(UTC), 1000, 25, 200, 160, 9, mode="auto"))
        from sqlalchemy import text

        for number in range(len(lengths)):
            session.execute(
                text("update images set clip_id = :clip, time_ms = :at where path = :path"),
                {"clip": name, "at": number * 100, "path": str(folder / f"{number}.png")},
            )


def test_prelabel__leaves_a_clip_at_its_first_hit_and_reports_it(context: Context, tmp_path: Path) -> None:
    _clip(context, tmp_path, "old", [[41], [42], [43]])
    _clip(context, tmp_path, "new", [[51], [52, 53], [54], [55]])
    watch = WatchList(("53", "43"))
    summary = _read(context, watch=watch, stop_at_hit=True)
    assert [(hit.word, hit.picture.clip_id, hit.picture.time_ms) for hit in summary.hits] == [
        ("53", "new", 100),
        ("43", "old", 200),
    ]
    assert (summary.counts["read"], summary.counts["stopped"]) == (5, 2)
    assert write_report(context, summary.hits, tmp_path / "report") == 2
    page = (tmp_path / "report" / "index.html").read_text("utf-8")
    assert "2 hits on 2 pictures" in page
    assert len(list((tmp_path / "report" / "images").glob("*.jpg"))) == 2
    marks = cv2.imread(str(tmp_path / "report" / "images" / f"{summary.hits[0].picture.id}.jpg"))
    assert ((marks[:, :, 2].astype(int) - marks[:, :, 0]) > 100).sum() > 50  # something is red
    assert _read(context).counts["read"] == 0  # a stopped clip stays stopped ...
    assert _read(context, retry=True).counts["read"] == 2  # ... until somebody asks


def test_prelabel__with_a_bounded_queue_reads_the_newest_and_counts_others(context: Context, tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        _clip(context, tmp_path, name, [[40 + ord(name) % 20], [30 + ord(name) % 20]])
    summary = _read(context, queue=2)
    assert (summary.counts["read"], summary.counts["dropped"], summary.counts["dropped_clips"]) == (4, 2, 1)
    read = {picture.clip_id for picture in _pool(context) if picture.box_count}
    assert read == {"b", "c"}
    assert _read(context).counts["read"] == 2


@pytest.mark.slow
def test_prelabel__goes_on_after_each_of_three_kills(tmp_path: Path) -> None:
    for number in range(90):
        folder = marked(tmp_path / "p" / f"{number:02}.png", [20 + number, 150 - number]).parent
    workspace = tmp_path / "w"
    annotate_here("add", folder, "-w", workspace, "--workers", "1")
    command = ["prelabel", "-w", workspace, "--reader", "python:fake_readers:SlowMarks", "--workers", "2"]
    path = str(Path(__file__).parent)
    kills = 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", path)
        for share in (1, 25, 50):
            kills += kill_when(command, lambda at=share: len(rows(workspace, "select 1 from reads")) >= at)
        last = annotate_here(*command)
    assert kills == 3
    assert "failed on 0" in last.stdout
    assert rows(workspace, "select count(*), sum(found) from reads where error is null") == [(90, 180)]
    assert rows(workspace, "select count(*), count(distinct image_id || points) from regions") == [(180, 180)]
    assert rows(workspace, "select count(*) from readings") == [(180,)]
    assert rows(workspace, "select sum(box_count), max(rev) from images") == [(180, 1)]


def test_reread__keeps_a_reading_beside_the_others(context: Context, tmp_path: Path) -> None:
    (picture,) = _add(context, marked(tmp_path / "p" / "a.png", [30, 110]).parent)
    _read(context)
    first, second = _regions(context, picture)
    found = reread(context, picture.id, [second.id], "python:fake_readers:OtherMarks")
    assert {key: (reading.reader, reading.text) for key, reading in found.items()} == {second.id: ("marks 2", "109")}
    assert len(_regions(context, picture)[0].readings) == 1
    assert len(_regions(context, picture)[1].readings) == 2
    assert first.text == "30"
    with pytest.raises(UserError, match="no region 'x'"):
        reread(context, picture.id, ["x"])
    # The command takes the beginning of an id, as lists of results print it.
    asked = ["reread", picture.id[:12], "-w", context.workspace.root, "--reader", "python:fake_readers:OtherMarks"]
    assert {line.split("\t")[0] for line in annotate_here(*asked).stdout.splitlines()} == {first.id, second.id}


@contextmanager
def _service(answer: object) -> Iterator[str]:
    """A service that answers pictures with `Marks`, or with what it is told."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
            if parse_qs(urlsplit(self.path).query)["task"] == ["detect"]:
                regions = [{"points": found.points, "score": found.score} for found in Marks().detect(image)]
            else:
                regions = [{"text": f"{image.shape[1]}", "score": 0.5, "char_scores": [0.5] * len(f"{image.shape[1]}")}]
            body = json.dumps({"regions": regions} if answer is None else answer).encode()
            self.send_response(200 if answer != "fail" else 500)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/ocr"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_rest_reader__reads_through_a_service(context: Context, tmp_path: Path) -> None:
    (picture,) = _add(context, marked(tmp_path / "p" / "a.png", [30, 110]).parent)
    with _service(None) as url:
        summary = prelabel(context, PrelabelOptions(reader=url, workers=1))
    assert summary.reader == "rest 127.0.0.1/ocr"
    assert [(region.text, region.score) for region in _regions(context, picture)] == [("30", 0.5), ("110", 0.5)]


@pytest.mark.parametrize(
    "answer",
    ["fail", [], {"regions": 3}, {"regions": [{"points": [[0, 0]]}]}, {"regions": [{"points": [[0, "nan"]] * 4}]}],
)
def test_rest_reader__of_a_service_that_answers_nonsense(answer: object) -> None:
    with _service(answer) as url, pytest.raises(ServiceError):
        open_reader(url).detect(np.zeros((9, 9, 3), np.uint8))


def test_rest_reader__without_a_service(context: Context, tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match=r"127\.0\.0\.1:1"):
        open_reader("http://127.0.0.1:1/x").detect(np.zeros((9, 9, 3), np.uint8))
    _add(context, marked(tmp_path / "p" / "a.png", [30]).parent)
    asked = ["prelabel", "-q", "-w", context.workspace.root, "--reader", "http://127.0.0.1:1/x"]
    assert "failed on 1" in annotate_here(*asked, check=1).stdout


def test_rapid_reader__reads_a_made_line_alike_with_models_of_ones_own() -> None:
    rapidocr = pytest.importorskip("rapidocr")
    image = np.full((120, 420, 3), 255, np.uint8)
    cv2.putText(image, "SALE 2026", (30, 75), cv2.FONT_HERSHEY_SIMPLEX, 2, (0, 0, 0), 5)
    models = Path(rapidocr.__file__).parent / "models"
    own = f"onnx:rec={next(models.glob('*rec*.onnx'))},det={next(models.glob('*det*.onnx'))}"
    texts = []
    for spec in ("rapidocr", own):
        reader = open_reader(spec)
        (found,) = reader.detect(image)
        (read,) = reader.read([crop_of(image, found.points)])
        texts.append(read.text.replace(" ", ""))
        assert read.char_scores is not None
        assert len(read.char_scores) == len(read.text)
        assert 0.5 < read.score <= 1
        xs = [x for x, _ in found.points]
        assert min(xs) < 45
        assert max(xs) > 330
    assert texts == ["SALE2026", "SALE2026"]
    assert reader_name("rapidocr").startswith("rapidocr 3")
    assert reader_name(own).startswith("onnx ")


class _Paddle:
    """Answers as PaddleOCR 3 does."""

    def __init__(self, **settings: bool) -> None:
        assert not any(settings.values())

    def predict(self, image: np.ndarray) -> list[dict[str, object]]:
        right = image.shape[1]
        boxes = [[[right // 2, 1], [right, 1], [right, 9], [right // 2, 9]], [[0, 1], [9, 1], [9, 9], [0, 9]]]
        return [{"rec_polys": np.array(boxes), "rec_texts": ["right", "left"], "rec_scores": [0.7, 0.9]}]


def test_paddle_reader__takes_what_paddleocr_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType("paddleocr")
    module.PaddleOCR = _Paddle  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "paddleocr", module)
    monkeypatch.setattr("importlib.metadata.version", lambda name: "3.2.1")
    reader = open_reader("paddleocr")
    found = reader.detect(np.zeros((10, 40, 3), np.uint8))
    assert reader.name == "paddleocr 3.2"
    assert [(one.read.text, one.score) for one in found if one.read] == [("right", 0.7), ("left", 0.9)]
    assert found[0].points == ((20, 1), (40, 1), (40, 9), (20, 9))
    (read,) = reader.read([np.zeros((10, 40, 3), np.uint8)])
    assert (read.text, read.score, read.char_scores) == ("leftright", 0.7, None)


def test_prelabel_command__needs_words_to_report(tmp_path: Path, context: Context) -> None:
    done = annotate_here("prelabel", "-w", context.workspace.root, "--stop-at-hit", check=2)
    assert "need --watch-list" in done.stderr
    (tmp_path / "empty.txt").write_text("# nothing\n")
    done = annotate_here("prelabel", "-w", context.workspace.root, "--watch-list", tmp_path / "empty.txt", check=2)
    assert "the watch list is empty" in done.stderr
    assert "no workspace is there" in annotate_here("prelabel", "-w", tmp_path / "none", check=2).stderr
