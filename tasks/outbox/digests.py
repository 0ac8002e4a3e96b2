"""Group notifications into one message per person, channel and working day; at-once messages go alone."""

from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from config.duration import Duration, Unit
from config.settings import settings
from config.terms import MessageKind, State
from models.queries.outbox import digests, outbox
from models.queries.rounds import rounds
from models.rules.outbox.letter_hour import leaves_at
from tasks.carriers import registry
from tasks.messages.standings import acting
from tasks.platform import configuration
from tasks.platform.database import transaction

STANDING = "standing"  # the switch that holds the day of the last weekly overview, one for everyone
MAILED = "mailed"  # the switch that records that a mail server, not only the Maildir, was used


def group(today: date, at: datetime) -> int:
    """Group the notifications that wait into messages, and make the weekly overview; how many were grouped."""
    policy, calendar = configuration.policy(), configuration.calendar()
    leaves = leaves_at(today, policy.digest, at)
    with transaction() as connection:
        first = _first_mailed()
        if first:
            digests.repeat_hard_clocks(connection, today)
        next_working = calendar.plus(today, Duration(1, Unit.WORKING_DAYS))
        grouped = digests.at_once(connection, today, policy.at_once.most, at, leaves, next_working)
        if calendar.is_working(today):
            _take_over(connection, today, at, leaves)
            monday = (today - timedelta(days=today.weekday())).isoformat()
            if first or (rounds.switch(connection, STANDING) or "") < monday:
                stand_ins = list(acting(connection, today))
                routes = settings().routes_of(MessageKind.LETTER)
                digests.standings(connection, today, leaves, routes, stand_ins)
                rounds.set_switch(connection, STANDING, today.isoformat(), at)
            grouped += digests.digests(connection, today, leaves)
        registry.queue(connection, settings(), today, leaves)
        if settings().mail.host:
            rounds.set_switch(connection, MAILED, "yes", at)
    return grouped


def _take_over(connection: Connection, today: date, at: datetime, due_at: datetime) -> None:
    """Move the notifications of earlier digests that never left into the day's digest: one message, not two."""
    ids = digests.late(connection, today)
    if ids:
        digests.empty(connection, ids, today, due_at)
        outbox.settle(connection, ids, State.SILENT, reason=digests.joined(today), as_of=at)


def tell_operations(key: str, content: str, today: date, at: datetime) -> None:
    """Queue a message of counts and references to operations, once per key."""
    with transaction() as connection:
        digests.operations(connection, key, today, content, at, [settings().main])


def _first_mailed() -> bool:
    """Check whether this is the first round with a mail server, after rounds whose letters were only shown."""
    if not settings().mail.host:
        return False
    with transaction() as connection:
        return rounds.switch(connection, MAILED) is None and digests.any_shown(connection)
