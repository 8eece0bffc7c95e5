"""How long a search takes in a large pool: random vectors in Milvus Lite, a store of as many pictures, a tiny model.

    python benchmarks/search_speed.py --pictures 100k --dim 512
    python benchmarks/search_speed.py --pictures 1M --rounds 15      # with disk, load time and memory
    python benchmarks/search_speed.py --milvus http://127.0.0.1:19530   # somebody's server in place of Milvus Lite

At the end stands a table of what matters, with what is asked of 100,000 pictures. Times are medians, of the clock and
of the processor (ours and the server's together): on a machine that others use the second is the one to trust. Vectors
lie in clusters, as CLIP's do; ten thousand of them would be found too easily.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from sqlalchemy import insert

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "annotate"))

from annotate.embed.towers import load_tower, unit
from annotate.embed.views import Recipe
from annotate.index.connect import connect, is_own
from annotate.index.lite import shared_server, stop_server
from annotate.index.rows import PLAIN, WHOLE, Row, scalars_of
from annotate.queries import Example, Query, TextQuery
from annotate.records import Filter, Picture
from annotate.store import vectors
from annotate.store.database import now
from annotate.store.schema import ImageRow, SourceRow, VectorRow, WrittenRow
from annotate.store.written import folded
from annotate.workflow.context import Context, open_context
from annotate.workflow.search import Searcher

_STEP = 5_000
_WORDS = {"一": 10, "福": 40, "锦旗": 1000}
_TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=_count, default=100_000)
    parser.add_argument("--dim", type=int, default=512)
    parser.add_argument("--plain", action="store_true", help="with the second vector, which doubles the space")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--folder", type=Path, help="keep the workspace here, and use it again")
    parser.add_argument("--milvus", help="the address of a server in place of the workspace's own Milvus Lite")
    asked = parser.parse_args()
    root = asked.folder or Path(tempfile.mkdtemp(prefix="search-speed-"))
    import tiny_clip

    root.mkdir(parents=True, exist_ok=True)
    model = root / "bench.json", root / "bench.pt"
    if not model[1].is_file():
        tiny_clip.untrained(root, "bench", embed_dim=asked.dim)
    settings = {"clip_model": str(model[0]), "clip_pretrained": str(model[1])}
    settings |= {"milvus": asked.milvus} if asked.milvus else {}
    try:
        with open_context(root / "workspace", create=True, **settings) as context:
            if not (root / "filled").exists():
                _fill(context, asked.pictures, asked.dim, asked.plain)
                (root / "filled").touch()
            _table(_measure(context, asked.rounds, asked.dim), asked.pictures, asked.dim)
    finally:
        if asked.folder is None:
            shutil.rmtree(root, ignore_errors=True)


def _fill(context: Context, count: int, dim: int, plain: bool) -> None:
    tower = load_tower(context.workspace.settings.clip_model, context.workspace.settings.clip_pretrained)
    recipe = Recipe("mirror" if plain else "none")
    settings = context.workspace.settings
    model = (settings.clip_model, settings.clip_pretrained)
    made = vectors.Collection("bench", *model, tower.revision, recipe.as_json(), dim)
    with context.db.writing() as session:
        vectors.add_collection(session, made)
        vectors.activate(session, "bench")
        session.add(SourceRow(id=1, kind="folder", path="bench", added_at=now()))
    index = connect(context.workspace)
    index.create("bench", dim, plain=plain, parts=False)
    rng = np.random.default_rng(0)
    centres = rng.standard_normal((500, dim), np.float32)
    clock, processor = time.monotonic(), _processor(context)
    for first in range(1, count + 1, _STEP):
        numbers = range(first, min(first + _STEP, count + 1))
        pictures = [_picture(number) for number in numbers]
        found = unit(0.8 * centres[rng.integers(0, 500, len(pictures))] + rng.standard_normal((len(pictures), dim)))
        rows = [
            Row(picture.number, {WHOLE: vector, **({PLAIN: vector} if plain else {})}, scalars_of(picture))
            for picture, vector in zip(pictures, found, strict=True)
        ]
        index.put("bench", rows)
        if first % (_STEP * 4) == 1 and first > 1:
            index.flush("bench")
        _store(context, pictures)
    index.flush("bench")
    index.close()
    _say("filling", count=count, seconds=time.monotonic() - clock, cpu_seconds=_processor(context) - processor)


def _store(context: Context, pictures: list[Picture]) -> None:
    names = [name for name in Picture.__dataclass_fields__ if name != "tags"]
    with context.db.writing() as session:
        session.execute(insert(ImageRow), [{name: getattr(p, name) for name in names} for p in pictures])
        session.execute(
            insert(WrittenRow), [{"number": p.number, "text": folded([_written(p.number)])} for p in pictures]
        )
        session.execute(
            insert(VectorRow),
            [{"collection": "bench", "number": p.number, "at": now(), "compared": True} for p in pictures],
        )


def _written(number: int) -> str:
    """Return a text: 一 in every tenth, 福 in every fortieth, 锦旗 in every thousandth."""
    rare = [word for word, every in _WORDS.items() if number % every == 0]
    return "".join([*rare, f"号{number}"])


def _picture(number: int) -> Picture:
    status = "confirmed" if number % 7 == 0 else "todo"
    return Picture(
        f"{number:064x}", f"{number}.jpg", f"/bench/{number}.jpg", False, 640, 480, 1, 1, now(), status=status,
        box_count=number % 9, min_score=number % 10 / 10, number=number,
    )  # fmt: skip


def _measure(context: Context, rounds: int, dim: int) -> dict[str, float]:
    """Measure, tell, and return what goes into the table."""
    stop_server(context.workspace)
    own = is_own(context.workspace.settings.milvus)
    told = {"vectors on disk, MB": _size_mb(context.workspace.vectors)} if own else {}
    told["store on disk, MB"] = _size_mb(context.workspace.root) - sum(told.values())
    _say("disk", mb=sum(told.values()))
    clock, processor = time.monotonic(), time.process_time()
    index = connect(context.workspace)
    started = time.monotonic()
    query = unit(np.random.default_rng(1).standard_normal((rounds, dim)))
    index.search("bench", query[:1], 50)
    # The new server's time begins at 0.
    spent = _processor(context) - processor
    _say(
        "first search after start", seconds=time.monotonic() - clock, of_them_server=started - clock, cpu_seconds=spent
    )
    told["first search after start, s"] = time.monotonic() - clock
    count = index.count("bench")
    if own:
        told["memory of the server, MB"] = _resident_mb(shared_server(context.workspace).pid)
    _say("memory of the server", mb=told.get("memory of the server, MB", 0), rows=count)
    for name, options in (
        ("index, top 50", {}),
        ("index, exact", {"exact": True}),
        ("index, 1 in 9 pass", {"where": "boxes == 4"}),
        ("index, vectors back", {"with_vectors": True}),
    ):
        told[f"{name}, ms"] = _time(
            context, name, rounds, lambda i, options=options: index.search("bench", query[i : i + 1], 50, **options)
        )
    near = [{h.number for h in index.search("bench", one[None], 50)[0]} for one in query[:10]]
    sure = [{h.number for h in index.search("bench", one[None], 50, exact=True)[0]} for one in query[:10]]
    told["recall of the top 50"] = statistics.mean(len(a & b) / 50 for a, b in zip(near, sure, strict=True))
    _say("recall of the top 50", share=told["recall of the top 50"])
    index.close()
    with Searcher(context) as searcher:
        clock = time.monotonic()
        searcher.search(Query((Example("text", "warm up"),)))
        _say("first text search, model loaded", seconds=time.monotonic() - clock)
        words = [f"a pennant number {i}" for i in range(rounds)]
        told["text search end to end, ms"] = _time(
            context, "text search", rounds, lambda i: searcher.search(Query((Example("text", words[i]),)))
        )
        which = Filter(statuses=("confirmed",), min_boxes=3)
        told["text search with a filter, ms"] = _time(
            context, "text search, filtered", rounds,
            lambda i: searcher.search(Query((Example("text", words[i]),), which=which)))  # fmt: skip
        for word, every in _WORDS.items():
            asked = TextQuery((word,))
            told[f"text search where 1 in {every} holds {word}, ms"] = _time(
                context, f"text search, {word} written", rounds,
                lambda i, asked=asked: searcher.search(Query((Example("text", words[i]),), asked)))  # fmt: skip
    stop_server(context.workspace)
    return told


def _table(told: dict[str, float], pictures: int, dim: int) -> None:
    asked = {"text search end to end, ms": 150, "index, top 50, ms": 50, "first search after start, s": 5}
    print(f"\n| {pictures:,} x {dim}, random vectors | measured | asked of 100,000 |\n| --- | ---: | ---: |")
    for name, value in told.items():
        print(f"| {name} | {value:,.2f} | {f'< {asked[name]}' if name in asked else ''} |")


def _size_mb(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def _time(context: Context, name: str, rounds: int, work: Callable[[int], object]) -> float:
    """Time some rounds, tell, and return the median in milliseconds."""
    clocks, processors = [], []
    for i in range(rounds):
        clock, processor = time.monotonic(), _processor(context)
        work(i)
        clocks.append(time.monotonic() - clock)
        processors.append(_processor(context) - processor)
    # A tick is 10 ms: the mean says more than the median of so coarse a clock.
    _say(name, median_ms=1000 * statistics.median(clocks), best_ms=1000 * min(clocks),
         cpu_ms=1000 * statistics.mean(processors))  # fmt: skip
    return 1000 * statistics.median(clocks)


def _processor(context: Context) -> float:
    """Return seconds of processor time, of this process and of the server."""
    try:
        told = json.loads((context.workspace.root / "milvus.server").read_text())
        fields = Path(f"/proc/{told['pid']}/stat").read_text().rsplit(")", 1)[1].split()
        return time.process_time() + (int(fields[11]) + int(fields[12])) / _TICKS
    except (OSError, ValueError, KeyError):
        return time.process_time()


def _resident_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmRSS"))) / 1000


def _count(given: str) -> int:
    scale = {"k": 1_000, "M": 1_000_000}.get(given[-1], 1)
    return int(float(given.rstrip("kM")) * scale)


def _say(name: str, **numbers: float) -> None:
    shown = ", ".join(
        f"{key} {value:,.3g}" if value < 1000 else f"{key} {value:,.0f}" for key, value in numbers.items()
    )
    print(f"{name}: {shown}", flush=True)


if __name__ == "__main__":
    main()
