"""Today's round, begun again, or for what came late: decided once, however many look at the same time, and counted."""

import json
from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import Connection

from config.days.london import at_london, london_day
from models.errors import Refuse
from models.queries.intake import sources
from models.queries.rounds import assurance, rounds, unseen
from models.queries.rounds.rounds import RoundOfDay
from models.rules.outbox.letter_hour import letters_end
from models.rules.rounds.beginning_again import BeginAgain, DayOfRounds, RoundSeen, begin_again
from models.rules.rounds.late import begin_late
from models.rules.rounds.telling import Finding
from tasks.platform.configuration import Configuration
from tasks.rounds.expected import ROUND_BY, expected_forces
from tasks.servers.database import transaction

SWITCH = "begun again"  # the day, and the moments at which its round was begun again, as JSON
LATE = "begun for what came late"  # the same
REFUSED, ROUND = "refused", "round"  # keys of what a door refuses, and of a round without a good end
_CRASHED = RoundSeen(rounds.BOOK, ended=False, failed=False, running=False)


def due(
    configuration: Configuration, at: datetime, may: Callable[[BeginAgain], bool], *, crashed: bool = False
) -> BeginAgain | None:
    """Return the round to begin now, and count it; None where there is none, or it `may` not be begun.

    `crashed`: the process of today's round is seen to have ended before it could write anything. Raises what `may`
    raises; the round is not counted then.
    """
    with transaction() as connection:
        assurance.alone(connection)
        day = _day(configuration, connection, london_day(at), crashed=crashed)
        again = begin_again(day, at, at_london(london_day(at), ROUND_BY))
        return _counted(connection, again or _late(configuration, connection, day, at), at, may)


def due_late(configuration: Configuration, at: datetime, may: Callable[[BeginAgain], bool]) -> BeginAgain | None:
    """Return the round to begin now for what came late, and count it; otherwise as `due`."""
    with transaction() as connection:
        assurance.alone(connection)
        day = _day(configuration, connection, london_day(at), crashed=False)
        return _counted(connection, _late(configuration, connection, day, at), at, may)


def _counted(
    connection: Connection, begun: BeginAgain | None, at: datetime, may: Callable[[BeginAgain], bool]
) -> BeginAgain | None:
    if begun is None or not may(begun):
        return None
    switch, today = LATE if begun.late else SWITCH, london_day(at)
    moments = [moment.isoformat() for moment in (*_begun(connection, switch, today), at)]
    rounds.set_switch(connection, switch, json.dumps({"day": today.isoformat(), "at": moments}), at)
    return begun


def _day(configuration: Configuration, connection: Connection, today: date, *, crashed: bool) -> DayOfRounds:
    seen = {seen_round.force_code: seen_round for seen_round in map(_seen, rounds.of_day(connection, today))}
    expected = expected_forces(configuration, connection)
    for code in rounds.held(connection, [rounds.BOOK, *expected]):  # a round of another day may hold it
        seen.setdefault(code, RoundSeen(code, ended=False, failed=False, running=True))
    whole = seen.pop(rounds.BOOK, _CRASHED if crashed else None)
    begun = begun_again(connection, today)
    return DayOfRounds(whole, tuple(seen.values()), expected, sources.force_codes(connection), begun)


def _late(configuration: Configuration, connection: Connection, day: DayOfRounds, at: datetime) -> BeginAgain | None:
    today = london_day(at)
    late = {code: waiting.late_since(today) for code, waiting in unseen.unseen(connection).items()}
    loaded = {code: since for code, since in late.items() if since}
    until = letters_end(today, configuration.policy.letter)
    return begin_late(day, loaded, _begun(connection, LATE, today), at, until)


def finding(begun: BeginAgain) -> Finding:
    """Return what operations read of a round that was begun again."""
    whose = f" of force {begun.force_code}" if begun.force_code else ""
    key = ":".join(filter(None, ("begun", begun.force_code)))
    return Finding(key, f"today's round{whose} had no good end, and was begun again", event=True)


def refused(error: Refuse) -> Finding:
    """Return what operations read where a door of the round refuses to begin it again."""
    return Finding(REFUSED, f"today's round cannot be begun again: {error}".rstrip("."))


def begun_again(connection: Connection, today: date) -> tuple[datetime, ...]:
    """Return the moments at which the round of a day was begun again."""
    return _begun(connection, SWITCH, today)


def _begun(connection: Connection, switch: str, today: date) -> tuple[datetime, ...]:
    kept = json.loads(rounds.switch(connection, switch) or "{}")
    if kept.get("day") != today.isoformat():
        return ()
    return tuple(map(datetime.fromisoformat, kept["at"]))


def _seen(past_round: RoundOfDay) -> RoundSeen:
    ended = past_round.ended_at is not None
    return RoundSeen(
        past_round.force_code, ended and not past_round.failure, ended and bool(past_round.failure), past_round.running
    )
