"""Keep the day of the fact that ended a version. Of one that ended before, it is not known."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("obligations", sa.Column("fact_on", sa.Date(), nullable=True))
