"""The user's own files on another machine: packed once, unpacked once, and the same samples drawn from them."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest

from synthtext import api, pipeline
from synthtext.engine import cargo
from synthtext.errors import AssetError
from synthtext.opener import DistantOpener
from synthtext.paths import data_dir


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Fonts, a photograph, a corpus and a charset of one's own."""
    (tmp_path / "fonts/sub").mkdir(parents=True)
    (tmp_path / "photos").mkdir()
    shutil.copy(data_dir("fonts") / "latin/OpenSans-400.ttf", tmp_path / "fonts/sub/Mine.ttf")
    for name in ("es-forest1.jpg", "es-fog4.jpg"):
        shutil.copy(data_dir("backgrounds") / "cc0" / name, tmp_path / "photos" / name)
    (tmp_path / "lines.txt").write_text("hello world\nquick brown fox\nlazy dog\n" * 5)
    (tmp_path / "chars.txt").write_text("".join(f"{char}\n" for char in "abcdefghijklmnopqrstuvwxyz"))
    return tmp_path


def _config(own: Path) -> api.Config:
    sets = [
        f"fonts.dirs=[{own}/fonts]",
        "fonts.fallback=none",
        f"background.dirs=[{own}/photos]",
        f"text.corpora=[{own}/lines.txt]",
        f"charset={own}/chars.txt",
        "background.skip_text=false",
    ]
    return api.load_config("rec-en", sets=sets)


def test_places_in__only_what_is_ones_own(own: Path) -> None:
    plain = _config(own).model_dump(mode="json")

    assert set(cargo.places_in(plain)) == {str(own / name) for name in ("fonts", "photos", "lines.txt", "chars.txt")}
    assert cargo.places_in(api.load_config("rec-zh").model_dump(mode="json")) == ()
    (own / "list.txt").write_text(f"{own}/photos/es-fog4.jpg\n")
    assert cargo.places_in({"background": {"dirs": [str(own / "list.txt")]}}) == ()  # names further files


def test_pack__digest_depends_on_names_and_content(own: Path) -> None:
    first = cargo.pack([str(own / "fonts"), str(own / "lines.txt")])

    assert [(number, name) for number, name, _ in first.files] == [(0, "sub/Mine.ttf"), (1, "")]
    assert cargo.pack([str(own / "fonts"), str(own / "lines.txt")]).digest == first.digest
    (own / "lines.txt").write_text("hello\n")
    second = cargo.pack([str(own / "fonts"), str(own / "lines.txt")])
    (own / "fonts/sub/Mine.ttf").rename(own / "fonts/sub/Other.ttf")
    third = cargo.pack([str(own / "fonts"), str(own / "lines.txt")])
    assert len({first.digest, second.digest, third.digest}) == 3


def test_unpack__restores_everything_once(own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNTHTEXT_CACHE", str(tmp_path / "node"))
    crate = cargo.pack([str(own / "fonts"), str(own / "lines.txt")])

    for _ in range(2):
        cargo.unpack(pickle.loads(pickle.dumps(crate)))  # noqa: S301 - our own

    there = cargo.places_there(crate.places)
    folder = cargo.folder_of(crate.digest)
    assert (folder / there[str(own / "lines.txt")]).read_bytes() == (own / "lines.txt").read_bytes()
    assert (folder / there[str(own / "fonts")] / "sub/Mine.ttf").is_file()
    assert not list(folder.parent.glob(".new-*"))


def test_unpack__keeps_few_crates(own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNTHTEXT_CACHE", str(tmp_path / "node"))
    for number in range(7):
        (own / "lines.txt").write_text(f"{number}\n")
        cargo.unpack(crate := cargo.pack([str(own / "lines.txt")]))

    assert cargo.folder_of(crate.digest).is_dir()
    assert len(list(cargo.folder_of(crate.digest).parent.iterdir())) == 4


def _distant(config: api.Config, assets: api.Assets) -> DistantOpener:
    photos = tuple(index.at(index.root) for index in assets.backgrounds.indices)
    plain = config.model_dump(mode="json")
    return DistantOpener(plain, 3, True, photos, str(data_dir("backgrounds")), assets.digests())


def test_distant_opener__same_samples_where_the_files_came_in_a_crate(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = _config(own)
    assets = api.open_assets(config, 3)
    wanted = [pipeline.sample(3, index, config, assets) for index in range(8)]
    crate = cargo.pack(cargo.places_in(config.model_dump(mode="json")))
    opener = pickle.loads(pickle.dumps(_distant(config, assets)))  # noqa: S301 - our own
    for name in ("fonts", "photos"):
        shutil.rmtree(own / name)
    for name in ("lines.txt", "chars.txt"):
        (own / name).unlink()
    monkeypatch.setenv("SYNTHTEXT_CACHE", str(tmp_path / "node"))

    cargo.unpack(crate)
    there = cargo.places_there(crate.places)
    make = opener({place: str(cargo.folder_of(crate.digest) / name) for place, name in there.items()})

    for index, sample in enumerate(wanted):
        made = make(index)
        assert made.text == sample.text
        assert np.array_equal(made.image, sample.image)


def test_distant_opener__other_assets_are_refused(own: Path) -> None:
    config = _config(own)
    opener = _distant(config, api.open_assets(config, 3))
    shutil.copy(data_dir("fonts") / "latin/Roboto-Regular.ttf", own / "fonts/sub/Mine.ttf")

    with pytest.raises(AssetError, match=r"assets differ.*font:Mine\.ttf.*install the same synthtext"):
        opener({})
