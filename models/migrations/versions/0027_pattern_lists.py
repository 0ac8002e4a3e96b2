"""Find the cases of a suspect's or a victim's key, and keep what the pattern list of each letter had."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("suspect_key", "victim_key"):
        op.create_index(f"ix_cases_{column}", "cases", [column], postgresql_where=sa.text(f"{column} is not null"))
    op.create_table(
        "listed_patterns",
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("keys", sa.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_listed_patterns_message_id_messages")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_listed_patterns_case_id_cases")),
        sa.PrimaryKeyConstraint("message_id", "case_id", name=op.f("pk_listed_patterns")),
    )
    op.create_index("ix_listed_patterns_case_id", "listed_patterns", ["case_id"])
