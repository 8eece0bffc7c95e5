"""Leaving out photographs that hold text: what is found, kept, asked again and handed to workers."""

from __future__ import annotations

import os
import pickle
import threading
from pathlib import Path

import numpy as np
import pytest
from fake_text import RedFinder, red_finder, save_photo, save_photos

from synthtext.assets import photo_index, text_search
from synthtext.assets.backgrounds import BackgroundSpec, choose_photos, open_backgrounds
from synthtext.assets.photo_index import PhotoIndex, index_photos
from synthtext.assets.text_finder import TextFinder, TextFound
from synthtext.assets.text_findings import found_text, open_findings
from synthtext.assets.text_search import Looking, TextReport, TextRule, leave_out_text
from synthtext.errors import AssetError
from synthtext.rng import Streams


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("SYNTHTEXT_CACHE", str(folder))
    return folder


def search(folder: Path, rule: TextRule | None = None, looking: Looking | None = None) -> TextReport:
    findings = open_findings()
    try:
        looking = looking or Looking(red_finder())
        return leave_out_text([index_photos(str(folder))], findings, rule or TextRule(), looking)
    finally:
        findings.close()


def names(indices: tuple[PhotoIndex, ...]) -> list[str]:
    return [os.path.basename(index.path(number)) for index in indices for number in range(len(index))]


def skipping(folder: Path, **more: object) -> BackgroundSpec:
    return BackgroundSpec.model_validate(
        {"kinds": {"photo": 1}, "dirs": [str(folder)], "skip_text": True, "pool": 4, "pool_span": 5} | more
    )


# --- what counts --------------------------------------------------------------------------------------------


def test_leave_out_text__says_which_and_keeps_the_others(tmp_path: Path) -> None:
    save_photos(tmp_path, 12, with_text=[0, 5, 11])
    report = search(tmp_path)
    assert (report.photos, report.looked_at, report.with_text) == (12, 12, 3)
    assert names(report.clean) == [f"p{number:03}.png" for number in range(12) if number not in (0, 5, 11)]
    assert [os.path.basename(path) for path, _ in report.most] == ["p000.png", "p005.png", "p011.png"]
    assert report.clean[0].left_out == 3
    assert report.clean[0].digest != index_photos(str(tmp_path)).digest


def test_leave_out_text__nothing_to_leave_out_is_the_same_index(tmp_path: Path) -> None:
    save_photos(tmp_path, 3, with_text=[])
    assert search(tmp_path).clean[0].digest == index_photos(str(tmp_path)).digest


@pytest.mark.parametrize(
    ("score", "share", "left"),
    [
        (0.8, 0.0, ["faint.png", "none.png"]),
        (0.5, 0.0, ["none.png"]),
        (0.8, 0.01, ["faint.png", "none.png", "small.png"]),
        (0.8, 0.3, ["big.png", "faint.png", "none.png", "small.png"]),
        (0.95, 0.0, ["big.png", "faint.png", "none.png"]),
    ],
)
def test_text_rule__score_and_share(tmp_path: Path, score: float, share: float, left: list[str]) -> None:
    save_photo(tmp_path / "none.png")
    save_photo(tmp_path / "small.png", (2, 2, 8, 4))  # 0.3 % of 120 x 80
    save_photo(tmp_path / "big.png", (0, 0, 60, 40), weakness=1)  # a quarter, score 0.9
    save_photo(tmp_path / "faint.png", (0, 0, 60, 40), weakness=4)  # score 0.6
    assert names(search(tmp_path, TextRule(score, share)).clean) == left


def test_leave_out_text__another_threshold_needs_no_other_look(tmp_path: Path) -> None:
    save_photo(tmp_path / "faint.png", (0, 0, 60, 40), weakness=4)
    find = RedFinder()
    assert search(tmp_path, TextRule(0.8), Looking(red_finder(find))).with_text == 0
    assert search(tmp_path, TextRule(0.5), Looking(red_finder(find))).with_text == 1
    assert len(find.seen) == 1


