"""From folders to contact sheets: a pool of photographs, rendered pictures and a film, embedded and searched.

    python benchmarks/show_pool.py --out sheets/ [--rendered 2000] [--scenes 1080] [--workspace pool/]

Adds the shipped photographs, `--rendered` pictures of the presets `video`, `banner` and `scene`, `--scenes` scenes with
a known caption, and a film with cuts and subtitles; embeds them with the tiny CLIP model of the tests (trained once,
which takes minutes), asks its ten queries, in words and with a new picture of what they mean, and writes a contact
sheet for each (the picture that was asked with stands above). Told is how many of the first ten pictures are scenes of
which the query is true, or with the carrier and colour of the picture asked with: all others count as wrong.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests" / "annotate"), str(ROOT / "tests" / "annotate" / "search")]

import clip_scenes  # noqa: E402
import made_clips  # noqa: E402
import tiny_clip  # noqa: E402
from test_search_quality import QUERIES  # noqa: E402

from annotate.index.lite import stop_server  # noqa: E402
from annotate.queries import Example, Hit, Query  # noqa: E402
from annotate.workflow.add import add  # noqa: E402
from annotate.workflow.context import Context, open_context  # noqa: E402
from annotate.workflow.embedding import EmbedOptions, embed  # noqa: E402
from annotate.workflow.search import Searcher  # noqa: E402
from annotate.workflow.sheet import write_sheet  # noqa: E402
from synthtext.api import load_config, samples  # noqa: E402

_PRESETS = ("video", "banner", "scene")
_SHOTS = ((0, 0, 0.0), (100, 1, 20.0), (200, 2, 60.0), (300, 0, 0.0))
_SUBTITLES = ((20, 90, "今天的天气很好"), (230, 290, "横幅上写着什么"), (310, 345, "热烈欢迎各位代表"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="a folder for the contact sheets")
    parser.add_argument("--rendered", type=int, default=2000)
    parser.add_argument("--scenes", type=int, default=1080)
    parser.add_argument("--workspace", type=Path, help="keep the workspace and the pictures here")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as spare:
        root = asked.workspace or Path(spare)
        with _timed("rendering"):
            _render(root / "pictures", asked.rendered, asked.scenes)
        with open_context(root / "workspace", create=True) as context:
            with _timed("adding"):
                counts = add(context, [str(root / "pictures"), str(ROOT / "backgrounds")]).counts
            print(f"  {dict(counts)}")
            with _timed("training, unless it is done"):
                description, checkpoint = tiny_clip.trained()
            with _timed("embedding"):
                summary = embed(context, EmbedOptions(str(description), str(checkpoint)))
            print(f"  {summary.searchable:,} of {summary.pictures:,} can be searched, {summary.twins:,} links of twins")
            with open_context(root / "workspace") as ready:
                _search(ready, asked.out)
            stop_server(context.workspace)


def _render(folder: Path, rendered: int, scenes: int) -> None:
    for place, preset in enumerate(_PRESETS):
        (folder / preset).mkdir(parents=True, exist_ok=True)
        share = rendered // len(_PRESETS) + (place < rendered % len(_PRESETS))
        for number, sample in enumerate(samples(load_config(preset), share)):
            Image.fromarray(sample.image).save(folder / preset / f"{number:05}.jpg", quality=90)
    (folder / "scenes").mkdir(exist_ok=True)
    for number in range(scenes):
        scene = clip_scenes.ALL[number % len(clip_scenes.ALL)]
        drawn = clip_scenes.draw(scene, tiny_clip.HELD_OUT + number)
        Image.fromarray(drawn).save(folder / "scenes" / f"{number:05}.png", compress_level=1)
    made_clips.write_clip(folder / "film.mp4", 360, made_clips.Film(_SHOTS, _SUBTITLES))


def _search(context: Context, out: Path) -> None:
    by_words, by_pictures = [], []
    with Searcher(context) as searcher:
        for place, (words, meant) in enumerate(QUERIES.items(), 1):
            found = searcher.search(Query((Example("text", words),)), size=20).hits
            write_sheet(context, found, out / f"{place:02}.png")
            by_words.append(_precision(found, meant))
            scene = next(scene for scene in clip_scenes.ALL if _fits(scene, meant))
            drawn = Image.fromarray(clip_scenes.draw(scene, 2 * tiny_clip.HELD_OUT + place))
            sheet = out / f"{place:02}-image.png"
            drawn.save(sheet)
            found = searcher.search(Query((Example("file", str(sheet)),)), size=20).hits
            write_sheet(context, found, sheet)
            _put_above(sheet, drawn)
            by_pictures.append(_precision(found, {"carrier": scene.carrier, "colour": scene.colour}))
            print(f"  {place:02}  {by_words[-1]:.1f}  {words}  (with a picture: {by_pictures[-1]:.1f})")
    print(f"precision@10 {statistics.mean(by_words):.2f}, with pictures {statistics.mean(by_pictures):.2f}")


def _precision(hits: Sequence[Hit], meant: dict[str, str]) -> float:
    return sum(_is_true(hit.picture.name, meant) for hit in hits[:10]) / 10


def _put_above(sheet: Path, asked: Image.Image) -> None:
    """Put the picture that was asked with above a sheet of results."""
    with Image.open(sheet) as results:
        whole = Image.new("RGB", (results.width, results.height + 2 * asked.height + 16), (60, 90, 160))
        whole.paste(asked.resize((2 * asked.width, 2 * asked.height)), (8, 8))
        whole.paste(results, (0, 2 * asked.height + 16))
    whole.save(sheet)


def _is_true(name: str, meant: dict[str, str]) -> bool:
    path = Path(name)
    if path.parent.name != "scenes":
        return False
    return _fits(clip_scenes.ALL[int(path.stem) % len(clip_scenes.ALL)], meant)


def _fits(scene: clip_scenes.Scene, meant: dict[str, str]) -> bool:
    return all(getattr(scene, key) == value for key, value in meant.items())


@contextmanager
def _timed(name: str) -> Iterator[None]:
    clock, processor = time.monotonic(), time.process_time()
    yield
    print(f"{name}: {time.monotonic() - clock:.0f} s ({time.process_time() - processor:.0f} s of CPU)", flush=True)


if __name__ == "__main__":
    main()
