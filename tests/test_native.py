"""The native module against what stands in Python for it: the same numbers, the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from synthtext import rng
from synthtext.assets.arena import SLOTS, create_arena, kept_arena, remove_arena
from synthtext.assets.catalogue import shipped_fonts
from synthtext.assets.glyphs import Face, GlyphStore
from synthtext.color import lab_of
from synthtext.contrast import Rules, contrast, plain_contrast, plain_stretches
from synthtext.layers import faded, lay, plain_lay
from synthtext.native import native
from synthtext.stages.arrange import LayoutSpec, arrange
from synthtext.stages.shape import shape
from synthtext.values import Font, TextRun

pytestmark = pytest.mark.usefixtures("native_module")

KEYS = [(0, 0, 0, 0), (7, 12345, 2, 5), (123456789012345, 2**63 - 1, 11, 300)]


@pytest.mark.parametrize("key", KEYS)
def test_streams__are_those_of_numpy(key: tuple[int, int, int, int]) -> None:
    made, plain = rng.Streams(*key), rng.PlainStreams(*key)
    assert type(made) is not type(plain)
    assert made.effect_gates() == plain.effect_gates()
    assert made.overflow(1 << 18, 3) == plain.overflow(1 << 18, 3)
    assert made.beyond(1 << 17, 70_000).units(150) == plain.beyond(1 << 17, 70_000).units(150)
    for name in rng._WIDTHS:  # beyond the end of every column, twice
        assert made.column(name).units(200) == plain.column(name).units(200)
    for slot in range(rng._EFFECT_SLOTS):
        assert made.effect(slot).units(90) == plain.effect(slot).units(90)


TAKEN: dict[str, Callable[[rng.Draws], object]] = {
    "unit": lambda draws: draws.unit(),
    "chance": lambda draws: draws.chance(0.3),
    "between": lambda draws: draws.between(-2, 7.5),
    "integer": lambda draws: draws.integer(-3, 12),
    "choice": lambda draws: draws.choice("abcdefg"),
    "weighted": lambda draws: draws.weighted([0.5, 0.5, 2.0, 9]),
    "weighted array": lambda draws: draws.weighted(np.cumsum(np.ones(7)).tolist()),
    "signed": lambda draws: draws.signed(3.5),
    "units": lambda draws: draws.units(5),
}


@pytest.mark.parametrize("name", TAKEN)
def test_draws__every_way_of_taking_a_number(name: str) -> None:
    take = TAKEN[name]
    made, plain = rng.Streams(3, 4).column("place"), rng.PlainStreams(3, 4).column("place")
    assert [take(made) for _ in range(150)] == [take(plain) for _ in range(150)]


def test_draws__say_what_is_wrong() -> None:
    streams = rng.Streams(0, 0)
    with pytest.raises(ValueError, match=r"effect slot 96 is outside 0\.\.95"):
        streams.effect(96)
    with pytest.raises(KeyError):
        streams.column("no such")
    with pytest.raises(IndexError):
        streams.column("write").weighted([])


@pytest.mark.parametrize("opacity", [1.0, 0.5, 0.62, 0.777, 0.0])
def test_lay__every_value_of_mask_surface_and_color(opacity: float) -> None:
    values = np.arange(256, dtype=np.uint8)
    mask = np.repeat(values[:, None], 256, 1)
    for color in range(0, 256, 5):
        made = np.repeat(values[None, :, None], 3, 2).repeat(256, 0)
        plain = made.copy()
        lay(made, mask, (color, 255 - color, 0), opacity)
        plain_lay(plain, faded(mask, opacity), (color, 255 - color, 0))
        np.testing.assert_array_equal(made, plain)


@pytest.mark.parametrize("width", [1, 7, 8, 63, 64, 65, 200])
def test_lay__any_width_and_stretches_without_ink(width: int) -> None:
    random = np.random.default_rng(width)
    mask = random.integers(0, 256, (9, width), np.uint8)
    mask[random.random((9, width)) < 0.7] = 0
    mask[:, 3 : width // 2] = 0
    mask[4] = 0
    made = random.integers(0, 256, (9, width, 3), np.uint8)
    plain = made.copy()
    lay(made, mask, (30, 140, 250))
    plain_lay(plain, mask, (30, 140, 250))
    np.testing.assert_array_equal(made, plain)


def test_lay__pictures_that_lie_otherwise_in_memory() -> None:
    random = np.random.default_rng(1)
    mask = random.integers(0, 256, (60, 50), np.uint8)
    page = random.integers(0, 256, (80, 90, 3), np.uint8)
    plain = page.copy()
    lay(page[10:50, 7:31], mask[5:45, 9:33], (200, 3, 90))
    inside = plain[10:50, 7:31].copy()
    plain_lay(inside, mask[5:45, 9:33].copy(), (200, 3, 90))
    plain[10:50, 7:31] = inside
    np.testing.assert_array_equal(page, plain)
    turned = page.transpose(1, 0, 2).copy()
    assert native is not None
    assert not native.lay(page.transpose(1, 0, 2), np.zeros((90, 80), np.uint8), (1, 2, 3), 1.0)
    np.testing.assert_array_equal(page, turned.transpose(1, 0, 2))


def test_contrast__is_that_of_python_to_the_last_bit() -> None:
    random = np.random.default_rng(5)
    for _ in range(2_000):
        color = tuple(random.integers(0, 256, 3).tolist())
        near = lab_of(color)
        surface = [
            (
                near[0] + random.normal(0, 30),
                near[1] + random.normal(0, 40),
                near[2] + random.normal(0, 40),
                random.exponential(3),
            )
            for _ in range(random.integers(1, 9))
        ]
        rules = Rules(float(random.choice([0.0, 4.0, 12.0])), float(random.choice([0.0, 24.0])), 0.6)
        wanted = float(random.choice([0.0, 20.0, 60.0]))
        assert contrast(color, surface, rules, wanted) == plain_contrast(color, surface, rules, wanted)


@pytest.fixture(scope="module")
def faces() -> list[Font]:
    named = {font.name: font for font in shipped_fonts().fonts}
    return [named[name] for name in ("Lobster", "NotoSansSC-Regular", "MaShanZheng-Regular", "Caveat-500")]


def test_packed_masks__are_those_that_were_put_in(faces: list[Font]) -> None:
    store = GlyphStore(tuple(faces))
    assert store.packed is not None
    for font in faces:
        for glyph in range(1, 200):
            for em_px, sideways in ((10, False), (40, False), (80, True)):
                first, second = (store.mask(font, glyph, em_px, sideways) for _ in range(2))
                np.testing.assert_array_equal(first.mask, second.mask)
                assert (first.left, first.top) == (second.left, second.top)
                assert first.mask is not second.mask


def test_packed_masks__hold_any_picture(faces: list[Font]) -> None:
    store = GlyphStore(tuple(faces))
    assert store.packed is not None
    random = np.random.default_rng(2)
    for key in range(1, 300):
        shape = random.integers(1, 150, 2)
        mask = random.choice([0, 0, 0, 255, 255, 7, 130], shape).astype(np.uint8)
        mask = np.repeat(mask, random.integers(1, 20), 1)
        store.packed.put(key, mask, -key, 3 * key)
        found = store.packed.get(key)
        assert found is not None
        np.testing.assert_array_equal(found[0], mask)
        assert found[1:] == (-key, 3 * key)


def test_packed_masks__that_are_damaged_are_not_there(faces: list[Font]) -> None:
    folder = create_arena(1 << 20)
    assert folder is not None
    try:
        writer = GlyphStore(tuple(faces), folder)
        assert writer.packed is not None
        mask = np.full((20, 20), 100, np.uint8)
        writer.packed.put(5, mask, 0, 0)
        writer.packed.put(6, mask, 0, 0)
        data = bytearray((folder / "arena").read_bytes())
        data[8 * SLOTS + 64 + 40] ^= 1  # the first entry's first pixels
        (folder / "arena").write_bytes(data)
        reader = GlyphStore(tuple(faces), folder)
        assert reader.packed is not None
        assert reader.packed.get(5) is None
        assert reader.packed.get(6) is not None
    finally:
        remove_arena(folder)


SCRIPT = """
import hashlib, sys
import numpy as np
from synthtext.assets.library import open_assets
from synthtext.config import load_config
from synthtext.native import native
from synthtext.pipeline import Batch
print(native is not None, file=sys.stderr)
for preset in sys.argv[1:]:
    config = load_config(preset)
    make = Batch(5, config, open_assets(config, 5))
    digest = hashlib.sha256()
    for index in range(150):
        made = make(index)
        digest.update(made.image.tobytes() + repr((made.text, made.provenance, made.jpeg_quality)).encode())
        digest.update(np.ascontiguousarray(made.instances[0].cell_quads).tobytes())
    print(preset, digest.hexdigest())
