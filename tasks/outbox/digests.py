"""Digests: what is to be said becomes one message per person, channel and working day; at-once messages go alone."""

from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from config.duration import Duration, Unit
from config.settings import settings
from config.terms import MessageKind, State
from models.queries.outbox import digests, outbox
from models.queries.rounds import rounds
from models.rules.arithmetic import format_day
from models.rules.outbox.letter_hour import leaves_at
from tasks.carriers import registry
from tasks.messages.standings import acting
from tasks.platform import configuration
from tasks.platform.database import transaction

STANDING = "standing"  # the switch that holds the day of the last standing: one a week, for everyone at once
MAILED = "mailed"  # the switch that tells that people, not only the Maildir, have been written to


def group(today: date, at: datetime) -> int:
    """Group what waits into messages, and make the week's standing; how many notifications found their message."""
    policy, calendar = configuration.policy(), configuration.calendar()
    leaves = leaves_at(today, policy.digest, at)
    with transaction() as connection:
        first = _first_mailed()
        if first:
            digests.repeat_hard_clocks(connection, today)
        next_working = calendar.plus(today, Duration(1, Unit.WORKING_DAYS))
        grouped = digests.at_once(connection, today, policy.at_once.most, at, leaves, next_working)
        if calendar.is_working(today):
            _take_up(connection, today, at, leaves)
            monday = (today - timedelta(days=today.weekday())).isoformat()
            if first or (rounds.switch(connection, STANDING) or "") < monday:
                stand_ins = list(acting(connection, today))
                routes = settings().routes_of(MessageKind.DIGEST)
                digests.standings(connection, today, leaves, routes, stand_ins)
                rounds.set_switch(connection, STANDING, today.isoformat(), at)
            grouped += digests.digests(connection, today, leaves)
        registry.queue(connection, settings(), today, leaves)
        if settings().mail.host:
            rounds.set_switch(connection, MAILED, "yes", at)
    return grouped


def _take_up(connection: Connection, today: date, at: datetime, due_at: datetime) -> None:
    """Let what an earlier day's digest was to say, which never left, be said in the day's: one message, not two."""
    ids = digests.late(connection, today)
    if ids:
        digests.empty(connection, ids, today, due_at)
        reason = f"joined the digest of {format_day(today)}"
        outbox.settle(connection, ids, State.SILENT, reason=reason, as_of=at)


def tell_operations(key: str, words: str, today: date, at: datetime) -> None:
    """Write a word of counts and references to operations, once per key."""
    with transaction() as connection:
        digests.operations(connection, key, today, words, at, [settings().main])


def _first_mailed() -> bool:
    """Whether this is the first round with a mail server, after rounds whose messages were only shown."""
    if not settings().mail.host:
        return False
    with transaction() as connection:
        return rounds.switch(connection, MAILED) is None and digests.any_shown(connection)
