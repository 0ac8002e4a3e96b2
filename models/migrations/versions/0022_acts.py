"""Keep each act of a person: in whose name, by which door, and through whose account.

What was done before has no row: nobody knows its door.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

OF = {
    "promise_id": "promises",
    "completion_id": "completions",
    "outcome_id": "outcomes",
    "convening_id": "convenings",
    "undoing_id": "undoings",
}


def upgrade() -> None:
    op.create_table(
        "acts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("by_ref", sa.Text(), nullable=False),
        sa.Column("door", sa.Text(), nullable=False),
        sa.Column("through_ref", sa.Text(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        *(sa.Column(column, sa.BigInteger(), nullable=True) for column in OF),
        sa.Column("undoes", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(f"num_nonnulls({', '.join(OF)}) = 1", name=op.f("ck_acts_of_one")),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_acts_{column}_{table}"))
            for column, table in OF.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acts")),
    )
    op.create_index("ix_acts_case_id", "acts", ["case_id"])
    op.create_index(
        "ix_acts_completion_id", "acts", ["completion_id"], postgresql_where=sa.text("completion_id is not null")
    )
