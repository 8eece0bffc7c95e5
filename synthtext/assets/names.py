"""Names of people and companies, addresses, cities and jobs, made by faker.

Faker is slow and keeps state of its own, so nothing is drawn from it while samples are made: pools are made
once from a fixed seed and kept as text files in the cache, one for each faker version, locale and size. Made
again, a pool is the same.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import os
from collections.abc import Callable
from pathlib import Path

from synthtext.assets.textfiles import tidy
from synthtext.errors import AssetError
from synthtext.paths import cache_dir

KINDS = ("person", "company", "address", "street", "city", "job")
POOL_SIZE = 1500

# Changed with the recipe below, so that a cache of an older version is not read.
_RECIPE = 1
_SEED = 20260101


def load_names(locale: str, size: int = POOL_SIZE, use_cache: bool = True) -> dict[str, tuple[str, ...]]:
    """Return kind -> different names of a locale, NFC, in one line each.

    Args:
        locale: as faker calls it, such as `zh_CN`.
        size: how many names of a kind are drawn; the same one drawn twice is kept once.
        use_cache: read and write the pools in the cache folder; without it they are made in a second or less.

    Raises:
        AssetError: faker has no such locale.
    """
    if not use_cache:
        return _make(locale, size)
    path = cache_dir() / "names" / f"{locale}-{size}-faker{importlib.metadata.version('faker')}-{_RECIPE}.tsv"
    found = _read(path)
    if found is None:
        found = _make(locale, size)
        _write(path, found)
    return found


def _make(locale: str, size: int) -> dict[str, tuple[str, ...]]:
    # Loaded only when there is something to make: it would take 10 MB of every worker.
    import faker
    from faker.config import AVAILABLE_LOCALES

    if locale not in AVAILABLE_LOCALES:
        raise AssetError(f"names: faker {faker.VERSION} has no locale '{locale}'; use zh_CN, zh_TW, en_US or the like")
    source = faker.Faker(locale, use_weighting=False)
    source.seed_instance(_SEED)
    makers: dict[str, Callable[[], str]] = {
        "person": source.name,
        "company": source.company,
        "address": lambda: _without_postcode(source.address()),
        "street": source.street_address,
        "city": source.city,
        "job": source.job,
    }
    return {kind: tuple(dict.fromkeys(_one_line(makers[kind]()) for _ in range(size))) for kind in KINDS}


def _one_line(text: str) -> str:
    return tidy(text.replace("\n", ", "))


def _without_postcode(address: str) -> str:
    """Chinese addresses of faker end or begin with a postcode and blocks like `o座`; signs do not."""
    if not address.isascii():
        address = address.upper()
    first, _, rest = address.partition(" ")
    if rest and first.isdigit() and not rest.isascii():
        return rest
    head, _, last = address.rpartition(" ")
    return head if head and last.isdigit() and not head.isascii() else address


def _read(path: Path) -> dict[str, tuple[str, ...]] | None:
    """What a cache file holds, or None if it is missing or not whole."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    if not text.endswith("\n#end\n"):
        return None
    names: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for line in text.splitlines()[:-1]:
        kind, tab, name = line.partition("\t")
        if not tab or kind not in names:
            return None
        names[kind].append(name)
    return {kind: tuple(found) for kind, found in names.items()}


def _write(path: Path, names: dict[str, tuple[str, ...]]) -> None:
    body = "".join(f"{kind}\t{name}\n" for kind, found in names.items() for name in found)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    # A cache that cannot be written costs a second the next time, no more.
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(body + "#end\n", encoding="utf-8", newline="\n")
        part.replace(path)
