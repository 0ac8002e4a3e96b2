"""Chain the audit log: seals, each over rows and over the seal before, which nobody may change.

Rows of before are sealed by the first sealing.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_seals",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ids", postgresql.INT8MULTIRANGE(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("reach", sa.BigInteger(), nullable=False),
        sa.Column("marks", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_seals")),
    )
    op.execute(
        """create trigger audit_is_append_only before update or delete or truncate on audit_seals
           for each statement execute function audit_is_append_only()"""
    )
    op.execute("alter table audit_seals enable always trigger audit_is_append_only")
    op.execute("revoke all on audit_seals from casebeat_app")  # the rights of a new table are too many
    op.execute("grant select, insert on audit_seals to casebeat_app")
