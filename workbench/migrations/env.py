"""Alembic's entry: runs the migrations on the connection that `workbench.store` hands over, in its transaction."""

from __future__ import annotations

from alembic import context

from workbench.schema import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
