"""Keep the fact that ended an obligation, in a sentence, whether its end is a loss, and which parts are missing."""

from alembic import op

revision = "1010"
down_revision = "1009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """alter table obligations add column parts text[] not null default '{}',
               add column fact text not null default '',
               add column lost boolean not null default false"""
    )
