"""Watch again the orders that earlier versions withdrew because their source no longer sent the case itself."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# An order that its source withdrew while it still sent the case, or on another day, stays withdrawn.
WITHDRAWN_WITH_THEIR_CASE = """
    update orders o set withdrawn_on = null from cases c
    where (c.id = o.key_id or c.urn_key_id = o.key_id) and c.withdrawn_on = o.withdrawn_on and c.source_id = o.source_id
      and not exists (select from cases s where (s.id = o.key_id or s.urn_key_id = o.key_id)
                                            and s.source_id = o.source_id and s.withdrawn_on is null)
    returning o.key_id"""


def upgrade() -> None:
    op.execute(
        f"""with watched as ({WITHDRAWN_WITH_THEIR_CASE}),
                 own as (select c.id, c.urn_key_id from cases c join watched w on w.key_id in (c.id, c.urn_key_id))
            update cases set projection = 'changed', failure = null
            where id in (select id from own) or urn_key_id in (select urn_key_id from own)"""
    )
