"""Write the next step of the database's schema from the difference between the tables in code and the steps so far.

    python tools/new_migration.py "Give pictures a colour"

`--first` writes the first step anew, which is right only as long as nobody has a database to keep. Read what it has
written: it cannot see a renamed column, data that must be moved, or (without `--first`) an index over an expression.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Column, create_engine

from annotate.store.schema import Base
from annotate.store.upgrade import FOLDER, head, migrate

_PLAIN = {"literal_binds": True, "include_table": False}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("message", nargs="?", default="Make the tables")
    parser.add_argument("--first", action="store_true")
    asked = parser.parse_args()
    versions = FOLDER / "versions"
    later: list[Path] = []
    if asked.first:
        for path in versions.glob("0001_*.py"):
            path.unlink()
        later = sorted(versions.glob("[0-9]*.py"))
        for path in later:  # they build on the first one, which is not there while it is written
            path.rename(path.with_suffix(".away"))
    number = "0001" if asked.first else f"{int(head()) + 1:04}"
    try:
        with tempfile.TemporaryDirectory() as folder:
            engine = create_engine(f"sqlite:///{folder}/empty.db")
            with engine.begin() as connection:
                if not asked.first:
                    migrate(connection, "head")
                config = Config()
                config.set_main_option("script_location", str(FOLDER))
                config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
                config.attributes["connection"] = connection
                command.revision(config, asked.message, autogenerate=True, rev_id=number)
            engine.dispose()
    finally:
        for path in later:
            path.with_suffix(".away").rename(path)
    for path in versions.glob(f"{number}_*.py"):
        if asked.first:
            path.write_text(path.read_text("utf-8").rstrip() + "\n" + "".join(_indexes_over_expressions()), "utf-8")
        for step in (("format", "-q"), ("check", "--fix", "-q")):
            subprocess.run([sys.executable, "-m", "ruff", *step, str(path)], check=True)
        print(path)


def _indexes_over_expressions() -> Iterator[str]:
    """Yield the lines that Alembic leaves out: it cannot compare indexes over expressions on SQLite."""
    for table in Base.metadata.sorted_tables:
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            if all(isinstance(part, Column) for part in index.expressions):
                continue
            parts = [
                repr(part.name)
                if isinstance(part, Column)
                else f"sa.text({str(part.compile(compile_kwargs=_PLAIN))!r})"
                for part in index.expressions
            ]
            yield f"    op.create_index({index.name!r}, {table.name!r}, [{', '.join(parts)}])\n"


if __name__ == "__main__":
    main()
