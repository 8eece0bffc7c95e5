"""Pools of names: the same with and without a cache, and no global generator touched."""

from __future__ import annotations

import random
import time
from pathlib import Path

import numpy as np
import pytest

from synthtext.assets.names import KINDS, load_names
from synthtext.errors import AssetError


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SYNTHTEXT_CACHE", str(tmp_path))
    return tmp_path


def test_load_names__every_kind_in_one_line_each() -> None:
    for locale in ("zh_CN", "zh_TW", "en_US"):
        names = load_names(locale, 200, use_cache=False)

        assert tuple(names) == KINDS
        for found in names.values():
            assert len(found) == len(set(found)) > 20
            assert all(name == " ".join(name.split()) != "" for name in found)


def test_load_names__cache_holds_the_same(cache: Path) -> None:
    made = load_names("zh_CN", 50, use_cache=False)
    assert not list(cache.iterdir())

    written = load_names("zh_CN", 50)
    read = load_names("zh_CN", 50)

    assert made == written == read
    assert len(list((cache / "names").iterdir())) == 1


@pytest.mark.parametrize("damage", [b"", b"person\tA", b"\xff\xff", b"nonsense\n#end\n"])
def test_load_names__damaged_cache_is_made_again(damage: bytes, cache: Path) -> None:
    made = load_names("en_US", 20)
    path = next((cache / "names").iterdir())
    path.write_bytes(damage)

    assert load_names("en_US", 20) == made
    assert path.read_bytes().endswith(b"\n#end\n")


def test_load_names__cache_folder_cannot_be_written(cache: Path) -> None:
    (cache / "names").write_text("a file in the way")

    assert load_names("en_US", 20)["person"]


def test_load_names__leaves_global_generators_alone() -> None:
    before, numpy_before = random.getstate(), np.random.get_state()[1].tolist()  # type: ignore[index,union-attr]

    load_names("zh_CN", 30, use_cache=False)

    assert random.getstate() == before
    assert np.random.get_state()[1].tolist() == numpy_before  # type: ignore[index,union-attr]


def test_load_names__takes_less_than_two_seconds() -> None:
    start = time.process_time()

    load_names("zh_CN", use_cache=False)

    assert time.process_time() - start < 2.0


def test_load_names__unknown_locale() -> None:
    with pytest.raises(AssetError, match="has no locale 'xx_YY'"):
        load_names("xx_YY", use_cache=False)
