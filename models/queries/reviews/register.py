"""Reads for the register of joint reviews: reviews that fell due, and outcomes of sittings.

Several people read it, so that a case that bars somebody is not counted.
"""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import keyed_as
from models.queries.obligations.versions import FELL_DUE, MET_ON
from models.queries.people.disclosure import APART
from models.queries.reviews.capacity import Pair
from models.rules.catalogue.contents import CONVENED


class KeptCounts(NamedTuple):
    """Counts of a pair's reviews that fell due in a period: held in time, late, or still to be held in time."""

    due: int
    in_time: int
    late: int
    not_yet: int


class FailedCounts(NamedTuple):
    """Counts of a pair's reviews that did not count: one agency was missing, or they were not held."""

    unquorate: int
    not_held: int


_PAIR = ("force_code", "cps_area")
_PERIOD = "between %(from)s and %(to)s and (%(force)s::text is null or {}.force_code = %(force)s)"


def kept(
    connection: Connection, force_code: str | None, from_on: date, to_on: date, today: date
) -> dict[Pair, KeptCounts]:
    """Count each pair's reviews that fell due in a period, without those that moved or ended on or before their day.

    A version that was met was held on the day from which the next version counts.
    """
    statement = f"""
        select c.force_code, c.cps_area, count(*)::int as due,
               count(*) filter (where met.on_day <= o.due_on)::int as in_time,
               count(*) filter (where met.on_day > o.due_on
                                   or met.on_day is null and o.due_on < %(today)s)::int as late,
               count(*) filter (where met.on_day is null and o.due_on >= %(today)s)::int as not_yet
        from obligations o join cases c on c.id = o.case_id {MET_ON}
        where o.rule in {CONVENED} and o.due_on {_PERIOD.format("o")} and {FELL_DUE}
          and o.case_id <> all({APART})
        group by 1, 2"""
    given = {"force": force_code, "from": from_on, "to": to_on, "today": today}
    return dict(keyed_as(connection, _PAIR, KeptCounts, statement, given))


def failed(connection: Connection, force_code: str | None, from_on: date, to_on: date) -> dict[Pair, FailedCounts]:
    """Count each pair's cases at the sittings of a period whose review did not count, by their present outcome."""
    statement = f"""
        select s.force_code, s.cps_area, count(*) filter (where r.held)::int as unquorate,
               count(*) filter (where not r.held)::int as not_held
        from sittings s join convenings v on v.sitting_id = s.id
        join outcomes r on r.convening_id = v.id and r.stands
        where s.day {_PERIOD.format("s")} and not r.quorate and v.case_id <> all({APART})
        group by 1, 2"""
    rows = keyed_as(connection, _PAIR, FailedCounts, statement, {"force": force_code, "from": from_on, "to": to_on})
    return dict(rows)
