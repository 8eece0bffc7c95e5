from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from fake_sampler import Deadly, WithGaps, job, text_of, tree

from synthtext.engine.manifest import read_manifest
from synthtext.engine.progress import Progress
from synthtext.engine.record import read_checksums, read_record
from synthtext.engine.run import Method, run
from synthtext.errors import RunError, UserError

BOTH = ("paddleocr", "lmdb")


@pytest.mark.parametrize(("method", "workers"), [("spawn", 1), ("spawn", 2), ("spawn", 4), ("fork", 1), ("fork", 4)])
def test_run__same_bytes_for_any_workers(
    tmp_path: Path, reference: dict[str, bytes], method: Method, workers: int
) -> None:
    summary = run(job(formats=BOTH), tmp_path, 350, workers=workers, method=method)

    assert summary.status == "complete"
    assert summary.samples == summary.made == 350
    assert tree(tmp_path) == reference


def test_run__layout(reference: dict[str, bytes]) -> None:
    lists = {part: reference[f"rec/{part}.txt"].decode() for part in ("train", "val", "test")}
    lines = [line for text in lists.values() for line in text.splitlines()]

    assert reference["rec/dict.txt"].decode().startswith("0\n1\n2\n")
    assert sorted(lines) == [f"images/{i // 100:05d}/{i:09d}.jpg\t{text_of(i)}" for i in range(350)]
    assert all(text.splitlines() == sorted(text.splitlines()) and text.endswith("\n") for text in lists.values())
    assert [len(text.splitlines()) for text in lists.values()] == [210, 70, 70]
    assert {name for name in reference if name.endswith(".mdb")} == {
        f"lmdb/{part}/{shard:05d}/data.mdb" for part in lists for shard in range(4)
    }


def test_run__only_finished_files_are_left(tmp_path: Path) -> None:
    run(job(), tmp_path, 120, method="inline")

    assert sorted(path.name for path in tmp_path.iterdir()) == [".synthtext", "manifest.json", "rec"]
    assert list((tmp_path / ".synthtext/partial").iterdir()) == []


def test_run__again_makes_nothing(tmp_path: Path) -> None:
    run(job(), tmp_path, 120, method="inline")
    before = tree(tmp_path)

    summary = run(job(), tmp_path, 120, method="inline")

    assert summary.made == 0
    assert summary.samples == 120
    assert tree(tmp_path) == before


def test_run__raised_count_keeps_the_first_samples(tmp_path: Path, reference: dict[str, bytes]) -> None:
    run(job(formats=BOTH), tmp_path, 130, method="inline")
    images = {name: data for name, data in tree(tmp_path).items() if name.endswith(".jpg")}

    summary = run(job(formats=BOTH), tmp_path, 350, method="inline")

    assert summary.made == 250  # the second shard is made again, longer
    assert tree(tmp_path) == reference
    assert images.items() <= reference.items()


def test_run__smaller_count_is_refused(tmp_path: Path) -> None:
    run(job(), tmp_path, 120, method="inline")

    with pytest.raises(UserError, match=r"120.*shrink to 100"):
        run(job(), tmp_path, 100, method="inline")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"config": {"text": {"mix": [1, 3]}}}, r"config\.text\.mix: \[1, 2\] there, \[1, 3\] now"),
        ({"config": {"text": {"mix": [1, 2]}, "blur": 1}}, r"config\.blur: nothing there, 1 now"),
        ({"seed": 8}, "seed: 7 there, 8 now"),
        ({"formats": BOTH}, "formats: paddleocr there, paddleocr,lmdb now"),
        ({"split": (8, 1, 1)}, "split: 6:2:2 there, 8:1:1 now"),
        ({"shard_size": 50}, "shard_size: 100 there, 50 now"),
        ({"assets": {"fonts": "b"}}, "assets.fonts: nothing there, b now"),
    ],
)
def test_run__another_dataset_is_refused(tmp_path: Path, changes: dict[str, object], message: str) -> None:
    run(job(), tmp_path, 20, method="inline")
    before = tree(tmp_path)

    with pytest.raises(UserError, match=message):
        run(job(**changes), tmp_path, 20, method="inline")  # type: ignore[arg-type]

    assert tree(tmp_path) == before