def test_leave_out_text__bad_files_hold_no_text(tmp_path: Path) -> None:
    save_photos(tmp_path, 2, with_text=[0])
    (tmp_path / "junk.jpg").write_bytes(b"junk")
    assert names(search(tmp_path).clean) == ["junk.jpg", "p001.png"]
    assert search(tmp_path).looked_at == 0


@pytest.mark.parametrize("threads", [1, 5])
def test_leave_out_text__same_with_any_number_of_threads(tmp_path: Path, threads: int) -> None:
    save_photos(tmp_path, 40, with_text=range(0, 40, 3))
    opened: list[int] = []

    def opens() -> RedFinder:
        opened.append(threading.get_ident())
        return RedFinder()

    steps: list[tuple[int, int]] = []
    looking = Looking(TextFinder("red", opens), threads, lambda done, total: steps.append((done, total)))
    report = search(tmp_path, looking=looking)
    assert names(report.clean) == [f"p{number:03}.png" for number in range(40) if number % 3]
    assert steps == [(done, 40) for done in range(1, 41)]
    assert len(opened) == len(set(opened)) <= threads


# --- what is kept -------------------------------------------------------------------------------------------


def test_findings__quads_are_in_pixels_of_the_decoded_photograph(tmp_path: Path) -> None:
    save_photo(tmp_path / "a.png", (200, 100, 400, 60), (2560, 1000))
    search(tmp_path)
    found = found_text(str(tmp_path / "a.png"))
    assert found is not None
    assert found.size_wh == (1280, 500)
    assert np.allclose(found.quads, [[[100, 50], [300, 50], [300, 80], [100, 80]]], atol=1)
    assert np.allclose(found.scaled((640, 250)).quads, found.quads / 2)
    assert found.share == pytest.approx(400 * 60 / (2560 * 1000), rel=0.03)
    assert found_text(str(tmp_path / "b.png")) is not None  # not there: no text
    save_photo(tmp_path / "c.png")
    assert found_text(str(tmp_path / "c.png")) is None


def test_findings__only_what_changed_is_looked_at_again(tmp_path: Path) -> None:
    save_photos(tmp_path, 6, with_text=[1])
    find = RedFinder()
    assert search(tmp_path, looking=Looking(red_finder(find))).looked_at == 6
    save_photo(tmp_path / "p004.png", (10, 10, 20, 20))
    save_photo(tmp_path / "p006.png")
    os.utime(tmp_path / "p000.png", ns=(1, 1))
    report = search(tmp_path, looking=Looking(red_finder(find)))
    assert (report.looked_at, report.with_text, len(find.seen)) == (3, 2, 9)


def test_findings__another_finder_looks_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_photos(tmp_path, 3, with_text=[1])
    search(tmp_path)
    assert search(tmp_path, looking=Looking(red_finder(name="newer"))).looked_at == 3
    # Without any, what is known is good enough.
    monkeypatch.setattr(text_search, "shipped_finder", lambda: None)
    report = search(tmp_path, looking=Looking())
    assert (report.looked_at, report.with_text) == (0, 1)


def test_findings__an_interrupted_search_goes_on(tmp_path: Path) -> None:
    save_photos(tmp_path, 30, with_text=[2])

    def stop(done: int, total: int) -> None:
        if done == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        search(tmp_path, looking=Looking(red_finder(), 2, stop))
    assert search(tmp_path).looked_at == 10


def test_findings__damaged_database_is_made_again(tmp_path: Path, cache: Path) -> None:
    save_photos(tmp_path, 2, with_text=[0])
    search(tmp_path)
    (cache / "text-1.db").write_bytes(b"no database " * 500)
    assert search(tmp_path).looked_at == 2


