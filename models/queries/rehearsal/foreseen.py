"""Reads and writes for what a rehearsal foresees of a force at once, without a look at each day."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from config.numbers import Numbers
from config.terms import Risk, State
from models.queries.driver import cell, copy, execute, readable_as, scalar, scalars
from models.queries.people.parties import LIVE_OF_CASES, PARTIES
from models.rules.catalogue.contents import CONVENED
from models.rules.outbox.message_states import WAITING
from models.rules.people.parties import Parties
from models.rules.reviews.convening import risk_of

_OWED = f"""
select o.id, o.case_id, o.rule, o.subject, o.remind_on, o.due_on, o.escalate_on, o.hard, o.last_step, o.taken_on,
       o.addressed, o.next_step_on, c.risk, {PARTIES}, s.day as sits_on,
       exists (select from promises p where p.obligation_id = o.id)
       or exists (select from notifications n where n.obligation_id = o.id
                     and (n.state in {WAITING} or o.hard and n.state = '{State.SHOWN}')) as waits
{LIVE_OF_CASES}
left join convenings v on v.case_id = o.case_id and v.ended_on is null and o.rule in {CONVENED}
left join sittings s on s.id = v.sitting_id"""


class FirstNews(NamedTuple):
    """The day on which somebody first hears of what is owed on a case under a rule."""

    case_id: int
    rule: str
    subject: str
    day: date


class ForeseenObligation(NamedTuple):
    """An obligation of a case, with its parties."""

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
    next_step_on: date | None
    risk: Risk
    matter: Parties
    sits_on: date | None  # of a joint review: the sitting that the case has
    waits: bool  # it was promised, a letter of it has not left, or its steps are repeated since none left


def moving(connection: Connection, first: date, last: date) -> list[str]:
    """Return the contacts who come, go or begin or end an absence after a day and up to another.

    Of those who come or go, also return the roles in their places, as `directory.role_of` names them.
    """
    statement = """
        with moved as (
          select contact_ref, agency, roles, case agency when 'police' then force_codes else cps_areas end as places
          from contacts
          where active_from > %(first)s and active_from <= %(last)s
             or active_to >= %(first)s and active_to < %(last)s
             or withdrawn_on > %(first)s and withdrawn_on <= %(last)s)
        select contact_ref from moved
        union select concat_ws(' ', agency, role, place) from moved, unnest(roles) role, unnest(places) place
        union select contact_ref from absences
         where withdrawn_on is null
           and (from_on > %(first)s and from_on <= %(last)s or to_on >= %(first)s and to_on < %(last)s)"""
    return scalars(connection, statement, {"first": first, "last": last})


def prepare(connection: Connection) -> None:
    """Make the table of the news that were foreseen, for the rest of the session."""
    execute(connection, "create temporary table rehearsed_news (case_id bigint, rule text, subject text, day date)")


def keep_news(connection: Connection, news: Iterable[FirstNews]) -> None:
    """Keep the days on which somebody first hears of what is owed."""
    lines = (f"{first.case_id}\t{first.rule}\t{cell(first.subject)}\t{first.day}\n" for first in news)
    copy(connection, "rehearsed_news", FirstNews._fields, lines)


def cases(connection: Connection, force_code: str) -> list[int]:
    """List the ids of a force's cases."""
    return scalars(connection, "select id from cases where force_code = %s order by id", (force_code,))


def of_cases(connection: Connection, case_ids: Sequence[int], until: date | None) -> list[ForeseenObligation]:
    """Return what these cases owe with a step up to a day, or (None) all that they owe.

    What cannot be read is left out.
    """
    which = "o.case_id = any(%(ids)s) and (%(until)s::date is null or o.next_step_on <= %(until)s)"
    return _found(connection, which, {"ids": list(case_ids), "until": until})


def of_ids(connection: Connection, obligation_ids: Sequence[int]) -> list[ForeseenObligation]:
    """Return these obligations, as far as they are still owed and can be read."""
    return _found(connection, "o.id = any(%(ids)s)", {"ids": list(obligation_ids)}) if obligation_ids else []


def _found(connection: Connection, which: str, given: dict[str, Any]) -> list[ForeseenObligation]:
    found, _ = readable_as(connection, ForeseenObligation, f"{_OWED} where {which}", given, {"risk": risk_of})
    return found


def woken(connection: Connection, force_codes: Sequence[str], today: date, newest: int) -> list[int]:
    """Return the ids of what a round would look at from today on: its step is of today, or it began after an id."""
    statement = """
        select id from live_obligations
        where case_id is not null and force_code = any(%(forces)s) and next_step_on = %(today)s
        union select id from live_obligations
        where case_id is not null and force_code = any(%(forces)s) and next_step_on <= %(today)s
          and id > %(newest)s"""
    return scalars(connection, statement, {"forces": list(force_codes), "today": today, "newest": newest})


def newest(connection: Connection) -> int:
    """Return the last id of an obligation."""
    return int(scalar(connection, "select coalesce(max(id), 0) from obligations"))


def renumber(connection: Connection, force_code: str, rules: Mapping[str, Numbers]) -> None:
    """Set `hard` and `stalls` of a force's live obligations to those of their rule, where they differ."""
    statement = """
        update obligations o set hard = r.hard, stalls = r.stalls
        from unnest(%s::text[], %s::boolean[], %s::boolean[]) r(rule, hard, stalls)
        where o.force_code = %s and o.ended_on is null and o.rule = r.rule
          and (o.hard, o.stalls) is distinct from (r.hard, r.stalls)"""
    given = (list(rules), [rule.hard for rule in rules.values()], [rule.stalls for rule in rules.values()], force_code)
    execute(connection, statement, given)


def look_at(connection: Connection, obligation_ids: Sequence[int], today: date) -> None:
    """Let today's climb look at these."""
    statement = "update obligations set next_step_on = least(next_step_on, %s) where id = any(%s)"
    execute(connection, statement, (today, list(obligation_ids)))


def live(connection: Connection, obligation_ids: Sequence[int]) -> set[int]:
    """Return which of these are still owed."""
    statement = "select id from live_obligations where id = any(%s)"
    return set(scalars(connection, statement, (list(obligation_ids),)))


def no_climb(connection: Connection, obligation_ids: Sequence[int]) -> None:
    """Let no climb look at joint reviews until their sitting changes; their force goes on giving them one."""
    if obligation_ids:
        execute(connection, "update obligations set next_step_on = null where id = any(%s)", (list(obligation_ids),))


def begin_letters(connection: Connection, refs: Collection[str], channel: str, day: date, due_at: datetime) -> None:
    """Begin a day's letters to these people, unless they have begun."""
    statement = """
        insert into messages (key, kind, contact_ref, channel, day, due_at)
        select format('letter:%%s:%%s:%%s', ref, %(channel)s::text, %(day)s::text), 'letter', ref, %(channel)s,
               %(day)s, %(due)s
        from unnest(%(refs)s::text[]) ref on conflict (key) do nothing"""
    execute(connection, statement, {"refs": sorted(refs), "channel": channel, "day": day, "due": due_at})
