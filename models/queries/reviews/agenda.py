"""Reads of a sitting and its cases for the agenda, one statement each however many cases there are."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.sittings import ConveningEnd, ConveningReason, Enquiries, Pattern, ReviewDecision
from config.terms import Agency, Risk
from models.queries.driver import fetch_as, first_as, grouped, keyed_as
from models.queries.obligations.obligation_views import FROM, OBLIGATION, NotificationView, keyed_notifications
from models.rules.reviews.convening import risk_of


class AgendaSitting(NamedTuple):
    """A sitting, and the number of cases that are convened to it."""

    id: int
    ref: str
    force_code: str
    cps_area: str
    day: date
    starts_at: datetime
    minutes_per_case: int
    place: str
    chair_ref: str
    chair_agency: Agency | None  # None where no contact of that reference is known
    chair_roles: frozenset[str]
    cancelled_on: date | None
    settled_on: date | None  # the day on which its cases got their minutes
    cases: int
    earlier_on: date | None  # the day of its latest agenda before the day that is asked about
    earlier_day: date | None  # the sitting's own day as of that agenda


class AgendaCaseRow(NamedTuple):
    """A case on a sitting's agenda."""

    case_id: int
    reference: str
    urn: str | None
    risk: Risk
    restricted: bool
    barred: frozenset[str]  # the contacts who must hear nothing of it
    slot: int
    because: ConveningReason
    chosen: bool
    due_on: date
    convened_on: date


class LeftCase(NamedTuple):
    """A case of a sitting's latest agenda that is not convened to it any more, and why."""

    reference: str
    restricted: bool
    barred: frozenset[str]  # the contacts who must hear nothing of it
    ended: ConveningEnd


class LastReviewRow(NamedTuple):
    """The outcome of a case at its last sitting."""

    on: date
    held: bool
    quorate: bool
    decisions: tuple[ReviewDecision, ...]
    assessed: Pattern | None
    enquiries: Enquiries | None
    review_ref: str | None


class LastAgenda(NamedTuple):
    """The keys of a case's lines on the last agenda that listed it."""

    here: bool  # the agenda was of this sitting
    keys: frozenset[str]


_THERE = """(v.ended_on is null or v."end" in ('held', 'not_held', 'unrecorded'))"""
# The latest agenda of a sitting `s` before a day.
_EARLIER = """from agendas a where a.sitting_id = s.id and a.made_on < %(today)s and a.undoing_id is null
              order by a.made_on desc, a.id desc limit 1"""
_SITTINGS = f"""
select s.id, s.ref, s.force_code, s.cps_area, s.day, s.starts_at, s.minutes_per_case, s.place, s.chair_ref,
       c.agency as chair_agency, coalesce(c.roles, '{{}}') as chair_roles, s.cancelled_on,
       s.settled_on, (select count(*) from convenings v where v.sitting_id = s.id and {_THERE}) as cases,
       (select a.made_on {_EARLIER}) as earlier_on, (select a.day {_EARLIER}) as earlier_day
from sittings s left join contacts c on c.contact_ref = s.chair_ref """


def sitting(connection: Connection, ref: str, today: date) -> AgendaSitting | None:
    """Return the sitting of a reference; None where there is none."""
    return first_as(connection, AgendaSitting, f"{_SITTINGS} where s.ref = %(ref)s", {"ref": ref, "today": today})


def ahead(connection: Connection, today: date, until: date) -> list[AgendaSitting]:
    """Return the sittings from a day to another, both included, that were not cancelled."""
    return fetch_as(
        connection,
        AgendaSitting,
        f"""{_SITTINGS} where s.day between %(today)s and %(until)s and s.cancelled_on is null
            order by s.starts_at, s.ref""",
        {"today": today, "until": until},
    )


