"""`manifest.json`: what a dataset is, how it was made, and what is in it.

The first half says what was asked for and decides whether a run may go on in a folder; the second half says
what came out and is written when a run ends.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import cv2

import synthtext
from synthtext.engine.plan import Plan
from synthtext.engine.record import Gap
from synthtext.engine.subset import Ranges, union
from synthtext.errors import DatasetError, UserError
from synthtext.labels.ppocr import write_dict
from synthtext.writers.base import PageOptions, WriterOptions
from synthtext.writers.disk import replace_file

NAME = "manifest.json"
SCHEMA = 1

# Raising the count or using more workers does not make another dataset; the shard size is compared by itself.
_OUTSIDE = frozenset({"count", "out", "workers"})
_SHOWN_DIFFERENCES = 5
_PACKAGES = ("numpy", "freetype-py", "uharfbuzz", "pillow", "lmdb", "faker", "fonttools")


@dataclass(frozen=True, slots=True)
class Manifest:
    """See the module.

    Attributes:
        options: of the writers, with the charset's size and digest in place of its characters.
        asked: the shards that were asked for, as half-open ranges; None for all of them.
        status: `running` (or killed), `stopped` (by Ctrl-C or an error) or `complete`, of the shards asked for.
        environment: versions and CPU features that the bytes depend on, when the dataset was begun.
        other_environments: those of later runs that went on with it, where they differ.
        seconds: that all runs took together.
    """

    preset: str
    seed: int
    count: int
    split: tuple[int, ...]
    formats: tuple[str, ...]
    shard_size: int
    options: dict[str, Any]
    config: dict[str, Any]
    config_digest: str
    assets: dict[str, Any]
    environment: dict[str, str]
    other_environments: tuple[dict[str, str], ...] = ()
    asked: Ranges | None = None
    status: str = "running"
    counts: dict[str, int] = field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()
    statistics: dict[str, dict[str, int]] = field(default_factory=dict)
    image_bytes: int = 0
    seconds: float = 0.0

    @property
    def plan(self) -> Plan:
        """The layout of the dataset."""
        return Plan(self.seed, self.count, self.shard_size, self.split)

    @property
    def wanted(self) -> Ranges:
        """The shards that were asked for."""
        shards = self.plan.shards
        asked = ((0, shards),) if self.asked is None else self.asked
        return tuple((start, min(stop, shards)) for start, stop in asked if start < shards)

    def joined(self, other: Manifest) -> Ranges | None:
        """Return what is asked for in all after another run asks for its share of this manifest's samples."""
        both = union(self.wanted, other.wanted)
        return None if both == ((0, self.plan.shards),) else both


