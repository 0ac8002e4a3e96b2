"""Find what stalled cases, and the time limits and orders, that ended since a day, without the rest of what ended."""

from alembic import op

revision = "1011"
down_revision = "1010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """create index ix_obligations_unstalled on obligations (force_code, ended_on)
               where ended_on is not null and (stalls or hard)"""
    )
