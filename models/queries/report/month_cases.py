"""Reads of the cases of which something may have fallen due in a month, and of the duties that lived of them."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import array, fetch_as, grouped, keyed_as
from models.queries.kept_plans import Kept
from models.queries.report.places import Period
from models.rules.report.asking import Lived


class MonthCase(NamedTuple):
    """A case by its id, with the key of its URN."""

    id: int
    urn_key_id: int | None


def cases(connection: Connection, period: Period) -> list[MonthCase]:
    """Return the cases that were open in the month, and the closed ones with an order that was made, served or ends."""
    statement = """
        select c.id, c.urn_key_id from cases c
        where c.source_id = any(%(sources)s) and c.opened_on <= %(to)s and (
              c.finalised_on is null or c.finalised_on >= %(from)s or exists (
                select from orders x where x.key_id in (c.id, c.urn_key_id) and x.withdrawn_on is null and (
                  x.made_on between %(from)s and %(to)s or x.served_on between %(from)s and %(to)s
                  or x.expires_on between %(from)s and %(to)s)))
        order by c.id"""
    given = {"from": period.from_on, "to": period.to_on, "sources": list(period.sources)}
    return fetch_as(connection, MonthCase, statement, given)


class DutyOfCase(NamedTuple):
    """The case, rule and subject of an obligation."""

    case_id: int
    rule: str
    subject: str


def lived(connection: Connection, case_ids: Sequence[int], rules: Collection[str]) -> dict[DutyOfCase, list[Lived]]:
    """Return the versions of obligations of these cases, of each identity; what is void never lived."""
    statement = Kept("""
        select case_id, rule, subject, due_on, began_on, coalesce(fact_on, ended_on) as over_on from obligations
        where case_id = any(%(cases)s::bigint[]) and rule = any(%(rules)s::text[])
          and end_reason is distinct from 'void'""")
    given = {"cases": array(case_ids), "rules": array(sorted(rules))}
    found = grouped(keyed_as(connection, DutyOfCase._fields, Lived, statement, given))
    return {DutyOfCase(case_id, rule, subject): those for (case_id, rule, subject), those in found.items()}
