"""Generate whether a review and an outcome are quorate."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BOTH_SIDES = "police_attended and cps_attended"
EXPRESSIONS = {"reviews": f"kind = 'joint'::text and {BOTH_SIDES}", "outcomes": f"held and {BOTH_SIDES}"}


def upgrade() -> None:
    for table, expression in EXPRESSIONS.items():
        op.add_column(
            table, sa.Column("quorate", sa.Boolean(), sa.Computed(expression, persisted=True), nullable=False)
        )
