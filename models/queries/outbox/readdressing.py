"""Reads of notifications that are about to be sent, and writes that turn them to the right people."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.routes import Route
from config.terms import State
from models.queries.driver import array, execute, fetch_as, grouped, keyed_as, scalars
from models.queries.obligations.channels import CHANNELS, parameters
from models.queries.obligations.versions import SINCE_RENEWED
from models.rules.obligations.relevance import TO_A_NEWCOMER
from models.rules.outbox.message_states import DROPPED, GIVEN_UP, REPEAT, SAID, WAITING
from models.rules.people.addressing import Recipient
from models.rules.people.readdressing import PendingNotification

EMPTIED = "all of it goes to others now"  # the reason of a message that has no notification left
INSTEAD = "instead of "  # the beginning of the occasion of a notification that replaces another


class PendingStep(NamedTuple):
    """The notifications of one obligation's present step that are about to be sent."""

    obligation_id: int
    step: int
    rule: str
    addressed: tuple[str, ...]
    waiting: list[PendingNotification]

    @property
    def lapsed(self) -> bool:
        """Return whether they are about a lapsed promise."""
        return any(notification.lapsed for notification in self.waiting)


class _Row(NamedTuple):
    obligation_id: int
    step: int
    rule: str
    addressed: tuple[str, ...]
    waiting: PendingNotification


def due(connection: Connection, as_of: datetime, today: date, most: int) -> list[PendingStep]:
    """Return the notifications of present steps in the next `most` messages to people, by obligation.

    An obligation that ended, that a promise covers or that has taken another step is left out, and so is a notification
    that somebody's answer turned to its addressee.
    """
    found: dict[int, PendingStep] = {}
    for row in fetch_as(
        connection,
        _Row,
        f"""select o.id as obligation_id, n.step, o.rule, o.addressed, n.id as "waiting.id",
                  n.contact_ref as "waiting.contact_ref", n.note as "waiting.note",
                  n.happening = 'lapsed' as "waiting.lapsed"
           from (select id from messages
                 where state in {WAITING} and letter_id is null and due_at <= %(as_of)s
                   and contact_ref is not null
                 order by hard desc, due_at, id limit %(most)s) m
           join notifications n on n.message_id = m.id and n.state in {WAITING}
           join live_obligations o on o.id = n.obligation_id and o.last_step = n.step
           where n.happening <> 'resolved'
             and (n.occasion in ('', 'handed over', 'first mailed', 'first day')
                  or n.occasion ~ '^(promise:|instead of |opened )')
             and (o.hard or n.happening in {TO_A_NEWCOMER} or not exists (
                  select from promises p
                  where p.obligation_id = o.id and p.ended_on is null and p.until_on >= %(today)s))
           order by n.id""",
        {"as_of": as_of, "today": today, "most": most},
    ):
        step = found.setdefault(row.obligation_id, PendingStep(**{**row._asdict(), "waiting": []}))
        step.waiting.append(row.waiting)
    return list(found.values())


class InformedContact(NamedTuple):
    """The addressee of a notification of an obligation's present step that was sent or waits.

    `withheld` if it was sent and the addressee might not know the case.
    """

    id: int
    contact_ref: str | None
    withheld: bool


def informed(connection: Connection, obligation_ids: Sequence[int]) -> dict[int, list[InformedContact]]:
    """Return everyone who is notified of these obligations' present steps, in this version or one of its chain."""
    statement = f"""
        select o.id as obligation_id, n.id, n.contact_ref, n.withheld and n.state in {SAID} as withheld
        from obligations o cross join {SINCE_RENEWED}
        join notifications n on n.obligation_id = v.id and n.step = o.last_step
        where o.id = any(%s) and n.happening <> 'resolved' and n.state not in {GIVEN_UP}"""
    return grouped(keyed_as(connection, "obligation_id", InformedContact, statement, (list(obligation_ids),)))


class _Silenced(NamedTuple):
    id: int
    message_id: int


def silence(connection: Connection, reasons: Mapping[int, str]) -> set[int]:
    """Silence notifications that go to somebody else, each with its reason; return those that no worker has claimed."""
    if not reasons:
        return set()
    execute(
        connection,
        """select id from messages where id in (select message_id from notifications where id = any(%s))
           order by id for no key update""",
        (list(reasons),),
    )
    silenced = fetch_as(
        connection,
        _Silenced,
        f"""update notifications n set state = '{State.SILENT}', reason = given.reason
           from unnest(%s::bigint[], %s::text[]) given(id, reason), messages m
           where n.id = given.id and n.state in {WAITING} and m.id = n.message_id
             and m.state in {WAITING} returning n.id, m.id as message_id""",
        (array(reasons), array(reasons.values())),
    )
    execute(
        connection,
        f"""update messages m set reason = %s
           where id = any(%s) and not starts_with(reason, %s)
             and not exists (select from notifications n
                             where n.message_id = m.id and n.state not in {DROPPED})""",
        (EMPTIED, [one.message_id for one in silenced], REPEAT),
    )
    return {one.id for one in silenced}


def write_notes(connection: Connection, notes: Mapping[int, str]) -> None:
    """Write the new notes of notifications, which say why these people are addressed."""
    statement = f"""
        update notifications n set note = given.note from unnest(%s::bigint[], %s::text[]) given(id, note)
        where n.id = given.id and n.state in {WAITING}"""
    execute(connection, statement, (array(notes), array(notes.values())))


class Substitute(NamedTuple):
    """A person whose notification of an obligation's step replaces another person's."""

    obligation_id: int
    instead_of: int
    told: Recipient


def substitute(connection: Connection, new: Sequence[Substitute], routes: Sequence[Route]) -> list[int]:
    """Write notifications that replace others, equal to them, on each channel; return their ids.

    In place of whoever may read a case now, another gets the step as such.
    """
    statement = f"""
        insert into notifications (obligation_id, happening, step, step_name, occasion, day, duty, manner,
                                    addressee, contact_ref, channel, note)
        select n.obligation_id, case n.happening when 'opened' then 'step' else n.happening end, n.step, n.step_name,
               %(instead)s || n.id, n.day, n.duty, n.manner,
               given.addressee, given.contact_ref, by.channel, given.note
        from unnest(%(ids)s::bigint[], %(instead_of)s::bigint[], %(addressees)s::text[], %(refs)s::text[],
                    %(notes)s::text[]) given(id, instead_of, addressee, contact_ref, note)
        join notifications n on n.id = given.instead_of
        cross join {CHANNELS} by order by n.id, given.contact_ref, by.channel
        on conflict do nothing returning id"""
    given = {
        "instead": INSTEAD, **parameters(routes),
        "ids": array(one.obligation_id for one in new),
        "instead_of": array(one.instead_of for one in new),
        "addressees": array(one.told.addressee for one in new),
        "refs": array(one.told.contact_ref for one in new),
        "notes": array(one.told.note for one in new),
    }  # fmt: skip
    return scalars(connection, statement, given)


def record_addressed(
    connection: Connection, obligation_id: int, addressed: Sequence[str], through: Sequence[str]
) -> None:
    """Record whom an obligation's present step leads to now, and all on whom that depends."""
    statement = "update obligations set addressed = %s, through = %s where id = %s and ended_on is null"
    execute(connection, statement, (list(addressed), list(through), obligation_id))
