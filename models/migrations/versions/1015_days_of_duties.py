"""Keep the days on which duties were done that are owed again and again, as their obligations still know them."""

from alembic import op

revision = "1015"
down_revision = "1014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """insert into earlier_days (key_id, name, day, until_on)
           select o.case_id, d.name, o.done_on, max(coalesce(o.ended_on, o.began_on))
           from obligations o join cases c on c.id = o.case_id
           join (values ('risk-assessment', 'risk_assessed_on'), ('victim-contact', 'victim_contacted_on'),
                        ('spo-considered', 'spo_considered_on'), ('victim-told', 'victim_told_on')) d (rule, name)
             on d.rule = o.rule
           where o.done_on is not null and o.end_reason is distinct from 'void'
             and o.done_on::text is distinct from to_jsonb(c) ->> d.name
           group by o.case_id, d.name, o.done_on
           on conflict do nothing"""
    )
