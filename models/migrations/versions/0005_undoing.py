"""Let rounds be undone: undoings, and unique keys without what is void."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MARKED = ("rounds", "sittings", "agendas")
# The constraint before; the index now: name, table, columns. Any number of void rows may have one key.
KEYS: tuple[tuple[str, str, str, list[str | sa.TextClause]], ...] = (
    ("uq_obligations_case_id_rule_subject_version", "uq_obligations_version", "obligations",
     ["case_id", "rule", "subject", "version", sa.text("(case when end_reason = 'void' then id end)")]),
    ("uq_steps_obligation_id_step_outcome", "uq_steps_outcome", "steps",
     ["obligation_id", "step", "outcome", sa.text("(case when outcome = 'void' then id end)")]),
    ("uq_notifications_obligation_id_step_occasion_contact_re_f686", "uq_notifications_once", "notifications",
     ["obligation_id", "step", "occasion", "contact_ref", "channel",
      sa.text("(case when state = 'void' then id end)")]),
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "undoings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("after_on", sa.Date(), nullable=False),
        sa.Column("by_ref", sa.Text(), nullable=False),
        sa.Column("undone_on", sa.Date(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_undoings")),
    )
    for table in MARKED:
        op.add_column(table, sa.Column("undoing_id", sa.BigInteger(), nullable=True))
        op.create_foreign_key(op.f(f"fk_{table}_undoing_id_undoings"), table, "undoings", ["undoing_id"], ["id"])
    for before, name, table, columns in KEYS:
        op.create_index(name, table, columns, unique=True, postgresql_nulls_not_distinct=True)
        op.drop_constraint(before, table, type_="unique")
    op.create_index(
        "uq_agendas_made",
        "agendas",
        ["sitting_id", "occasion", "day"],
        unique=True,
        postgresql_where=sa.text("undoing_id is null"),
    )
    op.drop_constraint("uq_agendas_sitting_id_occasion_day", "agendas", type_="unique")
    op.create_index("ix_steps_on_day", "steps", ["on_day"])
