"""Messages that may leave, and none does: no delivery comes to its end, or the carrier takes nothing."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from config.days.london import london_day
from models.queries.outbox import circuit_breakers, outbox_list, standstill
from models.queries.outbox.standstill import DueMessages
from models.rules.outbox.letter_hour import letter_hour
from tasks.platform.configuration import Configuration
from tasks.platform.text import moment, number_of

# Delivery runs every five minutes. One whose process died holds its slot for less than ten, then the next one runs.
PATIENCE = timedelta(minutes=20)
BLOCKED = timedelta(hours=1)  # in working time, after which a carrier that takes nothing is a fault


class Standstill(NamedTuple):
    """The messages that wait for a delivery, since when, and the last one that ended."""

    number: int
    since: datetime
    delivered_at: datetime | None

    @property
    def sentence(self) -> str:
        """Describe it in one sentence, without a full stop."""
        waits = number_of(self.number, "message that could leave waits", "messages that could leave wait")
        ended = f"since that of {moment(self.delivered_at)}" if self.delivered_at else "yet"
        return f"no delivery has ended {ended}, and {waits} since {moment(self.since)}"


def look(configuration: Configuration, connection: Connection, at: datetime) -> Standstill | None:
    """Return what waits although no delivery has ended for 20 minutes; None where nothing does, or a hold is why."""
    messages = waiting(configuration, connection, at)
    if messages.since is None or messages.held or messages.delivering:
        return None
    if at - max(messages.since, messages.delivered_at or messages.since) <= PATIENCE:
        return None
    return Standstill(messages.number, messages.since, messages.delivered_at)


def waiting(configuration: Configuration, connection: Connection, at: datetime) -> DueMessages:
    """Return the messages that may leave at a moment: letters do from their hour of a working day on."""
    day = london_day(at)
    hour = letter_hour(day, configuration.policy.letter)
    letters = hour if configuration.calendar.is_working(day) and at >= hour else None
    return standstill.due(connection, at, letters)


class Blocked(NamedTuple):
    """A carrier by which nothing leaves: its channel, and a sentence without a full stop."""

    channel: str
    sentence: str


def blocked(configuration: Configuration, connection: Connection, at: datetime) -> list[Blocked]:
    """Return the carriers that refuse everybody, and those by which nothing has left for an hour of working time."""
    pauses = {pause.channel: pause for pause in circuit_breakers.pauses(connection)}
    found = {
        pause.channel: f"since {moment(pause.since)} every message is refused: {pause.why}"
        for pause in pauses.values()
        if pause.refusing
    }
    day = london_day(at)
    hour = letter_hour(day, configuration.policy.letter)
    if configuration.calendar.is_working(day) and at >= hour + BLOCKED and not look(configuration, connection, at):
        held = outbox_list.is_held(connection)
        for channel in standstill.blocked(connection, at, hour, at - BLOCKED):
            why = "the outbox is held" if held else pauses[channel.channel].why if channel.channel in pauses else ""
            waits = number_of(channel.number, "message waits", "messages wait")
            sentence = f"nothing has left for an hour: {waits} since {moment(channel.since)}{why and f' ({why})'}"
            found.setdefault(channel.channel, sentence)
    route = configuration.settings.route
    return [Blocked(channel, f"{route(channel).name}: {sentence}") for channel, sentence in sorted(found.items())]
