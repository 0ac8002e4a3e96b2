"""What is expected every day: a round by seven, the forces that it looks at, and the extracts that cover them."""

from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple

from sqlalchemy import Connection

from config.days.london import at_london, london_day
from config.settings import settings
from models.queries.intake import sources
from models.queries.intake.sources import SourceState
from models.rules.arithmetic import format_day
from tasks.platform import configuration
from tasks.servers.database import transaction

ROUND_BY = time(7)  # London: the round that begins at 06:00 has ended


class FeedTrouble(NamedTuple):
    """An expected source whose newest extract was refused, or whose next one is late."""

    source: str
    force_codes: tuple[str, ...]  # that it covers; none before its first extract was loaded
    kind: Literal["refused", "late"]
    extract_id: str | None  # the refused one
    sentence: str


class FeedState(NamedTuple):
    """A source: the day of its newest extract, the last day on which the next one is in time, and its trouble."""

    source: str
    covers: tuple[str, ...]
    extracted_on: date | None
    due_on: date | None
    trouble: FeedTrouble | None


def day_of(at: datetime) -> date:
    """Return the day whose round has to be done at a moment: London's from 07:00 on, and the day before until then."""
    today = london_day(at)
    return today if at >= at_london(today, ROUND_BY) else today - timedelta(days=1)


def expected_forces(connection: Connection) -> list[str]:
    """Return the codes of the forces that every round looks at: those of the settings, else those ever seen."""
    return list(settings().forces) or sources.force_codes(connection)


def forces(only: str | None = None) -> tuple[str, ...]:
    """Return the forces that a round is expected to look at: all of them, or its one."""
    if only is not None:
        return (only,)
    with transaction() as connection:
        return tuple(expected_forces(connection))


def feeds(at: datetime, only: str | None = None) -> tuple[FeedTrouble, ...]:
    """Return what is wrong with the feeds of the expected forces, or of one of them."""
    with transaction() as connection:
        found = late_feeds(connection, at)
    return tuple(one for one in found if only is None or only in one.force_codes)


def refused(at: datetime) -> tuple[FeedTrouble, ...]:
    """Return the feeds whose newest extract was refused."""
    return tuple(one for one in feeds(at) if one.kind == "refused")


def late_feeds(connection: Connection, at: datetime) -> list[FeedTrouble]:
    """Return what is wrong with the feeds of the expected forces at a moment, by source.

    A source of which no extract was ever loaded may cover any force. An extract is late once `feeds.SOURCE.every` of
    the policy has passed since the London day of the one before.
    """
    expected = set(expected_forces(connection))
    found = (_trouble(one, at) for one in sources.states(connection) if not one.covers or expected & set(one.covers))
    return [one for one in found if one]


def feed_states(connection: Connection, at: datetime) -> list[FeedState]:
    """Return every source that sends extracts, with what is wrong with it at a moment."""
    troubles = {one.source: one for one in late_feeds(connection, at)}
    every, calendar = configuration.policy().feeds.every, configuration.calendar()
    return [
        FeedState(
            one.name,
            one.covers,
            one.extracted_on,
            calendar.plus(one.extracted_on, every(one.name)) if one.extracted_on else None,
            troubles.get(one.name),
        )
        for one in sources.states(connection)
    ]


def _trouble(one: SourceState, at: datetime) -> FeedTrouble | None:
    every = configuration.policy().feeds.every(one.name)
    if one.refused_id:
        sentence = f"extract {one.refused_id} of source {one.name} was refused: {(one.refusal or '').rstrip('.')}"
        return FeedTrouble(one.name, one.covers, "refused", one.refused_id, sentence)
    if one.extracted_on and configuration.calendar().plus(one.extracted_on, every) < london_day(at):
        ago = f"more than {every.text} ago"
        sentence = f"source {one.name} is late: its last extract is of {format_day(one.extracted_on)}, {ago}"
        return FeedTrouble(one.name, one.covers, "late", None, sentence)
    return None
