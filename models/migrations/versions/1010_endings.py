"""Keep the fact that ended an obligation, in a sentence, and whether its end is a loss."""

from alembic import op

revision = "1010"
down_revision = "1009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """alter table obligations add column fact text not null default '',
               add column lost boolean not null default false"""
    )
