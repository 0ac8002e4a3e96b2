"""Number an order's last step anew: between the warning of four weeks and the day after there are three more.

The ladder `order` was reminder, expiring, expired. What was taken keeps its meaning: `expired` is the sixth step now,
in every version, live or ended, with whoever was told of it. The steps between count as passed over on its day, as if
they had been there, so that undoing that day's round finds the place before it.

A post in a Slack channel has its step's number in its key, so that it is posted once. Where the post may be out already
(it is looked for by its key) the key stays, and a silent row holds the new one. A ladder of a policy's own, whose third
step is called otherwise, is left as it is.
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# Obligations whose version, or one that it carries on from, has reached the third step of the ladder of three.
EXPIRED = """
create temporary table expired_orders on commit drop as
select distinct o.id from steps s
join obligations v on v.id = s.obligation_id and v.rule = 'order-expiry'
join obligations o on o.case_id = v.case_id and o.rule = v.rule and o.subject = v.subject
                  and v.version between o.chain_from and o.version
where s.step = 3 and s.name = 'expired'"""
PASSED_OVER = """
insert into steps (obligation_id, step, name, on_day, outcome, reason)
select obligation_id, passed.step, passed.name, on_day, 'superseded', 'expired'
from steps s, (values (3, 'two-weeks'), (4, 'one-week'), (5, 'last-day')) passed(step, name)
where s.step = 6 and s.outcome = 'taken' and s.obligation_id in (select id from expired_orders)"""
KEY = "regexp_replace(m.key, '^(post:[0-9]+:[0-9]+):3:', '\\1:6:')"
OF_ONE = """m.kind = 'post' and m.key ~ '^post:[0-9]+:[0-9]+:3:'
    and split_part(m.key, ':', 3)::bigint in (select id from expired_orders)"""
MAY_BE_OUT = "m.state in ('sending', 'unknown')"


def upgrade() -> None:
    op.execute(EXPIRED)
    op.execute("""update obligations set last_step = case last_step when 3 then 6 else last_step end,
                         taken_on = case when cardinality(taken_on) = 3
                                         then array[taken_on[1], taken_on[2], null, null, null, taken_on[3]]
                                         else taken_on end
                  where id in (select id from expired_orders)""")
    for table in ("steps", "notifications"):
        op.execute(f"update {table} set step = 6 where step = 3 and obligation_id in (select id from expired_orders)")
    op.execute(PASSED_OVER)
    op.execute(f"""insert into messages (key, kind, channel, day, due_at, state, reason)
                   select {KEY}, m.kind, m.channel, m.day, m.due_at, 'silent', 'posted under the number before'
                   from messages m where {OF_ONE} and {MAY_BE_OUT}""")
    op.execute(f"update messages m set key = {KEY} where {OF_ONE} and not {MAY_BE_OUT}")
