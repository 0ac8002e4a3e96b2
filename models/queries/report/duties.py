"""Reads of what fell due in a month under the rules that are counted by their obligations."""

from sqlalchemy import Connection

from models.queries.obligations.versions import FELL_DUE, MET_ON
from models.queries.report.places import EVERY_PLACE, FIRST_ROUNDS, PLACE, SENT, Counts, Period, counted_by
from models.rules.report.duties import BY_OWN_DAYS


def fell_due(connection: Connection, period: Period) -> Counts:
    """Count what fell due under each rule of cases that is not counted by its own days, and what was met in time.

    Of what was due before a force's first round only what was not met is known, so that it would be a share of nothing.
    """
    statement = f"""
        select {PLACE}, o.rule, count(*)::int as due,
               count(*) filter (where met.on_day <= o.due_on)::int as in_time
        from obligations o join cases c on c.id = o.case_id and {SENT} {MET_ON}
        left join ({FIRST_ROUNDS}) began on began.force_code = c.force_code
        where o.due_on between %(from)s and %(to)s and {FELL_DUE} and o.rule <> all(%(others)s)
          and (began.first_on is null or o.due_on >= began.first_on)
        group by o.rule, {EVERY_PLACE}"""
    return counted_by(connection, "rule", statement, period, others=sorted(BY_OWN_DAYS))
