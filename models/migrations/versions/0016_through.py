"""Keep whom each present step was addressed to and through whom, and find the cases of a SPOC.

Through whom the steps that were taken reach people is worked out by the first climb: it looks at each of them once.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

CLIMBED = "ended_on is null and last_step > 0"
EVERYONE_ADDRESSED = """
update obligations o set addressed = array(
    select unnest(o.owner_told) union
    select coalesce(n.contact_ref, '') from notifications n join obligations v on v.id = n.obligation_id
    where {same} and v.rule = o.rule and v.subject = o.subject
      and v.version between o.chain_from and o.version and v.end_reason is distinct from 'void'
      and n.step = o.last_step and n.duty = 'escalate' and n.happening <> 'resolved' and n.state <> 'void'
    order by 1)
where {which} and o.ended_on is null and o.last_step > 0"""
OF_CASES = {"same": "v.case_id = o.case_id", "which": "o.case_id is not null"}
OF_NONE = {"same": "v.case_id is null", "which": "o.case_id is null"}
LOOK_ONCE = "update obligations set next_step_on = began_on where ended_on is null and last_step > 0"


def upgrade() -> None:
    op.drop_index("ix_obligations_owner_told", "obligations")
    op.drop_index("ix_obligations_indirect", "obligations")
    for name in ("addressed", "through"):
        refs: sa.Column[list[str]] = sa.Column(
            name, sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        )
        op.add_column("obligations", refs)
    for of in (OF_CASES, OF_NONE):
        op.execute(EVERYONE_ADDRESSED.format(**of))
    op.execute(LOOK_ONCE)
    op.drop_column("obligations", "owner_told")
    op.drop_column("obligations", "owner_direct")
    op.create_index(
        "ix_obligations_through",
        "obligations",
        ["through", sa.literal_column("(array[force_code])")],
        postgresql_using="gin",
        postgresql_where=sa.text(CLIMBED),
    )
    for table, live in (("cases", "finalised_on"), ("cps_cases", "withdrawn_on")):
        op.create_index(
            f"ix_{table}_spoc_ref",
            table,
            ["spoc_ref"],
            postgresql_where=sa.text(f"spoc_ref is not null and {live} is null"),
        )
