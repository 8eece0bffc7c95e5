"""What ends a run early: one clear error, nothing half-written, and the next run goes on."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_sampler import Broken, Buggy, Deadly, WithGaps, job, open_without_fonts, tree

from synthtext.engine.manifest import read_manifest
from synthtext.engine.progress import Progress
from synthtext.engine.run import Method, run
from synthtext.errors import AssetError, DatasetError, RunError, UserError
from synthtext.inspect.verify import verify
from synthtext.writers import folder as folder_writer

BOTH = ("paddleocr", "lmdb")


def test_run__foreign_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").touch()

    with pytest.raises(UserError, match=r"thesis\.tex"):
        run(job(), tmp_path, 20, method="inline")

    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": 1}', '{"schema": "x"}', "\x00\x01"])
def test_run__damaged_manifest_is_named(tmp_path: Path, text: str) -> None:
    run(job(), tmp_path, 20, method="inline")
    (tmp_path / "manifest.json").write_text(text)

    with pytest.raises(DatasetError, match=r"manifest\.json: not a manifest"):
        run(job(), tmp_path, 20, method="inline")


def test_run__newer_manifest_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"schema": 99}')

    with pytest.raises(DatasetError, match="newer"):
        run(job(), tmp_path, 20, method="inline")


def test_run__two_at_once_are_refused(tmp_path: Path) -> None:
    refused: list[str] = []

    def second(_: Progress) -> None:
        with pytest.raises(UserError, match="another run") as caught:
            run(job(), tmp_path, 20, method="inline")
        refused.append(str(caught.value))

    run(job(), tmp_path, 20, method="inline", progress=second)

    assert refused
    assert str(os.getpid()) in refused[0]


def test_run__too_many_gaps_end_it(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"4 samples could not be made.*no room 8 times"):
        run(job(WithGaps((1, 2, 3, 104))), tmp_path, 200, method="inline")


def test_run__a_sample_that_raises_is_a_named_gap(tmp_path: Path) -> None:
    summary = run(job(Buggy(117)), tmp_path, 200, workers=1, method="fork")

    assert (summary.status, summary.samples, [gap.index for gap in summary.gaps]) == ("complete", 199, [117])
    assert re.fullmatch(r"error KeyError: 'glyph' \(fake_sampler\.py:[0-9]+\)", summary.gaps[0].reasons[0])
    assert "1 samples raised an error (117); this is a bug" in summary.notes[0]
    assert "seed 7" in summary.notes[0]
    assert verify(tmp_path) == []


def test_run__too_many_samples_that_raise_end_it(tmp_path: Path) -> None:
    with pytest.raises(
        RunError, match=r"4 samples could not be made \(1, 2, 3, 104, \.\.\.\).*error KeyError: 'glyph'"
    ):
        run(job(Buggy(1, 2, 3, 104)), tmp_path, 200, method="inline")


def test_run__unreadable_assets_end_it_and_name_the_sample(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"sample 117 of seed 7: OSError: .*Input/output error") as caught:
        run(job(Broken(117)), tmp_path, 200, workers=1, method="fork")

    assert "Traceback" in caught.value.__notes__[0]
    manifest = read_manifest(tmp_path)
    assert manifest is not None
    assert manifest.status == "stopped"
    assert manifest.counts == {"train": 60, "val": 20, "test": 20}  # the first shard is kept
    assert run(job(), tmp_path, 200, method="inline").samples == 200


def test_run__assets_error_keeps_its_class(tmp_path: Path) -> None:
    with pytest.raises(AssetError, match=r"no file covers U\+0E3F"):
        run(job(open_without_fonts), tmp_path, 20, workers=2, method="fork")


@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_run__killed_worker_costs_nothing(tmp_path: Path, reference: dict[str, bytes], method: Method) -> None:
    deaths = tmp_path / "deaths"
    deaths.mkdir()
    out = tmp_path / "out"

    run(job(Deadly(170, deaths, times=2), formats=BOTH), out, 350, workers=2, method=method)

    assert len(list(deaths.iterdir())) == 2
    assert tree(out) == reference
    assert list((out / ".synthtext/partial").iterdir()) == []


def _full_after(files: int) -> Callable[[str, bytes], None]:
    real, left = folder_writer.write_new, [files]

    def write_new(path: str, data: bytes) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)
        real(path, data)

    return write_new


def test_run__full_disk_is_one_line_and_can_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reference: dict[str, bytes]
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(folder_writer, "write_new", _full_after(170))
        with pytest.raises(RunError, match="the disk is full") as caught:
            run(job(formats=BOTH), tmp_path, 350, method="inline")
    assert "\n" not in str(caught.value)
    assert list((tmp_path / ".synthtext/partial").iterdir()) == []

    run(job(formats=BOTH), tmp_path, 350, method="inline")

    assert tree(tmp_path) == reference


def test_run__too_big_for_the_disk_is_refused_before_it_starts(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"need about .* TB"):
        run(job(), tmp_path, 10**12, method="inline")

    assert run(job(), tmp_path, 20, method="inline").samples == 20  # nothing was settled


def test_run__unwritable_out_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(tmp_path / "out"))

    monkeypatch.setattr(Path, "mkdir", refuse)

    with pytest.raises(RunError, match="cannot be written") as caught:
        run(job(), tmp_path / "out", 20, method="inline")
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_run__read_only_parent_is_one_line(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)

    with pytest.raises(RunError, match="cannot be written"):
        run(job(), tmp_path / "out", 20, method="inline")


def test_run__file_in_place_of_out(tmp_path: Path) -> None:
    (tmp_path / "out").touch()

    with pytest.raises(UserError, match="is a file"):
        run(job(), tmp_path / "out", 20, method="inline")
