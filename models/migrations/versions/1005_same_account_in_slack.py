"""Find contacts by their account in Slack: those who share one are the same person."""

from alembic import op

revision = "1005"
down_revision = "1004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("create index ix_contacts_slack on contacts (slack_user_id)")
