"""Composing of agendas: a sitting and its cases are read once, then filtered for each reader's access."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import Connection

from config.forces import force_name
from models.queries.obligations import case_facts
from models.queries.obligations.obligation_views import Reader
from models.queries.outbox.outbox import ClaimedMessage
from models.queries.reviews import agenda as queries
from models.queries.reviews.agenda import AgendaCaseRow, AgendaSitting, LeftCase
from models.rules.people.readdressing import LEFT
from models.rules.reviews.sitting_leads import LeadRecipient, matters, present
from tasks.messages.agenda.attendees import Attendee, attendees, shown_to
from tasks.messages.agenda.cases import KnownCase, keys, minutes, on_agenda
from tasks.messages.agenda.contexts import AgendaCase, AgendaChange, AgendaContext, HiddenCase, UnreadCase
from tasks.messages.as_of import facts_of_force
from tasks.messages.composing import NO_LIST, ComposedMessage, MessageBatch
from tasks.messages.contexts import FactsAsOf
from tasks.messages.readers import foremost, of_reader
from tasks.pattern import keyed_cases
from tasks.platform.configuration import Configuration
from tasks.platform.directory import directory_on
from tasks.platform.halving import by_halves


class GatheredAgenda(NamedTuple):
    """A sitting, its cases in running order as of a day, and the people who lead it that day.

    A case that cannot be read has no entry. `left` are the cases that its latest agenda had, and it has not.
    """

    sitting: AgendaSitting
    day: date
    cases: tuple[tuple[AgendaCaseRow, AgendaCase | None], ...]
    leading: tuple[LeadRecipient, ...]
    left: tuple[LeftCase, ...]
    near: Mapping[int, Sequence[str]]  # which cases are related to each, by sign and id
    as_of: tuple[FactsAsOf, ...] = ()  # files that its sources leave out
    attendees: tuple[Attendee, ...] = ()

    def shown_near(self, reader: Reader | None) -> dict[int, Sequence[str]]:
        """Return the relations of the cases that a reader is shown."""
        return {id_: self.near[id_] for id_ in self.shown_to(reader) if id_ in self.near}

    def shown_to(self, reader: Reader | None) -> frozenset[int]:
        """Return the cases that a reader is shown by their references."""
        access = reader is not None and reader.restricted_access
        return frozenset(row.case_id for row, case in self.heard_by(reader) if case and (access or not row.restricted))

    @property
    def seen(self) -> dict[int, list[str]]:
        """Content keys by case id, including restricted cases, for comparison with the next agenda."""
        return {convened.case_id: keys(case) for convened, case in self.cases if case}

    def heard_by(self, reader: Reader | None) -> tuple[tuple[AgendaCaseRow, AgendaCase | None], ...]:
        """Return the cases that a reader may know to be there; a page for anybody is without those that bar anyone."""
        return tuple(
            (row, case) for row, case in self.cases if not row.barred or (reader and reader.ref not in row.barred)
        )

    def may_be_heard_by(self, ref: str | None) -> bool:
        """Return whether a person (None: operations) may know of any case."""
        return any(not row.barred or (ref and ref not in row.barred) for row, _ in self.cases)

    @property
    def digest(self) -> str:
        """A digest that changes with the agenda's content and not with the day."""
        head = self.sitting
        terms = [head.starts_at.isoformat(), head.place, head.minutes_per_case, head.chair_ref]
        cases = sorted(
            (convened.slot, convened.reference, convened.restricted, keys(case) if case else [])
            for convened, case in self.cases
        )
        return sha256(json.dumps([terms, cases]).encode()).hexdigest()


def gather(
    configuration: Configuration, connection: Connection, ref: str, today: date, since: date | None = None
) -> GatheredAgenda | None:
    """Gather the content of an agenda as of today; None if there is no such sitting.

    News is relative to the agendas from before `since` (default: today). Its readers are those who come on the
    sitting's day. It takes a dozen statements, for any number of cases.
    """
    sitting = queries.sitting(connection, ref, since or today)
    if sitting is None:
        return None
    convened = queries.convened(connection, sitting.id)
    asked = matters(sitting.chair_ref, sitting.force_code, sitting.cps_area, (row.barred for row in convened))
    directory = directory_on(configuration, connection, max(today, sitting.day), asked)
    known = _known(configuration, connection, sitting, convened, today, since or today)
    cases = tuple(
        (row, on_agenda(configuration, known[row.case_id], number, sitting, today) if row.case_id in known else None)
        for number, row in enumerate(convened, 1)
    )
    left = queries.left(connection, sitting.id, since or today)
    near = {id_: [f"{each.sign}:{each.case_id}" for each in case.near] for id_, case in known.items() if case.near}
    as_of = facts_of_force(configuration, connection, sitting.force_code)
    come = attendees(configuration, connection, ref, sitting.day, today)
    return GatheredAgenda(sitting, today, cases, tuple(present(*asked, directory)), tuple(left), near, as_of, come)


def _known(
    configuration: Configuration,
    connection: Connection,
    sitting: AgendaSitting,
    convened: Sequence[AgendaCaseRow],
    today: date,
    since: date,
) -> dict[int, KnownCase]:
    """Read the cases, by id. One that cannot be read has no entry, and stops no other."""
    found = by_halves(
        convened,
        lambda half: _read(configuration, connection, sitting, half, today, since),
        lambda *_: [],
        at_fault=lambda error: isinstance(error, KeyError | ValueError),
    )
    return {one.convened.case_id: one for each in found for one in each}


