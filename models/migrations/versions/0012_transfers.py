"""Keep the day on which an extract was seen to transfer a case, and find the messages about it.

Of a case that was transferred before, nobody is told.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("transfer_seen_on", sa.Date(), nullable=True))
    op.create_index("ix_cases_transferred", "cases", ["id"], postgresql_where=sa.text("transfer_seen_on is not null"))
    op.create_index("ix_messages_transfer", "messages", ["about"], postgresql_where=sa.text("kind = 'transfer'"))
