"""Keep the day on which a sitting's cases got their minutes."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# A sitting whose agenda was made keeps the minutes on it.
SETTLED = """
update sittings s set settled_on = a.made_on
from (select sitting_id, min(made_on) as made_on from agendas where undoing_id is null group by sitting_id) a
where a.sitting_id = s.id"""


def upgrade() -> None:
    op.add_column("sittings", sa.Column("settled_on", sa.Date(), nullable=True))
    op.execute(SETTLED)
