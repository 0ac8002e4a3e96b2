"""Sending of agendas: some working days before each sitting, and again on its morning if the content changed."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from config.message_kinds import MessageKind
from config.sittings import AgendaOccasion
from models.errors import Refuse, did_you_mean, is_row_fault
from models.queries.people import disclosure
from models.queries.reviews import agenda as queries
from models.queries.reviews import made_agendas
from models.queries.reviews.agenda import AgendaSitting
from models.queries.reviews.made_agendas import KeptAgenda
from models.rules.outbox.letter_hour import leaves_at, letter_hour
from tasks.messages import rendering
from tasks.messages.agenda.composing import GatheredAgenda, agenda, gather
from tasks.messages.agenda.contexts import AgendaCase
from tasks.messages.contexts import values
from tasks.messages.rendering import RenderedMessage
from tasks.pattern import record_related
from tasks.platform.configuration import Configuration
from tasks.platform.consultation import record_consultation
from tasks.platform.templates import render_text
from tasks.servers.database import transaction

AHEAD = 92  # days covered by the list of coming sittings
_BEFORE, _MORNING = AgendaOccasion.BEFORE, AgendaOccasion.MORNING


class AgendaCounts(NamedTuple):
    """The sittings whose agenda was written to somebody, and those whose agenda failed."""

    refs: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()


def send(configuration: Configuration, today: date, at: datetime) -> AgendaCounts:
    """Write each due agenda to the chair and both SPOCs of today. Repeated calls write nothing more.

    The first one is due from the policy's number of working days before the sitting, so a missed day heals. On the
    morning it goes to everyone if it changed, else to those without one. Each sitting is a transaction of its own.
    """
    calendar = configuration.calendar
    if not calendar.is_working(today):
        return AgendaCounts()
    with transaction() as connection:
        coming = queries.ahead(connection, today, calendar.plus(today, configuration.policy.agenda.before))
    sent: list[str] = []
    failed: list[str] = []
    for sitting in coming:
        try:
            with transaction() as connection:
                if _send(configuration, connection, sitting, today, at):
                    sent.append(sitting.ref)
        except Exception as error:
            if not is_row_fault(error):
                raise
            failed.append(sitting.ref)
    return AgendaCounts(tuple(sent), tuple(failed))


def _send(
    configuration: Configuration, connection: Connection, sitting: AgendaSitting, today: date, at: datetime
) -> int:
    """Write one sitting's agenda if it is due, and return the number of messages.

    One of cases alone that bar somebody counts no more when another case comes: everybody gets that one as the first.
    """
    occasion = _MORNING if sitting.day == today else _BEFORE
    if not sitting.cases or sitting.starts_at <= at:
        return 0
    again = made_agendas.forget_apart(connection, sitting.id)
    made = made_agendas.digests(connection, sitting.id, sitting.day)
    if occasion in made:
        return 0
    gathered = gather(configuration, connection, sitting.ref, today)
    if gathered is None:
        return 0
    due = due_at(configuration, sitting, today, at)
    channel = configuration.settings.main.channel
    refs = [one.contact_ref for one in gathered.leading if gathered.may_be_heard_by(one.contact_ref)]
    if made.get(_BEFORE) == gathered.digest:
        had = made_agendas.written(connection, [key(sitting, ref, _BEFORE) for ref in refs])
        refs = [ref for ref in refs if key(sitting, ref, _BEFORE) not in had]
    elif _BEFORE in made:
        refs = _to_whom_it_changed(connection, sitting, gathered, refs)
    if not refs:
        return 0
    made_agendas.store(connection, KeptAgenda(sitting.id, occasion, sitting.day, today, gathered.digest, gathered.seen))
    keys = [key(sitting, ref, occasion) for ref in refs]
    if again:
        had = made_agendas.written(connection, keys)
        keys = [f"{each}:{today}" if each in had else each for each in keys]
    return made_agendas.write(connection, keys, refs, channel, sitting.ref, today, due)


def _to_whom_it_changed(
    connection: Connection, sitting: AgendaSitting, gathered: GatheredAgenda, refs: Sequence[str | None]
) -> list[str | None]:
    """Leave out those who had the agenda, where only cases changed from which they are barred."""
    before, now = made_agendas.seen(connection, sitting.id, sitting.day, _BEFORE), gathered.seen
    changed = {case_id for case_id in before | now if before.get(case_id) != now.get(case_id)}
    hidden = disclosure.hidden_cases(connection, [ref for ref in refs if ref]) if changed else {}
    had = made_agendas.written(connection, [key(sitting, ref, _BEFORE) for ref in hidden])
    return [ref for ref in refs if key(sitting, ref, _BEFORE) not in had or changed - hidden.get(str(ref), set())]


def key(sitting: AgendaSitting, ref: str | None, occasion: AgendaOccasion) -> str:
    """Return the key of somebody's agenda of a sitting."""
    return f"agenda:{sitting.ref}:{ref or 'operations'}:{occasion}:{sitting.day}"


def due_at(configuration: Configuration, sitting: AgendaSitting, today: date, at: datetime) -> datetime:
    """Return the letters' hour, or at once if the sitting begins before or within an hour of it."""
    letter = configuration.policy.letter
    early = sitting.starts_at < letter_hour(today, letter) + timedelta(hours=1)
    return at if early else leaves_at(today, letter, at)


def to_print(configuration: Configuration, ref: str, today: date) -> RenderedMessage:
    """Render a sitting's agenda as text, as a page to print and as a list, without restricted cases.

    The request is audited. Raises Refuse if there is no such sitting.
    """
    with transaction() as connection:
        gathered = _gathered(configuration, connection, ref, today)
        _consulted(connection, ref)
        printed = agenda(gathered, None, svg=True)
        for case in printed.cases:
            if isinstance(case, AgendaCase):
                record_related(connection, case.reference, case.related)
    return rendering.render(MessageKind.AGENDA, printed, configuration.settings.mail.marking)


def page(configuration: Configuration, ref: str, today: date) -> str:
    """Render a sitting's agenda as Markdown for operations: references and counts only."""
    with transaction() as connection:
        gathered = _gathered(configuration, connection, ref, today)
    return render_text("agenda/artifact.md", values(agenda(gathered, None)))


def to_come(today: date) -> Sequence[AgendaSitting]:
    """List the coming sittings, including today's."""
    with transaction() as connection:
        _consulted(connection, "all sittings")
        return queries.ahead(connection, today, today + timedelta(days=AHEAD))


def _gathered(configuration: Configuration, connection: Connection, ref: str, today: date) -> GatheredAgenda:
    found = gather(configuration, connection, ref, today)
    if found is None:
        coming = queries.ahead(connection, today, today + timedelta(days=AHEAD))
        meant = did_you_mean(ref, (each.ref for each in coming))
        raise Refuse(f"There is no sitting {ref}.{meant} casebeat agenda lists those to come. Nothing was done.")
    return found


def _consulted(connection: Connection, ref: str) -> None:
    record_consultation(connection, "agenda", ref, "agenda")
