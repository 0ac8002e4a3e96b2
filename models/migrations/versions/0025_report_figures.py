"""Keep the figures of each month that was reported, so that they outlast the cases they count."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_figures",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("month_on", sa.Date(), nullable=False),
        sa.Column("force_code", sa.Text(), nullable=True),
        sa.Column("cps_area", sa.Text(), nullable=True),
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_figures")),
        sa.UniqueConstraint(
            "month_on", "force_code", "cps_area",
            name=op.f("uq_report_figures_month_on_force_code_cps_area"), postgresql_nulls_not_distinct=True,
        ),
    )  # fmt: skip