"""


def test_samples__are_the_same_bytes_without_the_native_module() -> None:
    def run(switch: str) -> tuple[str, str]:
        made = subprocess.run(
            [sys.executable, "-c", SCRIPT, "rec-zh", "rec-en", "rec-ar", "rec-vertical"],
            env={**os.environ, "SYNTHTEXT_NATIVE": switch},
            capture_output=True,
            text=True,
            check=True,
        )
        return made.stdout, made.stderr.strip().splitlines()[-1]

    native_lines, used = run("1")
    plain_lines, unused = run("0")
    assert (used, unused) == ("True", "False")
    assert native_lines == plain_lines
    assert len(native_lines.splitlines()) == 4


@pytest.mark.parametrize("busy", [0.0, 0.6])
@pytest.mark.parametrize("lying", [True, False])
def test_stretches__are_those_of_python_to_the_last_bit(lying: bool, busy: float) -> None:
    assert native is not None
    random = np.random.default_rng(8)
    for count in range(3, 25):
        shape = (12, count, 3) if lying else (count, 12, 3)
        picked = random.integers(0, 256, shape, np.uint8)
        assert native.stretches(picked, lying, busy, 12) == plain_stretches(picked, lying, busy)


WORDS = ["office affair fluffy", "fi", "first", "AV To. Wa", "a", "中国 office 12", "x ffi", "résumé"]


@pytest.mark.parametrize("text", WORDS)
@pytest.mark.parametrize("index", [0, 3, 11])
def test_line__is_that_of_python_to_the_last_bit(
    text: str, index: int, faces: list[Font], monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = LayoutSpec(spacing_chance=0.5, jitter_chance=0.5)

    def line() -> tuple[object, ...]:
        store = GlyphStore(tuple(faces))
        for font in faces:
            if font.chars.issuperset(text.replace(" ", "")):
                runs = shape([TextRun(text, 0, font)], store)
                made = arrange(rng.Streams(1, index).column("arrange"), spec, text, runs)
                return runs[0].glyphs, made.glyphs, made.ligatures, made.starts, made.ends, made.ink_xyxy
        raise AssertionError(text)

    made = line()
    for room in ("shape", "arrange"):
        monkeypatch.setattr(f"synthtext.stages.{room}.native", None)
    assert made == line()


def test_glyph_store__finds_what_an_earlier_one_rendered(
    faces: list[Font], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SYNTHTEXT_CACHE", str(tmp_path))
    first = GlyphStore(tuple(faces), use_cache=True)
    made = [first.mask(faces[0], glyph, 40) for glyph in range(1, 60)]

    def refuse(*_: object) -> None:
        raise AssertionError("rendered again")

    monkeypatch.setattr(Face, "render", refuse)
    second = GlyphStore(tuple(faces), use_cache=True)
    for glyph, mask in enumerate(made, 1):
        found = second.mask(faces[0], glyph, 40)
        np.testing.assert_array_equal(found.mask, mask.mask)
        assert (found.left, found.top) == (mask.left, mask.top)
    with pytest.raises(AssertionError, match="rendered again"):
        GlyphStore(tuple(faces)).mask(faces[0], 1, 40)  # no cache asked for


def test_kept_arena__keeps_those_that_were_used_last(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SYNTHTEXT_CACHE", str(tmp_path))
    for number in range(6):
        folder = kept_arena(f"{number:016x}")
        assert folder is not None
        os.utime(folder, (number, number))
    os.utime(tmp_path / "glyphs" / f"{0:016x}", (100, 100))
    assert kept_arena(f"{6:016x}") is not None
    left = sorted(int(path.name, 16) for path in (tmp_path / "glyphs").iterdir())
    assert left == [0, 2, 3, 4, 5, 6]
