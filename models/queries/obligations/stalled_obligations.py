"""Reads of what stalls cases of some forces or CPS Areas, of their time limits and orders, and counts of both."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import fetch_as, one_as
from models.queries.obligations.obligation_views import FROM, OBLIGATION, READS, ObligationView
from models.queries.people.jurisdictions import OF_AREAS

_OF_FORCES = "o.force_code = any(%(forces)s)"  # the index of what stalls is by force


class PlaceTotals(NamedTuple):
    """Counts of some forces or Areas: stalled cases, hard clocks passed or near; and the restricted stalled cases."""

    stalled: int
    passed: int
    within_7_days: int
    restricted: frozenset[str]


class StallingObligation(NamedTuple):
    """An obligation that stalls its case, or a time limit or an order of it."""

    case_id: int
    matter: ObligationView


def stalled(
    connection: Connection,
    today: date,
    force_codes: Sequence[str],
    cps_areas: Sequence[str],
    waiting: Collection[str] = (),
) -> list[StallingObligation]:
    """Return the obligations that stall the cases of some forces or Areas, the oldest stall first.

    Those of `waiting` forces, whose first day is still to come, are left out.
    """
    statement = f"""
        select o.case_id, {OBLIGATION}
        from live_obligations o {FROM}
        where o.stalls and o.escalate_on <= %(today)s and o.due_on < %(today)s
          and {OF_AREAS if cps_areas else _OF_FORCES} and o.force_code <> all(%(waiting)s)
          and (c.force_code = any(%(forces)s) or c.cps_area = any(%(areas)s))
        order by min(o.escalate_on) over (partition by o.case_id), o.case_id, o.escalate_on, o.id"""
    given = {"today": today, "forces": list(force_codes), "areas": list(cps_areas), "waiting": list(waiting)}
    return fetch_as(connection, StallingObligation, statement, given, READS)


def near_limits(
    connection: Connection, today: date, first_on: date, force_codes: Sequence[str], cps_areas: Sequence[str]
) -> list[StallingObligation]:
    """Return the time limits and orders of some forces or Areas that ran out since a day or end within 7 days."""
    statement = f"""
        select o.case_id, {OBLIGATION}
        from live_obligations o {FROM}
        where (o.stalls or o.hard) and o.hard and o.escalate_on <= %(today)s + 14
          and o.due_on between %(first)s and %(today)s + 7
          and {OF_AREAS if cps_areas else _OF_FORCES}
          and (c.force_code = any(%(forces)s) or c.cps_area = any(%(areas)s))
        order by o.due_on, o.id"""
    given = {"today": today, "first": first_on, "forces": list(force_codes), "areas": list(cps_areas)}
    return fetch_as(connection, StallingObligation, statement, given, READS)


def of_ids(connection: Connection, obligation_ids: Sequence[int]) -> list[StallingObligation]:
    """Return these time limits and orders, live or ended."""
    statement = f"select o.case_id, {OBLIGATION} from obligations o {FROM} where o.id = any(%s) order by o.due_on, o.id"
    return fetch_as(connection, StallingObligation, statement, (list(obligation_ids),), READS)


def totals(
    connection: Connection,
    today: date,
    force_codes: Sequence[str],
    cps_areas: Sequence[str],
    *,
    access: bool,
    hidden: Collection[int] = (),
    waiting: Collection[str] = (),
) -> PlaceTotals:
    """Count the cases and hard clocks of some forces or Areas, for a reader with or without access to restricted cases.

    The `hidden` cases, from which the reader is barred, do not count. What stalls cases of `waiting` forces, whose
    first day is still to come, does not either. A hard clock is critically overdue soon after its
    day, which limits how far ahead the index is read.
    """
    statement = f"""
        select count(distinct o.case_id) filter (where stalled and shown) as stalled,
               count(*) filter (where o.hard and shown and o.due_on < %(today)s) as passed,
               count(*) filter (where o.hard and shown and o.due_on between %(today)s and %(today)s + 7)
                   as within_7_days,
               coalesce(array_agg(o.force_code || '/' || c.case_ref) filter (where stalled and not shown),
                        '{{}}') as restricted
        from live_obligations o join disclosed c on c.id = o.case_id
        cross join lateral (select o.stalls and o.escalate_on <= %(today)s and o.due_on < %(today)s
                                   and o.force_code <> all(%(waiting)s) as stalled,
                                   %(access)s or not c.is_restricted as shown) s
        where (o.stalls or o.hard) and o.escalate_on <= %(today)s + 14
          and (o.hard or o.escalate_on <= %(today)s)
          and {OF_AREAS if cps_areas else _OF_FORCES}
          and (c.force_code = any(%(forces)s) or c.cps_area = any(%(areas)s))
          and o.case_id <> all(%(hidden)s::bigint[])"""
    given = {
        "today": today, "forces": list(force_codes), "areas": list(cps_areas), "access": access,
        "hidden": list(hidden), "waiting": list(waiting),
    }  # fmt: skip
    return one_as(connection, PlaceTotals, statement, given)
