"""What Alembic runs: the steps, on the connection that it was given, in the transaction of whoever gave it."""

from alembic import context

from annotate.store.schema import Base
from annotate.store.upgrade import is_compared

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    user_module_prefix="tables.",
    compare_type=True,
    include_name=is_compared,
)
context.run_migrations()
