"""Surfaces: the same bytes whatever was drawn before, and folders as users have them."""

from __future__ import annotations

import os
import pickle
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from pydantic import ValidationError

from synthtext.assets.background_check import _spread, check_backgrounds
from synthtext.assets.backgrounds import BackgroundSpec, Surface, open_backgrounds
from synthtext.assets.photo_files import PhotoLimit, Unreadable, decode_photo
from synthtext.assets.photo_index import index_photos
from synthtext.assets.photos import Photo, _round_keys, _shuffled
from synthtext.assets.textures import TILE_H, TILE_W, texture_bank
from synthtext.errors import AssetError
from synthtext.rng import Streams

SEED = 7
LIMIT = PhotoLimit(1280, 1280 * 1280)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNTHTEXT_CACHE", str(tmp_path_factory.mktemp("cache")))


def quarters(width: int = 96, height: int = 64) -> np.ndarray:
    """Four colours, so that turning and mirroring can be seen: red, green above blue, white."""
    image = np.zeros((height, width, 3), np.uint8)
    image[: height // 2, : width // 2] = (255, 0, 0)
    image[: height // 2, width // 2 :] = (0, 255, 0)
    image[height // 2 :, : width // 2] = (0, 0, 255)
    image[height // 2 :, width // 2 :] = 255
    return image


def save_photos(folder: Path, count: int, size_wh: tuple[int, int] = (120, 90)) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(3)
    for number in range(count):
        pixels = rng.integers(0, 256, (size_wh[1], size_wh[0], 3), np.uint8)
        Pillow.fromarray(pixels).save(folder / f"p{number:03}.png")


def make(backgrounds, index: int, size_wh: tuple[int, int] = (160, 40)) -> Surface:
    return backgrounds.surface(Streams(SEED, index).column("surface"), index, size_wh)


def only_photos(folder: Path, **more) -> BackgroundSpec:
    return BackgroundSpec(kinds={"photo": 1}, dirs=[str(folder)], **more)


# --- surfaces -----------------------------------------------------------------------------------------------


def test_surface__same_bytes_in_any_order_and_with_any_cache() -> None:
    spec = BackgroundSpec()
    forward = open_backgrounds(spec, SEED)
    starved = open_backgrounds(spec, SEED, cache_bytes=1)
    there = [make(forward, index) for index in range(60)]
    back = [make(starved, index) for index in reversed(range(60))][::-1]
    for first, second in zip(there, back, strict=True):
        assert first.kind == second.kind
        assert np.array_equal(first.image, second.image)


def test_surface__pool_changes_from_block_to_block_and_only_by_index(tmp_path: Path) -> None:
    save_photos(tmp_path, 30)
    spec = only_photos(tmp_path, pool=4, pool_span=50)
    one, other = open_backgrounds(spec, SEED), open_backgrounds(spec, SEED, cache_bytes=1)
    kinds = [make(one, index, (32, 32)).kind for index in range(400)]
    assert [make(other, index, (32, 32)).kind for index in reversed(range(400))] == kinds[::-1]
    blocks = [set(kinds[at : at + 50]) for at in range(0, 400, 50)]
    assert all(len(block) <= 4 for block in blocks)
    # Seven blocks of four use 28 of the 30 photographs, none of them twice.
    assert sum(len(block) for block in blocks[:7]) == len(set().union(*blocks[:7]))


def test_pool__its_photographs_fit_into_the_memory_asked_for(tmp_path: Path) -> None:
    save_photos(tmp_path, 4, (1000, 750))
    for mib, whole in ((72, True), (2, False)):
        photos = open_backgrounds(only_photos(tmp_path, pool=4, pool_mib=mib), SEED).photos
        assert photos is not None
        pool = {photos.photo(0, (slot + 0.5) / 4) for slot in range(4)}
        assert len(pool) == 4
        assert sum(photo.nbytes for photo in pool) <= mib << 20
        assert all((photo.levels[0].shape == (750, 1000, 3)) == whole for photo in pool)


def test_surface__another_seed_has_another_pool(tmp_path: Path) -> None:
    save_photos(tmp_path, 30)
    spec = only_photos(tmp_path, pool=4)
    pools = [{make(open_backgrounds(spec, seed), index, (32, 32)).kind for index in range(60)} for seed in (1, 2, 3)]
    assert pools[0] != pools[1] or pools[1] != pools[2]


@pytest.mark.parametrize("kind", ["photo", "plain", "gradient", "paper", "fabric", "wall"])
@pytest.mark.parametrize("size_wh", [(1, 1), (7, 300), (320, 48), (1601, 30), (2100, 1300)])
def test_surface__every_kind_at_every_size(kind: str, size_wh: tuple[int, int]) -> None:
    backgrounds = open_backgrounds(BackgroundSpec(kinds={kind: 1}), SEED)
    for index in range(3):
        made = make(backgrounds, index, size_wh)
        assert made.image.shape == (size_wh[1], size_wh[0], 3)
        assert made.image.dtype == np.uint8
        assert made.image.flags.c_contiguous
        assert made.image.flags.writeable
        assert made.kind.split(":")[0] == kind


def test_surface__writing_on_it_leaves_the_next_one_alone() -> None:
    for kind in ("photo", "paper", "plain"):
        backgrounds = open_backgrounds(BackgroundSpec(kinds={kind: 1}, scale=1, flip=0), SEED)
        first = make(backgrounds, 5)
        kept = first.image.copy()
        first.image[:] = 0
        assert np.array_equal(make(backgrounds, 5).image, kept)


def test_surface__uses_global_generators_neither_way() -> None:
    np.random.seed(1)
    before = np.random.get_state()[1].copy()
    backgrounds = open_backgrounds(BackgroundSpec(), SEED)
    for index in range(20):
        make(backgrounds, index)
    assert np.array_equal(np.random.get_state()[1], before)


def test_gradient__goes_all_the_way() -> None:
    """The corners' colours differ by as much as the whole image's do."""
    backgrounds = open_backgrounds(BackgroundSpec(kinds={"gradient": 1}), SEED)
    for index in range(20):
        image = make(backgrounds, index, (90, 40)).image.astype(int)
        corners = image[[0, 0, -1, -1], [0, -1, 0, -1]]
        spread = corners.max(axis=0) - corners.min(axis=0)
        whole = image.max(axis=(0, 1)) - image.min(axis=(0, 1))
        assert (np.abs(spread - whole) <= 1).all()


# --- what is shipped ----------------------------------------------------------------------------------------


def shown(spec: BackgroundSpec) -> set[str]:
    backgrounds = open_backgrounds(spec, SEED)
    return {make(backgrounds, index, (16, 16)).kind for index in range(1500)}


def test_licences__only_cc0_unless_asked() -> None:
    shipped = Path(__file__).resolve().parents[2] / "backgrounds"
    free = {f"photo:{file.stem}" for file in (shipped / "cc0").glob("*.jpg")}
    asking = {f"photo:{file.stem}" for name in ("by", "by-sa") for file in (shipped / name).glob("*.jpg")}
    assert shown(BackgroundSpec(kinds={"photo": 1})) == free
    everything = shown(BackgroundSpec(kinds={"photo": 1}, licences=["cc0", "by", "by-sa"], pool=200))
    assert everything == free | asking


def test_dirs__replace_the_shipped_ones_unless_kept(tmp_path: Path) -> None:
    save_photos(tmp_path, 2)
    assert shown(only_photos(tmp_path)) == {"photo:p000", "photo:p001"}
    both = shown(only_photos(tmp_path, shipped=True))
    assert len(both) > 40
    assert {"photo:p000", "photo:p001"} < both


def test_open_backgrounds__no_photographs_wanted_none_looked_for(tmp_path: Path) -> None:
    backgrounds = open_backgrounds(BackgroundSpec(kinds={"paper": 1}, dirs=[str(tmp_path / "missing")]), SEED)
    assert make(backgrounds, 0).kind == "paper"


@pytest.mark.parametrize(
    "values",
    [
        {"kinds": {}},
        {"kinds": {"photo": 0}},
        {"kinds": {"lava": 1}},
        {"scale": [0.5, 2]},
        {"licences": ["gpl"]},
    ],
)
def test_background_spec__refuses(values: dict) -> None:
    with pytest.raises(ValidationError):
        BackgroundSpec(**values)


# --- files as users have them -------------------------------------------------------------------------------


def bad_folder(folder: Path) -> dict[str, str]:
    """Write one good photograph among broken files; return name -> part of the reason."""
    save_photos(folder, 1)
    (folder / "text.jpg").write_text("not a picture")
    (folder / "empty.jpg").write_bytes(b"")
    Pillow.fromarray(np.full((200, 200, 3), 90, np.uint8)).save(folder / "cut.jpg", quality=95)
    whole = (folder / "cut.jpg").read_bytes()
    (folder / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    Pillow.new("1", (12_000, 9_000)).save(folder / "huge.png")
    Pillow.new("RGB", (8, 8)).save(folder / "tiny.png")
    (folder / "notes.txt").write_text("left out by its name")
    (folder / ".hidden.jpg").write_text("left out as well")
    return {
        "text.jpg": "not an image",
        "empty.jpg": "empty file",
        "cut.jpg": "damaged",
        "huge.png": "12000x9000 is more than 100 megapixels",
        "tiny.png": "8x8 is too small",
    }


def test_surface__bad_files_are_replaced_and_named(tmp_path: Path) -> None:
    expected = bad_folder(tmp_path)
    backgrounds = open_backgrounds(only_photos(tmp_path), SEED)
    for index in range(100):
        assert make(backgrounds, index).kind == "photo:p000"
    found = {os.path.basename(path): reason for path, reason in backgrounds.unreadable.items()}
    assert found.keys() == expected.keys()
    assert all(part in found[name] for name, part in expected.items())


def test_surface__bad_files_are_replaced_alike_in_any_order(tmp_path: Path) -> None:
    save_photos(tmp_path, 12)
    for number in range(0, 12, 2):
        (tmp_path / f"p{number:03}.png").write_bytes(b"broken")
    spec = only_photos(tmp_path, pool=3, pool_span=10)
    one, other = open_backgrounds(spec, SEED), open_backgrounds(spec, SEED, cache_bytes=1)
    kinds = [make(one, index).kind for index in range(100)]
    assert [make(other, index).kind for index in reversed(range(100))] == kinds[::-1]
    assert len(set(kinds)) == 6


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (None, "is neither a folder nor a list"),
        ({}, "holds no image"),
        ({"a.txt": b"x", "b.doc": b"x"}, "its 2 files are of other types"),
        ({"a.jpg": b"x", "b.png": b""}, "none of the 2 image files"),
    ],
)
def test_open_backgrounds__one_clear_line(tmp_path: Path, files: dict[str, bytes] | None, message: str) -> None:
    folder = tmp_path / "photos"
    if files is not None:
        folder.mkdir()
        for name, data in files.items():
            (folder / name).write_bytes(data)
    with pytest.raises(AssetError, match=message) as raised:
        open_backgrounds(only_photos(folder), SEED)
    assert "\n" not in str(raised.value)


def test_check_backgrounds__counts(tmp_path: Path) -> None:
    bad_folder(tmp_path)
    Pillow.fromarray(quarters()).convert("L").save(tmp_path / "gray.jpg")
    report = check_backgrounds([str(tmp_path)])
    assert (report.files, report.checked, report.readable, report.others) == (7, 7, 2, 1)
    assert report.kinds == {"PNG RGB": 1, "JPEG gray": 1}
    assert report.sizes == {"1-360": 2}
    assert sum(report.reasons.values()) == len(report.unreadable) == 5
    assert check_backgrounds([str(tmp_path)], limit=3).checked == 3


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 7, 12, 13, 50])
def test_check_backgrounds__looks_at_no_more_than_the_limit(tmp_path: Path, limit: int) -> None:
    folders = {"a": 7, "b": 1, "c": 4, "d": 1}
    for name, count in folders.items():
        save_photos(tmp_path / name, count)
    report = check_backgrounds([str(tmp_path / name) for name in folders], limit)
    assert report.checked == min(limit, 13)
    assert report.files == 13


@pytest.mark.parametrize("counts", [(57, 10, 43), (1, 1, 1), (0, 5), (1000, 3)])
def test_spread__takes_every_part_alike(counts: tuple[int, ...]) -> None:
    files = sum(counts)
    for wanted in range(1, files + 1):
        taken, before = [], 0
        for count in counts:
            some = list(_spread(before, count, wanted, files))
            assert all(0 <= number < count for number in some)
            assert abs(len(some) - count * wanted / files) < 1
            taken += [before + number for number in some]
            before += count
        assert len(set(taken)) == len(taken) == wanted


@pytest.mark.parametrize("orientation", range(1, 9))
def test_decode_photo__exif_orientation_is_applied(tmp_path: Path, orientation: int) -> None:
    stored = quarters()
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    Pillow.fromarray(stored).save(tmp_path / "a.jpg", quality=100, subsampling=0, exif=exif)
    upright = {
        1: stored,
        2: stored[:, ::-1],
        3: stored[::-1, ::-1],
        4: stored[::-1],
        5: stored.transpose(1, 0, 2),
        6: np.rot90(stored, -1),
        7: np.rot90(stored, 2).transpose(1, 0, 2),
        8: np.rot90(stored),
    }[orientation]
    photo = decode_photo(str(tmp_path / "a.jpg"), LIMIT)
    assert photo.image.shape == upright.shape
    assert np.abs(photo.image.astype(int) - upright).mean() < 4
    assert photo.turned == (orientation > 1)
    assert photo.file_wh == (96, 64)


def test_decode_photo__gray_cmyk_palette_and_alpha(tmp_path: Path) -> None:
    source = Pillow.fromarray(quarters())
    source.convert("L").save(tmp_path / "gray.png")
    source.convert("CMYK").save(tmp_path / "cmyk.jpg", quality=100, subsampling=0)
    source.convert("P").save(tmp_path / "palette.png")
    clear = source.convert("RGBA")
    clear.putalpha(Pillow.fromarray(np.repeat([[0, 255]], 64, 0).repeat(48, 1).astype(np.uint8)))
    clear.save(tmp_path / "alpha.png")

    gray = decode_photo(str(tmp_path / "gray.png"), LIMIT).image
    assert gray.shape == (64, 96, 3)
    assert np.array_equal(gray[..., 0], gray[..., 2])
    for name in ("cmyk.jpg", "palette.png"):
        image = decode_photo(str(tmp_path / name), LIMIT).image
        assert np.abs(image.astype(int) - quarters()).mean() < 6, name
    alpha = decode_photo(str(tmp_path / "alpha.png"), LIMIT).image
    assert (alpha[:, :48] == 255).all()
    assert np.array_equal(alpha[:, 48:], quarters()[:, 48:])


def test_decode_photo__sixteen_bits_keep_the_upper_eight(tmp_path: Path) -> None:
    ramp = np.linspace(0, 65535, 64 * 64).astype(np.uint16).reshape(64, 64)
    for name in ("deep.png", "deep.tif"):
        Pillow.fromarray(ramp).save(tmp_path / name)
        image = decode_photo(str(tmp_path / name), LIMIT).image
        assert np.array_equal(image[..., 1], (ramp >> 8).astype(np.uint8))


def test_decode_photo__floating_point_is_refused(tmp_path: Path) -> None:
    Pillow.fromarray(np.zeros((64, 64), np.float32)).save(tmp_path / "float.tif")
    with pytest.raises(Unreadable, match="floating-point"):
        decode_photo(str(tmp_path / "float.tif"), LIMIT)


@pytest.mark.parametrize("name", ["big.jpg", "big.png"])
def test_decode_photo__is_reduced_to_the_limit(tmp_path: Path, name: str) -> None:
    Pillow.fromarray(quarters(1800, 1200)).save(tmp_path / name, quality=95)
    photo = decode_photo(str(tmp_path / name), PhotoLimit(600, 10**9))
    assert photo.image.shape == (400, 600, 3)
    assert np.abs(photo.image.astype(int) - quarters(600, 400)).mean() < 4
    assert decode_photo(str(tmp_path / name), PhotoLimit(600, 60_000)).image.size <= 60_000 * 3


# --- the index of a folder ----------------------------------------------------------------------------------


def empty_files(folder: Path, count: int) -> None:
    for part in range(4):
        (folder / f"part{part}").mkdir(parents=True)
    for number in range(count):
        (folder / f"part{number % 4}" / f"{number:07}.jpg").touch()


def test_index_photos__big_folder_is_mapped_not_listed(tmp_path: Path) -> None:
    empty_files(tmp_path, 20_000)
    index_photos(str(tmp_path))
    for folder in (tmp_path, *tmp_path.iterdir()):
        os.utime(folder, (1_000_000_000, 1_000_000_000))  # else too young to be trusted
    index_photos(str(tmp_path))
    tracemalloc.start()
    index = index_photos(str(tmp_path))
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(index) == 20_000
    assert held < 100_000
    assert peak < 400_000
    listed = [index.path(number) for number in range(len(index))]
    assert listed == sorted(str(file) for file in tmp_path.glob("part*/*.jpg"))


def test_index_photos__sees_what_was_added(tmp_path: Path) -> None:
    empty_files(tmp_path, 5100)
    assert len(index_photos(str(tmp_path))) == 5100
    (tmp_path / "part2" / "new.png").touch()
    assert len(index_photos(str(tmp_path))) == 5101


def test_index_photos__without_cache_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache, scratch = tmp_path / "cache", tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("SYNTHTEXT_CACHE", str(cache))
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    empty_files(tmp_path / "photos", 5100)
    index = index_photos(str(tmp_path / "photos"), use_cache=False)
    copy = pickle.loads(pickle.dumps(index))  # noqa: S301 - our own bytes
    assert copy.path(17) == index.path(17)
    assert copy.file == index.file
    assert not cache.exists()
    del index, copy
    assert list(scratch.iterdir()) == []


def test_index_photos__damaged_cache_is_made_again(tmp_path: Path) -> None:
    empty_files(tmp_path, 5100)
    file = index_photos(str(tmp_path)).file
    assert file is not None
    for damage in (b"", b"synthtext photo index 1\n" + b"\xff" * 40, file.read_bytes()[:-9]):
        file.write_bytes(damage)
        assert len(index_photos(str(tmp_path))) == 5100


def test_index_photos__links_in_a_circle_end(tmp_path: Path) -> None:
    save_photos(tmp_path / "a", 2)
    (tmp_path / "a" / "again").symlink_to(tmp_path)
    assert len(index_photos(str(tmp_path))) == 2


def test_backgrounds__a_pickled_copy_makes_the_same(tmp_path: Path) -> None:
    save_photos(tmp_path, 9)
    backgrounds = open_backgrounds(only_photos(tmp_path, pool=3), SEED)
    copy = pickle.loads(pickle.dumps(backgrounds))  # noqa: S301 - our own bytes
    assert copy.digest == backgrounds.digest
    for index in range(10):
        assert np.array_equal(make(copy, index).image, make(backgrounds, index).image)


# --- smaller parts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 3, 17, 1000])
def test_shuffled__is_a_permutation(count: int) -> None:
    keys = _round_keys(SEED, 0)
    assert sorted(_shuffled(place, count, keys) for place in range(count)) == list(range(count))


def test_photo__window_shows_the_place_asked_for() -> None:
    rows, columns = np.mgrid[:100, :200]
    image = np.dstack([rows, columns, np.zeros_like(rows)]).astype(np.uint8)
    photo = Photo("x", (image,))
    assert np.array_equal(photo.window((20, 10), 1.0, (0.0, 0.0)), image[:10, :20])
    assert np.array_equal(photo.window((20, 10), 1.0, (0.999, 0.999)), image[90:, 180:])
    doubled = photo.window((30, 15), 1.5, (0.0, 0.0))
    assert doubled[-1, -1].tolist()[:2] == pytest.approx([9, 19], abs=1)


def test_photo__too_small_is_mirrored_not_magnified_further() -> None:
    image = np.dstack([np.mgrid[:40, :60][1] * 4] * 3).astype(np.uint8)
    wide = Photo("x", (image,)).window((300, 48), 0.5, (0.5, 0.5))
    assert wide.shape == (48, 300, 3)
    steps = np.abs(np.diff(wide[20, :, 0].astype(int)))
    assert steps.max() <= 8  # no seam
    assert np.median(steps) == pytest.approx(4 / 1.5, abs=1)


def test_texture_bank__same_every_time_and_tiles() -> None:
    first, second = texture_bank(), texture_bank()
    for one, other in zip(first, second, strict=True):
        assert np.array_equal(one.gray, other.gray)
        assert one.gray.shape == (TILE_H, TILE_W)
        assert abs(float(one.gray.mean()) - 128) < 3, one.name
        # The step across the tile's ends is like the steps inside it, at the same place of a weave.
        inside = np.abs(np.diff(one.gray.astype(int), axis=1))[:, 31::32].mean(axis=0).max()
        across = np.abs(one.gray[:, 0].astype(int) - one.gray[:, -1]).mean()
        assert across < 1.5 * inside + 3, one.name
