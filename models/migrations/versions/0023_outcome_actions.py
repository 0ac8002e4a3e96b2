"""Keep which actions an outcome asked for, so that one that was replaced can count again.

Of outcomes that were replaced before, it is not known.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outcomes", sa.Column("action_refs", sa.ARRAY(sa.Text()), nullable=True))
    op.execute(
        r"""update outcomes o
            set action_refs = array(
                select a.action_ref from actions a
                where a.key_id = v.case_id and a.withdrawn_on is null
                  and starts_with(a.action_ref, 'JR-' || s.ref || '-' || k.case_ref || '-')
                order by a.action_ref)
            from convenings v join sittings s on s.id = v.sitting_id join case_keys k on k.id = v.case_id
            where v.id = o.convening_id and o.stands"""
    )
