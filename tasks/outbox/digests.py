"""Put what waits into one letter for each person, channel and working day; what is at once may be a mail of its own."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from config.days.duration import Duration, Unit
from config.message_kinds import MessageKind
from config.terms import State
from models.queries.outbox import digests, outbox, urgent
from models.queries.people import jurisdictions
from models.queries.rounds import rounds
from models.rules.outbox.letter_hour import leaves_at
from tasks.carriers import registry
from tasks.messages.letter.standings import acting
from tasks.platform.configuration import Configuration
from tasks.servers.database import transaction

STANDING = "standing"  # the switch that holds the day of the last weekly overview, one for everyone
_LATELY = timedelta(days=7)  # by then the week's standing has come
MAILED = "mailed"  # the switch that records that a mail server, not only the Maildir, was used


def group(configuration: Configuration, today: date, at: datetime, overdue: Collection[str] = ()) -> int:
    """Put what waits into each person's letter of the day, and make the weekly standing; how much was put into one.

    What is at once and finds no letter, since it is no working day or the letter has left, is a mail of its own.
    `overdue` are people who know of something overdue beside those in the database: they get the standing too.
    """
    policy, calendar = configuration.policy, configuration.calendar
    leaves = leaves_at(today, policy.letter, at)
    grouped = 0
    with transaction() as connection:
        first = _first_mailed(configuration)
        if first:
            digests.repeat_hard_clocks(connection, today)
        if calendar.is_working(today):
            _take_over(connection, today, at, leaves)
            weekly = first or _begins_week(connection, today)
            if weekly:
                also = [*acting(connection, today), *overdue]
                digests.standings(connection, today, leaves, configuration.settings.routes_of(MessageKind.LETTER), also)
                rounds.set_switch(connection, STANDING, today.isoformat(), at)
            else:
                _first_standings(configuration, connection, today, leaves)
            grouped = digests.letters(connection, today, leaves, patient=not weekly)
        next_working = calendar.plus(today, Duration(1, Unit.WORKING_DAYS))
        grouped += urgent.at_once(connection, today, policy.at_once.most, at, leaves, next_working)
        registry.queue(connection, configuration.settings, today, leaves)
        if configuration.settings.mail.host:
            rounds.set_switch(connection, MAILED, "yes", at)
    return grouped


def _take_over(connection: Connection, today: date, at: datetime, due_at: datetime) -> None:
    """Move the notifications of earlier digests that never left into the day's digest: one message, not two."""
    ids = digests.late(connection, today)
    if ids:
        digests.empty(connection, ids, today, due_at)
        outbox.settle(connection, ids, State.SILENT, reason=digests.joined(today), as_of=at)


def _first_standings(configuration: Configuration, connection: Connection, today: date, leaves: datetime) -> None:
    """Write the standing of each force that began lately, for its leads who have had none since."""
    begun = [(code, on) for code, on in configuration.policy.starts.items() if on <= today < on + _LATELY]
    of_areas = jurisdictions.forces_of_areas(connection) if begun else {}
    for code, on in sorted(begun):
        areas = [area for area, codes in of_areas.items() if code in codes]
        digests.first_standings(
            connection, today, leaves, configuration.settings.routes_of(MessageKind.LETTER), code, areas, on
        )


def _begins_week(connection: Connection, today: date) -> bool:
    """Return whether this is the first working day of its week on which letters are made."""
    monday = (today - timedelta(days=today.weekday())).isoformat()
    return (rounds.switch(connection, STANDING) or "") < monday


def _first_mailed(configuration: Configuration) -> bool:
    """Return whether this is the first round with a mail server, after rounds whose letters were only shown."""
    if not configuration.settings.mail.host:
        return False
    with transaction() as connection:
        return rounds.switch(connection, MAILED) is None and digests.any_shown(connection)
