"""Keep why a round failed: a round that failed has an end, and one that was killed has none."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rounds", sa.Column("failure", sa.Text(), nullable=True))
