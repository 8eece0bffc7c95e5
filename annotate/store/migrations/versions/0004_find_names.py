"""Index the names of pictures (`store/written.py` says how they are found)."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

# As texts have them: the line ends let a trigram begin at every character.
_NAME = "{row}.name || char(10) || char(10)"
_OLD, _NEW = _NAME.format(row="old"), _NAME.format(row="new")
_DELETE = f"insert into names_index (names_index, rowid, name) values ('delete', old.number, {_OLD})"
_INSERT = f"insert into names_index (rowid, name) values (new.number, {_NEW})"
_SQLITE = (
    f"create view names as select number, {_NAME.format(row='images')} as name from images",
    "create virtual table names_index using fts5(name, content='names', content_rowid='number', tokenize='trigram')",
    "create virtual table names_terms using fts5vocab('names_index', 'instance')",
    f"create trigger names_insert after insert on images begin {_INSERT}; end",
    f"create trigger names_delete after delete on images begin {_DELETE}; end",
    f"create trigger names_update after update of name on images begin {_DELETE}; {_INSERT}; end",
    "insert into names_index (names_index) values ('rebuild')",
)
_POSTGRES = ("create index ix_names_grams on images using gin (written_grams(lower(name)))",)


def upgrade() -> None:
    """Make the step."""
    connection = op.get_bind()
    steps: tuple[str, ...] = _POSTGRES if connection.dialect.name == "postgresql" else _SQLITE
    # As for texts: an SQLite without FTS5 is searched without an index.
    if steps is _SQLITE and not connection.scalar(sa.text("select sqlite_compileoption_used('ENABLE_FTS5')")):
        steps = ()
    for step in steps:
        op.execute(step)
