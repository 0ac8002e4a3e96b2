"""Know of what ended whether that day's letters had left: the next letter tells of it."""

from alembic import op

revision = "1013"
down_revision = "1012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table obligations add column after_letters boolean not null default false")
    op.execute(
        """create index ix_messages_letters_left on messages (day)
               where kind = 'letter' and sending_at is not null"""
    )
