"""Agendas in a rehearsal: who gets one of a sitting, and when; nothing of it is composed.

Left out are those that go out again on the morning because what they say has changed.
"""

from datetime import date, datetime

from sqlalchemy import Connection

from config.settings import settings
from config.sittings import AgendaOccasion
from models.queries.reviews import agenda as queries
from models.queries.reviews import made_agendas
from models.queries.reviews.agenda import AgendaSitting
from models.queries.reviews.made_agendas import KeptAgenda
from models.rules.reviews.sitting_leads import leading, matters
from tasks.messages.agenda.send_agendas import due_at, key
from tasks.platform import configuration
from tasks.platform.directory import directory_on
from tasks.servers.database import transaction


def send(today: date, at: datetime) -> None:
    """Write the agenda of each sitting that is near to those of today who have none."""
    calendar = configuration.calendar()
    if not calendar.is_working(today):
        return
    with transaction() as connection:
        for sitting in queries.to_come(connection, today, calendar.plus(today, configuration.policy().agenda.before)):
            occasion = AgendaOccasion.MORNING if sitting.day == today else AgendaOccasion.BEFORE
            made = made_agendas.digests(connection, sitting.id, sitting.day)
            if occasion not in made and sitting.cases and sitting.starts_at > at:
                _send(connection, sitting, occasion, today, at)


def _send(connection: Connection, sitting: AgendaSitting, occasion: AgendaOccasion, today: date, at: datetime) -> None:
    barred = (one.barred for one in queries.convened(connection, sitting.id))
    asked = matters(sitting.chair_ref, sitting.force_code, sitting.cps_area, barred)
    refs = [one.contact_ref for one in leading(*asked, directory_on(connection, today, asked))]
    had = made_agendas.written(connection, [key(sitting, ref, AgendaOccasion.BEFORE) for ref in refs])
    refs = [ref for ref in refs if key(sitting, ref, AgendaOccasion.BEFORE) not in had]
    made_agendas.store(connection, KeptAgenda(sitting.id, occasion, sitting.day, today, "", {}))
    made_agendas.write(
        connection, [key(sitting, ref, occasion) for ref in refs], refs, settings().main.channel, sitting.ref, today,
        due_at(sitting, today, at),
    )  # fmt: skip
