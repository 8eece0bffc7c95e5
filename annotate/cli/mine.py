"""`annotate mine`: tomorrow's batch; `annotate verdicts`: what machines and people said of pictures."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from annotate.cli.options import DEFAULT_WORKSPACE, DbOption, WorkspaceOption
from annotate.cli.progress import Display
from annotate.mine.hardness import WEIGHTS, Signs
from annotate.mine.training import count_chars
from annotate.records import Filter
from annotate.watch import WatchList
from annotate.workflow.context import open_context
from annotate.workflow.mine import RANDOM_TAG, MineOptions, MineSummary, mine
from annotate.workflow.verdicts import import_verdicts

verdicts = typer.Typer(name="verdicts", help="What machines and people said of pictures.", no_args_is_help=True)
_SHOWN = 10


def mine_command(
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    count: Annotated[int, typer.Option(min=1, help="How many pictures.")] = 200,
    batch: Annotated[str | None, typer.Option(help="The batch's name; one with the time by default.")] = None,
    source: Annotated[
        Literal["readings", "verdicts"],
        typer.Option("--from", help="Pictures that were read, or those about which machine and people differ."),
    ] = "readings",
    train: Annotated[
        Path | None, typer.Option(help="The training set's labels: characters that are rare there count as hard.")
    ] = None,
    wanted: Annotated[int, typer.Option(min=1, help="So often a character should be in the training set.")] = 100,
    watch: Annotated[Path | None, typer.Option("--watch-list", help="Words whose near misses count as hard.")] = None,
    random: Annotated[float, typer.Option(help="The share picked at random, for an honest test set.")] = 0.1,
    per_clip: Annotated[int, typer.Option(min=1, help="So many frames of a clip at most.")] = 3,
    tag: Annotated[list[str] | None, typer.Option("--tag", help="Only pictures with this tag.")] = None,
    from_source: Annotated[int | None, typer.Option("--source", help="Only pictures of this source.")] = None,
    batched_too: Annotated[bool, typer.Option("--batched-too", help="Also pictures of earlier batches.")] = False,
    twins_too: Annotated[bool, typer.Option("--twins-too", help="Also pictures nearly the same as another.")] = False,
    seed: Annotated[int, typer.Option(help="Of what is random.")] = 0,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
    db: DbOption = None,
) -> None:
    """Pick a batch of pictures worth a person's time: hard, different from each other, some at random."""
    signs = Signs(
        chars=None if train is None else count_chars(train),
        wanted=wanted,
        watch=None if watch is None else WatchList.read(watch),
    )
    options = MineOptions(
        count=count,
        batch=batch,
        which=Filter(tags=tuple(tag or ()), source_id=from_source),
        signs=signs,
        random_share=random,
        per_clip=per_clip,
        seed=seed,
        source=source,
        batched_too=batched_too,
        twins_too=twins_too,
    )
    with open_context(workspace, db=db) as context:
        with Display("judging", "pictures", quiet) as display:
            summary = mine(context, options, display.update)
        _print(summary)


@verdicts.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="CSV with a header, or .jsonl: image or clip and time; machine; human.")],
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    db: DbOption = None,
) -> None:
    """Import what a machine said of pictures and frames, and what people said; then: annotate mine --from verdicts."""
    with open_context(workspace, db=db) as context:
        summary = import_verdicts(context, file)
    counts = summary.counts
    sys.stdout.write(
        f"agreed {counts['agreed']:,}, flagged by the machine and passed by people {counts['flagged']:,}, "
        f"missed by the machine {counts['missed']:,}, not in the pool {counts['unknown']:,}, "
        f"lines that cannot be used {summary.bad_count:,}\n"
    )
    for bad in summary.bad:
        sys.stdout.write(f"  line {bad.line}: {bad.reason}\n")
    for name in summary.unknown:
        sys.stdout.write(f"  not in the pool: {name!r}\n")


def _print(summary: MineSummary) -> None:
    random = sum(one.why.get("picked") == "at random" for _, one in summary.picked)
    sys.stdout.write(
        f"batch {summary.batch!r}: {len(summary.picked):,} of {summary.candidates:,} pictures "
        f"({summary.judged:,} judged), {random:,} at random (tag {RANDOM_TAG!r}); spread by {summary.spread_by}\n"
    )
    for picture, one in summary.picked[:_SHOWN]:
        sys.stdout.write(f"  {one.score or 0:.2f}  {picture.name!r}: {_reason(one.why)}\n")


def _reason(why: dict[str, object]) -> str:
    if "verdict" in why:
        return str(why["verdict"])
    signs = {sign: part for sign in WEIGHTS if isinstance(part := why.get(sign), dict)}
    strongest = max(signs, key=lambda sign: WEIGHTS[sign] * signs[sign]["value"], default=None)
    return str(why["picked"]) if strongest is None else f"{strongest.replace('_', ' ')}: {signs[strongest]['why']}"