def test_run__count_and_workers_in_the_config_are_not_part_of_it(tmp_path: Path) -> None:
    run(
        job(config={"a": 1, "count": 20, "workers": 1, "engine": {"shard_size": None}}),
        tmp_path,
        20,
        method="inline",
    )

    again = job(config={"a": 1, "count": 40, "workers": 9, "engine": {"shard_size": 100}})
    summary = run(again, tmp_path, 40, method="inline")

    assert summary.samples == 40


def test_run__more_tries_make_another_dataset(tmp_path: Path) -> None:
    run(job(config={"engine": {"tries": 12}}), tmp_path, 20, method="inline")
    with pytest.raises(UserError, match=r"engine\.tries"):
        run(job(config={"engine": {"tries": 3}}), tmp_path, 20, method="inline")


def test_run__gaps_are_named_with_their_reasons(tmp_path: Path) -> None:
    summary = run(job(WithGaps((5, 117)), formats=BOTH), tmp_path, 200, method="inline")

    assert [gap.index for gap in summary.gaps] == [5, 117]
    assert summary.gaps[0].reasons == ("no room", "no room", "not legible")
    assert summary.samples == 198
    assert not (tmp_path / "rec/images/00000/000000005.jpg").exists()
    assert read_checksums(tmp_path, 0)[5].tolist() == [0, 0]
    manifest = read_manifest(tmp_path)
    assert manifest is not None
    assert manifest.gaps == summary.gaps


def test_run__worker_that_always_dies_ends_it(tmp_path: Path) -> None:
    deaths = tmp_path / "deaths"
    deaths.mkdir()

    with pytest.raises(RunError, match=r"shard 1 \(samples 100\.\.199\).*lost 4 times.*SIGKILL"):
        run(job(Deadly(170, deaths, times=None)), tmp_path / "out", 350, workers=2, method="fork")

    assert list((tmp_path / "out/.synthtext/partial").iterdir()) == []


def test_run__lost_folder_is_made_again(tmp_path: Path, reference: dict[str, bytes]) -> None:
    run(job(formats=BOTH), tmp_path, 350, method="inline")
    for path in (tmp_path / "rec/images/00002").iterdir():
        path.unlink()
    (tmp_path / "rec/images/00002").rmdir()
    (tmp_path / ".synthtext/shards/00001.json").write_text("{")

    summary = run(job(formats=BOTH), tmp_path, 350, method="inline")

    assert summary.made == 200
    assert tree(tmp_path) == reference


def test_run__output_without_record_is_removed(tmp_path: Path) -> None:
    run(job(formats=BOTH), tmp_path, 120, method="inline")
    stray = tmp_path / "lmdb/train/00007"
    stray.mkdir()
    (stray / "data.mdb").touch()

    run(job(formats=BOTH), tmp_path, 120, method="inline")

    assert not stray.exists()


def test_run__progress_ends_at_the_total(tmp_path: Path) -> None:
    seen: list[Progress] = []

    run(job(), tmp_path, 250, workers=2, method="fork", progress=seen.append)

    assert seen[-1].done == seen[-1].total == 250
    assert all(a.done <= b.done for a, b in pairwise(seen))


def test_run__zero_ratio_part_has_no_file(tmp_path: Path) -> None:
    run(job(split=(1, 0, 0), formats=BOTH), tmp_path, 30, method="inline")

    assert sorted(path.name for path in (tmp_path / "rec").iterdir()) == [
        "dict.txt",
        "images",
        "rec.yml",
        "train.txt",
    ]
    assert sorted(path.name for path in (tmp_path / "lmdb").iterdir()) == ["dict.txt", "rec.yml", "train"]


def test_run__statistics_count_every_sample(tmp_path: Path) -> None:
    run(job(), tmp_path, 150, method="inline")

    manifest, record = read_manifest(tmp_path), read_record(tmp_path, 1)
    assert manifest is not None
    assert record is not None
    assert manifest.statistics["fonts"] == {"font-0": 50, "font-1": 50, "font-2": 50}
    assert manifest.statistics["heights"] == {"32": 150}
    assert manifest.statistics["text_lengths"] == {"4": 10, "5": 90, "6": 50}
    assert sum(manifest.statistics["contrast"].values()) == 150
    assert record.statistics.tables["effects"] == {"blur": 50}
    assert np.count_nonzero(read_checksums(tmp_path, 1)) == 100
