"""Record whether a joint review looked at every line of enquiry."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outcomes", sa.Column("enquiries", sa.Text(), nullable=True))
