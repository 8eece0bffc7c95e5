from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from made_clips import FPS, SIZE_WH, Film, write_clip
from running import annotate_here

from annotate.ingest.examine import Broken
from annotate.ingest.keyframes import KeyFrames
from annotate.ingest.unpacking import Unpacked
from annotate.media import read_image, thumb_path
from annotate.records import Filter, Picture
from annotate.store import clips, images, twins
from annotate.workflow.add import AddOptions, add
from annotate.workflow.context import Context, open_context

ONE = AddOptions(workers=1)
SHOTS = ((0, 0, 0.0), (100, 1, 20.0), (200, 2, 60.0), (300, 0, 0.0))
SUBTITLES = (
    (20, 55, "今天的天气很好"),
    (55, 90, "我们去公园散步吧"),
    (230, 290, "横幅上写着什么"),
    (310, 345, "热烈欢迎各位代表"),
)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clip(tmp_path_factory.mktemp("clips") / "电影 1.mp4", 360, Film(SHOTS, SUBTITLES))


def _pool(context: Context) -> list[Picture]:
    return [picture for some in images.each(context.db, Filter()) for picture in some]


def test_add__of_a_film_keeps_every_shot_and_every_subtitle(context: Context, film: Path) -> None:
    summary = add(context, [str(film)], ONE)
    frames = _pool(context)
    numbers = [round(frame.time_ms * FPS / 1000) for frame in frames if frame.time_ms is not None]
    # A frame counts for what is on the screen from its first to its last frame.
    for begin, end in [(0, 20), (100, 200), (200, 230), (300, 310), *((b, e) for b, e, _ in SUBTITLES)]:
        slack = 15  # a shot may end before it has settled; what follows shows it too
        assert any(begin <= number < max(end, begin + slack) for number in numbers), (begin, end, numbers)
    assert len(frames) <= 14, numbers
    assert summary.counts["frames"] == len(frames)
    with context.db.reading() as session:
        clip = clips.get(session, frames[0].clip_id or "")
        assert list(clips.frames(session, clip.id)) == [frame.id for frame in frames]
    assert (clip.frame_count, clip.kept_count, clip.complete) == (360, len(frames), True)
    assert clip.duration_ms == 14_400
    assert (clip.width, clip.height) == SIZE_WH
    assert all(read_image(context.workspace, frame).shape == (360, 640, 3) for frame in frames)
    assert all(thumb_path(context.workspace, frame.id).is_file() for frame in frames)
    assert frames[0].name.startswith("电影 1.mp4 00:00:00.")


def test_add__of_a_clip_again_or_under_another_name_changes_nothing(
    context: Context, film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(context, [str(film)], ONE)
    before = _pool(context)
    copied = shutil.copy(film, tmp_path / "copy.mp4")
    monkeypatch.setattr("annotate.ingest.look.look_at_clip", lambda *_: pytest.fail("was decoded again"))
    assert dict(add(context, [str(film)], ONE).counts) == {"known": 1}
    assert dict(add(context, [copied], ONE).counts) == {"known": 1, "same": 1}
    assert dict(add(context, [copied], ONE).counts) == {"known": 1}
    assert _pool(context) == before


def test_add__with_fps_takes_frames_at_even_times(context: Context, film: Path) -> None:
    add(context, [str(film)], AddOptions(fps=2, workers=1))
    times = [frame.time_ms for frame in _pool(context)]
    assert times == [40 * round(np.ceil(number * 500 / 40)) for number in range(29)]
    key = add(context, [str(film)], ONE)  # another way of choosing: more frames of the same clip
    assert key.counts["clips"] == 0
    assert key.counts["frames"] > 0
    assert len({frame.clip_id for frame in _pool(context)}) == 1


def test_add__links_frames_that_look_and_say_the_same(context: Context, tmp_path: Path) -> None:
    shots = ((0, 0, 0.0), (40, 1, 0.0), (80, 0, 0.0), (120, 1, 0.0))
    words = ((120, 160, "这里有新的字幕出现"),)
    path = write_clip(tmp_path / "back.mp4", 160, Film(shots, words))
    summary = add(context, [str(path)], ONE)
    frames = _pool(context)
    with context.db.reading() as session:
        links = twins.page(session)
        later = twins.later_ones(session, [frame.id for frame in frames])
    assert len(frames) == 4, [frame.time_ms for frame in frames]
    assert summary.counts["twins"] == 1
    assert [(link.image_id, link.other_id) for link in links] == [(frames[2].id, frames[0].id)]
    listed = annotate_here("twins", "-w", context.workspace.root).stdout.splitlines()
    assert listed[0] == "1 pairs: 1 by phash"
    assert frames[2].name in listed[1]
    assert listed[1].endswith(repr(frames[0].name))
    assert later == {frames[2].id}  # frame 3 looks like 1, but other words stand on it


def test_add__of_bad_videos_lists_each(context: Context, film: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "words.mkv").write_text("this is no video")
    whole = film.read_bytes()
    (tmp_path / "head.mp4").write_bytes(whole[:5000])
    with av.open(str(tmp_path / "sound.mp4"), "w") as container:
        stream = container.add_stream("aac", rate=44_100)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 4096), np.float32), format="fltp", layout="mono")
        frame.sample_rate = 44_100
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with av.open(str(tmp_path / "none.mp4"), "w") as container:
        container.add_stream("libx264", rate=25).width = 64
        container.streams[0].height = 48
        container.start_encoding()
    names = ["empty.mp4", "words.mkv", "head.mp4", "sound.mp4", "none.mp4"]
    summary = add(context, [str(tmp_path / name) for name in names], ONE)
    reasons = {Path(fault.where).name: fault.reason for fault in summary.faults}
    assert dict(summary.counts) == {"broken": 5}
    assert reasons["empty.mp4"] == "the file is empty"
    assert reasons["sound.mp4"] == "it has no video stream"
    assert reasons["none.mp4"] == "it has no video stream"  # one without frames is not even written
    assert all("no frame can be decoded" in reasons[name] for name in ("words.mkv", "head.mp4"))


