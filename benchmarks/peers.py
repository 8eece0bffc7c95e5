"""Compare the CPU time that generators of recognition crops need for one image, side by side.

    python benchmarks/peers.py --rounds 3 --markdown peers.md

Each generator runs twice a round, for a small and a large number of images, and the slope between
the two is the cost of one image without start-up. One more small run before the first round, not
counted, leaves every cache as later runs find it. The generators take turns within every round, so
that a busy machine disturbs all of them alike. What is set for each of them is in
`peerlib/generators.py`; the environments of the others are made from PyPI on the first run.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from peerlib.envs import default_envs_folder, ensure_env, installed_version
from peerlib.errors import BadSetup, GeneratorFailed
from peerlib.generators import GENERATORS, Job, own_python
from peerlib.inputs import LANGUAGES, Inputs, prepare_inputs
from peerlib.measure import Usage, run_measured
from peerlib.report import Row, render_table, slope_between

_REPOSITORY = Path(__file__).resolve().parent.parent
_MIN_COUNT = 2


@dataclass(frozen=True)
class Bench:
    """Where the runs of a comparison happen and how long each may take."""

    scratch: Path
    inputs: dict[str, Inputs]
    pythons: dict[str, Path]
    timeout_s: float
    scale: float

    def counts(self, row: Row) -> tuple[int, int]:
        """Return how many images the small and the large run of `row` ask for."""
        small, large = row.generator.counts[row.language]
        few = max(_MIN_COUNT, round(small * self.scale))
        return few, max(few + _MIN_COUNT, round(large * self.scale))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the comparison, print the table, and return the exit code."""
    options = _parse(arguments)
    try:
        with tempfile.TemporaryDirectory(prefix="peers-") as scratch:
            rows = _compare(options, Path(scratch))
    except BadSetup as error:
        print(f"peers.py: {error}", file=sys.stderr)
        return 2
    table = render_table(rows)
    print(table)
    if options.markdown:
        options.markdown.write_text(table, encoding="utf-8")
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    add = parser.add_argument
    names = [generator.package for generator in GENERATORS]
    add("--rounds", type=int, default=3, help="how often every row is measured (default 3)")
    add("--only", nargs="+", choices=names, default=names, metavar="NAME", help=f"of: {', '.join(names)}")
    add("--languages", nargs="+", choices=LANGUAGES, default=LANGUAGES, help="rows to measure (default all)")
    add("--scale", type=float, default=1.0, help="multiply the numbers of images (default 1)")
    add("--timeout", type=float, default=180.0, help="seconds after which a run is killed (default 180)")
    add("--envs", type=Path, default=default_envs_folder(), help="folder of the peers' environments")
    add("--assets", type=Path, default=_REPOSITORY, help="folder with fonts, backgrounds and corpora")
    add("--markdown", type=Path, help="also write the table to this file")
    options = parser.parse_args(arguments)
    if options.rounds < 1 or options.scale <= 0:
        parser.error("--rounds must be at least 1 and --scale above 0")
    return options


def _compare(options: argparse.Namespace, scratch: Path) -> list[Row]:
    assets = options.assets.resolve()
    inputs = {language: prepare_inputs(assets, language, scratch) for language in options.languages}
    rows = [
        Row(generator, language)
        for language in options.languages
        for generator in GENERATORS
        if generator.package in options.only
    ]
    pythons = _install(rows, options.envs.resolve())
    bench = Bench(scratch, inputs, pythons, options.timeout, options.scale)
    for row in rows:
        if not row.reason:
            _warm_up(bench, row)
    for number in range(1, options.rounds + 1):
        for row in rows:
            if not row.reason:
                _measure_round(bench, row, number)
    return rows


def _install(rows: Sequence[Row], envs: Path) -> dict[str, Path]:
    """Return the interpreter of each package; a row whose package has none gets its reason instead."""
    pythons: dict[str, Path] = {}
    for row in rows:
        package, requirements = row.generator.package, row.generator.requirements
        try:
            if package not in pythons:
                pythons[package] = ensure_env(envs / package, requirements) if requirements else own_python()
            row.version = installed_version(pythons[package], package)
        except GeneratorFailed as error:
            _fail(row, error)
    return pythons


def _warm_up(bench: Bench, row: Row) -> None:
    try:
        _run(bench, row, bench.counts(row)[0])
    except GeneratorFailed as error:
        _fail(row, error)


def _measure_round(bench: Bench, row: Row, number: int) -> None:
    small, large = bench.counts(row)
    try:
        small_usage, small_written = _run(bench, row, small)
        large_usage, large_written = _run(bench, row, large)
        if large_written <= small_written:
            raise GeneratorFailed(f"wrote {large_written} of {large} images")
    except GeneratorFailed as error:
        _fail(row, error)
        return
    slope = slope_between(small_usage, large_usage, (small_written, large_written), (small, large))
    row.slopes.append(slope)
    _say(
        f"round {number}: {row.name}: {slope.cpu_ms:.3f} CPU ms, {slope.wall_ms:.3f} wall ms an image, "
        f"{slope.peak_mb:.0f} MB ({small} and {large} images in {large_usage.wall_s:.1f} s)"
    )


def _run(bench: Bench, row: Row, count: int) -> tuple[Usage, int]:
    """Return the usage of one run and the number of images that it wrote."""
    with tempfile.TemporaryDirectory(dir=bench.scratch) as folder:
        out = Path(folder, "out")
        out.mkdir()
        python = bench.pythons[row.generator.package]
        job = Job(row.language, count, bench.inputs[row.language], out, python)
        usage = run_measured(row.generator.command(job), Path(folder, "log.txt"), bench.timeout_s)
        return usage, row.generator.written(job)


def _fail(row: Row, error: GeneratorFailed) -> None:
    row.reason = str(error)
    _say(f"skipped: {row.name}: {error}")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
