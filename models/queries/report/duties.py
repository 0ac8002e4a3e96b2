"""Reads of what fell due in a month, rule by rule, and of the time limits and orders that ran out."""

from sqlalchemy import Connection

from models.queries.obligations.versions import FELL_DUE, MET_ON
from models.queries.report.places import EVERY_PLACE, FIRST_ROUNDS, PLACE, Counts, Period, counted, counted_by
from models.rules.catalogue import bail_end, custody_limit, order_expiry, summary_time_limit

_HARD = {
    "summary_limits": summary_time_limit.RULE.name,
    "bail_ends": bail_end.RULE.name,
    "custody_limits": custody_limit.RULE.name,
}
_MET = "met.on_day between %(from)s and %(to)s and met.on_day <= o.due_on"
_LOST = f"o.due_on between %(from)s and %(to)s and (met.on_day is null or met.on_day > o.due_on) and {FELL_DUE}"
_COLUMNS = [
    column
    for met, lost, rule in (
        *((f"{key}_met", f"{key}_lost", rule) for key, rule in _HARD.items()),
        ("orders_decided", "orders_lapsed", order_expiry.RULE.name),
    )
    for column in (
        f"count(*) filter (where o.rule = '{rule}' and {_MET})::int as {met}",
        f"count(*) filter (where o.rule = '{rule}' and {_LOST})::int as {lost}",
    )
]


def fell_due(connection: Connection, period: Period) -> Counts:
    """Count what fell due under each rule of cases, and what of it was met in time.

    Of what was due before a force's first round only what was not met is known, so that it would be a share of nothing.
    """
    statement = f"""
        select {PLACE}, o.rule, count(*)::int as due,
               count(*) filter (where met.on_day <= o.due_on)::int as in_time
        from obligations o join cases c on c.id = o.case_id {MET_ON}
        left join ({FIRST_ROUNDS}) began on began.force_code = c.force_code
        where o.due_on between %(from)s and %(to)s and {FELL_DUE}
          and (began.first_on is null or o.due_on >= began.first_on)
        group by o.rule, {EVERY_PLACE}"""
    return counted_by(connection, "rule", statement, period)


def limits(connection: Connection, period: Period) -> Counts:
    """Count the time limits that were met or lost, and the orders that were decided on or lapsed."""
    statement = f"""
        select {PLACE}, {", ".join(_COLUMNS)}
        from obligations o join cases c on c.id = o.case_id {MET_ON}
        where o.hard group by {EVERY_PLACE}"""
    return counted(connection, statement, period)
