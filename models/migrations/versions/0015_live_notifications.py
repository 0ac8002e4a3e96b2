"""Mark the notifications of what is still owed, and let a letter read these instead of all that were ever made.

Of the notifications of years they are few: only these rows are written.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# What was said of a live version, or of one that it carries on from.
STILL_OWED = """
update notifications n set live = true from obligations o, obligations told
where o.ended_on is null and o.last_step > 0 and told.id = n.obligation_id
  and coalesce(told.case_id, 0) = coalesce(o.case_id, 0) and told.rule = o.rule and told.subject = o.subject
  and told.version between o.chain_from and o.version and told.end_reason is distinct from 'void'
  and n.happening <> 'resolved' and n.state <> 'void'"""


def upgrade() -> None:
    op.add_column("notifications", sa.Column("live", sa.Boolean(), nullable=False, server_default=sa.text("false")))
    op.execute(STILL_OWED)
    op.alter_column("notifications", "live", server_default=sa.text("true"))
    op.drop_index("ix_notifications_contact_ref", "notifications")
    op.create_index(
        "ix_notifications_live", "notifications", ["contact_ref", "obligation_id"], postgresql_where=sa.text("live")
    )
