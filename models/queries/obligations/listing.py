"""Reads of obligations, stalls and notifications as lists for people and programs."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import fetch_as, scalar


class ObligationRow(NamedTuple):
    """A live obligation. `force_code`, `case_ref` and `urn` (the root) are None where there is no case."""

    force_code: str | None
    case_ref: str | None
    urn: str | None
    rule: str
    subject: str
    owed_by: str
    due_on: date
    remind_on: date
    escalate_on: date
    hard: bool
    version: int
    stalls: bool
    risk: str | None


class NotificationRow(NamedTuple):
    """One notification to one addressee on one channel. `contact_ref` is None for operations."""

    day: date
    force_code: str | None
    case_ref: str | None
    rule: str
    subject: str
    version: int
    step: str
    duty: str
    manner: str
    addressee: str
    contact_ref: str | None
    channel: str
    state: str
    reason: str


class StallRow(NamedTuple):
    """A case with obligations that stall it, the earliest `escalate_on` first."""

    force_code: str
    case_ref: str
    urn: str | None
    risk: str
    since: date
    reasons: list[list[str]]  # rule, subject, owed_by, due_on, escalate_on as text


# Not by disclosed: for operations at their machine
_ASKED_FOR = """(%(force)s::text is null or c.force_code = %(force)s)
             and (%(case)s::text is null or c.id = any(array(
                 select id from case_keys where case_ref = %(case)s union all
                 select id from case_keys where force_code = split_part(%(case)s, '/', 1)
                                            and case_ref = substr(%(case)s, strpos(%(case)s, '/') + 1))))"""


def live(connection: Connection, force_code: str | None, case: str | None) -> list[ObligationRow]:
    """Return the live obligations by force, case reference, rule and subject; those without a case come last."""
    # Not by disclosed: for operations at their machine
    statement = f"""
        select c.force_code, c.case_ref, k.urn_root as urn, o.rule, o.subject, o.owed_by, o.due_on, o.remind_on,
               o.escalate_on, o.hard, o.version, o.stalls, c.risk
        from live_obligations o left join cases c on c.id = o.case_id left join case_keys k on k.id = c.urn_key_id
        where {_ASKED_FOR}
        order by c.force_code collate "C" nulls last, c.case_ref collate "C" nulls last, o.rule collate "C",
                 o.subject collate "C" """
    return fetch_as(connection, ObligationRow, statement, {"force": force_code, "case": case})


def is_known(connection: Connection, force_code: str | None, case: str) -> bool:
    """Return whether there is a case of that reference."""
    asked = {"force": force_code, "case": case}
    return scalar(connection, f"select 1 from cases c where {_ASKED_FOR} limit 1", asked) is not None


def notifications(connection: Connection, day: date | None, force_code: str | None) -> list[NotificationRow]:
    """Return the notifications of a day and force (None: of any), each with its addressee, channel and state."""
    # Not by disclosed: for operations at their machine
    statement = """
        select n.day, c.force_code, c.case_ref, o.rule, o.subject, o.version, n.step_name as step, n.duty, n.manner,
               n.addressee, n.contact_ref, n.channel, n.state, n.reason
        from notifications n join obligations o on o.id = n.obligation_id left join cases c on c.id = o.case_id
        where (%(day)s::date is null or n.day = %(day)s) and (%(force)s::text is null or c.force_code = %(force)s)
        order by n.day, c.force_code collate "C" nulls last, c.case_ref collate "C" nulls last, o.rule collate "C",
                 o.subject collate "C", o.version, n.step_name collate "C", n.duty collate "C",
                 n.manner collate "C", n.addressee collate "C", n.contact_ref collate "C" nulls last,
                 n.channel collate "C", n.state collate "C", n.reason collate "C" """
    return fetch_as(connection, NotificationRow, statement, {"day": day, "force": force_code})


def stalled(connection: Connection, today: date, force_code: str | None) -> list[StallRow]:
    """Return the cases that a critically overdue obligation stalls, the oldest stall first."""
    # Not by disclosed: for operations at their machine
    statement = """
        select c.force_code, c.case_ref, k.urn_root as urn, c.risk, min(o.escalate_on) as since,
               array_agg(array[o.rule, o.subject, o.owed_by, o.due_on::text, o.escalate_on::text]
                         order by o.escalate_on, o.rule collate "C", o.subject collate "C") as reasons
        from live_obligations o join cases c on c.id = o.case_id left join case_keys k on k.id = c.urn_key_id
        where o.stalls and o.escalate_on <= %(today)s and o.due_on < %(today)s
          and (%(force)s::text is null or o.force_code = %(force)s)
        group by c.id, k.urn_root
        order by min(o.escalate_on), c.force_code collate "C", c.case_ref collate "C" """
    return fetch_as(connection, StallRow, statement, {"today": today, "force": force_code})
