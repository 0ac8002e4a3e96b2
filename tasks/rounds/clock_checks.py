"""Doubts about the machine's clock before a round begins: refuse the round, or hold its messages and ask operations."""

from datetime import date, datetime

from config.settings import Clock
from models.errors import Refuse
from models.queries.intake import clocks
from models.queries.rounds import rounds
from models.rules.arithmetic import format_day
from models.rules.rounds.telling import Finding
from tasks.outbox import handling
from tasks.platform import faults, told
from tasks.platform.configuration import Configuration
from tasks.platform.text import moment
from tasks.servers.database import transaction

CLOCK = "clock"  # the fault of a round whose question waits for an answer


def refuse_wrong(configuration: Configuration, now: datetime) -> None:
    """Raise Refuse if the machine's clock, which shows `now`, is behind a loaded extract or not the database's."""
    if wrong := doubt(configuration, now):
        raise Refuse(f"{wrong} and run the round again. Nothing was done.")


def doubt(configuration: Configuration, now: datetime) -> str | None:
    """Tell why the machine's clock, which shows `now`, is wrong, and what to set right; None where nothing shows it."""
    tolerance = configuration.policy.clock.tolerance
    with transaction() as connection:
        extract, database = clocks.latest_extract(connection, tolerance), clocks.of_database(connection)
    if extract and now + tolerance < extract.at:
        return (
            f"This machine's clock shows {moment(now)}, before the moment of an extract of {extract.source} that was "
            f"loaded ({moment(extract.at)}): set the clock right"
        )
    if database.elsewhere and abs(now - database.at) > tolerance:
        return (
            f"This machine's clock shows {moment(now)}, and the database's {moment(database.at)}: set the wrong one "
            "right"
        )
    return None


def hold_after_gap(configuration: Configuration, today: date, at: datetime) -> str:
    """Hold the outbox if the last round was long ago, and ask operations whether the clock is right, once.

    Return what operations should look at; empty where there is no such gap. A virtual clock makes no gap.
    """
    if configuration.settings.clock is Clock.VIRTUAL:
        return ""
    longest = configuration.policy.clock.longest_gap
    with transaction() as connection:
        last = rounds.last(connection, None)
    if last is None or today <= configuration.calendar.plus(last.day, longest):
        return ""
    words = {"last": last.day, "today": today, "days": (today - last.day).days, "longest": longest.text}
    question = faults.note(configuration.settings, "clock", words)
    asked = (
        f"the last round was on {format_day(last.day)}, {words['days']} days before this one: operations are asked "
        "whether the clock is right, and the outbox is held until casebeat outbox --release"
    )
    if not handling.hold_and_ask(configuration, f"{last.day}:{today}", question, today, at):
        return ""
    with transaction() as connection:
        told.add(connection, [Finding(CLOCK, asked)], at)
    return asked
