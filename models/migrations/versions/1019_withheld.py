"""Keep of each notification whether its reader might not know the case when its message was composed."""

from alembic import op

revision = "1019"
down_revision = "1018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table notifications add column withheld boolean not null default false")
