"""Count pictures by triggers (`store/tallies.py` says why they differ), beginning with those that are there."""

from alembic import op

revision = "0002"
down_revision = "0001"

_SQLITE_STEP = """
  insert into tallies (source_id, status, pictures) select {row}.source_id, {row}.status, 0 where not exists
    (select 1 from tallies where source_id = {row}.source_id and status = {row}.status);
  update tallies set pictures = pictures {sign} 1
    where source_id = {row}.source_id and status = {row}.status and {row}.deleted_at is null;
"""
_PLUS, _MINUS = _SQLITE_STEP.format(row="new", sign="+"), _SQLITE_STEP.format(row="old", sign="-")
_SQLITE_TRIGGERS = (
    f"create trigger tally_insert after insert on images begin {_PLUS} end",
    f"create trigger tally_update after update of source_id, status, deleted_at on images begin {_MINUS} {_PLUS} end",
    f"create trigger tally_delete after delete on images begin {_MINUS} end",
)
_POSTGRES_STEP = (
    "select source_id, status, {sign}count(*) as change from {rows} where deleted_at is null group by source_id, status"
)
_FRESH, _STALE = _POSTGRES_STEP.format(sign="", rows="fresh"), _POSTGRES_STEP.format(sign="-", rows="stale")
_POSTGRES_TRIGGERS = (
    f"""create function tally_images() returns trigger language plpgsql as $$ begin
  if tg_op = 'INSERT' then
    insert into tallies (source_id, status, pictures) {_FRESH};
  elsif tg_op = 'DELETE' then
    insert into tallies (source_id, status, pictures) {_STALE};
  else
    insert into tallies (source_id, status, pictures)
      select source_id, status, sum(change) from ({_FRESH} union all {_STALE}) as both_ways
      group by source_id, status having sum(change) <> 0;
  end if;
  return null;
end $$""",
    "create trigger tally_insert after insert on images referencing new table as fresh "
    "for each statement execute function tally_images()",
    "create trigger tally_update after update on images referencing old table as stale new table as fresh "
    "for each statement execute function tally_images()",
    "create trigger tally_delete after delete on images referencing old table as stale "
    "for each statement execute function tally_images()",
)


def upgrade() -> None:
    """Make the step."""
    op.execute(f"insert into tallies (source_id, status, pictures) {_FRESH.replace('fresh', 'images')}")
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _SQLITE_TRIGGERS if sqlite else _POSTGRES_TRIGGERS:
        op.execute(statement)
