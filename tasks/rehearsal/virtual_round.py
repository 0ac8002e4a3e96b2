"""A rehearsed day's round as its figures need it: nothing is composed, rendered or sent, and no account is kept."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from config.days.london import london_day
from config.message_kinds import MessageKind
from config.sittings import AgendaOccasion
from config.terms import State
from models.queries.outbox import digests, outbox
from models.queries.people import contacts
from models.queries.rehearsal import virtual_delivery
from models.queries.reviews import agenda as queries
from models.queries.reviews import made_agendas
from models.queries.reviews.agenda import AgendaSitting
from models.queries.reviews.made_agendas import KeptAgenda
from models.queries.rounds import rounds
from models.rules.reviews.sitting_leads import matters, present
from tasks.messages.agenda.send_agendas import due_at, key
from tasks.messages.composing import MessageBatch, silence
from tasks.platform.configuration import Configuration
from tasks.platform.directory import directory_on
from tasks.servers import round_lock
from tasks.servers.database import transaction


def begin(day: date, at: datetime) -> None:
    """Begin the rounds of a day after the first: look at what reaches people who changed since the day before.

    One row of a round is enough for those who ask when the last was.
    """
    forces = round_lock.forces()
    with transaction() as connection:
        keys = contacts.changed(connection, day - timedelta(days=1), day)
        for force_code in forces if keys else ():
            contacts.look_again(connection, force_code, keys, day)
        rounds.finish(connection, rounds.begin(connection, forces[0], day, at), at, {})


def send_agendas(configuration: Configuration, today: date, at: datetime) -> None:
    """Write the agenda of each sitting that is near to those of today who have none.

    Left out are those that go out again on the morning because what they say has changed.
    """
    calendar = configuration.calendar
    if not calendar.is_working(today):
        return
    with transaction() as connection:
        for sitting in queries.ahead(connection, today, calendar.plus(today, configuration.policy.agenda.before)):
            occasion = AgendaOccasion.MORNING if sitting.day == today else AgendaOccasion.BEFORE
            made = made_agendas.digests(connection, sitting.id, sitting.day)
            if occasion not in made and sitting.cases and sitting.starts_at > at:
                _write_agendas(configuration, connection, sitting, occasion, today, at)


def _write_agendas(
    configuration: Configuration,
    connection: Connection,
    sitting: AgendaSitting,
    occasion: AgendaOccasion,
    today: date,
    at: datetime,
) -> None:
    barred = (one.barred for one in queries.convened(connection, sitting.id))
    asked = matters(sitting.chair_ref, sitting.force_code, sitting.cps_area, barred)
    refs = [one.contact_ref for one in present(*asked, directory_on(configuration, connection, sitting.day, asked))]
    had = made_agendas.written(connection, [key(sitting, ref, AgendaOccasion.BEFORE) for ref in refs])
    refs = [ref for ref in refs if key(sitting, ref, AgendaOccasion.BEFORE) not in had]
    made_agendas.store(connection, KeptAgenda(sitting.id, occasion, sitting.day, today, "", {}))
    main = configuration.settings.main.channel
    made_agendas.write(
        connection, [key(sitting, ref, occasion) for ref in refs], refs, main, sitting.ref, today,
        due_at(configuration, sitting, today, at),
    )  # fmt: skip


def deliver(configuration: Configuration, at: datetime, until: datetime, holding: Collection[str] = ()) -> int:
    """Mark as sent what leaves from a round's moment until the next round, and return how many messages that is.

    What was decided on an earlier day is looked at as delivery does: what is true no more falls silent. `holding` are
    people whose letter holds something that was foreseen.
    """
    today = london_day(at)
    letters = configuration.calendar.is_working(today)
    with transaction() as connection:
        held = virtual_delivery.waited(connection, until, letters=letters)
        world = MessageBatch(configuration, connection, held, at)
        enclosing = {letter for letter, _ in digests.enclosed(connection, [one.id for one in held])}
        for one in held:
            found = world.relevant(one)
            outbox.silence(connection, found.silent)
            full = one.kind == MessageKind.LETTER and one.contact_ref in holding
            if not full and (found.nothing or not (found.said or one.id in enclosing or one.standing)):
                why = found.nothing or silence(found, one)
                outbox.settle(connection, [one.id], State.SILENT, reason=why, as_of=at)
        ids = virtual_delivery.due(connection, until, letters=letters)
        virtual_delivery.sending(connection, ids, at)
        state = State.SENT if configuration.settings.mail.host else State.SHOWN
        return outbox.settle(connection, ids, state, reason="", as_of=at)
