"""Keep panels' series, the rule that names each sitting, and people's events of a series.

A sitting that was planned before belongs to no series until its panel is read again. Whoever has an event of it keeps
that event.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sittings", sa.Column("rule", sa.Text(), nullable=True))
    op.add_column("sittings", sa.Column("ruled_on", sa.Date(), nullable=True))
    op.create_table(
        "series",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("force_code", sa.Text(), nullable=False),
        sa.Column("cps_area", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint("ref", name=op.f("uq_series_ref")),
    )
    op.create_index(
        "uq_series_open",
        "series",
        ["force_code", "cps_area", "rule"],
        unique=True,
        postgresql_where=sa.text("ended_on is null"),
    )
    op.add_column("invitations", sa.Column("series_id", sa.BigInteger(), nullable=True))
    op.alter_column("invitations", "sitting_id", existing_type=sa.BigInteger(), nullable=True)
    op.create_foreign_key(op.f("fk_invitations_series_id_series"), "invitations", "series", ["series_id"], ["id"])
    op.create_check_constraint(op.f("ck_invitations_of_one"), "invitations", "num_nonnulls(sitting_id, series_id) = 1")
    op.create_index(
        "uq_invitations_event",
        "invitations",
        ["sitting_id", "series_id", "contact_ref"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.drop_constraint(op.f("uq_invitations_sitting_id_contact_ref"), "invitations", type_="unique")
    op.create_index(
        "ix_invitations_series_id", "invitations", ["series_id"], postgresql_where=sa.text("series_id is not null")
    )
