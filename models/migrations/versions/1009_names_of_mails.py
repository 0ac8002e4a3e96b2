"""Find a mail by the name in its Message-ID, which is made of its key: a restored book has other numbers of rows."""

from alembic import op

revision = "1009"
down_revision = "1008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """create index ix_messages_name on messages
           ("left"(md5(regexp_replace(key, '^void:[0-9]+:'::text, ''::text)), 16))"""
    )
