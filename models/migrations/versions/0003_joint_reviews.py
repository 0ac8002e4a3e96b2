"""Create panels' sittings, convenings, invitations, agendas and outcomes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sittings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("force_code", sa.Text(), nullable=False),
        sa.Column("cps_area", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("minutes_per_case", sa.Integer(), nullable=False),
        sa.Column("chair_ref", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sittings")),
        sa.UniqueConstraint("ref", name=op.f("uq_sittings_ref")),
    )
    op.create_index(
        "ix_sittings_day", "sittings", ["day"], unique=False, postgresql_where=sa.text("cancelled_on is null")
    )
    op.create_index(
        "uq_sittings_planned",
        "sittings",
        ["force_code", "cps_area", "starts_at"],
        unique=True,
        postgresql_where=sa.text("cancelled_on is null"),
    )
    op.create_table(
        "agendas",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("sitting_id", sa.BigInteger(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("seen", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_agendas_sitting_id_sittings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agendas")),
        sa.UniqueConstraint("sitting_id", "occasion", "day", name=op.f("uq_agendas_sitting_id_occasion_day")),
    )
    op.create_table(
        "convenings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("sitting_id", sa.BigInteger(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("deadline_on", sa.Date(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("chosen_by", sa.Text(), nullable=True),
        sa.Column("convened_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_convenings_sitting_id_sittings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_convenings")),
    )
    op.create_index("ix_convenings_case_id_id", "convenings", ["case_id", "id"], unique=False)
    op.create_index(
        "uq_convenings_live", "convenings", ["case_id"], unique=True, postgresql_where=sa.text("ended_on is null")
    )
    op.create_index(
        "uq_convenings_slot",
        "convenings",
        ["sitting_id", "slot"],
        unique=True,
        postgresql_where=sa.text("ended_on is null"),
    )
    op.create_table(
        "invitations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("sitting_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_ref", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("event", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_invitations_sitting_id_sittings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("sitting_id", "contact_ref", name=op.f("uq_invitations_sitting_id_contact_ref")),
    )
    op.create_table(
        "outcomes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("convening_id", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("police_attended", sa.Boolean(), nullable=False),
        sa.Column("cps_attended", sa.Boolean(), nullable=False),
        sa.Column("decisions", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("pattern", sa.Text(), nullable=True),
        sa.Column("by_ref", sa.Text(), nullable=True),
        sa.Column("review_ref", sa.Text(), nullable=True),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stands", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.ForeignKeyConstraint(["convening_id"], ["convenings.id"], name=op.f("fk_outcomes_convening_id_convenings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcomes")),
    )
    op.create_index(
        "uq_outcomes_standing", "outcomes", ["convening_id"], unique=True, postgresql_where=sa.text("stands")
    )
    op.alter_column("sources", "agency", existing_type=sa.Text(), nullable=True)
    op.add_column("messages", sa.Column("about", sa.Text(), nullable=True))
    op.drop_index("ix_cps_cases_prosecutor_ref", "cps_cases")
    op.create_index(
        "ix_cps_cases_prosecutor_ref",
        "cps_cases",
        ["prosecutor_ref", "key_id"],
        unique=False,
        postgresql_where=sa.text("withdrawn_on is null"),
    )
    op.drop_index("ix_obligations_stalling", "obligations")
    op.create_index(
        "ix_obligations_stalling",
        "obligations",
        ["force_code", "escalate_on"],
        unique=False,
        postgresql_where=sa.text("ended_on is null and (stalls or hard)"),
    )
    op.create_index(
        "ix_obligations_joint_review",
        "obligations",
        ["force_code", "due_on"],
        unique=False,
        postgresql_where=sa.text("ended_on is null and rule = 'joint-review'"),
    )
