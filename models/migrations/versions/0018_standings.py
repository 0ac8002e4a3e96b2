"""Find a person's last standing by an index of the standings alone."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_messages_standing", "messages", ["contact_ref", "channel", "day"], postgresql_where=sa.text("standing")
    )
