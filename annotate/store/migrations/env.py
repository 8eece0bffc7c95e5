"""What Alembic runs: the steps, on the connection that it was given, in the transaction of whoever gave it."""

from alembic import context

from annotate.store.schema import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    user_module_prefix="tables.",
    compare_type=True,
)
context.run_migrations()
