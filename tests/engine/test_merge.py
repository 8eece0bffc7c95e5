"""Shares made by themselves and put together: the same files as of one run, or one clear line why not."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from fake_sampler import WithGaps, job, tree
from hypothesis import given
from hypothesis import strategies as st

from synthtext.engine.manifest import read_manifest, write_manifest
from synthtext.engine.merge import merge
from synthtext.engine.plan import Plan
from synthtext.engine.run import run
from synthtext.engine.subset import holds, members, parse_share, ranges_of, ranges_text, sample_count, union
from synthtext.errors import UserError
from synthtext.inspect.verify import verify

COUNT = 350
ALL = ("paddleocr", "lmdb", "webdataset", "parquet")
ROOTS = ("rec", "lmdb", "webdataset", "parquet")
SHARES = ("0/3", "1/3", "2/3")


def _part(root: Path, share: str, count: int = COUNT, **changes: object) -> Path:
    out = root / share.replace("/", "of")
    made = job(**({"opener": WithGaps((5, 117)), "formats": ALL} | changes))  # type: ignore[arg-type]
    run(made, out, count, method="inline", share=parse_share(share))
    return out


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("whole")
    run(job(WithGaps((5, 117)), formats=ALL), out, COUNT, method="inline")
    return out


@pytest.fixture(scope="module")
def made_parts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    root = tmp_path_factory.mktemp("parts")
    return tuple(_part(root, share) for share in SHARES)


@pytest.fixture
def parts(made_parts: tuple[Path, ...], tmp_path: Path) -> list[Path]:
    return [Path(shutil.copytree(part, tmp_path / part.name)) for part in made_parts]


def _facts(root: Path) -> dict[str, Any]:
    """The manifest without what differs from run to run."""
    data: dict[str, Any] = json.loads((root / "manifest.json").read_text())
    return {key: value for key, value in data.items() if key not in ("seconds", "samples_per_second")}


@pytest.mark.parametrize("pieces", [1, 2, 3, 7, 36])
def test_shards__all_pieces_hold_every_shard_once(pieces: int) -> None:
    plan = Plan(0, 360, 10, (1,))

    found = [shard for k in range(pieces) for shard in parse_share(f"{k}/{pieces}").shards(plan)]

    assert found == list(range(36))
    assert parse_share(f"0-{pieces - 1}/{pieces}").shards(plan) == range(36)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("5-3/10", "ends before it begins"),
        ("0-10/10", "last of 10 pieces, which is 9"),
        ("3", "not a share"),
        ("a-b/c", "not a share"),
        ("-1/4", "not a share"),
        ("0/0", "last of 0 pieces"),
        ("1-2-3/4", "not a share"),
        ("", "not a share"),
    ],
)
def test_parse_share__refuses(text: str, message: str) -> None:
    with pytest.raises(UserError, match=message) as caught:
        parse_share(text)
    assert "0-99/500" in str(caught.value)


def test_shards__more_pieces_than_shards_are_refused() -> None:
    with pytest.raises(UserError, match="at most 36 pieces"):
        parse_share("0/37").shards(Plan(0, 360, 10, (1,)))


@pytest.mark.parametrize(
    ("numbers", "ranges", "text"),
    [([], (), ""), ([3], ((3, 4),), "3"), ([9, 1, 2, 3, 2], ((1, 4), (9, 10)), "1-3, 9")],
)
def test_ranges__of_and_back(numbers: list[int], ranges: tuple[tuple[int, int], ...], text: str) -> None:
    assert ranges_of(numbers) == ranges
    assert list(members(ranges)) == sorted(set(numbers))
    assert ranges_text(ranges) == text


@given(st.sets(st.integers(0, 40)), st.sets(st.integers(0, 40)))
def test_union__is_that_of_sets(one: set[int], other: set[int]) -> None:
    both = union(ranges_of(one), ranges_of(other))

    assert both == ranges_of(one | other)
    assert [number for number in range(42) if holds(both, number)] == sorted(one | other)
    plan = Plan(0, 405, 10, (1,))
    assert sample_count(both, plan) == sum(len(plan.indices(shard)) for shard in one | other)


def test_run__share_is_sound_by_itself(parts: list[Path]) -> None:
    manifest = read_manifest(parts[1])

    assert manifest is not None
    assert (manifest.asked, manifest.status, sum(manifest.counts.values())) == (((1, 2),), "complete", 99)
    assert verify(parts[1]) == []


def test_run__second_share_in_the_same_folder_joins_the_first(whole: Path, tmp_path: Path) -> None:
    for share in SHARES:
        part = job(WithGaps((5, 117)), formats=ALL)
        summary = run(part, tmp_path, COUNT, method="inline", share=parse_share(share))
        assert summary.status == "complete"

    assert tree(tmp_path, *ROOTS) == tree(whole, *ROOTS)
    assert _facts(tmp_path) == _facts(whole)


def test_run__without_shards_completes_a_share(parts: list[Path], whole: Path) -> None:
    summary = run(job(WithGaps((5, 117)), formats=ALL), parts[2], COUNT, method="inline")

    assert summary.made == 100 + 100 - 2
    assert tree(parts[2], *ROOTS) == tree(whole, *ROOTS)


def test_run__share_of_a_raised_count_makes_the_old_end_longer(tmp_path: Path) -> None:
    run(job(), tmp_path, 250, method="inline")

    summary = run(job(), tmp_path, 400, method="inline", share=parse_share("3/4"))

    assert summary.made == 200  # the third shard again, longer, and the fourth
    assert read_manifest(tmp_path).asked is None  # type: ignore[union-attr]
    assert summary.samples == 400


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1)])
def test_merge__is_an_unsplit_run(parts: list[Path], whole: Path, tmp_path: Path, order: tuple[int, ...]) -> None:
    out = tmp_path / "merged"

    summary = merge([parts[number] for number in order], out)

    assert tree(out, *ROOTS) == tree(whole, *ROOTS)
    assert _facts(out) == _facts(whole)
    assert (summary.samples, summary.status, summary.notes) == (348, "complete", ())
    assert verify(out) == []
    assert not list((out / ".synthtext/partial").iterdir())


def test_merge__parts_may_go_afterwards_and_the_whole_can_grow(parts: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "merged"
    merge(parts, out)
    for part in parts:
        shutil.rmtree(part)

    summary = run(job(WithGaps((5, 117)), formats=ALL), out, 420, method="inline")

    assert summary.made == 120
    assert verify(out) == []


def test_merge__into_one_of_the_parts(parts: list[Path], whole: Path) -> None:
    merge(parts, parts[0])

    assert tree(parts[0], *ROOTS) == tree(whole, *ROOTS)
    assert _facts(parts[0])["asked"] is None
    assert verify(parts[0]) == []


def test_merge__copies_where_links_are_impossible(
    parts: list[Path], whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr("os.link", refuse)

    merge(parts, tmp_path / "merged")

    assert tree(tmp_path / "merged", *ROOTS) == tree(whole, *ROOTS)


def test_merge__interrupted_goes_on(
    parts: list[Path], whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "merged"
    with pytest.raises(KeyboardInterrupt):
        merge(parts, out, progress=_interrupt)
    assert [path.stem for path in sorted((out / ".synthtext/shards").glob("*.json"))] == ["00000"]

    summary = merge(parts, out)

    assert summary.made == 348 - 99
    assert tree(out, *ROOTS) == tree(whole, *ROOTS)


def _interrupt(_: object) -> None:
    raise KeyboardInterrupt


def test_merge__other_versions_are_a_note(parts: list[Path], tmp_path: Path) -> None:
    manifest = read_manifest(parts[1])
    assert manifest is not None
    manifest.environment["cpu"] = "SSE2 only"
    write_manifest(parts[1], manifest)

    summary = merge(parts, tmp_path / "merged")

    assert len(summary.notes) == 1
    assert "cpu" in summary.notes[0]
    assert "SSE2 only" in summary.notes[0]
    merged = read_manifest(tmp_path / "merged")
    assert merged is not None
    assert merged.other_environments[0]["cpu"] == "SSE2 only"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"seed": 8}, "seed: 7 there, 8 now"),
        ({"config": {"text": {"mix": [1, 3]}}}, r"config\.text\.mix"),
        ({"assets": {"font:a": "1"}}, "font:a"),
        ({"formats": ("lmdb",)}, "formats"),
        ({"split": (8, 1, 1)}, "split"),
        ({"count": 360}, r"360 samples.*350; make all parts with the same --count"),
    ],
)
def test_merge__parts_of_different_datasets(
    parts: list[Path], tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    other = _part(tmp_path / "other", "2/3", **changes)

    with pytest.raises(UserError, match=message) as caught:
        merge([parts[0], parts[1], other], tmp_path / "merged")

    assert str(other) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "merged").exists()


def test_merge__missing_shards_are_named(parts: list[Path], tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"1 of 4 shards are in no part: 1; make them with --shards A-B/4"):
        merge([parts[0], parts[2]], tmp_path / "merged")


def test_merge__overlap_is_named(parts: list[Path], tmp_path: Path) -> None:
    more = _part(tmp_path / "more", "1-2/3")

    with pytest.raises(UserError, match=r"both hold shards 2-3; name parts that do not overlap"):
        merge([parts[0], parts[2], more], tmp_path / "merged")


def test_merge__unfinished_part_is_named(parts: list[Path], tmp_path: Path) -> None:
    manifest = json.loads((parts[1] / "manifest.json").read_text())
    (parts[1] / "manifest.json").write_text(json.dumps(manifest | {"status": "stopped"}))
    (parts[1] / ".synthtext/shards/00001.json").unlink()

    with pytest.raises(UserError, match=f"not finished: {parts[1]}"):
        merge(parts, tmp_path / "merged")


def test_merge__not_a_part(parts: list[Path], tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no manifest\.json here"):
        merge([parts[0], tmp_path / "nowhere"], tmp_path / "merged")
    with pytest.raises(UserError, match="named twice"):
        merge([parts[0], parts[0]], tmp_path / "merged")
    with pytest.raises(UserError, match="the only part"):
        merge([parts[0]], parts[0])
    with pytest.raises(UserError, match="parts are folders"):
        merge([parts[0], Path("s3://bucket/part")], tmp_path / "merged")


def test_merge__into_another_dataset_is_refused(parts: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "other"
    run(job(seed=9), out, 20, method="inline")

    with pytest.raises(UserError, match="another dataset than"):
        merge(parts, out)


def test_merge__into_a_foreign_folder_is_refused(parts: list[Path], tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis/thesis.tex").touch()

    with pytest.raises(UserError, match=r"thesis\.tex"):
        merge(parts, tmp_path / "thesis")
