"""What is expected every day: a round by seven, the forces that it looks at, and the extracts that cover them."""

from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple

from sqlalchemy import Connection

from config.days.london import at_london, london_day
from models.queries.intake import sources
from models.queries.intake.sources import SourceState
from models.rules.arithmetic import format_day
from tasks.platform.configuration import Configuration
from tasks.servers.database import transaction

ROUND_BY = time(7)  # London: the round that begins at 06:00 has ended


class FeedTrouble(NamedTuple):
    """An expected source whose newest extract was refused or is held, or whose next one is late."""

    source: str
    force_codes: tuple[str, ...]  # that it covers; none before its first extract was loaded
    kind: Literal["refused", "held", "late"]
    extract_id: str | None  # the refused one, or the one that is held
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


def expected_forces(configuration: Configuration, connection: Connection) -> list[str]:
    """Return the codes of the forces that every round looks at: those of the settings, else those ever seen."""
    return list(configuration.settings.forces) or sources.force_codes(connection)


def forces(configuration: Configuration, only: str | None = None) -> tuple[str, ...]:
    """Return the forces that a round is expected to look at: all of them, or its one."""
    if only is not None:
        return (only,)
    with transaction() as connection:
        return tuple(expected_forces(configuration, connection))


def feeds(configuration: Configuration, at: datetime, only: str | None = None) -> tuple[FeedTrouble, ...]:
    """Return what is wrong with the feeds of the expected forces, or of one of them."""
    with transaction() as connection:
        found = late_feeds(configuration, connection, at)
    return tuple(trouble for trouble in found if only is None or only in trouble.force_codes)


def not_loaded(configuration: Configuration, at: datetime) -> tuple[FeedTrouble, ...]:
    """Return the feeds whose newest extract was refused or is held."""
    return tuple(feed for feed in feeds(configuration, at) if feed.extract_id)


def late_feeds(configuration: Configuration, connection: Connection, at: datetime) -> list[FeedTrouble]:
    """Return what is wrong with the feeds of the expected forces at a moment, by source.

    A source of which no extract was ever loaded may cover any force. An extract is late once `feeds.SOURCE.every` of
    the policy has passed since the London day of the one before.
    """
    expected = set(expected_forces(configuration, connection))
    found = (
        _trouble(configuration, state, at)
        for state in sources.states(connection)
        if not state.covers or expected & set(state.covers)
    )
    return [trouble for trouble in found if trouble]


def feed_states(configuration: Configuration, connection: Connection, at: datetime) -> list[FeedState]:
    """Return every source that sends extracts, with what is wrong with it at a moment."""
    troubles = {late_feed.source: late_feed for late_feed in late_feeds(configuration, connection, at)}
    every, calendar = configuration.policy.feeds.every, configuration.calendar
    return [
        FeedState(
            state.name,
            state.covers,
            state.extracted_on,
            calendar.plus(state.extracted_on, every(state.name)) if state.extracted_on else None,
            troubles.get(state.name),
        )
        for state in sources.states(connection)
    ]


def _trouble(configuration: Configuration, state: SourceState, at: datetime) -> FeedTrouble | None:
    every = configuration.policy.feeds.every(state.name)
    if state.refused_id:
        became = "is held, and nothing of it was loaded" if state.held else "was refused"
        sentence = f"extract {state.refused_id} of source {state.name} {became}: {(state.refusal or '').rstrip('.')}"
        kind: Literal["held", "refused"] = "held" if state.held else "refused"
        return FeedTrouble(state.name, state.covers, kind, state.refused_id, sentence)
    if state.extracted_on and configuration.calendar.plus(state.extracted_on, every) < london_day(at):
        ago = f"more than {every.text} ago"
        sentence = f"source {state.name} is late: its last extract is of {format_day(state.extracted_on)}, {ago}"
        return FeedTrouble(state.name, state.covers, "late", None, sentence)
    return None
