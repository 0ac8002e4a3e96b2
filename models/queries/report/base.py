"""Reads of the cases that a month's figures are about: how many there are, by risk, and what is in time in them."""

from collections.abc import Collection

from sqlalchemy import Connection

from models.queries.intake.source_columns import SEEN
from models.queries.obligations.versions import MET_ON
from models.queries.people.jurisdictions import IN_SCOPE
from models.queries.report.places import EVERY_PLACE, PLACE, SENT, Counts, Period, counted, counted_by
from models.rules.catalogue import joint_review, risk_assessment, spo_considered, victim_contact

_RULES = {
    "assessed": risk_assessment.RULE, "considered": spo_considered.RULE, "contact": victim_contact.RULE,
    "reviewed": joint_review.RULE,
}  # fmt: skip
_NAMES = {
    "open": "cases_open", "new": "cases_new", "closed": "cases_closed", "assessed": "cases_assessed",
    "considered": "cases_order_considered", "contact": "cases_in_contact", "reviewed": "cases_reviewed",
}  # fmt: skip
_OPEN = "c.opened_on <= %(to)s and (c.finalised_on is null or c.finalised_on > %(to)s)"
# The cases `c` in scope, and the rules of which they were behind at the end of the last day.
_CASES = f"""
    cases c left join lateral (
      select array_agg(distinct o.rule) as rules from obligations o {MET_ON}
      where o.case_id = c.id and o.rule = any(%(rules)s) and o.due_on < %(to)s and o.began_on <= %(to)s
        and o.end_reason is distinct from 'void' and (o.ended_on is null or o.ended_on > %(to)s)
        and (met.on_day is null or met.on_day > %(to)s)) behind on true
    where {IN_SCOPE} and {SENT}"""


def totals(connection: Connection, period: Period, harassment_in: Collection[str]) -> Counts:
    """Count the cases in scope that were open, new and closed, and the open ones that were in time."""
    statement = f"select {PLACE}, {_columns(_NAMES)} from {_CASES} group by {EVERY_PLACE}"
    return counted(connection, statement, period, **_given(harassment_in))


def by_risk(connection: Connection, period: Period, harassment_in: Collection[str]) -> Counts:
    """Count the same by risk."""
    names = {column: column for column in _NAMES}
    statement = f"select {PLACE}, c.risk as risk, {_columns(names)} from {_CASES} group by c.risk, {EVERY_PLACE}"
    return counted_by(connection, "risk", statement, period, **_given(harassment_in))


def _given(harassment_in: Collection[str]) -> dict[str, list[str]]:
    return {"harassment_in": list(harassment_in), "rules": [rule.name for rule in _RULES.values()]}


def _columns(names: dict[str, str]) -> str:
    wheres = {
        "open": _OPEN,
        "new": "c.opened_on between %(from)s and %(to)s",
        "closed": "c.finalised_on between %(from)s and %(to)s",
    } | {column: _in_time(column) for column in _RULES}
    return ", ".join(f'count(*) filter (where {where})::int as "{names[column]}"' for column, where in wheres.items())


def _in_time(column: str) -> str:
    """Return the condition of an open case that was not behind; where its source does not send it, nobody can see."""
    rule = _RULES[column]
    seen = [
        f"""c.source_id in (select source_id from source_columns
                            where file = '{need.file}' and name = '{need.name}' and state in {SEEN})"""
        for need in rule.needs
        if need.file == "cases.csv"
    ]
    return " and ".join((_OPEN, f"'{rule.name}' <> all(coalesce(behind.rules, '{{}}'))", *seen))
