"""Know of what began whether that day's letters had left: to the next letter it is new."""

from alembic import op

revision = "1014"
down_revision = "1013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table obligations add column begun_after_letters boolean not null default false")
