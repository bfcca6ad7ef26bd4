"""Alembic's entry: runs the migrations on the connection that the store hands over."""

from alembic import context
from sqlalchemy import Connection

from provisioning.store.tables import METADATA

connection: Connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