def write_manifest(out: Path, manifest: Manifest) -> None:
    """Write (or replace) the manifest of a dataset."""
    made = sum(manifest.counts.values())
    data = {
        "schema": SCHEMA,
        **asdict(manifest),
        "samples": made,
        "samples_per_second": round(made / manifest.seconds, 1) if manifest.seconds else None,
    }
    replace_file(out / NAME, (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode())


def read_manifest(out: Path) -> Manifest | None:
    """Return the manifest of a dataset; None when there is none.

    Raises:
        DatasetError: there is one, but it is damaged or of a newer version.
    """
    path = out / NAME
    if not path.exists():
        return None
    try:
        data = json.loads(path.read_bytes())
        schema = int(data["schema"])
        if schema > SCHEMA:
            raise DatasetError(f"{path}: written by a newer synthtext (schema {schema}); update synthtext")
        return Manifest(
            preset=str(data["preset"]),
            seed=int(data["seed"]),
            count=int(data["count"]),
            split=tuple(map(int, data["split"])),
            formats=tuple(map(str, data["formats"])),
            shard_size=int(data["shard_size"]),
            options=dict(data["options"]),
            config=dict(data["config"]),
            config_digest=str(data["config_digest"]),
            assets=dict(data["assets"]),
            environment=dict(data["environment"]),
            other_environments=tuple(map(dict, data["other_environments"])),
            asked=_ranges(data.get("asked")),
            status=str(data["status"]),
            counts={str(part): int(number) for part, number in data["counts"].items()},
            gaps=tuple(Gap(int(gap["index"]), tuple(map(str, gap["reasons"]))) for gap in data["gaps"]),
            statistics=dict(data["statistics"]),
            image_bytes=int(data["image_bytes"]),
            seconds=float(data["seconds"]),
        )
    except OSError as error:
        raise DatasetError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DatasetError(
            f"{path}: not a manifest of synthtext, or damaged ({type(error).__name__}: {error}); "
            "restore the file, or choose another --out"
        ) from error


def _ranges(data: Any) -> Ranges | None:
    return None if data is None else tuple((int(start), int(stop)) for start, stop in data)


def plain(value: Any) -> Any:
    """Return a configuration as JSON would give it back (tuples as lists, keys as text)."""
    return json.loads(json.dumps(value))


def config_digest(config: Mapping[str, Any]) -> str:
    """Return the BLAKE2b of what a configuration says about samples: no count, folder or workers."""
    text = json.dumps(_inside(config), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def describe_options(options: WriterOptions) -> dict[str, Any]:
    """Return the writers' options as the manifest keeps them."""
    data: dict[str, Any] = plain(asdict(options))
    del data["charset"]
    if options.pages is None:
        del data["pages"]
    return data | {
        "charset_size": len(options.charset),
        "charset_digest": dict_digest(write_dict(options.charset)),
    }


def restore_options(options: Mapping[str, Any], charset: Sequence[str] = ()) -> WriterOptions:
    """Return the writers' options that a manifest keeps, with a charset, which it does not keep."""
    pages = options.get("pages")
    known = {field.name for field in fields(WriterOptions)} - {"charset", "pages", "image_hw"}
    return WriterOptions(
        charset=tuple(charset),
        image_hw=tuple(options.get("image_hw", (48, 320))),
        pages=PageOptions(**pages) if isinstance(pages, dict) else None,
        **{name: value for name, value in options.items() if name in known},
    )


def dict_digest(data: bytes) -> str:
    """Return the digest of a dictionary file."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def describe_environment() -> dict[str, str]:
    """Return the versions and CPU features that bytes may depend on."""
    found = {
        "synthtext": synthtext.__version__,
        "python": platform.python_version(),
        "opencv": cv2.__version__,
    }
    for name in _PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "missing"
    return found | {"machine": platform.machine(), "cpu": cv2.getCPUFeaturesLine()}


def check_same(out: Path | str, old: Manifest, new: Manifest) -> None:
    """Make sure that a run may go on with a dataset.

    Raises:
        UserError: it would mix two datasets, or has fewer samples; the message says what differs.
    """
    different = differences(old, new)
    if different:
        raise UserError(f"{out}: holds another dataset ({different}); choose another --out, or ask for the same again")
    if new.count < old.count:
        raise UserError(
            f"{out}: was begun with --count {old.count}, which cannot shrink to {new.count}; "
            "choose another --out, or a larger count"
        )


def differences(old: Manifest, new: Manifest) -> str:
    """Return what makes two manifests those of different datasets, in words; empty when they are of the same one."""
    found = list(_differences("", _identity(old), _identity(new)))
    shown = [f"{path}: {_short(was)} there, {_short(now)} now" for path, was, now in found[:_SHOWN_DIFFERENCES]]
    more = [f"and {len(found) - _SHOWN_DIFFERENCES} more"] if len(found) > _SHOWN_DIFFERENCES else []
    return "; ".join([*shown, *more])


def environment_changes(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    """Return what differs between two environments, one line each."""
    return [f"{path}: {was} there, {now} now" for path, was, now in _differences("", dict(old), dict(new))]


def _identity(manifest: Manifest) -> dict[str, Any]:
    return {
        "seed": manifest.seed,
        "split": ":".join(map(str, manifest.split)),
        "formats": ",".join(manifest.formats),
        "shard_size": manifest.shard_size,
        "config": _inside(manifest.config),
        "options": manifest.options,
        "assets": manifest.assets,
    }


def _inside(config: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in config.items() if key not in _OUTSIDE}
    if isinstance(kept.get("engine"), Mapping):
        kept["engine"] = {key: value for key, value in kept["engine"].items() if key != "shard_size"}
    return kept


_MISSING = object()


def _differences(path: str, old: Any, new: Any) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _differences(
                f"{path}.{key}" if path else str(key), old.get(key, _MISSING), new.get(key, _MISSING)
            )
    elif old != new:
        yield path, old, new


def _short(value: Any) -> str:
    if value is _MISSING:
        return "nothing"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."
