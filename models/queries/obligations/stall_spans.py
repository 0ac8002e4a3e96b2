"""Reads of when cases were stalled, and of limits that were lost, by which a letter tells what changed."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import Risk
from models.queries.driver import fetch_as, grouped, keyed_as, mapping
from models.queries.people.jurisdictions import OF_AREAS
from models.rules.catalogue.contents import CONFIRMED
from models.rules.outbox.message_states import States
from models.rules.reviews.convening import risk_of


class StallSpan(NamedTuple):
    """The days on which one obligation stalled its case; of a limit that was lost, until which day it was owed."""

    obligation_id: int
    force_code: str
    cps_area: str
    case_ref: str
    risk: Risk
    restricted: bool
    barred: frozenset[str]  # the contacts who must hear nothing of the case
    rule: str
    stalls: bool
    lost: bool
    since_on: date  # its first stalled day, by the obligation's own days
    from_on: date  # the first on which Casebeat knew of it
    told_from: date  # the first of which the letters knew of it
    ended_on: date | None  # the first day on which it was owed no more; None while it is
    after_letters: bool  # whether letters of that day had left by then

    def stalls_on(self, today: date) -> bool:
        """Return whether it stalls its case now."""
        return self.stalls and self.from_on <= today and self.ended_on is None

    def stalled_in(self, letters_on: date) -> bool:
        """Return whether it stalled its case in the letters of an earlier day."""
        return self.stalls and self.told_from <= letters_on and (self.ended_on is None or self.ended_since(letters_on))

    def ended_since(self, letters_on: date) -> bool:
        """Return whether it has ended since the letters of an earlier day left."""
        ended = self.ended_on
        return ended is not None and (ended > letters_on or (ended == letters_on and self.after_letters))


def last_letters(
    connection: Connection, contact_refs: Sequence[str], channel: str, today: date, read: States
) -> dict[str, date]:
    """Return the day of the last letter before today that each of these people was sent on a channel.

    `read` are the states of a letter that its reader has, or may have.
    """
    statement = f"""
        select asked.ref as contact_ref, last.day from unnest(%s::text[]) asked(ref) cross join lateral (
           select day from messages
           where contact_ref = asked.ref and channel = %s and kind = 'letter' and day < %s
             and sending_at is not null and state in {read}
           order by sending_at desc limit 1) last"""
    return mapping(connection, "contact_ref", "day", statement, (list(contact_refs), channel, today))


def spans(
    connection: Connection,
    since: date,
    today: date,
    force_codes: Collection[str],
    cps_areas: Collection[str],
    waiting: Collection[str],
) -> dict[int, list[StallSpan]]:
    """Return, by case, what stalls cases of these forces or Areas today, and what of it ended or was lost after a day.

    Those of `waiting` forces, whose first day is still to come, are left out.
    """
    there = OF_AREAS if cps_areas else "o.force_code = any(%(forces)s)"
    statement = f"""
        select o.case_id, o.id as obligation_id, o.force_code, c.cps_area, c.case_ref,
               coalesce(c.risk, 'unknown') as risk,
               c.is_restricted as restricted, c.barred, o.rule, o.stalls, o.lost,
               greatest(o.escalate_on, o.due_on + 1) as since_on,
               greatest(o.escalate_on, o.due_on + 1, o.began_on) as from_on,
               greatest(o.escalate_on, o.due_on + 1, o.began_on + o.begun_after_letters::int) as told_from,
               o.ended_on, o.after_letters
        from (select * from live_obligations o
              where (o.stalls or o.hard) and o.escalate_on <= %(today)s and o.due_on < %(today)s and {there}
              union all
              select * from obligations o
              where (o.stalls or o.hard) and o.ended_on >= %(since)s and o.end_reason is distinct from 'void'
                and {there}) o
        join disclosed c on c.id = o.case_id
        where (o.stalls or o.lost) and o.force_code <> all(%(waiting)s)
          and (c.force_code = any(%(forces)s) or c.cps_area = any(%(areas)s))
        order by o.case_id, o.id"""
    given = {
        "since": since, "today": today, "forces": list(force_codes), "areas": list(cps_areas), "waiting": list(waiting),
    }  # fmt: skip
    return grouped(keyed_as(connection, "case_id", StallSpan, statement, given, {"risk": risk_of}))


def dangers(
    connection: Connection,
    since: date,
    force_codes: Collection[str],
    cps_areas: Collection[str],
    waiting: Collection[str],
) -> list[StallSpan]:
    """Return, of cases of these forces or Areas, what asks for a look at the grade and began after a day."""
    there = OF_AREAS if cps_areas else "o.force_code = any(%(forces)s)"
    statement = f"""
        select o.id as obligation_id, o.force_code, c.cps_area, c.case_ref, coalesce(c.risk, 'unknown') as risk,
               c.is_restricted as restricted, c.barred, o.rule, false as stalls, false as lost,
               o.began_on as since_on, o.began_on as from_on, o.began_on + o.begun_after_letters::int as told_from,
               o.ended_on, o.after_letters
        from live_obligations o join disclosed c on c.id = o.case_id
        where o.rule in {CONFIRMED} and o.began_on >= %(since)s and {there} and o.force_code <> all(%(waiting)s)
          and (c.force_code = any(%(forces)s) or c.cps_area = any(%(areas)s))"""
    given = {"since": since, "forces": list(force_codes), "areas": list(cps_areas), "waiting": list(waiting)}
    return fetch_as(connection, StallSpan, statement, given, {"risk": risk_of})
