"""What is expected every day: a round by seven, the forces that it looks at, and the extracts that cover them."""

from collections.abc import Container, Iterable
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple

from sqlalchemy import Connection

from config.days.london import at_london, london_day
from config.forces import FORCES, force_name
from models.queries.intake import sources
from models.queries.intake.source_files import FileOfSource
from models.queries.intake.sources import SourceState
from models.rules.arithmetic import format_day
from models.rules.rounds.telling import Finding
from tasks.obligations import feeds as due_feeds
from tasks.platform.configuration import Configuration
from tasks.servers.database import transaction

ROUND_AT = time(6)  # London: the round begins
ROUND_BY = time(7)  # London: it has ended


class FeedTrouble(NamedTuple):
    """A source whose newest extract was refused, is held or left a file out; whose next is late; or that never came."""

    source: str
    force_codes: tuple[str, ...]  # that it covers, or that expect it; none of one that was refused and never loaded
    kind: Literal["refused", "held", "late", "left-out", "never"]
    extract_id: str | None  # the refused one, or the one that is held
    sentence: str
    file: str = ""  # the one that is left out

    @property
    def key(self) -> str:
        """Return what it is, the same from day to day."""
        return ":".join(filter(None, (self.source, self.kind, self.file)))

    @property
    def finding(self) -> Finding:
        """Return it as the auditor finds it."""
        return Finding(f"feed:{self.key}", self.sentence)


class FeedState(NamedTuple):
    """A source: the day of its newest extract, the last day on which the next one is in time, and what is wrong."""

    source: str
    covers: tuple[str, ...]
    extracted_on: date | None
    due_on: date | None
    trouble: FeedTrouble | None
    left_out: tuple[FeedTrouble, ...] = ()

    @property
    def troubles(self) -> tuple[FeedTrouble, ...]:
        """Return all that is wrong with it."""
        return ((self.trouble,) if self.trouble else ()) + self.left_out


def day_of(at: datetime) -> date:
    """Return the day whose round has to be done at a moment: London's from 07:00 on, and the day before until then."""
    today = london_day(at)
    return today if at >= at_london(today, ROUND_BY) else today - timedelta(days=1)


def expected_forces(configuration: Configuration, connection: Connection, by: date | None = None) -> list[str]:
    """Return the codes of the forces that every round looks at: those of the settings, else those ever seen.

    With a day, those that its round could look at: they were seen by then.
    """
    return list(configuration.settings.forces) or sources.force_codes(connection, by)


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
    the policy has passed since the London day of the one before; with `0d`, when the day's round begins without it.
    """
    expected = set(expected_forces(configuration, connection))
    states = sources.states(connection)
    found = [_trouble(configuration, state, at) for state in states if not state.covers or expected & set(state.covers)]
    found += [_left_out(file) for file in due_feeds.left_out(configuration, connection) if expected & set(file.covers)]
    found += _never_came(configuration, {state.name for state in states})
    return sorted(filter(None, found), key=lambda trouble: trouble.source)


def feed_states(configuration: Configuration, connection: Connection, at: datetime) -> list[FeedState]:
    """Return every source that sends extracts, or is expected to, with what is wrong with it at a moment."""
    troubles = late_feeds(configuration, connection, at)
    of_source = {trouble.source: trouble for trouble in troubles if not trouble.file}
    loaded = sources.states(connection)
    states = [FeedState(source.name, source.covers, source.extracted_on, None, None) for source in loaded]
    states += [FeedState(trouble.source, (), None, None, None) for trouble in troubles if trouble.kind == "never"]
    return [
        state._replace(
            due_on=_due_on(configuration, state.source, state.extracted_on) if state.extracted_on else None,
            trouble=of_source.get(state.source),
            left_out=tuple(trouble for trouble in troubles if trouble.file and trouble.source == state.source),
        )
        for state in sorted(states, key=lambda state: state.source)
    ]


def _left_out(file: FileOfSource) -> FeedTrouble:
    last = f"it last had it on {format_day(file.sent_on)}" if file.sent_on else "it never had it"
    sentence = f"source {file.source} leaves out {file.file}: {last}"
    return FeedTrouble(file.source, file.covers, "left-out", None, sentence, file.file)


def _never_came(configuration: Configuration, known: Container[str]) -> list[FeedTrouble]:
    """Return the expected sources that are not known. One whose first extract was refused is known, and in trouble."""
    return [
        FeedTrouble(source, _forces_of(places), "never", None, _missed(source, places))
        for source, places in configuration.policy.feeds.places.items()
        if source not in known
    ]


def _missed(source: str, places: Iterable[str]) -> str:
    named = [force_name(place) if place in FORCES else f"CPS {place}" for place in places]
    return f"source {source} is expected for {' and '.join(named)}, and never came"


def _forces_of(places: Iterable[str]) -> tuple[str, ...]:
    """Return the forces of places: a force is its own, and an Area has those whose cases it handles."""
    wanted = set(places)
    return tuple(code for code, force in FORCES.items() if wanted & {code, force.cps_area})


def _due_on(configuration: Configuration, source: str, extracted_on: date) -> date:
    """Return the last day on which the extract after one is in time."""
    every = configuration.policy.feeds.every(source)
    return configuration.calendar.plus(extracted_on, every if every.number else every._replace(number=1))


def _is_late(configuration: Configuration, source: str, extracted_on: date, at: datetime) -> bool:
    """Return whether a source's next extract is late: after its last day, or of each day when the round begins."""
    due_on = _due_on(configuration, source, extracted_on)
    by_the_round = not configuration.policy.feeds.every(source).number
    return at >= at_london(due_on, ROUND_AT) if by_the_round else london_day(at) > due_on


def _trouble(configuration: Configuration, state: SourceState, at: datetime) -> FeedTrouble | None:
    every = configuration.policy.feeds.every(state.name)
    if state.refused_id:
        became = "is held, and nothing of it was loaded" if state.held else "was refused"
        sentence = f"extract {state.refused_id} of source {state.name} {became}: {(state.refusal or '').rstrip('.')}"
        kind: Literal["held", "refused"] = "held" if state.held else "refused"
        return FeedTrouble(state.name, state.covers, kind, state.refused_id, sentence)
    if state.extracted_on and _is_late(configuration, state.name, state.extracted_on, at):
        ago = f"more than {every.text} ago" if every.number else "and not of the day of the round"
        sentence = f"source {state.name} is late: its last extract is of {format_day(state.extracted_on)}, {ago}"
        return FeedTrouble(state.name, state.covers, "late", None, sentence)
    return None
