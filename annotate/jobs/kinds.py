"""What can be asked for as long work: the arguments of each kind, and the use case that does it."""

from __future__ import annotations

import os
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator

from annotate.jobs.exchange_kinds import ExportArgs, ImportArgs, run_export, run_import
from annotate.jobs.kind import NAME, Args, PathText
from annotate.jobs.kind import Kind as Kind
from annotate.jobs.kind import Stopped as Stopped
from annotate.jobs.kind import Tell as Tell
from annotate.reasons import Reason, listed
from annotate.records import Filter
from annotate.workflow.context import Context
from annotate.workspace import UPLOAD_ID
from synthtext.errors import UserError

Tag = Annotated[str, Field(min_length=1, max_length=64)]
# Of videos, so many frames a second; None for key frames.
Fps = Annotated[float, Field(gt=0, le=240)] | None


class AddArgs(Args):
    """Files and folders of the server's machine, as `annotate add` takes them."""

    paths: Annotated[list[PathText], Field(min_length=1, max_length=1000)]
    recursive: bool = True
    copy_files: bool = False
    tags: tuple[Tag, ...] = ()
    fps: Fps = None


class UploadArgs(Args):
    """Files that have been sent to `/api/uploads`; they are copied in."""

    upload: Annotated[str, Field(pattern=UPLOAD_ID)]
    tags: tuple[Tag, ...] = ()
    fps: Fps = None


class EmbedArgs(Args):
    """As `annotate embed` takes them."""

    rebuild: bool = False


class PrelabelArgs(Args):
    """As `annotate prelabel` takes them; all pictures that the reader has not been through, or those of a batch.

    A reader at an address, of a file or of a module is for the owner of the machine to choose, as the workspace's own:
    pictures would go to that address, and that code would run.
    """

    reader: Literal["rapidocr", "paddleocr"] | None = None
    batch: int | None = None
    again: bool = False


class GenerateArgs(Args):
    """A run of the generator; it goes to `runs/NAME` of the workspace.

    Only the settings of the Synthetic page can be overridden: others name files of the machine.
    """

    name: Annotated[str, Field(pattern=NAME)]
    preset: str
    count: Annotated[int, Field(ge=1, le=1_000_000_000)]
    seed: Annotated[int, Field(ge=0)] = 0
    overrides: dict[str, Any] = Field(default_factory=dict)

    @field_validator("overrides")
    @classmethod
    def _of_the_page(cls, value: dict[str, Any]) -> dict[str, Any]:
        from annotate.workflow.synthetic import KNOBS

        known = [knob.key for knob in KNOBS]
        for key in value:
            if key not in known:
                raise ValueError(f"{key!r} cannot be changed here; there are {', '.join(known)}")
        return value


def checked(kind: str, args: dict[str, Any]) -> Args:
    """Return the arguments of a job.

    Raises:
        UserError: there is no such kind, or it does not take them.
    """
    if kind not in KINDS:
        raise UserError(Reason("job.kind", kind=kind, known=", ".join(sorted(KINDS))))
    try:
        return KINDS[kind].args.model_validate(args)
    except ValidationError as error:
        first = error.errors()[0]
        raise UserError(
            Reason("job.args", kind=kind, where=".".join(map(str, first["loc"])), what=first["msg"])
        ) from error


def _add(context: Context, args: AddArgs, tell: Tell) -> str:
    from annotate.workflow.add import AddOptions, add

    options = AddOptions(recursive=args.recursive, copy=args.copy_files, tags=args.tags, fps=args.fps)
    return add(context, args.paths, options, lambda done, total: tell(done, total, "")).told


def _upload(context: Context, args: UploadArgs, tell: Tell) -> str:
    from annotate.workflow.uploads import add_upload

    return add_upload(context, args.upload, args.tags, args.fps, lambda done, total: tell(done, total, "")).told


def _embed(context: Context, args: EmbedArgs, tell: Tell) -> str:
    from annotate.workflow.embedding import EmbedOptions, embed

    summary = embed(context, EmbedOptions(rebuild=args.rebuild), lambda done, total: tell(done, total, ""))
    found = {"searchable": summary.searchable, "pictures": summary.pictures}
    return Reason("done.embedded", embedded=summary.embedded, failed=summary.failed, **found)


def _prelabel(context: Context, args: PrelabelArgs, tell: Tell) -> str:
    from annotate.workflow.prelabel import PrelabelOptions, prelabel

    options = PrelabelOptions(reader=args.reader, which=Filter(batch_id=args.batch), again=args.again, workers=_half())
    summary = prelabel(context, options, lambda done, total: tell(done, total, ""))
    counts = [Reason(f"count.{what}", count=count) for what, count in sorted(summary.counts.items())]
    return listed(counts) if counts else Reason("done.before")


def _half() -> int:
    """Half of the cores: the others are for the people who label meanwhile."""
    return max(1, (os.cpu_count() or 2) // 2)


def _generate(context: Context, args: GenerateArgs, tell: Tell) -> str:
    from annotate.workflow.synthetic import check
    from synthtext.api import generate

    out = context.workspace.root / "runs" / args.name
    config = check(context, args.preset, args.overrides)
    summary = generate(
        config,
        out,
        args.count,
        seed=args.seed,
        workers=_half(),
        progress=lambda at: tell(at.done, at.total, ""),
    )
    if summary.status != "complete":
        raise Stopped
    return Reason("done.samples", count=summary.count, name=args.name)


KINDS: dict[str, Kind] = {
    "add": Kind(AddArgs, "admin", _add),
    "upload": Kind(UploadArgs, "reviewer", _upload),
    "export": Kind(ExportArgs, "reviewer", run_export),
    "import": Kind(ImportArgs, "admin", run_import),
    "embed": Kind(EmbedArgs, "reviewer", _embed),
    "prelabel": Kind(PrelabelArgs, "annotator", _prelabel),
    "generate": Kind(GenerateArgs, "reviewer", _generate),
}
