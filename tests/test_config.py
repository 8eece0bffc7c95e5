"""Configurations: what is refused and how that is said, what wins, and digests."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from synthtext.config import Config, build_config, load_config, preset_names, preset_text
from synthtext.errors import ConfigError
from synthtext.spec import Range

SECTIONS = (
    "text", "fonts", "layout", "background", "ink", "effects", "output",
)  # fmt: skip
OF_CROPS, OF_PAGES = ("crop", "place", "intrude"), ("page",)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where to write `p.yaml`, in the current folder."""
    monkeypatch.chdir(tmp_path)
    return Path("./p.yaml")


def said(file: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load_config("p.yaml")
    text = str(caught.value)
    assert "\n" not in text
    assert text.startswith("p.yaml")
    return text.removeprefix("p.yaml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("efects: {}", ": efects: no such setting; did you mean 'effects'?"),
        ("effects: {blurr: {chance: 1}}", ": effects.blurr: no such setting; did you mean 'blur'?"),
        ("effects: {blur: {sigma: 1}}", ": effects.blur.sigma: no such setting; did you mean 'sigma_frac'?"),
        ("effects: {blur: {zz: 1}}", ": effects.blur.zz: no such setting; known here: chance, sigma_frac"),
        ("aa: 1\nbb: 2", ": aa: no such setting; known here: preset, charset, "),
        ("crop: 3", ": crop: expected settings below it (height, width, "),
        ("crop:", ": crop: expected settings below it (height, width, "),
        ("crop: {height: tall}", ": crop.height: has to be a whole number, found 'tall'"),
        ("crop: {height: 4}", ": crop.height: has to be at least 8, found 4"),
        ("crop: {height: }", ": crop.height: has to be a whole number, found nothing"),
        ("crop: {least: 90, most: 20}", ": crop: least (90) is above most (20)"),
        ("effects: {blur: {chance: 1.5}}", ": effects.blur.chance: has to be at most 1, found 1.5"),
        ("effects: {blur: {chance: often}}", ": effects.blur.chance: has to be a number, found 'often'"),
        (
            "effects: {blur: {sigma_frac: [0.02, 0.01]}}",
            ": effects.blur.sigma_frac: the range [0.02, 0.01] is upside down; write [0.01, 0.02]",
        ),
        (
            "effects: {blur: {sigma_frac: [0, 9]}}",
            ": effects.blur.sigma_frac: the range [0, 9] leaves [0, 0.2], the values that make sense here",
        ),
        (
            "effects: {blur: {sigma_frac: [1, 2, 3]}}",
            ": effects.blur.sigma_frac: expected a number or a range [low, high], found [1, 2, 3]",
        ),
        ("effects: {blur: {sigma_frac: .nan}}", ":1:30: .nan is no number to use; write a finite one"),
        ("background: {kinds: {foto: 1}}", ": background.kinds.foto: has to be 'photo', 'plain', "),
        ("background: {kinds: {plain: 0}}", ": background.kinds: at least one kind of background needs"),
        ("text: {languages: {fr: 1}}", ": text.languages: no language is called 'fr'; there are zh, zh-hant, en, "),
        ("text: {length: {min: 5, max: 2}}", ": text.length: min 5 is above max 2; swap them"),
        ("text: {corpora: lines.txt}", ": text.corpora: expected a list, such as [a, b], found 'lines.txt'"),
        ("ink: {tones: {dark: 0, light: 0, vivid: 0, any: 0}}", ": ink: tones: every weight is 0; raise"),
        ("output: {image_format: gif}", ": output.image_format: has to be 'jpg' or 'png', found 'gif'"),
        ("charset: [zh_en]", ": charset: has to be text, found ['zh_en']"),
        ("crop:\n  height: 32\n width: 3\n", ":3:2: not valid YAML: "),
        ("crop: {height: 32\n", ":2:1: not valid YAML: "),
        ("crop:\n\theight: 32\n", ":2:1: not valid YAML: "),
        ("crop: {height: 32}\ncrop: {height: 40}\n", ":2:1: the key 'crop' is there twice; remove one"),
        ("effects:\n  blur: {chance: 1, chance: 0}\n", ":2:21: the key 'chance' is there twice; remove one"),
        ("[crop]: 3", ":1:1: a key has to be a single word; quote it"),
        ("- crop", ": expected `key: value` lines, found list"),
        ("just words", ": expected `key: value` lines, found str"),
        ("\x01", ": not valid YAML: unacceptable character #x0001"),
        ("a: !!python/object/apply:os.system [ls]", ":1:4: not valid YAML: could not determine a constructor"),
        ("extends: rec-hz", ": extends: preset 'rec-hz' does not exist; did you mean 'rec-zh'?"),
        ("extends: other.yaml", ": extends: preset 'other.yaml' does not exist; "),
    ],
)
def test_load_config__message(file: Path, text: str, message: str) -> None:
    file.write_text(text, "utf-8")
    assert said(file).startswith(message)


def test_load_config__counts_further_faults(file: Path) -> None:
    file.write_text("crop: {height: 4, width: 4}\neffects: {blur: {chance: 2}}\n")
    assert said(file) == ": crop.height: has to be at least 8, found 4 (and 2 more)"


def test_load_config__file_that_cannot_be_read(file: Path) -> None:
    assert said(file) == ": cannot be read (No such file or directory); check the path"
    file.write_bytes("charset: 中文\n".encode("gbk"))
    assert said(file) == ": not UTF-8 text; save the file as UTF-8"
    file.unlink()
    file.mkdir()
    assert said(file) == ": cannot be read (Is a directory); check the path"