def convened(connection: Connection, sitting_id: int) -> list[AgendaCaseRow]:
    """Return the cases that are or were convened to a sitting, by their slot; a case that moved away is left out."""
    statement = f"""
        select c.id as case_id, c.force_code || '/' || c.case_ref as reference, k.urn_root as urn, c.risk,
               c.is_restricted as restricted, c.barred, v.slot, v.because,
               v.chosen_by is not null as chosen, v.due_on, v.convened_on
        from convenings v join disclosed c on c.id = v.case_id left join case_keys k on k.id = c.urn_key_id
        where v.sitting_id = %s and {_THERE} order by v.slot, v.id"""
    return fetch_as(connection, AgendaCaseRow, statement, (sitting_id,), {"risk": risk_of})


def left(connection: Connection, sitting_id: int, today: date) -> list[LeftCase]:
    """Return the cases of a sitting's latest agenda before today that have left it since, by reference."""
    statement = f"""
        select distinct on (v.case_id) v.case_id, c.force_code || '/' || c.case_ref as reference,
               c.is_restricted as restricted, c.barred, v."end" as ended
        from sittings s cross join lateral (select a.seen {_EARLIER}) a
        join convenings v on v.sitting_id = s.id and a.seen ? v.case_id::text join disclosed c on c.id = v.case_id
        where s.id = %(sitting)s and not exists (
            select from convenings w where w.sitting_id = s.id and w.case_id = v.case_id
              and {_THERE.replace("v.", "w.")})
        order by v.case_id, v.id desc"""
    rows = keyed_as(connection, "case_id", LeftCase, statement, {"sitting": sitting_id, "today": today})
    return sorted((row for _, row in rows), key=lambda row: row.reference)


def owed(connection: Connection, case_ids: Sequence[int], today: date) -> dict[int, list[NotificationView]]:
    """Return the live obligations of these cases; all steps that were taken, even today, count as taken before."""
    statement = f"""
        select o.case_id, 0 as message_id, o.id as notification_id, 'step' as happening, o.last_step + 1 as step,
               'spoc' as addressee, '' as note, %(today)s::date as day, %(today)s::date as first_told_on,
               false as owed_again, false as reopened, {OBLIGATION}
        from live_obligations o {FROM} where o.case_id = any(%(ids)s)
        order by o.due_on, o.rule, o.subject"""
    return grouped(keyed_notifications(connection, "case_id", statement, {"ids": list(case_ids), "today": today}))


def last_reviews(connection: Connection, case_ids: Sequence[int], before: int) -> dict[int, LastReviewRow]:
    """Return the outcome of each of these cases at its last sitting, other than the one that it is now `before`."""
    statement = """
        select distinct on (v.case_id) v.case_id, s.day as "on", o.held, o.quorate, o.decisions,
               o.pattern as assessed, o.enquiries, o.review_ref
        from convenings v join sittings s on s.id = v.sitting_id
        join outcomes o on o.convening_id = v.id and o.stands
        where v.case_id = any(%s) and v.sitting_id <> %s order by v.case_id, s.starts_at desc, o.id desc"""
    return dict(keyed_as(connection, "case_id", LastReviewRow, statement, (list(case_ids), before)))


def last_agendas(
    connection: Connection, case_ids: Sequence[int], sitting_id: int, today: date
) -> dict[int, LastAgenda]:
    """Return the last agenda before today that listed each of these cases, of whatever sitting."""
    statement = """
        select distinct on (v.case_id) v.case_id, a.sitting_id = %(sitting)s as here,
               a.seen -> v.case_id::text as keys
        from convenings v join agendas a on a.sitting_id = v.sitting_id and a.undoing_id is null
        where v.case_id = any(%(ids)s) and a.made_on < %(today)s and a.seen ? v.case_id::text
        order by v.case_id, a.made_on desc, a.id desc"""
    given = {"ids": list(case_ids), "sitting": sitting_id, "today": today}
    return dict(keyed_as(connection, "case_id", LastAgenda, statement, given))
