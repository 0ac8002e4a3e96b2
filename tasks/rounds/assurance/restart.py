"""Today's round, begun again: decided once, however many auditors look at the same time, and counted."""

import json
from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import Connection

from config.days.london import at_london, london_day
from models.errors import Refuse
from models.queries.intake import sources
from models.queries.rounds import assurance, rounds
from models.queries.rounds.rounds import RoundOfDay
from models.rules.rounds.beginning_again import BeginAgain, DayOfRounds, RoundSeen, begin_again
from models.rules.rounds.telling import Finding
from tasks.platform.configuration import Configuration
from tasks.rounds.expected import ROUND_BY, expected_forces
from tasks.servers.database import transaction

SWITCH = "begun again"  # the day, and the moments at which its round was begun again, as JSON


def due(configuration: Configuration, at: datetime, may: Callable[[BeginAgain], bool]) -> BeginAgain | None:
    """Return the round to begin again now, and count it; None where there is none, or it `may` not be begun.

    Raises what `may` raises; the round is not counted then.
    """
    today = london_day(at)
    with transaction() as connection:
        assurance.alone(connection)
        begun = begun_again(connection, today)
        seen = {seen_round.force_code: seen_round for seen_round in map(_seen, rounds.of_day(connection, today))}
        expected = expected_forces(configuration, connection)
        for code in rounds.held(connection, [rounds.BOOK, *expected]):  # a round of another day may hold it
            seen.setdefault(code, RoundSeen(code, ended=False, failed=False, running=True))
        whole = seen.pop(rounds.BOOK, None)
        day = DayOfRounds(whole, tuple(seen.values()), expected, sources.force_codes(connection), begun)
        again = begin_again(day, at, at_london(today, ROUND_BY))
        if again is None or not may(again):
            return None
        moments = [moment.isoformat() for moment in (*begun, at)]
        rounds.set_switch(connection, SWITCH, json.dumps({"day": today.isoformat(), "at": moments}), at)
    return again


def finding(begun: BeginAgain, at: datetime) -> Finding:
    """Return what operations read of a round that was begun again."""
    whose = f" of force {begun.force_code}" if begun.force_code else ""
    return Finding(f"begun:{at.isoformat()}", f"today's round{whose} had no good end, and was begun again")


def refused(error: Refuse) -> Finding:
    """Return what operations read where a door of the round refuses to begin it again."""
    return Finding("refused", f"today's round cannot be begun again: {error}".rstrip("."))


def begun_again(connection: Connection, today: date) -> tuple[datetime, ...]:
    """Return the moments at which the round of a day was begun again."""
    kept = json.loads(rounds.switch(connection, SWITCH) or "{}")
    if kept.get("day") != today.isoformat():
        return ()
    return tuple(map(datetime.fromisoformat, kept["at"]))


def _seen(past_round: RoundOfDay) -> RoundSeen:
    ended = past_round.ended_at is not None
    return RoundSeen(
        past_round.force_code, ended and not past_round.failure, ended and bool(past_round.failure), past_round.running
    )
