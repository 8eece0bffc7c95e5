"""`annotate embed`: vectors for every picture; `annotate doctor`: is the index what the store says."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from annotate.cli.options import DEFAULT_WORKSPACE, DbOption, WorkspaceOption
from annotate.cli.progress import Display
from annotate.embed.views import Recipe
from annotate.workflow.context import open_context
from annotate.workflow.doctor import examine_index
from annotate.workflow.embedding import EmbedOptions, EmbedSummary, embed
from synthtext.errors import UserError

_FILES = (".json", ".pt", ".pth", ".bin", ".safetensors")


def embed_command(
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    model: Annotated[
        str | None,
        typer.Option(
            "--clip-model", help="A model of open_clip, hf-hub:OWNER/NAME, local-dir:DIR or a JSON file; remembered."
        ),
    ] = None,
    pretrained: Annotated[
        str | None, typer.Option("--clip-pretrained", help="A tag of open_clip or a checkpoint's path; remembered.")
    ] = None,
    milvus: Annotated[
        str | None,
        typer.Option("--milvus", help="http://host:port of a Milvus server; lite: the workspace's own; remembered."),
    ] = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make all vectors again.")] = False,
    plain: Annotated[
        Literal["mirror", "blur", "none"] | None,
        typer.Option(help="The second vector, which does not read: with the mirror image, or with found text blurred."),
    ] = None,
    tiles: Annotated[bool | None, typer.Option(help="Vectors of four tiles as well, for small things.")] = None,
    contexts: Annotated[bool | None, typer.Option(help="Vectors of each found text with its surroundings.")] = None,
    twins: Annotated[
        float, typer.Option(min=0, max=1, help="Cosine from which pictures are linked as nearly the same; 0 for none.")
    ] = 0.97,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
    db: DbOption = None,
) -> None:
    """Give every picture its vectors, so that it can be searched for. After a stop, the same command goes on."""
    recipe = None
    if (plain, tiles, contexts) != (None, None, None):
        recipe = Recipe(plain or "mirror", bool(tiles), bool(contexts))
    options = EmbedOptions(
        model=_whole_path(model), pretrained=_whole_path(pretrained), milvus=milvus, recipe=recipe, rebuild=rebuild,
        twins=twins or None,
    )  # fmt: skip
    with open_context(workspace, db=db) as context, Display("embedding", "pictures", quiet) as display:
        summary = embed(context, options, display.update)
    _print(summary)


def doctor_command(
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    check: Annotated[bool, typer.Option("--check", help="Only say what is wrong; mend nothing.")] = False,
    db: DbOption = None,
) -> None:
    """Find where the index of vectors is not what the store says, and mend it."""
    with open_context(workspace, db=db) as context:
        findings = examine_index(context, mend=not check)
    for finding in findings:
        state = "mended" if finding.mended else "found"
        sys.stdout.write(f"{state}: {finding.count:,} {finding.what}\n")
    if not findings:
        sys.stdout.write("the index is what the store says\n")
    if any(not finding.mended for finding in findings):
        sys.exit(1)


def _whole_path(given: str | None) -> str | None:
    """Return a file's whole path, so that the workspace finds it from anywhere; anything else as it is."""
    if given is not None and given.startswith("local-dir:"):
        return f"local-dir:{Path(given.removeprefix('local-dir:')).resolve()}"
    if given is not None and (
        Path(given).is_file() or given.endswith((".json", ".pt", ".pth", ".bin", ".safetensors"))
    ):
        if not Path(given).is_file():
            raise UserError(f"{given}: no such file")
        return str(Path(given).resolve())
    return given


def _print(summary: EmbedSummary) -> None:
    twins = f"; linked {summary.twins:,} pairs that are nearly the same" if summary.twins else ""
    sys.stdout.write(
        f"embedded {summary.embedded:,}, failed {summary.failed:,}{twins}; "
        f"{summary.searchable:,} of {summary.pictures:,} pictures can be searched by {summary.model}\n"
    )
    for name, why in summary.faults:
        sys.stdout.write(f"  failed: {name!r}: {why}\n")
    if summary.failed > len(summary.faults):
        sys.stdout.write(f"  and {summary.failed - len(summary.faults):,} more\n")