def test_findings__a_cache_that_cannot_be_written_is_one_line(cache: Path) -> None:
    (cache / "text-1.db").mkdir()
    with pytest.raises(AssetError, match=r"cannot be kept in .*text-1.db .*use --no-cache") as raised:
        open_findings()
    assert "\n" not in str(raised.value)


def test_choose_photos__without_cache_nothing_is_kept(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    save_photos(tmp_path / "photos", 5, with_text=[0])
    for _ in range(2):
        find = RedFinder()
        indices = choose_photos(skipping(tmp_path / "photos"), False, Looking(red_finder(find)))
        assert (len(find.seen), len(indices[0])) == (5, 4)
    assert list(cache.iterdir()) == list(temporary.iterdir()) == []


# --- what a run draws from ----------------------------------------------------------------------------------


def test_choose_photos__backgrounds_show_none_of_them(tmp_path: Path) -> None:
    save_photos(tmp_path, 12, with_text=[0, 3, 4, 11])
    spec = skipping(tmp_path)
    backgrounds = open_backgrounds(spec, 7, choose=lambda spec: choose_photos(spec, True, Looking(red_finder())))
    shown = {backgrounds.surface(Streams(7, n).column("surface"), n, (20, 20)).kind for n in range(200)}
    assert shown == {f"photo:p{number:03}" for number in range(12) if number not in (0, 3, 4, 11)}


def test_choose_photos__only_when_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_search, "shipped_finder", lambda: None)
    save_photos(tmp_path, 3, with_text=[0])
    assert len(choose_photos(skipping(tmp_path, skip_text=False))[0]) == 3
    assert choose_photos(skipping(tmp_path, kinds={"paper": 1})) == ()


def test_choose_photos__without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_search, "shipped_finder", lambda: None)
    save_photos(tmp_path, 3, with_text=[0])
    with pytest.raises(AssetError) as raised:
        choose_photos(skipping(tmp_path))
    line = str(raised.value)
    assert "nobody has looked for text in 3 photographs (such as " in line
    assert "pip install 'synthtext[textfinder]'" in line
    assert "\n" not in line


def test_choose_photos__all_hold_text(tmp_path: Path) -> None:
    save_photos(tmp_path, 3, with_text=[0, 1, 2])
    with pytest.raises(AssetError, match=r"all 3 photographs in .* hold text \(such as .*p000.png, on 6.2% of it\)"):
        choose_photos(skipping(tmp_path), True, Looking(red_finder()))


@pytest.mark.parametrize("mapped_from", [5000, 2])
def test_photo_index__a_choice_pickles_to_itself(
    tmp_path: Path, mapped_from: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo_index, "_MAPPED_FROM", mapped_from)
    save_photos(tmp_path, 9, with_text=[0, 3])
    chosen = search(tmp_path).clean
    assert (chosen[0].file is not None) == (mapped_from == 2)
    save_photo(tmp_path / "new.png")
    copy = pickle.loads(pickle.dumps(chosen))  # noqa: S301 - our own bytes
    assert names(copy) == names(chosen)
    assert (copy[0].digest, copy[0].left_out) == (chosen[0].digest, 2)
    if chosen[0].file is not None:
        data = pickle.dumps(chosen)
        chosen[0].file.unlink()
        with pytest.raises(AssetError, match=r"has changed since the run began, or its list .* is gone"):
            pickle.loads(data)  # noqa: S301 - our own bytes


def test_text_found__share_counts_what_is_sure() -> None:
    quads = np.array([[[0, 0], [10, 0], [10, 10], [0, 10]], [[0, 0], [20, 0], [20, 10], [0, 10]]], np.float32)
    found = TextFound(quads, np.array([0.9, 0.4], np.float32), (100, 50))
    assert found.share == pytest.approx(0.06)
    assert found.sure(0.9).share == pytest.approx(0.02)
    assert found.sure(0.95).share == 0.0
    assert TextFound.none((0, 0)).share == 0.0