def test_add__of_a_clip_cut_short_keeps_what_comes_before(context: Context, tmp_path: Path) -> None:
    path = write_clip(tmp_path / "cut.ts", 120, Film(((0, 0, 0.0), (60, 1, 0.0))))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 3] + bytes(200_000))
    summary = add(context, [str(path)], ONE)
    assert summary.counts["frames"] >= 1
    assert len(_pool(context)) >= 1


def test_add__in_processes_gives_the_same_frames(
    tmp_path: Path, film: Path, write_picture: Callable[..., Path]
) -> None:
    folder = tmp_path / "mixed"
    for seed in range(70):
        write_picture(f"{seed:02}.jpg", seed, size_wh=(40, 30), folder="mixed")
    shutil.copy(film, folder / "05.mp4")
    seen = []
    for workers in (1, 2):
        with open_context(tmp_path / f"w{workers}", create=True) as context:
            add(context, [str(folder)], AddOptions(workers=workers))
            seen.append([(p.number, p.id, p.name, p.phash) for p in _pool(context)])
    assert seen[0] == seen[1]


def test_keep__waits_until_a_dissolve_is_over() -> None:
    rng = np.random.default_rng(1)
    one, two = (np.kron(rng.integers(0, 255, (9, 16)), np.ones((20, 20))) for _ in range(2))
    judge = KeyFrames()
    kept = []
    for look in range(30):
        share = float(np.clip((look - 12) / 4, 0, 1))
        if judge.keep(look * 120, (one * (1 - share) + two * share).astype(np.uint8)):
            kept.append(look)
    assert len(kept) == 2
    assert kept[0] < 12
    assert 16 <= kept[1] <= 20


def test_keep__of_black_white_and_still_pictures() -> None:
    judge = KeyFrames()
    looks = [np.full((180, 320), level, np.uint8) for level in (0, 0, 255, 255, 128)]
    assert not any(judge.keep(number * 120, look) for number, look in enumerate(looks))
    still = np.random.default_rng(0).integers(0, 255, (180, 320)).astype(np.uint8)
    assert sum(judge.keep(1000 + number * 120, still) for number in range(200)) == 1


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_add__of_videos_in_archives(context: Context, film: Path, tmp_path: Path, kind: str) -> None:
    archive = tmp_path / f"many.{kind}"
    (tmp_path / "cut.mp4").write_bytes(film.read_bytes()[:3000])
    inside = {"in/电影.mp4": film, "cut.mp4": tmp_path / "cut.mp4", "in/more.zip": film, "a.pdf": film}
    if kind == "zip":
        with zipfile.ZipFile(archive, "w") as out:
            for name, path in inside.items():
                out.write(path, name)
    else:
        with tarfile.open(archive, "w") as out:
            for name, path in inside.items():
                out.add(path, name)
    summary = add(context, [str(archive)], ONE)
    assert (summary.counts["added"], summary.counts["clips"], summary.counts["broken"]) == (1, 1, 3)
    said = {fault.where: fault.reason for fault in summary.faults}
    assert said[f"{archive}/in/more.zip"] == "an archive in an archive is not looked into; unpack it first"
    assert said[f"{archive}/a.pdf"] == "a document in an archive is not looked into; unpack it first"
    assert "frame" in said[f"{archive}/cut.mp4"]
    frames = _pool(context)
    assert len(frames) == summary.counts["frames"] > 5
    assert frames[0].name.startswith("in/电影.mp4 00:00:00")
    with context.db.reading() as session:
        (clip,) = clips.page(session)
    assert (clip.path, clip.complete) == (f"{archive}/in/电影.mp4", True)
    assert not context.workspace.unpacked.exists()

    alone = add(context, [str(film)], ONE)  # the same bytes in a file of their own
    assert dict(alone.counts) == {"known": 1, "same": 1}
    assert len(_pool(context)) == len(frames)


def test_add__of_an_archive_again_and_with_frames_chosen_otherwise(
    context: Context, film: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "one.zip"
    with zipfile.ZipFile(archive, "w") as out:
        out.write(film, "film.mp4")
    add(context, [str(archive)], ONE)
    before = len(_pool(context))
    assert dict(add(context, [str(archive)], ONE).counts) == {"known": 1}
    more = add(context, [str(archive)], replace(ONE, fps=2.0))
    assert more.counts["frames"] > 0
    assert len(_pool(context)) == before + more.counts["frames"]
    assert dict(add(context, [str(archive)], replace(ONE, fps=2.0)).counts) == {"known": 1}


def test_unpacked__takes_away_what_a_killed_process_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "unpacked"
    folder.mkdir()
    ended = subprocess.Popen(["true"])
    ended.wait()
    for pid in (ended.pid, 1):
        (folder / f"{pid}-abc.mp4").write_bytes(b"x")
    unpacked = Unpacked(folder)
    assert [path.name for path in folder.iterdir()] == ["1-abc.mp4"]
    mine = unpacked.put(io.BytesIO(b"film"), 4, ".mp4")
    assert mine.read_bytes() == b"film"
    monkeypatch.setattr("annotate.ingest.unpacking._SPARE_BYTES", 2**60)
    with pytest.raises(Broken, match="refused: 4 bytes unpacked"):
        unpacked.put(io.BytesIO(b"film"), 4, ".mp4")
    unpacked.clear()
    assert [path.name for path in folder.iterdir()] == ["1-abc.mp4"]