def test_load_config__byte_order_mark_and_empty_file(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbfcrop: {height: 32}\n")
    assert load_config("p.yaml").crop.height == 32
    file.write_text("# nothing\n")
    assert load_config("p.yaml") == Config(preset="p")


@pytest.mark.parametrize(
    ("name", "hint"),
    [("rec-hz", "did you mean 'rec-zh'?"), ("xyz", "choose one or name a YAML file"), ("", "choose one")],
)
def test_load_config__unknown_preset(name: str, hint: str) -> None:
    with pytest.raises(ConfigError, match="does not exist") as caught:
        load_config(name)
    assert hint in str(caught.value)
    assert all(preset in str(caught.value) for preset in preset_names())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("crop.height", "--set crop.height: expected key=value, for example"),
        ("=3", "--set =3: expected key=value"),
        ("crop..height=3", "--set crop..height=3: expected key=value"),
        ("crop.height=4", "--set crop.height: has to be at least 8, found 4"),
        ("crop.hight=32", "--set crop.hight: no such setting; did you mean 'height'?"),
        ("crop.height.px=32", "--set crop.height.px: 'height' is a single value and has nothing below it"),
        ("effects.blurr.chance=1", "--set effects.blurr.chance: effects.blurr: no such setting; did you mean"),
        ("crop.least=9000", "--set crop.least: crop: least (9000) is above most (2560)"),
        ("crop.height=[3", "--set crop.height: '[3' is not a YAML value; quote it or check its brackets"),
        ("crop={height: 9, height: 8}", "--set crop: the key 'height' is there twice; remove one"),
        ("place.stretch=.inf", "--set place.stretch: .inf is no number to use"),
        ("crop={height:32}", "--set crop: crop.height:32: YAML wants a space after the colon; write {height: "),
    ],
)
def test_load_config__set_message(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config("rec-zh", sets=[text])
    assert str(caught.value).startswith(message)


def test_load_config__blames_the_file_beside_a_set(file: Path) -> None:
    file.write_text("effects: {blur: {chance: 3}}")
    with pytest.raises(ConfigError, match=r"p\.yaml: effects\.blur\.chance"):
        load_config("p.yaml", sets=["crop.height=32"])


def test_load_config__what_wins(file: Path) -> None:
    file.write_text("extends: rec-en\ncharset: digits\ncrop: {height: 40}\n")
    config = load_config("p.yaml")
    assert config.preset == "p"
    assert (config.charset, config.crop.height) == ("digits", 40)
    assert config.text == load_config("rec-en").text
    assert load_config("p.yaml", {"charset": "greek"}).charset == "greek"
    assert load_config("p.yaml", {"charset": "greek"}, ["charset=thai"]).charset == "thai"
    assert load_config("p.yaml", sets=["crop.height=20", "crop.height=24"]).crop.height == 24


def test_load_config__extends_merges_maps_key_by_key(file: Path) -> None:
    file.write_text("extends: rec-zh\nbackground: {kinds: {photo: 0}}\n")
    kinds = load_config("rec-zh").background.kinds
    assert load_config("p.yaml").background.kinds == kinds | {"photo": 0.0}
    assert load_config("rec-zh", sets=["background.kinds={plain: 1}"]).background.kinds == {"plain": 1.0}


def test_load_config__set_values_are_yaml() -> None:
    config = load_config(
        "rec-zh",
        sets=["effects.blur.sigma_frac=[0, 0.1]", "effects.noise.sigma=5", "crop.width=null", "text.spaces=no"],
    )
    assert config.effects.blur.sigma_frac == Range(0.0, 0.1)
    assert config.effects.noise.sigma == Range(5.0, 5.0)
    assert config.crop.width is None
    assert config.text.spaces is False


@pytest.mark.parametrize("name", preset_names())
def test_preset__is_whole(name: str) -> None:
    data = yaml.safe_load(preset_text(name))
    assert "charset" in data
    assert {*SECTIONS, *(OF_PAGES if "page" in data else OF_CROPS)} <= set(data)
    assert sum(isinstance(effect, dict) and effect["chance"] > 0 for effect in data["effects"].values()) >= 5
    config = load_config(name)
    assert config.preset == name
    assert set(data["effects"]) <= set(type(config.effects).model_fields)


@pytest.mark.parametrize("name", preset_names())
def test_config__json_round_trip(name: str) -> None:
    config = load_config(name, sets=["text.corpora=[a.txt, b.txt]", "crop.width=320"])
    plain = json.loads(json.dumps(config.model_dump(mode="json")))
    assert build_config(plain) == config
    assert build_config(plain).digest() == config.digest()


def test_preset_names__digests_differ() -> None:
    assert len(preset_names()) >= 6
    assert len({load_config(name).digest() for name in preset_names()}) == len(preset_names())


def test_digest__follows_values_not_spelling(file: Path) -> None:
    base = load_config("rec-zh")
    assert load_config("rec-zh", sets=[f"crop.height={base.crop.height}"]).digest() == base.digest()
    assert load_config("rec-zh", sets=["effects.noise.sigma=5"]) == load_config(
        "rec-zh", sets=["effects.noise.sigma=[5.0, 5]"]
    )
    assert load_config("rec-zh", sets=["crop.height=40"]).digest() != base.digest()
    assert load_config("rec-zh", sets=["effects.blur.chance=0.351"]).digest() != base.digest()


def test_config__cannot_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_config("rec-zh").crop.height = 3  # type: ignore[misc]
