"""`annotate pool` at the command line."""

from __future__ import annotations

import pytest
from small_pool import put_picture
from typer.testing import CliRunner

from annotate.cli import command_line
from annotate.workflow.context import Context
from synthtext.errors import UserError


def test_pool__tagged_taken_out_and_brought_back(context: Context) -> None:
    ids = [put_picture(context, f"{n}.jpg", seed=n) for n in range(2)]
    where = ["-w", str(context.workspace.root)]

    def run(*args: str) -> str:
        done = CliRunner().invoke(command_line(), ["pool", *args, *where], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    assert run("tag", ids[0][:12], "--add", "night") == "changed: 1\n"
    listed = run("list", "--tag", "night")
    assert ids[0][:12] in listed
    assert ids[1][:12] not in listed
    assert "[night]" in listed
    assert run("remove", ids[0][:12]) == "taken out: 1\n"
    assert "1 of 1" in run("list", "--removed")
    assert run("restore", ids[0][:12]) == "brought back: 1\n"
    assert "2 of 2" in run("list")
    for args in (["remove", "zz"], ["restore", ids[0]], ["tag", ids[0]], ["remove", ""]):
        with pytest.raises(UserError):
            run(*args)
