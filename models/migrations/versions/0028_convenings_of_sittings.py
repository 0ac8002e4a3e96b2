"""Find every case that is or was convened to a sitting, for its agenda."""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_convenings_sitting_id", "convenings", ["sitting_id"])
