"""Counts of pictures by source and status that cost nothing to read, kept by triggers of the database.

Counting a million rows takes longer than a page may. SQLite has one writer, so its triggers change the sums in place.
On PostgreSQL writers would wait for each other (or block each other for good) at such a row: there a trigger appends
the difference, the sum over the few rows counts, and `tidy` folds them now and then.
"""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import DDL, Table, delete, event, func, insert, select
from sqlalchemy.orm import Session

from annotate.store.schema import ImageRow, TallyRow

_TIDY_ABOVE = 200


def by_status(session: Session, source_id: int | None = None) -> dict[str, int]:
    """Return how many pictures have each status, of one source or of all; deleted ones do not count."""
    query = select(TallyRow.status, func.sum(TallyRow.pictures)).group_by(TallyRow.status)
    if source_id is not None:
        query = query.where(TallyRow.source_id == source_id)
    return {status: int(count) for status, count in session.execute(query) if count}


def by_source(session: Session) -> dict[int, int]:
    """Return how many pictures each source has."""
    found: dict[int, int] = defaultdict(int)
    for source_id, count in session.execute(
        select(TallyRow.source_id, func.sum(TallyRow.pictures)).group_by(TallyRow.source_id)
    ):
        found[source_id] = int(count)
    return dict(found)


def tidy(session: Session) -> None:
    """Fold rows that have piled up; a session that writes."""
    if (session.scalar(select(func.count()).select_from(TallyRow)) or 0) <= _TIDY_ABOVE:
        return
    sums: dict[tuple[int, str], int] = defaultdict(int)
    gone = delete(TallyRow).returning(TallyRow.source_id, TallyRow.status, TallyRow.pictures)
    for source_id, status, pictures in session.execute(gone):
        sums[source_id, status] += pictures
    rows = [{"source_id": key[0], "status": key[1], "pictures": count} for key, count in sums.items() if count]
    if rows:
        session.execute(insert(TallyRow), rows)


_SQLITE_STEP = """
  insert into tallies (source_id, status, pictures) select {row}.source_id, {row}.status, 0 where not exists
    (select 1 from tallies where source_id = {row}.source_id and status = {row}.status);
  update tallies set pictures = pictures {sign} 1
    where source_id = {row}.source_id and status = {row}.status and {row}.deleted_at is null;
"""
_PLUS, _MINUS = _SQLITE_STEP.format(row="new", sign="+"), _SQLITE_STEP.format(row="old", sign="-")
SQLITE_TRIGGERS = (
    f"create trigger tally_insert after insert on images begin {_PLUS} end",
    f"create trigger tally_update after update of source_id, status, deleted_at on images begin {_MINUS} {_PLUS} end",
    f"create trigger tally_delete after delete on images begin {_MINUS} end",
)
_POSTGRES_STEP = (
    "select source_id, status, {sign}count(*) as change from {rows} where deleted_at is null group by source_id, status"
)
_FRESH, _STALE = _POSTGRES_STEP.format(sign="", rows="fresh"), _POSTGRES_STEP.format(sign="-", rows="stale")
POSTGRES_TRIGGERS = (
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


def _attach(table: Table) -> None:
    # Created with the table wherever `create_all` makes it; migrations run the same statements.
    for dialect, statements in (("sqlite", SQLITE_TRIGGERS), ("postgresql", POSTGRES_TRIGGERS)):
        for statement in statements:
            event.listen(table, "after_create", DDL(statement).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]


_attach(ImageRow.__table__)  # type: ignore[arg-type]
