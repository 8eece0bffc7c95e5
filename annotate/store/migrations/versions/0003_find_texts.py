"""Keep the texts of each picture in one place and index them (`store/written.py` says how they are found)."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_CHUNK = 5000
_SQLITE = (
    "create virtual table written_index using fts5"
    "(text, content='written', content_rowid='number', tokenize='trigram case_sensitive 1')",
    "create virtual table written_terms using fts5vocab('written_index', 'instance')",
    "create trigger written_insert after insert on written begin "
    "insert into written_index (rowid, text) values (new.number, new.text); end",
    "create trigger written_delete after delete on written begin "
    "insert into written_index (written_index, rowid, text) values ('delete', old.number, old.text); end",
    "create trigger written_update after update on written begin "
    "insert into written_index (written_index, rowid, text) values ('delete', old.number, old.text); "
    "insert into written_index (rowid, text) values (new.number, new.text); end",
    "insert into written_index (written_index) values ('rebuild')",
)
_POSTGRES = (
    """create function written_grams(lines text) returns text[] language sql immutable strict parallel safe as $$
  select coalesce(array_agg(distinct gram), '{}') from (
    select unnest(array[sign, sign || lead(sign) over (order by place)]) as gram
    from unnest(string_to_array(lines, null)) with ordinality as signs(sign, place)
  ) as grams where gram is not null and position(chr(10) in gram) = 0
$$""",
    "create index ix_written_grams on written using gin (written_grams(text))",
)


def upgrade() -> None:
    """Make the step."""
    op.create_table(
        "written",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["images.number"], name="fk_written_number", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("number", name="pk_written"),
    )
    connection = op.get_bind()
    last = connection.scalar(sa.text("select max(number) from images")) or 0
    for first in range(1, last + 1, _CHUNK):
        _fill(connection, first, first + _CHUNK)
    steps: tuple[str, ...] = _POSTGRES if connection.dialect.name == "postgresql" else _SQLITE
    # Debian's SQLite, Python's own and most others have it; one that has not is searched without an index.
    if steps is _SQLITE and not connection.scalar(sa.text("select sqlite_compileoption_used('ENABLE_FTS5')")):
        steps = ()
    for step in steps:
        op.execute(step)


def _fill(connection: sa.Connection, first: int, end: int) -> None:
    found: dict[int, dict[str, None]] = {}
    for table, order in (("regions", "position"), ("readings", "id")):
        query = sa.text(
            f"select i.number, t.text from images i join {table} t on t.image_id = i.id "
            f"where i.number >= :first and i.number < :end order by i.number, t.{order}"
        )
        for number, line in connection.execute(query, {"first": first, "end": end}):
            if kept := " ".join(line.lower().replace("\0", "").splitlines()):
                found.setdefault(number, {})[kept] = None
    rows = [{"number": number, "text": "".join(f"{line}\n\n" for line in lines)} for number, lines in found.items()]
    if rows:
        connection.execute(sa.text("insert into written (number, text) values (:number, :text)"), rows)