def _read(
    configuration: Configuration,
    connection: Connection,
    sitting: AgendaSitting,
    convened: Sequence[AgendaCaseRow],
    today: date,
    since: date,
) -> list[KnownCase]:
    ids, policy = [row.case_id for row in convened], configuration.policy
    known = case_facts.case_facts(connection, ids, policy)
    by_id = {facts.case.case_id: facts for facts in known}
    owed = queries.owed(connection, ids, today)
    recorded = queries.last_reviews(connection, ids, sitting.id)
    stood = queries.last_agendas(connection, ids, sitting.id, since)
    near = keyed_cases(configuration, connection, ids)
    return [
        KnownCase(row, by_id[id_], tuple(owed.get(id_, ())), recorded.get(id_), stood.get(id_), near.get(id_, ()))
        for id_, row in zip(ids, convened, strict=True)
    ]


def agenda(gathered: GatheredAgenda, reader: Reader | None, *, svg: bool = False) -> AgendaContext:
    """Build the agenda that one reader may see (None: operations). `svg` is true for a page to print."""
    sitting = gathered.sitting
    ref = reader.ref if reader else None
    own = next((recipient for recipient in gathered.leading if recipient.contact_ref == ref), None)
    cases = tuple(
        _as_read(number, *each, sitting=sitting, reader=reader)
        for number, each in enumerate(gathered.heard_by(reader), 1)
    )
    shown = [case for case in cases if isinstance(case, AgendaCase)]
    return AgendaContext(
        **of_reader(reader, gathered.day),
        part=own.part if own else None,
        note=own.note if own else "",
        ref=sitting.ref,
        starts_at=sitting.starts_at,
        ends_at=max((case.ends_at for case in cases), default=sitting.starts_at),
        places=(force_name(sitting.force_code), f"CPS {sitting.cps_area}"),
        place=sitting.place,
        chair=foremost(sitting.chair_roles),
        chair_agency=sitting.chair_agency,
        minutes=sitting.minutes_per_case,
        settled=sitting.settled_on is not None,
        earlier_on=sitting.earlier_on,
        moved_from=sitting.earlier_day if sitting.earlier_day != sitting.day else None,
        changes=tuple(_changes(gathered, reader)),
        news=sum(bool(case.news or case.gone) for case in shown),
        svg=svg,
        cases=cases,
        late=sum(case.late > 0 for case in shown),
        as_of=gathered.as_of,
        attendees=shown_to(gathered.attendees, gathered.shown_to(reader)),
    )


def own_cases(
    gathered: GatheredAgenda, reader: Reader | None, case_ids: Collection[int]
) -> tuple[AgendaCase | HiddenCase | UnreadCase, ...]:
    """Return a reader's own cases of an agenda, for the page that comes with their invitation."""
    return tuple(
        _as_read(number, *each, sitting=gathered.sitting, reader=reader)
        for number, each in enumerate(gathered.heard_by(reader), 1)
        if each[0].case_id in case_ids
    )


def _changes(gathered: GatheredAgenda, reader: Reader | None) -> Iterator[AgendaChange]:
    """Yield the cases that came since the sitting's agenda was first sent, and those that left."""
    if gathered.sitting.earlier_on is None:
        return
    access = reader is not None and reader.restricted_access
    for row, case in gathered.heard_by(reader):
        if case and case.came:
            shown = row.reference if access or not row.restricted else ""
            yield AgendaChange(reference=shown, came=row.because, left=None)
    for one in gathered.left:
        if not one.barred or (reader and reader.ref not in one.barred):
            shown = one.reference if access or not one.restricted else ""
            yield AgendaChange(reference=shown, came=None, left=one.ended)


def _as_read(
    number: int, convened: AgendaCaseRow, case: AgendaCase | None, *, sitting: AgendaSitting, reader: Reader | None
) -> AgendaCase | HiddenCase | UnreadCase:
    starts_at, ends_at = minutes(convened, sitting)
    if convened.restricted and not (reader is not None and reader.restricted_access):
        return HiddenCase(number=number, starts_at=starts_at, ends_at=ends_at)
    if case is not None:
        return replace(case, number=number)
    return UnreadCase(number=number, starts_at=starts_at, ends_at=ends_at, reference=convened.reference)


class AgendaBatch:
    """The data that a batch of agendas needs; each sitting is read once."""

    def __init__(self, connection: Connection, messages: Sequence[ClaimedMessage], world: MessageBatch) -> None:
        asked = {_asked(message) for message in messages}
        self.gathered = {
            each: gather(world.configuration, connection, each[0], world.today, each[1]) for each in sorted(asked)
        }

    def compose(self, message: ClaimedMessage, world: MessageBatch) -> ComposedMessage:
        """Compose one agenda as of now, or give the reason for its silence."""
        gathered, reader = self.gathered[_asked(message)], world.reader(message)
        nothing = LEFT if world.has_left(message) else _silence_reason(gathered, reader, world.today)
        if gathered is None or nothing:
            return ComposedMessage(message, reader, None, {}, nothing, listed=NO_LIST)
        return ComposedMessage(message, reader, agenda(gathered, reader), {}, listed=gathered.shown_near(reader))


def _asked(message: ClaimedMessage) -> tuple[str, date]:
    """Return the sitting's reference from a message's key, and the day on which the message was decided."""
    return message.key.split(":")[1], message.day


def _silence_reason(gathered: GatheredAgenda | None, reader: Reader | None, today: date) -> str:
    """Return why a sitting has no agenda today for a reader; empty if it has one."""
    if gathered is None or gathered.sitting.cancelled_on:
        return "the sitting was cancelled"
    if gathered.sitting.day < today:
        return "the sitting has been"
    return "" if gathered.heard_by(reader) else "no case is convened to the sitting any more"
