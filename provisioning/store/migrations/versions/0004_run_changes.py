"""Runs over several devices: what a run is for, who carries it out, what it does to each, why it turned back."""

import sqlalchemy as sa
from alembic import op

from provisioning.store.columns import KEY

revision = "0004"
down_revision = "0003"

ROUTERS_ALONE = """
insert into run_change
    (run_id, device, scope, position, platform, base, wanted, state, differences, commands, rollback)
select id, scope, 'the whole router', 0, 'linux_cpe', base, wanted,
       case state when 'proven' then 'kept' when 'went back' then 'taken back' else 'begun' end,
       differences, '[]', '[]'
from run where wanted <> ''
"""


def upgrade() -> None:
    """Until now a run changed one router, which stood in its own row."""
    op.create_table(
        "run_change",
        sa.Column("run_id", KEY, nullable=False),
        sa.Column("device", sa.Text, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("platform", sa.String(32), nullable=False),
        sa.Column("base", sa.String(64), nullable=False),
        sa.Column("wanted", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("differences", sa.JSON, nullable=False),
        sa.Column("commands", sa.JSON, nullable=False),
        sa.Column("rollback", sa.JSON, nullable=False),
        sa.Column("ont", sa.JSON),
        sa.PrimaryKeyConstraint("run_id", "device", "scope", name="pk_run_change"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_run_change_run_id"),
    )
    op.execute(sa.text(ROUTERS_ALONE))
    op.add_column("run", sa.Column("kind", sa.String(16), nullable=False, server_default="activate"))
    op.add_column("run", sa.Column("executor", sa.Text))
    op.add_column("run", sa.Column("target", sa.JSON))
    op.add_column("run", sa.Column("trouble", sa.JSON))
    op.add_column("run", sa.Column("before", sa.JSON))
    op.execute(sa.text("update run set target = snapshot"))
    op.drop_index("uq_run_of_scope", "run")
    for column in ("base", "wanted", "differences"):
        op.drop_column("run", column)
    op.create_index(
        "uq_run_of_line",
        "run",
        ["line_id"],
        unique=True,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )


def downgrade() -> None:
    """Put the router's change back into the run's row; what was done to OLTs is forgotten."""
    op.drop_index("uq_run_of_line", "run")
    op.add_column("run", sa.Column("base", sa.String(64), nullable=False, server_default=""))
    op.add_column("run", sa.Column("wanted", sa.String(64), nullable=False, server_default=""))
    op.add_column("run", sa.Column("differences", sa.JSON, nullable=False, server_default="[]"))
    for column in ("base", "wanted", "differences"):
        op.execute(
            sa.text(
                f"update run set {column} = (select c.{column} from run_change c where c.run_id = run.id and c.ont is null)"  # noqa: S608, E501 - names of ours
                " where exists (select 1 from run_change c where c.run_id = run.id and c.ont is null)"
            )
        )
    op.drop_table("run_change")
    for column in ("before", "trouble", "target", "executor", "kind"):
        op.drop_column("run", column)
    op.create_index(
        "uq_run_of_scope",
        "run",
        ["scope"],
        unique=True,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )
