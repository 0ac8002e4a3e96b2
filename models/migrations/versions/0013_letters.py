"""Let a message travel in a person's letter of the day instead of by itself.

What waits of the version before joins the next letter; an at-once message that waits leaves as it was made.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("letter_id", sa.BigInteger(), sa.ForeignKey("messages.id"), nullable=True))
    op.create_index(
        "ix_messages_letter_id", "messages", ["letter_id"], postgresql_where=sa.text("letter_id is not null")
    )
    op.drop_index("ix_messages_waiting", "messages")
    op.create_index(
        "ix_messages_waiting",
        "messages",
        ["channel", sa.text("hard desc"), "due_at", "id"],
        postgresql_where=sa.text("state in ('queued', 'retry') and letter_id is null"),
    )
