"""WebDataset: tar archives that are read from one end to the other, one a shard and part.

    webdataset/train-000012.tar     000120345.jpg, 000120345.txt, 000120345.json, then the next sample
    webdataset/train.json           index: every archive of the part with its number of samples
    webdataset/dict.txt             of crops

Crops have their text in `.txt`; pages have lines, words and characters in `.json`, and their maps when asked for
(`.region.npy`, `.affinity.npy`, `.confidence.png`; `.png` for all of them with 8-bit maps). Keys hold no dot.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from synthtext.labels.maps import confidence_mask, score_maps
from synthtext.labels.ppocr import label_line, write_dict
from synthtext.values import Sample
from synthtext.writers.base import PARTS, STATE_DIR, Output, PageOptions, WriterOptions, names_in, numbered, shard_name
from synthtext.writers.craft import npy, png
from synthtext.writers.disk import replace_file, write_new
from synthtext.writers.facts import crop_facts, page_facts
from synthtext.writers.tar import TarFile

ROOT = "webdataset"
COUNTS = f"{STATE_DIR}/webdataset"
_SUFFIX = ".tar"
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class WebdatasetWriter:
    """Writes `webdataset/` below a dataset's folder."""

    def __init__(self, out: Path, options: WriterOptions) -> None:
        self._out = out
        self._options = options

    def open_shard(self, shard: int, room: Path) -> _WebdatasetShard:
        """Start a shard in `room`."""
        return _WebdatasetShard(shard, room, self._options)

    def outputs(self) -> Iterator[str]:
        """Yield the path of every output that is in place."""
        for name in names_in(self._out / ROOT):
            if name.endswith(_SUFFIX):
                yield f"{ROOT}/{name}"
        yield from numbered(self._out, COUNTS)

    def finalise(self, shards: Sequence[int]) -> None:
        """Write an index for each part, and the dictionary."""
        root = self._out / ROOT
        root.mkdir(parents=True, exist_ok=True)
        counts = [json.loads((self._out / COUNTS / shard_name(shard)).read_bytes()) for shard in shards]
        for part in PARTS:
            found = [(shard, count[part]) for shard, count in zip(shards, counts, strict=True) if count.get(part)]
            target = root / f"{part}.json"
            if found:
                replace_file(target, _index(part, found))
            else:
                target.unlink(missing_ok=True)
        if self._options.pages is None:
            replace_file(root / "dict.txt", write_dict(self._options.charset))


def archive_name(part: str, shard: int) -> str:
    """Return the name of the archive that holds a part of a shard."""
    return f"{part}-{shard:06d}{_SUFFIX}"


class _WebdatasetShard:
    def __init__(self, shard: int, room: Path, options: WriterOptions) -> None:
        self._shard = shard
        self._room = room
        self._suffix = options.image_format
        self._pages = options.pages
        self._tars: dict[int, TarFile] = {}
        self._counts = [0] * len(PARTS)

    def add(self, index: int, part: int, image: bytes, sample: Sample) -> None:
        tar = self._tars.get(part)
        if tar is None:
            tar = self._tars[part] = TarFile(self._room / archive_name(PARTS[part], self._shard))
        key = f"{index:09d}"
        members = [(f"{key}.{self._suffix}", image)]
        if self._pages is None:
            label_line(key, sample.text)  # what a list could not say must not hide in an archive
            members += ((f"{key}.txt", sample.text.encode()), (f"{key}.json", _json(crop_facts(index, sample))))
        else:
            members.append((f"{key}.json", _json(page_facts(index, sample, self._pages))))
            if self._pages.maps != "none":
                members += ((f"{key}.{kind}", data) for kind, data in _maps(sample, self._pages))
        tar.add(members)
        self._counts[part] += 1

    def seal(self) -> list[Output]:
        for tar in self._tars.values():
            tar.close()
        counts = {PARTS[part]: self._counts[part] for part in sorted(self._tars)}
        write_new(f"{self._room}/counts", _json(counts))
        names = [archive_name(PARTS[part], self._shard) for part in sorted(self._tars)]
        return [
            *(Output(self._room / name, f"{ROOT}/{name}") for name in names),
            Output(self._room / "counts", f"{COUNTS}/{shard_name(self._shard)}"),
        ]

    def discard(self) -> None:
        for tar in self._tars.values():
            tar.abandon()


def map_members(pages: PageOptions) -> tuple[str, ...]:
    """Return what the names of a page's maps end in."""
    suffix = "npy" if pages.maps == "npy" else "png"
    return () if pages.maps == "none" else (f"region.{suffix}", f"affinity.{suffix}", "confidence.png")


def _maps(sample: Sample, pages: PageOptions) -> Iterator[tuple[str, bytes]]:
    style = pages.map_style
    heats = score_maps(sample.instances, sample.size_wh, style)
    data = [npy(heat) if pages.maps == "npy" else png(heat) for heat in heats]
    yield from zip(
        map_members(pages), [*data, png(confidence_mask(sample.instances, sample.size_wh, style))], strict=True
    )


def _index(part: str, found: Sequence[tuple[int, int]]) -> bytes:
    # The layout of `wids`, so that its readers can find a sample by its number.
    listed = [{"url": archive_name(part, shard), "nsamples": count} for shard, count in found]
    index = {"__kind__": "wids-shard-index-v1", "wids_version": 1, "name": part, "shardlist": listed}
    return (json.dumps(index, indent=1) + "\n").encode()


def _json(value: object) -> bytes:
    return _ENCODE(value).encode()
