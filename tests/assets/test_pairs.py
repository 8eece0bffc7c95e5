"""Tables of colour pairs: the shipped one is legible, a user's wrong one is named by file and line."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from synthtext.assets.backgrounds import BackgroundSpec, open_backgrounds
from synthtext.assets.pairs import LEAST_OUTLINE_CONTRAST, PairTable, read_pairs
from synthtext.assets.schemes import TONE, Schemes, open_schemes
from synthtext.color import difference, lab_of, rgb_of
from synthtext.contrast import Rules, contrast
from synthtext.errors import AssetError
from synthtext.rng import Streams
from synthtext.spec import Range

LEAST = (18.0, 12.0)
AS_IS = Range(1.0, 1.0)
HEAD = "situation weight text surface on vary outline\n"
ROWS = """\
# comment
sign 3 #ffffff #0000a0 plain,gradient 2/4 none
sign 1 #ffffff,#ffff00 #a00000 plain - -
bag  4 #000000 #c0a080 fabric-canvas 4/8 -
film 1 #ffffff - photo 0/0 #000000
""".replace(" - -", " 4/8 -")


@pytest.fixture(scope="module")
def textures() -> dict[str, list[str]]:
    return open_backgrounds(BackgroundSpec(kinds={"plain": 1}), 0).places()


@pytest.fixture(scope="module")
def places(textures: dict[str, list[str]]) -> frozenset[str]:
    return frozenset(textures).union(*textures.values())


def table_of(tmp_path: Path, text: str, places: frozenset[str]) -> PairTable:
    path = tmp_path / "mine.txt"
    path.write_text(text, "utf-8")
    return read_pairs(str(path), places)


def schemes_of(table: PairTable, source: dict, situations: dict, kinds: tuple[str, ...]) -> Schemes:
    return Schemes(source, table, situations, AS_IS, LEAST, kinds)


def test_shipped__every_pair_can_be_read(places: frozenset[str]) -> None:
    table = read_pairs("shipped", places)
    rules = Rules(lightness=LEAST[1], vivid_lightness=24.0)
    assert len(table.situations()) > 30
    for pair in table.pairs:
        text = rgb_of(*pair.text)
        if pair.surface is None:
            assert pair.on == ("photo",)
        else:
            assert contrast(text, [(*pair.surface, 0.0)], rules) >= LEAST[0], pair
        if pair.outline is not None:
            assert difference(text, pair.outline) >= LEAST_OUTLINE_CONTRAST, pair


def test_shipped__has_pairs_for_every_kind(textures: dict[str, list[str]]) -> None:
    schemes = open_schemes({"pair": 1}, "shipped", {}, AS_IS, LEAST, textures)
    for kind in textures:
        drawn = {schemes.draw(Streams(0, index).column("pairs"), kind).pair.situation for index in range(400)}  # type: ignore[union-attr]
        assert len(drawn) >= 3, kind


def test_read_pairs__a_row_stands_for_each_combination(tmp_path: Path, places: frozenset[str]) -> None:
    table = table_of(tmp_path, HEAD + ROWS, places)
    assert [(pair.situation, pair.weight) for pair in table.pairs] == [
        ("sign", 3.0), ("sign", 0.5), ("sign", 0.5), ("bag", 4.0), ("film", 1.0)
    ]  # fmt: skip
    first, film = table.pairs[0], table.pairs[-1]
    assert first.surface == pytest.approx(lab_of((0, 0, 160)))
    assert (first.text_vary, first.surface_vary, first.styled) == (2.0, 4.0, False)
    assert (film.surface, film.outline, film.styled) == (None, (0, 0, 0), True)


def test_read_pairs__optional_columns_and_any_order(tmp_path: Path, places: frozenset[str]) -> None:
    table = table_of(tmp_path, "on weight\tsurface situation text\npaper 1 #ffffff note #000000\n", places)
    assert table.pairs[0].on == ("paper",)
    assert (table.pairs[0].text_vary, table.pairs[0].surface_vary, table.pairs[0].styled) == (4.0, 8.0, True)


GOOD = "sign 1 #ffffff #0000a0 plain 2/4 none"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "mine.txt: holds no pair; the first line names the columns"),
        (HEAD, "mine.txt: holds no pair"),
        ("situation weight text on\nsign 1 #ffffff plain\n", "mine.txt:1: the column 'surface' is missing"),
        ("situation weight text surface on colour\n" + GOOD, "mine.txt:1: no such column: 'colour'; known are"),
        ("on situation weight text surface on\n" + GOOD, "mine.txt:1: a column is there twice"),
        (HEAD + "sign 1 #ffffff\n", "mine.txt:2: 3 cells, but the first line names 7 columns"),
        (HEAD + "#\n\n" + GOOD.replace("#0000a0", "blue"), "mine.txt:4: surface: 'blue' is no colour; write #rrggbb"),
        (HEAD + GOOD.replace("#ffffff", "#fff,#000000"), "mine.txt:2: text: '#fff' is no colour"),
        (HEAD + GOOD.replace("plain", "glass"), "mine.txt:2: on: 'glass' is no kind of surface; known are fabric"),
        (HEAD + GOOD.replace(" 1 ", " -1 "), "mine.txt:2: weight: '-1' is no number"),
        (HEAD + GOOD.replace(" 1 ", " 0 "), "mine.txt: every weight is 0"),
        (HEAD + GOOD.replace("2/4", "2"), "mine.txt:2: vary: '2': write TEXT/SURFACE"),
        (HEAD + GOOD.replace("2/4", "2/90"), "mine.txt:2: vary: '2/90'"),
        (HEAD + GOOD.replace("none", "#eeeeee"), "mine.txt:2: outline: differs by less than 30"),
        (HEAD + GOOD.replace("#0000a0", "-"), "mine.txt:2: surface: a colour for surfaces made by rule"),
        (HEAD + GOOD.replace("plain", "photo"), "mine.txt:2: surface: a colour for surfaces made by rule"),
    ],
)
def test_read_pairs__says_what_is_wrong_and_where(text: str, said: str, tmp_path: Path, places: frozenset[str]) -> None:
    with pytest.raises(AssetError) as caught:
        table_of(tmp_path, text, places)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_read_pairs__of_a_missing_or_binary_file(tmp_path: Path, places: frozenset[str]) -> None:
    with pytest.raises(AssetError, match="no such file"):
        read_pairs(str(tmp_path / "none.txt"), places)
    (tmp_path / "gbk.txt").write_bytes("招牌 1".encode("gbk"))
    with pytest.raises(AssetError, match=r"gbk\.txt: not UTF-8"):
        read_pairs(str(tmp_path / "gbk.txt"), places)


def test_schemes__an_unknown_situation_is_named(textures: dict[str, list[str]]) -> None:
    with pytest.raises(AssetError, match=r"ink\.situations: no situation 'roadsign' in .*it has road-sign, "):
        open_schemes({"pair": 1}, "shipped", {"roadsign": 1}, AS_IS, LEAST, textures)


def test_schemes__pairs_below_the_floor_are_left_out(tmp_path: Path, places: frozenset[str]) -> None:
    faint = "sign 1 #808080 #8a8a8a plain 2/4 none\n"
    table = table_of(tmp_path, HEAD + faint + ROWS, places)
    schemes = schemes_of(table, {"pair": 1}, {}, ("plain",))
    drawn = {schemes.draw(Streams(0, index).column("pairs"), "plain").pair for index in range(300)}
    assert table.pairs[0] not in drawn
    assert len(drawn) == 3
    with pytest.raises(AssetError, match="no pair is left"):
        schemes_of(table_of(tmp_path, HEAD + faint, places), {"pair": 1}, {}, ("plain",))


def test_schemes__follow_the_weights(tmp_path: Path, places: frozenset[str]) -> None:
    table = table_of(tmp_path, HEAD + ROWS + "stamp 4 #a00000 #ffffff plain 2/4 none\n", places)
    source = {"pair": 0.5, "palette": 0.2, "tone": 0.3}
    kinds = ("plain", "fabric", "wall")
    count = 6000

    def shares(situations: dict[str, float], kind: str) -> dict[str, float]:
        schemes = schemes_of(table, source, situations, kinds)
        drawn = [schemes.draw(Streams(5, index).column("pairs"), kind) for index in range(count)]
        found = Counter(scheme.pair.situation if scheme.pair else scheme.source for scheme in drawn)
        return {name: number / count for name, number in found.items()}

    assert shares({}, "plain") == pytest.approx({"sign": 0.25, "stamp": 0.25, "palette": 0.2, "tone": 0.3}, abs=0.02)
    assert shares({"sign": 3, "stamp": 1}, "plain") == pytest.approx(
        {"sign": 0.375, "stamp": 0.125, "palette": 0.2, "tone": 0.3}, abs=0.02
    )
    assert shares({"sign": 1}, "plain") == pytest.approx({"sign": 0.5, "palette": 0.2, "tone": 0.3}, abs=0.02)
    # No pair of the table fits walls: the other sources share what is left.
    assert shares({}, "wall") == pytest.approx({"palette": 0.4, "tone": 0.6}, abs=0.02)


def test_schemes__colours_stray_no_further_than_the_table_says(tmp_path: Path, places: frozenset[str]) -> None:
    table = table_of(tmp_path, HEAD + "note 1 #506070 #a0a8a0 plain 3/10 -\n", places)
    schemes = schemes_of(table, {"pair": 1}, {}, ("plain",))
    pair = table.pairs[0]
    drawn = [schemes.draw(Streams(1, index).column("pairs"), "plain") for index in range(500)]
    for base, vary, colors in (
        (pair.text, 3.0, [lab_of(scheme.text) for scheme in drawn]),  # type: ignore[arg-type]
        (pair.surface, 10.0, [lab_of(scheme.surface) for scheme in drawn]),  # type: ignore[arg-type]
    ):
        for axis, reach in enumerate((vary, vary / 2, vary / 2)):
            strayed = [color[axis] - base[axis] for color in colors]  # type: ignore[index]
            assert max(strayed) <= reach + 0.6
            assert min(strayed) >= -reach - 0.6
            assert max(strayed) - min(strayed) > 1.7 * reach


def test_schemes__mere_tones_read_no_table_and_take_no_numbers(textures: dict[str, list[str]]) -> None:
    schemes = open_schemes({"tone": 1}, "no/such/file", {"unknown": 1}, AS_IS, LEAST, textures)
    draws = Streams(0, 0).column("pairs")
    assert schemes.draw(draws, "plain") is TONE
    assert draws.unit() == Streams(0, 0).column("pairs").unit()


def test_schemes__dim_light_makes_colours_darker_duller_and_closer(tmp_path: Path, places: frozenset[str]) -> None:
    row = "note 1 #f0d060 #a01828 plain 0/0 -\n"
    table = table_of(tmp_path, HEAD + row, places)
    bright, dim = (Schemes({"pair": 1}, table, {}, Range(at, at), LEAST, ("plain",)) for at in (1.0, 0.7))
    pairs = Streams(0, 0).column("pairs")
    first, second = bright.draw(pairs, "plain"), dim.draw(pairs, "plain")
    assert difference(second.text, second.surface) == pytest.approx(  # type: ignore[arg-type]
        0.7 * difference(first.text, first.surface),
        abs=1.5,  # type: ignore[arg-type]
    )
    for before, after in ((first.text, second.text), (first.surface, second.surface)):
        (light, a, b), (darker, duller_a, duller_b) = lab_of(before), lab_of(after)  # type: ignore[arg-type]
        assert darker + 16 == pytest.approx(0.7 * (light + 16), abs=1)
        assert (duller_a, duller_b) == pytest.approx((0.7 * a, 0.7 * b), abs=1.5)


def test_schemes__light_falls_on_rule_made_surfaces_alone(textures: dict[str, list[str]]) -> None:
    schemes = open_schemes({"tone": 1}, "shipped", {}, Range(0.5, 0.5), LEAST, textures)
    assert schemes.draw(Streams(0, 0).column("pairs"), "photo") is TONE
    wall = schemes.draw(Streams(0, 0).column("pairs"), "wall")
    red, green, _ = wall.lit((200.0, 100.0, 0.0))
    assert lab_of((round(red), round(green), 0))[0] + 16 == pytest.approx(0.5 * (lab_of((200, 100, 0))[0] + 16), abs=2)
