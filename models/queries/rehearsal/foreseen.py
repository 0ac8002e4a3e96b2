"""Reads and writes for what a rehearsal foresees of a force at once, without a look at each day."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import Risk
from models.queries.driver import execute, fetch_as, readable_as, scalars
from models.queries.people.parties import OF_OBLIGATIONS, PARTIES
from models.rules.people.parties import Parties
from models.rules.reviews.convening import risk_of

SITS_ON = "s.day as sits_on"
SITTING = """left join convenings v on v.case_id = o.case_id and v.ended_on is null and o.rule = 'joint-review'
left join sittings s on s.id = v.sitting_id"""
NOWHERE = ""  # the force of what was foreseen: no climb finds it


class ForeseenObligation(NamedTuple):
    """An obligation of a case whose next step falls due in the weeks, with its parties."""

    id: int
    case_id: int
    rule: str
    subject: str
    remind_on: date
    due_on: date
    escalate_on: date
    hard: bool
    last_step: int
    taken_on: tuple[date | None, ...]
    addressed: tuple[str, ...]
    next_step_on: date
    risk: Risk
    matter: Parties
    sits_on: date | None  # of a joint review: the sitting that the case has


class WokenReview(NamedTuple):
    """A joint review that is to be looked at again, with the sitting that its case has now."""

    id: int
    sits_on: date | None


def moving(connection: Connection, first: date, last: date) -> list[str]:
    """Return the contacts who come, go or begin or end an absence after a day and up to another.

    Of those who come or go, also return the roles in their places, as `directory.role_of` names them.
    """
    return scalars(
        connection,
        """with moved as (
             select contact_ref, agency, roles, case agency when 'police' then force_codes else cps_areas end as places
             from contacts
             where active_from > %(first)s and active_from <= %(last)s
                or active_to >= %(first)s and active_to < %(last)s
                or withdrawn_on > %(first)s and withdrawn_on <= %(last)s)
           select contact_ref from moved
           union select concat_ws(' ', agency, role, place) from moved, unnest(roles) role, unnest(places) place
           union select contact_ref from absences
            where withdrawn_on is null
              and (from_on > %(first)s and from_on <= %(last)s or to_on >= %(first)s and to_on < %(last)s)""",
        {"first": first, "last": last},
    )


def alone(connection: Connection, force_code: str, last: date, left_out: Collection[str]) -> list[ForeseenObligation]:
    """Return what a force's cases owe of which nothing waits and nothing was promised, without some rules.

    A hard clock whose steps were only shown is left out, since they are repeated; so is what cannot be read.
    """
    found, _ = readable_as(
        connection,
        ForeseenObligation,
        f"""select o.id, o.case_id, o.rule, o.subject, o.remind_on, o.due_on, o.escalate_on, o.hard, o.last_step,
                   o.taken_on, o.addressed, o.next_step_on, c.risk, {PARTIES}, {SITS_ON}
            {OF_OBLIGATIONS}
            {SITTING}
            where o.ended_on is null and o.next_step_on <= %(last)s and o.force_code = %(force)s
              and o.case_id is not null and o.rule <> all(%(left_out)s)
              and not exists (select from promises p where p.obligation_id = o.id)
              and not exists (select from notifications n where n.obligation_id = o.id
                                and (n.state in ('queued', 'retry') or o.hard and n.state = 'shown'))""",
        {"force": force_code, "last": last, "left_out": list(left_out)},
        {"risk": risk_of},
    )
    return found


def take_out(connection: Connection, obligation_ids: Sequence[int]) -> None:
    """Take obligations out of every climb to come."""
    execute(
        connection,
        "update obligations set force_code = %s where id = any(%s)",
        (NOWHERE, list(obligation_ids)),
    )


def woken(connection: Connection, today: date) -> list[WokenReview]:
    """Return the joint reviews that a round would look at on a day."""
    return fetch_as(
        connection,
        WokenReview,
        f"""select o.id, {SITS_ON} from obligations o {SITTING}
            where o.ended_on is null and o.next_step_on <= %s and o.rule = 'joint-review'""",
        (today,),
    )


def no_climb(connection: Connection, obligation_ids: Sequence[int]) -> None:
    """Let no climb look at joint reviews until their sitting changes; their force goes on giving them one."""
    if obligation_ids:
        execute(connection, "update obligations set next_step_on = null where id = any(%s)", (list(obligation_ids),))


def begin_letters(connection: Connection, refs: Collection[str], channel: str, day: date, due_at: datetime) -> None:
    """Begin a day's letters to these people, unless they have begun."""
    execute(
        connection,
        """insert into messages (key, kind, contact_ref, channel, day, due_at)
           select format('digest:%%s:%%s:%%s', ref, %(channel)s::text, %(day)s::text), 'digest', ref, %(channel)s,
                  %(day)s, %(due)s
           from unnest(%(refs)s::text[]) ref on conflict (key) do nothing""",
        {"refs": sorted(refs), "channel": channel, "day": day, "due": due_at},
    )


def forces_due(connection: Connection, today: date) -> set[str]:
    """Return the forces that have an obligation whose next step has come."""
    return set(
        scalars(
            connection,
            """select distinct force_code from obligations
               where ended_on is null and next_step_on <= %s and force_code <> %s""",
            (today, NOWHERE),
        )
    )


def forces_changed(connection: Connection) -> list[str]:
    """Return the forces with a case that waits to be projected."""
    return scalars(connection, "select distinct force_code from cases where projection = 'changed'")
